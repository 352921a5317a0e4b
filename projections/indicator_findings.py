"""What a reader must know beside the service levels: contradictions that touched a figure, facts without effect, gaps.

Few and useful: one finding per contract and rule, with its events. No finding changes a figure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from domain.agreements.indicator import Indicator
from domain.agreements.model import Agreement
from domain.events.contract import (
    ContractDocumentSigned,
    ContractRevisionNotified,
    DerogationRecorded,
    RegionZoneOpened,
)
from domain.fact import AnyFact
from domain.time.instant import format_instant, paris_date
from domain.time.interval import subtract, union
from projections.basis import Basis
from projections.findings import Finding, refs
from projections.indicator_row import BREACHED, UNMEASURED, IndicatorRow
from projections.lines import Workshop
from projections.outages import Outage
from projections.penalty_findings import zone_condition

PERIODS = {
    "month": ("a month", "par mois"),
    "quarter": ("a quarter", "par trimestre"),
    "year": ("a year", "par an"),
    "calendar-year": ("a year", "par an"),
}


def indicator_findings(
    basis: Basis, outages: Sequence[Outage], rows: Sequence[IndicatorRow], workshops: Sequence[Workshop]
) -> list[Finding]:
    """Every finding about the service levels of one contract."""
    return [
        *_conflicts(basis, rows),
        *_switches(basis, workshops),
        *_late_maintenance(workshops),
        *_overruns(outages, workshops, basis),
        *_claimed_causes(outages, workshops),
        *_degraded(basis, outages, workshops),
        *_grouped(rows),
        *_beta(rows, workshops),
        *_zones(basis, rows, workshops),
        *_without_zones(rows),
        *_derogations(basis),
    ]


def _promise(indicator: Indicator) -> tuple[str, str]:
    """A promise in a few words, in English and in French."""
    english, french = PERIODS[indicator.period]
    star = " *" if indicator.zones is not None else ""
    return f"{indicator.target} %{star} {english}", f"{indicator.target} %{star} {french}"


def _conflicts(basis: Basis, rows: Iterable[IndicatorRow]) -> Iterator[Finding]:
    """A figure that another text in force gives differently, where downtime or a loss was judged by it."""
    touched: dict[tuple[str, str], list[IndicatorRow]] = defaultdict(list)
    for row in rows:
        used = row.counted_us > 0 if row.timed else row.value is not None and row.value < 1
        if row.terms.conflict and used:
            governing = {agreement.id for agreement in basis.terms.governing(row.start)}
            for conflict in row.terms.conflict:
                if conflict.other.partition("/")[0] in governing:
                    touched[(conflict.id, conflict.other)].append(row)
    for (name, other), found in touched.items():
        rule = basis.catalogue.rule(other)
        assert isinstance(rule, Indicator)
        here, ici = _promise(found[0].terms)
        there, ailleurs = _promise(rule)
        yield Finding(
            "conflicting-figures",
            name,
            f"{found[0].terms.clause}; {rule.clause}",
            f"{found[0].indicator} promises {here} where {other} promises {there}: the prevailing text was applied.",
            f"{found[0].indicator} promet {ici}, {other} promet {ailleurs} : le texte qui l'emporte a été appliqué.",
            _events(found),
        )


def _switches(basis: Basis, workshops: Sequence[Workshop]) -> Iterator[Finding]:
    """A change of service-level table while the contract runs."""
    changing: list[AnyFact] = [
        *basis.facts.of(ContractDocumentSigned),
        *basis.facts.of(ContractRevisionNotified),
    ]
    for before, after in pairwise(basis.terms.sla_segments(workshops[0].readings, basis.catalogue)):
        if after.start > basis.at:
            continue
        lead = basis.terms.governing(after.start)[0]
        day = paris_date(after.start)
        behind = [fact for fact in changing if fact.time <= after.start or paris_date(fact.time) == day]
        old, new = (", ".join(a.id for a in segment.agreements) for segment in (before, after))
        yield Finding(
            "terms-switched",
            lead.full_id(lead.sla.id),
            lead.sla.clause,
            f"From {format_instant(after.start)} the service levels are those of {new}; before, of {old}.",
            f"À partir de {format_instant(after.start)}, les niveaux de service sont ceux de {new} ; avant, de {old}.",
            refs(sorted(behind, key=lambda fact: fact.order)[-1:]),
        )


def _late_maintenance(workshops: Iterable[Workshop]) -> Iterator[Finding]:
    """Maintenance announced too late to leave the downtime."""
    late: dict[tuple[str, str], list[tuple[AnyFact, int]]] = defaultdict(list)
    for workshop in workshops:
        for exclusions in workshop.exclusions():
            for rule, clause, fact, earliest in exclusions.refused:
                late[(rule, clause)].append((fact, earliest))
    for (rule, clause), found in late.items():
        fact, earliest = found[0]
        yield Finding(
            "maintenance-notice-short",
            rule,
            clause,
            f"Announced too late to be excluded; {fact.data.maintenance} could start on {format_instant(earliest)}.",
            f"Annonce trop tardive pour être décomptée ; {fact.data.maintenance} pouvait commencer dès "
            f"{format_instant(earliest)}.",
            refs(fact for fact, _ in found),
        )


def _overruns(outages: Sequence[Outage], workshops: Iterable[Workshop], basis: Basis) -> Iterator[Finding]:
    """Maintenance that was performed outside what was announced, with something down meanwhile."""
    beyond: dict[tuple[str, str], list[AnyFact]] = defaultdict(list)
    for workshop in workshops:
        for exclusions in workshop.exclusions():
            for rule, clause, fact, done in exclusions.overruns:
                outside = subtract(
                    union([(done.data.starts_at, done.data.ends_at)]), union([(fact.data.starts_at, fact.data.ends_at)])
                )
                down = (
                    outage.start < end and outage.until(basis.at) > start
                    for start, end in outside
                    for outage in outages
                    if outage.service in fact.data.services
                )
                if any(down):
                    beyond[(rule, clause)] += [fact, done]
    for (rule, clause), facts in beyond.items():
        yield Finding(
            "maintenance-overrun",
            rule,
            clause,
            "Maintenance went beyond the announced window while a service was down.",
            "Une maintenance a débordé la fenêtre annoncée alors qu'un service était indisponible.",
            refs(facts),
        )


def _claimed_causes(outages: Iterable[Outage], workshops: Iterable[Workshop]) -> Iterator[Finding]:
    """A cause that would exclude an outage, claimed by the sender and established by nobody."""
    rules = {
        cause: rule
        for workshop in workshops
        for exclusions in workshop.exclusions()
        for cause, rule in exclusions.causes
    }
    claimed: dict[str, list[AnyFact]] = defaultdict(list)
    for outage in outages:
        if outage.cause is None and outage.claimed in rules:
            claimed[outage.claimed].append(outage.facts[0])
    for cause, facts in claimed.items():
        yield Finding(
            "cause-not-established",
            rules[cause].rule,
            rules[cause].clause,
            f"The cause {cause} is claimed and not established: the downtime counts until it is.",
            f"La cause {cause} est alléguée et non établie : l'indisponibilité compte tant qu'elle ne l'est pas.",
            refs(facts),
        )


def _degraded(basis: Basis, outages: Iterable[Outage], workshops: Sequence[Workshop]) -> Iterator[Finding]:
    """Degradations that are no downtime under the reading used."""
    by_text: dict[str, tuple[Agreement, list[AnyFact]]] = {}
    for outage in outages:
        if outage.extent == "total":
            continue
        governing = basis.terms.governing(max(outage.start, basis.terms.start))
        lead = next((a for a in governing if a.measurement is not None), None)
        if lead is None:
            continue
        tables = (workshop.measuring(table, outage.start) for workshop in workshops for table in governing)
        if not any(measuring.performance for measuring in tables):
            by_text.setdefault(lead.id, (lead, []))[1].append(outage.facts[0])
    for lead, facts in by_text.values():
        assert lead.measurement is not None
        yield Finding(
            "degraded-not-counted",
            lead.full_id(lead.measurement.id),
            lead.measurement.clause,
            "A degraded service is not counted as unavailable (reading sla.degraded_counts).",
            "Un service dégradé n'est pas compté comme indisponible (lecture sla.degraded_counts).",
            refs(facts),
        )


def _grouped(rows: Iterable[IndicatorRow]) -> Iterator[Finding]:
    """One finding per line for periods that were not measured, not computable, provisional or not covered."""
    groups: dict[tuple[str, str], list[IndicatorRow]] = defaultdict(list)
    for row in rows:
        for code, (test, _, _) in _GROUPS.items():
            if test(row):
                groups[(code, row.indicator)].append(row)
                break
    for (code, indicator), found in groups.items():
        _, english, french = _GROUPS[code]
        row = found[0]
        covered = row.agreement is not None
        yield Finding(
            code,
            indicator if covered else None,
            row.clause,
            f"{indicator}: {english}",
            f"{indicator} : {french}",
            _events(found),
        )


_GROUPS: dict[str, tuple[Callable[[IndicatorRow], bool], str, str]] = {
    "not-covered": (
        lambda row: row.agreement is None,
        "no document in force promises anything for this service.",
        "aucun document en vigueur ne promet rien pour ce service.",
    ),
    "not-computable": (
        lambda row: not row.judged and row.target is not None,
        "the reading chosen needs measures that no fact carries, or leaves nothing to assess.",
        "la lecture retenue demande des mesures qu'aucun fait n'apporte, ou ne laisse rien à apprécier.",
    ),
    "unmeasured-time": (
        lambda row: row.timed and (row.unmeasured_us > 0 or row.state == UNMEASURED),
        "part of the time was not measured; it is neither up nor down.",
        "une part du temps n'a pas été mesurée ; elle n'est ni disponible ni indisponible.",
    ),
    "provisional-breach": (
        lambda row: bool(row.provisional) and row.state == BREACHED,
        "breached over a window shorter than twelve months (reading year.short_history).",
        "manqué sur une fenêtre de moins de douze mois (lecture year.short_history).",
    ),
}


def _beta(rows: Iterable[IndicatorRow], workshops: Iterable[Workshop]) -> Iterator[Finding]:
    """Downtime of a service while it was flagged beta."""
    rules = {
        window.rule: window.clause
        for workshop in workshops
        for exclusions in workshop.exclusions()
        for window in exclusions.windows
        if window.kind == "beta"
    }
    if not rules:
        return
    found: dict[str, list[AnyFact]] = defaultdict(list)
    for row in rows:
        for excluded in row.exclusions:
            if excluded.rule in rules:
                found[excluded.rule] += [*excluded.facts, *(piece.outage.facts[0] for piece in row.pieces)]
    for rule, facts in found.items():
        yield Finding(
            "beta-no-commitment",
            rule,
            rules[rule],
            "The service was beta while it was down: nothing was promised, so nothing is breached.",
            "Le service était en bêta pendant l'indisponibilité : rien n'était promis, rien n'est manqué.",
            refs(facts),
        )


def _zones(basis: Basis, rows: Sequence[IndicatorRow], workshops: Sequence[Workshop]) -> Iterator[Finding]:
    """A new zone that starred lines ask for, and starred breaches where no fact says where the client runs."""
    signed = basis.terms.signed.data
    tables = basis.terms.sla_segments(workshops[-1].readings, basis.catalogue)[-1].agreements
    for table in tables:
        rule = table.measurement.zone_rule if table.measurement is not None else None
        if rule is None:
            continue
        every = any(indicator.zones is not None and indicator.zones.every for indicator in table.indicator)
        opened = [
            fact
            for fact in basis.facts.of(RegionZoneOpened)
            if every and fact.data.orderable and fact.data.region == signed.region and fact.time >= basis.terms.start
        ]
        if opened:
            used = workshops[-1].zones.deployment.used(basis.at, None, None) or frozenset()
            missing = [fact for fact in opened if fact.data.zone not in used]
            if missing:
                names = ", ".join(sorted({fact.data.zone for fact in missing}))
                yield Finding(
                    "zone-opened",
                    table.full_id(rule.id),
                    rule.clause,
                    f"New zone in the region: starred commitments cannot be claimed without deployment in {names}.",
                    f"Nouvelle zone dans la région : sans déploiement dans {names}, les engagements étoilés ne peuvent "
                    "être invoqués.",
                    refs(missing),
                )
        barred = [row for row in rows if row.agreement is table and not row.zone_ok]
        if barred and not workshops[-1].zones.deployment.known(basis.at):
            yield Finding(
                "zones-unknown",
                table.full_id(rule.id),
                rule.clause,
                "No fact says in which zones the client runs: starred commitments cannot be claimed.",
                "Aucun fait ne dit dans quelles zones le client est déployé : les engagements étoilés ne peuvent être "
                "invoqués.",
                _events(barred),
            )


def _without_zones(rows: Iterable[IndicatorRow]) -> Iterator[Finding]:
    """Breached durabilities that the client cannot rely on for want of zones; penalties tell of the other lines."""
    told: set[str] = set()
    for row in rows:
        if row.state == BREACHED and not row.timed and not row.zone_ok and row.indicator not in told:
            told.add(row.indicator)
            yield zone_condition(row)


def _derogations(basis: Basis) -> Iterator[Finding]:
    """Order forms that change a target without the wording, or in a text that admits no derogation."""
    without: dict[str | None, tuple[str | None, list[AnyFact]]] = {}
    for fact in basis.facts.of(DerogationRecorded):
        if fact.data.indicator is None:
            continue
        document, _, short = fact.data.indicator.partition("/")
        table = next((a for a in basis.terms.governing(max(fact.time, basis.terms.start)) if a.id == document), None)
        rule = None if table is None or table.measurement is None else table.measurement.derogation
        known = table is not None and any(indicator.id == short for indicator in table.indicator)
        if rule is None or not known or not fact.data.derogation_wording:
            name = table.full_id(rule.id) if table is not None and rule is not None else None
            without.setdefault(name, (rule.clause if rule is not None else None, []))[1].append(fact)
    for name, (clause, facts) in without.items():
        yield Finding(
            "derogation-without-effect",
            name,
            clause,
            "An order form sets a target without the wording, or where no text lets it: the text's figure holds.",
            "Un bon de commande fixe un autre objectif sans la formule requise, ou sans qu'un texte le permette : "
            "le chiffre du texte s'applique.",
            refs(facts),
        )


def _events(rows: Sequence[IndicatorRow]) -> tuple[str, ...]:
    """The facts behind some rows, each once. There is at least one row."""
    return rows[0].ranks.refs(fact for row in rows for fact in row.evidence())
