"""One document's support terms under some readings, worked out once for all the tickets they govern."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from domain.agreements.indicator import Measurement, Varying, Zones
from domain.agreements.model import Agreement
from domain.agreements.section import Rule
from domain.agreements.support import Commitment, Hours, Support
from domain.readings import Readings, ReadingTimeline
from domain.time.calendar import Calendar
from domain.time.delay import time_rules
from domain.time.instant import Instant
from projections.support_orders import duration
from projections.tickets import Ticket
from projections.zones import Grace, grace_of

HOLIDAY_READINGS = ("calendar.holidays", "calendar.solidarity_day")
TABLE_READINGS = ("sla.source", "hierarchy.002_vs_004")


@dataclass(frozen=True, slots=True)
class Term:
    """One commitment: what it measures, the time allowed and the calendars of its clock.

    ``differences`` are the readings it used where they differ from the statement's.
    """

    commitment: str
    clause: str
    recovery: bool
    allowed_us: int
    calendar: Calendar
    on_call: Calendar
    differences: dict[str, str]

    def clock(self, ticket: Ticket) -> Calendar:
        """The calendar that a ticket's clock follows."""
        return self.on_call if ticket.opened.data.on_call else self.calendar


@dataclass(frozen=True, slots=True)
class Plan:
    """The support terms of a document. ``terms`` are by (kind of ticket, priority), None where any priority will do.

    ``prioritised`` are the kinds of ticket that need a priority. Rules are given as (full id, clause).
    """

    agreement: Agreement
    support: Support
    terms: dict[tuple[str, str | None], tuple[Term, ...]]
    severities: dict[int, str]
    prioritised: frozenset[str]
    kinds: frozenset[str]
    grace: Grace | None

    @property
    def zones(self) -> Zones | None:
        """The deployment a client must have, if any."""
        return None if self.support.deployment is None else self.support.deployment.zones

    @property
    def raw_pauses(self) -> bool:
        """Whether a client's wait is deducted whole, closed hours included."""
        return self.support.pause is not None and self.support.pause.deducts == "raw"

    @property
    def priority_rule(self) -> tuple[str, str]:
        """The rule that gives tickets their priority."""
        levels = self.support.level
        return self.full(self.support.matrix or (levels[0] if levels else self.support.start))

    @property
    def maintenance_rule(self) -> tuple[str, str]:
        """The rule under which maintenance is no incident."""
        return self.full(self.support.maintenance or self.support.start)

    def full(self, rule: Rule) -> tuple[str, str]:
        """The full id and the clause of a rule of the document."""
        return self.agreement.full_id(rule.id), rule.clause

    def priority(self, ticket: Ticket) -> str | None:
        """The name of the ticket's current priority under this document, None where it has none."""
        if ticket.severity is not None and ticket.severity in self.severities:
            return self.severities[ticket.severity]
        matrix = self.support.matrix
        if matrix is None or ticket.impact is None or ticket.criticality is None:
            return None
        return matrix.table.get(ticket.criticality, {}).get(ticket.impact)

    def terms_for(self, ticket: Ticket, priority: str | None) -> tuple[Term, ...]:
        """The commitments for a ticket of that priority."""
        kind = ticket.opened.data.kind
        always = self.terms.get((kind, None), ())
        return always if priority is None else self.terms.get((kind, priority), ()) + always

    def start(self, ticket: Ticket) -> Instant | None:
        """When the clocks of a ticket start, None while they have not."""
        return ticket.opened.time if self.support.start.when == "opening" else ticket.complete_at

    def in_time(self, used: int, allowed: int) -> bool:
        """Whether the time used is within the time allowed."""
        inclusive = self.support.bound is None or self.support.bound.inclusive
        return used <= allowed if inclusive else used < allowed


def plan(agreement: Agreement, readings: Readings, timeline: ReadingTimeline) -> Plan:
    """The support terms of a document as they read under some readings."""
    written = agreement.support
    assert written is not None
    get = partial(readings.get, document=agreement.id)
    support = written.under(get)
    terms: dict[tuple[str, str | None], tuple[Term, ...]] = {}
    for before, commitment in zip(written.commitment, support.commitment, strict=True):
        used = _used(written, agreement.measurement, before, commitment)
        term = Term(
            agreement.full_id(commitment.id), commitment.clause,
            commitment.measures == "recovery", _written(commitment.delay),
            written.calendar(commitment.clock, get), written.calendar(commitment.on_call or commitment.clock, get),
            timeline.differences(readings, sorted(used)),
        )  # fmt: skip
        key = (commitment.kind, commitment.priority)
        terms[key] = (*terms.get(key, ()), term)
    measured = None if agreement.measurement is None else agreement.measurement.under(get)
    return Plan(
        agreement=agreement,
        support=support,
        terms=terms,
        severities={level.severity: level.name for level in support.level},
        prioritised=frozenset(kind for kind, priority in terms if priority is not None),
        kinds=frozenset(kind for kind, _ in terms),
        grace=grace_of(measured, time_rules(get)),
    )


def _used(written: Support, measurement: Measurement | None, before: Commitment, commitment: Commitment) -> set[str]:
    """The readings that bear on a commitment."""
    rules: list[Varying | None] = [written.start, written.bound, written.deployment, *written.restriction, before]
    rules.append(written.pause if commitment.measures == "recovery" else written.answer)
    clocks: list[Hours] = [clock for clock in written.clock if clock.name in (commitment.clock, commitment.on_call)]
    used = {*TABLE_READINGS, *(HOLIDAY_READINGS if any(clock.holidays for clock in clocks) else ())}
    if written.deployment is not None and measurement is not None:
        used |= {variant.reading for variant in measurement.variant if "new_zone_grace" in variant.change}
    return used.union(_switches([*rules, *clocks]))


def _switches(rules: Iterable[Varying | None]) -> Iterable[str]:
    return (variant.reading for rule in rules if rule is not None for variant in rule.variant)


def _written(delay: str) -> int:
    """The microseconds of a commitment's delay; its agreement file was refused if it were another kind of delay."""
    length = duration(delay)
    assert length is not None
    return length
