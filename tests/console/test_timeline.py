"""The timeline of a contract: its lanes, its marks, and what lasted, from years to minutes."""

from itertools import pairwise

import httpx
import pytest

from adapters.access.model import Role
from api.console.scale import MOST, ticks
from api.console.spans import Span
from api.console.timeline import MOST_SPANS, ROWS, Happened, Stretch, drawn
from domain.time.instant import parse_instant
from tests.console.conftest import signed_in
from tests.support.arrivals import event, outage
from tests.support.server import Api

NOW = parse_instant("2026-06-03T09:00:00+02:00")


def at(text: str) -> int:
    return parse_instant(text)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-06-02T15:00:00+02:00", "2026-06-02T15:04:00+02:00", "15:00, 15:01, 15:02, 15:03"),
        ("2026-06-02T22:00:00+02:00", "2026-06-03T04:00:00+02:00", "22:00, 23:00, 3 Jun, 01:00, 02:00, 03:00"),
        ("2026-06-02T12:00:00+02:00", "2026-06-03T20:00:00+02:00", "12:00, 18:00, 3 Jun, 06:00, 12:00, 18:00"),
        ("2026-06-02T00:00:00+02:00", "2026-06-04T12:00:00+02:00", "2 Jun, 12:00, 3 Jun, 12:00, 4 Jun"),
        ("2026-05-01T00:00:00+02:00", "2026-06-04T00:00:00+02:00", "4 May, 11 May, 18 May, 25 May, 1 Jun"),
        ("2025-11-15T00:00:00+01:00", "2026-02-05T00:00:00+01:00", "24 Nov, 8 Dec, 22 Dec, 5 Jan, 19 Jan, 2 Feb"),
        (
            "2024-06-01T09:00:00+02:00",
            "2026-06-03T09:00:00+02:00",
            "Jul 2024, Oct 2024, Jan 2025, Apr 2025, Jul 2025, Oct 2025, Jan 2026, Apr 2026",
        ),
        ("2000-01-01T00:00:00+01:00", "2026-06-03T09:00:00+02:00", "2000, 2005, 2010, 2015, 2020, 2025"),
    ],
)
def test_marks_are_round_in_paris_and_few(start: str, end: str, said: str) -> None:
    found = ticks(at(start), at(end), "en")
    assert ", ".join(told.replace("\N{NO-BREAK SPACE}", " ") for _, told in found) == said
    assert len(found) <= MOST


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_marks_keep_to_the_clock_on_the_day_it_changes(day: str) -> None:
    start = parse_instant(f"{day}T00:00:00+0{1 if day < '2026-04' else 2}:00")
    found = ticks(start, start + 30 * 3_600 * 1_000_000, "fr")
    assert all(one < other for one, other in pairwise(place for place, _ in found))
    assert [told for _, told in found][1:3] == ["06:00", "12:00"]


def span(lane: str, start: str, end: str | None, tone: str = "total") -> Span:
    return Span(lane, at(start), end and at(end), ("name", "nom"), ("more", "plus"), tone, "/facts")


def stretch(start: str, end: str) -> Stretch:
    return Stretch(at(start), at(end), NOW)


def lane(chart: dict[str, object], name: str) -> dict[str, list[dict[str, float]]]:
    lanes: list[dict[str, list[dict[str, float]]]] = chart["lanes"]  # type: ignore[assignment]
    return next(one for one in lanes if one["name"] == name)  # type: ignore[comparison-overlap]


def test_outage_is_drawn_from_end_to_end_even_where_nothing_is_recorded() -> None:
    seen = stretch("2026-06-02T15:10:00+02:00", "2026-06-02T15:20:00+02:00")
    chart = drawn([], [span("outage", "2026-06-02T15:00:00+02:00", None)], seen, "en")
    (bar,) = lane(chart, "outage")["spans"]
    assert (bar["x"], bar["width"]) == (150, 1030)
    assert chart["now"] is None


def test_what_overlaps_stands_in_rows_of_its_own() -> None:
    seen = stretch("2026-06-01T00:00:00+02:00", "2026-06-04T00:00:00+02:00")
    both = [span("outage", f"2026-06-02T1{n}:00:00+02:00", "2026-06-02T20:00:00+02:00") for n in range(3)]
    rows = [bar["row"] for bar in lane(drawn([], both, seen, "fr"), "outage")["spans"]]
    assert rows == [0, 1, 2]
    many = [span("outage", "2026-06-02T10:00:00+02:00", "2026-06-02T20:00:00+02:00")] * (ROWS + 3)
    crowded = lane(drawn([], many, seen, "en"), "outage")
    assert ([bar["row"] for bar in crowded["spans"]], crowded["left_out"]) == (list(range(ROWS)), 3)


def test_lane_with_too_much_counts_instead() -> None:
    seen = stretch("2026-06-01T00:00:00+02:00", "2026-06-04T00:00:00+02:00")
    many = [span("deadline", "2026-06-01T10:00:00+02:00", "2026-06-02T20:00:00+02:00", "met")] * (MOST_SPANS + 1)
    found = lane(drawn([Happened(at("2026-06-02T10:00:00+02:00"), "outage")], many, seen, "en"), "deadline")
    assert found["spans"] == []
    assert [bar["count"] for bar in found["bars"]] == [MOST_SPANS + 1]


def test_page_shows_texts_outages_maintenance_and_deadlines(served: Api, visitor: httpx.Client) -> None:
    about = {"starts_at": "2026-05-10T01:00:00+02:00", "ends_at": "2026-05-10T03:00:00+02:00"}
    moved = {"starts_at": "2026-05-10T02:00:00+02:00", "ends_at": "2026-05-10T03:30:00+02:00"}
    known = {"kind": "planned", "services": ["vm"], **about}
    served.post(
        event("m-1", "maintenance.announced", {"maintenance": "m-1", **known}, "2026-05-01T09:00:00+02:00"),
        event("m-2", "maintenance.announced", {"maintenance": "m-2", **known}, "2026-05-01T09:00:00+02:00"),
        event("m-1p", "maintenance.performed", {"maintenance": "m-1", **moved}, "2026-05-10T03:30:00+02:00"),
        event("m-2c", "maintenance.cancelled", {"maintenance": "m-2"}, "2026-05-09T03:30:00+02:00"),
        outage("long", "o-long"),
    )
    served.settle()
    signed_in(served, visitor, Role.CLIENT)
    may = "from=2026-05-10T00:00:00%2B02:00&to=2026-05-11T00:00:00%2B02:00"
    told = visitor.get(f"/contracts/C-1/timeline?{may}&format=json").json()["spans"]
    found = {(row["lane"], row["from"], row["state"]) for row in told}
    assert ("maintenance", "2026-05-10T02:00:00+02:00", "performed") in found
    assert ("maintenance", "2026-05-10T01:00:00+02:00", "cancelled") in found
    assert ("terms", "2026-01-01T00:00:00+01:00", "terms") in found
    page = visitor.get(f"/contracts/C-1/timeline?{may}").text
    assert 'class="cell lane-maintenance pale"' in page
    whole = visitor.get("/contracts/C-1/timeline?format=csv").text.splitlines()
    assert whole[0] == "\ufefflane,from,to,name,name_fr,more,more_fr,state"
    assert any(line.startswith("outage,2026-03-01T") for line in whole)
    assert any(line.startswith("deadline,") for line in whole)


def test_stretch_in_which_nothing_happened_says_so_below_its_empty_lanes(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.CLIENT)
    page = visitor.get("/contracts/C-1/timeline?from=2019-01-01T00:00:00Z&to=2019-01-01T00:01:00Z").text
    assert "Nothing happened in this stretch of time" in page
    assert 'class="lanes"' in page
    before = visitor.get("/contracts/C-1/timeline?known_at=2020-01-01T00:00:00Z")
    assert before.status_code == 200
