"""What the page of evidence says of a ledger."""

import httpx

from adapters.access.model import Role
from tests.console.conftest import signed_in
from tests.support.server import Api


def test_evidence_of_a_ledger_that_nobody_signed_says_so(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.AUDITOR)
    page = visitor.get("/evidence")
    assert page.status_code == 200
    assert "Nothing is signed yet" in page.text
