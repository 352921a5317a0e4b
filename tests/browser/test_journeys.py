"""What people come for, walked in both languages: each journey ends at an answer."""

import re

import pytest
from playwright.sync_api import expect

from adapters.access.model import Role
from tests.browser.conftest import Visitor

both = pytest.mark.parametrize("lang", ["en", "fr"])
AMOUNT = {"en": "€2,148.78", "fr": "2\N{NARROW NO-BREAK SPACE}148,78\N{NO-BREAK SPACE}€"}


def said(lang: str, english: str, french: str) -> str:
    return french if lang == "fr" else english


@both
def test_service_manager_finds_what_can_be_claimed_and_why(visitor: Visitor, keys: dict[Role, str], lang: str) -> None:
    visit = visitor(None, lang)
    page = visit.page
    page.goto(visit.url + "/contracts/C-ALPHA")
    page.fill("#key", keys[Role.CLIENT])
    page.keyboard.press("Enter")
    page.wait_for_url("**/contracts/C-ALPHA")
    page.get_by_role("link", name="Greffe").click()
    expect(page.locator("h1")).to_have_text(said(lang, "Portfolio", "Portefeuille"))
    expect(page.locator("tbody").first).not_to_contain_text("C-BETA")
    page.get_by_role("link", name=AMOUNT[lang]).click()
    expect(page.locator("tbody tr").first).to_contain_text(said(lang, "can be claimed", "réclamable"))
    page.locator("tbody tr th a").first.click()
    expect(page.locator(".verdict")).to_contain_text(AMOUNT[lang])
    expect(page.locator("ol.steps").last).to_contain_text("2148.78")
    page.locator("aside a[href^='/agreements/']").first.click()
    expect(page.locator("tr:target")).to_contain_text("pen-formula")
    visit.picture(f"journey-claim.{lang}")
    page.get_by_role("button", name=said(lang, "Sign out", "Se déconnecter")).click()
    expect(page.locator("h1")).to_have_text(said(lang, "Sign in", "Connexion"))
    page.goto(visit.url + "/")
    expect(page.locator("#key")).to_be_visible()


@both
def test_lawyer_compares_two_readings_in_euros(visitor: Visitor, lang: str) -> None:
    visit = visitor(Role.AUDITOR, lang)
    page = visit.go("/contracts/C-ALPHA/dispute")
    page.select_option("#parameter", "cap.example")
    page.get_by_role("button", name=said(lang, "Choose", "Choisir"), exact=True).click()
    page.locator("input[name=other][value=B]").check()
    page.locator("form.card button.main").click()
    expect(page.locator(".tile").last).to_contain_text("+")
    expect(page.locator("main")).to_contain_text("Annex B")
    visit.picture(f"journey-dispute.{lang}")
    page.locator("input[name=other][value=A]").check()
    page.locator("form.card button.main").click()
    expect(page.locator(".empty")).to_contain_text(said(lang, "say the same", "disent la même chose"))


@both
def test_lawyer_keeps_a_comparison_and_opens_it_again(visitor: Visitor, lang: str) -> None:
    visit = visitor(Role.AUDITOR, lang)
    page = visit.go("/contracts/C-GAMMA/dispute?parameter=cap.example")
    page.locator("fieldset.side details").first.locator("summary").first.click()
    page.fill("#first_at", "2026-05-01T00:00:00")
    page.locator("form.sides button.main").click()
    expect(page.locator("table").first).to_contain_text(said(lang, "1 May 2026", "1er mai 2026"))
    difference = page.locator(".tile b").last.inner_text()
    page.fill("#name", f"Cap in May ({lang})")
    page.fill("#note", "For the hearing")
    page.locator(".keep button.main").click()
    expect(page.locator("h2").first).to_have_text(f"Cap in May ({lang})")
    assert visit.violations() == []
    page.get_by_role("link", name=said(lang, "Disputes", "Différends")).first.click()
    page.get_by_role("link", name=f"Cap in May ({lang})").click()
    expect(page.locator(".tile b").last).to_have_text(difference)
    expect(page.locator(".note")).to_contain_text("For the hearing")
    visit.picture(f"journey-kept.{lang}")
    page.locator("button.danger").click()
    expect(page.locator("main")).not_to_contain_text(f"Cap in May ({lang})")


@both
def test_lawyer_reads_where_another_text_is_silent(visitor: Visitor, lang: str) -> None:
    visit = visitor(Role.AUDITOR, lang)
    page = visit.go("/agreements/outscale-cgv-2019")
    page.get_by_role("link", name=said(lang, "Compare with another text", "Comparer à un autre texte")).click()
    page.select_option("#other", "ct-secure-temple")
    page.locator("form.card button.main").click()
    row = page.locator("tr").filter(has_text="pen-formula")
    expect(row.locator(".silent")).to_have_text(said(lang, "Silence of the text", "Silence du texte"))
    expect(row).to_contain_text("Annex B")


@both
def test_engineer_follows_what_caused_what(visitor: Visitor, lang: str) -> None:
    page = visitor(Role.AUDITOR, lang).go("/facts?ref=outage-71-put-right")
    page.locator("tbody a").first.click()
    below = page.locator(".tree li[aria-current]")
    expect(below).to_contain_text("outage-71-put-right")
    page.locator(".tree > li").filter(has=below).locator("a").first.click()
    expect(page.locator(".tree > li[aria-current] .tree")).to_contain_text("outage-71-put-right")


@both
def test_manager_sees_how_far_the_end_of_a_contract_is(visitor: Visitor, lang: str) -> None:
    page = visitor(Role.AUDITOR, lang).go("/contracts/C-GAMMA/end")
    assert page.locator("svg.gantt rect").count() >= 2
    expect(page.locator("svg.gantt .now")).to_be_attached()
    expect(page.locator("main")).to_contain_text("del-gamma")


@both
def test_engineer_finds_a_correction_beside_its_original(visitor: Visitor, lang: str) -> None:
    visit = visitor(Role.AUDITOR, lang)
    page = visit.go("/facts")
    page.keyboard.press("/")
    expect(page.locator("#ref")).to_be_focused()
    page.keyboard.type("outage-71-put-right")
    page.keyboard.press("Enter")
    page.locator("tbody a").first.click()
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="outage-71").first).to_contain_text("15:50")
    expect(page.locator("tr.here")).to_contain_text("15:20")
    expect(page.locator("dl").first).to_contain_text("morning-of-3-june")
    visit.picture(f"journey-fact.{lang}")
    assert visit.violations() == []


@both
def test_operator_retries_and_gives_up_what_was_refused(visitor: Visitor, lang: str) -> None:
    visit = visitor(Role.OPERATOR, lang)
    page = visit.go("/quarantine?status=waiting")
    page.locator("tbody th a").first.click()
    expect(page.locator("main")).to_contain_text("T-UNKNOWN")
    page.get_by_role("button", name=said(lang, "Decide again", "Décider de nouveau")).click()
    expect(page.locator(".title .chip")).to_contain_text(said(lang, "waiting", "attend"))
    assert visit.violations() == []
    page.goto(f"{visit.url}/quarantine?status=open")
    page.locator("tbody th a").last.click()
    page.fill("#reason", "a test of the console")
    page.locator("button.danger").click()
    expect(page.locator(".title .chip")).to_contain_text(said(lang, "given up", "abandonné"))
    assert page.locator("button.danger").count() == 0


def test_keyboard_alone_reaches_the_content(visitor: Visitor) -> None:
    page = visitor(Role.AUDITOR).go("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_past_is_shown_as_it_was_known(visitor: Visitor) -> None:
    visit = visitor(Role.AUDITOR)
    page = visit.go("/contracts/C-ALPHA?at=2025-01-15T00:00:00%2B01:00")
    expect(page.locator(".notice.wait")).to_contain_text("15 Jan 2025")
    page.locator(".tabs a").nth(3).click()
    expect(page).to_have_url(re.compile(r"/penalties\?at=2025-01-15"))
    expect(page.locator("tbody th").first).to_contain_text("31 Dec 2024")


def test_language_and_theme_stay_chosen(visitor: Visitor) -> None:
    visit = visitor(None)
    page = visit.go("/sign-in")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("button", name="Thème sombre").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("h1")).to_have_text("Connexion")


def test_paper_carries_the_figures_without_the_tools(visitor: Visitor) -> None:
    visit = visitor(Role.AUDITOR)
    page = visit.go("/contracts/C-ALPHA/penalties")
    page.emulate_media(media="print")
    try:
        expect(page.locator(".tabs")).to_be_hidden()
        expect(page.locator(".downloads")).to_be_hidden()
        expect(page.locator("tbody tr").first).to_be_visible()
        visit.picture("penalties.print")
    finally:
        page.emulate_media(media="screen")


def test_table_comes_as_a_file(visitor: Visitor) -> None:
    page = visitor(Role.AUDITOR).go("/contracts/C-ALPHA/penalties?state=claimable")
    with page.expect_download() as told:
        page.get_by_role("link", name="CSV").click()
    assert told.value.suggested_filename == "C-ALPHA-penalties.csv"
    lines = told.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("period_end,gross,")
    assert lines[1].startswith("2026-05-31,")


@both
def test_client_makes_a_calendar_address_copies_it_and_ends_it(visitor: Visitor, lang: str) -> None:
    visit = visitor(Role.CLIENT, lang)
    page = visit.go("/calendar")
    page.locator("main form button.main").click()
    address = page.locator("#address")
    expect(address).to_have_value(re.compile(rf"^{visit.url}/v1/calendar/greffe_\w+\.ics\?lang={lang}$"))
    page.get_by_role("button", name=said(lang, "Copy", "Copier")).click()
    expect(page.get_by_role("button", name=said(lang, "Copied", "Copiée"))).to_be_visible()
    assert visit.violations() == []
    visit.picture(f"calendar-made.{lang}")
    page.locator("button.danger").first.click()
    expect(page.locator("tbody .chip").first).to_contain_text(said(lang, "ended", "terminée"))
    expect(address).to_have_count(0)


@both
def test_client_sees_who_was_told_of_a_deadline_and_takes_it_up(visitor: Visitor, lang: str) -> None:
    visit = visitor(Role.CLIENT, lang)
    page = visit.go("/contracts/C-ALPHA/deadlines")
    page.get_by_role("link", name=said(lang, "Who was told of them", "Qui en a été averti")).click()
    expect(page.locator("#contract")).to_have_value("C-ALPHA")
    page.get_by_role("link", name=said(lang, "to acknowledge", "à prendre en charge"), exact=True).click()
    row = page.locator("tbody tr").filter(has=page.locator("button"))
    found = row.count()
    row.first.get_by_role("button").focus()
    visit.picture(f"notifications-open.{lang}")
    assert visit.violations() == []
    page.keyboard.press("Enter")
    expect(row).not_to_have_count(found)
    expect(page).to_have_url(re.compile("contract=C-ALPHA&state=open"))
    page.get_by_role("link", name=said(lang, "All", "Toutes"), exact=True).click()
    expect(page.locator("tbody")).to_contain_text(said(lang, "3 Jun 2026", "3 juin 2026"))
