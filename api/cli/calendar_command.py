"""``greffe calendar create|list|revoke``: the secret addresses of calendars, which calendar programs subscribe to."""

import argparse
import os
import sys

from api.cli import access_store, options
from api.cli.access_said import listed, revoked

EXAMPLE = """\
A calendar shows the deadlines of the contracts that a key may see. Its address is the credential; it ends with the key.

examples:
  greffe calendar create key-0123456789ab --days 180
  greffe calendar list --key key-0123456789ab
  greffe calendar revoke feed-0123456789ab
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe calendar``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    made = actions.add_parser("create", help="a new address; it is printed once, and kept nowhere")
    made.add_argument("key", metavar="KEY", help="whose calendar: a key's id, as printed when it was made: key-…")
    made.add_argument("--days", type=int, default=90, metavar="N", help="how long it lives, 366 at most (default: 90)")
    options.add_config(made)
    made.set_defaults(run=run_create)
    every = actions.add_parser("list", help="every address ever made, and its state; never the address itself")
    every.add_argument("--key", metavar="KEY", help="only those of this key")
    every.set_defaults(run=run_list)
    ended = actions.add_parser("revoke", help="end an address now")
    ended.add_argument("feed", metavar="ID", help="its id, as printed when it was made: feed-…")
    ended.set_defaults(run=run_revoke)
    for action in (made, every, ended):
        options.add_ledger(action)
        options.add_output(action)
    parser.epilog = EXAMPLE


def run_create(chosen: argparse.Namespace) -> int:
    """Prints the address, alone, on standard output; the rest is said on stderr. 2 where the key is none or ended."""
    from adapters.access.feeds import create_feed, owner_of  # noqa: PLC0415 - loaded only by those that need it
    from adapters.access.telling import feed_json  # noqa: PLC0415
    from adapters.clock import now  # noqa: PLC0415
    from adapters.settings.load import load  # noqa: PLC0415
    from domain.time.instant import format_instant  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    at = now()
    server = load(os.environ, chosen.config).settings.server.public_address
    with access_store.opened(chosen) as store:
        owner = owner_of(store, chosen.key, at)
        feed, secret = create_feed(store, owner.id, at, chosen.days)
        access_store.keep(store, "calendar create", f"{feed.id} {owner.id}")
    path = f"/v1/calendar/{secret}.ics"
    if chosen.format == "json":
        sys.stdout.write(dump(feed_json(feed, at) | {"path": path}) + "\n")
        return 0
    until = format_instant(feed.expires)
    sys.stdout.write(f"{server}{path}\n")
    sys.stderr.write(
        f"{feed.id} ({feed.owner}), until {until}. The address is shown this once; who has it reads the calendar.\n"
        if chosen.lang == "en"
        else f"{feed.id} ({feed.owner}), jusqu'au {until}. L'adresse ne sera plus montrée ; qui l'a lit l'agenda.\n"
    )
    return 0


def run_list(chosen: argparse.Namespace) -> int:
    """Prints one line per address."""
    from adapters.access.telling import feed_json, feed_line  # noqa: PLC0415 - loaded only by those that need it
    from adapters.clock import now  # noqa: PLC0415

    at = now()
    with access_store.opened(chosen) as store:
        feeds = store.feeds(chosen.key)
    rows = [feed_json(one, at) for one in feeds]
    lines = [feed_line(one, at, chosen.lang) for one in feeds]
    return listed(chosen, rows, lines, ("there is no address", "il n'y a aucune adresse"))


def run_revoke(chosen: argparse.Namespace) -> int:
    """Ends an address. 2 when there is none of this id, or it is revoked already."""
    from adapters.clock import now  # noqa: PLC0415 - loaded only by the commands that need it

    with access_store.opened(chosen) as store:
        store.revoke_feed(chosen.feed, now())
        access_store.keep(store, "calendar revoke", chosen.feed)
    return revoked(chosen, chosen.feed, (f"{chosen.feed} revoked", f"{chosen.feed} révoquée"))
