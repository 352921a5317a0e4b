"""The timeline of a contract: its facts in lanes, from its whole life down to minutes, every stretch a URL."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import Search
from api.asking import When
from api.console.frame import READ, Framed
from api.console.pages.facts import told_of
from api.console.render import page
from api.console.timeline import SHORTEST, Happened, drawn, lane_of
from api.language import language
from domain.time.instant import Instant, format_instant
from projections.explain.fact_words import type_of

router = APIRouter(dependencies=READ)
MOST = 20_000
SHOWN = 40
WIDER = 3
From = Annotated[When | None, Query(alias="from")]
To = Annotated[When | None, Query()]
Lane = Annotated[str, Query(max_length=50)]


@router.get("/contracts/{contract}/timeline")
def timeline(frame: Framed, since: From = None, to: To = None, lane: Lane = "") -> Response:
    """The facts that happened in a stretch of time; without one, in the contract's whole life."""
    wanted = Search(
        subjects=frozenset({frame.contract}),
        since=since,
        until=to,
        recorded_until=None if frame.asked.known_at is None else Instant(frame.asked.known_at + 1),
        newest_first=True,
    )
    entries = frame.parts.store.search(wanted, None, MOST + 1)
    facts = sorted((fact_of(entry.state) for entry in entries[:MOST]), key=lambda fact: fact.order)
    start = since if since is not None else (facts[0].time if facts else frame.now)
    end = to if to is not None else Instant(max([frame.now, *(fact.time for fact in facts)]) + 1)
    end = Instant(max(end, start + SHORTEST))
    span = end - start
    happened = [Happened(fact.time, type_of(fact).partition(".")[0]) for fact in facts]
    listed = [fact for fact in facts if lane in ("", lane_of(type_of(fact).partition(".")[0]))]
    lang = language(frame.request)
    values = frame.values(
        "timeline",
        chart=drawn(happened, start, end),
        start=start,
        end=end,
        whole=since is None and to is None,
        earlier=_stretch(start - span, start),
        later=_stretch(end, end + span),
        wider=_stretch(start - span * WIDER // 2, end + span * WIDER // 2),
        rows=[told_of(fact, lang) for fact in reversed(listed[-SHOWN:])],
        found=len(listed),
        cut=len(entries) > MOST,
        lane=lane,
    )
    return page(frame.request, "timeline.html", values)


def _stretch(start: int, end: int) -> dict[str, str]:
    return {"from": format_instant(Instant(start)), "to": format_instant(Instant(end))}
