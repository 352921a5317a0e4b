"""Which text's penalty rule applies to a row, and what special conditions changed in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from domain.agreements.model import Agreement
from domain.agreements.penalty import Formula, Penalty, PenaltyRule
from domain.agreements.section import Rule
from domain.events.contract import DerogationRecorded
from domain.fact import Fact
from domain.readings import Readings
from projections.basis import Basis
from projections.findings import Finding
from projections.indicator_row import IndicatorRow

NONE = "none"
OWN = "own"


@dataclass(frozen=True, slots=True)
class Source:
    """The text whose penalty rule applies, or None; ``lead`` is the text that governs the row."""

    lead: Agreement
    agreement: Agreement | None

    @property
    def penalty(self) -> Penalty | None:
        """The penalty section of that text."""
        return None if self.agreement is None else self.agreement.penalty


def source_of(basis: Basis, row: IndicatorRow) -> Source:
    """The text that says what a breach of the row costs: the governing text's own, or the one it sends back to.

    The governing text is the prevailing one, at the end of the period, that holds or incorporates the row's table.
    """
    texts = basis.terms.governing(row.end - 1)
    table = row.agreement
    assert table is not None, "a breached row has a promise, and a promise a document"
    lead = next((text for text in texts if text.id == table.id or table.id in text.incorporates), None)
    if lead is None:
        lead = texts[0] if texts else table
    named = lead.sla.penalties
    reference = None if lead.penalty is None else lead.penalty.reference
    if reference is not None:
        named = reference.under(basis.readings.at(row.end).get).document or named
    if named == NONE:
        return Source(lead, None)
    if named == OWN:
        agreement = lead
    else:
        agreement = next((text for text in texts if text.id == named), None) or basis.catalogue.agreement(named)
    has_rule = agreement.penalty is not None and agreement.penalty.rule
    return Source(lead, agreement if has_rule else None)


def punished(penalty: Penalty, row: IndicatorRow, readings: Readings) -> PenaltyRule | None:
    """The rule that punishes a line of this kind, as it stands under the readings; None where none does."""
    for rule in penalty.rule:
        if rule.indicators and row.terms.id not in rule.indicators:
            continue
        chosen = rule.under(readings.get)
        if row.terms.metric in chosen.metrics:
            return chosen
    return None


@dataclass(frozen=True, slots=True)
class Derogations:
    """What special conditions changed, by full rule id, oldest first; ``findings`` are those without effect."""

    by_rule: dict[str, tuple[tuple[Fact[DerogationRecorded], Decimal], ...]]
    findings: tuple[Finding, ...]

    def figure(self, rule: str, default: Decimal, instant: int) -> tuple[Decimal, tuple[Fact[DerogationRecorded], ...]]:
        """The figure of a rule at an instant and the fact that set it: the last derogation made before."""
        chosen = default
        facts: tuple[Fact[DerogationRecorded], ...] = ()
        for fact, value in self.by_rule.get(rule, ()):
            if fact.time < instant:
                chosen, facts = value, (fact,)
        return chosen, facts


def derogations_of(basis: Basis, sources: Iterable[Agreement]) -> Derogations:
    """The derogations to penalty figures: ceilings (percent) and the factor of a formula.

    One without derogation wording, to a limit that admits none, or that is no figure, has no effect and raises a
    finding.
    """
    replaceable: dict[str, tuple[Agreement, Rule, bool]] = {}
    for agreement in sources:
        if agreement.penalty is None:
            continue
        for cap in agreement.penalty.cap:
            replaceable[agreement.full_id(cap.id)] = (agreement, cap, cap.derogable)
        for rule in agreement.penalty.rule:
            if isinstance(rule, Formula):
                replaceable[agreement.full_id(rule.id)] = (agreement, rule, True)
    by_rule: dict[str, list[tuple[Fact[DerogationRecorded], Decimal]]] = {}
    findings: list[Finding] = []
    for fact in basis.facts.own(DerogationRecorded):
        target = replaceable.get(fact.data.rule or "")
        if target is None:
            continue
        agreement, changed, derogable = target
        value = _decimal(fact.data.value)
        if not derogable:
            findings.append(_not_derogable(agreement, changed, fact))
        elif not fact.data.derogation_wording or value is None:
            findings.append(_without_effect(agreement, changed, fact))
        else:
            by_rule.setdefault(agreement.full_id(changed.id), []).append((fact, value))
    return Derogations({rule: tuple(found) for rule, found in by_rule.items()}, tuple(findings))


def _decimal(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text or "")
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def _not_derogable(agreement: Agreement, rule: Rule, fact: Fact[DerogationRecorded]) -> Finding:
    return Finding(
        "derogation-refused",
        agreement.full_id(rule.id),
        rule.clause,
        f"Order {fact.data.order} sets {fact.data.value}, but this limit admits no derogation: it stands.",
        f"La commande {fact.data.order} fixe {fact.data.value}, mais cette limite n'en admet aucune : elle demeure.",
        (fact.ref,),
    )


def _without_effect(agreement: Agreement, rule: Rule, fact: Fact[DerogationRecorded]) -> Finding:
    return Finding(
        "derogation-without-effect",
        agreement.full_id(rule.id),
        rule.clause,
        f"Order {fact.data.order} sets {fact.data.value} without derogation wording, or not as a figure: no effect.",
        f"La commande {fact.data.order} fixe {fact.data.value} sans clause dérogatoire ou sans nombre : sans effet.",
        (fact.ref,),
    )
