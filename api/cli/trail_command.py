"""``greffe trail``: what was done to the ledger and with it, as JSON lines for a SIEM."""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli import access_store, options

if TYPE_CHECKING:
    from adapters.trail.happened import Cursor, Happened

EXAMPLE = """\
Accesses and refusals, keys and grants, discards, erasures: one JSON object a line, each with a number of its own.
With --cursor the next run goes on where this one ended; a line may come twice after a crash, never not at all.

examples:
  greffe trail --format ocsf --cursor /var/lib/greffe/trail.json >> /var/log/greffe/trail.jsonl
  greffe trail --since 2026-05-01T00:00:00+02:00
"""
EVERY_SECONDS = 5
LINES_A_NOTE = 1_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe trail``."""
    parser.add_argument(
        "--format", choices=("jsonl", "ocsf"), default="jsonl", help="our own lines, or OCSF 1.6.0 (default: jsonl)"
    )
    parser.add_argument("--since", type=options.instant, metavar="T", help="only from this instant on")
    parser.add_argument("--cursor", type=Path, metavar="FILE", help="how far the last run came; made where missing")
    parser.add_argument("--follow", action="store_true", help="go on as things happen, until interrupted")
    options.add_ledger(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints the lines. 2 for a cursor that is none."""
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.clock import now  # noqa: PLC0415
    from adapters.trail.happened import SETTLED, trail  # noqa: PLC0415
    from api.cli.stopping import stop_on_signals  # noqa: PLC0415
    from domain.time.instant import Instant  # noqa: PLC0415

    shown = _shown(chosen.format)
    cursor = _read(chosen.cursor)
    with ExitStack() as stack:
        store = stack.enter_context(opened(chosen.ledger))
        access = stack.enter_context(access_store.opened(chosen))
        stopping = stack.enter_context(stop_on_signals())
        asked = f"from {dict(cursor)}" if cursor else "from the beginning"
        access_store.keep(access, "trail", asked)
        while True:
            held_back = SETTLED if chosen.cursor is not None or chosen.follow else 0
            for count, happened in enumerate(trail(store, access, cursor, Instant(now() - held_back)), start=1):
                if chosen.since is None or happened.at >= chosen.since:
                    sys.stdout.write(shown(happened) + "\n")
                cursor.passed(happened)
                if count % LINES_A_NOTE == 0:
                    _write(chosen.cursor, cursor)
                if stopping():
                    break
            _write(chosen.cursor, cursor)
            if not chosen.follow or stopping():
                return 0
            time.sleep(EVERY_SECONDS)


def _shown(wanted: str) -> Callable[["Happened"], str]:
    """How a line is written."""
    from projections.spelling import dump  # noqa: PLC0415 - loaded only by the commands that need it

    if wanted == "jsonl":
        return lambda happened: dump(happened.as_json())
    from importlib.metadata import version  # noqa: PLC0415

    from adapters.trail.ocsf import ocsf  # noqa: PLC0415

    ours = version("greffe")
    return lambda happened: dump(ocsf(happened, ours))


def _read(path: Path | None) -> "Cursor":
    from adapters.trail.happened import Cursor  # noqa: PLC0415 - loaded only by the commands that need it

    if path is None:
        return Cursor()
    options.check_folder_of(path)
    return Cursor.parse(path.read_text(encoding="utf-8")) if path.exists() else Cursor()


def _write(path: Path | None, cursor: dict[str, Any]) -> None:
    """Notes how far the lines came, once they are out."""
    from projections.spelling import dump  # noqa: PLC0415 - loaded only by the commands that need it

    sys.stdout.flush()
    if path is None:
        return
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(dump(cursor) + "\n", encoding="utf-8")
    partial.replace(path)
