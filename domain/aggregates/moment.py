"""When a fact may have happened, as seen from when it was recorded: no clock that says 1970 or 2999 is believed.

A statement has rows for every period up to its latest fact, so one absurd date would also bury a contract in rows.
"""

from domain.aggregates.verdict import Refuse
from domain.fact import AnyFact
from domain.time.instant import MICROSECONDS_PER_SECOND, format_instant

YEAR = 366 * 86_400 * MICROSECONDS_PER_SECOND
AHEAD, BEHIND = 10 * YEAR, 40 * YEAR
"""A fact may be announced, or taken over from an archive; beyond these a clock is wrong."""


def wrong_moment(fact: AnyFact) -> Refuse | None:
    """A fact recorded more than ten years before it happened, or forty years after."""
    if -AHEAD <= fact.recorded - fact.time <= BEHIND:
        return None
    time, recorded = format_instant(fact.time), format_instant(fact.recorded)
    return Refuse(
        f"It is said to have happened at {time} and was recorded at {recorded}: one of the two clocks is wrong.",
        f"Ce fait se serait produit le {time} et a été enregistré le {recorded} : l'une des deux horloges est fausse.",
    )
