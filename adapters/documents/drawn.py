"""Draws a document up: from an intake of facts and a question to the document's values, with what proves the facts."""

from dataclasses import dataclass, field, replace
from typing import Any

from pydantic_core import from_json

from adapters.eventstore.store import Store
from adapters.privacy.opening import Opening
from domain.agreements.catalogue import Catalogue
from domain.events.personal import DATA, PERSONAL, Path, names_of
from domain.fact import AnyFact
from domain.readings import Switches, select
from projections.basis import Basis
from projections.comparison import Side, compared, side_of
from projections.documents.drawing import (
    FROM_FILES,
    Asked,
    Checkpoint,
    Drawing,
    NotDrawnError,
    Opened,
    Opens,
    Other,
    Proof,
    as_recorded,
)
from projections.documents.kinds import document
from projections.figures import Lang
from projections.intake import Intake, taken_as_signed
from projections.replay import Question, bases
from projections.statement import Derived, derive

DOSSIER = "dispute-dossier"


@dataclass(frozen=True, slots=True)
class Order:
    """What is ordered: a kind, in a language, which one of it, and the two sides of a dispute as ``greffe diff`` says.

    ``address`` is the public address of the console, empty where there is none.
    """

    kind: str
    lang: Lang
    asked: Asked = field(default_factory=Asked)
    reading: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves the facts, and who may read their persons' values."""

    proof: Proof = FROM_FILES
    opens: Opens = as_recorded


def drawn(
    intake: Intake,
    question: Question,
    order: Order,
    evidence: Evidence,
    *,
    catalogue: Catalogue,
    switches: Switches,
) -> dict[str, Any]:
    """The document. Raises NotDrawnError where there is nothing to draw it up of, and what a side may raise."""
    if order.kind != DOSSIER:
        return document(order.kind, drawing_of(intake, question, order, evidence, catalogue), order.asked)
    sides = side_of(order.reading), side_of(order.against)
    common = question.at, question.known_at, question.contract
    found = compared(intake, sides, common, catalogue, switches)
    asked, facts = _of_side(intake, sides[0], question, switches)
    drawing = drawing_of(facts, asked, order, evidence, catalogue)
    asked, facts = _of_side(intake, sides[1], question, switches)
    basis, derived = _derived(facts, asked, catalogue)
    return document(order.kind, replace(drawing, other=Other(basis, derived, found)), order.asked)


def drawing_of(intake: Intake, question: Question, order: Order, evidence: Evidence, catalogue: Catalogue) -> Drawing:
    """What a document of a contract is drawn up from. Raises NotDrawnError where it was not signed by then."""
    basis, derived = _derived(intake, question, catalogue)
    return Drawing(
        basis=basis,
        derived=derived,
        known_at=question.known_at,
        readings=question.readings,
        lang=order.lang,
        proof=evidence.proof,
        opens=evidence.opens,
        address=order.address,
    )


def evidence_of(store: Store, contract: str, *, opens: bool) -> Evidence:
    """What a ledger has to prove the facts of a contract; ``opens``: whether the asker reads the values of persons."""
    made = store.checkpoint()
    proof = Proof(None, "never")
    if made is not None:
        later = sum(leaf.idx >= made.size for leaf in store.leaves_of(contract, store.log_size()))
        proof = Proof(Checkpoint(store.log_origin(), made.size, made.root.hex(), made.made, later))
    return Evidence(proof, _Seals(store).opened if opens else withheld)


def withheld(fact: AnyFact, path: Path) -> Opened:
    """A personal value for who may not read it: whether there is one."""
    return Opened(None) if as_recorded(fact, path).value is None else Opened(None, "withheld")


class _Seals:
    """Opens the sealed values of one ledger; the events of a subject are read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._states: dict[str, dict[str, bytes]] = {}

    def opened(self, fact: AnyFact, path: Path) -> Opened:
        """A personal value, or why it cannot be read."""
        if as_recorded(fact, path).value is None:
            return Opened(None)
        state = self._of(fact.subject).get(fact.ref)
        found = None if state is None else Opening(self._store).fields(state).get(names_of((DATA, *path)))
        if found is None or found.why == "unavailable":
            return Opened(None, "unavailable")
        return Opened(found.value, "erased" if found.why == "erased" else None)

    def _of(self, subject: str) -> dict[str, bytes]:
        known = self._states.get(subject)
        if known is None:
            known = self._states[subject] = {}
            for entry in self._store.entries_of(subject):
                if entry.topic in PERSONAL:
                    event = from_json(entry.state)["event"]
                    known[f"{event['source']}#{event['id']}"] = entry.state
        return known


def _derived(intake: Intake, question: Question, catalogue: Catalogue) -> tuple[Basis, Derived]:
    for contract, basis, notes in bases(intake, question, catalogue):
        if contract == question.contract and basis is not None:
            return basis, derive(basis, notes)
    raise NotDrawnError(
        f"No known fact says that contract {question.contract} was signed by then.",
        f"Aucun fait connu n'établit que le contrat {question.contract} était signé alors.",
    )


def _of_side(intake: Intake, side: Side, common: Question, switches: Switches) -> tuple[Question, Intake]:
    """The question and the facts of one side of a dispute."""
    at, known_at = (
        common.at if side.at is None else side.at,
        common.known_at if side.known_at is None else side.known_at,
    )
    facts = intake if side.documents is None else taken_as_signed(intake, side.documents)
    return Question(at, known_at, select(switches, side.words), common.contract), facts
