"""``greffe restore FOLDER``: a ledger from a backup, where there is none."""

import argparse
import sys
from pathlib import Path

from api.cli import options

EXAMPLE = """\
example:
  greffe restore backups/2026-11-21 --ledger restored.db
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe restore``."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder that greffe backup made")
    parser.add_argument("--persons", action="store_true", help="restore a copy of the key store of persons instead")
    options.add_ledger(parser)
    options.add_output(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints how many events came back, and their digest, which is that of the backup."""
    if chosen.persons:
        from adapters.bootstrap import key_place  # noqa: PLC0415 - loaded only by the commands that need it
        from adapters.privacy import copies  # noqa: PLC0415

        copies.restore(chosen.folder, key_place(chosen.ledger))
        done = "restored; greffe erase --pending erases again who was erased since"
        fini = "restauré ; greffe erase --pending efface de nouveau qui l'a été depuis"
        sys.stdout.write(f"{done if chosen.lang == 'en' else fini}\n")
        return 0
    from adapters.backup import restore  # noqa: PLC0415 - loaded only by the commands that need it

    sys.stdout.write(options.backup_words(restore(chosen.folder, chosen.ledger), chosen.format, chosen.lang))
    return 0
