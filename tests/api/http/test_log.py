"""The signed log over HTTP: checkpoints, consistency and receipts that hold with the key of the contract's annex."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adapters.access.model import Role
from adapters.bootstrap import opened
from adapters.evidence.signing import LogSigner
from adapters.evidence.verify import Key, check_consistency, check_receipt, open_checkpoint
from tests.support.arrivals import NOW, outage, signed
from tests.support.proving import notice, sign_ledger
from tests.support.server import Api


@pytest.fixture(scope="module")
def folder(served: Api, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp(served.url.rpartition(":")[2])


@pytest.fixture(scope="module")
def key(served: Api, folder: Path) -> Key:
    """The ledger's log is asked for before it is signed, then signed."""
    told = served.post(signed(), outage(1), notice("one"))
    assert [item["receipt"] for item in told["items"]] == [
        None,
        None,
        "/v1/contracts/C-1/receipt?fact=urn%3Atest%23e-one",
    ]
    for path in ("/v1/log/checkpoint", "/v1/contracts/C-1/receipt"):
        answer = served.get(path)
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("/not-signed")
        assert answer.headers["Retry-After"]
    assert served.get("/v1/log/checkpoints").json() == {"checkpoints": [], "next": None}
    return sign_ledger(served.address, folder)


def test_the_newest_checkpoint_is_shown_with_the_keys_to_whoever_is_known(served: Api, key: Key) -> None:
    for role in Role:
        found = served.get("/v1/log/checkpoint", role).json()
        assert open_checkpoint(found["note"].encode(), key) == (
            found["log"],
            found["size"],
            bytes.fromhex(found["root"]),
        )
        assert [one["since"] for one in found["keys"]] == [0]


def test_the_receipt_of_a_notice_is_where_the_answer_to_it_said(served: Api, key: Key) -> None:
    again = served.post(notice("one"))["items"][0]
    assert again["state"] == "duplicate"
    receipt = served.get(again["receipt"], Role.CLIENT).json()
    assert check_receipt(receipt, key).tseq == receipt["tseq"]
    assert receipt["fact"]["fact"] == "urn:test#e-one"
    plain = served.get(urlsplit(again["receipt"]).path)
    assert plain.json() == {name: value for name, value in receipt.items() if name != "fact"}
    assert served.get(plain.request.url.path, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304
    missing = served.get("/v1/contracts/C-1/receipt", params={"fact": "urn:test#none"})
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-signed")


def test_reading_a_receipt_is_kept_in_the_access_log(served: Api, key: Key) -> None:
    served.get("/v1/contracts/C-1/receipt", Role.CLIENT)
    kept = served.get("/v1/access", params={"contract": "C-1"}).json()["entries"]
    assert "GET /v1/contracts/{contract}/receipt" in {entry["route"] for entry in kept}
    assert key.name.startswith("greffe/")


def test_the_log_is_shown_to_have_only_grown(served: Api, key: Key, folder: Path) -> None:
    served.post(outage("later", "o-later"))
    with opened(served.address) as store:
        assert LogSigner(store, folder / "sign.key").sign(NOW) is not None
    first = served.get("/v1/log/checkpoints", params={"limit": 1}).json()
    rest = served.get("/v1/log/checkpoints", params={"after": first["next"]}).json()
    assert rest["next"] is None
    old, new = (open_checkpoint(one["note"].encode(), key) for one in (*first["checkpoints"], *rest["checkpoints"]))
    told = served.get("/v1/log/consistency", params={"from": old.size, "to": new.size}).json()
    check_consistency(old.size, new.size, [bytes.fromhex(one) for one in told["proof"]], old.root, new.root)


@pytest.mark.parametrize(
    ("start", "to", "field"), [(0, 1, "from"), (2, 1, "to"), (1, 10**9, "to"), ("x", 1, "from"), (1, 2**63, "to")]
)
def test_sizes_that_the_log_never_had_are_refused_by_name(served: Api, start: int, to: int, field: str) -> None:
    answer = served.get("/v1/log/consistency", params={"from": start, "to": to})
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == [field]
