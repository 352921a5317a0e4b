"""What the first page says of a contract."""

import httpx

from adapters.access.model import Role
from tests.console.conftest import signed_in
from tests.support.server import Api


def test_contract_whose_last_fact_is_of_an_earlier_month_says_so(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.CLIENT)
    page = visitor.get("/").text
    assert "Its latest fact is of 1\N{NO-BREAK SPACE}Mar\N{NO-BREAK SPACE}2026" in page
    assert "/contracts/C-1?at=" in page


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
