"""Traces from the message, or the request, to the commit; nothing at all unless a collector is configured.

Spans:

- ``greffe.request``: an HTTP request, under the caller's ``traceparent``.
- ``greffe.record``: one batch, from the first fact decided to the commit; linked to the trace of every fact in it.
- ``greffe.fact``: one fact that came with a ``traceparent``, in its sender's own trace: ends with the commit, and is
  linked to the batch.

No attribute holds what a fact says: counts, ids of contracts and types only.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple

from adapters.settings.telemetry import TelemetrySettings

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Link, Span, Tracer

Attribute = str | int | bool
PARENT = "traceparent"


class Traced(NamedTuple):
    """One fact of a batch that came with a trace."""

    traceparent: str
    subject: str
    type: str


class _State:
    """The tracer of this process; None while tracing is off."""

    tracer: "Tracer | None" = None


def start_traces(settings: TelemetrySettings) -> Callable[[], None]:
    """Starts tracing if an endpoint is configured; returns what sends the last spans and stops it."""
    if settings.otlp_endpoint is None:
        return lambda: None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - only when on
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    secret = settings.otlp_authorization
    headers = {"Authorization": secret.get_secret_value()} if secret is not None else None
    provider = TracerProvider(resource=Resource.create({"service.name": settings.service_name}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(settings.otlp_endpoint, headers=headers)))
    return trace_with(provider)


def trace_with(provider: "TracerProvider") -> Callable[[], None]:
    """Starts tracing through a provider; returns what stops it."""
    _State.tracer = provider.get_tracer("greffe")

    def stop() -> None:
        _State.tracer = None
        provider.shutdown()

    return stop


def span(name: str, traceparent: str | None = None, **attributes: Attribute) -> "AbstractContextManager[Span | None]":
    """A span around a block, under ``traceparent`` if it is one, else under the current span. None when off."""
    if _State.tracer is None:
        return nullcontext()
    return _State.tracer.start_as_current_span(name, context=_context(traceparent), attributes=_named(attributes))


def recording(facts: int, traced: Callable[[], Iterable[Traced]]) -> "AbstractContextManager[Span | None]":
    """A span around the recording of one batch; ``traced`` is asked for its traced facts only when tracing is on."""
    if _State.tracer is None:
        return nullcontext()
    return _recording(_State.tracer, facts, list(traced()))


@contextmanager
def _recording(tracer: "Tracer", facts: int, traced: list[Traced]) -> Iterator["Span"]:
    from opentelemetry.trace import Link, Status, StatusCode  # noqa: PLC0415 - only when on

    contexts = [_context(fact.traceparent) for fact in traced]
    links = [link for context in contexts if (link := _link(context)) is not None]
    with tracer.start_as_current_span("greffe.record", links=links, attributes=_named({"facts": facts})) as batch:
        back = [Link(batch.get_span_context())]
        spans = []
        for fact, context in zip(traced, contexts, strict=True):
            said = _named({"contract": fact.subject, "type": fact.type})
            spans.append(tracer.start_span("greffe.fact", context=context, links=back, attributes=said))
        try:
            yield batch
        except BaseException:
            for one in spans:
                one.set_status(Status(StatusCode.ERROR, "the batch was not committed"))
            raise
        finally:
            for one in spans:
                one.end()


def current_traceparent() -> str | None:
    """The ``traceparent`` of the current span, to hand on; None when off."""
    if _State.tracer is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415 - when on

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get(PARENT)


def _context(traceparent: str | None) -> "Context | None":
    """The context that a ``traceparent`` says; None, the current one, for none or a malformed one."""
    if traceparent is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415 - when on

    return TraceContextTextMapPropagator().extract({PARENT: traceparent})


def _link(context: "Context | None") -> "Link | None":
    from opentelemetry.trace import Link, get_current_span  # noqa: PLC0415 - only when on

    found = get_current_span(context).get_span_context()
    return Link(found) if found.is_valid else None


def _named(attributes: dict[str, Any]) -> dict[str, Attribute]:
    return {f"greffe.{name}": value for name, value in attributes.items()}
