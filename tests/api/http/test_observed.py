"""What the server says of a request: its id, a log line and a figure without values, a span in the caller's trace."""

import io
import json

import pytest
from prometheus_client import REGISTRY

from adapters.access.model import Role
from adapters.settings.telemetry import TelemetrySettings
from adapters.telemetry.logs import start_logs
from adapters.telemetry.traces import start_traces
from tests.support.arrivals import outage, signed
from tests.support.collector import attributes, collecting
from tests.support.server import BATCH, Api

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def lines() -> io.StringIO:
    """What is logged meanwhile."""
    stream = io.StringIO()
    start_logs(TelemetrySettings(), stream)
    return stream


def test_each_answer_has_an_id_that_its_log_line_has_and_no_line_holds_what_was_asked(
    served: Api, lines: io.StringIO
) -> None:
    answer = served.get("/v1/contracts/C-of-nobody/statement?at=2026-01-01T00:00:00Z")
    assert answer.status_code == 404
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    (line,) = [one for one in told if one.get("request") == answer.headers["X-Request-Id"]]
    assert (line["event"], line["method"], line["status"]) == ("request answered", "GET", 404)
    assert line["route"] == "/v1/contracts/{contract}/statement"
    assert "C-of-nobody" not in lines.getvalue()
    assert "2026-01-01" not in json.dumps(line["route"])


def test_requests_are_counted_by_route_and_status_and_unknown_paths_as_one(served: Api) -> None:
    def count() -> float:
        labels = {"method": "GET", "route": "unknown", "status": "404"}
        return REGISTRY.get_sample_value("greffe_http_requests_total", labels) or 0

    before = count()
    served.get("/v1/nothing-here")
    served.get("/v1/nothing-there")
    assert count() == before + 2


def test_a_callers_trace_goes_from_the_request_to_the_commit(served: Api) -> None:
    with collecting() as collector:
        stop = start_traces(TelemetrySettings(otlp_endpoint=collector.endpoint))
        events = [signed("traced"), outage("traced")]
        served.as_(Role.OPERATOR).post("/v1/events", json=events, headers={**BATCH, "traceparent": PARENT})
        stop()
        (request,), (batch,) = collector.named("greffe.request"), collector.named("greffe.record")
        assert (request.trace_id.hex(), batch.trace_id.hex()) == (TRACE, TRACE)
        assert batch.parent_span_id == request.span_id
        assert attributes(request) == {"greffe.method": "POST", "greffe.route": "/v1/events", "greffe.status": 200}
