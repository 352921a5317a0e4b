"""What the first page says of a contract."""

import re
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from adapters.access.model import Role
from adapters.bootstrap import views_of
from adapters.clock import now
from adapters.settings.ledger import LedgerSettings
from adapters.settings.load import Settings
from api.console.pages.contract import MINUTE
from api.console.statements import Question, Reader, Row
from api.parts import Parts
from api.serving import application
from api.summaries import Summaries
from domain.errors import LedgerError
from domain.time.instant import parse_instant
from tests.console.conftest import PAGE, signed_in
from tests.support.arrivals import NOW, outage, received, signed
from tests.support.server import Api, api


def test_contract_whose_last_fact_is_of_an_earlier_month_says_so(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.CLIENT)
    page = visitor.get("/").text
    assert "Its latest fact is of 1\N{NO-BREAK SPACE}Mar\N{NO-BREAK SPACE}2026" in page
    assert "/contracts/C-1/now" in page
    asked = visitor.get("/contracts/C-1/now", follow_redirects=False)
    minute = re.fullmatch(r"/contracts/C-1\?at=(.*)", asked.headers["location"])
    assert minute is not None
    shown = parse_instant(unquote(minute[1]))
    assert (asked.status_code, shown % MINUTE, 0 <= now() - shown < 2 * MINUTE) == (303, 0, True)
    assert "At " in visitor.get(asked.headers["location"]).text


def test_portfolio_comes_as_exact_rows(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.CLIENT)
    told = visitor.get("/?format=json").json()
    (row,) = told["contracts"]
    assert (row["contract"], row["client"], row["claimable"], row["stale"]) == ("C-1", "Client One", "0", True)
    assert visitor.get("/?format=csv").text.splitlines()[1].startswith("C-1,outscale,Client One,in-force,")


def test_page_keeps_its_filters_beside_a_route_of_the_api_of_the_same_name(served: Api, visitor: httpx.Client) -> None:
    key = {"Authorization": f"Bearer {served.secret(Role.AUDITOR)}"}
    assert httpx.get(f"{served.url}/v1/contracts/C-1/penalties", headers=key).status_code == 200
    signed_in(served, visitor, Role.CLIENT)
    assert visitor.get("/contracts/C-1/penalties?state=claimable").status_code == 200
    assert httpx.get(f"{served.url}/v1/contracts/C-1/penalties?state=claimable", headers=key).status_code == 400


def test_portfolio_of_hundreds_is_searched_sorted_and_paged(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    morning = parse_instant("2026-03-02T09:00:00+01:00")
    with api(str(tmp_path_factory.mktemp("many") / "greffe.db"), lambda: morning) as served:
        names = [f"C-{number:03}" for number in range(160)]
        served.post(*(signed(f"signed-{name}", subject=name) for name in names))
        served.post(outage("late", "o-late", subject="C-150"))
        served.settle()
        with httpx.Client(base_url=served.url, headers=PAGE, timeout=60) as visitor:
            signed_in(served, visitor, Role.AUDITOR)
            first = visitor.get("/").text
            assert "page 1 of 4" in first
            assert "160 of 160 contracts" in first
            told = visitor.get("/?format=json").json()["contracts"]
            assert len(told) == 160
            assert told[0]["contract"] == "C-150", "what presses first"
            assert "C-149" in visitor.get("/?page=4").text
            assert [row["contract"] for row in visitor.get("/?sort=name&format=json").json()["contracts"]] == names
            found = visitor.get("/?search=c-15+outscale&format=json").json()["contracts"]
            assert sorted(row["contract"] for row in found) == names[150:160]
            assert "No contract meets these conditions" in visitor.get("/?search=nobody").text
            assert visitor.get("/?sort=size").status_code == 400
            due = visitor.get("/?only=due&format=json").json()["contracts"]
            assert [row["contract"] for row in due][:1] == ["C-150"]
            assert len(first.encode()) < 200_000, "fifty to a page"


class Counting(Reader):
    """Counts the statements that are read whole."""

    count = 0

    def read(self, parts: Parts, contract: str, asked: Question) -> Row:
        self.count += 1
        return super().read(parts, contract, asked)


def test_statements_are_read_ahead_a_few_at_a_time_and_again_once_they_changed(tmp_path: Path) -> None:
    settings = Settings(ledger=LedgerSettings(address=str(tmp_path / "greffe.db")))
    names = [f"C-{number}" for number in range(7)]
    with application(settings, lambda: NOW) as (app, _):
        parts: Parts = app.state.parts
        views = views_of(parts.ledger, parts.catalogue)
        parts.ledger.record(received(*(signed(f"signed-{name}", subject=name) for name in names)), NOW)
        views.tick(NOW)
        reader = Counting()
        summaries = Summaries(reader)
        assert [summaries.warm(parts, 3) for _ in range(4)] == [3, 3, 1, 0]
        assert [one.head.contract for one in summaries.of(parts, names)] == names
        assert reader.count == len(names)
        parts.ledger.record(received(outage("later", "o-later", subject="C-3")), NOW)
        views.tick(NOW)
        assert [summaries.warm(parts, 3) for _ in range(2)] == [1, 0]


class Failing(Counting):
    """Cannot read the statement of one contract."""

    def read(self, parts: Parts, contract: str, asked: Question) -> Row:
        if contract == "C-1":
            raise LedgerError("this statement cannot be read", "ce relevé est illisible")
        return super().read(parts, contract, asked)


def test_a_statement_that_cannot_be_read_holds_up_no_other_and_more_than_are_kept_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.summaries.MOST", 2)
    settings = Settings(ledger=LedgerSettings(address=str(tmp_path / "greffe.db")))
    with application(settings, lambda: NOW) as (app, _):
        parts: Parts = app.state.parts
        parts.ledger.record(received(*(signed(f"signed-{n}", subject=f"C-{n}") for n in range(5))), NOW)
        views_of(parts.ledger, parts.catalogue).tick(NOW)
        reader = Failing()
        summaries = Summaries(reader)
        assert summaries.warm(parts, 1) == 1
        with pytest.raises(LedgerError):
            summaries.warm(parts, 1)
        assert [summaries.warm(parts, 2) for _ in range(3)] == [2, 1, 0]
        assert reader.count == 4
