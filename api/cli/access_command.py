"""``greffe access list|forget|end``: who read what, the end of what need no longer be kept, and of sessions."""

import argparse
import os
import sys

from api.cli import access_store, options

EXAMPLE = """\
examples:
  greffe access list --contract C-ALPHA --since 2026-05-01T00:00:00+02:00
  greffe access list --caller key-0123456789ab --format json
  greffe access end --caller oidc:ada
  greffe access forget --before 2025-01-01T00:00:00+01:00
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe access``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="every read and every refusal, oldest first")
    listed.add_argument("--contract", metavar="C", help="only what may have shown this contract")
    listed.add_argument("--caller", metavar="WHO", help="only this caller's: a key's id, or oidc:SUBJECT")
    listed.add_argument("--since", type=options.instant, metavar="T", help="only from this instant on")
    listed.set_defaults(run=run_list)
    forgotten = actions.add_parser("forget", help="delete what is older than it must be kept (identity.log_kept_days)")
    forgotten.add_argument("--before", required=True, type=options.instant, metavar="T", help="entries older than this")
    options.add_config(forgotten)
    forgotten.set_defaults(run=run_forget)
    ended = actions.add_parser("end", help="end every session that a person of the identity provider has open")
    ended.add_argument("--caller", required=True, metavar="WHO", help="the person, oidc:SUBJECT")
    ended.set_defaults(run=run_end)
    for action in (listed, forgotten, ended):
        options.add_ledger(action)
        options.add_output(action)
    parser.epilog = EXAMPLE


def run_list(chosen: argparse.Namespace) -> int:
    """Prints one line per entry; as JSON, one object per line."""
    from adapters.access.telling import access_json, access_line  # noqa: PLC0415 - only the commands that need it
    from projections.spelling import dump  # noqa: PLC0415

    with access_store.opened(chosen) as store:
        after = 0
        while page := store.log(chosen.contract, chosen.caller, chosen.since, after):
            for entry in page:
                sys.stdout.write((dump(access_json(entry)) if chosen.format == "json" else access_line(entry)) + "\n")
            after = page[-1].number
        access_store.keep(store, "access list", "the access log", chosen.contract)
    return 0


def run_end(chosen: argparse.Namespace) -> int:
    """Ends a person's sessions in the console; whoever still has a role may open another."""
    from adapters.access.acts import end_sessions  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.clock import now  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    with access_store.opened(chosen) as store:
        end_sessions(store, chosen.caller, now())
        access_store.keep(store, "access end", chosen.caller)
    if chosen.format == "json":
        sys.stdout.write(dump({"ended": chosen.caller}) + "\n")
    else:
        done = {"en": "sessions ended", "fr": "sessions terminées"}[chosen.lang]
        sys.stdout.write(f"{chosen.caller}: {done}\n")
    return 0


def run_forget(chosen: argparse.Namespace) -> int:
    """Prints how many entries were deleted. 2 when some of them must still be kept."""
    from adapters.access.acts import forget  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.clock import now  # noqa: PLC0415
    from adapters.settings.load import load  # noqa: PLC0415
    from domain.time.instant import format_instant  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    kept_days = load(os.environ, chosen.config).settings.identity.log_kept_days
    with access_store.opened(chosen) as store:
        count = forget(store, chosen.before, now(), kept_days)
        access_store.keep(store, "access forget", f"{count} entries before {format_instant(chosen.before)}")
    if chosen.format == "json":
        sys.stdout.write(dump({"forgotten": count}) + "\n")
    else:
        sys.stdout.write(f"{count} entries deleted\n" if chosen.lang == "en" else f"{count} entrées effacées\n")
    return 0
