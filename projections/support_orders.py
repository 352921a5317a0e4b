"""Order forms that change the time a support commitment allows, where the text lets special conditions derogate.

The changed time holds for tickets opened from the order on. Its clock stays that of the text.
"""

from dataclasses import dataclass

from domain.agreements.model import Agreement
from domain.agreements.section import Rule
from domain.errors import InvalidDelayError
from domain.events.contract import DerogationRecorded
from domain.fact import Fact
from domain.time.delay import TimeRules, compute, parse_delay
from domain.time.instant import Instant
from projections.basis import Basis
from projections.findings import Finding, refs

Order = Fact[DerogationRecorded]
_DURATIONS = TimeRules()


@dataclass(frozen=True, slots=True)
class Orders:
    """The changed times by commitment (full id), oldest first, and the orders that change nothing."""

    by_commitment: dict[str, tuple[tuple[Order, int], ...]]
    findings: tuple[Finding, ...]

    def allowed(self, commitment: str, written: int, instant: int) -> tuple[int, tuple[Order, ...]]:
        """The microseconds allowed for a ticket opened at an instant, and the order that says so, if one does."""
        allowed = written
        order: tuple[Order, ...] = ()
        for fact, changed in self.by_commitment.get(commitment, ()):
            if fact.time <= instant:
                allowed, order = changed, (fact,)
        return allowed, order


def orders_of(basis: Basis) -> Orders:
    """The orders of the contract that name a support commitment of a text in force."""
    found: dict[str, list[tuple[Order, int]]] = {}
    findings: list[Finding] = []
    for fact in basis.facts.own(DerogationRecorded):
        named = _commitment(basis, fact)
        if named is None:
            continue
        agreement, rule = named
        allowed = duration(fact.data.value or "")
        admits = agreement.measurement is not None and agreement.measurement.derogation is not None
        if allowed is None or not admits or not fact.data.derogation_wording:
            findings.append(_without_effect(agreement, rule, fact))
        else:
            found.setdefault(agreement.full_id(rule.id), []).append((fact, allowed))
    return Orders({name: tuple(changes) for name, changes in found.items()}, tuple(findings))


def duration(text: str) -> int | None:
    """The microseconds of a delay in minutes or hours, None for any other text."""
    try:
        delay = parse_delay(text)
    except InvalidDelayError:
        return None
    if not all(part.unit in ("minutes", "hours") and part.amount > 0 for part in delay.parts):
        return None
    return compute(Instant(0), delay, _DURATIONS).due


def _commitment(basis: Basis, fact: Order) -> tuple[Agreement, Rule] | None:
    document, _, short = (fact.data.rule or "").partition("/")
    for agreement in basis.terms.governing(max(fact.time, basis.terms.start)):
        if agreement.id == document and agreement.support is not None:
            return next(((agreement, rule) for rule in agreement.support.commitment if rule.id == short), None)
    return None


def _without_effect(agreement: Agreement, rule: Rule, fact: Order) -> Finding:
    return Finding(
        "derogation-without-effect", agreement.full_id(rule.id), rule.clause,
        f"Order {fact.data.order} sets {fact.data.value}, without the wording, a delay in hours or minutes, or a text "
        "that lets it: the time of the text stands.",
        f"La commande {fact.data.order} fixe {fact.data.value}, sans la formule requise, sans délai en heures ou "
        "minutes, ou sans texte qui le permette : le délai du texte demeure.",
        refs([fact]),
    )  # fmt: skip
