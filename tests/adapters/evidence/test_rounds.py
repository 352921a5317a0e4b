"""A round of the signer with others: a real witness over HTTP, a real timestamp authority, folders for copies."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.eventstore.sqlite import SqliteStore
from adapters.eventstore.store import Store
from adapters.evidence.keyfile import make
from adapters.evidence.notes import verifier
from adapters.evidence.rounds import Rounds, sign_until
from adapters.evidence.standing import standing, words
from adapters.evidence.timestamps import Trust, verified
from adapters.evidence.verify import COSIGNATURE, as_signed, open_checkpoint, open_note
from adapters.settings.evidence import EvidenceSettings
from adapters.settings.telemetry import TelemetrySettings
from adapters.telemetry.logs import start_logs
from domain.time.instant import Instant
from tests.support.arrivals import NOW
from tests.support.authority import POLICY, Authority, authority
from tests.support.proving import SECOND, contracts, log_key, notice, record
from tests.support.witness import witness

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def dating(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Authority, str]]:
    """A timestamp authority, and the setting that names it."""
    folder = tmp_path_factory.mktemp("authority")
    with authority(folder) as running:
        roots = folder / "roots.pem"
        roots.write_bytes(running.root.public_bytes(Encoding.PEM))
        yield running, f"{running.url} {roots} {POLICY}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = SqliteStore(tmp_path / "ledger.db")
    yield store
    store.close()


def test_a_checkpoint_is_cosigned_dated_and_copied(store: Store, tmp_path: Path, dating: tuple[Authority, str]) -> None:
    path, key = log_key(store, tmp_path)
    contracts(store, 3)
    down = verifier(make(tmp_path / "down.key", "down.example", COSIGNATURE).key)
    trusted, authority_ = dating
    with witness(tmp_path, key) as (url, cosigner):
        settings = EvidenceSettings(
            witnesses=(f"{verifier(cosigner)} {url}", f"{down} {NOWHERE}"),
            authorities=(authority_, f"{NOWHERE}/tsr {authority_.split()[1]}"),
            copies=(tmp_path / "copies", tmp_path / "sign.key" / "no folder"),
        )
        done = Rounds(store, path, settings).once(NOW)
    assert [str(error).partition(":")[0] for error in done.failures] == [
        "http",
        f"the timestamp authority {NOWHERE}/tsr gave no timestamp".partition(":")[0],
        str(tmp_path / "sign.key" / "no folder"),
    ]
    assert done.signed is not None
    copied = (tmp_path / "copies" / "2026-06-01" / "000000000004.checkpoint").read_bytes()
    assert open_checkpoint(copied, key).size == 4
    assert [one.key for one in open_note(copied, [cosigner])[1]] == [cosigner]
    assert as_signed(copied, key.name) == done.signed.note
    token = (tmp_path / "copies" / "2026-06-01" / "000000000004.1.tsr").read_bytes()
    verified(token, done.signed.note, Trust((trusted.root,), policies=(POLICY,)))
    assert (tmp_path / "copies" / "keys").read_text().startswith(verifier(key))
    found = standing(store, settings, NOW)
    assert [one["name"] for one in found["lagging"]] == ["down.example", f"{NOWHERE}/tsr"]
    for lang, word in (("en", "has not cosigned"), ("fr", "n'a pas contresigné")):
        assert f"down.example {word}" in words(found, lang)


def test_who_did_not_answer_is_asked_again_though_nothing_new_is_signed(
    store: Store, tmp_path: Path, dating: tuple[Authority, str]
) -> None:
    path, key = log_key(store, tmp_path)
    contracts(store, 3)
    with witness(tmp_path, key) as (_, cosigner):
        pass
    text = verifier(cosigner)
    away = EvidenceSettings(witnesses=(f"{text} {NOWHERE}",), authorities=(), copies=(tmp_path / "copies",))
    assert len(Rounds(store, path, away).once(NOW).failures) == 1
    with witness(tmp_path, key) as (url, _):
        back = EvidenceSettings(witnesses=(f"{text} {url}",), authorities=(dating[1],), copies=(tmp_path / "copies",))
        rounds = Rounds(store, path, back)
        done = rounds.once(NOW)
        assert (done.signed, done.failures) == (None, [])
        assert store.cosigned_last(text) == 4
        copied = tmp_path / "copies" / "2026-06-01" / "000000000004.checkpoint"
        assert open_note(copied.read_bytes(), [cosigner])
        assert [one.size for one in store.timestamps(4)] == [4]

        contracts(store, 1, first=4)
        assert rounds.once(Instant(NOW + SECOND)).failures == []
        assert store.timestamps(6) == [], "an authority is asked once in an hour"
        record(store, notice(1))
        assert rounds.once(Instant(NOW + 2 * SECOND)).failures == []
        assert [one.size for one in store.timestamps(8)] == [8], "and at once for a legal notice"
        assert store.cosigned_last(text) == 8


def test_a_witness_does_not_cosign_the_history_of_a_ledger_that_was_rolled_back_with_its_key(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "ledger.db")
    path, key = log_key(store, tmp_path)
    contracts(store, 2)
    before = tmp_path / "before"
    store.close()
    shutil.copytree(tmp_path, before)
    with witness(tmp_path, key) as (url, cosigner):
        settings = EvidenceSettings(witnesses=(f"{verifier(cosigner)} {url}",))
        for folder, first, refused in ((tmp_path, 3, False), (before, 30, True)):
            store = SqliteStore(folder / "ledger.db")
            contracts(store, 1, first=first)
            done = Rounds(store, folder / path.name, settings).once(NOW)
            assert done.signed is not None
            assert ["did not cosign: 409" in str(error) for error in done.failures] == [True] * refused
            assert store.cosigned_last(verifier(cosigner)) == (0 if refused else 4)
            store.close()


class Shift:
    """A clock and a pause for so many looks; it says what each pause was for, and when to stop."""

    def __init__(self, looks: int) -> None:
        self._looks = looks
        self.pauses: list[float] = []
        self.at = Instant(NOW)

    def stopping(self) -> bool:
        return len(self.pauses) >= self._looks

    def clock(self) -> Instant:
        return self.at

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.at = Instant(self.at + round(seconds * SECOND))


def test_signer_signs_at_its_interval_and_goes_on_past_what_fails(
    store: SqliteStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_logs(TelemetrySettings(log_format="json"))
    path, _ = log_key(store, tmp_path)
    contracts(store, 2)
    settings = EvidenceSettings(interval_seconds=60, look_seconds=20, copies=(tmp_path / "sign.key" / "none",))
    shift = Shift(5)
    sign_until(shift.stopping, Rounds(store, path, settings), settings, shift.clock, shift.pause)
    assert shift.pauses == [20.0] * 5
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line.get("part")) for line in said] == [
        ("checkpoint signed", None),
        ("failed, tried again later", "copy"),
        ("failed, tried again later", "copy"),
    ]


def test_signer_waits_for_a_ledger_that_is_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start_logs(TelemetrySettings(log_format="json"))
    store = SqliteStore(tmp_path / "ledger.db")
    path, _ = log_key(store, tmp_path)
    rounds = Rounds(store, path, EvidenceSettings())
    store.close()
    shift = Shift(1)
    sign_until(shift.stopping, rounds, EvidenceSettings(), shift.clock, shift.pause)
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (line["event"], line["part"]) == ("failed, tried again later", "ledger")
