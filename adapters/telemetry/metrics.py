"""The metrics of a process that has no API: served on a port of its own, in the format of Prometheus."""

from collections.abc import Callable

from adapters.saying import french_of
from adapters.settings.telemetry import TelemetrySettings
from domain.errors import GreffeError


class MetricsError(GreffeError):
    """The port of the metrics cannot be listened on; the message says which and why."""


def serve_metrics(settings: TelemetrySettings) -> tuple[int, Callable[[], None]]:
    """Serves every metric of the process at ``/metrics``: the port (0 if none is configured), and what stops it."""
    if settings.metrics_port is None:
        return 0, lambda: None
    from prometheus_client import start_http_server  # noqa: PLC0415 - only when a port is configured

    place = f"{settings.metrics_host}:{settings.metrics_port}"
    try:
        server, thread = start_http_server(settings.metrics_port, settings.metrics_host)
    except OSError as error:
        raise MetricsError(
            f"GREFFE_TELEMETRY__METRICS_PORT: cannot listen on {place}: {error.strerror}",
            f"GREFFE_TELEMETRY__METRICS_PORT : impossible d'écouter sur {place} : {french_of(error)}",
        ) from None

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return int(server.server_port), stop
