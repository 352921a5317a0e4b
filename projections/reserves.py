"""Reserves: which part of each outage the client reserved its rights over, in time and with the evidence the text asks.

Under a text without ``[penalty.reserve]`` every second of downtime counts and nothing here applies. Delays of hours are
durations and their last instant is in time. Intervals are half-open, in microseconds.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from domain.agreements.model import Agreement
from domain.agreements.penalty import Reserve
from domain.agreements.section import Rule
from domain.events.claim import ReserveNotified
from domain.fact import Fact
from domain.readings import Readings
from domain.time.delay import TimeRules, compute, parse_delay
from domain.time.instant import Instant
from domain.time.interval import NONE, Intervals, clip, union
from projections.basis import Basis
from projections.findings import Finding
from projections.outages import Outage

ReserveFact = Fact[ReserveNotified]


@dataclass(frozen=True, slots=True)
class Clock:
    """The reserve rule under some readings: ``limit`` is the last instant in time for a delay from an instant."""

    rule: Reserve
    limit: Callable[[int], int]

    def in_time(self, outage: Outage, end: int, sent: int) -> Intervals:
        """The part of an outage, up to ``end``, that a notice at ``sent`` is in time for."""
        match self.rule.anchor:
            case "end":
                late = outage.end is not None and sent > self.limit(outage.end)
                return NONE if late or outage.start >= end else ((outage.start, end),)
            case "start":
                return NONE if sent > self.limit(outage.start) or outage.start >= end else ((outage.start, end),)
            case "instant":
                oldest = max(outage.start, sent - (self.limit(sent) - sent))
                return NONE if oldest >= end else ((oldest, end),)


@dataclass(slots=True)
class ReserveBook:
    """The reserves of every outage under one text; ``findings`` say which ones have no effect and why.

    ``valid`` holds, per outage, the reserve's name, when it was sent and what it covers.
    """

    basis: Basis
    agreement: Agreement
    rule: Reserve
    outages: dict[str, list[Outage]] = field(default_factory=dict)
    valid: dict[str, list[tuple[str, Intervals]]] = field(default_factory=dict)
    facts: dict[str, list[ReserveFact]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _clocks: dict[int, Clock] = field(default_factory=dict)
    _covered: dict[str, Intervals] = field(default_factory=dict)

    def covered(self, outage: str, cited: frozenset[str] | None = None, *, also_open: bool = False) -> Intervals:
        """The reserved part of an outage, by the ``cited`` reserves alone, with what can still be reserved if asked."""
        if cited is None and not also_open:
            known = self._covered.get(outage)
            if known is None:
                made = self.valid.get(outage, ())
                known = made[0][1] if len(made) == 1 else union(span for _, covers in made for span in covers)
                self._covered[outage] = known
            return known
        spans = [s for name, covers in self.valid.get(outage, ()) if cited is None or name in cited for s in covers]
        if also_open:
            spans += [span for one in self.outages.get(outage, ()) for span in self._open(one)]
        return union(spans)

    def notified(self, outage: str) -> list[ReserveFact]:
        """Every reserve on an outage, valid or not."""
        return self.facts.get(outage, [])

    def open_until(self, outages: Iterable[str]) -> Instant | None:
        """Until when a reserve on one of the ended outages can still be notified, None when it is too late for all."""
        limits = [
            self.clock(one).limit(one.end if self.clock(one).rule.anchor != "start" else one.start)
            for outage in outages
            for one in self.outages.get(outage, ())
            if one.end is not None and self._open(one)
        ]
        return Instant(max(limits)) if limits else None

    def readings_of(self, outage: str) -> Iterator[Readings]:
        """The readings that govern the reserves on an outage."""
        return (self._readings(one) for one in self.outages.get(outage, ()))

    def _readings(self, outage: Outage) -> Readings:
        return self.basis.readings.at(outage.start if outage.end is None else outage.end)

    def clock(self, outage: Outage) -> Clock:
        """The rule for an outage: its delay opens when the outage ends."""
        readings = self._readings(outage)
        known = self._clocks.get(id(readings))
        if known is None:
            known = self._clocks[id(readings)] = _clock(self.rule, readings)
        return known

    def _open(self, outage: Outage) -> Intervals:
        at = self.basis.at
        return self.clock(outage).in_time(outage, outage.until(at), at)


def reserve_book(basis: Basis, agreement: Agreement, rule: Reserve, outages: Iterable[Outage]) -> ReserveBook:
    """The reserves of every outage under the text's rule (CGV 9.3)."""
    book = ReserveBook(basis, agreement, rule)
    for outage in outages:
        book.outages.setdefault(outage.id, []).append(outage)
    for fact in basis.facts.own(ReserveNotified):
        book.facts.setdefault(fact.data.outage, []).append(fact)
        for outage in book.outages.get(fact.data.outage, ()):
            _enter(book, outage, fact)
    return book


def _enter(book: ReserveBook, outage: Outage, fact: ReserveFact) -> None:
    """Enters one reserve on one outage, or says why it has no effect."""
    if not fact.data.documented:
        book.findings.append(_undocumented(book.agreement, book.rule, fact))
        return
    clock = book.clock(outage)
    end = book.basis.at if outage.end is None else outage.end
    sent = fact.time if clock.rule.notified == "sent" else fact.recorded
    in_time = clock.in_time(outage, end, sent)
    if not in_time:
        book.findings.append(_late(book.agreement, book.rule, fact))
        return
    covers = in_time if clock.rule.covers == "outage" else clip(in_time, fact.data.from_, fact.data.to)
    if not covers:
        book.findings.append(_elsewhere(book.agreement, book.rule, fact))
        return
    book.valid.setdefault(outage.id, []).append((fact.data.reserve, covers))


def _clock(rule: Reserve, readings: Readings) -> Clock:
    chosen = rule.under(readings.get)
    delay, rules = parse_delay(chosen.delay), TimeRules.of(readings)

    def limit(start: int) -> int:
        return compute(Instant(start), delay, rules).due

    # An elapsed delay is the same duration from every instant: worked out once, it is added a million times.
    if delay.by_clock and rules.hours == "A":
        span = limit(0)
        return Clock(chosen, lambda start: start + span)
    return Clock(chosen, limit)


def _undocumented(agreement: Agreement, rule: Reserve, fact: ReserveFact) -> Finding:
    name, outage = fact.data.reserve, fact.data.outage
    words = (
        f"Reserve {name} on outage {outage} is not documented: it is lifted and has no effect.",
        f"La réserve {name} sur l'indisponibilité {outage} n'est pas documentée : elle est levée et reste sans effet.",
    )
    return _finding("reserve-undocumented", agreement, rule.content or rule, words, fact)


def _late(agreement: Agreement, rule: Reserve, fact: ReserveFact) -> Finding:
    name, outage = fact.data.reserve, fact.data.outage
    words = (
        f"Reserve {name} on outage {outage} came too late: the service is finally accepted, this time counts no more.",
        f"La réserve {name} sur l'indisponibilité {outage} est tardive : recette définitive, ce temps ne compte plus.",
    )
    return _finding("reserve-late", agreement, rule, words, fact)


def _elsewhere(agreement: Agreement, rule: Reserve, fact: ReserveFact) -> Finding:
    name, outage = fact.data.reserve, fact.data.outage
    words = (
        f"Reserve {name} covers no time of outage {outage} that could be reserved: it has no effect.",
        f"La réserve {name} ne couvre aucun temps réservable de l'indisponibilité {outage} : elle reste sans effet.",
    )
    return _finding("reserve-outside-outage", agreement, rule, words, fact)


def _finding(code: str, agreement: Agreement, rule: Rule, words: tuple[str, str], fact: ReserveFact) -> Finding:
    return Finding(code, agreement.full_id(rule.id), rule.clause, *words, (fact.ref,))
