"""The first page: every contract of the caller, what is breached, due soon, claimable, and the money at stake."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from starlette.responses import Response

from adapters.access.model import READERS
from adapters.eventstore.store import Deadline, DeadlineSearch
from api.asking import LONGEST
from api.console.downloads import Format, csv_file, json_file
from api.console.render import page
from api.console.router import Pages
from api.console.rows import Promises, Row, deadline_row
from api.identity import EVERY, Caller, allow, reads
from api.parts import Having
from api.routers.contracts import visible
from api.summaries import ZERO, Line, Summaries
from domain.exact import exact_text
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, format_instant, parse_instant

router = Pages()
SHOWN = 50
SOON_DAYS = 7
DAY = 86_400 * MICROSECONDS_PER_SECOND
MOST_SOON = 20_000
MOST_DUE = 15
COLUMNS = (
    "contract", "provider", "client", "state", "at", "period", "kept", "breached_lines", "due_soon", "next_due",
    "claimable", "claim_by", "claimed", "findings",
)  # fmt: skip
SORTS = ("urgency", "money", "name")
Sort = Annotated[Literal["urgency", "money", "name"], Query()]
Only = Annotated[Literal["breached", "due", "claimable", ""], Query()]
Words = Annotated[str, Query(max_length=LONGEST)]
Number = Annotated[int, Query(alias="page", ge=1, le=100_000)]


class Filters:
    """Which contracts are shown, and in which order."""

    def __init__(self, *, search: Words = "", only: Only = "", sort: Sort = "urgency") -> None:
        self.search = search
        self.only = only
        self.sort = sort

    def query(self, **more: str) -> str:
        """The filters as the end of an address, with others in their place."""
        chosen = {"search": self.search, "only": self.only, "sort": self.sort} | more
        told = {name: value for name, value in chosen.items() if value and (name, value) != ("sort", SORTS[0])}
        return f"?{urlencode(told)}" if told else ""

    def keeps(self, row: Row) -> bool:
        """Whether a contract is shown."""
        wanted = {"breached": row["breached_lines"], "due": row["due_soon"], "claimable": row["claimable"] != "0"}
        if self.only and not wanted[self.only]:
            return False
        words = self.search.casefold().split()
        told = (row["contract"], row["client"], row["provider"], *row["documents"]) if words else ()
        return all(any(word in (one or "").casefold() for one in told) for word in words)

    def place(self, line: Line) -> tuple[Any, ...]:
        """Where a contract stands: by what ends first, by the money at stake, or by its name."""
        row = line.row
        if self.sort == "name":
            return (row["contract"],)
        if self.sort == "money":
            return (-line.claimable, -line.claimed, row["contract"])
        return (row["state"] == "ended", line.ends is None, line.ends or 0, -row["breached_lines"], row["contract"])


@router.get("/")
def portfolio(
    request: Request,
    parts: Having,
    known: Annotated[Caller, Depends(allow(*READERS))],
    filters: Annotated[Filters, Depends()],
    number: Number = 1,
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """The contracts, what presses first, fifty to a page; the sums and the files are of all that the filters leave."""
    reads(request, [EVERY])
    now = parts.clock()
    soon = DeadlineSearch(known.contracts, ("pending",), None, Instant(now + SOON_DAYS * DAY))
    due = parts.store.deadlines(soon, limit=MOST_SOON)
    summaries: Summaries = request.app.state.summaries
    ends = _by_contract(due)
    every = summaries.lines(parts, visible(parts, known), now, ends)
    lines = sorted((one for one in every if filters.keeps(one.row)), key=filters.place)
    rows = [one.row for one in lines]
    if format == "json":
        return json_file("portfolio", {"at": format_instant(now), "contracts": rows})
    if format == "csv":
        return csv_file("portfolio", COLUMNS, rows)
    promises = Promises(parts)
    shown = {row["contract"] for row in rows}
    pending = [one for one in due if one.contract in shown]
    values = {
        "rows": [one.told for one in lines[(number - 1) * SHOWN : number * SHOWN]],
        "every": len(every),
        "found": len(rows),
        "filters": filters,
        "sorts": SORTS,
        "page": number,
        "pages": max(1, -(-len(rows) // SHOWN)),
        "due": [deadline_row(row, promises) for row in pending[:MOST_DUE]],
        "due_count": len(pending),
        "more_due": len(pending) > MOST_DUE,
        "now": now,
        "until": Instant(now + SOON_DAYS * DAY),
        "sums": {
            "claimable": _sum(one.claimable for one in lines),
            "claimed": _sum(one.claimed for one in lines),
            "granted": _sum(one.granted for one in lines),
            "lost": _sum(one.lost for one in lines),
            "breached": sum(row["breached_lines"] for row in rows),
            "claim_by": min((row["claim_by"] for row in rows if row["claim_by"]), key=parse_instant, default=None),
        },
    }
    return page(request, "portfolio.html", values)


def _by_contract(due: Iterable[Deadline]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in due:
        if one.due is not None:
            found.setdefault(one.contract, []).append(one.due)
    return found


def _sum(amounts: Iterable[Fraction]) -> str:
    return exact_text(sum(filter(None, amounts), ZERO))
