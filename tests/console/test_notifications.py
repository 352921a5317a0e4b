"""Who was told what, on a page: filters as links, files, pages, and the button that takes a matter up."""

import re

import httpx
import pytest

from adapters.access.model import Role
from adapters.bootstrap import opened
from adapters.notify.rows import NotificationSearch
from domain.time.instant import parse_instant
from tests.console.conftest import signed_in
from tests.support.notified import Outcome, carried, planned
from tests.support.server import Api

TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')
BUTTON = re.compile(r'action="(/notifications/[0-9a-f]{32}/acknowledge)"')
OLDER = re.compile(r'rel="next" href="([^"]+)"')
MORE = 60
EARLIER = parse_instant("2026-02-01T08:00:00+01:00")
STORY: tuple[tuple[str, Outcome], ...] = (
    ("01T08:00", "sent"),
    ("02T12:00", "sent"),
    ("03T08:00", "doubtful"),
    ("03T08:30", "failed"),
)


@pytest.fixture(scope="module", autouse=True)
def told(served: Api) -> None:
    """What was told of the contract, and sixty times more."""
    with opened(served.address) as store:
        for at, outcome in STORY:
            planned(store, parse_instant(f"2026-03-{at}:00+01:00"))
            carried(store, parse_instant(f"2026-03-{at}:00+01:00"), (outcome,))
        one = store.told(NotificationSearch(), None, 1)[0].notification._replace(release=EARLIER)
        with store.notifying() as outbox:
            outbox.plan([one._replace(id=f"{number:032x}", recipient=f"team-{number}") for number in range(MORE)])


def test_nobody_told_yet_says_how_it_is_set_up(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.CLIENT, clients=("nobody",))
    page = visitor.get("/notifications").text
    assert "Nobody was told anything yet" in page
    assert "docs/notifications.md" in page
    visitor.headers["Accept-Language"] = "fr"
    assert "docs/notifications.fr.md" in visitor.get("/notifications").text
    assert "No notification meets" not in page
    visitor.headers["Accept-Language"] = "en"
    assert "No notification meets these conditions" in visitor.get("/notifications?state=failed").text


def test_page_shows_what_was_said_to_whom_and_what_became_of_it(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.CLIENT)
    page = visitor.get("/notifications").text
    for word in ("Due within 1 day", "duty", "rights that lapse", "high severity", 'href="/contracts/C-1/deadlines"'):
        assert word in page
    assert "@" not in page
    doubtful = visitor.get("/notifications?state=doubtful").text
    assert "nobody knows whether" in doubtful
    assert "550 no such mailbox" in doubtful


def test_filters_are_links_that_add_up(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.AUDITOR)
    page = visitor.get("/notifications?contract=C-1&recipient=duty&state=sent").text
    assert 'href="/notifications?contract=C-1&amp;recipient=duty&amp;state=waiting"' in page
    assert 'href="/notifications?contract=C-1&amp;recipient=duty"' in page
    rows = visitor.get("/notifications?contract=C-1&recipient=duty&state=sent&format=json").json()["notifications"]
    assert {(one["contract"], one["recipient"], one["state"]) for one in rows} == {("C-1", "duty", "sent")}
    assert visitor.get("/notifications?contract=%00").status_code == 400


def test_pages_follow_each_other_to_the_end(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.AUDITOR)
    address = "/notifications"
    seen: list[str] = []
    while True:
        joined = "&" if "?" in address else "?"
        rows = visitor.get(f"{address}{joined}format=json").json()["notifications"]
        seen += [one["id"] for one in rows]
        following = OLDER.search(visitor.get(address).text)
        if following is None:
            break
        assert len(rows) == 50
        address = following[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) > MORE
    assert "The newest" in visitor.get(address).text


def test_table_comes_as_a_file(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.AUDITOR)
    lines = visitor.get("/notifications?state=failed&format=csv").text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("id,contract,kind,rule,title.en,title.fr,threshold,")
    assert "550 no such mailbox" in lines[1]


def test_party_takes_a_matter_up_where_it_stands_and_once(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.CLIENT)
    here = "/notifications?state=open"
    page = visitor.get(here).text
    token, button = TOKEN.search(page), BUTTON.search(page)
    assert token is not None
    assert button is not None
    assert visitor.post(button[1], data={"token": "0" * 64}).status_code == 403
    done = visitor.post(button[1], data={"token": token[1], "next": here})
    assert (done.status_code, done.headers["location"]) == (303, here)
    assert button[1] not in visitor.get(here).text
    assert visitor.post(button[1], data={"token": token[1]}).status_code == 409


def test_who_only_reads_has_no_button(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.AUDITOR)
    page = visitor.get("/notifications?contract=C-1&state=sent").text
    assert "Due within" in page
    assert BUTTON.search(page) is None


def test_tab_of_deadlines_leads_to_who_was_told_of_them(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.CLIENT)
    assert 'href="/notifications?contract=C-1"' in visitor.get("/contracts/C-1/deadlines").text
