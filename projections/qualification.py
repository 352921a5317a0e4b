"""Whether the contract's services are qualified, as a state, and what a reader must know of it.

A fact about the provider concerns the contracts that have the service it names. A fact about the contract itself
concerns its service whatever label it was given, unless the label is that of another agreement.
"""

from dataclasses import dataclass
from typing import Any

from domain.agreements.model import Agreement
from domain.agreements.qualification import Qualification
from domain.agreements.section import Rule
from domain.events.qualification import QualificationLost, QualificationModified
from domain.fact import Fact
from domain.time.instant import Instant
from projections.basis import Basis
from projections.findings import Finding, refs
from projections.shareholding import shareholding_findings
from projections.standing import KINDS, WORST_FIRST, Event, Reading, Standing, standing


@dataclass(frozen=True, slots=True)
class QualifiedService:
    """One service of the contract: its label, the document that speaks of it first, and where it stands."""

    label: str
    agreement: Agreement
    terms: Qualification
    standing: Standing


@dataclass(frozen=True, slots=True)
class QualificationLoss:
    """A qualification the contract relied on ended at ``at`` while the contract was in force.

    ``fact`` says so, or is the decision whose validity ended where a reading takes that for a loss; it is None where
    the text itself printed the date.
    """

    at: Instant
    service: str
    agreement: Agreement
    fact: Fact[Event] | None


def qualification(basis: Basis) -> tuple[dict[str, Any], list[Finding]]:
    """The state of the contract's qualification at ``basis.at``, the worst of its services, and the findings."""
    services = qualified_services(basis, basis.at)
    findings = [finding for service in services for finding in _findings(basis, service)]
    findings += shareholding_findings(basis)
    if not services:
        return {"state": "unknown", "decision": None, "valid_until": None, "clause": None, "events": []}, findings
    worst = min(services, key=lambda service: WORST_FIRST.index(service.standing.state))
    answer = _json(basis, worst)
    if len(services) > 1:
        answer["services"] = [{"service": service.label, **_json(basis, service)} for service in services]
    return answer, findings


def loss_opens_duty(basis: Basis, fact: Fact[QualificationLost], agreement: Agreement | None = None) -> bool:
    """Whether a recorded loss opens duties of the contract, or of one document in force at the fact.

    It does when the contract was in force and the service held: by a decision, even lapsed, or by the text's own word.
    """
    return any(
        loss.fact is not None and loss.fact.ref == fact.ref and (agreement is None or loss.agreement.id == agreement.id)
        for loss in losses(basis, fact.time)
    )


def losses(basis: Basis, at: Instant | None = None) -> tuple[QualificationLoss, ...]:
    """The losses up to an instant (``basis.at``) of services the contract had while it was in force, by time."""
    found: dict[tuple[str, int], QualificationLoss] = {}
    limit = basis.at if at is None else at
    moments = {limit, *(fact.time for fact in basis.facts.of(QualificationLost) if fact.time <= limit)}
    for moment in sorted(moments):
        for service in qualified_services(basis, moment):
            for loss in service.standing.losses:
                if basis.terms.in_force(loss.at) and service.label in _labels(basis, loss.at):
                    found.setdefault(
                        (service.label, loss.at),
                        QualificationLoss(loss.at, service.label, _labels(basis, loss.at)[service.label], loss.fact),
                    )
    return tuple(sorted(found.values(), key=lambda loss: (loss.at, loss.service)))


def qualified_services(basis: Basis, at: Instant) -> list[QualifiedService]:
    """The services that the texts in force at an instant speak of, and where they stand then."""
    labels = _labels(basis, at)
    told: dict[str, list[Fact[Event]]] = {label: [] for label in labels}
    for kind in KINDS if labels else ():
        for fact in basis.facts.of(kind):
            label = _label(basis, fact, labels)
            if label is not None and fact.time <= at:
                told[label].append(fact)
    found = []
    for label, agreement in labels.items():
        terms = agreement.qualification
        assert terms is not None
        facts = sorted(told[label], key=lambda fact: fact.order)
        state = standing(terms, facts, at, _reading(basis, agreement))
        found.append(QualifiedService(label, agreement, terms, state))
    return found


def _labels(basis: Basis, at: int) -> dict[str, Agreement]:
    """The labels of the contract's services at an instant, each with the document that speaks of it."""
    labels: dict[str, Agreement] = {}
    for agreement in basis.terms.governing(at):
        for label in () if agreement.qualification is None else agreement.qualification.services:
            labels.setdefault(label, agreement)
    return labels


def _label(basis: Basis, fact: Fact[Event], labels: dict[str, Agreement]) -> str | None:
    """Which of the contract's services a fact is about, None when it is about another."""
    service = fact.data.service
    if service in labels:
        return service
    if fact.subject != basis.contract or len(labels) != 1 or service in _known_labels(basis):
        return None
    return next(iter(labels))


def _known_labels(basis: Basis) -> set[str]:
    """Every label that an agreement of the same provider gives to a service."""
    agreements = basis.catalogue.of_provider(basis.terms.provider)
    return {label for a in agreements if a.qualification is not None for label in a.qualification.services}


def _reading(basis: Basis, agreement: Agreement) -> Reading:
    return lambda instant, parameter: basis.readings.at(instant).get(parameter, agreement.id)


def _json(basis: Basis, service: QualifiedService) -> dict[str, Any]:
    """One service as statements print it."""
    terms, found = service.terms, service.standing
    clause = terms.initial.clause
    if found.state == "lost":
        clause = terms.loss.clause
    elif found.valid_until is not None:
        clause = terms.validity.clause
    row: dict[str, Any] = {
        "state": found.state,
        "decision": found.decision,
        "valid_until": None if found.valid_until is None else found.valid_until.isoformat(),
        "clause": clause,
        "events": list(refs(found.facts)),
    }
    if terms.condition:
        row["conditions"] = [
            {
                "rule": service.agreement.full_id(condition.id),
                "clause": condition.clause,
                "binding": condition.binding,
                "channels": list(condition.channels),
            }
            for condition in terms.condition
        ]
    if terms.decree is not None:
        reading = _reading(basis, service.agreement)
        row["decree"] = terms.decree.under(lambda name: reading(basis.at, name)).number
    return row


MESSAGES = {
    "qualification-lapsed": (
        "The qualification of {service} ran out on {until}, not renewed: a right to terminate is to be reviewed.",
        "La qualification de {service} a expiré le {until} au soir, sans renouvellement : droit de résilier à étudier.",
    ),
    "qualification-lost": (
        "The qualification of {service} is lost: the client may terminate without penalty.",
        "La qualification de {service} est perdue : le client peut résilier sans pénalité.",
    ),
    "qualification-modified": (
        "The qualification of {service} was modified: this is not a loss and opens no right to terminate.",
        "La qualification de {service} a été modifiée : ce n'est pas une perte, aucun droit de résilier n'en naît.",
    ),
    "nothing-to-lose": (
        "A loss of the qualification of {service} was recorded, but it had not been granted: it opens nothing.",
        "Une perte de la qualification de {service} est enregistrée alors qu'elle n'était pas acquise : sans effet.",
    ),
}


def _findings(basis: Basis, service: QualifiedService) -> list[Finding]:
    """What a reader must know of one service."""
    terms, found = service.terms, service.standing
    notes: list[tuple[str, Rule, tuple[Fact[Any], ...]]] = []
    if found.state == "lapsed":
        notes.append(("qualification-lapsed", terms.validity, found.facts))
    end = basis.terms.end
    if found.state == "lost" and (end is None or any(loss.at < end for loss in found.losses)):
        notes.append(("qualification-lost", terms.loss, found.facts))
    notes += [
        ("qualification-modified", terms.modification, (fact,))
        for fact in found.facts
        if isinstance(fact.data, QualificationModified) and basis.terms.in_force(fact.time)
    ]
    notes += [("nothing-to-lose", terms.initial, (fact,)) for fact in found.futile]
    words = {"service": service.label, "until": found.valid_until}
    return [
        Finding(
            code, service.agreement.full_id(rule.id), rule.clause,
            MESSAGES[code][0].format(**words), MESSAGES[code][1].format(**words), refs(facts),
        )
        for code, rule, facts in notes
    ]  # fmt: skip
