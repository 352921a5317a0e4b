"""A reading chosen by a fact governs the penalties of the periods that end at or after it, and the rows say so."""

from tests.projections.penalties.world import at, down, invoices, signed, world

FACTS = [
    signed(),
    *invoices("2025-03", ["9000"] * 15),
    *down("m", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00"),
    *down("a", "load-balancer", "2026-04-10 09:00", "2026-04-10 12:00"),
]
SELECTED = (
    at("2026-04-15"),
    "reading.selected",
    {"parameter": "clear_days.act_window", "value": "B", "reason": "agreed by both parties"},
)


def test_a_reading_governs_from_its_own_time_on() -> None:
    found = world(*FACTS, SELECTED, asked="2026-05-03")
    march, april = found.penalty("2026-03-31"), found.penalty("2026-04-30")
    assert (march["claim_by"], april["claim_by"]) == ("2026-04-07T00:00:00+02:00", "2026-05-06T00:00:00+02:00")
    assert "readings" not in march
    assert april["readings"] == {"clear_days.act_window": "B"}


def test_the_reading_of_the_question_wins_over_the_one_of_a_fact() -> None:
    found = world(*FACTS, SELECTED, asked="2026-05-03", readings=["clear_days.act_window=A"])
    assert found.penalty("2026-04-30")["claim_by"] == "2026-05-07T00:00:00+02:00"


def test_a_reserve_follows_the_reading_in_force_when_its_outage_ended() -> None:
    selected = (
        at("2026-04-01"),
        "reading.selected",
        {"parameter": "reserve.anchor", "value": "C", "reason": "agreed by both parties"},
    )
    late_start = [
        fact
        for name, day in (("x", "2026-03-20"), ("y", "2026-04-20"))
        for fact in down(name, "firewall", day, f"{day[:8]}{int(day[8:]) + 3}")
    ]
    found = world(FACTS[0], *FACTS[1:16], *late_start, selected, asked="2026-05-03")
    # Three days long each, reserved at the end: in time from the end, not from the start.
    assert [line["counted_seconds"] for line in found.penalty("2026-03-31")["lines"]] == ["259200"]
    assert found.penalty("2026-04-30")["state"] == "barred"
