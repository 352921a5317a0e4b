"""The evidence bundle of a contract: how much of it is asked for, and the file itself."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from adapters.evidence.bundle import Asked
from api.asking import LONGEST
from api.console.downloads import saved_as
from api.console.frame import READ, Framed
from api.console.render import page
from api.console.router import Pages
from api.errors import unreadable
from api.identity import Known
from api.routers.bundles import zipped
from api.routers.facts import OPENERS
from domain.readings import select
from domain.time.instant import Instant, start_of_day

router = Pages(dependencies=READ)
Figure = Annotated[str, Query(max_length=1_000)]
Day = Annotated[str, Query(max_length=10)]
Paths = Annotated[str, Query(max_length=LONGEST)]
Values = Annotated[str, Query(pattern="^(shown|withheld)$")]
PERSONS = "persons"


@router.get("/contracts/{contract}/bundle")
def bundle(frame: Framed, known: Known, figure: Figure = "") -> Response:
    """The form; what to do where nothing of the contract is signed yet."""
    store = frame.parts.store
    newest = store.checkpoint()
    leaves = store.leaves_of(frame.contract, store.log_size())
    later = sum(newest is None or leaf.idx >= newest.size for leaf in leaves)
    values = frame.values(
        "bundle",
        figure_asked=figure,
        newest=newest,
        later=later,
        covered=len(leaves) - later,
        opens=known.role in OPENERS,
    )
    return page(frame.request, "bundle.html", values)


@router.get("/contracts/{contract}/bundle.zip")
def file(
    frame: Framed,
    known: Known,
    figure: Figure = "",
    start: Day = "",
    end: Day = "",
    persons: Values = "shown",
    paths: Paths = "",
) -> Response:
    """The bundle, as the API gives it; the days are of Paris, the last one included."""
    parts, asked = frame.parts, frame.asked
    wanted = Asked(
        contract=frame.contract,
        readings=select(parts.switches, asked.readings),
        at=asked.at,
        known_at=asked.known_at,
        start=_day("start", start, 0),
        end=_day("end", end, 1),
        figure=figure.strip() or None,
        redact=(*([PERSONS] if persons == "withheld" else []), *paths.replace(",", " ").split()),
    )
    answer = zipped(parts, wanted, known)
    answer.headers["Content-Disposition"] = saved_as(f"{frame.contract}-bundle.zip")
    return answer


def _day(name: str, text: str, later: int) -> Instant | None:
    """The beginning of a day, or of so many later; None for none."""
    if not text:
        return None
    try:
        return start_of_day(date.fromisoformat(text) + timedelta(days=later))
    except (ValueError, OverflowError):
        raise unreadable(name, "expected a day, YYYY-MM-DD", "attendu : un jour, AAAA-MM-JJ") from None
