"""A ledger with one contract, its provider and another contract; its log signed; a bundle of it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.bootstrap import ledger_of, opened
from adapters.catalogue import agreement_files, load_catalogue, load_switches, readings_file
from adapters.cloudevents import decode_structured
from adapters.eventstore.ledger import Ledger, Received
from adapters.eventstore.store import Store
from adapters.evidence.bundle import Asked, Signed, Texts, bundle
from adapters.evidence.headmap import HeadMap
from adapters.evidence.notes import Signer, checkpoint_text, signed
from adapters.evidence.verify import COSIGNATURE, Checkpoint
from adapters.privacy.opening import Opening
from domain.readings import select
from domain.time.instant import Instant, parse_instant
from tests.support.story import penalty_story

CONTRACT = "C-1"
START = parse_instant("2026-05-01T00:00:00+02:00")
HOUR = 3_600_000_000
SIGNED_AT = Instant(START + 100 * HOUR)
SEEN = 1_780_000_000
Event = dict[str, Any]


def events() -> list[Event]:
    """A hundred facts of ``C-1`` and six of its provider, and a contract of somebody else's."""
    told = [event(number, time, name, data) for number, (time, name, data, *_) in enumerate(penalty_story())]
    for number in range(len(told), 100):
        pair, half = divmod(number - len(penalty_story()), 2)
        day = f"2026-03-{1 + pair % 28:02}"
        ticket = {"ticket": f"T-{pair}"}
        if half == 0:
            data = {**ticket, "kind": "incident", "complete": True, "severity": 1 + pair % 3}
            told.append(event(number, f"{day}T10:00:00+01:00", "ticket.opened", data))
        else:
            told.append(event(number, f"{day}T11:30:00+01:00", "ticket.answered", {**ticket, "automatic": False}))
    for number, service in enumerate(("iaas-cloud-on-demand", "secure-temple", "openiaas")):
        data = {"service": service, "decision": f"D-{number}", "valid_from": "2025-01-01", "valid_until": "2027-12-31"}
        told.append(
            event(f"q{number}", "2025-02-01T00:00:00+01:00", "qualification.granted", data, "provider:outscale")
        )
        told.append(
            event(
                f"x{number}",
                "2025-03-01T00:00:00+01:00",
                "third-party.changed",
                {"name": f"P {number}", "affects_security": False},
                "provider:outscale",
            )
        )
    told.insert(3, signed_event("other", "C-2"))
    return told


def event(number: int | str, time: str, name: str, data: Event, subject: str = CONTRACT) -> Event:
    """One CloudEvent; ``number`` makes its id."""
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "urn:test",
        "type": f"greffe.{name}.v1",
        "subject": subject,
        "time": time,
        "data": data,
    }


def signed_event(number: str, subject: str = CONTRACT) -> Event:
    """The signature of a contract."""
    return event(number, "2025-01-01T00:00:00+01:00", "contract.signed", dict(penalty_story()[0][2]), subject)


def log_signer(origin: str, byte: bytes = b"\1") -> Signer:
    """The log's key: always the same, so that a bundle can be made again; or, of another byte, somebody else's."""
    return Signer(origin, Ed25519PrivateKey.from_private_bytes(byte * 32))


WITNESS = Signer("witness.example/one", Ed25519PrivateKey.from_private_bytes(b"\2" * 32), COSIGNATURE)


def record(ledger: Ledger, told: Sequence[Event], since: Instant = START, by: int = 10) -> None:
    """Records events, so many in one transaction, an hour apart."""
    for number in range(0, len(told), by):
        recorded = Instant(since + number // by * HOUR)
        batch = []
        for line, one in enumerate(told[number : number + by], 1):
            body = json.dumps(one).encode()
            batch.append(Received(body, "facts.jsonl", decode_structured(body, recorded), line))
        outcome = ledger.record(batch, recorded)
        assert outcome.recorded == len(batch), ledger.store.quarantine()


def checkpointed(store: Store, at: Instant = SIGNED_AT) -> bytes:
    """The note of a checkpoint of everything, cosigned by the witness."""
    with store.writing() as writing:
        heads = HeadMap(writing.heads())
        index = writing.append_heads(heads.root(), len(heads), at)
    origin = store.log_origin()
    text = checkpoint_text(Checkpoint(origin, index + 1, store.log_root(index + 1)))
    return signed(text, log_signer(origin).line(text), WITNESS.line(text, SEEN))


@contextmanager
def ledger_at(folder: Path, name: str = "greffe.db") -> Iterator[Ledger]:
    """A new ledger in a file."""
    with opened(str(folder / name), create=True) as store:
        yield ledger_of(store, load_catalogue())


def texts() -> Texts:
    """The agreements and readings that come with greffe."""
    return Texts(load_catalogue(), agreement_files(), readings_file())


def asked(contract: str = CONTRACT, *words: str, **more: Any) -> Asked:
    """What a bundle is asked for, readings as words."""
    return Asked(contract, select(load_switches(), words), **more)


def bundle_of(store: Store, note: bytes, *words: str, contract: str = CONTRACT, **more: Any) -> bytes:
    """A bundle of a contract."""
    return bundle(store, Signed(note), asked(contract, *words, **more), texts(), Opening(store).fields)
