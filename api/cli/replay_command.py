"""``greffe replay FILE…``: the statement, from files."""

import argparse
import sys
from itertools import chain
from typing import TYPE_CHECKING

from api.cli import options

if TYPE_CHECKING:
    from domain.agreements.catalogue import Catalogue
    from projections.text import Titles

EXAMPLE = """\
examples:
  greffe replay facts.jsonl --at 2026-05-04T10:00:00+02:00 --lang fr
  greffe replay facts.jsonl --known-at 2026-03-01T00:00:00+01:00 --reading maintenance.mode=B --format json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe replay``."""
    options.add_files(parser)
    options.add_question(parser)
    options.add_readings(parser)
    options.add_agreements(parser)
    options.add_output(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints the statement. 2 when a line could not be read; the rest is processed all the same."""
    from adapters.files import collection_paused  # noqa: PLC0415 - loaded only by the commands that need it

    with collection_paused():
        return _printed(chosen)


def _printed(chosen: argparse.Namespace) -> int:
    from adapters.catalogue import load_catalogue  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.parallel import contract_texts  # noqa: PLC0415
    from api.cli.asking import question_of, read_with_progress  # noqa: PLC0415
    from api.cli.printing import put  # noqa: PLC0415
    from projections.replay import replay  # noqa: PLC0415
    from projections.statement import joined_text  # noqa: PLC0415

    readings = options.readings_of(chosen.reading)
    catalogue = load_catalogue(chosen.agreements)
    reading = read_with_progress(chosen.files)
    question = question_of(chosen, reading.intake, readings)
    for fault in reading.faults:
        sys.stderr.write(f"{fault}\n")
    options.check_contract(chosen.contract, reading.intake)
    if chosen.format == "json":
        texts = contract_texts(reading.intake, question, catalogue)
        for piece in chain(joined_text(texts, question.at, question.known_at, readings.all()), ["\n"]):
            sys.stdout.write(piece)
    else:
        from projections.text import statement_words  # noqa: PLC0415

        titles = titles_of(catalogue)
        derived = replay(reading.intake, question, catalogue)
        put(statement_words(derived, question.at, question.known_at, readings, lang=chosen.lang, titles=titles))
    return 2 if reading.faults else 0


def titles_of(catalogue: "Catalogue") -> "Titles":
    """The title of a rule or of a document of the catalogue, in both languages; None for anything else."""
    from domain.errors import UnknownDocumentError  # noqa: PLC0415 - loaded only by the commands that need it

    def title(name: str) -> tuple[str, str] | None:
        try:
            words = catalogue.rule(name).title if "/" in name else catalogue.agreement(name).title
        except (KeyError, UnknownDocumentError):
            return None
        return words.en, words.fr

    return title
