"""``greffe due START DELAY``: one date computation, step by step."""

import argparse
import sys
from typing import TYPE_CHECKING

from api.cli import options

if TYPE_CHECKING:
    from domain.readings import Readings
    from domain.time.calendar import Calendar

EXAMPLE = """\
examples:
  greffe due 2026-03-31 "5 clear days" --lang fr
  greffe due 2026-03-28T20:00:00+01:00 "48 hours"
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe due``."""
    parser.add_argument("start", metavar="START", help="a date (2026-03-31) or an instant (2026-03-28T20:00:00+01:00)")
    parser.add_argument(
        "delay",
        metavar="DELAY",
        help='such as "15 clear days" or "2 weeks + 1 day"; units: minutes, hours, days, clear days, working days, '
        "working hours, weeks, months, years",
    )
    parser.add_argument(
        "--document",
        metavar="DOCUMENT",
        help="whose working hours to count (default: the first text that defines some)",
    )
    options.add_readings(parser)
    options.add_agreements(parser)
    options.add_output(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints the date and how it was reached."""
    from api.cli.printing import put  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.due import due_answer, due_text  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    readings = options.readings_of(chosen.reading)
    answer = due_answer(chosen.start, chosen.delay, readings, _working_hours(chosen, readings))
    if chosen.format == "json":
        sys.stdout.write(dump(answer) + "\n")
    else:
        put([due_text(answer, chosen.lang), "\n"])
    return 0


def _working_hours(chosen: argparse.Namespace, readings: "Readings") -> "Calendar | None":
    """The working hours of the document asked for; agreements are read only for a delay in working hours."""
    if "working hour" not in chosen.delay.lower():
        return None
    from adapters.catalogue import load_catalogue  # noqa: PLC0415 - loaded only by the commands that need it

    catalogue = load_catalogue(chosen.agreements)
    for document in catalogue.documents if chosen.document is None else (chosen.document,):
        support = catalogue.agreement(document).support
        hours = [] if support is None else [clock for clock in support.clock if clock.name == "working-hours"]
        if hours:
            return hours[0].calendar(readings.get)
    return None
