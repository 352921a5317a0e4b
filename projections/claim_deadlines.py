"""The deadlines that ``[penalty]`` and ``[payment]`` already state: reserves, claims, credits, payments.

Their figures stand once, in those sections; here they become rows. Any agreement with such a section has them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from domain.agreements.indicator import Varying
from domain.agreements.model import Agreement
from domain.events.claim import PenaltyAccepted, PenaltyClaimed, PenaltyRejected, ReserveNotified
from domain.fact import AnyFact, Fact
from domain.readings import Readings
from domain.time.delay import TimeRules, compute, parse_delay
from domain.time.instant import Instant, paris_date
from projections.basis import Basis
from projections.claims import ClaimWindow, claim_windows
from projections.deadline_row import DeadlineRow, duty_state
from projections.delay_readings import readings_used, stricter
from projections.findings import refs
from projections.indicator_row import IndicatorRow
from projections.outages import Outage
from projections.payment import payment_due
from projections.reserves import Clock, ReserveBook


def claim_deadlines(basis: Basis, outages: Sequence[Outage], rows: Iterable[IndicatorRow]) -> Iterator[DeadlineRow]:
    """The rows of reserves, claims, credits and payments of one contract at ``basis.at``."""
    yield from _reserves(basis, outages)
    yield from _claims(basis, rows)
    yield from _credits(basis)
    yield from _payments(basis)


def _reserves(basis: Basis, outages: Sequence[Outage]) -> Iterator[DeadlineRow]:
    """One row per outage that has ended while a text in force asks for reserves (CGV 9.3)."""
    if not outages:
        return
    sent: dict[str, list[Fact[ReserveNotified]]] = {}
    for fact in basis.facts.own(ReserveNotified):
        sent.setdefault(fact.data.outage, []).append(fact)
    books: dict[int, ReserveBook | None] = {}
    begin, end, at = basis.terms.start, basis.terms.end, basis.at
    used: dict[int, tuple[str, str, dict[str, str]]] = {}
    for outage in outages:
        over = outage.end
        if over is not None and (over <= begin or (end is not None and outage.start >= end)):
            continue
        texts = basis.terms.governing(max(outage.start, begin))
        if id(texts) not in books:
            books[id(texts)] = _book(basis, texts)
        book = books[id(texts)]
        if book is None:
            continue
        clock = book.clock(outage)
        opened = outage.start if clock.rule.anchor == "start" else over
        if opened is None or opened > at:
            continue
        due = Instant(clock.limit(opened))
        act, acted = None, None
        for fact in sent.get(outage.id, ()):
            moment = fact.time if clock.rule.notified == "sent" else fact.recorded
            if moment >= opened and (acted is None or moment < acted):
                act, acted = fact, moment
        readings = basis.readings.at(opened)
        told = used.get(id(readings))
        if told is None:
            differing = _differences(basis, readings, book.rule, clock.rule.delay)
            told = used[id(readings)] = (book.agreement.full_id(clock.rule.id), clock.rule.clause, differing)
        yield DeadlineRow(
            rule=told[0],
            owed_by="client",
            opened_by=_end_of(outage).ref,
            start=Instant(opened),
            due=due,
            last_day=None,
            earliest=None,
            state=duty_state(at, due, None, acted),
            settled_by=None if act is None else act.ref,
            settled_at=acted,
            clause=told[1],
            events=basis.ranks.refs(outage.facts if act is None else (*outage.facts, act)),
            safe_until=_whole_until(clock, outage),
            readings=told[2],
        )


def _whole_until(clock: Clock, outage: Outage) -> Instant | None:
    """For an outage longer than the delay: until when a reserve saves all of it if each instant has its own delay."""
    first = clock.limit(outage.start)
    return Instant(first) if outage.end is not None and clock.rule.anchor != "start" and first < outage.end else None


def _end_of(outage: Outage) -> AnyFact:
    """The fact that says when the outage ended: the last that gives an end, else the recording."""
    for fact in reversed(outage.facts):
        if getattr(fact.data, "ended_at", None) == outage.end:
            return fact
    return outage.facts[0]


def _book(basis: Basis, texts: Iterable[Agreement]) -> ReserveBook | None:
    """The book of the first of these texts that asks for reserves."""
    for text in texts:
        if text.penalty is not None and text.penalty.reserve is not None:
            return ReserveBook(basis, text, text.penalty.reserve)
    return None


def _claims(basis: Basis, rows: Iterable[IndicatorRow]) -> Iterator[DeadlineRow]:
    """One row per period end with a breached line, settled by the first claim on that period (CGV art. 11)."""
    filed: dict[date, list[Fact[PenaltyClaimed]]] = {}
    for fact in basis.facts.own(PenaltyClaimed):
        filed.setdefault(fact.data.period_end, []).append(fact)
    for window in claim_windows(basis, rows):
        act = next((fact for fact in filed.get(window.period_end, ()) if fact.time >= window.opens), None)
        readings = basis.readings.at(window.opens)
        yield DeadlineRow(
            rule=window.agreement.full_id(window.rule.id),
            owed_by="client",
            opened_by=None,
            start=window.opens,
            due=window.due,
            last_day=window.last_day,
            earliest=None,
            state=duty_state(basis.at, window.due, window.last_day, None if act is None else act.time),
            settled_by=None if act is None else act.ref,
            settled_at=None if act is None else act.time,
            clause=window.rule.clause,
            events=basis.ranks.in_order((*window.refs, *(() if act is None else (act.ref,)))),
            safe_until=_safe(window, readings),
            readings=_differences(basis, readings, _written(window), window.rule.delay),
        )


def _written(window: ClaimWindow) -> Varying:
    penalty = window.agreement.penalty
    assert penalty is not None
    assert penalty.claim is not None
    return penalty.claim


def _safe(window: ClaimWindow, readings: Readings) -> Instant | None:
    start = window.period_end if window.rule.start == "last-day" else paris_date(window.opens)
    return stricter(start, parse_delay(window.rule.delay), TimeRules.of(readings), window.due)


def _credits(basis: Basis) -> Iterator[DeadlineRow]:
    """One effect per accepted claim: the day its credit lapses, with the contract at the latest (CGV art. 11)."""
    claims = {fact.data.claim: fact for fact in reversed(basis.facts.own(PenaltyClaimed))}
    refused = {fact.data.claim for fact in basis.facts.own(PenaltyRejected)}
    end = basis.terms.end
    for fact in basis.facts.own(PenaltyAccepted):
        if fact.data.claim in refused:
            continue
        texts = basis.terms.governing(max(fact.time, basis.terms.start))
        agreement = next((t for t in texts if t.penalty is not None and t.penalty.credit is not None), None)
        if agreement is None or agreement.penalty is None or agreement.penalty.credit is None:
            continue
        written = agreement.penalty.credit
        readings = basis.readings.at(fact.time)
        rule = written.under(readings.get)
        if rule.validity is None or rule.form != "credit":
            continue
        claim = claims.get(fact.data.claim)
        start = claim.time if rule.start == "claim" and claim is not None else fact.time
        valid = compute(start, parse_delay(rule.validity), TimeRules.of(readings))
        due, last_day = valid.due, valid.last_day
        if rule.at_end == "lapses" and end is not None and fact.time < end < due:
            due, last_day = end, paris_date(end - 1)
        yield DeadlineRow(
            rule=agreement.full_id(rule.id),
            owed_by="none",
            opened_by=fact.ref,
            start=start,
            due=due,
            last_day=last_day,
            earliest=None,
            state="pending" if basis.at < due else "met",
            settled_by=None,
            settled_at=None,
            clause=rule.clause,
            events=refs([fact] if claim is None else [fact, claim]),
            readings=_differences(basis, readings, written, rule.validity),
        )


def _payments(basis: Basis) -> Iterator[DeadlineRow]:
    """One row per invoice: due on the printed date, else by the text's delay (CGV 15.1)."""
    for invoice in payment_due(basis):
        paid = invoice.paid
        readings = basis.readings.at(invoice.issued.time)
        written = invoice.agreement.payment
        assert written is not None
        yield DeadlineRow(
            rule=invoice.agreement.full_id(invoice.terms.id),
            owed_by="client",
            opened_by=invoice.issued.ref,
            start=invoice.issued.time,
            due=invoice.late_from,
            last_day=invoice.due,
            earliest=None,
            state=duty_state(basis.at, invoice.late_from, invoice.due, None if paid is None else paid.time),
            settled_by=None if paid is None else paid.ref,
            settled_at=None if paid is None else paid.time,
            clause=invoice.terms.clause,
            events=refs(invoice.facts),
            readings=_differences(basis, readings, written, invoice.terms.delay),
        )


def _differences(basis: Basis, readings: Readings, rule: Varying, delay: str) -> dict[str, str]:
    return {} if readings is basis.readings.base else basis.readings.differences(readings, readings_used(rule, delay))
