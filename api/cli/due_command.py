"""``greffe due START DELAY``: one date computation, step by step."""

import argparse
import sys

from api.cli import options


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe due``."""
    parser.add_argument("start", metavar="START", help="a date (2026-03-31) or an instant (2026-03-28T20:00:00+01:00)")
    parser.add_argument(
        "delay", metavar="DELAY",
        help='such as "15 clear days" or "2 weeks + 1 day"; units: minutes, hours, days, clear days, working days, '
        "working hours, weeks, months, years",
    )
    options.add_readings(parser)
    options.add_output(parser)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints the date and how it was reached."""
    from projections.due import due_answer, due_text  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.statement import dump  # noqa: PLC0415

    readings = options.readings_of(chosen.reading)
    answer = due_answer(chosen.start, chosen.delay, readings.get)
    sys.stdout.write((dump(answer) if chosen.format == "json" else due_text(answer, chosen.lang)) + "\n")
    return 0
