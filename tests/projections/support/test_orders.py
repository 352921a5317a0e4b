"""Art. 3.3 and 8: an order form may change a time of annex A by a clause that says so."""

from typing import Any

import pytest

from tests.support.tickets import AT_CLOUD_TEMPLE, AT_OUTSCALE, findings, opened, row

AT = "2026-04-08T10:05:00+02:00"


def order(time: str, value: str, rule: str = "outscale-cgv-2019/support-gtr-sev1", **data: Any) -> Any:
    facts = {"rule": rule, "value": value, "derogation_wording": True, "order": "BC-7", **data}
    return time, "derogation.recorded", facts


def test_8_the_ordered_time_holds_for_tickets_opened_after_it() -> None:
    happenings = (
        *AT_OUTSCALE,
        opened("2026-04-08T09:00:00+02:00", "T-1", severity=1),
        order("2026-04-08T09:30:00+02:00", "1 hour"),
        opened("2026-04-08T10:00:00+02:00", "T-2", severity=1),
    )
    before = row("support-gtr-sev1", *happenings, at=AT, ticket="T-1")
    after = row("support-gtr-sev1", *happenings, at=AT, ticket="T-2")
    assert (before["due"], before["allowed_seconds"]) == ("2026-04-08T11:00:00+02:00", "7200")
    assert (after["due"], after["allowed_seconds"]) == ("2026-04-08T11:00:00+02:00", "3600")
    assert ("urn:test#e-004" in before["events"], "urn:test#e-004" in after["events"]) == (False, True)
    assert row("support-gti-sev1", *happenings, at=AT, ticket="T-2")["allowed_seconds"] == "900"
    assert findings(*happenings, at=AT) == []


@pytest.mark.parametrize(
    ("value", "changes"),
    [("1 hour", {"derogation_wording": False}), ("1 day", {}), ("soon", {}), ("-1 hours", {})],
)
def test_3_3_an_order_without_the_wording_or_a_delay_changes_nothing(value: str, changes: dict[str, Any]) -> None:
    happenings = (*AT_OUTSCALE, order("2026-04-01T09:30:00+02:00", value, **changes))
    ticket = opened("2026-04-08T10:00:00+02:00", severity=1)
    assert row("support-gtr-sev1", *happenings, ticket, at=AT)["allowed_seconds"] == "7200"
    for told in (findings(*happenings, ticket, at=AT), findings(*happenings, at=AT)):
        assert [(one["code"], one["rule"]) for one in told] == [
            ("derogation-without-effect", "outscale-cgv-2019/support-gtr-sev1")
        ]


def test_3_1_a_text_that_lets_no_order_derogate_stands() -> None:
    happenings = (*AT_CLOUD_TEMPLE, order("2026-04-01T09:30:00+02:00", "5 minutes", "ct-secure-temple/sup-gti-p1"))
    ticket = opened("2026-04-08T10:00:00+02:00", priority="I1 C1")
    assert row("sup-gti-p1", *happenings, ticket, at=AT)["allowed_seconds"] == "1800"
    assert [one["rule"] for one in findings(*happenings, ticket, at=AT)] == ["ct-secure-temple/sup-gti-p1"]


def test_an_order_about_something_else_is_not_for_the_support() -> None:
    happenings = (*AT_OUTSCALE, order("2026-04-01T09:30:00+02:00", "40", "outscale-cgv-2019/pen-cap-30pct"))
    assert findings(*happenings, at=AT) == []
