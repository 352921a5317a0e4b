"""The one place that reads a clock. Everything else is told the time."""

from datetime import UTC, datetime

from domain.time.instant import Instant, from_datetime


def now() -> Instant:
    """The present instant."""
    return from_datetime(datetime.now(UTC))
