"""Two texts side by side on a page and as files."""

import httpx

from adapters.access.model import Role
from tests.console.conftest import signed_in
from tests.support.server import Api

COMPARE = "/agreements/compare"
BOTH = f"{COMPARE}?one=outscale-cgv-2019&other=ct-secure-temple"


def test_two_texts_stand_side_by_side_with_their_clauses_and_their_silence(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.OPERATOR)
    assert "Choose two texts" in visitor.get(COMPARE).text
    page = visitor.get(BOTH).text
    assert "Silence of the text" in page
    assert 'href="/agreements/outscale-cgv-2019#sla5-internet-availability"' in page
    assert "Nothing differs" in visitor.get(f"{COMPARE}?one=ct-openiaas-v3&other=ct-openiaas-v3").text
    incorporating = f"{COMPARE}?one=outscale-snc-fr&other=ct-openiaas-v3"
    assert "incorporates another text" in visitor.get(incorporating).text
    whole = visitor.get(f"{incorporating}&whole=yes").text
    assert "is compared along with what it incorporates" in whole
    assert 'href="/agreements/outscale-cgv-2019#sla4-vm-availability"' in whole


def test_differences_come_as_files_and_bad_names_are_refused(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.OPERATOR)
    told = visitor.get(f"{BOTH}&format=json").json()
    assert (told["one"]["document"], told["other"]["document"]) == ("outscale-cgv-2019", "ct-secure-temple")
    lines = visitor.get(f"{BOTH}&format=csv").text.splitlines()
    assert lines[0].startswith("\ufeffsection,one_rule,one_clause")
    assert len(lines) == len(told["differences"]) + 1
    assert visitor.get(f"{COMPARE}?format=csv").status_code == 400
    assert visitor.get(f"{COMPARE}?one=none&other=ct-openiaas-v3").status_code == 404


def test_promises_of_a_text_are_told_in_words_with_their_clauses(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.OPERATOR)
    page = visitor.get("/agreements/outscale-snc-fr").text
    assert 'href="/agreements/outscale-cgv-2019"' in page
    told = visitor.get("/agreements/outscale-snc-fr?format=json").json()
    names = [row["rule"].partition("/")[2] for rows in told["sections"].values() for row in rows]
    assert [name for name in names if f'id="{name}"' not in page] == []
    assert "delay: 30 days" in page
