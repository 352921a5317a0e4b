"""``greffe diff FILE… --reading A --against B``: the same facts under two readings, documents or dates."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.cli import options
from domain.errors import UnknownReadingError

if TYPE_CHECKING:
    from domain.agreements.catalogue import Catalogue
    from domain.readings import Readings
    from domain.time.instant import Instant
    from projections.intake import Intake

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
PARTS = ("at", "known-at", "documents", "default")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: readings as words, dates, and documents taken as signed."""

    words: tuple[str, ...]
    at: "Instant | None" = None
    known_at: "Instant | None" = None
    documents: tuple[str, ...] | None = None

    def as_json(self) -> dict[str, Any]:
        """The side as ``greffe diff`` prints it."""
        from domain.time.instant import format_instant  # noqa: PLC0415 - help needs none of it

        return {
            "readings": list(self.words),
            "at": None if self.at is None else format_instant(self.at),
            "known_at": None if self.known_at is None else format_instant(self.known_at),
            "documents": None if self.documents is None else list(self.documents),
        }


EMPTY: dict[str, Any] = {
    "documents": [],
    "indicators": [],
    "support": [],
    "support_objectives": [],
    "penalties": [],
    "deadlines": [],
    "amounts": [],
    "qualification": None,
    "findings": [],
}


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
    from api.cli.asking import read_with_progress  # noqa: PLC0415 - loaded only by the commands that need it
    from api.cli.printing import put  # noqa: PLC0415
    from projections.diff_text import diff_words  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    sides = side_of(chosen.reading), side_of(chosen.against)
    reading = read_with_progress(chosen.files)
    for fault in reading.faults:
        sys.stderr.write(f"{fault}\n")
    options.check_contract(chosen.contract, reading.intake)
    answer = compared(chosen, reading.intake, *sides)
    if chosen.format == "json":
        sys.stdout.write(dump(answer) + "\n")
    else:
        put([diff_words(answer, chosen.lang), "\n"])
    return 2 if reading.faults else 0


def side_of(words: list[str]) -> Side:
    """The side that the words say. Raises GreffeError for a date, document or reading that is not one."""
    from domain.time.instant import parse_instant  # noqa: PLC0415 - help needs none of it

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
                if not documents:
                    raise UnknownReadingError("documents= names no document; expected such as documents=ID+ID")
            case _:
                readings.append(word)
    return Side(tuple(readings), dates.get("at"), dates.get("known-at"), documents)


def compared(chosen: argparse.Namespace, intake: "Intake", one: Side, other: Side) -> dict[str, Any]:
    """The comparison as JSON values: the two sides, per contract the changed rows and the euros, and their total."""
    from adapters.catalogue import load_catalogue  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.diff import changes, euros, total  # noqa: PLC0415

    catalogue = load_catalogue(chosen.agreements)
    readings = options.readings_of(list(one.words)), options.readings_of(list(other.words))
    before = dict(_statements(chosen, intake, one, readings[0], catalogue))
    after = dict(_statements(chosen, intake, other, readings[1], catalogue))
    contracts: dict[str, dict[str, Any]] = {}
    for contract in sorted(before.keys() | after.keys()):
        left = before.get(contract) or EMPTY
        right = after.get(contract) or EMPTY
        found = [change.as_json() | {"title": _title(change.rule, catalogue)} for change in changes(left, right)]
        if found:
            contracts[contract] = {"euros": euros(left, right), "changes": found}
    return {
        "reading": one.as_json(),
        "against": other.as_json(),
        "readings": _meanings(*readings),
        "total": total([found["euros"]["penalties_payable"] for found in contracts.values()]),
        "contracts": contracts,
    }


def _statements(
    chosen: argparse.Namespace, intake: "Intake", side: Side, readings: "Readings", catalogue: "Catalogue"
) -> Iterator[tuple[str, dict[str, Any]]]:
    from projections.intake import taken_as_signed  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.replay import Question, replay  # noqa: PLC0415

    at = side.at or chosen.at or intake.latest_time
    known_at = side.known_at or chosen.known_at or intake.latest_recorded
    if at is None or known_at is None:
        return
    facts = intake
    if side.documents is not None:
        for document in side.documents:
            catalogue.agreement(document)
        facts = taken_as_signed(intake, side.documents)
    for contract, derived in replay(facts, Question(at, known_at, readings, chosen.contract), catalogue):
        yield contract, derived.as_json()


def _title(rule: str | None, catalogue: "Catalogue") -> dict[str, str] | None:
    from domain.errors import UnknownDocumentError  # noqa: PLC0415 - loaded only by the commands that need it

    if rule is None:
        return None
    try:
        title = catalogue.rule(rule).title
    except (KeyError, UnknownDocumentError):
        return None
    return {"en": title.en, "fr": title.fr}


def _meanings(one: "Readings", other: "Readings") -> list[dict[str, Any]]:
    """What each reading that a side names means on both sides."""
    found = []
    for name in sorted({*one.selected, *other.selected}):
        switch = one.switches[name]
        sides = {}
        for side, readings in (("reading", one), ("against", other)):
            words = switch.values[readings.get(name)]
            sides[side] = {"value": readings.get(name), "en": words.en, "fr": words.fr}
        found.append({"parameter": name, "clause": switch.clause, **sides})
    return found
