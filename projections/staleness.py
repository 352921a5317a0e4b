"""Until when the deadlines of a statement stand without a new fact: time alone makes of a pending one a missed one."""

from domain.time.instant import Instant, end_of_day, paris_date
from projections.live import Said


def stale_at(said: Said) -> Instant | None:
    """The first instant after the statement's at which its deadlines may read otherwise; None where none will.

    Whatever is counted in days, weeks, months or dates changes at midnight in Paris, the rest at a deadline's own
    instants, or when a fact dated ahead happens. A contract of which nothing is derived waits for a fact.
    """
    moments = [] if said.later is None else [said.later]
    if said.derived.documents:
        moments.append(end_of_day(paris_date(said.at)))
        for row in said.derived.deadlines:
            for moment in (row.due, row.earliest, row.start):
                if moment is not None:
                    moments += [moment, Instant(moment + 1)]  # an act at ``due`` itself is in time where hours count
    return min((moment for moment in moments if moment > said.at), default=None)
