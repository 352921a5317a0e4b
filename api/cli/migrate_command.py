"""``greffe migrate``: the ledger's tables at the version that this program speaks."""

import argparse
import sys

from api.cli import options

EXAMPLE = """\
examples:
  greffe migrate --ledger postgresql://owner@host/greffe
  greffe migrate --check
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe migrate``."""
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 unless the ledger is up to date")
    parser.add_argument(
        "--roles",
        action="store_true",
        help="PostgreSQL: also make the roles greffe_owner, _ingest, _api, _sign, _notify and greffe_reader",
    )
    options.add_ledger(parser)
    options.add_output(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints the version before and now. With ``--check``, 1 unless they are the same."""
    from adapters.bootstrap import migrate, version_of  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.eventstore.schema import VERSION  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    found, now = (
        (version_of(chosen.ledger), VERSION) if chosen.check else migrate(chosen.ledger, with_roles=chosen.roles)
    )
    if chosen.format == "json":
        sys.stdout.write(dump({"found": found, "needed" if chosen.check else "now": now}) + "\n")
    else:
        sys.stdout.write(_words(found, now, chosen.lang, check=chosen.check) + "\n")
    return 1 if chosen.check and found != now else 0


def _words(found: str | None, now: str, lang: str, *, check: bool) -> str:
    english = lang == "en"
    if found == now:
        return f"up to date: version {now}" if english else f"à jour : version {now}"
    if check:
        was = ("none" if english else "aucun") if found is None else found
        return f"the ledger is at version {was}, {now} is needed" if english else f"registre : {was}, il faut {now}"
    if found is None:
        return f"made at version {now}" if english else f"créé à la version {now}"
    return f"migrated from version {found} to {now}" if english else f"migré de la version {found} à {now}"
