"""Information duties: breaches, requests, maintenance, keys, security incidents and chosen levels."""

import pytest

from tests.projections.deadlines.world import (
    CGV,
    OPENIAAS,
    SECURE_TEMPLE,
    World,
    at,
    happens,
    provider_says,
    sent,
    world,
)

BREACH = f"{CGV}/not-breach-72h"
RIGHTS = f"{CGV}/not-rights-answer-30d"
MAINTENANCE = f"{CGV}/not-maintenance-2w"
KEYS = f"{CGV}/liability-aksk-24h"
DAY = 86400


def leaked(moment: str, incident: str = "i-1", **more: object) -> object:
    told = {"personal_data": "client-controller", "risk": True, **more}
    return happens(moment, "incident.opened", incident=incident, nature="security", **told)


def test_gc_140_seventy_two_elapsed_hours_across_the_autumn_change() -> None:
    facts = (leaked("2026-10-23T20:00:00+02:00", known_at="2026-10-23T18:00:00+02:00"),)
    row = world(*facts, asked="2026-10-24").row(BREACH)
    assert (row["due"], row["last_day"]) == ("2026-10-26T17:00:00+01:00", None)
    assert row["from"] == "2026-10-23T18:00:00+02:00"
    wall = world(*facts, asked="2026-10-24", readings=("hours.elapsed=B",)).row(BREACH)
    assert wall["due"] == "2026-10-26T18:00:00+01:00"


def test_14_2_1_b11_no_duty_without_personal_data_or_without_risk() -> None:
    facts = (leaked("2026-05-04", risk=False), leaked("2026-05-05", "i-2", personal_data="none"))
    assert world(*facts, asked="2026-06-01").rows(BREACH) == []


def test_14_2_1_b11_a_notice_settles_the_breach_it_names() -> None:
    facts = (leaked("2026-05-04", "i-1"), leaked("2026-05-05", "i-2"))
    found = world(*facts, sent("2026-05-06", "personal-data-breach", about="i-2"), asked="2026-05-06 12:00")
    assert [row["settled_by"] for row in found.rows(BREACH)] == [None, "urn:test#e-004"]
    found = world(*facts, sent("2026-05-06", "personal-data-breach"), asked="2026-05-06 12:00")
    assert [row["settled_by"] for row in found.rows(BREACH)] == ["urn:test#e-004", None]
    found = world(*facts, sent("2026-05-06", "personal-data-breach", about="i-9"), asked="2026-05-06 12:00")
    assert [row["settled_by"] for row in found.rows(BREACH)] == [None, None]


def test_14_2_1_b11_a_provider_wide_breach_concerns_contracts_in_force() -> None:
    before = provider_says(
        "outscale", "2022-05-04", "incident.opened",
        incident="i-0", nature="security", personal_data="client-controller", risk=True,
    )  # fmt: skip
    now = provider_says(
        "outscale", "2026-05-04", "incident.opened",
        incident="i-1", nature="security", personal_data="client-controller", risk=True,
    )  # fmt: skip
    assert [row["opened_by"] for row in world(before, now, asked="2026-05-05").rows(BREACH)] == ["urn:test#e-003"]


def test_gc_141_thirty_days_to_answer_a_request_even_on_a_sunday() -> None:
    asked = happens("2026-01-30 10:00", "personal-data-request.received", request="r-1")
    row = world(asked, asked="2026-02-01").row(RIGHTS)
    assert (row["last_day"], row["due"]) == ("2026-03-01", at("2026-03-02"))


@pytest.mark.parametrize(
    ("answered", "state"), [("2026-03-01 23:59:59", "met"), ("2026-03-02 00:00", "met-late")]
)  # fmt: skip
def test_gc_141_twenty_four_hundred_hours_is_the_first_instant_too_late(answered: str, state: str) -> None:
    facts = (
        happens("2026-01-30 10:00", "personal-data-request.received", request="r-1"),
        happens(answered, "personal-data-request.answered", request="r-1"),
    )
    assert world(*facts, asked="2026-03-05").row(RIGHTS)["state"] == state


def maintenance(announced: str, starts: str) -> object:
    return happens(
        announced, "maintenance.announced",
        maintenance="m-1", kind="hypervisor", starts_at=at(f"{starts} 01:00"), ends_at=at(f"{starts} 03:00"),
        services=["vm"],
    )  # fmt: skip


def test_gc_142_hypervisor_maintenance_is_announced_two_weeks_ahead() -> None:
    row = world(maintenance("2026-02-17 10:00", "2026-03-02"), asked="2026-02-20").row(MAINTENANCE)
    assert (row["last_day"], row["due"], row["from"], row["state"]) == (
        "2026-02-16", at("2026-02-17"), None, "met-late",
    )  # fmt: skip
    assert row["settled_by"] == row["opened_by"]
    assert world(maintenance("2026-02-16 23:59", "2026-03-02"), asked="2026-02-20").row(MAINTENANCE)["state"] == "met"


def test_gc_108_keys_are_rotated_within_twenty_four_elapsed_hours() -> None:
    asked = happens("2026-03-28T12:00:00+01:00", "key-rotation.requested", key="ak-1")
    row = world(asked, asked="2026-03-28 13:00").row(KEYS)
    assert (row["due"], row["owed_by"], row["state"]) == ("2026-03-29T13:00:00+02:00", "client", "pending")


def test_gc_146_the_senders_clock_dates_a_notice_of_the_provider() -> None:
    fact = happens(
        "2026-03-01 23:59:58", "termination.notified",
        termination="t-1", by="provider", ground="convenience", channel="email",
    )  # fmt: skip
    assert world(fact, asked="2026-03-02").row(f"{CGV}/term-provider-convenience")["last_day"] == "2026-03-17"


def security(moment: str, **told: object) -> object:
    return happens(moment, "incident.opened", incident="i-1", **{"nature": "security", **told})


def temple(*facts: object, asked: str, document: str = SECURE_TEMPLE, readings: tuple[str, ...] = ()) -> World:
    return world(*facts, asked=asked, documents=(document,), readings=readings)


@pytest.mark.parametrize("document", [SECURE_TEMPLE, OPENIAAS])
@pytest.mark.parametrize(
    ("told", "owed"),
    [
        ({"impact": "I3", "confidentiality": True}, True),
        ({"impact": "I3"}, False),
        ({"impact": "I1", "nature": "failure"}, False),
        ({"impact": "I3", "personal_data": "client-controller"}, True),
        ({"impact": "I3", "personal_data": "provider-controller"}, True),
        ({"impact": "I2"}, True),
        ({"integrity": True}, True),
    ],
)
def test_gc_143_security_incidents_the_client_hears_of_by_default(
    document: str, told: dict[str, object], owed: bool
) -> None:
    found = temple(security("2026-05-04", **told), asked="2026-05-06", document=document)
    rows = found.rows(f"{document}/inc-default-levels")
    assert [row["state"] for row in rows] == (["open-ended"] if owed else [])
    ordinary = found.rows(f"{document}/inc-inform")
    assert [row["due"] for row in ordinary] == ([None] if told.get("nature") == "failure" else [])


def test_11_1_1_3_chosen_levels_replace_the_default_ones() -> None:
    choice = happens("2026-01-01", "notification-levels.chosen", levels=["I1", "confidentiality"])
    default, chosen = f"{SECURE_TEMPLE}/inc-default-levels", f"{SECURE_TEMPLE}/inc-levels-choice"
    minor = temple(choice, security("2026-05-04", impact="I2"), asked="2026-05-06")
    assert (minor.rows(default), minor.rows(chosen)) == ([], [])
    leak = temple(choice, security("2026-05-04", impact="I3", confidentiality=True), asked="2026-05-06")
    assert (leak.rows(default), leak.row(chosen)["state"]) == ([], "open-ended")
    earlier = temple(choice, security("2025-05-04", impact="I2"), asked="2026-05-06")
    assert earlier.row(default)["state"] == "open-ended"


def test_11_1_1_3_a_level_nobody_defined_asks_for_nothing_and_is_told() -> None:
    choice = happens("2026-01-01", "notification-levels.chosen", levels=["orange"])
    found = temple(choice, security("2026-05-04", impact="I1"), asked="2026-05-06")
    assert found.rows(f"{SECURE_TEMPLE}/inc-levels-choice") == []
    assert found.codes(f"{SECURE_TEMPLE}/inc-levels-choice") == ["unknown-level"]


def test_11_1_1_3_a_notice_settles_it_and_no_figure_makes_it_late() -> None:
    facts = (security("2026-05-04", impact="I1"), sent("2026-07-04", "security-incident", "console", about="i-1"))
    row = temple(*facts, asked="2026-07-05").row(f"{SECURE_TEMPLE}/inc-default-levels")
    assert (row["state"], row["due"], row["elapsed_seconds"]) == ("met", None, str(61 * DAY))


def test_11_1_1_2_incidents_are_told_on_the_console_or_by_email() -> None:
    failure = happens("2026-05-04", "incident.opened", incident="i-1", nature="failure")
    rule = f"{SECURE_TEMPLE}/inc-inform"
    by_phone = temple(failure, sent("2026-05-05", "other", "phone", about="i-1"), asked="2026-05-06")
    assert (by_phone.row(rule)["state"], by_phone.codes(rule)) == ("open-ended", ["wrong-form"])
    assert temple(failure, sent("2026-05-05", "other", "console", about="i-1"), asked="2026-05-06").row(rule)[
        "state"
    ] == "met"  # fmt: skip


def test_art_8_a_security_incident_is_told_without_delay() -> None:
    rule = f"{CGV}/not-security-incident"
    incident = security("2026-05-07 10:00")
    row = world(incident, asked="2026-05-07 12:00").row(rule)
    assert (row["due"], row["state"], row["elapsed_seconds"]) == (None, "open-ended", "7200")
    next_day = world(incident, asked="2026-05-07 12:00", readings=("immediately=B",)).row(rule)
    assert (next_day["last_day"], next_day["state"]) == ("2026-05-11", "pending")
