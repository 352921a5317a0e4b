"""The timeline of a contract: what lasted and what happened, in lanes, from its whole life to minutes, each a URL."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import Search
from api.asking import When
from api.console.downloads import Format, csv_file, json_file
from api.console.frame import READ, Frame, Framed
from api.console.pages.facts import told_of
from api.console.pages.obligations import standing_deadlines
from api.console.render import page
from api.console.router import Pages
from api.console.rows import Row
from api.console.spans import Span, due, lasting
from api.console.timeline import MOST_SPANS, SHORTEST, Happened, Stretch, drawn, lane_of
from api.language import language
from domain.events.registry import PREFIX
from domain.fact import by_order
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, format_instant, parse_instant

router = Pages(dependencies=READ)
MOST = 20_000
SHOWN = 40
WIDER = 3
MINUTE = 60 * MICROSECONDS_PER_SECOND
DAY = 1_440 * MINUTE
AHEAD = 92 * DAY
LENGTHS = (("year", 365 * DAY), ("month", 30 * DAY), ("week", 7 * DAY), ("day", DAY), ("hour", 60 * MINUTE))
COLUMNS = ("lane", "from", "to", "name", "name_fr", "more", "more_fr", "state")
From = Annotated[When | None, Query(alias="from")]
To = Annotated[When | None, Query()]
Lane = Annotated[str, Query(max_length=50)]


@router.get("/contracts/{contract}/timeline")
def timeline(
    frame: Framed,
    since: From = None,
    to: To = None,
    lane: Lane = "",
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """A stretch of time; without one, the contract's whole life."""
    wanted = Search(
        subjects=frozenset({frame.contract}),
        since=since,
        until=to,
        recorded_until=None if frame.asked.known_at is None else Instant(frame.asked.known_at + 1),
        newest_first=True,
    )
    found = frame.parts.store.indexed(wanted, MOST + 1)
    facts = sorted(found[:MOST], key=lambda one: (one.time, one.source, one.id))
    start = since if since is not None else (facts[0].time if facts else frame.now)
    delays = standing_deadlines(frame)
    end = to if to is not None else Instant(max([frame.now, *(fact.time for fact in facts), *_soon(frame, delays)]) + 1)
    end = Instant(max(end, start + SHORTEST))
    spans = sorted([*lasting(frame, since, end), *due(frame, delays, since, end)], key=_place)
    if format != "html":
        rows = [_row(span) for span in spans]
        name = f"{frame.contract}-timeline"
        return csv_file(name, COLUMNS, rows) if format == "csv" else json_file(name, {"spans": rows})
    happened = [Happened(one.time, _noun(one.type)) for one in facts]
    listed = [one for one in facts if lane in ("", lane_of(_noun(one.type)))]
    latest = [fact_of(entry.state) for entry in frame.parts.store.entries_at([one.position for one in listed[-SHOWN:]])]
    lang = language(frame.request)
    length = end - start
    middle = start + length // 2
    values = frame.values(
        "timeline",
        chart=drawn(happened, spans, Stretch(start, end, frame.now), lang),
        start=start,
        end=end,
        whole=since is None and to is None,
        earlier=_stretch(start - length, start),
        later=_stretch(end, end + length),
        wider=_stretch(start - length * WIDER // 2, end + length * WIDER // 2),
        closer=_stretch(middle - length // 4, middle + length // 4) if length > 2 * SHORTEST else None,
        lengths=[(name, _stretch(middle - span // 2, middle + span // 2)) for name, span in LENGTHS if span < length],
        rows=[told_of(fact, lang) for fact in sorted(latest, key=by_order, reverse=True)],
        found=len(listed),
        cut=len(found) > MOST,
        lane=lane,
        told=spans[:MOST_SPANS],
        lasted=len(spans),
        around=_around,
        stretch=partial(_query, frame.asked.query()),
    )
    return page(frame.request, "timeline.html", values)


def _soon(frame: Frame, delays: list[Row]) -> list[int]:
    """When the delays end that are still open, as far ahead as a reader plans."""
    dues = [parse_instant(row["due"]) for row in delays if row["state"] == "pending" and row["due"] is not None]
    return [at for at in dues if at <= frame.now + AHEAD]


@cache
def _noun(type_: str) -> str:
    """What a type of fact is about, its first word: ``outage`` of ``greffe.outage.recorded.v1``."""
    return type_.removeprefix(PREFIX).partition(".")[0]


def _place(span: Span) -> tuple[str, int]:
    return span.lane, span.start


def _around(span: Span, now: int) -> dict[str, str]:
    """The stretch that shows one thing whole, with a little on both sides."""
    end = span.until(now)
    margin = max((end - span.start) // 8, 10 * MINUTE)
    return _stretch(span.start - margin, end + margin)


def _query(asked: str, stretch: Mapping[str, str]) -> str:
    """The question of the page with a stretch of time, whose instants need no other letter quoted than these."""
    told = "&".join(f"{name}={at.replace(':', '%3A').replace('+', '%2B')}" for name, at in stretch.items())
    return f"{asked}&{told}" if asked else f"?{told}"


def _stretch(start: int, end: int) -> dict[str, str]:
    return {"from": format_instant(Instant(start)), "to": format_instant(Instant(end))}


def _row(span: Span) -> dict[str, str | None]:
    return {
        "lane": span.lane,
        "from": format_instant(Instant(span.start)),
        "to": None if span.end is None else format_instant(Instant(span.end)),
        "name": span.name[0],
        "name_fr": span.name[1],
        "more": span.more[0],
        "more_fr": span.more[1],
        "state": span.tone,
    }
