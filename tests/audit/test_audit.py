"""An audit finds every row that was changed behind greffe's back, says which, and finds nothing where nothing was."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.audit.fault import fault
from adapters.audit.run import Report, audit
from adapters.audit.whole import MOST_FAULTS, Whole
from adapters.bootstrap import opened
from adapters.eventstore.mapper import content_of, key_of
from adapters.evidence.notes import Signer, verifier
from adapters.evidence.verify import Key, leaf_hash
from tests.audit.conftest import Spoilt
from tests.faults.rows import LATER, Copy, tries

TRIES = 15


def run(writing: Any, statement: str, *values: Any) -> None:
    writing.rows(statement, *values)


def test_sound_ledger_is_found_sound(spoilt: Spoilt) -> None:
    report = spoilt.audit()
    assert (report.count, report.faults) == (0, [])
    assert (report.leaves, report.size, report.events) == (316, 316, 312)
    assert (report.tenants, report.checkpoints, report.signed) == (12, 4, 264)
    assert report.root.hex() == report.as_json()["root"]
    assert report.as_json()["signatures"] == "verified"


def test_several_processes_find_what_one_finds(spoilt: Spoilt) -> None:
    spoilt.ran("UPDATE stored_events SET topic = 'x' WHERE originator_id = 'C-1|outage|o-1'")
    assert audit(spoilt.address, LATER, keys=[spoilt.key], processes=2) == spoilt.audit()


def test_changed_deleted_and_inserted_rows_are_found(sound: tuple[Key, Copy]) -> None:
    key, copy = sound
    tally = tries(copy, key, TRIES, seed=11)
    assert tally.missed == []
    assert tally.found == tally.tried


def test_fault_names_the_event_and_what_differs(spoilt: Spoilt) -> None:
    ((state,),) = spoilt.ran("SELECT state FROM stored_events WHERE originator_id = 'C-3|outage|o-2'")
    changed = bytes(state).replace(b"2026-03-01", b"2026-03-02")
    spoilt.ran("UPDATE stored_events SET state = ? WHERE originator_id = 'C-3|outage|o-2'", changed)
    event, key = spoilt.audit().faults
    assert (event.code, event.stream, event.version) == ("event", "C-3|outage|o-2", 1)
    assert event.english.endswith(": pc (what its fields and its seed give)")
    assert event.line("fr").startswith(f"feuille {event.leaf}, événement C-3|outage|o-2 1: l'événement n'est pas celui")
    assert key.code == "key"


def test_every_fault_is_told_not_only_the_first(spoilt: Spoilt) -> None:
    spoilt.ran("UPDATE stored_events SET topic = 'x' WHERE originator_id >= 'C-5|' AND originator_id < 'C-5}'")
    spoilt.ran("DELETE FROM stored_events WHERE originator_id >= 'C-7|' AND originator_id < 'C-7}'")
    faults = spoilt.audit().faults
    assert [fault.code for fault in faults].count("event") == 26
    assert [fault.code for fault in faults].count("event-gone") == 26


def test_log_that_adds_up_but_is_not_the_one_that_was_signed_is_found(spoilt: Spoilt) -> None:
    """Whoever can write everything but with the key changes one event and makes the whole log again."""
    with opened(spoilt.address) as store:
        rows = store.rows_between(-1, 2**62)
        with store.writing() as writing:
            for table in ("proof_leaf", "proof_node", "proof_head"):
                run(writing, f"DELETE FROM {table}")  # noqa: S608 - ours
            run(writing, "UPDATE proof_state SET size = 0, frontier = ?", b"")
            events = [(row.stream, row.version, row.topic, row.state.replace(b"07:00:00", b"06:00:00")) for row in rows]
            for stream, version, _, state in events:
                run(
                    writing,
                    "UPDATE stored_events SET state = ? WHERE originator_id = ? AND originator_version = ?",
                    *(state, stream, version),
                )
            bodies = [state[state.find(b',"event":') + 9 : -1] for _, _, _, state in events]
            said = [(json.loads(body), content_of(body)) for body in bodies]
            writing.remember((key_of(event["source"], event["id"]), content) for event, content in said)
            writing.log(events)  # type: ignore[attr-defined] - what stores do for themselves
    faults = spoilt.audit().faults
    assert {fault.code for fault in faults} == {"checkpoint"}
    assert faults[-1].english.startswith("checkpoint of 264 leaves: ")
    assert "the leaves before it do not give the root that was signed" in faults[-2].english


def test_checkpoint_by_another_key_is_found_though_that_key_is_listed_too(spoilt: Spoilt) -> None:
    """Whoever writes the whole database may list a key of his own; who has the log's key from elsewhere finds it."""
    forger = Signer(spoilt.key.name, Ed25519PrivateKey.from_private_bytes(b"f" * 32))
    for size, note in spoilt.ran("SELECT size, note FROM proof_checkpoint"):
        text = bytes(note).decode().partition("\n\n")[0] + "\n"
        forged = f"{text}\n{forger.line(text)}".encode()
        spoilt.ran("UPDATE proof_checkpoint SET note = ? WHERE size = ?", forged, size)
    found = spoilt.audit()
    assert ({fault.code for fault in found.faults}, found.as_json()["signatures"]) == ({"checkpoint"}, "unlike")
    spoilt.ran("DELETE FROM proof_cosignature")
    spoilt.ran("DELETE FROM proof_key")
    spoilt.ran("INSERT INTO proof_key VALUES (1, ?, 0, NULL, 0)", verifier(forger.key))
    assert audit(spoilt.address, LATER).count == 0
    said = [fault.english for fault in spoilt.audit().faults]
    assert said[0].startswith("the ledger does not list the key that was given")
    assert said[-1] == "checkpoint of 264 leaves: no key of the log signed it"


def test_events_inserted_with_a_leaf_break_chain_and_frontier(spoilt: Spoilt) -> None:
    spoilt.ran(
        "INSERT INTO proof_leaf SELECT 316, hash, entry, tenant, 999, stream, version, seed FROM proof_leaf"
        " WHERE idx = 10"
    )
    codes = spoilt.codes()
    assert {"moved", "chain", "state"} <= set(codes)


def test_audit_since_the_last_looks_only_at_what_came_after_and_says_so(spoilt: Spoilt) -> None:
    sound = spoilt.audit()
    earlier = audit(spoilt.address, LATER).root
    assert earlier == sound.root
    at_264 = bytes(spoilt.ran("SELECT root FROM proof_checkpoint WHERE size = 264")[0][0])
    spoilt.ran("UPDATE stored_events SET topic = 'x' WHERE originator_id = 'C-1|outage|o-1'")
    report = spoilt.audit(last=(264, at_264))
    assert (report.count, report.since, report.leaves) == (0, 264, 60)  # from the last whole tile on
    spoilt.ran("UPDATE stored_events SET topic = 'x' WHERE originator_id = 'C-11|outage|o-20'")
    assert [fault.code for fault in spoilt.audit(last=(264, at_264)).faults] == ["event"]


@pytest.mark.parametrize("since", [True, False])
def test_root_that_an_earlier_audit_saw_must_be_found_again(spoilt: Spoilt, since: bool) -> None:
    seen = (290, b"\x01" * 32)
    report = spoilt.audit(last=seen) if since else spoilt.audit(earlier=(seen,))
    assert [fault.code for fault in report.faults] == ["memory"]
    report = spoilt.audit(earlier=((400, b"\x01" * 32),))
    assert "an earlier audit saw 400 leaves, and there are 316: the log was cut" in report.faults[0].english


def test_deletion_of_earlier_rows_is_found_by_count_even_since_the_last(spoilt: Spoilt) -> None:
    at_264 = bytes(spoilt.ran("SELECT root FROM proof_checkpoint WHERE size = 264")[0][0])
    spoilt.ran("DELETE FROM stored_events WHERE originator_id = 'C-1|outage|o-1'")
    (fault,) = spoilt.audit(last=(264, at_264)).faults
    assert fault.english == "311 events are stored and 312 have a leaf"


def test_signature_fault_beyond_the_most_that_are_told_is_not_called_verified() -> None:
    whole = Whole(0, [], {}, lambda *_: {})
    for _ in range(MOST_FAULTS):
        whole.wrong(fault("event", ("changed", "changé")))
    whole.wrong(fault("checkpoint", ("signed by another", "signé par un autre")))
    report = Report("log", 0, keys=1, faults=whole.faults, codes=whole.codes)
    assert ({one.code for one in report.faults}, report.signatures) == ({"event"}, "unlike")


def test_report_as_json_says_what_was_not_looked_at(spoilt: Spoilt) -> None:
    said = json.loads(json.dumps(audit(spoilt.address, LATER).as_json()))
    assert (said["kind"], said["signatures"], said["faults"], said["found"]) == ("full", "not-looked-at", 0, [])


def test_one_event_that_is_gone_is_one_fault(spoilt: Spoilt) -> None:
    spoilt.ran("DELETE FROM stored_events WHERE originator_id = 'C-2|outage|o-9'")
    spoilt.ran("UPDATE stored_events SET state = ? WHERE originator_id = 'C-2|outage|o-11'", b"{}")
    assert [fault.code for fault in spoilt.audit().faults] == ["event-gone", "event"]


EVENT = "UPDATE stored_events SET state = ? WHERE originator_id = 'C-1|outage|o-1'"
LEAF = "hash, entry, tenant, tseq, stream, version, seed FROM proof_leaf"
OTHER = verifier(Signer("other.example", Ed25519PrivateKey.from_private_bytes(b"8" * 32)).key)


@pytest.mark.parametrize(
    ("statement", "values", "said"),
    [
        ("DELETE FROM proof_leaf WHERE idx = 5", (), "missing from the log: 5"),
        ("DELETE FROM proof_leaf WHERE idx BETWEEN 5 AND 7", (), "missing from the log: 5 to 7"),
        (f"INSERT INTO proof_leaf SELECT -1, {LEAF} WHERE tenant IS NULL LIMIT 1", (), "leaves before the first"),
        ("UPDATE proof_leaf SET entry = ? WHERE tenant IS NULL", (b"{}",), "the entry of heads is not well-formed"),
        (EVENT, (b"[]",), "the stored event cannot be read"),
        (EVENT, (b'{"recorded":"r","event":{"source":"s","id":"i","n":1e999}}',), "the stored event cannot be read"),
        (EVENT, (b'{"recorded":"r","event":{"source":"s"}}',), "the stored event cannot be read"),
        (
            "INSERT INTO proof_timestamp VALUES (264, 'https://tsa.example', ?, 0)",
            (b"token",),
            "checkpoint of 264 leaves: the timestamp of https://tsa.example is of something else",
        ),
        ("INSERT INTO proof_key VALUES (7, ?, 300, NULL, 0)", (OTHER,), "no key before it handed over to it so"),
        ("UPDATE proof_key SET key = 'nonsense' WHERE number = 1", (), "no key before it handed over to it so"),
        (
            "UPDATE proof_checkpoint SET note = ? WHERE size = 264",
            (b"nothing",),
            "checkpoint of 264 leaves: cannot be read: ",
        ),
    ],
)
def test_what_was_done_to_one_row_is_told_of_that_row(
    spoilt: Spoilt, statement: str, values: tuple[Any, ...], said: str
) -> None:
    spoilt.ran(statement, *values)
    assert [fault for fault in spoilt.audit().faults if said in fault.english]


def test_entry_of_other_heads_is_found_though_it_is_well_formed(spoilt: Spoilt) -> None:
    ((index, entry),) = spoilt.ran("SELECT idx, entry FROM proof_leaf WHERE tenant IS NULL ORDER BY idx LIMIT 1")
    heads = json.loads(bytes(entry))["heads"]
    other = bytes(entry).replace(heads.encode(), b"0" * len(heads))
    spoilt.ran("UPDATE proof_leaf SET entry = ?, hash = ? WHERE idx = ?", other, leaf_hash(other), index)
    assert ("heads", index) in [(fault.code, fault.leaf) for fault in spoilt.audit().faults]
