"""Lines: promised service levels as they read, and what the lines of one contract share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.agreements.indicator import Indicator, Measurement, Varying
from domain.agreements.model import Agreement
from domain.events.contract import DerogationRecorded
from domain.fact import Fact
from domain.readings import Readings
from projections import periods
from projections.basis import Basis
from projections.exclusions import Exclusions, excluding_text, exclusions_of, gaps
from projections.outages import Outage
from projections.periods import Tenure
from projections.tracks import Rules
from projections.zone_tests import ZoneTests

ALWAYS = (
    *periods.READINGS,
    "sla.source",
    "hierarchy.002_vs_004",
    "convention.signature_instant",
    "cgv.version",
)
TIMED = ("availability.formula", "overlap", "sla.degraded_counts")
INCIDENTS = (
    "internet.two_minutes",
    "internet.two_minutes_month_cut",
    "internet.flapping",
    "internet.overlap_incidents",
)
MAINTENANCE = ("maintenance.mode", "maintenance.overrun", "clear_days.effect")
ZONED = ("az.when_tested", "az.new_zone")
LATENCY = ("latency.statistic",)


@dataclass(frozen=True, slots=True)
class Promise:
    """A figure and the span in which it holds; ``by`` is the order form that set it, if one did."""

    tenure: Tenure
    target: Decimal | None
    by: Fact[DerogationRecorded] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One promised service level as it reads under the chosen readings; ``agreement`` None where nobody promises it."""

    agreement: Agreement | None
    indicator: Indicator
    measuring: "Measuring"
    written: Indicator

    @property
    def full_id(self) -> str:
        """``<document>/<id>``."""
        return self.indicator.id if self.agreement is None else self.agreement.full_id(self.indicator.id)

    def readings(self, differing: Mapping[str, str]) -> dict[str, str]:
        """Those of some readings that this line uses."""
        if not differing:
            return {}
        used = {*ALWAYS, *(variant.reading for variant in self.written.variant)}
        used.update(basis.reading for basis in self.written.basis)
        if self.indicator.zones is not None:
            used.update(ZONED)
        if self.indicator.metric == "latency":
            used.update(LATENCY)
        if self.indicator.metric == "availability":
            used.update(TIMED)
            used.update(self.measuring.readings)
            first = self.measuring.rules.exclusions.firsts
            if any(not rule.services.isdisjoint(self.indicator.services) for rule in first):
                used.update(INCIDENTS)
        return {name: value for name, value in differing.items() if name in used}


@dataclass(frozen=True, slots=True)
class Measuring:
    """How the outages of a table are counted: what is excluded, and whether a degradation counts."""

    rules: Rules
    measured: Measurement | None
    performance: bool
    readings: frozenset[str] = frozenset()


def _readings_of(agreement: Agreement, text: Agreement) -> frozenset[str]:
    """The readings that bear on what is excluded, and on how outages start and end."""
    rules: list[Varying] = [*text.exclusion]
    if agreement.measurement is not None:
        rules.append(agreement.measurement)
    used = {variant.reading for rule in rules for variant in rule.variant}
    if any(rule.kind == "maintenance" for rule in text.exclusion):
        used.update(MAINTENANCE)
    return frozenset(used)


class Workshop:
    """What every line of one contract shares under one set of readings."""

    def __init__(self, basis: Basis, outages: Sequence[Outage], readings: Readings, differing: dict[str, str]) -> None:
        self.basis = basis
        self.readings = readings
        self.differing = differing
        self.gaps = gaps(basis)
        self.zones = ZoneTests(basis, readings)
        self._by_service: dict[str, list[Outage]] = defaultdict(list)
        for outage in outages:
            if outage.start <= basis.at:
                self._by_service[outage.service].append(outage)
        self._measuring: dict[tuple[int, int], Measuring] = {}
        self._exclusions: dict[int, Exclusions] = {}

    @property
    def services(self) -> Iterable[str]:
        """Every service that an outage names."""
        return self._by_service

    def outages(self, services: Iterable[str]) -> list[Outage]:
        """The outages of some services, by (start, id)."""
        found = [outage for service in services for outage in self._by_service.get(service, ())]
        found.sort(key=lambda outage: (outage.start, outage.id))
        return found

    def exclusions(self) -> Iterable[Exclusions]:
        """What the texts used so far exclude."""
        return self._exclusions.values()

    def measuring(self, agreement: Agreement | None, start: int) -> Measuring:
        """How the outages of a table are counted, by the texts in force at the start of its tenure."""
        governing = self.basis.terms.governing(max(start, self.basis.terms.start))
        key = (id(agreement), id(governing))
        found = self._measuring.get(key)
        if found is None:
            found = self._measuring[key] = self._measure(agreement, governing)
        return found

    def _measure(self, agreement: Agreement | None, governing: Sequence[Agreement]) -> Measuring:
        readings = self.readings
        if agreement is None:
            return Measuring(self._rules(Exclusions(), None), None, performance=False)
        text = excluding_text(agreement, governing, self.basis)
        if id(text) not in self._exclusions:
            self._exclusions[id(text)] = exclusions_of(text, self.basis, readings)
        measured = agreement.measurement
        if measured is not None:
            measured = measured.under(lambda name: readings.get(name, agreement.id))
        counts = readings.get("sla.degraded_counts", agreement.id) == "A"
        performance = counts and any(a.measurement is not None and a.measurement.performance for a in governing)
        return Measuring(
            self._rules(self._exclusions[id(text)], agreement.id), measured, performance, _readings_of(agreement, text)
        )

    def _rules(self, excluded: Exclusions, document: str | None) -> Rules:
        get = self.readings.get
        return Rules(
            excluded,
            mode=get("maintenance.mode", document),
            sums=get("overlap", document) == "B",
            first=get("internet.two_minutes", document),
            cut=get("internet.two_minutes_month_cut", document),
            flapping=get("internet.flapping", document),
            merge=get("internet.overlap_incidents", document),
        )
