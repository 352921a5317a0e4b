"""``greffe replay FILE…``: the statement, from files."""

import argparse
import sys
from itertools import chain

from api.cli import options


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe replay``."""
    options.add_files(parser)
    options.add_question(parser)
    options.add_readings(parser)
    options.add_agreements(parser)
    options.add_output(parser)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints the statement. 2 when a line could not be read; the rest is processed all the same."""
    from adapters.catalogue import load_catalogue  # noqa: PLC0415 - loaded only by the commands that need it
    from api.cli.asking import question_of, read_with_progress  # noqa: PLC0415
    from projections.replay import replay  # noqa: PLC0415
    from projections.statement import statement_text  # noqa: PLC0415

    readings = options.readings_of(chosen.reading)
    catalogue = load_catalogue(chosen.agreements)
    reading = read_with_progress(chosen.files)
    question = question_of(chosen, reading.intake, readings)
    for fault in reading.faults:
        print(fault, file=sys.stderr)
    derived = replay(reading.intake, question, catalogue)
    if chosen.format == "json":
        pieces = statement_text(derived, question.at, question.known_at, readings.all())
    else:
        from projections.text import statement_words  # noqa: PLC0415

        pieces = statement_words(derived, question.at, question.known_at, readings, chosen.lang)
    for piece in chain(pieces, ["\n"]):
        sys.stdout.write(piece)
    return 2 if reading.faults else 0
