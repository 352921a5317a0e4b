"""Signing a ledger in tests: facts of contracts, a key, one checkpoint after another."""

from pathlib import Path

from adapters.bootstrap import opened
from adapters.eventstore.store import Store
from adapters.evidence.keyring import begin
from adapters.evidence.signing import LogSigner
from adapters.evidence.verify import Key, parse_key
from domain.time.instant import Instant
from tests.support.arrivals import NOW, Event, event, ledger, received, signed

SECOND = 1_000_000


def notice(number: int | str, subject: str = "C-1", **more: str) -> Event:
    """A notice sent by registered letter."""
    data = {"notice": f"n-{number}", "topic": "other", "channel": "registered-letter", **more}
    return event(number, "notice.sent", data, subject=subject)


def record(store: Store, *events: Event, at: Instant = NOW) -> None:
    """Records facts, all of which must be taken."""
    outcome = ledger(store).record(received(*events), at)
    assert outcome.recorded == len(events), outcome


def contracts(store: Store, count: int, first: int = 1) -> None:
    """Records the signatures of so many contracts."""
    record(store, *(signed(f"signed-{one}", subject=f"C-{one}") for one in range(first, first + count)))


def log_key(store: Store, folder: Path) -> tuple[Path, Key]:
    """A new key of the ledger's log: its file, and what is given away of it."""
    path = folder / "sign.key"
    return path, parse_key(begin(store, path, NOW).key)


def sign(store: Store, path: Path, at: Instant = NOW) -> int:
    """Signs what was recorded; the size of the checkpoint."""
    made = LogSigner(store, path).sign(at)
    assert made is not None
    return made.size


def sign_ledger(address: str, folder: Path) -> Key:
    """Makes a key for the ledger at an address and signs what it holds."""
    with opened(address) as store:
        path, key = log_key(store, folder)
        sign(store, path)
    return key
