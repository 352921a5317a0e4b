"""A real Chromium, the system's own, before a real server over the demo's ledger on a morning of June 2026."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from adapters.access.model import Role
from tests.support.notified import told
from tests.support.portfolio import NOW, portfolio
from tests.support.server import Api, api

HERE = Path(__file__).resolve().parent
AXE = (HERE / "axe" / "axe.min.js").read_text("utf-8")
PICTURES = HERE.parent.parent / "var" / "screenshots"
RUN = """async () => (await axe.run(document, {
  resultTypes: ["violations"], rules: {"target-size": {enabled: true}},
})).violations"""
FLAGS = [
    *("--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"),
    *("--disable-gpu", "--disable-software-rasterizer"),  # none is here, and to imitate one takes long
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 800}


def picture(page: Page, name: str) -> None:
    """Keeps a screenshot of the whole page."""
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@dataclass
class Visit:
    """One person at the console: a context of the browser, and whatever it asked for that is not ours."""

    page: Page
    url: str
    lang: str
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Opens a page, which must answer."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return self.page

    def picture(self, name: str) -> None:
        """Keeps a screenshot of the whole page."""
        picture(self.page, name)

    def violations(self) -> list[str]:
        """What axe-core finds wrong with the page."""
        self.page.evaluate(AXE)
        found = self.page.evaluate(RUN)
        return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The server, at nine in the morning of 3 June 2026."""
    address = portfolio(tmp_path_factory.mktemp("ledger") / "greffe.db")
    told(address)
    with api(address, lambda: NOW, seconds=300) as running:
        yield running


@pytest.fixture(scope="module")  # its driver runs an event loop: no other test may be run beside it
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is required here: apt-get install chromium", pytrace=False)
        pytest.skip("NOT TESTED IN A BROWSER: there is no Chromium (apt-get install chromium)")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


Visitor = Callable[..., Visit]


@pytest.fixture(scope="session")
def keys(served: Api) -> dict[Role, str]:
    """A key for each role."""
    clients = {Role.CLIENT: {"clients": ("client-alpha",)}}
    return {role: served.secret(role, **clients.get(role, {})) for role in Role}


@pytest.fixture(scope="module")
def visitor(served: Api, chromium: Browser, keys: dict[Role, str]) -> Iterator[Visitor]:
    """Brings people in: signed in once per role, language and theme; ``fresh`` brings one in that nobody knows."""
    contexts: dict[tuple[Role | None, str, str], tuple[BrowserContext, Visit]] = {}

    def bring(role: Role | None, lang: str = "en", theme: str = "light") -> Visit:
        known = (role, lang, theme)
        if role is not None and known in contexts:
            return contexts[known][1]
        context = chromium.new_context(
            viewport=WIDE,
            locale={"en": "en-GB", "fr": "fr-FR"}[lang],
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            bypass_csp=True,  # for axe-core alone, which is not ours: tests/console holds every page to the policy
        )
        visit = Visit(context.new_page(), served.url, lang)
        context.on("request", lambda one: None if one.url.startswith(served.url) else visit.outside.append(one.url))
        context.on("console", lambda one: visit.complaints.append(one.text) if one.type == "error" else None)
        contexts[known] = context, visit
        if role is not None:
            visit.go("/sign-in")
            visit.page.fill("#key", keys[role])
            visit.page.click("main button.main")
            visit.page.wait_for_url(lambda url: "/sign-in" not in url)
        return visit

    yield bring
    for context, _ in contexts.values():
        context.close()
