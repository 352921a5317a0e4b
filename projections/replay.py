"""Replay: facts in any order in, statements out. Used for files, for disputes, and to check the live state."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from domain.aggregates.admission import Known, Things, admit, known_since
from domain.agreements.catalogue import Catalogue
from domain.events.billing import InvoiceIssued
from domain.events.contract import ContractSigned, ReadingSelected
from domain.fact import AnyFact, Fact
from domain.readings import Readings, ReadingTimeline
from domain.time.instant import Instant
from projections.basis import Basis
from projections.clients import Clients, asks_for_all, bears_on_clients, invoices_in, selects_client_wide
from projections.facts import FactBook, counts
from projections.findings import Finding
from projections.intake import Intake, as_known
from projections.known import known_names
from projections.statement import Derived, derive, nothing
from projections.terms import terms_of

PROVIDER = "provider:"
WHOLE = (0, 1)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the facts: at which date, as known when, under which readings, for which contract."""

    at: Instant
    known_at: Instant
    readings: Readings
    contract: str | None = None


def replay(
    intake: Intake, question: Question, catalogue: Catalogue, share: tuple[int, int] = WHOLE
) -> Iterator[tuple[str, Derived]]:
    """(contract, everything derived) for each contract, sorted by id; one contract is worked out at a time.

    ``share`` (k, n) asks for every n-th contract only, from the k-th on: n workers that take a share each do the whole.
    """
    for contract, basis, notes in bases(intake, question, catalogue, share):
        yield contract, nothing(notes) if basis is None else derive(basis, notes)


def bases(
    intake: Intake, question: Question, catalogue: Catalogue, share: tuple[int, int] = WHOLE
) -> Iterator[tuple[str, Basis | None, tuple[Finding, ...]]]:
    """(contract, basis or None when it was never signed, findings about its facts), sorted by contract."""
    intake = as_known(intake, question.known_at)
    subjects = by_subject(intake.facts.values(), question)
    known = known_names(catalogue, question.readings)
    notes: dict[str, list[Finding]] = defaultdict(list)
    for first, second in intake.conflicts:
        if counts(second, question.at, question.known_at):
            notes[second.subject].append(_conflict(first))
    providers = {}
    for subject in [s for s in subjects if s.startswith(PROVIDER)]:
        providers[subject] = _book(subject, subjects.pop(subject), known, notes)
    shared = known_since((fact for book in providers.values() for fact in book), known)
    others: dict[str, tuple[Fact[InvoiceIssued], ...]] | None = None
    everything = dict(subjects)
    contracts = sorted({*subjects, *(s for s in notes if not s.startswith(PROVIDER))})
    if question.contract is not None:
        contracts = [contract for contract in contracts if contract == question.contract]
    for contract in contracts[share[0] :: share[1]]:
        book = _book(contract, subjects.pop(contract, []), known, notes, shared)
        basis = basis_of(contract, book, providers, question, catalogue)
        if basis is not None and asks_for_the_client(basis):
            if others is None:
                others = _invoices_beside(everything, known)
            basis = replace(basis, client_invoices=others.get(contract, ()))
        if basis is None:
            notes[contract].append(UNSIGNED)
            yield contract, None, tuple(notes[contract])
        else:
            yield contract, basis, (*notes[contract], *notes[f"{PROVIDER}{basis.terms.provider}"])


def basis_of(
    contract: str,
    book: FactBook,
    providers: Mapping[str, FactBook],
    question: Question,
    catalogue: Catalogue,
) -> Basis | None:
    """The basis of a statement, or None when no known fact says the contract was signed."""
    timeline = ReadingTimeline(
        question.readings,
        [(fact.time, fact.data.parameter, fact.data.value) for fact in book.own(ReadingSelected)],
    )
    signatures = book.own(ContractSigned)
    if not signatures:
        return None
    facts = book.reading_through(providers.get(f"{PROVIDER}{signatures[0].data.provider}"))
    terms = terms_of(facts, catalogue, timeline)
    return None if terms is None else Basis(contract, facts, terms, timeline, catalogue, question.at)


def by_subject(facts: Iterable[AnyFact], question: Question) -> dict[str, list[AnyFact]]:
    """The facts known and dated as asked, grouped by subject."""
    subjects: dict[str, list[AnyFact]] = defaultdict(list)
    for fact in facts:
        if counts(fact, question.at, question.known_at):
            subjects[fact.subject].append(fact)
    return subjects


def asks_for_the_client(basis: Basis) -> bool:
    """Whether a reading, of the question or of a fact, takes the revenue of all the client's contracts."""
    return asks_for_all(basis.readings.base) or any(map(selects_client_wide, basis.facts.own(ReadingSelected)))


def _invoices_beside(subjects: Mapping[str, list[AnyFact]], known: Known) -> dict[str, tuple[Fact[InvoiceIssued], ...]]:
    """Per contract, the invoices of its client's other contracts; what is not admitted there counts for nobody."""
    clients = Clients()
    invoices: dict[str, tuple[Fact[InvoiceIssued], ...]] = {}
    for contract, facts in subjects.items():
        accepted = admit(filter(bears_on_clients, facts), known).accepted
        for fact in accepted:
            clients.take(fact)
        invoices[contract] = invoices_in(accepted)
    return {
        contract: invoices_in(invoice for other in clients.beside(contract) for invoice in invoices[other])
        for contract in subjects
    }


UNSIGNED = Finding(
    "unsigned-contract",
    None,
    None,
    "No known fact says that this contract was signed: nothing can be derived for it.",
    "Aucun fait connu n'établit la signature de ce contrat : rien ne peut en être déduit.",
)


def _book(
    subject: str,
    facts: list[AnyFact],
    known: Known,
    notes: dict[str, list[Finding]],
    shared: Things = MappingProxyType({}),
) -> FactBook:
    admission = admit(facts, known, shared)
    for fact, verdict in admission.refused:
        notes[subject].append(Finding("refused-fact", None, None, verdict.reason, verdict.reason_fr, (fact.ref,)))
    for fact, wait in admission.waiting:
        notes[subject].append(Finding("waiting-fact", None, None, wait.reason, wait.reason_fr, (fact.ref,)))
    return FactBook(admission.accepted)


def _conflict(first: AnyFact) -> Finding:
    return Finding(
        "conflict",
        None,
        None,
        f"{first.ref} came again with another content; the first one is kept.",
        f"{first.ref} est revenu avec un autre contenu ; le premier est conservé.",
        (first.ref,),
    )
