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
