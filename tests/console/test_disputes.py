"""What a person keeps of a comparison: whose it is, who sees it, and that it says the same later."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from adapters.access.model import Role
from tests.console.conftest import PAGE, signed_in
from tests.support.arrivals import outage
from tests.support.server import Api

BASE = "/contracts/C-1"
TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')
SIDES = "first_at=2026-04-15T09:00&second_at=2026-04-15T09:00&first_documents=outscale-cgv-2019"


@dataclass
class Person:
    """Somebody at the console, with the token of their session's forms."""

    client: httpx.Client

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, path: str, **fields: str) -> httpx.Response:
        found = TOKEN.search(self.get("/disputes"))
        assert found is not None
        return self.client.post(path, data={"token": found[1], **fields})

    def keep(self, name: str = "The outage of March", **more: str) -> str:
        """Keeps the comparison that stands on the page; the address of what was kept."""
        page = self.get(f"{BASE}/dispute?{SIDES}")
        sides = {side: re.findall(rf'type="hidden" name="{side}" value="([^"]*)"', page)[0] for side in SHOWN}
        kept = self.send(f"{BASE}/disputes", name=name, **sides, **more)
        assert kept.status_code == 303, kept.text
        return kept.headers["location"]


SHOWN = ("first", "second")


@pytest.fixture
def person(served: Api) -> Iterator[Callable[..., Person]]:
    """Brings in somebody of a role."""
    with_key: list[httpx.Client] = []

    def bring(role: Role, **scope: tuple[str, ...]) -> Person:
        client = httpx.Client(base_url=served.url, headers=PAGE, timeout=60)
        with_key.append(client)
        signed_in(served, client, role, **scope)
        return Person(client)

    yield bring
    for client in with_key:
        client.close()


def test_comparison_that_was_kept_says_the_same_after_later_facts(served: Api, person: Callable[..., Person]) -> None:
    lawyer = person(Role.CLIENT)
    where = lawyer.keep(note="For the hearing")
    before = lawyer.client.get(f"{where}?format=json").json()
    assert before["reading"]["documents"] == ["outscale-cgv-2019"]
    assert before["against"]["at"] == "2026-04-15T09:00:00+02:00"
    assert before["reading"]["known_at"] is not None
    number = len(served.get("/v1/facts", params={"subject": "C-1"}).json()["facts"])
    served.post(outage(f"late-{number}"))
    served.settle()
    assert lawyer.client.get(f"{where}?format=json").json() == before
    page = lawyer.get(where)
    assert "For the hearing" in page
    assert "no longer says what it said" not in page


def test_comparison_is_its_makers_alone_until_it_is_shared(person: Callable[..., Person]) -> None:
    lawyer, auditor = person(Role.CLIENT), person(Role.AUDITOR)
    where = lawyer.keep("Ours alone")
    assert auditor.client.get(where).status_code == 404
    assert "Ours alone" not in auditor.get("/disputes") + auditor.get(f"{BASE}/dispute")
    assert lawyer.send(where, name="For both", note="", shared="yes").headers["location"] == where
    assert "For both" in auditor.get(where)
    assert "For both" in auditor.get("/disputes")
    assert auditor.send(where, name="Mine now").status_code == 404
    assert auditor.send(f"{where}/remove").status_code == 404
    stranger = person(Role.CLIENT, clients=("client-9",))
    assert stranger.client.get(where).status_code == 404
    assert "For both" not in stranger.get("/disputes")


def test_comparison_is_listed_renamed_and_removed(person: Callable[..., Person]) -> None:
    lawyer = person(Role.CLIENT)
    where = lawyer.keep("First name")
    assert f'href="{where}"' in lawyer.get(f"{BASE}/dispute")
    lawyer.send(where, name="Second name", note="a note")
    told = lawyer.client.get("/disputes?format=json").json()["disputes"]
    assert [(row["name"], row["note"], row["mine"]) for row in told if where.endswith(row["id"])] == [
        ("Second name", "a note", True)
    ]
    assert "Second name" in lawyer.client.get("/disputes?format=csv").text
    assert lawyer.send(f"{where}/remove").headers["location"] == "/disputes"
    assert lawyer.client.get(where).status_code == 404


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": " ", "second": "at=2026-04-15T09:00:00+02:00"}, "A name is needed"),
        ({"name": "x", "note": "n" * 2_001, "second": "at=2026-04-15T09:00:00+02:00"}, "The note is too long"),
        ({"name": "x"}, "Both sides are the same"),
        ({"name": "x", "second": "no.such=A"}, "no.such"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(
    person: Callable[..., Person], fields: dict[str, str], wrong: str
) -> None:
    refused = person(Role.CLIENT).send(f"{BASE}/disputes", **fields)
    assert refused.status_code in {400, 422}
    assert wrong in refused.text


def test_form_takes_hours_of_paris_and_refuses_what_is_no_date(person: Callable[..., Person]) -> None:
    lawyer = person(Role.CLIENT)
    told = lawyer.client.get(f"{BASE}/dispute?first_at=2026-07-01T10:30&second_known=2026-03-20&format=json")
    assert told.status_code == 400
    assert "second_known" in told.text
    page = lawyer.get(f"{BASE}/dispute?first_at=2026-07-01T10:30&second=maintenance.mode=B")
    assert 'name="first_at" value="2026-07-01T10:30:00"' in page
    same = lawyer.client.get(f"{BASE}/dispute?format=csv")
    assert same.status_code == 400


def test_dossier_and_evidence_of_a_comparison_are_one_click_away(person: Callable[..., Person]) -> None:
    lawyer = person(Role.CLIENT)
    page = lawyer.get(f"{BASE}/dispute?{SIDES}")

    def link(path: str) -> str:
        found = re.search(rf'href="({path}[?][^"]*)"', page)
        assert found is not None
        return found[1].replace("&amp;", "&")

    assert "known_at=" in link(f"{BASE}/bundle")
    lawyer.get(link(f"{BASE}/bundle"))
    told = lawyer.client.get(link(f"{BASE}/documents/dispute-dossier"))
    assert (told.status_code, told.headers["content-type"]) == (200, "application/pdf")
