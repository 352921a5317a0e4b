"""Which rows a statement has: periods, resources, texts in force, services that no text covers."""

from fractions import Fraction

from tests.projections.indicators.world import (
    APRIL,
    CGV,
    COMPUTE,
    CT4,
    EN,
    FR,
    INTERNET,
    LBU,
    VM,
    all_rows,
    announced,
    cgv,
    down,
    measured,
    paris,
    performed,
    row,
    temple,
)

NIGHT = ("2026-04-16 01:00", "2026-04-16 03:00")


def periods(rows: list, indicator: str) -> list[tuple[str, str]]:  # type: ignore[type-arg]
    return [(r["period"]["from"], r["period"]["to"]) for r in rows if r["indicator"] == indicator]


def test_every_line_in_force_has_a_row_for_each_month_since_the_signature() -> None:
    rows = all_rows(*cgv(on="2026-01-15 08:00"), at="2026-03-01")
    assert periods(rows, VM) == [
        (paris("2026-01-15 08:00"), paris("2026-02-01")),
        (paris("2026-02-01"), paris("2026-03-01")),
        (paris("2026-03-01"), paris("2026-04-01")),
    ]
    assert {r["indicator"] for r in rows if r["indicator"].startswith(CGV)} == {r["indicator"] for r in rows}
    assert len({r["indicator"] for r in rows}) == 22


def test_a_period_that_starts_a_moment_after_the_date_asked_has_no_row() -> None:
    rows = all_rows(*cgv(on="2026-01-15"), at="2026-01-31 23:59:59.999999")
    assert periods(rows, VM) == [(paris("2026-01-15"), paris("2026-02-01"))]


def test_a_yearly_line_rolls_over_twelve_months_and_is_provisional_before() -> None:
    rows = [r for r in all_rows(*cgv(on="2025-02-10"), at="2026-03-02") if r["indicator"] == INTERNET]
    assert rows[0]["period"] == {"from": paris("2025-02-10"), "to": paris("2025-03-01")}
    assert rows[-1]["period"] == {"from": paris("2025-04-01"), "to": paris("2026-04-01")}
    assert [r["provisional"] for r in rows[-4:]] == [True, True, False, False]


def test_the_end_of_the_contract_clips_the_last_rows() -> None:
    ended = (paris("2026-03-20"), "contract.ended", {"cause": "convenience", "on": "2026-04-10"})
    rows = all_rows(*cgv(), ended, at="2026-06-02")
    assert periods(rows, LBU)[-1] == (paris("2026-04-01"), paris("2026-04-11"))
    assert periods(rows, INTERNET)[-1] == (paris("2025-05-01"), paris("2026-04-11"))


def test_an_outage_that_runs_past_the_end_of_the_contract_counts_until_it() -> None:
    ended = (paris("2026-03-20"), "contract.ended", {"cause": "convenience", "on": "2026-04-10"})
    found = row(LBU, *cgv(), ended, down("load-balancer", "2026-04-10 23:00", None), at="2026-06-02", to="2026-04-11")
    assert found["counted_seconds"] == "3600"


def test_a_running_outage_counts_up_to_the_date_asked() -> None:
    found = row(LBU, *cgv(), down("load-balancer", "2026-05-02 23:50", None), at="2026-05-03")
    assert (found["counted_seconds"], found["state"]) == ("600", "running")


def test_an_open_period_is_breached_as_soon_as_it_exceeds_what_is_allowed() -> None:
    found = row(LBU, *cgv(), down("load-balancer", "2026-05-02", "2026-05-02 02:00"), at="2026-05-03")
    assert (found["allowed_seconds"], found["state"]) == ("5356.8", "breached")


def test_an_outage_recorded_for_later_than_the_date_asked_is_not_there_yet() -> None:
    future = down("vm", "2026-05-10", "2026-05-11", resource="vm-1")
    rows, _ = measured(*cgv(), (paris("2026-05-01"), *future[1:]), at="2026-05-03")
    assert {r.resource for r in rows if r.indicator == VM} == {None}


def test_a_resource_has_rows_only_in_the_periods_that_name_it() -> None:
    facts = (
        down("vm", "2026-03-31 23:00", "2026-04-01 01:00", resource="vm-1"),
        down("vm", "2026-04-08 10:00", "2026-04-08 10:05", "o-2", resource="vm-2"),
        down("vm", "2026-04-09 10:00", "2026-04-09 10:10", "o-3"),
    )
    rows = [r for r in all_rows(*cgv(), *facts, at="2026-05-03") if r["indicator"] == VM]
    by_month = {r["period"]["to"]: [] for r in rows}
    for r in rows:
        by_month[r["period"]["to"]].append((r["resource"], r["counted_seconds"]))
    assert by_month[paris("2026-04-01")] == [("vm-1", "3600")]
    assert by_month[paris("2026-05-01")] == [("vm-1", "4200"), ("vm-2", "900")]
    assert by_month[paris("2026-06-01")] == [(None, "0")]


def test_an_outage_is_downtime_of_each_period_of_a_rolling_year() -> None:
    facts = down("internal-network", "2025-06-10 10:00", "2025-06-10 10:10")
    rows = [
        r
        for r in all_rows(*cgv(), facts, at="2026-08-02")
        if r["indicator"].endswith("sla6-internal-network-availability")
    ]
    touched = [r["period"]["to"] for r in rows if r["counted_seconds"] == "600"]
    assert (touched[0], touched[-1], len(touched)) == (paris("2025-07-01"), paris("2026-06-01"), 12)


def test_the_events_of_a_row_are_those_it_rests_on_in_their_own_order() -> None:
    facts = (
        announced(*NIGHT, "load-balancer", told="2026-04-01"),
        performed(*NIGHT),
        down("load-balancer", "2026-04-16 02:00", "2026-04-16 04:00"),
        down("metadata", "2026-04-16 02:00", "2026-04-16 04:00", "o-2"),
        down("load-balancer", "2026-03-16 02:00", "2026-03-16 04:00", "o-3"),
    )
    found = row(LBU, *cgv(), *facts, **APRIL)
    assert found["events"] == ["urn:test#e-003", "urn:test#e-004", "urn:test#e-005"]


def test_a_service_no_document_covers_has_a_row_where_an_outage_names_it() -> None:
    rows = all_rows(*cgv(), down("console", "2026-04-30 23:00", "2026-05-01 01:00"), at="2026-06-03")
    found = [r for r in rows if r["indicator"] == "no-commitment/console"]
    assert [(r["period"]["to"], r["unavailable_seconds"]) for r in found] == [
        (paris("2026-05-01"), "3600"),
        (paris("2026-06-01"), "3600"),
    ]
    assert {(r["state"], r["target"], r["clause"], r["allowed_seconds"]) for r in found} == {
        ("no-commitment", None, None, None)
    }


def test_a_service_covered_by_one_text_only_is_not_covered_after_the_switch() -> None:
    switched = (paris("2026-04-15"), "contract.document-signed", {"document": FR, "replaces": EN})
    facts = (down("region", "2026-04-14 23:00", "2026-04-15 01:00"), switched)
    rows = all_rows(*cgv(EN, CGV), *facts, at="2026-05-03")
    bare = [r for r in rows if r["indicator"] == "no-commitment/region"]
    assert [(r["period"]["from"], r["unavailable_seconds"]) for r in bare] == [(paris("2026-04-15"), "3600")]


def test_a_measure_of_a_service_no_document_covers_has_a_row() -> None:
    taken = {"from": paris("2026-04-08"), "to": paris("2026-04-09"), "value": "12"}
    fact = (
        paris("2026-04-09"),
        "measure.recorded",
        {"measure": "latency-ms", "service": "fax", "resource": "f-1", **taken},
    )
    found = row("no-commitment/fax", *cgv(), fact, at="2026-05-03", to="2026-05-01", resource="f-1")
    assert (found["state"], found["events"]) == ("no-commitment", ["urn:test#e-003"])


def test_both_cloud_temple_documents_have_their_own_rows() -> None:
    second = (paris("2026-04-15"), "contract.document-signed", {"document": CT4})
    rows = all_rows(*temple(), second, at="2026-05-03")
    assert periods(rows, COMPUTE)[-2] == (paris("2026-04-01"), paris("2026-05-01"))
    assert periods(rows, f"{CT4}/ic-infra-snc-01-compute")[0] == (paris("2026-04-15"), paris("2026-05-01"))


def test_signing_the_convention_that_refers_to_the_same_table_cuts_nothing() -> None:
    signed = (paris("2026-04-15"), "contract.document-signed", {"document": FR})
    rows = all_rows(*cgv(CGV), signed, at="2026-05-03")
    assert periods(rows, LBU)[-2] == (paris("2026-04-01"), paris("2026-05-01"))


def test_a_yearly_line_is_cut_where_the_table_changes() -> None:
    switched = (paris("2026-04-15"), "contract.document-signed", {"document": FR, "replaces": EN})
    rows = all_rows(*cgv(EN, CGV), switched, at="2026-05-03")
    assert periods(rows, f"{EN}/sla4-internet-availability")[-1] == (paris("2025-05-01"), paris("2026-04-15"))
    assert periods(rows, INTERNET) == [
        (paris("2026-04-15"), paris("2026-05-01")),
        (paris("2026-04-15"), paris("2026-06-01")),
    ]


def test_a_derogation_in_the_middle_of_a_month_splits_its_line_alone() -> None:
    order = (
        paris("2026-04-15"),
        "derogation.recorded",
        {"indicator": LBU, "target": "99.95", "derogation_wording": True, "order": "bc-1"},
    )
    rows = all_rows(*cgv(), order, at="2026-05-03")
    april = [r for r in rows if r["indicator"] == LBU][-3:-1]
    assert [(r["target"], r["period"]["to"]) for r in april] == [
        ("99.8", paris("2026-04-15")),
        ("99.95", paris("2026-05-01")),
    ]
    assert periods(rows, VM)[-2] == (paris("2026-04-01"), paris("2026-05-01"))


def test_contributions_are_the_counted_time_of_each_outage() -> None:
    facts = (
        announced(*NIGHT, "load-balancer", told="2026-04-01"),
        performed(*NIGHT),
        down("load-balancer", "2026-04-16 02:00", "2026-04-16 04:00"),
        down("load-balancer", "2026-04-16 03:30", "2026-04-16 05:00", "o-2"),
    )
    rows, _ = measured(*cgv(), *facts, at="2026-05-03")
    april = next(r for r in rows if r.indicator == LBU and r.contributions)
    hours = [(name, [(end - start) / 3_600_000_000 for start, end in spans]) for name, spans in april.contributions]
    assert hours == [("o-1", [1]), ("o-2", [1.5])]
    assert april.counted_us == 2 * 3_600_000_000
    assert april.allowed == Fraction(5_169_600_000)


def test_the_provider_speaks_for_every_contract_at_once() -> None:
    outage = (*down("load-balancer", *NIGHT), "provider:outscale")
    assert row(LBU, *cgv(), outage, **APRIL)["counted_seconds"] == "7200"
