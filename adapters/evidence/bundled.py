"""What a bundle says again: its facts, texts and readings, replayed on any machine, at any time.

The writer of a bundle and whoever reads it come here, so that the statement in it is the one that a replay gives.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from adapters.catalogue import catalogue_of, switches_of
from adapters.cloudevents import decode_structured
from adapters.evidence.verify import NotProvenError, read_claim, unpack
from adapters.saying import french_of
from domain.agreements.catalogue import Catalogue
from domain.errors import GreffeError
from domain.fact import AnyFact, as_recorded
from domain.readings import Readings, Switches, select
from domain.time.instant import Instant, parse_instant
from projections.basis import Basis
from projections.claimed import QUALIFICATION, Claim, name_of, restricted
from projections.explain.explanation import explain, rows_of
from projections.explain.path import parse_path
from projections.explain.words import explanation_words
from projections.indicator_row import BREACHED
from projections.intake import Intake
from projections.replay import Question, bases
from projections.statement import Derived, derive, nothing, statement_text
from projections.text import statement_words
from projections.titles import titles_of

AGREEMENTS = "agreements/"
LANGUAGES = ("en", "fr")
MOST_EXPLAINED = 50


class BundleError(GreffeError):
    """A bundle cannot be made or read; the text says why, and what to do."""


class Told(NamedTuple):
    """What was derived of the contract: the basis, every row, and the rows that the bundle claims."""

    basis: Basis | None
    whole: Derived
    claimed: Derived


class Bundled:
    """The facts, texts and readings of a bundle, and what it claims of them."""

    def __init__(self, claim: Mapping[str, Any], members: Mapping[str, bytes]) -> None:
        self.contract: str = claim["contract"]
        self.at, self.known_at = parse_instant(claim["at"]), parse_instant(claim["known_at"])
        self.figure: str | None = claim["figure"]
        self.claim = Claim(
            start=None if claim["from"] is None else parse_instant(claim["from"]),
            end=None if claim["to"] is None else parse_instant(claim["to"]),
            rows=claim["rows"],
            left_out=claim["left_out"],
            withheld=claim["withheld"],
        )
        self.facts = facts_in(members["facts.jsonl"])
        self.catalogue: Catalogue = catalogue_of(
            {name.removeprefix(AGREEMENTS): text for name, text in members.items() if name.startswith(AGREEMENTS)}
        )
        self.switches: Switches = switches_of(members["readings.toml"])
        self._told: dict[tuple[object, ...], Told] = {}
        self._words = [f"{name}={value}" for name, value in claim["readings"].items()]

    def readings(self, words: Iterable[str] = ()) -> Readings:
        """The readings of the bundle; with ``words`` (``PARAM=VALUE``), those of the other party."""
        chosen = list(words)
        return select(self.switches, chosen or self._words)

    def told(self, readings: Readings, at: Instant | None = None, known_at: Instant | None = None) -> Told:
        """What the facts give under these readings. Raises BundleError where none of them is known and dated so."""
        moments = (self.at if at is None else at, self.known_at if known_at is None else known_at)
        asked = (*moments, *readings.selected.items())
        if asked not in self._told:
            basis, whole = derived_of(self.facts, Question(*moments, readings, self.contract), self.catalogue)
            self._told[asked] = Told(basis, whole, restricted(whole, self.claim, self.facts))
        return self._told[asked]

    def statement(self, readings: Readings, at: Instant | None = None, known_at: Instant | None = None) -> bytes:
        """The statement as ``greffe replay`` prints it in JSON."""
        told = self.told(readings, at, known_at)
        moments = (self.at if at is None else at, self.known_at if known_at is None else known_at)
        return "".join([*statement_text([(self.contract, told.claimed)], *moments, readings.all()), "\n"]).encode()

    def words(self, readings: Readings, lang: str, at: Instant | None = None, known_at: Instant | None = None) -> str:
        """The statement as people read it."""
        told = self.told(readings, at, known_at)
        moments = (self.at if at is None else at, self.known_at if known_at is None else known_at)
        contracts = [(self.contract, told.claimed)]
        return "".join(statement_words(contracts, *moments, readings, lang=lang, titles=titles_of(self.catalogue)))

    def explanation(self, lang: str) -> str:
        """The statement in words, and how each figure claimed, owed or missed is reached."""
        readings = self.readings()
        told = self.told(readings)
        explained = []
        for path in self._paths(told):
            if told.basis is not None:
                explained += [one.as_json() for one in explain(told.basis, told.whole, path, lang)]
        words = self.words(readings, lang)
        return f"{words}\n{explanation_words(explained, lang)}\n" if explained else words

    def _paths(self, told: Told) -> list[str]:
        """The figure of the bundle; else the penalties and the lines that were not kept."""
        field = None if self.figure is None else parse_path(self.figure).field
        ending = "" if field is None else f".{field}"
        if self.figure is not None and parse_path(self.figure).section == QUALIFICATION:
            return [QUALIFICATION + ending]
        sections = ("penalties", "indicators") if self.figure is None else (parse_path(self.figure).section,)
        found = []
        for section in sections:
            kept = {name_of(section, row.as_json()) for row in rows_of(told.claimed, section)}
            for number, row in enumerate(rows_of(told.whole, section)):
                printed = row.as_json()
                telling = self.figure is not None or section == "penalties" or printed["state"] == BREACHED
                if telling and name_of(section, printed) in kept:
                    found.append(f"{section}.{number}{ending}")
        return found[:MOST_EXPLAINED]


def read_bundle(data: bytes) -> Bundled:
    """The bundle in the bytes of a file, whole but not proven. Raises BundleError."""
    try:
        members = unpack(data)
        return Bundled(read_claim(members), members)
    except NotProvenError as error:
        raise BundleError(f"this is no bundle: {error}", f"ce n'est pas un dossier : {french_of(error)}") from None


def facts_in(lines: bytes) -> list[AnyFact]:
    """The facts that a bundle hands over. Raises UndecodableEventError for a line that is none."""
    return [decode_structured(line) for line in lines.split(b"\n") if line]


def derived_of(facts: Iterable[AnyFact], question: Question, catalogue: Catalogue) -> tuple[Basis | None, Derived]:
    """What the facts of one contract give, and on what basis."""
    intake = Intake()
    for fact in sorted(facts, key=as_recorded):
        intake.add(fact)
    for _, basis, notes in bases(intake, question, catalogue):
        return basis, nothing(notes) if basis is None else derive(basis, notes)
    raise BundleError(
        f"no fact of {question.contract} shown here is known and dated by then",
        f"aucun fait de {question.contract} montré ici n'est connu et daté à ce moment",
    )
