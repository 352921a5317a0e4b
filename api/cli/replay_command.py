"""``greffe replay FILE…``: the statement, from files."""

import argparse
import sys
from itertools import chain
from pathlib import Path

from api.cli import options

EXAMPLE = """\
examples:
  greffe replay facts.jsonl --at 2026-05-04T10:00:00+02:00 --lang fr
  greffe replay facts.jsonl --known-at 2026-03-01T00:00:00+01:00 --reading maintenance.mode=B --format json
  greffe replay bundle.zip --reading maintenance.mode=B

A bundle (.zip) is replayed alone, with the texts and the dates that it holds; greffe verify says what it proves.
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
        return _bundle_printed(chosen) if any(map(options.is_bundle, chosen.files)) else _printed(chosen)


def _bundle_printed(chosen: argparse.Namespace) -> int:
    from adapters.evidence.bundled import BundleError, read_bundle  # noqa: PLC0415 - only a bundle needs it
    from api.cli.printing import put  # noqa: PLC0415

    if len(chosen.files) > 1 or chosen.agreements:
        raise BundleError(
            "a bundle is replayed alone, with the agreements that it holds",
            "un dossier se rejoue seul, avec les textes qu'il contient",
        )
    with Path(chosen.files[0]).open("rb") as file:
        bundled = read_bundle(file.read())
    if chosen.contract not in {None, bundled.contract}:
        raise BundleError(
            f"the bundle is about {bundled.contract}, not {chosen.contract}",
            f"le dossier porte sur {bundled.contract}, non sur {chosen.contract}",
        )
    readings, moments = bundled.readings(chosen.reading), (chosen.at, chosen.known_at)
    if chosen.format == "json":
        sys.stdout.write(bundled.statement(readings, *moments).decode())
    else:
        put([bundled.words(readings, chosen.lang, *moments)])
    return 0


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
        sys.stderr.write(f"{fault.text(chosen.lang)}\n")
    options.check_contract(chosen.contract, reading.intake)
    if chosen.format == "json":
        texts = contract_texts(reading.intake, question, catalogue)
        for piece in chain(joined_text(texts, question.at, question.known_at, readings.all()), ["\n"]):
            sys.stdout.write(piece)
    else:
        from projections.text import statement_words  # noqa: PLC0415
        from projections.titles import titles_of  # noqa: PLC0415

        titles = titles_of(catalogue)
        derived = replay(reading.intake, question, catalogue)
        put(statement_words(derived, question.at, question.known_at, readings, lang=chosen.lang, titles=titles))
    return 2 if reading.faults else 0
