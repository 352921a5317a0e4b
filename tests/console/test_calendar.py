"""Secret addresses of one's calendar on a page: made and shown once, listed without their secret, ended."""

import re

import httpx
import pytest

from adapters.access.model import Role
from tests.console.conftest import signed_in
from tests.support.server import Api

TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')
ADDRESS = re.compile(r'id="address"[^>]* value="([^"]+)"')


def make(visitor: httpx.Client, **fields: str) -> httpx.Response:
    """Sends the form of the page."""
    token = TOKEN.search(visitor.get("/calendar").text)
    assert token is not None
    return visitor.post("/calendar", data={"token": token[1], "days": "30", **fields})


def test_address_is_shown_once_opens_the_calendar_and_ends(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.CLIENT)
    assert "No address yet" in visitor.get("/calendar").text
    made = make(visitor, owed_by="client")
    shown = ADDRESS.search(made.text)
    assert shown is not None
    address = shown[1].replace("&amp;", "&")
    assert address.startswith(f"{served.url}/v1/calendar/greffe_")
    assert address.endswith(".ics?lang=en&owed_by=client")
    assert "Thunderbird" in made.text
    assert httpx.get(address).text.startswith("BEGIN:VCALENDAR")
    listed = visitor.get("/calendar").text
    assert "greffe_" not in listed
    (row,) = visitor.get("/calendar?format=json").json()["feeds"]
    assert row["state"] == "active"
    assert visitor.get("/calendar?format=csv").text.splitlines()[1].startswith(row["id"])
    token = TOKEN.search(listed)
    assert token is not None
    ended = visitor.post(f"/calendar/{row['id']}/revoke", data={"token": token[1]})
    assert (ended.status_code, ended.headers["location"]) == (303, "/calendar")
    assert httpx.get(address).status_code == 401
    assert visitor.post(f"/calendar/{row['id']}/revoke", data={"token": token[1]}).status_code == 409
    assert visitor.post("/calendar/feed-000000000000/revoke", data={"token": token[1]}).status_code == 404


@pytest.mark.parametrize("days", ["0", "367", "-1", "x", "9" * 5_000])
def test_life_that_an_address_cannot_have_is_refused_in_words(served: Api, visitor: httpx.Client, days: str) -> None:
    signed_in(served, visitor, Role.CLIENT)
    visitor.headers["Accept-Language"] = "fr"
    refused = make(visitor, days=days)
    assert (refused.status_code, "une adresse vit de 1 à 366 jours" in refused.text) == (422, True)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMINISTRATOR])
def test_role_that_reads_no_contract_is_told_so(served: Api, visitor: httpx.Client, role: Role) -> None:
    signed_in(served, visitor, role)
    refused = visitor.get("/calendar")
    assert refused.status_code == 403
    assert "What this role may open" in refused.text
    assert 'href="/calendar"' not in refused.text
