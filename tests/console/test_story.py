"""What caused what: a story of facts as a tree, whatever its senders named."""

import re

import httpx

from adapters.access.model import Role
from api.console.story import Node, tree
from domain.fact import AnyFact
from tests.console.conftest import signed_in
from tests.support.arrivals import outage
from tests.support.bases import told
from tests.support.server import Api

DATA = {"ticket": "t-1", "kind": "incident", "complete": True, "severity": 1}


def one(number: int, cause: str | None = None, source: str = "urn:test") -> tuple[int, AnyFact]:
    """A fact that happened in the order of its number."""
    fact = told(number, f"2026-03-01T10:00:{number:02}+01:00", "ticket.opened", DATA)
    return number, fact._replace(causation=cause, source=source)


def outline(nodes: list[Node]) -> list[object]:
    return [[node.position, *outline(node.caused)] for node in nodes]


def test_facts_stand_below_what_caused_them_in_the_order_they_happened() -> None:
    facts = [one(3, "urn:test#e-001"), one(1), one(4, "e-003"), one(2, "e-001"), one(5)]
    assert outline(tree(facts)) == [[1, [2], [3, [4]]], [5]]


def test_cause_that_cannot_be_seen_is_said_to_be_missing() -> None:
    (node,) = tree([one(1, "urn:elsewhere#e-9")])
    assert node.lost


def test_id_means_the_fact_of_the_same_source_first() -> None:
    facts = [one(1, source="urn:other"), one(2, "e-001"), (3, one(1)[1]._replace(recorded=one(9)[1].time))]
    assert outline(tree(facts)) == [[1], [3, [2]]]


def test_circle_of_causes_is_opened_at_one_of_them() -> None:
    assert outline(tree([one(1, "e-003"), one(2, "e-001"), one(3, "e-002")])) == [[3, [1, [2]]]]


def test_page_of_a_fact_shows_its_chain_with_both_times(served: Api, visitor: httpx.Client) -> None:
    tag = len(served.get("/v1/facts", params={"subject": "C-1"}).json()["facts"])
    first, second = (f"story-{tag}-{n}" for n in (1, 2))
    served.post(
        outage(first, f"o-{first}", correlationid=f"c-{tag}"),
        outage(second, f"o-{second}", correlationid=f"c-{tag}", causationid=f"urn:test#e-{first}"),
        outage(f"{second}-3", f"o-{second}-3", causationid=f"e-{second}"),
        outage(f"{second}-4", f"o-{second}-4", causationid="urn:test#nobody"),
    )
    served.settle()
    signed_in(served, visitor, Role.CLIENT)

    def page(name: str) -> str:
        found = re.search(r'href="(/facts/\d+)"', visitor.get(f"/facts?ref=urn:test%23e-{name}").text)
        assert found is not None
        return visitor.get(found[1]).text

    chain = page(second).partition("The chain of causes")[2]
    assert chain.index(f"e-{first}") < chain.index('<ul class="tree"><li aria-current="true">')
    assert chain.count("Recorded") >= 2
    alone = page(f"{second}-3").partition("The chain of causes")[2]
    assert alone.index(f"e-{second}") < alone.index(f"e-{second}-3")
    assert "its cause, urn:test#nobody, is not among the facts" in page(f"{second}-4")
