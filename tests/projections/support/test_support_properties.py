"""What holds of every ticket, whatever happened to it."""

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.time.instant import format_instant, parse_instant
from tests.support.bases import Happening
from tests.support.tickets import AT_CLOUD_TEMPLE, AT_OUTSCALE, AT_OUTSCALE_2023, answered, opened, rows, then

START = parse_instant("2026-03-26T11:00:00+01:00")
MINUTE = 60_000_000
STEPS = ("waiting-for-client", "client-replied", "resolved", "reopened", "completed", "answered", "robot")
CONTRACTS = (AT_OUTSCALE, AT_OUTSCALE_2023, AT_CLOUD_TEMPLE)

Story = tuple[list[tuple[str, int]], bool]
stories = st.tuples(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 4000)), max_size=8), st.booleans())
priorities = st.sampled_from([{"severity": n, "priority": f"I{n} C1"} for n in (1, 2, 3)])
readings = st.lists(
    st.sampled_from(
        ["support.pause_overlap=B", "support.gti_start=B", "calendar.holidays=B", "gti.severity3_calendar=B",
         "calendar.working_hours=B", "ct.gti_calendar=B", "ct.gti_equal=B", "support.first_response=B"]
    ),
    unique=True,
    max_size=3,
)  # fmt: skip


def told(story: Story, graded: dict[str, Any]) -> list[Happening]:
    """The ticket, opened complete or not, and what happened to it, minutes after one another."""
    steps, complete = story
    lines: list[Happening] = [opened(format_instant(START), complete=complete, **graded)]
    moment = int(START)
    for what, minutes in steps:
        moment += minutes * MINUTE
        if what in ("answered", "robot"):
            lines.append(answered(format_instant(moment), automatic=what == "robot"))
        else:
            lines.append(then(format_instant(moment), what))
    return lines


@settings(max_examples=60, deadline=None)
@given(stories, priorities, st.integers(1, 40_000), readings, st.sampled_from(CONTRACTS))
def test_a_row_says_late_exactly_when_its_clock_passed_what_is_allowed(
    story: Story,
    graded: dict[str, Any],
    later: int,
    chosen: list[str],
    contract: tuple[Happening, ...],
) -> None:
    happenings = told(story, graded)
    at = format_instant(START + later * MINUTE)
    for row in rows(*contract, *happenings, at=at, readings=chosen):
        used, allowed = int(row["elapsed_seconds"]), int(row["allowed_seconds"])
        assert used >= 0
        strict = row["commitment"].startswith("ct-") and "ct.gti_equal=B" in chosen
        assert (row["state"] == "missed") is (used >= allowed if strict else used > allowed)
        assert (row["state"] == "running") is (row["settled_at"] is None and row["state"] != "missed")
        if row["due"] is not None and row["settled_at"] is not None and not strict:
            late = parse_instant(row["settled_at"]) > parse_instant(row["due"])
            assert late is (row["state"] == "missed") or "support.pause_overlap=B" in chosen


@settings(max_examples=40, deadline=None)
@given(stories, priorities, st.sampled_from(CONTRACTS), st.randoms(use_true_random=False))
def test_the_order_of_arrival_has_no_meaning(
    story: Story, graded: dict[str, Any], contract: tuple[Happening, ...], random: Any
) -> None:
    happenings = told(story, graded)
    shuffled = list(happenings)
    random.shuffle(shuffled)
    at = format_instant(START + 10_000 * MINUTE)
    straight = rows(*contract, *happenings, at=at)
    mixed = rows(*contract, *shuffled, at=at)
    assert [{**row, "events": None} for row in straight] == [{**row, "events": None} for row in mixed]


@settings(max_examples=40, deadline=None)
@given(stories, priorities, st.lists(st.integers(1, 9000), min_size=2, max_size=5))
def test_the_clock_never_runs_backwards_and_a_late_ticket_stays_late(
    story: Story, graded: dict[str, Any], moments: list[int]
) -> None:
    happenings = told(story, graded)
    seen = [
        {row["commitment"]: row for row in rows(*AT_OUTSCALE, *happenings, at=format_instant(START + minutes * MINUTE))}
        for minutes in sorted(moments)
    ]
    for before, after in pairwise(seen):
        for commitment, row in before.items():
            assert int(after[commitment]["elapsed_seconds"]) >= int(row["elapsed_seconds"])
            if row["state"] == "missed":
                assert after[commitment]["state"] == "missed"
