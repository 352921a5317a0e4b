"""``greffe diff FILE… --reading A --against B``: the same facts under two readings, documents or dates."""

import argparse
import sys

from api.cli import options

SIDE = """\
A side (--reading, --against) is one or more of these, joined by commas or repeated:
  PARAM=VALUE            a reading, such as maintenance.mode=B
  at=T  known-at=K       a date, or what was known by then
  documents=ID+ID        the documents taken as signed, instead of those the facts name
  default                nothing: the default readings, the facts as they are

The difference in euros is the second side less the first.

examples:
  greffe diff facts.jsonl --at 2026-05-04T10:00:00+02:00 --reading maintenance.mode=A --against maintenance.mode=B
  greffe diff facts.jsonl --reading documents=outscale-cgv-2019 --against documents=outscale-snc-fr+outscale-cgv-2019
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe diff``."""
    options.add_files(parser)
    options.add_question(parser)
    parser.add_argument("--reading", action="append", default=[], metavar="SIDE", help="the first side (see below)")
    parser.add_argument(
        "--against", action="append", default=[], metavar="SIDE", help="the other side (default: default)"
    )
    options.add_agreements(parser)
    options.add_output(parser)
    parser.epilog = SIDE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints only what changes between the two sides. 0 also when nothing does, 2 when a line could not be read."""
    from adapters.catalogue import load_catalogue, load_switches  # noqa: PLC0415 - loaded only by those that need it
    from api.cli.asking import read_with_progress  # noqa: PLC0415
    from api.cli.printing import put  # noqa: PLC0415
    from projections.comparison import compared, side_of  # noqa: PLC0415
    from projections.diff_text import diff_words  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    sides = side_of(chosen.reading), side_of(chosen.against)
    catalogue = load_catalogue(chosen.agreements)
    reading = read_with_progress(chosen.files)
    for fault in reading.faults:
        sys.stderr.write(f"{fault.text(chosen.lang)}\n")
    options.check_contract(chosen.contract, reading.intake)
    answer = compared(reading.intake, sides, (chosen.at, chosen.known_at, chosen.contract), catalogue, load_switches())
    if chosen.format == "json":
        sys.stdout.write(dump(answer) + "\n")
    else:
        put([diff_words(answer, chosen.lang), "\n"])
    return 2 if reading.faults else 0
