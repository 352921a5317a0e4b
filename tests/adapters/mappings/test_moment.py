"""Times as tools write them."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.mappings.moment import Format, NotAMomentError, moment
from domain.time.instant import format_instant

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("value", "form", "more", "instant"),
    [
        ("2026-03-02T10:00:00Z", "iso-8601", {}, "2026-03-02T11:00:00+01:00"),
        ("2026-03-02 10:00:00,5+0530", "iso-8601", {}, "2026-03-02T05:30:00.5+01:00"),
        ("2026-03-02T10:00:00-05", "iso-8601", {}, "2026-03-02T16:00:00+01:00"),
        ("2026-03-02T10:00:00.123456999Z", "iso-8601", {}, "2026-03-02T11:00:00.123456+01:00"),
        (1772445600, "epoch-seconds", {}, "2026-03-02T11:00:00+01:00"),
        ("1772445600.25", "epoch-seconds", {}, "2026-03-02T11:00:00.25+01:00"),
        (1772445600, "epoch-seconds", {"nanoseconds": 999_999_999}, "2026-03-02T11:00:00.999999+01:00"),
        (1772445600001, "epoch-milliseconds", {}, "2026-03-02T11:00:00.001+01:00"),
        ("2026-03-02T11:00:00", "local", {"zone": PARIS}, "2026-03-02T11:00:00+01:00"),
        ("02/07/2026 11h05", "local", {"zone": PARIS, "pattern": "%d/%m/%Y %Hh%M"}, "2026-07-02T11:05:00+02:00"),
        ("2026-10-25T02:30:00", "local", {"zone": PARIS, "ambiguous": "earlier"}, "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T02:30:00", "local", {"zone": PARIS, "ambiguous": "later"}, "2026-10-25T02:30:00+01:00"),
    ],
)
def test_time_is_read_in_its_declared_format(value: Any, form: Format, more: dict[str, Any], instant: str) -> None:
    assert format_instant(moment(value, form, **more)) == instant


@pytest.mark.parametrize(
    ("value", "form", "more", "reason"),
    [
        ("2026-03-02T10:00:00", "iso-8601", {}, "expected an ISO 8601 date-time with an offset"),
        ("2026-02-30T10:00:00Z", "iso-8601", {}, "expected a date-time that exists"),
        ("0001-01-01T00:00:00Z", "iso-8601", {}, "expected a date-time that exists"),
        (1772445600, "iso-8601", {}, "expected a time in a text, got the number 1772445600"),
        ("soon", "epoch-seconds", {}, "expected a number (epoch-seconds), got 'soon'"),
        (True, "epoch-seconds", {}, "expected a number (epoch-seconds), got true"),
        (-1, "epoch-seconds", {}, "expected a number (epoch-seconds), got the number -1"),
        (1e300, "epoch-seconds", {}, "expected a number (epoch-seconds)"),
        (10**40, "epoch-seconds", {}, "expected a number (epoch-seconds), got a huge number"),
        (999999999999999, "epoch-seconds", {}, "expected a time between the years"),
        (1772445600, "epoch-seconds", {"nanoseconds": -4}, "expected nanoseconds below a second"),
        (0, "epoch-milliseconds", {"nanoseconds": None}, None),
        ("2026-03-29T02:30:00", "local", {"zone": PARIS}, "'2026-03-29T02:30:00' never was in Europe/Paris"),
        ("2026-10-25T02:30:00", "local", {"zone": PARIS}, "'2026-10-25T02:30:00' was twice in Europe/Paris"),
        ("2026-03-02T11:00:00Z", "local", {"zone": PARIS}, "expected a local time, without an offset"),
        ("2026-03-02", "local", {"zone": PARIS, "pattern": "%d/%m/%Y"}, "expected a local time written %d/%m/%Y"),
        ("0001-01-01T00:00:00", "local", {"zone": PARIS}, "expected a time between the years"),
        ("9999-12-31T23:59:59", "local", {"zone": PARIS}, "expected a time between the years"),
    ],
)
def test_time_that_is_not_written_so_is_refused_in_two_languages(
    value: Any, form: Format, more: dict[str, Any], reason: str | None
) -> None:
    if reason is None:
        assert format_instant(moment(value, form, **more)) == "1970-01-01T01:00:00+01:00"
        return
    with pytest.raises(NotAMomentError) as refused:
        moment(value, form, **more)
    assert refused.value.said.en.startswith(reason)
    assert refused.value.said.fr != refused.value.said.en
