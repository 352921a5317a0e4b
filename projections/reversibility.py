"""When the time to recover data is over: with the client's report, else with paid storage, else with the access."""

from typing import TYPE_CHECKING

from domain.agreements.deadline import Phases
from domain.events.reversibility import RecoveryReportReceived
from domain.fact import AnyFact
from domain.time.delay import compute
from projections.opening import Opening, Start
from projections.rulebook import Applied

if TYPE_CHECKING:
    from projections.docket import Docket


def period_ends(
    docket: "Docket", applied: Applied, phases: Phases, access: Opening
) -> tuple[Start, int, AnyFact | None]:
    """(where the delay of deletion runs from, from when acts settle it, the fact that ended the period).

    While paid storage runs, its longest term is projected. A report that comes after the data had to be gone, and that
    nobody demanded, changes nothing.
    """
    assert access.due is not None
    over: tuple[Start, int, AnyFact | None] = (access.last_day or access.due, access.due, access.act)
    stored = [storage for storage in docket.of(applied.agreement, phases.storage) if storage.opened >= access.opened]
    report = _report(docket, phases, access)
    if report is not None:
        late = applied.delay is not None and report.time >= compute(over[0], applied.delay, applied.clock).due
        if not late or stored or docket.of(applied.agreement, phases.demand):
            return report.time, report.time, report
    if stored:
        storage = stored[-1]
        if storage.settled is not None and storage.settled_at is not None:
            return storage.settled_at, storage.settled_at, storage.settled
        assert storage.due is not None
        return storage.last_day or storage.due, storage.due, storage.act
    return over


def _report(docket: "Docket", phases: Phases, access: Opening) -> AnyFact | None:
    """The first report that may close the period."""
    assert access.due is not None
    since = access.opened if phases.early else access.due
    reports = docket.facts(RecoveryReportReceived) if phases.report else []
    return next((fact for fact in reports if fact.time >= since), None)
