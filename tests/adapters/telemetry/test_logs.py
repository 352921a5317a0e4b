"""Log lines: JSON or text, with their ids, and nothing that is not on the list."""

import io
import json
import logging
from typing import Any

import pytest

from adapters.settings.telemetry import TelemetrySettings
from adapters.telemetry.logs import LONGEST, bound, logger, start_logs
from domain.errors import LedgerError, UndecodableEventError


def started(**settings: Any) -> io.StringIO:
    stream = io.StringIO()
    start_logs(TelemetrySettings(**settings), stream)
    return stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_the_ids_bound_around_it() -> None:
    stream = started(service_name="greffe-api")
    with bound(request="r-1", contract="C-1", correlation="k-1"):
        logger("api").info("request answered", status=200, route="/v1/contracts/{contract}")
    (line,) = lines(stream)
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "request answered",
        "level": "info",
        "logger": "greffe.api",
        "service": "greffe-api",
        "request": "r-1",
        "contract": "C-1",
        "correlation": "k-1",
        "status": 200,
        "route": "/v1/contracts/{contract}",
    }


def test_a_field_that_is_not_on_the_list_is_left_out() -> None:
    stream = started()
    logger("api").warning("refused", password="swordfish", body='{"client":"someone"}', email="a@b", status=401)  # noqa: S106
    assert "swordfish" not in stream.getvalue()
    assert "someone" not in stream.getvalue()
    assert "a@b" not in stream.getvalue()
    assert lines(stream)[0]["status"] == 401


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("swordfish"), {}),
        (
            LedgerError("the ledger cannot be opened", "fermé"),
            {"reason": "the ledger cannot be opened"},
        ),
        (UndecodableEventError("expected a date, got swordfish", "data.on"), {"field": "data.on"}),
    ],
)
def test_an_error_is_told_by_its_class_and_place_and_by_words_that_quote_no_fact(
    error: Exception, told: dict[str, str]
) -> None:
    stream = started()
    try:
        fail(error)
    except type(error):
        logger("api").exception("request failed")
    (line,) = lines(stream)
    assert "swordfish" not in stream.getvalue()
    assert line["error"] == type(error).__name__
    assert line["where"][-1].endswith(" fail")
    assert {name: line[name] for name in ("reason", "field") if name in line} == told


def fail(error: Exception) -> None:
    raise error


def test_the_level_is_a_setting_and_libraries_speak_from_warnings_up() -> None:
    stream = started(log_level="debug")
    logger("ingest").debug("batch recorded", facts=3)
    logging.getLogger("kafka").info("hidden")
    logging.getLogger("kafka").warning("broker %s gone", "b:1")
    logging.getLogger("kafka").error("failed", exc_info=ValueError("swordfish"))
    said = lines(stream)
    assert [line["event"] for line in said] == ["batch recorded", "broker b:1 gone", "failed"]
    assert (said[1]["logger"], said[1]["level"]) == ("kafka", "warning")
    assert said[2]["error"] == "ValueError"
    assert "swordfish" not in stream.getvalue()
    stream = started(log_level="error")
    logger("ingest").warning("hidden")
    assert stream.getvalue() == ""


def test_what_was_received_cannot_forge_a_line_nor_drive_a_terminal() -> None:
    for settings in ({"log_format": "text"}, {"log_format": "json"}):
        stream = started(**settings)
        logger("ingest").warning("quarantined", origin="x\n\x1b[2Jerror: forged", reason="y" * 5_000)
        assert len(stream.getvalue().splitlines()) == 1
        assert "\x1b[2J" not in stream.getvalue()
        assert len(stream.getvalue()) < LONGEST + 300


def test_a_person_reads_text() -> None:
    stream = started(log_format="text")
    logger("ingest").info("batch recorded", facts=3)
    assert "batch recorded" in stream.getvalue()
    assert "facts=3" in stream.getvalue()
    assert not stream.getvalue().startswith("{")
