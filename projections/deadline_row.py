"""One row of ``deadlines``: from when to when, and what became of it at the statement's date."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from domain.exact import seconds_text
from domain.time.instant import Instant, format_instant

NO_READINGS: Mapping[str, str] = MappingProxyType({})


class DeadlineRow(NamedTuple):
    """One deadline, duty or effect.

    ``due`` is the first instant too late, or the last one in time where there is no ``last_day`` (delays in minutes
    and hours), None where the text gives no figure. ``earliest`` is the first instant allowed. ``elapsed_us`` is told
    for duties without a figure, in microseconds. ``safe_until`` is the end of the delay under the stricter reading: of
    clear days, or of a reserve that must follow each instant. ``ends``: what an effect ends, a document or the
    ``contract``.
    """

    rule: str
    owed_by: str
    opened_by: str | None
    start: Instant | None
    due: Instant | None
    last_day: date | None
    earliest: Instant | None
    state: str
    settled_by: str | None
    settled_at: Instant | None
    clause: str
    events: tuple[str, ...]
    elapsed_us: int | None = None
    safe_until: Instant | None = None
    ends: str | None = None
    readings: Mapping[str, str] = NO_READINGS

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Sort key: by rule, then by time, then by what opened it."""
        return (self.rule, self.start or 0, self.due or 0, self.opened_by or "")

    def as_json(self) -> dict[str, Any]:
        """The row as statements print it; the last four keys only where they say something."""
        row: dict[str, Any] = {
            "rule": self.rule,
            "owed_by": self.owed_by,
            "opened_by": self.opened_by,
            "from": _instant(self.start),
            "due": _instant(self.due),
            "last_day": None if self.last_day is None else self.last_day.isoformat(),
            "earliest": _instant(self.earliest),
            "state": self.state,
            "settled_by": self.settled_by,
            "settled_at": _instant(self.settled_at),
            "clause": self.clause,
            "events": list(self.events),
        }
        if self.elapsed_us is not None:
            row["elapsed_seconds"] = seconds_text(self.elapsed_us)
        if self.safe_until is not None:
            row["safe_until"] = format_instant(self.safe_until)
        if self.ends is not None:
            row["ends"] = self.ends
        if self.readings:
            row["readings"] = self.readings
        return row


def _instant(instant: Instant | None) -> str | None:
    return None if instant is None else format_instant(instant)


def duty_state(at: int, due: int | None, last_day: date | None, settled: int | None) -> str:
    """State of a duty: an act at ``due`` itself is late where days are counted, in time where hours are."""
    if due is None:
        return "open-ended" if settled is None else "met"
    late = due if last_day is not None else due + 1
    if settled is not None:
        return "met" if settled < late else "met-late"
    return "pending" if at < late else "missed"
