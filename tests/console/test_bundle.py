"""The evidence bundle on the page of a contract: what is asked for, what comes, what to do before it is signed."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from adapters.access.model import Role
from adapters.bootstrap import opened
from adapters.evidence.verify import check_bundle
from tests.console.conftest import PAGE, signed_in
from tests.support.arrivals import event, outage, signed
from tests.support.proving import log_key, sign
from tests.support.server import Api, api


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server with one contract and a contact of it, of which nothing is signed."""
    with api(str(tmp_path_factory.mktemp("ledger") / "greffe.db")) as running:
        contact = {"role": "claims", "person": {"id": "p-1", "name": "Ada Lovelace", "email": "ada@client.example"}}
        running.post(signed(), outage("1"), event("contact", "contact.designated", contact))
        running.settle()
        yield running


def test_bundle_before_and_after_the_first_signature(served: Api, tmp_path: Path) -> None:
    with httpx.Client(base_url=served.url, headers=PAGE, timeout=60) as client:
        signed_in(served, client, Role.CLIENT)
        page = client.get("/contracts/C-1/bundle")
        assert "Nothing of this contract is signed yet" in page.text
        assert "greffe sign once" in page.text
        assert client.get("/contracts/C-1/bundle.zip").status_code == 409
        rows = client.get("/contracts/C-1/service-levels?format=json").json()["indicators"]
        told = next(number for number, row in enumerate(rows) if row["events"])
        assert "Nothing of the log is signed yet" in client.get(f"/contracts/C-1/figure?path=indicators.{told}").text

        with opened(served.address) as store:
            path, key = log_key(store, tmp_path)
            sign(store, path)
        page = client.get("/contracts/C-1/bundle?figure=penalties.0&reading=maintenance.mode%3DB")
        assert 'value="penalties.0"' in page.text
        assert 'name="reading" value="maintenance.mode=B"' in page.text
        assert "3 signed entries of this contract" in page.text

        asked = {"start": "2026-03-01", "end": "2026-03-01", "figure": "", "reading": "maintenance.mode=B"}
        answer = client.get("/contracts/C-1/bundle.zip", params=asked | {"persons": "shown"})
        assert answer.headers["content-disposition"] == 'attachment; filename="C-1-bundle.zip"'
        assert answer.status_code == 200, answer.text
        found = check_bundle(answer.content, key)
        assert (found.contract, found.claim["readings"]["maintenance.mode"]) == ("C-1", "B")
        assert (found.claim["from"], found.claim["to"]) == ("2026-03-01T00:00:00+01:00", "2026-03-02T00:00:00+01:00")
        assert b"ada@client.example" in answer.content
        hidden = client.get(
            "/contracts/C-1/bundle.zip", params={"persons": "withheld", "paths": "data.service, data.extent"}
        )
        assert hidden.status_code == 200, hidden.text
        check_bundle(hidden.content, key)
        assert b"ada@client.example" not in hidden.content

        for wrong, said in (
            ({"start": "1st of May"}, "expected a day"),
            ({"figure": "penalties.99"}, "penalties"),
            ({"paths": "data.x"}, "data.x"),
        ):
            refused = client.get("/contracts/C-1/bundle.zip", params=wrong)
            assert (refused.status_code in {400, 404, 422}, said in refused.text) == (True, True), refused.text

        served.post(outage("2", "o-2"))
        served.settle()
        assert (
            "1 facts of this contract were recorded after the newest checkpoint"
            in client.get("/contracts/C-1/bundle").text
        )

        client.cookies.clear()
        signed_in(served, client, Role.AUDITOR)
        assert "Your role does not read the values of persons" in client.get("/contracts/C-1/bundle").text
        kept = client.get("/contracts/C-1/bundle.zip", params={"persons": "shown"}).content
        assert b"ada@client.example" not in kept
        rows = client.get("/contracts/C-1/service-levels?format=json").json()["indicators"]
        waits = next(number for number, row in enumerate(rows) if "urn:test#e-2" in row["events"])
        assert (
            "were recorded after the newest checkpoint"
            in client.get(f"/contracts/C-1/figure?path=indicators.{waits}").text
        )
