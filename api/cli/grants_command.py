"""``greffe grants add|list|revoke``: which contracts a counsel may see, and until when."""

import argparse
import sys

from api.cli import access_store, options
from api.cli.access_said import listed, revoked

EXAMPLE = """\
examples:
  greffe grants add --caller key-0123456789ab --contract C-ALPHA --until 2026-12-31T18:00:00+01:00
  greffe grants add --caller oidc:counsel-7 --contract C-ALPHA --until 2026-12-31T18:00:00+01:00
  greffe grants revoke 3
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe grants``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    added = actions.add_parser("add", help="let a counsel see a contract until an instant")
    added.add_argument("--caller", required=True, metavar="WHO", help="a key's id, or oidc:SUBJECT")
    added.add_argument("--contract", required=True, metavar="C", help="the contract")
    added.add_argument(
        "--until", required=True, type=options.instant, metavar="T", help="when it ends, within 366 days"
    )
    added.set_defaults(run=run_add)
    every = actions.add_parser("list", help="every grant ever made, and its state")
    every.add_argument("--caller", metavar="WHO", help="only this caller's")
    every.set_defaults(run=run_list)
    ended = actions.add_parser("revoke", help="end a grant now")
    ended.add_argument("number", type=int, metavar="NUMBER")
    ended.set_defaults(run=run_revoke)
    for action in (added, every, ended):
        options.add_ledger(action)
        options.add_output(action)
    parser.epilog = EXAMPLE


def run_add(chosen: argparse.Namespace) -> int:
    """Prints the grant with its number."""
    from adapters.access.acts import grant  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.access.model import Grant  # noqa: PLC0415
    from adapters.access.telling import grant_json, grant_line  # noqa: PLC0415
    from adapters.clock import now  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    at = now()
    with access_store.opened(chosen) as store:
        made = grant(store, Grant(0, chosen.caller, chosen.contract, chosen.until, at, access_store.actor()))
        access_store.keep(store, "grants add", f"{made.number} {made.caller}", made.contract)
    said = dump(grant_json(made, at)) if chosen.format == "json" else grant_line(made, at, chosen.lang)
    sys.stdout.write(said + "\n")
    return 0


def run_list(chosen: argparse.Namespace) -> int:
    """Prints one line per grant."""
    from adapters.access.telling import grant_json, grant_line  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.clock import now  # noqa: PLC0415

    at = now()
    with access_store.opened(chosen) as store:
        grants = store.grants(chosen.caller)
    rows = [grant_json(one, at) for one in grants]
    lines = [grant_line(one, at, chosen.lang) for one in grants]
    return listed(chosen, rows, lines, ("there is no grant", "il n'y a aucune autorisation"))


def run_revoke(chosen: argparse.Namespace) -> int:
    """Ends a grant. 2 when there is none of this number, or it is revoked already."""
    from adapters.clock import now  # noqa: PLC0415 - loaded only by the commands that need it

    with access_store.opened(chosen) as store:
        store.revoke_grant(chosen.number, now())
        access_store.keep(store, "grants revoke", str(chosen.number))
    return revoked(chosen, chosen.number, (f"grant {chosen.number} revoked", f"autorisation {chosen.number} révoquée"))
