"""What a document is drawn up from, and what it is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from domain.errors import GreffeError
from domain.events.person import PersonErased
from domain.events.personal import Path, person_of
from domain.fact import AnyFact
from domain.readings import Readings
from domain.time.delay import add_months
from domain.time.instant import Instant, start_of_day
from projections.basis import Basis
from projections.documents.blocks import Block, Cell, cell
from projections.figures import Lang
from projections.statement import Derived
from projections.wording import Pair, pick

Why = Literal["erased", "unavailable", "withheld"]


class Opened(NamedTuple):
    """A personal value of a fact, or why there is none to be read; neither: nobody recorded one."""

    value: str | None
    why: Why | None = None


Opens = Callable[[AnyFact, Path], Opened]
"""Opens the personal value at a path below ``data`` of a fact, for who may read it."""


def as_recorded(fact: AnyFact, path: Path) -> Opened:
    """The value as the fact holds it: facts from files are not sealed."""
    found: Any = fact.data
    for name in path:
        found = getattr(found, name, None)
    return Opened(found)


class Checkpoint(NamedTuple):
    """The newest checkpoint of the log the facts are in; ``later`` counts the contract's facts recorded since."""

    origin: str
    size: int
    root: str
    made: Instant
    later: int


class Proof(NamedTuple):
    """What proves the facts; without a checkpoint ``unsigned`` says why there is none."""

    checkpoint: Checkpoint | None
    unsigned: Literal["files", "never", ""] = ""


FROM_FILES = Proof(None, "files")


class NotDrawnError(GreffeError):
    """There is nothing of which such a document could be drawn up."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which one of its kind: a period of instants, half-open, or the name of a thing. ``by``: who gives notice."""

    start: Instant | None = None
    end: Instant | None = None
    about: str | None = None
    by: Literal["client", "provider"] = "client"


@dataclass(frozen=True, slots=True)
class Other:
    """The other side of a dispute, and what differs from the first as the comparison tells it; facts known alike."""

    basis: Basis
    derived: Derived
    compared: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One contract at a date, in a language, with what proves its facts and who may read its persons' values."""

    basis: Basis
    derived: Derived
    known_at: Instant
    readings: Readings
    lang: Lang
    proof: Proof = FROM_FILES
    opens: Opens = as_recorded
    address: str = ""
    other: Other | None = None

    @property
    def at(self) -> Instant:
        """The instant the document speaks of."""
        return self.basis.at

    def pick(self, words: Pair) -> str:
        """The words in the language of the document."""
        return pick(words, self.lang)

    def personal(self, fact: AnyFact, path: Path) -> Opened:
        """A personal value. An erasure is heeded as soon as it is recorded, whatever could still be opened."""
        found = self.opens(fact, path)
        if found.value is None and found.why is None:
            return found
        person = person_of(fact)
        erasures = self.basis.facts.own(PersonErased)
        if any(one.data.person_id == person and fact.recorded <= one.recorded for one in erasures):
            return Opened(None, "erased")
        return found

    def private(self, fact: AnyFact, path: Path, missing: Pair) -> Cell:
        """A personal value as it is printed: itself, or in words why it cannot be."""
        found = self.personal(fact, path)
        if found.value is not None:
            return found.value
        if found.why is None:
            return cell(self.pick(missing), tone="fill")
        return cell(self.pick(HIDDEN[found.why]), tone="fill")


HIDDEN: Mapping[Why, Pair] = {
    "erased": ("[erased: this person's data were deleted]", "[effacé : les données de cette personne sont supprimées]"),
    "unavailable": ("[not readable: the key is missing]", "[illisible : la clé manque]"),
    "withheld": ("[sealed: not shown to this role]", "[scellé : non montré à ce rôle]"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document without what all have in common. ``events`` are the facts it rests on, ``source#id``.

    ``annex`` None: no letter. A letter stands alone; what the ledger says of it comes on pages of its own.
    """

    title: str
    about: str
    blocks: tuple[Block, ...]
    events: tuple[str, ...]
    bearings: tuple[Mapping[str, Any], ...] = ()
    annex: tuple[Block, ...] | None = None


class Voice:
    """The words of a document by name, in its language, with what is filled into them."""

    def __init__(self, words: Mapping[str, Pair], lang: Lang) -> None:
        self._words = words
        self._lang = lang

    def __call__(self, name: str, /, **values: object) -> str:
        """The words; a value is never read as words to fill."""
        found = pick(self._words[name], self._lang)
        return found.format(**values) if values else found


def month_of(text: str) -> tuple[Instant, Instant]:
    """The Paris month ``YYYY-MM`` as instants, half-open."""
    first = date.fromisoformat(f"{text}-01")
    return start_of_day(first), start_of_day(add_months(first, 1))
