"""What an event may say: exact values, and nothing that cannot be true within one event."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from domain.errors import UndecodableEventError
from domain.events.billing import InvoiceIssued, RateRecorded
from domain.events.decode import decode
from domain.events.outage import OutageRecorded
from domain.time.instant import parse_instant

START, EARLIER = "2026-01-14T10:00:00+01:00", "2026-01-14T09:59:59+01:00"


def event(name: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "e-1",
        "source": "urn:test",
        "type": f"greffe.{name}.v1",
        "subject": "C-1",
        "time": START,
        "data": data,
    }


def data(name: str, **fields: Any) -> Any:
    return decode(event(name, fields)).data


def refusal(name: str, **fields: Any) -> UndecodableEventError:
    with pytest.raises(UndecodableEventError) as caught:
        decode(event(name, fields))
    return caught.value


OUTAGE = {"outage": "o-1", "service": "vm", "started_at": START, "extent": "total"}
INVOICE = {"invoice": "i-1", "month": "2026-01", "amount": "10000.00"}
PERIOD: dict[str, Any] = {"services": ["vm"], "from": START, "to": EARLIER}


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        ("outage.recorded", OUTAGE | {"ended_at": EARLIER}, "data.ended_at"),
        ("outage.corrected", {"outage": "o", "reason": "r", "started_at": START, "ended_at": EARLIER}, "data.ended_at"),
        (
            "maintenance.announced",
            {"maintenance": "m", "kind": "planned", "starts_at": START, "ends_at": EARLIER, "services": []},
            "data.ends_at",
        ),
        ("maintenance.performed", {"maintenance": "m", "starts_at": START, "ends_at": EARLIER}, "data.ends_at"),
        ("countermeasure.applied", PERIOD | {"kind": "hammering"}, "data.to"),
        ("misuse.recorded", PERIOD | {"kind": "block-mode"}, "data.to"),
        ("monitoring.gap-recorded", PERIOD, "data.to"),
        (
            "measure.recorded",
            {"measure": "latency-ms", "service": "network", "value": "1", "from": START, "to": EARLIER},
            "data.to",
        ),
        (
            "reserve.notified",
            {"reserve": "r", "outage": "o", "from": START, "to": EARLIER, "documented": True},
            "data.to",
        ),
        (
            "liability.recorded",
            {"liability": "l", "service": "vm", "from": START, "to": EARLIER, "monthly_amount": "1"},
            "data.to",
        ),
        (
            "qualification.granted",
            {"service": "s", "decision": "d", "valid_from": "2026-02-01", "valid_until": "2026-01-31"},
            "data.valid_until",
        ),
        (
            "qualification.renewed",
            {"service": "s", "decision": "d", "valid_from": "2026-02-01", "valid_until": "2026-01-31"},
            "data.valid_until",
        ),
    ],
)
def test_model_end_before_start_is_refused_at_the_end(name: str, fields: dict[str, Any], field: str) -> None:
    error = refusal(name, **fields)
    assert error.field == field
    assert "must not be before" in error.reason


def test_model_end_at_the_start_is_an_empty_interval() -> None:
    assert data("outage.recorded", **OUTAGE, ended_at=START).ended_at == parse_instant(START)


def test_model_outage_without_an_end_is_running() -> None:
    assert data("outage.recorded", **OUTAGE).ended_at is None


def test_model_correction_of_nothing_is_refused() -> None:
    assert "nothing is corrected" in str(refusal("outage.corrected", outage="o-1", reason="drift"))


def test_model_correction_of_null_is_a_correction_of_nothing() -> None:
    assert "nothing is corrected" in str(refusal("outage.corrected", outage="o-1", reason="drift", ended_at=None))


def test_model_qualification_of_a_ticket_says_something() -> None:
    assert refusal("ticket.qualified", ticket="T-1").field == "data.severity"
    assert data("ticket.qualified", ticket="T-1", severity=2).severity == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "data.indicator"),
        ({"indicator": "i"}, "data.target"),
        ({"target": "99.9"}, "data.indicator"),
        ({"rule": "r"}, "data.value"),
        ({"value": "v"}, "data.rule"),
    ],
)
def test_model_derogation_names_what_it_derogates_from(fields: dict[str, Any], field: str) -> None:
    assert refusal("derogation.recorded", **fields, derogation_wording=True, order="o").field == field


def test_model_contract_is_signed_with_at_least_one_document() -> None:
    signed = {"provider": "p", "client": {"id": "c", "name": "n"}, "documents": [], "kind": "term"}
    assert str(refusal("contract.signed", **signed)) == "data.documents: must not be an empty list"


@pytest.mark.parametrize(
    "amount", [10000, 10000.0, 0, True, None, "", "1e3", "1,5", " 1", "+1", ".5", "1.", "NaN", "٣"]
)
def test_model_money_is_a_decimal_string_and_nothing_else(amount: object) -> None:
    error = refusal("invoice.issued", **INVOICE | {"amount": amount})
    assert error.field == "data.amount"
    assert error.reason.startswith("expected an exact decimal in a string")


def test_model_money_as_a_number_says_why_it_is_refused() -> None:
    assert "may be rounded" in refusal("invoice.issued", **INVOICE | {"amount": 99.99}).reason


def test_model_money_is_exact() -> None:
    assert data("invoice.issued", **INVOICE | {"amount": "0.1"}).amount == Decimal("0.1")


def test_model_credit_note_is_a_negative_invoice_but_a_claim_is_never_negative() -> None:
    assert data("invoice.issued", **INVOICE | {"amount": "-12.50"}).amount == Decimal("-12.50")
    assert refusal("penalty.accepted", claim="c", amount="-1").field == "data.amount"


def test_model_share_is_at_most_the_whole() -> None:
    fields = {"holder": "h", "seat_country": "FR", "eu": True, "votes": "0"}
    assert data("shareholding.recorded", **fields, capital="100").capital == 100
    assert refusal("shareholding.recorded", **fields, capital="100.01").field == "data.capital"


@pytest.mark.parametrize("seconds", ["2674", 2674])
def test_model_quantity_of_time_may_be_a_whole_number(seconds: object) -> None:
    assert data("consumption.metered", resource_type="t", month="2026-01", seconds=seconds).seconds == Decimal(2674)


@pytest.mark.parametrize("seconds", [-1, 1.5, True, "-1", 10**30])
def test_model_quantity_of_time_is_exact_and_not_negative(seconds: object) -> None:
    assert refusal("consumption.metered", resource_type="t", month="2026-01", seconds=seconds).field == "data.seconds"


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "2026", "2026-01-01", 202601, "0001-01"])
def test_model_month_is_a_month(month: object) -> None:
    assert refusal("invoice.issued", **INVOICE | {"month": month}).field == "data.month"


@pytest.mark.parametrize(
    "day", ["2026-02-30", "20260201", "2026-02-01T00:00:00", "2026-W01-1", 1, "1911-12-31", "3000-01-01"]
)
def test_model_date_is_a_day_of_the_calendar(day: object) -> None:
    assert refusal("contract.ended", cause="term", on=day).field == "data.on"


@pytest.mark.parametrize("when", ["2026-01-14T10:00:00", "2026-01-14", 1768381200, None, "0001-01-01T00:00:00Z"])
def test_model_instant_has_an_offset(when: object) -> None:
    assert refusal("outage.recorded", **OUTAGE | {"started_at": when}).field == "data.started_at"


@pytest.mark.parametrize("severity", [0, 4, "1", 1.0, True])
def test_model_severity_is_one_to_three(severity: object) -> None:
    fields = {"ticket": "T", "kind": "incident", "complete": True}
    assert refusal("ticket.opened", **fields, severity=severity).field == "data.severity"


@pytest.mark.parametrize("complete", [1, "true", None, []])
def test_model_flag_is_true_or_false(complete: object) -> None:
    assert refusal("ticket.opened", ticket="T", kind="incident", complete=complete).field == "data.complete"


@pytest.mark.parametrize("outage", ["", "x" * 201, "a\nb", "a\x00b", 7, None])
def test_model_id_is_a_short_line_of_text(outage: object) -> None:
    assert refusal("outage.recorded", **OUTAGE | {"outage": outage}).field == "data.outage"


def test_model_free_text_may_have_lines_but_no_escape_sequence() -> None:
    assert data("outage.retracted", outage="o", reason="first\nsecond").reason == "first\nsecond"
    assert refusal("outage.retracted", outage="o", reason="\x1b[31m").field == "data.reason"


def test_model_field_named_after_a_python_keyword_has_its_wire_name_on_the_wire_alone() -> None:
    rate = {"rate": "ecb-main-refinancing", "value": "2.15"}
    assert data("rate.recorded", **rate, **{"from": "2026-01-01"}).from_ == date(2026, 1, 1)
    assert refusal("rate.recorded", **rate, from_="2026-01-01").field in {"data.from", "data.from_"}


def test_model_built_in_python_takes_python_values_and_refuses_the_impossible() -> None:
    start = parse_instant(START)
    assert OutageRecorded(outage="o", service="vm", started_at=start, extent="total").started_at is start
    assert RateRecorded(rate="ecb-main-refinancing", value=Decimal(2), from_=date(2026, 1, 1)).value == 2
    assert InvoiceIssued(invoice="i", month="2026-01", amount=Decimal("1.5")).amount == Decimal("1.5")
    with pytest.raises(ValidationError):
        OutageRecorded(outage="o", service="vm", started_at=start, ended_at=parse_instant(EARLIER), extent="total")


def test_model_unknown_service_and_provider_are_free_words() -> None:
    """Agreements of third providers exist; what is known is the catalogue's business."""
    assert data("outage.recorded", **OUTAGE | {"service": "mail-relay"}).service == "mail-relay"
