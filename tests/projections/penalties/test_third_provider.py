"""A third provider, known by its agreement file alone: tiered credits, five working days to claim."""

from pathlib import Path

import pytest

from tests.projections.penalties.world import World, accepted, at, claim, invoice, invoices, outage, world
from tests.support.nimbus import SIGNATURE, nimbus_terms

TABLES = """
[measurement]
id = "basis"
clause = "5.1"
title = { fr = "Mesure", en = "Measurement" }

[[indicator]]
id = "uptime-vm"
clause = "5.2"
services = ["vm"]
target = 99.9
title = { fr = "Machines", en = "Machines" }

[[indicator]]
id = "uptime-backup"
clause = "5.3"
services = ["backup"]
target = 99.5
period = "quarter"
title = { fr = "Sauvegarde", en = "Backup" }

[[penalty.rule]]
kind = "tiers"
id = "credits"
clause = "6.1"
base = "period-invoices"
band = [{ below = 99.9, percent = 10 }, { below = 99, percent = 25 }, { below = 95, percent = 50 }]
title = { fr = "Avoirs par palier", en = "Credits by tier" }

[[penalty.cap]]
id = "credit-cap"
clause = "6.4"
base = "month-invoices"
percent = 40
title = { fr = "Plafond des avoirs", en = "Ceiling on credits" }

[penalty.claim]
id = "claim-5-working-days"
clause = "6.2"
delay = "5 working days"
title = { fr = "Réclamation", en = "Claim" }

[penalty.credit]
id = "credit-note"
clause = "6.3"
title = { fr = "Avoir", en = "Credit note" }
"""

SIGNED = (at("2025-01-01"), "contract.signed", SIGNATURE)
MONEY = invoices("2025-04", ["1000"] * 12)
VM, BACKUP = "nimbus-terms/uptime-vm", "nimbus-terms/uptime-backup"


@pytest.fixture
def nimbus(tmp_path: Path) -> list[Path]:
    return nimbus_terms(tmp_path, TABLES)


def march(folder: list[Path], hours: str, asked: str = "2026-04-03", *more: object) -> World:
    facts = [SIGNED, *MONEY, outage("o", "vm", "2026-03-02", hours), *more]
    return world(*facts, asked=asked, agreements=folder)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("end", "gross", "payable"),
    [
        ("2026-03-02 00:45", "100", "100"),
        ("2026-03-02 07:25:48", "100", "100"),
        ("2026-03-02 07:25:49", "250", "250"),
        ("2026-03-03 13:09:00", "250", "250"),
        ("2026-03-03 13:09:01", "500", "400"),
    ],
)
def test_tiers_by_band_of_uptime(nimbus: list[Path], end: str, gross: str, payable: str) -> None:
    # March 2026 lasts 743 h: 99 % leaves 7 h 25 min 48 s, 95 % leaves 37 h 9 min; a bound keeps the better band.
    row = march(nimbus, end).penalty("2026-03-31")
    assert (row["gross"], row["payable"], row["state"]) == (gross, payable, "claimable")
    assert (row["rule"], row["clause"], row["average_monthly_revenue"]) == ("nimbus-terms/credits", "6.1", None)


def test_a_ceiling_of_the_third_text_binds_under_its_own_name(nimbus: list[Path]) -> None:
    row = march(nimbus, "2026-03-04").penalty("2026-03-31")
    assert row["caps"] == [{"rule": "nimbus-terms/credit-cap", "amount": "400", "clause": "6.4"}]


def test_no_reserve_is_asked_where_the_text_asks_none(nimbus: list[Path]) -> None:
    found = march(nimbus, "2026-03-02 01:00")
    assert found.codes() == []
    assert found.claimable(VM, "2026-04-01")


@pytest.mark.parametrize(("filed", "state"), [("2026-04-08 23:59", "claimed"), ("2026-04-09", "barred")])
def test_five_working_days_to_claim_over_easter(nimbus: list[Path], filed: str, state: str) -> None:
    # 1, 2, 3, 7 and 8 April: Easter Monday, the 6th, is no working day.
    late = march(nimbus, "2026-03-02 01:00", "2026-04-10", claim("c", "2026-03-31", filed, VM, reserves=[]))
    assert late.penalty("2026-03-31")["state"] == state
    assert late.penalty("2026-03-31")["claim_by"] == "2026-04-09T00:00:00+02:00"


def test_a_quarter_rests_on_its_three_invoices(nimbus: list[Path]) -> None:
    facts = [SIGNED, *MONEY, outage("o", "backup", "2026-02-10", "2026-02-10 12:00")]
    row = world(*facts, asked="2026-04-03", agreements=nimbus).penalty("2026-03-31")
    assert [line["indicator"] for line in row["lines"]] == [BACKUP]
    # 12 h of the quarter's 2159 h: 99.44 %; 10 % of 3000, under 40 % of the invoice of February, the incident's month.
    assert (row["gross"], row["payable"]) == ("300", "300")
    missing = [fact for fact in facts if fact[2].get("month") != "2026-01"]
    assert world(*missing, asked="2026-04-03", agreements=nimbus).penalty("2026-03-31")["state"] == "cap-pending"


def test_nothing_sleeps_while_payment_is_late_where_the_text_says_nothing(nimbus: list[Path]) -> None:
    owed = invoice("2025-03", "1000", due="2025-05-01")
    assert march(nimbus, "2026-03-02 01:00", "2026-04-03", owed).penalty("2026-03-31")["state"] == "claimable"
    assert march(nimbus, "2026-03-02 01:00", "2026-04-03", owed).amounts == []


def test_a_credit_without_limit_stays_open(nimbus: list[Path]) -> None:
    filed = [claim("c", "2026-03-31", "2026-04-02", VM, reserves=[]), accepted("c", "2026-04-10")]
    row = march(nimbus, "2026-03-02 01:00", "2030-01-01", *filed).amount("credit-note")
    assert (row["amount"], row["valid_until"], row["state"]) == ("100", None, "open")


TWICE = """
[penalty.cumulation]
id = "add-up"
clause = "6.5"
one_service = [["uptime-vm", "uptime-host"]]
title = { fr = "Cumul", en = "Adding up" }

[[indicator]]
id = "uptime-host"
clause = "5.4"
services = ["vm", "hardware"]
target = 99.95
title = { fr = "Machines, seconde mention", en = "Machines, said again" }
"""


def test_one_outage_is_punished_once_however_often_its_service_is_printed(tmp_path: Path) -> None:
    terms = nimbus_terms(tmp_path, TABLES, TWICE)
    facts = [SIGNED, *MONEY, outage("o", "vm", "2026-03-02", "2026-03-02 01:00")]
    once = world(*facts, asked="2026-04-03", agreements=terms).penalty("2026-03-31")
    assert [line["indicator"] for line in once["lines"]] == ["nimbus-terms/uptime-host"]
    facts.append(outage("h", "hardware", "2026-03-03", "2026-03-03 03:00"))
    facts.append(outage("p", "vm", "2026-03-04", "2026-03-04 01:00"))
    shared = world(*facts, asked="2026-04-03", agreements=terms).penalty("2026-03-31")
    assert [line["indicator"] for line in shared["lines"]] == ["nimbus-terms/uptime-host"]


def test_readings_of_the_other_texts_change_nothing_here(nimbus: list[Path]) -> None:
    facts = [SIGNED, *MONEY, outage("o", "vm", "2026-03-02", "2026-03-02 08:00")]
    readings = ["pen.percentage_points=B", "cap.vat=B", "cacm.anchor=B", "reserve.anchor=B", "pen.no_double=B"]
    plain = world(*facts, asked="2026-04-03", agreements=nimbus)
    other = world(*facts, asked="2026-04-03", agreements=nimbus, readings=readings)
    assert plain.penalties == other.penalties
