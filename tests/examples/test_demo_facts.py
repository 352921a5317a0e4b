"""The demo's script: every fact decodes, the story is the same every time, and claims follow the statement."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from adapters.cloudevents import decode_structured
from adapters.importers.statuspage import to_lines
from domain.events.claim import PenaltyClaimed, ReserveNotified
from domain.events.outage import OutageEnded
from examples.demo.make_facts import answers, base_facts, cents, claims, last_day, load_scenario, months

SCENARIO = load_scenario()
ALPHA, BETA = SCENARIO["contract"]


def breached(month_after: str, indicator: str = "doc/vm") -> dict[str, Any]:
    period = {"from": "2022-03-01T00:00:00+01:00", "to": month_after}
    return {"indicator": indicator, "state": "breached", "availability": "1/2", "period": period}


@pytest.mark.parametrize("contract", [ALPHA, BETA], ids=lambda contract: str(contract["id"]))
def test_every_fact_decodes_once_and_the_same_every_time(contract: dict[str, Any]) -> None:
    facts, _ = base_facts(SCENARIO, contract)
    decoded = [decode_structured(line.encode()) for line in to_lines(facts).splitlines()]
    assert len({fact.ref for fact in decoded}) == len(decoded)
    assert {fact.subject for fact in decoded} == {contract["id"]}
    assert to_lines(base_facts(SCENARIO, contract)[0]) == to_lines(facts)


def test_every_month_of_the_history_is_invoiced_and_paid() -> None:
    facts, _ = base_facts(SCENARIO, BETA)
    kinds = Counter(fact["type"] for fact in facts)
    assert kinds["greffe.invoice.issued.v1"] == kinds["greffe.invoice.paid.v1"] == 54
    assert list(months("2025-11", "2026-02")) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert [last_day(month).day for month in ("2024-02", "2026-02", "2026-12")] == [29, 28, 31]


def test_reserves_follow_the_end_of_each_total_outage_but_in_the_forgotten_months() -> None:
    facts, reserved = base_facts(SCENARIO, ALPHA)
    decoded = [decode_structured(line.encode()) for line in to_lines(facts).splitlines()]
    ends = {fact.data.outage: fact.data.ended_at for fact in decoded if isinstance(fact.data, OutageEnded)}
    sent = [fact for fact in decoded if isinstance(fact.data, ReserveNotified)]
    assert len(sent) == len(reserved) > 300
    delay = ALPHA["reserve_after_hours"] * timedelta(hours=1) // timedelta(microseconds=1)
    assert {fact.time - ends[fact.data.outage] for fact in sent} == {delay}
    assert not {fact["data"]["to"][:7] for fact in reserved} & set(ALPHA["forgotten"])
    assert base_facts(SCENARIO, BETA)[1] == []


def test_claims_name_the_breached_lines_of_a_period_end_and_its_reserves() -> None:
    _, reserved = base_facts(SCENARIO, ALPHA)
    statement = {
        "indicators": [
            breached("2023-06-01T00:00:00+02:00", "doc/b"),
            breached("2023-06-01T00:00:00+02:00", "doc/a"),
            breached("2022-06-01T00:00:00+02:00"),
            {**breached("2023-07-01T00:00:00+02:00"), "state": "met"},
            {**breached("2023-08-01T00:00:00+02:00"), "availability": None},
        ]
    }
    (claim,) = claims(ALPHA, statement, reserved)
    fact = decode_structured(to_lines([claim]).encode())
    assert isinstance(fact.data, PenaltyClaimed)
    assert claim["time"] == "2023-06-03T09:00:00+02:00"
    assert fact.data.indicators == ("doc/a", "doc/b")
    named = [one for one in reserved if "2022-06-01" <= one["data"]["from"][:10] <= "2023-05-31"]
    assert list(fact.data.reserves) == [one["data"]["reserve"] for one in named] != []


def test_late_claim_is_late() -> None:
    month = ALPHA["claimed_late"][0]
    assert month == "2024-07"
    (claim,) = claims(ALPHA, {"indicators": [breached("2024-08-01T00:00:00+02:00")]}, [])
    assert claim["time"] == "2024-08-09T09:00:00+02:00"


def test_answers_grant_what_is_payable_to_the_cent_reject_what_the_scenario_rejects_and_stop_where_it_stops() -> None:
    rows = [
        {"period_end": "2023-05-31", "state": "claimed", "payable": "136260/743"},
        {"period_end": "2025-10-31", "state": "claimed", "payable": "10"},
        {"period_end": "2024-07-31", "state": "barred", "payable": None},
        {"period_end": "2026-01-31", "state": "claimed", "payable": "10"},
    ]
    granted, refused = answers(ALPHA, {"penalties": rows})
    assert (granted["type"], granted["data"]) == (
        "greffe.penalty.accepted.v1",
        {"claim": "CL-2023-05", "amount": "183.39"},
    )
    assert refused["type"] == "greffe.penalty.rejected.v1"


@pytest.mark.parametrize(("exact", "shown"), [("3000", "3000.00"), ("0.005", "0.01"), ("1/3", "0.33"), ("2/3", "0.67")])
def test_credit_note_is_rounded_half_up_to_the_cent(exact: str, shown: str) -> None:
    assert cents(exact) == shown
