"""Messages of operations tools on a topic of their own: what a mapping makes of them is in the ledger, once."""

import json
from pathlib import Path

import pytest

from adapters.bootstrap import ledger_of, opened
from adapters.catalogue import load_catalogue
from adapters.clock import now
from adapters.cloudevents import canonical, encode
from adapters.kafka.ingest import ingest_topic
from tests.support.kafka import new_topic, produce, settings_of
from tests.support.mappings import TOOLS, events, mapped, message, part, sample_messages, small, worked
from tools.broker import Broker


def facts_in(ledger: Path) -> list[bytes]:
    """The facts of a ledger in their canonical bytes, sorted."""
    with opened(str(ledger)) as store:
        return sorted(canonical(encode(fact)) for fact in ledger_of(store, load_catalogue()).facts())


@pytest.mark.parametrize("tool", TOOLS)
def test_messages_that_come_twice_and_backwards_are_recorded_once(tool: str, broker: Broker, tmp_path: Path) -> None:
    bodies = sample_messages(tool)
    expected = {canonical(one) for body in bodies for one in events(mapped(worked(tool), body))}
    topic, ledger = new_topic(broker), tmp_path / "ledger.db"
    produce(broker, topic, *bodies[::-1], *bodies)
    settings = settings_of(broker, topic)
    counts = ingest_topic(
        str(ledger), settings, [], now, lambda: False, mappings=[worked(tool)], until_end=True
    ).counts()
    assert (counts["recorded"], counts["waiting"], counts["quarantined"]) == (len(expected), 0, 0)
    assert facts_in(ledger) == sorted(expected)


def test_message_that_cannot_be_mapped_is_held_with_its_place_and_reason(broker: Broker, tmp_path: Path) -> None:
    topic, ledger = new_topic(broker), tmp_path / "ledger.db"
    refused = message(part(component="mainframe"))
    produce(broker, topic, message(part()), refused, b"{", None, message(part(), test=True))
    settings = settings_of(broker, topic)
    outcome = ingest_topic(str(ledger), settings, [], now, lambda: False, mappings=[small()], until_end=True)
    assert outcome.counts() == {"recorded": 1, "duplicates": 0, "waiting": 0, "quarantined": 3}
    with opened(str(ledger)) as store:
        held = store.quarantine()
        assert store.position(f"kafka:{topic}:0") == 5
    assert [entry.origin for entry in held] == [f"{topic}[0]@1", f"{topic}[0]@2", f"{topic}[0]@3"]
    assert held[0].body == refused
    assert held[0].reason.endswith("(part.component): 'mainframe' is not in table service")
    assert held[0].reason_fr.endswith("(part.component) : 'mainframe' n'est pas dans la table service")
    assert [json.loads(body)["id"] for body in facts_in(ledger)] == ["p-1/load-balancer/recorded"]
