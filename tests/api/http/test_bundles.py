"""The bundle of a contract over HTTP: verified by one file, for who may read the contract, kept in the access log."""

import json

import pytest

from adapters.access.model import Role
from adapters.bootstrap import opened as opened_store
from adapters.evidence.verify import Key, NotProvenError, check_bundle, unpack
from tests.support.arrivals import answered, opened, outage, reserve, signed
from tests.support.histories import receipt_of
from tests.support.proving import log_key, sign
from tests.support.server import Api

BUNDLE = "/v1/contracts/C-1/bundle"


@pytest.fixture(scope="module")
def key(served: Api, tmp_path_factory: pytest.TempPathFactory) -> tuple[Key, bytes]:
    """The key of a log that was signed twice, and a receipt of the first time."""
    served.post(signed(), outage(1), reserve(2), opened(3), signed("other", subject="C-2"))
    answer = served.get(BUNDLE)
    assert answer.status_code == 409
    assert "greffe sign" in answer.json()["detail"]
    with opened_store(served.address) as store:
        path, made = log_key(store, tmp_path_factory.mktemp("key"))
        first = store.checkpoint(sign(store, path))
        assert first is not None
        receipt = receipt_of(store, first.note)
        served.post(answered(4))
        sign(store, path)
    return made, receipt


def test_a_bundle_is_verified_with_the_log_s_key_alone(served: Api, key: tuple[Key, bytes]) -> None:
    answer = served.get(BUNDLE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    found = check_bundle(answer.content, key[0])
    assert (found.contract, len(found.records), found.absent) == ("C-1", 5, ["provider:outscale"])
    assert served.get(BUNDLE).content == answer.content
    whole = served.get("/v1/contracts/C-1/statement").json()
    assert json.loads(unpack(answer.content)["statement.json"])["contracts"] == whole["contracts"]


def test_a_receipt_in_the_body_is_continued(served: Api, key: tuple[Key, bytes]) -> None:
    made, receipt = key
    client = served.as_(Role.CLIENT)
    answer = client.post(BUNDLE, content=receipt, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text
    assert check_bundle(answer.content, made, receipt=receipt).receipt == json.loads(receipt)["size"]
    with pytest.raises(NotProvenError, match="not made for it"):
        check_bundle(client.get(BUNDLE).content, made, receipt=receipt)
    assert client.post(BUNDLE, content=b"{}", headers={"Content-Type": "application/json"}).status_code == 409


@pytest.mark.usefixtures("key")
def test_a_period_a_figure_and_what_is_withheld_are_asked_by_parameters(served: Api) -> None:
    asked = {"figure": "indicators.0", "redact": "data.ticket", "reading": "maintenance.mode=B"}
    claim = json.loads(unpack(served.get(BUNDLE, params=asked).content)["bundle.json"])
    assert (claim["figure"], claim["readings"]) == ("indicators.0", {"maintenance.mode": "B"})
    assert served.get(BUNDLE, params={"figure": "penalties.99"}).status_code == 400
    assert served.get(BUNDLE, params={"redact": "subject"}).status_code == 400


@pytest.mark.usefixtures("key")
def test_only_who_reads_the_contract_gets_its_bundle_and_the_log_keeps_who(served: Api) -> None:
    assert served.as_(Role.OPERATOR).get(BUNDLE).status_code == 403
    assert served.as_(Role.COUNSEL).get(BUNDLE).status_code == 404
    served.as_(Role.CLIENT).get(BUNDLE)
    kept = served.get("/v1/access", params={"contract": "C-1"}).json()["entries"]
    assert any(one["route"] == "GET /v1/contracts/{contract}/bundle" and one["role"] == "client" for one in kept)
