"""``greffe keys create|list|revoke``: who may call the API, as what."""

import argparse
import sys

from api.cli import access_store, options
from api.cli.access_said import listed, revoked

ROLES = ("operator", "desk", "client", "counsel", "auditor", "administrator")
EXAMPLE = """\
examples:
  greffe keys create --name "billing reports" --role desk --provider outscale
  greffe keys create --name "Client One" --role client --client client-1 --days 30
  greffe keys revoke key-0123456789ab
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe keys``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    made = actions.add_parser("create", help="a new key; its secret is printed once, and kept nowhere")
    made.add_argument("--name", required=True, help="whose it is, in words")
    made.add_argument("--role", required=True, choices=ROLES, help="what it is for")
    made.add_argument("--provider", action="append", default=[], help="only this provider's contracts; may be repeated")
    made.add_argument("--client", action="append", default=[], help="only this client id's contracts; may be repeated")
    made.add_argument("--contract", action="append", default=[], help="only this contract; may be repeated")
    made.add_argument("--days", type=int, default=90, metavar="N", help="how long it lives, 366 at most (default: 90)")
    made.set_defaults(run=run_create)
    every = actions.add_parser("list", help="every key ever made: role, scope, state, last use")
    every.set_defaults(run=run_list)
    ended = actions.add_parser("revoke", help="end a key now")
    ended.add_argument("key", metavar="KEY", help="its id, as printed when it was made: key-…")
    ended.set_defaults(run=run_revoke)
    for action in (made, every, ended):
        options.add_ledger(action)
        options.add_output(action)
    parser.epilog = EXAMPLE


def run_create(chosen: argparse.Namespace) -> int:
    """Prints the secret, alone, on standard output; the rest is said on stderr."""
    from adapters.access.keys import DAY, Order, create_key  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.access.model import Role, Scope  # noqa: PLC0415
    from adapters.access.telling import key_json  # noqa: PLC0415
    from adapters.clock import now  # noqa: PLC0415
    from domain.time.instant import Instant, format_instant  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    at = now()
    scope = Scope.of(chosen.provider, chosen.client, chosen.contract)
    order = Order(chosen.name, Role(chosen.role), scope, Instant(at + chosen.days * DAY))
    with access_store.opened(chosen) as store:
        key, secret = create_key(store, order, at, access_store.actor())
        access_store.keep(store, "keys create", f"{key.id} {key.role}")
    if chosen.format == "json":
        sys.stdout.write(dump(key_json(key, at) | {"secret": secret}) + "\n")
        return 0
    until = format_instant(key.expires)
    sys.stdout.write(f"{secret}\n")
    sys.stderr.write(
        f"{key.id} ({key.role}), until {until}. The secret is shown this once.\n"
        if chosen.lang == "en"
        else f"{key.id} ({key.role}), jusqu'au {until}. Le secret ne sera plus montré.\n"
    )
    return 0


def run_list(chosen: argparse.Namespace) -> int:
    """Prints one line per key."""
    from adapters.access.telling import key_json, key_line  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.clock import now  # noqa: PLC0415

    at = now()
    with access_store.opened(chosen) as store:
        keys = store.every_key()
    rows = [key_json(one, at) for one in keys]
    lines = [key_line(one, at, chosen.lang) for one in keys]
    return listed(chosen, rows, lines, ("there is no key", "il n'y a aucune clé"))


def run_revoke(chosen: argparse.Namespace) -> int:
    """Ends a key. 2 when there is none of this id, or it is revoked already."""
    from adapters.clock import now  # noqa: PLC0415 - loaded only by the commands that need it

    with access_store.opened(chosen) as store:
        store.revoke_key(chosen.key, now())
        access_store.keep(store, "keys revoke", chosen.key)
    return revoked(chosen, chosen.key, (f"{chosen.key} revoked", f"{chosen.key} révoquée"))
