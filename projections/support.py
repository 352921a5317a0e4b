"""Support commitments: for each ticket, how long the provider had, how long it took, and whether that was in time.

One row per commitment that the governing text makes for the ticket's current priority; its clock starts when the ticket
was opened complete, whatever the priority was then. Times are microseconds on the commitment's own clock: closed hours
and, for a recovery, the client's own time are out of them.
"""

from bisect import bisect_right
from collections import defaultdict
from typing import Any, NamedTuple

from domain.events.contract import DeploymentDeclared
from domain.exact import known_seconds_text
from domain.fact import AnyFact
from domain.readings import Readings
from domain.time.calendar import Calendar, advance, elapsed
from domain.time.instant import Instant, format_instant
from domain.time.interval import NONE, Intervals, clip, total, union
from projections.basis import Basis
from projections.findings import Finding, refs
from projections.support_orders import orders_of
from projections.support_plan import Plan, Term, plan
from projections.terms import Segment
from projections.tickets import Ticket, tickets_of
from projections.zones import Deployment, condition_met

NOTES = {
    "ticket-without-priority": (
        "incident ticket(s) carry no priority of this text: no commitment can be measured for them.",
        "ticket(s) d'incident sans priorité au sens de ce texte : aucun engagement n'est mesurable.",
    ),
    "request-without-figure": (
        "request(s) that are no incident: handled as soon as possible, the text promises no figure.",
        "demande(s) hors incident : traitées dès que possible, le texte ne promet aucun délai chiffré.",
    ),
}


class Measured(NamedTuple):
    """What a commitment's clock shows.

    ``start`` is when it started, None while the ticket is incomplete. ``due`` is the last instant in time, None while
    it cannot be told. ``early`` says that the provider acted although the ticket is still incomplete.
    """

    state: str
    start: Instant | None
    due: Instant | None
    settled: Instant | None
    elapsed_us: int
    facts: tuple[AnyFact, ...] = ()
    early: bool = False


NOT_MEASURED = Measured("not-applicable", None, None, None, 0)


class SupportRow(NamedTuple):
    """One commitment for one ticket. ``because`` is the rule and clause that make it not applicable."""

    commitment: str
    ticket: str
    priority: str | None
    clause: str
    opened: Instant
    allowed_us: int
    events: tuple[str, ...]
    because: tuple[str, str] | None
    measured: Measured
    readings: dict[str, str]

    @property
    def state(self) -> str:
        """``met``, ``missed``, ``running`` or ``not-applicable``."""
        return self.measured.state

    def as_json(self) -> dict[str, Any]:
        """The row as statements print it."""
        shown = self.measured
        row: dict[str, Any] = {
            "ticket": self.ticket,
            "commitment": self.commitment,
            "priority": self.priority,
            "from": _text(shown.start),
            "due": _text(shown.due),
            "settled_at": _text(shown.settled),
            "allowed_seconds": known_seconds_text(self.allowed_us),
            "elapsed_seconds": known_seconds_text(shown.elapsed_us),
            "state": shown.state,
            "clause": self.clause,
            "events": list(self.events),
        }
        if self.because is not None:
            row["not_applicable"] = {"rule": self.because[0], "clause": self.because[1]}
        if self.readings:
            row["readings"] = self.readings
        return row


def support_rows(basis: Basis) -> tuple[list[SupportRow], list[Finding]]:
    """Every support row at ``basis.at``, by (commitment, opening, ticket), and the findings about tickets."""
    tickets = tickets_of(basis)
    if not tickets:
        return [], list(orders_of(basis).findings)
    sheet = _Sheet(basis)
    rows: list[SupportRow] = []
    for ticket in tickets:
        for chosen in sheet.plans(ticket.opened.time):
            rows += _rows(sheet, ticket, chosen)
    rows.sort(key=lambda row: (row.commitment, row.opened, row.ticket))
    return rows, sheet.findings()


class _Sheet:
    """What all the rows of one contract share: the plans in force over time, the deployments, the notes taken."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.deployment = Deployment(basis)
        self.deployed = basis.facts.of(DeploymentDeclared)
        self.orders = orders_of(basis)
        self._notes: dict[tuple[str, str, str], list[AnyFact]] = defaultdict(list)
        self._segments: dict[int, tuple[Readings, tuple[Segment, ...], list[int]]] = {}
        self._plans: dict[tuple[int, int], list[Plan]] = {}

    def plans(self, instant: Instant) -> list[Plan]:
        """The plan of each document whose own support terms govern a ticket opened at an instant."""
        if not self.basis.terms.in_force(instant):
            return []
        readings = self.basis.readings.at(instant)
        if id(readings) not in self._segments:
            segments = self.basis.terms.sla_segments(readings, self.basis.catalogue)
            self._segments[id(readings)] = (readings, segments, [segment.start for segment in segments])
        _, segments, starts = self._segments[id(readings)]
        key = (bisect_right(starts, instant) - 1, id(readings))
        if key not in self._plans:
            texts = [text for text in segments[key[0]].agreements if text.support is not None]
            self._plans[key] = [plan(text, readings, self.basis.readings) for text in texts]
        return self._plans[key]

    def note(self, code: str, rule: tuple[str, str], ticket: Ticket) -> None:
        """Remembers a ticket of which the text says nothing measurable under a rule."""
        self._notes[code, *rule].append(ticket.opened)

    def findings(self) -> list[Finding]:
        """One finding per rule, over all its tickets."""
        found = list(self.orders.findings)
        for (code, rule, clause), opened in self._notes.items():
            english, french = NOTES[code]
            events = refs(opened)
            found.append(Finding(code, rule, clause, f"{len(events)} {english}", f"{len(events)} {french}", events))
        return found


def _text(instant: Instant | None) -> str | None:
    return None if instant is None else format_instant(instant)


def _rows(sheet: _Sheet, ticket: Ticket, chosen: Plan) -> list[SupportRow]:
    """The rows of one ticket under one document."""
    data = ticket.opened.data
    priority = chosen.priority(ticket) if data.kind in chosen.prioritised else None
    terms = chosen.terms_for(ticket, priority)
    if not terms:
        if data.kind in chosen.prioritised:
            sheet.note("ticket-without-priority", chosen.priority_rule, ticket)
        elif chosen.support.no_figure is not None and data.kind not in chosen.kinds:
            sheet.note("request-without-figure", chosen.full(chosen.support.no_figure), ticket)
        return []
    known = [ticket.opened, *ticket.qualifying]
    if chosen.zones is not None:
        known += [fact for fact in sheet.deployed if fact.data.service in (None, data.service)]
    because = _not_applicable(sheet, ticket, chosen)
    rows = []
    for term in terms:
        allowed, order = sheet.orders.allowed(term.commitment, term.allowed_us, ticket.opened.time)
        measured = NOT_MEASURED if because is not None else _measure(sheet.basis.at, chosen, term, ticket, allowed)
        rows.append(
            SupportRow(
                term.commitment, ticket.id, priority, term.clause, ticket.opened.time, allowed,
                sheet.basis.ranks.refs([*known, *order, *measured.facts]), because, measured, term.differences,
            )
        )  # fmt: skip
    return rows


def _not_applicable(sheet: _Sheet, ticket: Ticket, chosen: Plan) -> tuple[str, str] | None:
    """The rule and clause that put a ticket outside the commitments, or None."""
    data = ticket.opened.data
    if data.maintenance:
        return chosen.maintenance_rule
    for restriction in chosen.support.restriction:
        concerned = restriction.within == "all" or data.service == restriction.service
        if concerned and (data.service, data.kind) != (restriction.service, restriction.kind):
            return chosen.full(restriction)
    deployment = chosen.support.deployment
    if deployment is not None and not condition_met(
        deployment.zones, sheet.deployment, ticket.opened.time, data.service, None, chosen.grace
    ):
        return chosen.full(deployment)
    return None


def _measure(at: Instant, chosen: Plan, term: Term, ticket: Ticket, allowed: int) -> Measured:
    """What the clock of one commitment shows for one ticket."""
    start = chosen.start(ticket)
    answer = ticket.answer if chosen.support.answer.counts == "any" else ticket.human_answer
    settling: AnyFact | None = ticket.resolved if term.recovery else answer
    facts = tuple(ticket.handling) if term.recovery else () if answer is None else (answer,)
    if start is None:
        return Measured("running", None, None, None, 0, facts, early=settling is not None)
    calendar = term.clock(ticket)
    pauses = _pauses(ticket, start, at) if term.recovery else NONE
    raw = chosen.raw_pauses and not calendar.always_open
    end = at if settling is None else max(settling.time, start)
    used = _used(start, end, calendar, pauses, raw=raw)
    in_time = chosen.in_time(used, allowed)
    state = "missed" if not in_time else "running" if settling is None else "met"
    paused = term.recovery and ticket.paused_since is not None
    due = None if state == "running" and paused else _due(start, allowed, calendar, pauses, raw=raw)
    return Measured(state, start, due, None if settling is None else settling.time, used, facts)


def _pauses(ticket: Ticket, start: int, at: int) -> Intervals:
    """The time since the start that is the client's own; a wait that lasts runs up to the resolution or ``at``."""
    if ticket.paused_since is None and not ticket.pauses:
        return NONE
    waits = list(ticket.pauses)
    if ticket.paused_since is not None:
        waits.append((ticket.paused_since, at if ticket.resolved is None else ticket.resolved.time))
    return clip(union(waits), start, at)


def _used(start: int, end: int, calendar: Calendar, pauses: Intervals, *, raw: bool) -> int:
    """The time used between two instants on the commitment's own clock; ``raw`` takes out whole waits."""
    if not raw:
        return elapsed(start, end, calendar, pauses)
    return max(0, elapsed(start, end, calendar) - total(clip(pauses, start, end)))


def _due(start: int, allowed: int, calendar: Calendar, pauses: Intervals, *, raw: bool) -> Instant:
    """The last instant in time; a wait that begins after it no longer moves it."""
    if not raw:
        return advance(start, allowed, calendar, pauses)
    due = advance(start, allowed, calendar)
    for begin, end in pauses:
        if begin >= due:
            break
        allowed += end - begin
        due = advance(start, allowed, calendar)
    return due
