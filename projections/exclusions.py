"""What takes time out of the downtime: windows of maintenance, countermeasures and misuse, causes, first minutes.

Which rules there are, in which order and under which clause, is said by the agreement files. Instants are microseconds
UTC, windows half-open. A countermeasure, misuse or gap names services; a maintenance may name resources as well.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.agreements.indicator import Exclusion
from domain.agreements.model import Agreement
from domain.events.contract import ServiceFlagged
from domain.events.maintenance import MaintenanceAnnounced, MaintenanceCancelled, MaintenancePerformed
from domain.events.operation import CountermeasureApplied, MisuseRecorded, MonitoringGapRecorded
from domain.events.termination import ResourcesBlocked, ResourcesUnblocked
from domain.fact import AnyFact, Fact
from domain.readings import Readings
from domain.time.delay import compute, parse_delay, time_rules
from domain.time.instant import Instant, paris_date, start_of_day
from domain.time.interval import Intervals, intersect, union
from projections.basis import Basis


@dataclass(frozen=True, slots=True)
class Window:
    """Time excluded by one event. ``services`` or ``resources`` None: all of them. ``facts`` are all it rests on."""

    rule: str
    clause: str
    kind: str
    order: int
    spans: Intervals
    event: AnyFact
    facts: tuple[AnyFact, ...]
    services: frozenset[str] | None
    resources: frozenset[str] | None = None

    def touches(self, services: Iterable[str]) -> bool:
        """Whether it bears on a line fed by some services."""
        return self.services is None or not self.services.isdisjoint(services)


@dataclass(frozen=True, slots=True)
class CauseRule:
    """An established cause that removes an outage."""

    rule: str
    clause: str
    order: int


@dataclass(frozen=True, slots=True)
class FirstRule:
    """The first moments of every incident of some services that never count, in microseconds."""

    rule: str
    clause: str
    order: int
    length: int
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Everything that a text excludes, for one contract under one set of readings."""

    windows: tuple[Window, ...] = ()
    causes: tuple[tuple[str, CauseRule], ...] = ()
    firsts: tuple[FirstRule, ...] = ()
    refused: tuple[tuple[str, str, Fact[MaintenanceAnnounced], int], ...] = ()
    """(rule, clause, announcement, earliest valid start) of maintenance announced too late to be excluded."""
    overruns: tuple[tuple[str, str, Fact[MaintenanceAnnounced], AnyFact], ...] = ()
    """(rule, clause, announcement, performance) of maintenance that went beyond what was announced."""

    by_service: Mapping[str | None, Sequence[Window]] = field(default_factory=dict)
    """The windows by service; under None those that bear on every service."""

    def bearing(self, services: Iterable[str]) -> list[Window]:
        """The windows that bear on a line fed by some services, in the order of the rules."""
        found = {id(window): window for service in (None, *services) for window in self.by_service.get(service, ())}
        return sorted(found.values(), key=lambda window: (window.order, window.event.order))


def excluding_text(agreement: Agreement, governing: Sequence[Agreement], basis: Basis) -> Agreement:
    """The text whose exclusions apply to a table: its own, else those of a text it incorporates."""
    if agreement.exclusion:
        return agreement
    for name in agreement.incorporates:
        text = next((a for a in governing if a.id == name), None) or basis.catalogue.agreement(name)
        if text.exclusion:
            return text
    return agreement


def exclusions_of(text: Agreement, basis: Basis, readings: Readings) -> Exclusions:
    """What the text excludes under some readings, from the facts of the basis."""
    collected = _Collected(text, basis, readings)
    for order, written in enumerate(text.exclusion):
        rule = written.under(lambda name: readings.get(name, text.id))
        if rule.applies:
            collected.add(rule, order)
    by_service: dict[str | None, list[Window]] = defaultdict(list)
    for window in collected.windows:
        for service in (None,) if window.services is None else window.services:
            by_service[service].append(window)
    return Exclusions(
        tuple(collected.windows),
        tuple(collected.causes),
        tuple(collected.firsts),
        tuple(collected.refused),
        tuple(collected.overruns),
        dict(by_service),
    )


def gaps(basis: Basis) -> tuple[Window, ...]:
    """The spans in which nothing was measured, as windows without a rule."""
    return tuple(
        Window("", "", "gap", 0, ((fact.data.from_, fact.data.to),), fact, (fact,), frozenset(fact.data.services))
        for fact in basis.facts.of(MonitoringGapRecorded)
        if fact.data.from_ < fact.data.to
    )


class _Collected:
    """The exclusions found so far."""

    def __init__(self, text: Agreement, basis: Basis, readings: Readings) -> None:
        self._text = text
        self._basis = basis
        self._overrun = readings.get("maintenance.overrun", text.id)
        self._rules = time_rules(readings.get)
        self._after_day: dict[tuple[str, date], int] = {}
        self.windows: list[Window] = []
        self.causes: list[tuple[str, CauseRule]] = []
        self.firsts: list[FirstRule] = []
        self.refused: list[tuple[str, str, Fact[MaintenanceAnnounced], int]] = []
        self.overruns: list[tuple[str, str, Fact[MaintenanceAnnounced], AnyFact]] = []

    def add(self, rule: Exclusion, order: int) -> None:
        """Collects what one rule excludes."""
        full = self._text.full_id(rule.id)
        match rule.kind:
            case "beta":
                self._flags(rule, full, order)
            case "maintenance":
                self._maintenance(rule, full, order)
            case "countermeasure":
                facts = self._basis.facts.of(CountermeasureApplied)
                self._spans(rule, full, order, facts)
            case "misuse":
                self._spans(rule, full, order, self._basis.facts.of(MisuseRecorded))
            case "suspension":
                self._blocks(rule, full, order)
            case "cause":
                self.causes.extend((cause, CauseRule(full, rule.clause, order)) for cause in rule.of)
            case "incident-start":
                assert rule.first is not None
                length = compute(Instant(0), parse_delay(rule.first), self._rules).due
                self.firsts.append(FirstRule(full, rule.clause, order, length, frozenset(rule.services)))

    def _spans(
        self,
        rule: Exclusion,
        full: str,
        order: int,
        facts: Iterable[Fact[CountermeasureApplied] | Fact[MisuseRecorded]],
    ) -> None:
        for fact in facts:
            data = fact.data
            services = frozenset(data.services)
            if rule.services:
                services &= frozenset(rule.services)
            if data.kind in rule.of and services and data.from_ < data.to:
                spans = ((int(data.from_), int(data.to)),)
                self.windows.append(Window(full, rule.clause, rule.kind, order, spans, fact, (fact,), services))

    def _flags(self, rule: Exclusion, full: str, order: int) -> None:
        """From each flag to the next of the same service; a service still flagged stays so."""
        by_service: dict[str, list[Fact[ServiceFlagged]]] = defaultdict(list)
        for fact in self._basis.facts.of(ServiceFlagged):
            by_service[fact.data.service].append(fact)
        for _, flags in sorted(by_service.items()):
            since: Fact[ServiceFlagged] | None = None
            for flag in flags:
                if flag.data.beta and since is None:
                    since = flag
                elif not flag.data.beta and since is not None:
                    self._flagged(rule, full, order, (since, flag))
                    since = None
            if since is not None:
                self._flagged(rule, full, order, (since,))

    def _flagged(self, rule: Exclusion, full: str, order: int, flags: tuple[Fact[ServiceFlagged], ...]) -> None:
        since = flags[0]
        end = flags[1].time if len(flags) > 1 else FOREVER
        if since.time < end:
            spans = ((int(since.time), int(end)),)
            services = frozenset({since.data.service})
            self.windows.append(Window(full, rule.clause, "beta", order, spans, since, flags, services))

    def _blocks(self, rule: Exclusion, full: str, order: int) -> None:
        """From each block to its release; a block that was wrongful excludes nothing."""
        releases = self._basis.facts.of(ResourcesUnblocked)
        for block in self._basis.facts.of(ResourcesBlocked):
            if block.data.ground not in rule.of or block.data.wrongful:
                continue
            release = next((r for r in releases if r.order > block.order and r.data.ground == block.data.ground), None)
            if release is not None and release.data.wrongful:
                continue
            facts = (block,) if release is None else (block, release)
            end = FOREVER if release is None else release.time
            if block.time < end:
                spans = ((int(block.time), int(end)),)
                self.windows.append(Window(full, rule.clause, rule.kind, order, spans, block, facts, None))

    def _maintenance(self, rule: Exclusion, full: str, order: int) -> None:
        """Announced and performed; the announced window where nothing tells whether it took place."""
        performed: dict[tuple[str, str], list[Fact[MaintenancePerformed]]] = defaultdict(list)
        for done in self._basis.facts.of(MaintenancePerformed):
            performed[(done.subject, done.data.maintenance)].append(done)
        cancelled = {(f.subject, f.data.maintenance) for f in self._basis.facts.of(MaintenanceCancelled)}
        for fact in self._basis.facts.of(MaintenanceAnnounced):
            data = fact.data
            if data.kind not in rule.of:
                continue
            key = (fact.subject, data.maintenance)
            done_facts = performed.get(key, [])
            if key in cancelled and not done_facts:
                continue
            earliest = self._earliest(rule, fact)
            if data.starts_at < earliest:
                self.refused.append((full, rule.clause, fact, earliest))
                continue
            announced = union([(data.starts_at, data.ends_at)])
            spans = announced
            if done_facts:
                whole = union((done.data.starts_at, done.data.ends_at) for done in done_facts)
                spans = whole if self._overrun == "B" else intersect(announced, whole)
                if intersect(announced, whole) != whole:
                    self.overruns.append((full, rule.clause, fact, done_facts[-1]))
            if spans:
                resources = frozenset(data.resources) if data.resources else None
                services = frozenset(data.services) if data.services or resources is None else None
                facts = (fact, *done_facts)
                self.windows.append(
                    Window(full, rule.clause, rule.kind, order, spans, fact, facts, services, resources)
                )

    def _earliest(self, rule: Exclusion, fact: Fact[MaintenanceAnnounced]) -> int:
        """The first instant at which the maintenance could start and still be excluded."""
        earliest = -FOREVER if rule.notice is None else self._after(rule.notice, fact.time)
        if rule.longer_notice is not None and fact.data.kind in rule.longer_notice.of:
            earliest = max(earliest, self._after(rule.longer_notice.notice, fact.time))
        return earliest

    def _after(self, notice: str, announced: Instant) -> int:
        """The earliest instant after a warning of this length: 00:00 of its day, or the instant itself for hours."""
        day = (notice, paris_date(announced))
        known = self._after_day.get(day)
        if known is None:
            due = compute(announced, parse_delay(notice), self._rules, clear="effect")
            if due.last_day is None:
                return due.due
            known = self._after_day[day] = start_of_day(due.last_day)
        return known


FOREVER = start_of_day(paris_date(0).replace(year=2999))
"""Later than any instant a fact may carry: the end of what has not ended."""
