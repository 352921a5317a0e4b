"""Bundles and receipts dropped on the page of evidence: honest ones, forged ones, and what hostile people send."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.access.model import Role
from adapters.bootstrap import opened
from adapters.evidence import judging
from adapters.evidence.notes import Signer, verifier
from adapters.evidence.signed import Cosignature, Timestamp
from adapters.evidence.verify import COSIGNATURE, Key, pack, unpack
from adapters.settings.evidence import EvidenceSettings
from api.console.asking import MOST_FILES
from api.console.pages.evidence import witnesses_and_authorities
from domain.time.instant import Instant
from tests.console.conftest import PAGE, signed_in
from tests.support.arrivals import outage, signed
from tests.support.proving import sign_ledger
from tests.support.server import Api, api

MOST = 2_000_000
NAMES = (("counsel", 7), ("silent", 8))


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, Key]]:
    """A server over a signed ledger, and the key of its log."""
    folder = tmp_path_factory.mktemp("sealed")
    with api(str(folder / "greffe.db"), max_bundle_bytes=MOST) as running:
        running.post(signed(), outage("1"))
        running.settle()
        yield running, sign_ledger(running.address, folder)


@pytest.fixture(scope="module")
def bundle(sealed: tuple[Api, Key]) -> bytes:
    """A bundle of its contract."""
    answer = sealed[0].get("/v1/contracts/C-1/bundle")
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.fixture
def guest(sealed: tuple[Api, Key]) -> Iterator[httpx.Client]:
    """An auditor's browser."""
    with httpx.Client(base_url=sealed[0].url, headers=PAGE, timeout=60) as client:
        signed_in(sealed[0], client, Role.AUDITOR)
        yield client


def log_private(byte: int) -> Ed25519PrivateKey:
    """A private key that is always the same."""
    return Ed25519PrivateKey.from_private_bytes(bytes([byte]) * 32)


def drop(guest: httpx.Client, *files: tuple[str, bytes], **fields: str) -> httpx.Response:
    """Sends the form of the page."""
    token = re.search(r'name="token" value="([0-9a-f]{64})"', guest.get("/evidence/verify").text)
    assert token is not None
    sent = [("files", (name, data, "application/octet-stream")) for name, data in files]
    return guest.post("/evidence/verify", data={"token": token[1], "by": "own", **fields}, files=sent or None)


def test_bundle_of_the_ledger_holds_and_the_page_says_what_that_means(guest: httpx.Client, bundle: bytes) -> None:
    page = drop(guest, ("C-1.zip", bundle))
    assert page.status_code == 200
    assert "The bundle holds" in page.text
    assert "numbered without a gap" in page.text
    assert "That what a fact says is true" in page.text
    assert "python3 verify.py C-1.zip --key" in page.text
    assert "on this server, by verify.py alone in a confined process" in page.text
    assert "/dev/stdin" not in page.text


def test_verdict_is_told_in_french(guest: httpx.Client, bundle: bytes) -> None:
    guest.headers["Accept-Language"] = "fr"
    page = drop(guest, ("dossier du client.zip", bundle)).text
    assert "Le dossier tient" in page
    assert "Non prouvé, par ce journal ni par aucun" in page
    assert "python3 verify.py &#39;dossier du client.zip&#39; --key" in page


def test_verifier_is_the_one_that_bundles_carry(guest: httpx.Client, bundle: bytes) -> None:
    assert guest.get("/evidence/verify.py").content == unpack(bundle)["verify.py"]


def test_bundle_under_another_key_proves_nothing(guest: httpx.Client, bundle: bytes) -> None:
    other = "greffe/0123456789abcdef0123456789abcdef+9a7e3b1c+AVq5"
    refused = drop(guest, ("C-1.zip", bundle), by="given", key=other)
    assert (refused.status_code, "copy the whole line" in refused.text) == (422, True)
    assert drop(guest, ("C-1.zip", bundle), by="given").status_code == 422
    assert "Choose a file first" in drop(guest).text or drop(guest).status_code == 415


def changed(bundle: bytes, name: str, old: bytes, new: bytes) -> bytes:
    members = unpack(bundle)
    assert old in members[name]
    return pack(members | {name: members[name].replace(old, new, 1)})


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "changed value": (lambda good: changed(good, "facts.jsonl", b"outage", b"outrage"), "The bundle proves nothing"),
    "changed statement": (lambda good: changed(good, "statement.json", b'"at"', b'"ta"'), "The bundle proves nothing"),
    "fact left out": (
        lambda good: changed(good, "facts.jsonl", unpack(good)["facts.jsonl"].split(b"\n")[0] + b"\n", b""),
        "The bundle proves nothing",
    ),
    "cut short": (lambda good: good[: len(good) // 2], "The bundle proves nothing"),
    "bomb": (lambda _: zipped(("facts.jsonl", b"0" * 50_000_000)), "The bundle proves nothing"),
    "path out of it": (
        lambda _: zipped(("../../etc/passwd", b"x"), method=zipfile.ZIP_STORED),
        "The bundle proves nothing",
    ),
    "another verifier": (
        lambda good: changed(good, "verify.py", b"import argparse", b"import os; os.mkdir('/tmp/owned')"),
        "The bundle proves nothing",
    ),
    "not a zip": (lambda _: b"%PDF-1.7 " + b"x" * 100, "This is neither a bundle nor a receipt"),
    "empty": (lambda _: b"", "This is neither a bundle nor a receipt"),
    "deep receipt": (lambda _: b'{"a":' + b"[" * 100_000, "The receipt does not hold"),
    "letters": (lambda _: b"PK\3\4" + b"\xff" * 1_000, "The bundle proves nothing"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_forged_or_hostile_is_refused_in_words(guest: httpx.Client, bundle: bytes, case: str) -> None:
    make, said = HOSTILE[case]
    page = drop(guest, ("x.zip", make(bundle)))
    assert (page.status_code, said in page.text) == (200, True), page.text
    assert not Path("/tmp/owned").exists()  # noqa: S108 - what the forged verifier would make


def test_name_of_a_file_is_text_and_nothing_else(guest: httpx.Client, bundle: bytes) -> None:
    page = drop(guest, ("../<b>x\u202ey.zip", bundle)).text
    assert "&lt;b&gt;x\\u202ey.zip" in page
    assert "<b>x" not in page


def test_more_than_the_server_takes_is_refused_before_it_is_read(guest: httpx.Client) -> None:
    assert drop(guest, ("big.zip", b"PK\3\4" + b"0" * MOST)).status_code == 413


def test_more_files_than_the_form_takes_are_refused(guest: httpx.Client, bundle: bytes) -> None:
    assert drop(guest, *[(f"{n}.zip", bundle[:100]) for n in range(MOST_FILES + 1)]).status_code == 422


def test_form_of_another_site_is_refused(guest: httpx.Client, bundle: bytes) -> None:
    files = {"files": ("x.zip", bundle, "application/zip")}
    assert guest.post("/evidence/verify", data={"token": "f" * 64}, files=files).status_code == 403
    away = {"Sec-Fetch-Site": "cross-site"}
    assert guest.post("/evidence/verify", files=files, headers=away).status_code == 403
    assert guest.post("/evidence/verify", data={"by": "own"}).status_code == 415
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert guest.post("/evidence/verify", content=b"--y", headers=broken).status_code == 422


def test_bundle_that_takes_too_long_is_given_up(
    guest: httpx.Client, bundle: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "MOST_MEMORY", 1 << 20)
    page = drop(guest, ("x.zip", bundle))
    assert "more memory or time than is given here" in page.text
    monkeypatch.undo()
    monkeypatch.setattr(judging, "LONGEST_WAIT", 0)
    assert "more memory or time than is given here" in drop(guest, ("x.zip", bundle)).text


def test_receipt_is_checked_for_a_fork(sealed: tuple[Api, Key], guest: httpx.Client) -> None:
    mine = sealed[0].get("/v1/contracts/C-1/receipt").json()
    page = drop(guest, ("receipt.json", json.dumps(mine).encode()))
    assert "The receipt holds" in page.text
    assert "continues it: nothing that it covers was changed" in page.text
    changed = json.dumps(mine | {"tseq": mine["tseq"] + 1}).encode()
    assert "The receipt does not hold" in drop(guest, ("receipt.json", changed)).text
    assert "The receipt does not hold" in drop(guest, ("receipt.json", b"{")).text
    assert "could not be verified" in drop(guest, ("receipt.json", b"{" + b" " * judging.MOST_RECEIPT)).text


def test_page_of_evidence_names_who_vouches_and_says_when_nobody_does(guest: httpx.Client) -> None:
    page = guest.get("/evidence").text
    assert "Nobody else vouches for this log" in page
    assert 'action="/evidence/verify"' in page


def test_proof_beside_a_figure_is_that_of_its_own_facts(guest: httpx.Client) -> None:
    rows = guest.get("/contracts/C-1/service-levels?format=json").json()["indicators"]
    touched = next(number for number, row in enumerate(rows) if row["events"])
    page = guest.get(f"/contracts/C-1/figure?path=indicators.{touched}").text
    assert "are below the newest signed checkpoint" in page


def test_witness_and_authority_stand_by_name_up_to_date_behind_or_never_heard(
    sealed: tuple[Api, Key], guest: httpx.Client
) -> None:
    server, _ = sealed
    fresh, silent = (verifier(Signer(f"{name}.example", log_private(byte), COSIGNATURE).key) for name, byte in NAMES)
    with opened(server.address) as store:
        newest = store.checkpoint()
        assert newest is not None
        with store.writing() as writing:
            writing.add_cosignature(Cosignature(newest.size, fresh, "\u2014 counsel.example AAAA\n", newest.made))
            writing.add_timestamp(Timestamp(newest.size, "https://tsa.example", b"token", newest.made))
        asked = EvidenceSettings(
            witnesses=(f"{silent} https://w.example",), authorities=("https://other.example roots.pem",)
        )
        later = newest._replace(size=newest.size + 1, made=Instant(newest.made + 8_000_000_000))
        now = witnesses_and_authorities(store, asked, [newest])
        assert [(one["name"], one["state"]) for one in now["witnesses"]] == [
            ("counsel.example", "fresh"),
            ("silent.example", "never"),
        ]
        assert [one["state"] for one in now["authorities"]] == ["never", "fresh"]
        behind = witnesses_and_authorities(store, asked, [newest, later])
        assert [one["state"] for one in behind["witnesses"]] == ["stale", "never"]
        assert [one["state"] for one in behind["authorities"]] == ["never", "stale"]
    page = guest.get("/evidence").text
    assert "counsel.example" in page
    assert "https://tsa.example" in page
    assert "up to date" in page
    assert [one["name"] for one in guest.get("/evidence?format=json").json()["witnesses"]] == ["counsel.example"]
    assert guest.get("/evidence?format=csv").text.startswith("\ufeffsize,root,")
