"""The same facts from two sides: readings, documents or dates, and only what changes, in euros."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from domain.agreements.catalogue import Catalogue
from domain.errors import UnknownDocumentError, UnknownReadingError
from domain.readings import Readings, Switches, select
from domain.time.instant import Instant, format_instant, parse_instant
from projections.diff import changes, euros, total
from projections.intake import Intake, taken_as_signed
from projections.replay import Question, replay

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


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: readings as words, dates, and documents taken as signed."""

    words: tuple[str, ...]
    at: Instant | None = None
    known_at: Instant | None = None
    documents: tuple[str, ...] | None = None

    def as_json(self) -> dict[str, Any]:
        """The side as ``greffe diff`` prints it."""
        return {
            "readings": list(self.words),
            "at": None if self.at is None else format_instant(self.at),
            "known_at": None if self.known_at is None else format_instant(self.known_at),
            "documents": None if self.documents is None else list(self.documents),
        }

    def spoken(self) -> list[str]:
        """The words that say the side."""
        dates = (("at", self.at), ("known-at", self.known_at))
        return [
            *self.words,
            *(f"{name}={format_instant(instant)}" for name, instant in dates if instant is not None),
            *([] if self.documents is None else [f"documents={'+'.join(self.documents)}"]),
        ]


def side_of(words: Sequence[str]) -> Side:
    """The side that the words say. Raises GreffeError for a date, document or reading that is not one."""
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
                    raise UnknownReadingError(
                        "documents= names no document; expected such as documents=ID+ID",
                        "documents= ne nomme aucun document ; attendu, par exemple : documents=ID+ID",
                    )
            case _:
                readings.append(word)
    return Side(tuple(readings), dates.get("at"), dates.get("known-at"), documents)


Common = tuple[Instant | None, Instant | None, str | None]
"""The date, what was known when, and the contract, where a side says nothing else; None: the latest, and every one."""


Statements = dict[str, dict[str, Any]]
"""By contract, what a side says."""


def compared(
    intake: Intake, sides: tuple[Side, Side], common: Common, catalogue: Catalogue, switches: Switches
) -> dict[str, Any]:
    """The comparison as JSON values: the two sides, per contract the changed rows and the euros, and their total."""
    return told(sides, both(intake, sides, common, catalogue, switches), catalogue, switches)


def both(
    intake: Intake, sides: tuple[Side, Side], common: Common, catalogue: Catalogue, switches: Switches
) -> tuple[Statements, Statements]:
    """What each side says of every contract asked for, whole."""
    one, other = (dict(_statements(intake, side, select(switches, side.words), common, catalogue)) for side in sides)
    return one, other


def told(
    sides: tuple[Side, Side], said: tuple[Statements, Statements], catalogue: Catalogue, switches: Switches
) -> dict[str, Any]:
    """What differs between the two sides, as JSON values."""
    one, other = sides
    before, after = said
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
        "readings": _meanings(select(switches, one.words), select(switches, other.words)),
        "total": total([found["euros"]["penalties_payable"] for found in contracts.values()]),
        "contracts": contracts,
    }


def _statements(
    intake: Intake, side: Side, readings: Readings, common: Common, catalogue: Catalogue
) -> Iterator[tuple[str, dict[str, Any]]]:
    at = side.at or common[0] or intake.latest_time
    known_at = side.known_at or common[1] or intake.latest_recorded
    if at is None or known_at is None:
        return
    facts = intake
    if side.documents is not None:
        for document in side.documents:
            catalogue.agreement(document)
        facts = taken_as_signed(intake, side.documents)
    for contract, derived in replay(facts, Question(at, known_at, readings, common[2]), catalogue):
        yield contract, derived.as_json()


def _title(rule: str | None, catalogue: Catalogue) -> dict[str, str] | None:
    if rule is None:
        return None
    try:
        title = catalogue.rule(rule).title
    except (KeyError, UnknownDocumentError):
        return None
    return {"en": title.en, "fr": title.fr}


def _meanings(one: Readings, other: Readings) -> list[dict[str, Any]]:
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
