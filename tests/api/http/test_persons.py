"""Who reads the values of persons over HTTP: the parties and who counsels them; and nobody once they are erased."""

from typing import Any

import pytest

from adapters.access.model import Role
from domain.events.personal import values_in
from tests.support.persons import ALL, EMAIL, NAME, PHONE, VALUES, contact, erased
from tests.support.server import Api


@pytest.fixture(scope="module", autouse=True)
def contract(served: Api) -> None:
    """A contract with persons, one of whom is erased."""
    served.post(*ALL, contact(2, "p-2", "Erased Person", "erased@client-one.example"))
    served.post(erased(9, "p-2"))


def values(served: Api, role: Role) -> list[str]:
    page: Any = served.get("/v1/contracts/C-1/facts", role, params={"limit": 500}).json()
    return [value for row in page["facts"] for value in values_in(row["event"]).values()]


@pytest.mark.parametrize("role", [Role.DESK, Role.CLIENT])
def test_a_party_reads_the_values_but_those_that_were_erased(served: Api, role: Role) -> None:
    found = values(served, role)
    assert {NAME, EMAIL, PHONE} <= {*found}
    assert {*VALUES} <= {*found}
    assert found.count("[erased]") == 3
    assert "Erased Person" not in found


def test_an_auditor_reads_that_they_are_sealed(served: Api) -> None:
    assert {*values(served, Role.AUDITOR)} == {"[sealed]"}


def test_one_fact_is_told_as_in_the_page(served: Api) -> None:
    for role in (Role.CLIENT, Role.AUDITOR):
        page = served.get("/v1/contracts/C-1/facts", role).json()["facts"]
        one = served.get(f"/v1/contracts/C-1/facts/{page[0]['position']}", role).json()
        assert one == page[0]


def test_no_statement_says_a_value(served: Api) -> None:
    statement = served.get("/v1/contracts/C-1/statement", Role.CLIENT).text
    assert not [value for value in VALUES if value in statement]
