"""A deadline that opened: what opened it, when it is due, and what became of it."""

from dataclasses import dataclass, field
from datetime import date

from domain.fact import AnyFact
from domain.time.delay import compute
from domain.time.instant import Instant, end_of_day, paris_date, start_of_day
from projections.deadline_row import DeadlineRow, duty_state
from projections.delay_readings import stricter
from projections.findings import refs
from projections.rulebook import Applied

Start = Instant | date


@dataclass(slots=True)
class Opening:
    """One deadline opened under a rule as it reads.

    ``opened`` is the instant from which acts can settle it; ``start`` where the delay runs from; ``names`` are the ids
    by which an act can name it. ``act`` is the fact that opened it, None where a period or a date did. ``forced`` is a
    state that dates alone do not tell; ``void``: a window that closes before it opens; ``counted_from`` the instant
    from which elapsed time is told where there is no date.
    """

    applied: Applied
    opened: int
    start: Start
    act: AnyFact | None
    names: tuple[str, ...] = ()
    facts: list[AnyFact] = field(default_factory=list)
    due: Instant | None = None
    last_day: date | None = None
    earliest: Instant | None = None
    settled: AnyFact | None = None
    settled_at: Instant | None = None
    cancelled: bool = False
    void: bool = False
    forced: str | None = None
    shown_start: Instant | None = None
    counted_from: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether no act has settled or cancelled it yet."""
        return self.settled is None and not self.cancelled

    def settle(self, fact: AnyFact, instant: Instant) -> None:
        """An act settles it at an instant."""
        self.settled, self.settled_at = fact, instant
        self.facts.append(fact)

    def over_at(self, instant: int) -> bool:
        """Whether its delay had run out at an instant."""
        if self.due is None:
            return False
        return self.due <= instant if self.last_day is not None else self.due < instant

    def in_vain_at(self, instant: int) -> bool:
        """Whether its delay had run out at an instant without an act in time."""
        return (
            self.over_at(instant) and not self.cancelled and (self.settled_at is None or self.over_at(self.settled_at))
        )


def open_deadline(
    applied: Applied,
    start: Start,
    opened: int,
    act: AnyFact | None,
    *,
    end: int | None,
    names: tuple[str, ...] = (),
    facts: tuple[AnyFact, ...] = (),
    named_day: date | None = None,
    shown_start: Instant | None = None,
) -> Opening:
    """The deadline that runs from ``start``; ``end`` ends the contract, ``named_day`` is a later day the act names."""
    opening = Opening(applied, opened, start, act, names, list(facts))
    rule, delay = applied.rule, applied.delay
    if act is not None and act not in opening.facts:
        opening.facts.append(act)
    if shown_start is not None:
        opening.shown_start = shown_start
    elif delay is None or not (rule.prior or delay.parts[0].amount < 0):
        opening.shown_start = start if isinstance(start, Instant) else end_of_day(start)
    if delay is not None:
        due = compute(start, delay, applied.clock, applied.clear)
        opening.due, opening.last_day = due.due, due.last_day
        if due.last_day is not None:
            _on_its_day(opening, max(due.last_day, named_day or due.last_day))
    if rule.earliest is not None:
        opening.earliest = applied.earliest_from(start, end)
    return opening


def _on_its_day(opening: Opening, day: date) -> None:
    """24:00 of the day, or its 00:00 where a reading says so, but never before what opened it (``term.midnight``)."""
    if opening.applied.rule.midnight == "end":
        opening.due, opening.last_day = end_of_day(day), day
        return
    opening.due = Instant(max(start_of_day(day), opening.opened))
    opening.last_day = paris_date(start_of_day(day) - 1)


def row_of(opening: Opening, at: Instant) -> DeadlineRow:
    """The row of a deadline at the statement's date."""
    applied, rule = opening.applied, opening.applied.rule
    owed = rule.owed_by
    if owed == "other-party":
        owed = "client" if opening.act is not None and opening.act.data.by == "provider" else "provider"
    elapsed, since = None, opening.counted_from
    if since is None and opening.due is None:
        since = opening.opened if opening.shown_start is None else opening.shown_start
    if since is not None:
        elapsed = max(0, (at if opening.settled_at is None else opening.settled_at) - since)
    safe = None
    if rule.kind == "duty" and applied.delay is not None and opening.due is not None:
        safe = stricter(opening.start, applied.delay, applied.clock, opening.due)
    return DeadlineRow(
        rule=applied.full_id,
        owed_by=owed,
        opened_by=None if opening.act is None else opening.act.ref,
        start=opening.shown_start,
        due=opening.due,
        last_day=opening.last_day,
        earliest=opening.earliest,
        state=state_of(opening, at),
        settled_by=None if opening.settled is None else opening.settled.ref,
        settled_at=opening.settled_at,
        clause=rule.clause,
        events=refs(opening.facts),
        elapsed_us=elapsed,
        safe_until=safe,
        ends={None: None, "contract": "contract", "agreement": applied.agreement.id}[rule.ends],
        readings=applied.differences,
    )


def state_of(opening: Opening, at: Instant) -> str:
    """What became of it: cancelled, an effect that came, a duty done, late, missed or still to do."""
    if opening.cancelled:
        return "cancelled"
    if opening.forced is not None:
        return opening.forced
    if opening.applied.rule.kind == "effect":
        return "met" if opening.settled is not None or opening.due is None or at >= opening.due else "pending"
    if opening.due is None and opening.settled is None and opening.shown_start is not None and at < opening.shown_start:
        return "pending"
    return duty_state(at, opening.due, opening.last_day, opening.settled_at)
