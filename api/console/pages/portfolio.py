"""The first page: every contract of the caller, what is breached, due soon, claimable, and the money at stake."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from adapters.access.model import READERS
from adapters.eventstore.store import DeadlineSearch
from api.asking import Text
from api.console.downloads import Format, csv_file, json_file
from api.console.render import page
from api.console.rows import Promises, deadline_row, worst
from api.console.statements import Question, Row, part_of, reader_of
from api.identity import EVERY, Caller, allow, reads
from api.parts import Having, Parts
from api.routers.contracts import standing, visible
from domain.exact import exact_text
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, format_instant, parse_instant, to_paris

router = APIRouter()
SHOWN = 50
SOON_DAYS = 7
DAY = 86_400 * MICROSECONDS_PER_SECOND
MOST_DUE = 15
MONTHS = 12
COLUMNS = (
    "contract", "provider", "client", "state", "at", "period", "kept", "breached_lines", "due_soon", "claimable",
    "claim_by", "claimed", "findings",
)  # fmt: skip


@router.get("/")
def portfolio(
    request: Request,
    parts: Having,
    known: Annotated[Caller, Depends(allow(*READERS))],
    after: Text = None,
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """The contracts, fifty to a page, and what is due within seven days over all of them."""
    reads(request, [EVERY])
    now = parts.clock()
    names = [name for name in visible(parts, known) if after is None or name > after]
    rows = [line(request, parts, name, now) for name in names[:SHOWN]]
    if format == "json":
        return json_file("portfolio", {"at": format_instant(now), "contracts": rows})
    if format == "csv":
        return csv_file("portfolio", COLUMNS, rows)
    promises = Promises(parts)
    wanted = DeadlineSearch(known.contracts, ("pending",), None, Instant(now + SOON_DAYS * DAY))
    due = [deadline_row(row, promises) for row in parts.store.deadlines(wanted, limit=MOST_DUE + 1)]
    values = {
        "rows": rows,
        "due": due[:MOST_DUE],
        "more_due": len(due) > MOST_DUE,
        "now": now,
        "at_now": format_instant(now),
        "until": Instant(now + SOON_DAYS * DAY),
        "following": names[SHOWN - 1] if len(names) > SHOWN else None,
        "sums": {
            "claimable": _sum(row["claimable"] for row in rows),
            "claimed": _sum(row["claimed"] for row in rows),
            "granted": _sum(row["granted"] for row in rows),
            "lost": _sum(row["lost"] for row in rows),
            "breached": sum(row["breached_lines"] for row in rows),
            "claim_by": min((row["claim_by"] for row in rows if row["claim_by"]), default=None),
        },
    }
    return page(request, "portfolio.html", values)


def line(request: Request, parts: Parts, contract: str, now: Instant) -> Row:
    """One contract: how its last closed period went, the year before it, and its money."""
    whole = reader_of(request).whole(parts, contract, Question())
    part = part_of(whole, contract)
    by_month = months_of(part["indicators"], parse_instant(whole["at"]))
    last = max(by_month, default=None)
    states = Counter(row["state"] for row in by_month.get(last or "", ()))
    open_ = [row for row in part["penalties"] if row["state"] == "claimable" and _later(row["claim_by"], now)]
    soon = DeadlineSearch(frozenset({contract}), ("pending",), None, Instant(now + SOON_DAYS * DAY))
    return {
        **standing(parts, contract, whole),
        "period": last,
        "stale": _turned(parse_instant(whole["at"]), now),
        "kept": states["met"],
        "breached_lines": states["breached"],
        "unmeasured": states["unmeasured"],
        "months": [{"month": month, **_shares(by_month[month])} for month in sorted(by_month)[-MONTHS:]],
        "due_soon": len(parts.store.deadlines(soon, limit=1_000)),
        "claimable": _money(open_),
        "claim_by": min((row["claim_by"] for row in open_), default=None),
        "claimed": _money([row for row in part["penalties"] if row["state"] in {"claimed", "suspended"}]),
        "granted": _money([row for row in part["penalties"] if row["state"] == "accepted"]),
        "lost": _money([row for row in part["penalties"] if row["state"] == "barred"], "gross"),
    }


def months_of(rows: Sequence[Row], at: Instant) -> dict[str, list[Row]]:
    """The lines whose period is closed, by the month (``2026-05``) in which it ended."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        end = parse_instant(row["period"]["to"])
        if end <= at and row["state"] in {"met", "breached", "unmeasured"}:
            last = to_paris(end - 1)
            found.setdefault(f"{last:%Y-%m}", []).append(row)
    return found


def _shares(rows: Sequence[Row]) -> Row:
    states = Counter(row["state"] for row in rows)
    return {"state": worst(rows), "kept": states["met"], "breached": states["breached"]}


def _turned(at: Instant, now: Instant) -> bool:
    """Whether a month has ended since an instant: periods that closed meanwhile are not in a statement of then."""
    then, today = to_paris(at), to_paris(now)
    return (then.year, then.month) < (today.year, today.month)


def _later(text: str | None, now: Instant) -> bool:
    return text is None or parse_instant(text) > now


def _money(rows: Sequence[Row], field: str = "payable") -> str:
    return exact_text(sum((Fraction(row[field]) for row in rows if row[field] is not None), Fraction(0)))


def _sum(amounts: Any) -> str:
    return exact_text(sum(map(Fraction, amounts), Fraction(0)))
