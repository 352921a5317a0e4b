"""Penalties, deadlines, support, the end of the contract, findings: the other sections of a statement."""

import json
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Annotated, Literal, NamedTuple

from fastapi import Query
from starlette.responses import Response

from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import DeadlineSearch, Search
from api.console.downloads import Format, csv_file, json_file
from api.console.frame import READ, Frame, Framed
from api.console.gantt import chart, ending
from api.console.pages.facts import told_of
from api.console.render import page
from api.console.router import Pages
from api.console.rows import Row
from api.language import language
from domain.events.registry import PREFIX, known_topics
from domain.fact import by_order
from domain.time.instant import Instant, parse_instant

router = Pages(dependencies=READ)
Number = Annotated[int, Query(alias="page", ge=1, le=100_000)]
SHOWN = 50
MOST_ACTS = 200
ENDING = ("termination.", "contract.ended", "contract.term-reached", "reversibility.", "deletion.")
"""How the types of what is done towards the end of a contract begin."""
PenaltyState = Annotated[
    Literal["no-rule", "rejected", "accepted", "barred", "suspended", "cap-pending", "claimed", "claimable", ""],
    Query(),
]
DeadlineState = Annotated[Literal["pending", "met", "met-late", "missed", "cancelled", "open-ended", ""], Query()]
Owed = Annotated[Literal["client", "provider", "none", ""], Query()]
COLUMNS = {
    "penalties": (
        "period_end", "gross", "average_monthly_revenue", "payable", "credit_note", "state", "claim_by", "claims",
        "rule", "clause", "events",
    ),
    "deadlines": (
        "rule", "owed_by", "opened_by", "from", "due", "last_day", "state", "settled_by", "settled_at", "clause",
        "events",
    ),
    "support": (
        "ticket", "commitment", "priority", "from", "due", "settled_at", "allowed_seconds", "elapsed_seconds", "state",
        "clause", "events",
    ),
    "findings": ("code", "rule", "clause", "message", "message_fr", "events"),
}  # fmt: skip


@router.get("/contracts/{contract}/penalties")
def penalties(
    frame: Framed,
    state: PenaltyState = "",
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """What breaches cost: gross, capped, payable, and until when it can be claimed."""
    every = frame.part["penalties"]
    rows = sorted((row for row in every if state in ("", row["state"])), key=_period_end, reverse=True)
    if format != "html":
        return _file(frame, "penalties", rows, format)
    counts = Counter(row["state"] for row in every)
    values = frame.values("penalties", rows=rows, counts=counts, state=state, amounts=frame.part["amounts"])
    return page(frame.request, "penalties.html", values)


@router.get("/contracts/{contract}/deadlines")
def deadlines(
    frame: Framed,
    state: DeadlineState = "",
    owed_by: Owed = "",
    number: Number = 1,
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """What was or is due, by whom: what is still to come first, then the latest."""
    every = _delays(frame)
    found = [one for one in every if state in ("", one.state) and owed_by in ("", one.owed_by)]
    found.sort(key=_by_due)
    if format != "html":
        return _file(frame, "deadlines", [one.row() for one in found], format)
    values = frame.values(
        "deadlines",
        rows=[one.row() for one in found[(number - 1) * SHOWN : number * SHOWN]],
        counts=Counter(one.state for one in every),
        found=len(found),
        state=state,
        owed_by=owed_by,
        page=number,
        pages=max(1, -(-len(found) // SHOWN)),
    )
    return page(frame.request, "deadlines.html", values)


@router.get("/contracts/{contract}/support")
def support(frame: Framed, number: Number = 1, format: Format = "html") -> Response:  # noqa: A002 - the name in the address
    """Each ticket's commitments on their clocks, those that run first, and the share kept each month."""
    rows = sorted(frame.part["support"], key=lambda row: (row["state"] != "running", row["ticket"]))
    if format != "html":
        return _file(frame, "support", rows, format)
    values = frame.values(
        "support",
        rows=rows[(number - 1) * SHOWN : number * SHOWN],
        objectives=[row for row in frame.part["support_objectives"] if row["total"]],
        page=number,
        pages=max(1, -(-len(rows) // SHOWN)),
    )
    return page(frame.request, "support.html", values)


@router.get("/contracts/{contract}/end")
def end(frame: Framed, format: Format = "html") -> Response:  # noqa: A002 - the name in the address
    """The end of the contract: notice, effect, recovery of the data, deletion, certificate."""
    rows = [row for row in standing_deadlines(frame) if ending(frame.parts.catalogue, row["rule"])]
    rows.sort(key=lambda row: parse_instant(row["from"] or row["due"] or row["settled_at"] or "1970-01-01T00:00:00Z"))
    if format != "html":
        return _file(frame, "deadlines", rows, format)
    values = frame.values("end", rows=rows, chart=chart(rows, frame.now), acts=_acts(frame))
    return page(frame.request, "end.html", values)


@router.get("/contracts/{contract}/findings")
def findings(frame: Framed, format: Format = "html") -> Response:  # noqa: A002 - the name in the address
    """What a person should look at: contradictions, acts refused, claims too late."""
    rows = [row | {"number": number} for number, row in enumerate(frame.part["findings"])]
    if format != "html":
        return _file(frame, "findings", frame.part["findings"], format)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["code"], []).append(row)
    return page(frame.request, "findings.html", frame.values("findings", groups=groups))


class Delay(NamedTuple):
    """A deadline as far as lists sort and count it; ``row`` reads the rest. ``at`` is when it ends, ended or began."""

    state: str
    owed_by: str
    at: int
    row: Callable[[], Row]


def standing_deadlines(frame: Frame) -> list[Row]:
    """The deadlines as they stand by the clock, or as the statement of another date has them."""
    return [one.row() for one in _delays(frame)]


def _delays(frame: Frame) -> list[Delay]:
    if not frame.asked.standing:
        return [Delay(row["state"], row["owed_by"], _told_at(row), row.copy) for row in frame.part["deadlines"]]
    found = frame.parts.store.deadlines_of(frame.contract, DeadlineSearch())
    return [
        Delay(
            one.state,
            one.owed_by,
            _told_at(json.loads(one.body)) if one.due is None else one.due,
            partial(json.loads, one.body),
        )
        for one in found
    ]


def _acts(frame: Frame) -> list[Row]:
    """What was said and done towards the end, in the order it happened, as far as it was known."""
    known_at = frame.asked.known_at
    wanted = Search(
        subjects=frozenset({frame.contract}),
        types=tuple(sorted(one for one in known_topics() if one.removeprefix(PREFIX).startswith(ENDING))),
        until=Instant(frame.now + 1),
        recorded_until=None if known_at is None else Instant(known_at + 1),
    )
    found = [fact_of(entry.state) for entry in frame.parts.store.search(wanted, None, MOST_ACTS)]
    return [told_of(fact, language(frame.request)) for fact in sorted(found, key=by_order)]


def _period_end(row: Row) -> str:
    return str(row["period_end"])


def _told_at(row: Row) -> int:
    told = row["due"] or row["settled_at"] or row["from"]
    return 0 if told is None else int(parse_instant(told))


def _by_due(one: Delay) -> tuple[bool, int]:
    return (one.state != "pending", one.at if one.state == "pending" else -one.at)


def _file(frame: Frame, section: str, rows: list[Row], kind: str) -> Response:
    name = f"{frame.contract}-{section}"
    if kind == "csv":
        return csv_file(name, COLUMNS[section], rows)
    return json_file(name, {"contract": frame.contract, "at": frame.whole["at"], section: rows})
