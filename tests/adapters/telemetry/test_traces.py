"""Traces: from a sender's ``traceparent`` to the commit, into a collector; nothing at all when none is configured."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.eventstore.ledger import Ledger
from adapters.eventstore.sqlite import SqliteStore
from adapters.settings.telemetry import TelemetrySettings
from adapters.telemetry.traces import current_traceparent, span, start_traces
from domain.errors import LedgerError
from tests.support.arrivals import NOW, answered, ledger, opened, received, signed
from tests.support.collector import Collector, attributes, collecting

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as running:
        yield running


def settings(collector: Collector) -> TelemetrySettings:
    return TelemetrySettings(otlp_endpoint=collector.endpoint, otlp_authorization=SecretStr("Bearer swordfish"))


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Ledger]:
    store = SqliteStore(tmp_path / "ledger.db")
    yield ledger(store)
    store.close()


def test_a_fact_is_traced_in_its_senders_trace_up_to_the_commit(one: Ledger, collector: Collector) -> None:
    stop = start_traces(settings(collector))
    with span("greffe.request", method="POST"):
        one.record(received(signed(), {**opened(1), "traceparent": PARENT}), NOW)
    stop()
    (fact,), (batch,), (request,) = (collector.named(f"greffe.{name}") for name in ("fact", "record", "request"))
    assert (fact.trace_id.hex(), fact.parent_span_id.hex()) == (TRACE, "00f067aa0ba902b7")
    assert attributes(fact) == {"greffe.contract": opened(1)["subject"], "greffe.type": opened(1)["type"]}
    assert fact.links[0].span_id == batch.span_id
    assert batch.parent_span_id == request.span_id
    assert batch.links[0].trace_id.hex() == TRACE
    counts = {"greffe.recorded": 2, "greffe.duplicates": 0, "greffe.waiting": 0, "greffe.quarantined": 0}
    assert attributes(batch) == {"greffe.facts": 2, **counts}
    assert batch.start_time_unix_nano <= fact.start_time_unix_nano <= fact.end_time_unix_nano
    assert collector.authorizations == {"Bearer swordfish"}


def test_a_batch_that_is_not_committed_marks_the_traces_of_its_facts(one: Ledger, collector: Collector) -> None:
    stop = start_traces(settings(collector))
    one.store.close()
    with pytest.raises(LedgerError):
        one.record(received({**opened(1), "traceparent": PARENT}), NOW)
    stop()
    (fact,) = collector.named("greffe.fact")
    assert fact.status.message == "the batch was not committed"


def test_a_traceparent_is_taken_from_a_caller_and_handed_on_and_a_malformed_one_starts_a_trace(
    collector: Collector,
) -> None:
    stop = start_traces(settings(collector))
    with span("greffe.request", PARENT):
        handed = current_traceparent()
    with span("greffe.request", "rubbish"):
        pass
    stop()
    assert handed is not None
    assert handed.split("-")[1] == TRACE
    assert [one.trace_id.hex() == TRACE for one in collector.named("greffe.request")] == [True, False]


def test_without_an_endpoint_nothing_is_traced(one: Ledger) -> None:
    stop = start_traces(TelemetrySettings())
    with span("greffe.request") as current:
        one.record(received({**answered(1), "traceparent": PARENT}), NOW)
        assert current is None
        assert current_traceparent() is None
    stop()
