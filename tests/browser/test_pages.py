"""Every page, in both languages and themes: nothing that axe-core objects to, nothing asked of another host."""

import pytest

from adapters.access.model import Role
from tests.browser.conftest import NARROW, WIDE, Visitor

ALPHA = "/contracts/C-ALPHA"
PAGES = {
    "portfolio": "/",
    "contract": ALPHA,
    "service-levels": f"{ALPHA}/service-levels",
    "line": f"{ALPHA}/service-levels/line?indicator=outscale-cgv-2019/sla4-vm-availability",
    "support": f"{ALPHA}/support",
    "penalties": f"{ALPHA}/penalties",
    "deadlines": f"{ALPHA}/deadlines",
    "end": "/contracts/C-GAMMA/end",
    "findings": f"{ALPHA}/findings",
    "figure": f"{ALPHA}/figure?path=penalties%5Bperiod_end%3D2026-05-31%5D",
    "timeline": f"{ALPHA}/timeline?from=2026-05-20T00:00:00%2B02:00",
    "dispute": f"{ALPHA}/dispute?parameter=cap.example",
    "documents": f"{ALPHA}/documents",
    "dispute-of-dates": "/contracts/C-GAMMA/dispute?first_at=2026-05-28T00:00",
    "disputes": "/disputes",
    "compared": "/agreements/compare?one=outscale-cgv-2019&other=ct-secure-temple",
    "facts": "/facts?correlation=morning-of-3-june",
    "quarantine": "/quarantine",
    "quarantine-entry": "/quarantine/1",
    "agreements": "/agreements",
    "agreement": "/agreements/ct-secure-temple",
    "evidence": "/evidence",
    "calendar": "/calendar",
    "notifications": "/notifications",
    "verify": "/evidence/verify",
    "bundle": f"{ALPHA}/bundle?figure=penalties.0",
    "coverage": "/agreements/outscale-snc-fr/coverage",
}
LOOKS = [("en", "light"), ("fr", "dark")]
FITS = "width => window.innerWidth === width && document.documentElement.scrollWidth <= width"
"""True once the page was laid out anew; a page that is wider never makes it so."""
OF_THE_FIRST_PAGE = 200_000
"""Bytes, before compression."""


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_fits_a_telephone_and_asks_nothing_of_another_host(
    visitor: Visitor, name: str, lang: str, theme: str
) -> None:
    visit = visitor(Role.AUDITOR, lang, theme)
    page = visit.go(PAGES[name])
    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator("h1").count() == 1
    visit.picture(f"{name}.{lang}.{theme}")
    assert visit.violations() == []
    assert (visit.outside, visit.complaints) == ([], [])
    page.set_viewport_size(NARROW)
    page.wait_for_function(FITS, arg=NARROW["width"], polling=100)
    if lang == "fr":  # the longer words of the two
        visit.picture(f"{name}.{lang}.{theme}.narrow")
    page.set_viewport_size(WIDE)


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
def test_door_and_refusals_are_accessible(visitor: Visitor, lang: str, theme: str) -> None:
    stranger = visitor(None, lang, theme)
    stranger.go("/sign-in")
    stranger.picture(f"sign-in.{lang}.{theme}")
    assert stranger.violations() == []
    operator = visitor(Role.OPERATOR, lang, theme)
    refused = operator.page.goto(operator.url + "/")
    assert refused is not None
    assert refused.status == 403
    operator.picture(f"refused.{lang}.{theme}")
    assert operator.violations() == []


def test_first_page_is_light(visitor: Visitor) -> None:
    visit = visitor(None)
    sizes: dict[str, int] = {}
    visit.page.on("response", lambda answer: sizes.setdefault(answer.url, len(answer.body()) if answer.ok else 0))
    visit.go("/sign-in")
    visit.page.wait_for_load_state("networkidle")
    door = sum(sizes.values())
    assert 0 < door < OF_THE_FIRST_PAGE
    contract = visitor(Role.AUDITOR).page.request.get(visit.url + "/")
    assert door + len(contract.body()) < OF_THE_FIRST_PAGE
