"""Which aggregate decides about which type of fact, and the stream a fact belongs to.

Streams are small: one per outage, ticket, invoice …, so that taking in the millionth fact costs what the first did.
Modules are imported when the first of their facts is met.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from domain.aggregates.verdict import ACCEPT, NOTHING_KNOWN, Accept, Known, Refuse, Verdict, Wait
from domain.events.registry import PREFIX, topic_of
from domain.fact import AnyFact

__all__ = [
    "Accept",
    "Aggregate",
    "Known",
    "Refuse",
    "State",
    "Verdict",
    "Wait",
    "aggregate_of",
    "decide",
    "evolve",
    "stream_of",
]

State = Any
"""The state of some aggregate; None stands for the stream that has no fact yet."""

PROVIDER = "provider:"
_BY_MODULE = {
    "contract": (
        "contract.signed",
        "contract.document-signed",
        "contract.revision-notified",
        "contract.revision-accepted",
        "contract.revision-refused",
        "contract.ended",
        "reading.selected",
    ),
    "outage": (
        "outage.recorded",
        "outage.ended",
        "outage.cause-established",
        "outage.corrected",
        "outage.retracted",
        "reserve.notified",
    ),
    "maintenance": ("maintenance.announced", "maintenance.performed", "maintenance.cancelled"),
    "ticket": (
        "ticket.opened",
        "ticket.completed",
        "ticket.qualified",
        "ticket.answered",
        "ticket.waiting-for-client",
        "ticket.client-replied",
        "ticket.resolved",
        "ticket.reopened",
    ),
    "incident": ("incident.opened", "incident.closed"),
    "request": ("personal-data-request.received", "personal-data-request.answered"),
    "contact": ("contact.designated", "contact.withdrawn"),
    "erasure": ("person.erased",),
    "invoice": ("invoice.issued", "invoice.paid", "invoice.disputed"),
    "claim": ("penalty.claimed", "penalty.accepted", "penalty.rejected"),
    "formal_notice": ("formal-notice.sent", "breach.remedied"),
    "identity_anomaly": ("identity-anomaly.notified", "identity-anomaly.answered"),
    "termination": ("termination.notified", "termination.acknowledged", "termination.withdrawn"),
    "recovery": ("recovery-service.ordered", "recovery-service.paid", "recovery-service.delivered"),
    "image": ("image.shared", "image.share-ended"),
    "hold": ("hold.placed", "hold.released"),
    "notice": ("notice.sent", "notice.received"),
    "named": ("snapshot.taken", "compliance.changed", "liability.recorded", "deletion.requested"),
}
_MODULES = {f"{PREFIX}{name}.v1": module for module, names in _BY_MODULE.items() for name in names}
_OF_CONTRACTS_ALONE = frozenset(
    f"{PREFIX}{name}.v1"
    for name in ("contract.signed", "contract.document-signed", "contract.ended", "reading.selected")
)
_OF_PROVIDERS_ALONE = frozenset({f"{PREFIX}region.zone-opened.v1"})


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The rules of one kind of thing: ``key`` gives its id, ``decide`` and ``evolve`` are pure."""

    kind: str
    initial: State
    key: Callable[[Any], str]
    decide: Callable[[State, AnyFact, Known], Verdict]
    evolve: Callable[[State, AnyFact], State]


def aggregate_of(model: type[Any]) -> Aggregate | None:
    """The aggregate that decides about facts of this class; None where any fact can be true beside any other."""
    return _aggregate(topic_of(model))


@cache
def _aggregate(topic: str) -> Aggregate | None:
    name = _MODULES.get(topic)
    if name is None:
        return None
    module = import_module(f"domain.aggregates.{name}")
    return Aggregate(name.replace("_", "-"), module.INITIAL, module.key, module.decide, module.evolve)


def stream_of(fact: AnyFact) -> tuple[str, str]:
    """(kind, id) of the stream, within the fact's subject. A fact no other fact can contradict is a stream alone."""
    aggregate = aggregate_of(type(fact.data))
    return kind_of(type(fact.data)), fact.ref if aggregate is None else aggregate.key(fact.data)


def kind_of(model: type[Any]) -> str:
    """The kind of the streams of facts of this class."""
    aggregate = aggregate_of(model)
    return topic_of(model).removeprefix(PREFIX).rpartition(".")[0] if aggregate is None else aggregate.kind


def decide(state: State, fact: AnyFact, known: Known = NOTHING_KNOWN) -> Verdict:
    """Whether the fact can be true after the facts its stream already holds. Pure; the time is the fact's own."""
    wrong = wrong_subject(fact, known)
    if wrong is not None:
        return wrong
    aggregate = aggregate_of(type(fact.data))
    if aggregate is None:
        return ACCEPT
    return aggregate.decide(aggregate.initial if state is None else state, fact, known)


def evolve(state: State, fact: AnyFact) -> State:
    """The state of the stream after an accepted fact. Never refuses: rules may tighten, the past stays readable."""
    aggregate = aggregate_of(type(fact.data))
    if aggregate is None:
        return None
    return aggregate.evolve(aggregate.initial if state is None else state, fact)


def of_providers_alone(model: type[Any]) -> bool:
    """Whether facts of this class are said of a provider only."""
    return topic_of(model) in _OF_PROVIDERS_ALONE


def wrong_subject(fact: AnyFact, known: Known) -> Refuse | None:
    """A fact of a contract said of a provider, or the reverse, or of a provider no agreement knows."""
    topic = topic_of(type(fact.data))
    if not fact.subject.startswith(PROVIDER):
        if topic not in _OF_PROVIDERS_ALONE:
            return None
        return Refuse(
            f"The subject must be a provider ('{PROVIDER}…'), not '{fact.subject}'.",
            f"Le sujet doit être un prestataire (« {PROVIDER}… »), et non « {fact.subject} ».",
        )
    if topic in _OF_CONTRACTS_ALONE:
        return Refuse(
            f"The subject must be a contract, not '{fact.subject}'.",
            f"Le sujet doit être un contrat, et non « {fact.subject} ».",
        )
    name = fact.subject.removeprefix(PROVIDER)
    if known.providers is not None and name not in known.providers:
        return Refuse(f"No provider is known as '{name}'.", f"Aucun prestataire n'est connu sous « {name} ».")
    return None
