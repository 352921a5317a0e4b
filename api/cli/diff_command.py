"""``greffe diff FILE… --reading A --against B``: the same facts under two readings, documents or dates."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.cli import options
from domain.time.instant import Instant, format_instant, parse_instant

SIDE = """\
A side (--reading, --against) is one or more of these, joined by commas or repeated:
  PARAM=VALUE            a reading, such as maintenance.mode=B
  at=T  known-at=K       a date, or what was known by then
  documents=ID+ID        the documents taken as signed, instead of those the facts name
  default                nothing: the default readings, the facts as they are
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: readings as words, dates, and documents taken as signed."""

    words: tuple[str, ...]
    at: Instant | None = None
    known_at: Instant | None = None
    documents: tuple[str, ...] | None = None


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe diff``."""
    options.add_files(parser)
    options.add_question(parser)
    parser.add_argument("--reading", action="append", default=[], metavar="SIDE", help="the first side (see below)")
    parser.add_argument("--against", action="append", default=[], metavar="SIDE", help="the other side (default: default)")
    options.add_agreements(parser)
    options.add_output(parser)
    parser.epilog = SIDE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints only what changes between the two sides. 0 also when nothing does."""
    from api.cli.asking import read_with_progress  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.diff_text import diff_words  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    sides = side_of(chosen.reading), side_of(chosen.against)
    reading = read_with_progress(chosen.files)
    for fault in reading.faults:
        print(fault, file=sys.stderr)
    answer = compared(chosen, reading.intake, *sides)
    sys.stdout.write((dump(answer) if chosen.format == "json" else diff_words(answer, chosen.lang)) + "\n")
    return 2 if reading.faults else 0


def side_of(words: list[str]) -> Side:
    """The side that the words say. Raises GreffeError for a date or document that is not one."""
    readings: list[str] = []
    dates: dict[str, Instant] = {}
    documents: tuple[str, ...] | None = None
    for word in (piece.strip() for words_ in words for piece in words_.split(",")):
        name, _, value = word.partition("=")
        match name:
            case "" | "default":
                continue
            case "at" | "known-at":
                dates[name] = parse_instant(value)
            case "documents":
                documents = tuple(filter(None, value.split("+")))
            case _:
                readings.append(word)
    return Side(tuple(readings), dates.get("at"), dates.get("known-at"), documents)


def compared(chosen: argparse.Namespace, intake: Any, one: Side, other: Side) -> dict[str, Any]:
    """The comparison as JSON values: per contract the changed rows and the euros, on top the two sides."""
    from projections.diff import changes, euros  # noqa: PLC0415 - loaded only by the commands that need it

    before, after = dict(_statements(chosen, intake, one)), dict(_statements(chosen, intake, other))
    contracts = {}
    for contract in sorted(before.keys() | after.keys()):
        left = before.get(contract) or EMPTY
        right = after.get(contract) or EMPTY
        found = changes(left, right)
        if found:
            contracts[contract] = {"euros": euros(left, right), "changes": [change.as_json() for change in found]}
    return {"reading": _said(one), "against": _said(other), "contracts": contracts}


EMPTY: dict[str, Any] = {
    "documents": [], "indicators": [], "support": [], "support_objectives": [], "penalties": [], "deadlines": [],
    "amounts": [], "qualification": None, "findings": [],
}


def _statements(chosen: argparse.Namespace, intake: Any, side: Side) -> Iterator[tuple[str, dict[str, Any]]]:
    from adapters.catalogue import load_catalogue  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.intake import taken_as_signed  # noqa: PLC0415
    from projections.replay import Question, replay  # noqa: PLC0415

    at = side.at or chosen.at or intake.latest_time
    known_at = side.known_at or chosen.known_at or intake.latest_recorded
    if at is None or known_at is None:
        return
    facts = intake if side.documents is None else taken_as_signed(intake, side.documents)
    question = Question(at, known_at, options.readings_of(list(side.words)), chosen.contract)
    catalogue = load_catalogue(chosen.agreements)
    if side.documents is not None:
        for document in side.documents:
            catalogue.agreement(document)
    for contract, derived in replay(facts, question, catalogue):
        yield contract, derived.as_json()


def _said(side: Side) -> dict[str, Any]:
    return {
        "readings": list(side.words),
        "at": None if side.at is None else format_instant(side.at),
        "known_at": None if side.known_at is None else format_instant(side.known_at),
        "documents": None if side.documents is None else list(side.documents),
    }

