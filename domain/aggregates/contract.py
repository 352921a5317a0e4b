"""Contract: signed once, each document once; documents and readings are those the catalogue knows.

A fact about a contract whose signature is not known yet is accepted: what a provider does to every client, or a
client does early, is true before the ledger hears of the signature.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, assert_never

from domain.aggregates.verdict import ACCEPT, Known, Refuse, Thing, Verdict
from domain.events.contract import (
    ContractDocumentSigned,
    ContractEnded,
    ContractRevisionAccepted,
    ContractRevisionNotified,
    ContractRevisionRefused,
    ContractSigned,
    ReadingSelected,
)
from domain.fact import Fact

Revision = ContractRevisionNotified | ContractRevisionAccepted | ContractRevisionRefused
ContractFact = Fact[ContractSigned | ContractDocumentSigned | Revision | ContractEnded | ReadingSelected]

CONTRACT = Thing("contract", "contract", "contrat", "le contrat")


@dataclass(frozen=True, slots=True)
class State:
    """Whether the contract was signed, the documents signed with or after it, and those that were replaced."""

    signed: bool = False
    documents: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()


INITIAL = State()


def key(_: Any) -> str:
    """A contract is its subject: one stream each."""
    return ""


def decide(state: State, fact: ContractFact, known: Known) -> Verdict:
    """Refuse a second signature, and a document, provider or reading that no text knows."""
    data = fact.data
    match data:
        case ContractSigned():
            if state.signed:
                return Refuse(
                    f"The contract {fact.subject} was already signed: a contract is signed once.",
                    f"Le contrat {fact.subject} est déjà signé : un contrat ne se signe qu'une fois.",
                )
            return (
                _named("provider", "prestataire", (data.provider,), known.providers)
                or _named("document", "document", data.documents, known.documents)
                or _signed_twice(state, data.documents)
                or ACCEPT
            )
        case ContractDocumentSigned():
            named = (data.document,) if data.replaces is None else (data.document, data.replaces)
            return (
                _named("document", "document", named, known.documents)
                or _replaces_itself(data)
                or _signed_twice(state, (data.document,))
                or ACCEPT
            )
        case ContractRevisionNotified() | ContractRevisionAccepted() | ContractRevisionRefused():
            return _named("document", "document", (data.document,), known.documents) or ACCEPT
        case ReadingSelected():
            return _reading(data, known) or ACCEPT
        case ContractEnded():
            return ACCEPT
        case _:
            assert_never(data)


def evolve(state: State, fact: ContractFact) -> State:
    """The contract after the fact."""
    data = fact.data
    match data:
        case ContractSigned():
            return replace(state, signed=True, documents=state.documents.union(data.documents))
        case ContractDocumentSigned():
            replaced = state.replaced if data.replaces is None else state.replaced | {data.replaces}
            return replace(state, documents=state.documents | {data.document}, replaced=replaced)
        case (
            ContractRevisionNotified()
            | ContractRevisionAccepted()
            | ContractRevisionRefused()
            | ReadingSelected()
            | ContractEnded()
        ):
            return state
        case _:
            assert_never(data)


def _signed_twice(state: State, documents: tuple[str, ...]) -> Verdict | None:
    """A document is signed once, unless another replaced it meanwhile and the parties came back to it."""
    for position, document in enumerate(documents):
        if document in documents[:position] or (document in state.documents and document not in state.replaced):
            return Refuse(
                f"The document '{document}' is already signed: a document is signed once.",
                f"Le document « {document} » est déjà signé : un document ne se signe qu'une fois.",
                correctable=document not in documents[:position],
            )
    return None


def _replaces_itself(data: ContractDocumentSigned) -> Verdict | None:
    if data.document != data.replaces:
        return None
    return Refuse(
        f"The document '{data.document}' cannot replace itself.",
        f"Le document « {data.document} » ne peut se remplacer lui-même.",
    )


def _named(en: str, fr: str, names: Iterable[str], known: Iterable[str] | None) -> Verdict | None:
    """Refuse a name that is not known, and say which known one is near."""
    if known is None:
        return None
    for name in names:
        if name not in known:
            near = get_close_matches(name, sorted(known), n=1)
            hint, hint_fr = (f" Did you mean '{near[0]}'?", f" Vouliez-vous dire « {near[0]} » ?") if near else ("", "")
            return Refuse(f"No {en} is known as '{name}'.{hint}", f"Aucun {fr} n'est connu sous « {name} ».{hint_fr}")
    return None


def _reading(data: ReadingSelected, known: Known) -> Verdict | None:
    if known.readings is None:
        return None
    unknown = _named("reading", "paramètre de lecture", (data.parameter,), known.readings)
    if unknown is not None:
        return unknown
    values = sorted(known.readings[data.parameter])
    if data.value in values:
        return None
    return Refuse(
        f"The reading '{data.parameter}' has the values {', '.join(values)}, not '{data.value}'.",
        f"La lecture « {data.parameter} » a pour valeurs {', '.join(values)}, et non « {data.value} ».",
    )
