"""What holds for any set of outages and exclusions, whatever they are and in whatever order they are told."""

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.time.instant import Instant, format_instant, parse_instant
from projections.indicators import indicator_rows
from projections.outages import resolve_outages
from tests.projections.indicators.world import INTERNET, LBU, cgv
from tests.support.bases import basis_of

START = parse_instant("2026-04-01T00:00:00+02:00")
MINUTE = 60_000_000
MINUTES = st.integers(min_value=-2_000, max_value=60_000)
SERVICES = st.sampled_from(["load-balancer", "internet"])
AT = "2026-05-20T12:00:00+02:00"


def at(minute: int) -> str:
    return format_instant(Instant(START + minute * MINUTE))


@st.composite
def outage(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(MINUTES)
    found: dict[str, Any] = {"service": draw(SERVICES), "extent": "total", "started_at": at(start)}
    if draw(st.booleans()):
        found["ended_at"] = at(start + draw(st.integers(min_value=0, max_value=3_000)))
    if draw(st.booleans()):
        found["incident"] = draw(st.sampled_from(["i-1", "i-2"]))
    if draw(st.booleans()):
        found["resource"] = draw(st.sampled_from(["r-1", "r-2"]))
    return found


@st.composite
def safeguard(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    start = draw(MINUTES)
    data = {"services": [draw(SERVICES)], "from": at(start), "to": at(start + draw(st.integers(0, 3_000)))}
    kind = draw(st.sampled_from(["hammering", "throttling", "blackhole", "advice-not-followed", "gap"]))
    if kind == "gap":
        return "monitoring.gap-recorded", data
    name = "misuse.recorded" if kind == "advice-not-followed" else "countermeasure.applied"
    return name, {**data, "kind": kind}


FACTS = st.tuples(
    st.lists(outage(), max_size=6),
    st.lists(safeguard(), max_size=5),
    st.lists(st.sampled_from(["client", "force-majeure", "provider"]), max_size=6),
)
READINGS = st.lists(
    st.sampled_from(
        [
            "maintenance.mode=C",
            "overlap=B",
            "internet.two_minutes=B",
            "internet.two_minutes=C",
            "internet.two_minutes_month_cut=B",
            "internet.two_minutes_month_cut=C",
            "internet.flapping=B",
            "internet.overlap_incidents=A",
            "period.window=B",
            "period.timezone=B",
        ]
    ),
    max_size=2,
    unique_by=lambda word: word.partition("=")[0],
)


def told(facts: Any) -> list[Any]:
    outages, safeguards, causes = facts
    time = at(61_000)
    found: list[Any] = [
        (time, "outage.recorded", {"outage": f"o-{number}", **data}) for number, data in enumerate(outages)
    ]
    found += [(time, name, data) for name, data in safeguards]
    found += [
        (time, "outage.cause-established", {"outage": f"o-{number}", "cause": cause})
        for number, cause in enumerate(causes[: len(outages)])
    ]
    return found


@settings(max_examples=60, deadline=None)
@given(FACTS, READINGS)
def test_counted_and_excluded_make_up_the_unavailable_time(facts: Any, readings: list[str]) -> None:
    basis = basis_of(*cgv(on="2026-03-01"), *told(facts), at=AT, readings=readings)
    rows, _ = indicator_rows(basis, resolve_outages(basis))
    summed = "overlap=B" in readings
    for row in rows:
        if not row.timed:
            continue
        assert 0 <= row.counted_us <= row.unavailable_us
        assert sum(excluded.microseconds for excluded in row.exclusions) == row.excluded_us
        assert row.unmeasured_us + (0 if summed else row.unavailable_us) <= row.end - row.start
        if not summed:
            assert row.counted_us <= sum(e - s for _, spans in row.contributions for s, e in spans)
            assert row.counted_us >= max((sum(e - s for s, e in spans) for _, spans in row.contributions), default=0)
        if row.availability is not None:
            assert row.availability == 1 - Fraction(row.counted_us, row.reference_us)
        if row.state == "breached":
            assert row.allowed is not None
            assert row.counted_us > row.allowed


@settings(max_examples=30, deadline=None)
@given(FACTS, READINGS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_has_no_meaning(facts: Any, readings: list[str], shuffler: Any) -> None:
    happenings = [*cgv(on="2026-03-01"), *told(facts)]
    first = basis_of(*happenings, at=AT, readings=readings)
    own = list(first.facts)
    shuffler.shuffle(own)
    second = type(first)(first.contract, type(first.facts)(own), first.terms, first.readings, first.catalogue, first.at)
    one, other = (indicator_rows(basis, resolve_outages(basis)) for basis in (first, second))
    assert [row.as_json() for row in one[0]] == [row.as_json() for row in other[0]]
    assert one[1] == other[1]


@settings(max_examples=40, deadline=None)
@given(FACTS)
def test_each_month_is_a_twelfth_of_nothing_it_is_the_same_time_whatever_the_window(facts: Any) -> None:
    """The counted time of a rolling year is the sum of the counted times of its months."""
    outages, safeguards, causes = facts
    alike = ([{k: v for k, v in data.items() if k != "resource"} for data in outages], safeguards, causes)
    basis = basis_of(*cgv(on="2026-03-01"), *told(alike), at=AT)
    rows, _ = indicator_rows(basis, resolve_outages(basis))
    months = [row for row in rows if row.indicator == LBU]
    whole = [row for row in rows if row.indicator == INTERNET][-1]
    assert [row.start for row in months[1:]] == [row.end for row in months[:-1]]
    services = {row.terms.services for row in months}
    assert services == {("load-balancer",)}
    down = sum(row.unavailable_us for row in months)
    recorded = [outage for outage in resolve_outages(basis) if outage.service == "load-balancer"]
    spans = sorted((max(o.start, basis.terms.start), o.until(basis.at)) for o in recorded)
    reach, union = basis.terms.start, 0
    for start, end in spans:
        union += max(end - max(start, reach), 0)
        reach = max(reach, end)
    assert down == union
    assert whole.end == months[-1].end
