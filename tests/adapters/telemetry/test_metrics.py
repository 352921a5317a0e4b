"""An ingest worker serves its metrics where it is told to, and only then."""

import socket
from urllib.request import urlopen

import pytest

from adapters.settings.telemetry import TelemetrySettings
from adapters.telemetry.metrics import MetricsError, serve_metrics


def test_metrics_are_served_on_the_port_that_is_configured() -> None:
    port, stop = serve_metrics(TelemetrySettings(metrics_port=0))
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert b"# TYPE " in answer.read()
    stop()


def test_without_a_port_nothing_is_served() -> None:
    port, stop = serve_metrics(TelemetrySettings())
    stop()
    assert port == 0


def test_a_port_in_use_is_told_with_the_variable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(MetricsError, match=f"GREFFE_TELEMETRY__METRICS_PORT: cannot listen on 127.0.0.1:{port}: "):
            serve_metrics(TelemetrySettings(metrics_port=port))
