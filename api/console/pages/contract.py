"""A contract at a glance: what is breached, running, claimable and due, and where to look closer."""

from collections import Counter
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from adapters.eventstore.store import DeadlineSearch
from api.console.downloads import Format, json_file
from api.console.frame import READ, Frame, Framed
from api.console.render import page
from api.console.router import Pages
from api.console.rows import Row, deadline_row
from api.console.statements import Question, payable
from api.parts import Having
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, parse_instant

router = Pages(dependencies=READ)
MINUTE = 60 * MICROSECONDS_PER_SECOND
SEE_OTHER = 303
NEXT = 6
LATEST = 5


@router.get("/contracts/{contract}")
def overview(frame: Framed, format: Format = "html") -> Response:  # noqa: A002 - the name in the address
    """How the contract stands."""
    if format != "html":
        return json_file(frame.contract, frame.whole)
    part = frame.part
    lines = [line for line in frame.lines if line["promised"]]
    states = Counter(line["last"]["state"] for line in lines if line["last"] is not None)
    claimable = [
        row
        for row in payable(part["penalties"], "claimable")
        if row["claim_by"] is None or parse_instant(row["claim_by"]) > frame.now
    ]
    return page(
        frame.request,
        "contract.html",
        frame.values(
            "overview",
            lines=lines,
            states=states,
            open_breaches=[line for line in lines if line["open"] is not None and line["open"]["state"] == "breached"],
            claimable=claimable,
            claimed=payable(part["penalties"], "claimed"),
            next=pending(frame)[:NEXT],
            running=[row for row in part["support"] if row["state"] == "running"],
            latest=list(reversed(part["findings"]))[:LATEST],
        ),
    )


@router.get("/contracts/{contract}/now")
def this_minute(contract: str, parts: Having) -> Response:
    """Leads to how the contract stands this minute, at an address that will always say the same."""
    now = parts.clock()
    minute = Question(at=Instant(now - now % MINUTE))
    return RedirectResponse(f"/contracts/{quote(contract, safe='')}{minute.query()}", SEE_OTHER)


def pending(frame: Frame) -> list[Row]:
    """What is due, the next first: as it stands by the clock, or as the statement of another date says."""
    if frame.asked.standing:
        wanted = DeadlineSearch(frozenset({frame.contract}), ("pending",))
        rows = [deadline_row(row, frame.promises) for row in frame.parts.store.deadlines(wanted, limit=1_000)]
    else:
        rows = [row | {"title": frame.promises.title(row["rule"])} for row in frame.part["deadlines"]]
        rows = [row for row in rows if row["state"] == "pending"]
    for row in rows:
        row["figure"] = frame.figure("deadlines", row)
    return sorted(rows, key=lambda row: (row["due"] is None, row["due"] and parse_instant(row["due"])))
