"""An evidence bundle in a real browser: made on a page, dropped on another, and judged in words."""

from base64 import b64encode

import pytest
from playwright.sync_api import expect

from adapters.access.model import Role
from adapters.evidence.notes import verifier
from adapters.evidence.verify import unpack
from tests.browser.conftest import NARROW, WIDE, Visitor
from tests.support.bundles import bundle_of, checkpointed, events, ledger_at, log_signer, record

HOLDS = {"en": "The bundle holds", "fr": "Le dossier tient"}
DROP = """([selector, name, text]) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  const target = document.querySelector(selector);
  for (const what of ["dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(what, {dataTransfer: carried, bubbles: true, cancelable: true}));
  }
}"""
PATIENCE = 120_000


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    """A bundle of another ledger, and the key of its log."""
    with ledger_at(tmp_path_factory.mktemp("theirs")) as ledger:
        record(ledger, events())
        note = checkpointed(ledger.store)
        return bundle_of(ledger.store, note), verifier(log_signer(ledger.store.log_origin()).key)


def test_client_makes_a_bundle_of_a_contract(visitor: Visitor) -> None:
    page = visitor(Role.CLIENT).go("/contracts/C-ALPHA/bundle?at=2022-06-30T00:00:00%2B02:00")
    page.fill("#start", "2022-06-01")
    page.fill("#end", "2022-06-30")
    with page.expect_download(timeout=PATIENCE) as told:
        page.locator("form[data-bundle] button.main").click(no_wait_after=True)
    expect(page.locator("[data-progress]")).to_be_visible()
    assert told.value.suggested_filename == "C-ALPHA-bundle.zip"
    assert b"2022-06-30" in unpack(told.value.path().read_bytes())["bundle.json"]


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("fr", "dark")])
def test_lawyer_drops_a_bundle_and_reads_what_it_proves(
    visitor: Visitor, bundle: tuple[bytes, str], lang: str, theme: str
) -> None:
    data, key = bundle
    visit = visitor(Role.COUNSEL, lang, theme)
    page = visit.go("/evidence")
    page.check("input[name=by][value=given]")
    page.fill("#log-key", key)
    page.evaluate(DROP, ["form[data-drop]", "C-1.zip", b64encode(data).decode()])
    page.wait_for_url("**/evidence/verify", timeout=PATIENCE)
    expect(page.locator(".verdict .big")).to_have_text(HOLDS[lang])
    expect(page.locator(".judged pre")).to_contain_text("python3 verify.py C-1.zip --key")
    assert visit.violations() == []
    visit.picture(f"verified.{lang}.{theme}")
    page.set_viewport_size(NARROW)
    visit.picture(f"verified.{lang}.{theme}.narrow")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.set_viewport_size(WIDE)
    page.set_input_files("#files", {"name": "no.zip", "mimeType": "application/zip", "buffer": data[:-1]})
    page.locator("form[data-drop] button.main").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".judged .notice.bad")).to_be_visible(timeout=PATIENCE)
    visit.picture(f"refused-bundle.{lang}.{theme}")
    assert visit.violations() == []
    assert visit.outside == []


def test_too_large_a_file_is_told_before_it_is_sent(visitor: Visitor) -> None:
    page = visitor(Role.COUNSEL).go("/evidence/verify")
    page.evaluate("document.querySelector('form[data-drop]').dataset.most = '10'")
    page.set_input_files("#files", {"name": "x.zip", "mimeType": "application/zip", "buffer": b"0" * 11})
    expect(page.locator("[data-too-large]")).to_be_visible()
