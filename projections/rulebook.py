"""Which declared deadlines govern a contract over time, and how each reads under the readings of an instant.

A text governs what happens in its spans; what came before the signature is read with the first texts, what comes after
the end with the last.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from domain.agreements.deadline import Deadline
from domain.agreements.model import Agreement
from domain.readings import Readings
from domain.time.delay import Clear, Delay, TimeRules, compute, parse_delay
from domain.time.instant import Instant, start_of_day
from projections.basis import Basis
from projections.delay_readings import readings_used

Guard = tuple[str, str] | None
"""A reading and the value under which something applies; None: always."""

delay_of = lru_cache(maxsize=1024)(parse_delay)


@dataclass(slots=True)
class Span:
    """Half-open; ``end`` None while open. ``displaced``: when another text in force displaces the rule.

    ``guard``: the reading under which the rule holds there, for a rule that another text borrows.
    """

    start: int
    end: int | None
    displaced: tuple[Guard, ...]
    guard: Guard = None


@dataclass(slots=True)
class Bound:
    """One declared deadline of one text, where it governs."""

    agreement: Agreement
    written: Deadline
    spans: list[Span] = field(default_factory=list)

    def governs(self, instant: int, readings: Readings) -> bool:
        """Whether the rule speaks of what happens at an instant."""
        for span in self.spans:
            if span.start <= instant and (span.end is None or instant < span.end):
                return _holds(span.guard, readings) and not any(_holds(guard, readings) for guard in span.displaced)
        return False


@dataclass(frozen=True)
class Applied:
    """A declared deadline as it reads under some readings."""

    bound: Bound
    rule: Deadline
    readings: Readings
    clock: TimeRules
    differences: dict[str, str]

    @property
    def agreement(self) -> Agreement:
        """The text that declares it."""
        return self.bound.agreement

    @cached_property
    def full_id(self) -> str:
        """``<document>/<rule>``."""
        return self.agreement.full_id(self.rule.id)

    @cached_property
    def delay(self) -> Delay | None:
        """The delay, None where the text gives no figure."""
        return None if self.rule.delay is None else delay_of(self.rule.delay)

    @property
    def clear(self) -> Clear:
        """Which reading of clear days applies: time to act, or time before an effect."""
        return self.rule.clear or clear_of(self.rule)

    def earliest_from(self, start: Instant | date, end: int | None) -> Instant | None:
        """The first instant allowed: 00:00 of the day the delay leads to, not before the contract's end if written."""
        earliest = self.rule.earliest
        if earliest is None:
            return None
        found = None
        if earliest.delay is not None:
            computed = compute(start, delay_of(earliest.delay), self.clock, self.clear)
            found = computed.due if computed.last_day is None else start_of_day(computed.last_day)
        if earliest.not_before_end and end is not None:
            found = Instant(end) if found is None else max(found, Instant(end))
        return found


def clear_of(rule: Deadline) -> Clear:
    """The reading of clear days a rule rests on when it does not say."""
    return "effect" if rule.kind == "effect" else "act_window"


def _holds(guard: Guard, readings: Readings) -> bool:
    return guard is None or readings.get(guard[0]) == guard[1]


class Rulebook:
    """The declared deadlines of one contract. Reading a rule under the same readings twice costs a look-up."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self._applied: dict[tuple[int, int], Applied] = {}
        self._clocks: dict[int, TimeRules] = {}
        self.bound = tuple(_bound(basis))
        self._by_id = {(b.agreement.id, b.written.id): b for b in self.bound}

    def find(self, agreement: Agreement, rule: str) -> Bound | None:
        """A deadline of a text by its short id."""
        return self._by_id.get((agreement.id, rule))

    def at(self, bound: Bound, instant: int) -> Applied:
        """The rule under the readings that govern what starts at an instant."""
        readings = self.basis.readings.at(instant)
        key = (id(bound), id(readings))
        found = self._applied.get(key)
        if found is None:
            clock = self._clocks.get(id(readings))
            if clock is None:
                clock = self._clocks[id(readings)] = TimeRules.of(readings)
            rule = bound.written.under(lambda name: readings.get(name, bound.agreement.id))
            found = self._applied[key] = Applied(bound, rule, readings, clock, self._differences(bound, rule, readings))
        return found

    def _differences(self, bound: Bound, rule: Deadline, readings: Readings) -> dict[str, str]:
        if readings is self.basis.readings.base:
            return {}
        used = set(readings_used(bound.written, rule.delay, rule.clear or clear_of(rule)))
        used.update(variant.reading for requirement in bound.written.requires for variant in requirement.variant)
        for span in bound.spans:
            used.update(guard[0] for guard in (span.guard, *span.displaced) if guard is not None)
        return self.basis.readings.differences(readings, sorted(used))


def _bound(basis: Basis) -> list[Bound]:
    """Every declared deadline of every text that ever governs, with its spans."""
    found: dict[tuple[int, str], Bound] = {}
    for number, segment in enumerate(basis.terms.segments):
        rules: list[tuple[Agreement, Deadline, Guard]] = [
            (text, rule, _only(rule)) for text in segment.agreements for rule in text.deadline
        ]
        rules += _borrowed(basis, segment.agreements)
        displaced: dict[str, list[Guard]] = {}
        for _, rule, guard in rules:
            for name in rule.overrides:
                displaced.setdefault(name, []).append(guard)
        for text, rule, guard in rules:
            bound = found.setdefault((id(text), rule.id), Bound(text, rule))
            start = segment.start if number else min(0, segment.start)
            later = basis.terms.segments[number + 1].start if number + 1 < len(basis.terms.segments) else None
            bound.spans.append(Span(start, later, tuple(displaced.get(text.full_id(rule.id), ())), guard))
    return list(found.values())


def _only(rule: Deadline) -> Guard:
    chosen = rule.when_reading
    return None if chosen is None else (chosen.reading, chosen.value)


def _borrowed(basis: Basis, agreements: tuple[Agreement, ...]) -> list[tuple[Agreement, Deadline, Guard]]:
    present = {agreement.id for agreement in agreements}
    found: list[tuple[Agreement, Deadline, Guard]] = []
    for agreement in agreements:
        for loan in agreement.borrowed:
            if loan.document not in present:
                lender = basis.catalogue.agreement(loan.document)
                guard = (loan.reading, loan.value)
                found += [(lender, rule, guard) for rule in lender.deadline if rule.id in loan.deadlines]
    return found
