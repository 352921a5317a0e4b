"""Keys and grants over HTTP: made and ended by the administrator, seen by the auditor, and every act in the log."""

from typing import Any

import httpx
import pytest

from adapters.access.model import Role
from adapters.access.secret import well_formed
from tests.support.arrivals import signed
from tests.support.server import Api


@pytest.fixture(scope="module", autouse=True)
def contract(served: Api) -> None:
    served.post(signed())


def asked(served: Api, secret: str, path: str) -> int:
    return httpx.get(served.url + path, headers={"Authorization": f"Bearer {secret}"}, timeout=60).status_code


def made(served: Api, **wanted: Any) -> dict[str, Any]:
    answer = served.as_(Role.ADMINISTRATOR).post("/v1/keys", json={"name": "ours", **wanted})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    key: dict[str, Any] = answer.json()
    return key


def test_key_that_was_made_opens_what_it_is_for_until_it_is_revoked(served: Api) -> None:
    key = made(served, role="client", clients=["client-1"])
    assert well_formed(key["secret"])
    assert asked(served, key["secret"], "/v1/contracts/C-1") == 200
    revoked = served.as_(Role.ADMINISTRATOR).post(f"/v1/keys/{key['id']}/revoke")
    assert (revoked.status_code, revoked.json()["state"]) == (200, "revoked")
    assert asked(served, key["secret"], "/v1/contracts/C-1") == 401
    again = served.as_(Role.ADMINISTRATOR).post(f"/v1/keys/{key['id']}/revoke")
    assert again.status_code == 409
    assert served.as_(Role.ADMINISTRATOR).post("/v1/keys/key-000000000000/revoke").status_code == 404


def test_secret_is_in_no_list(served: Api) -> None:
    secret = made(served, role="auditor")["secret"]
    listed = served.get("/v1/keys")
    assert listed.json()["keys"]
    assert secret not in listed.text + served.get("/v1/access", params={"limit": 500}).text


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"role": "client"}, "names its client id"),
        ({"role": "desk"}, "names its provider"),
        ({"role": "king"}, "role"),
        ({"role": "auditor", "days": 400}, "days"),
        ({"role": "auditor", "name": "two\nlines"}, "name"),
        ({"role": "auditor", "more": 1}, "more"),
    ],
)
def test_key_that_cannot_be_is_refused_with_its_reason(served: Api, wanted: dict[str, Any], why: str) -> None:
    answer = served.as_(Role.ADMINISTRATOR).post("/v1/keys", json={"name": "ours", **wanted})
    assert answer.status_code == 422
    assert why in answer.json()["detail"]


def test_refusal_is_in_french_for_who_asks_so(served: Api) -> None:
    answer = served.as_(Role.ADMINISTRATOR).post(
        "/v1/keys", json={"name": "ours", "role": "desk"}, headers={"Accept-Language": "fr"}
    )
    assert answer.json()["detail"] == "l'accès d'un bureau (desk) nomme son prestataire"


def test_counsel_sees_a_contract_while_the_grant_lasts(served: Api) -> None:
    administrator = served.as_(Role.ADMINISTRATOR)
    key = made(served, role="counsel")
    assert asked(served, key["secret"], "/v1/contracts/C-1") == 404
    wanted = {"caller": key["id"], "contract": "C-1", "until": key["expires"]}
    grant = administrator.post("/v1/grants", json=wanted)
    assert grant.status_code == 201, grant.text
    assert asked(served, key["secret"], "/v1/contracts/C-1") == 200
    assert grant.json() in served.get("/v1/grants", params={"caller": key["id"]}).json()["grants"]
    number = grant.json()["number"]
    assert administrator.post(f"/v1/grants/{number}/revoke").json()["state"] == "revoked"
    assert asked(served, key["secret"], "/v1/contracts/C-1") == 404
    assert administrator.post(f"/v1/grants/{number}/revoke").status_code == 409
    assert administrator.post("/v1/grants/999999/revoke").status_code == 404
    refused = administrator.post("/v1/grants", json=wanted | {"until": "2020-01-01T00:00:00Z"})
    assert refused.status_code == 422


def test_auditor_reads_who_read_what_page_by_page(served: Api) -> None:
    key = made(served, role="client", clients=["client-1"])
    for path in ("/v1/contracts/C-1", "/v1/contracts/C-1/statement", "/v1/contracts/C-0/statement"):
        asked(served, key["secret"], path)
    found, after = [], 0
    while True:
        page = served.get("/v1/access", params={"caller": key["id"], "limit": 2, "after": after}).json()
        found += page["entries"]
        if page["next"] is None:
            break
        after = page["next"]
    assert [(entry["contract"], entry["status"]) for entry in found] == [("C-1", 200), ("C-1", 200), ("C-0", 404)]
    own = served.get("/v1/access", params={"contract": "C-1", "caller": key["id"], "since": found[1]["at"]}).json()
    assert own["entries"] == found[1:2]


def test_acts_of_the_administrator_are_in_the_log(served: Api) -> None:
    made(served, role="auditor")
    entries = served.get("/v1/access", params={"limit": 500}).json()["entries"]
    assert ("administrator", "POST /v1/keys", 201) in {(one["role"], one["route"], one["status"]) for one in entries}
