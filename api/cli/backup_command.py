"""``greffe backup FOLDER``: the ledger as it is now, copied while others write it."""

import argparse
import sys
from pathlib import Path

from api.cli import options

EXAMPLE = """\
examples:
  greffe backup backups/2026-11-21 --ledger greffe.db
  greffe backup /elsewhere/persons-2026-11-21 --persons --ledger greffe.db
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe backup``."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder that does not exist yet")
    parser.add_argument(
        "--persons", action="store_true", help="copy the key store of persons instead: keep it apart from the ledger's"
    )
    options.add_ledger(parser)
    options.add_output(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints how many events the backup holds, and their digest."""
    if chosen.persons:
        from adapters.bootstrap import key_place  # noqa: PLC0415 - loaded only by the commands that need it
        from adapters.privacy import copies  # noqa: PLC0415

        sys.stdout.write(f"{copies.back_up(key_place(chosen.ledger), chosen.folder)}\n")
        return 0
    from adapters.backup import back_up  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.clock import now  # noqa: PLC0415

    sys.stdout.write(options.backup_words(back_up(chosen.ledger, chosen.folder, now()), chosen.format, chosen.lang))
    return 0
