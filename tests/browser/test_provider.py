"""Signing in with an identity provider on another site, in a real browser: away, back, in, and out of both."""

import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from adapters.settings.identity import IdentitySettings
from tests.browser.conftest import AXE, RUN, WIDE, picture
from tests.support.identity_provider import AUDIENCE, CLIENT, SECRET, Door, IdentityProvider, identity_provider
from tests.support.server import Api, api

CLAIMS = {"sub": "ada", "name": "Ada Lovelace", "greffe_role": "auditor"}
WORDS = {
    "en": ("Sign in with the House", "You did not sign in", "Sign in", "Sign out"),
    "fr": ("Se connecter avec the House", "Vous ne vous êtes pas connecté", "Connexion", "Se déconnecter"),
}


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    """A provider that a browser takes for another site: localhost, where the server is 127.0.0.1."""
    with identity_provider() as running:
        running.issuer = running.issuer.replace("127.0.0.1", "localhost")
        yield running


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, provider: IdentityProvider) -> Iterator[Api]:
    """A server that knows the provider, over an empty ledger."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    identity = IdentitySettings.model_validate(
        {
            "oidc_issuer": provider.issuer,
            "oidc_audience": AUDIENCE,
            "oidc_client": CLIENT,
            "oidc_client_secret": SECRET,
            "oidc_name": "the House",
        }
    )
    address = str(tmp_path_factory.mktemp("guarded") / "greffe.db")
    with api(address, identity=identity, port=port, public_address=f"http://127.0.0.1:{port}") as running:
        yield running


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("fr", "dark")])
def test_person_signs_in_with_the_provider_and_out_of_both(
    chromium: Browser, guarded: Api, provider: IdentityProvider, lang: str, theme: str
) -> None:
    enter, refused, door, leave = WORDS[lang]
    provider.door = Door(claims=dict(CLAIMS), asks=True)
    context = chromium.new_context(
        viewport=WIDE,
        locale={"en": "en-GB", "fr": "fr-FR"}[lang],
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    try:
        page = context.new_page()
        page.goto(f"{guarded.url}/evidence")
        page.get_by_role("link", name=enter).click()
        page.get_by_role("link", name="Allow").click()
        page.wait_for_url("**/evidence")
        expect(page.locator(".person")).to_contain_text("Ada Lovelace")
        page.goto(f"{provider.issuer}/mail?link={guarded.url}/agreements")
        page.get_by_role("link", name="Elsewhere").click()
        page.wait_for_url("**/agreements")
        expect(page.locator("h1")).not_to_have_text(door)
        page.get_by_role("button", name=leave).click()
        page.wait_for_url("**/sign-in")
        expect(page.locator("h1")).to_have_text(door)
        assert len(provider.door.left) == 1
        page.goto(f"{guarded.url}/evidence")
        expect(page.locator("#key")).to_be_visible()
        picture(page, f"sign-in-provider.{lang}.{theme}")
        provider.door.refuses = "access_denied"
        page.get_by_role("link", name=enter).click()
        page.get_by_role("link", name="Allow").click()
        expect(page.locator("h1")).to_have_text(refused)
        picture(page, f"sign-in-refused.{lang}.{theme}")
    finally:
        context.close()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_ways_in_are_accessible(chromium: Browser, guarded: Api, provider: IdentityProvider, lang: str) -> None:
    provider.door = Door(refuses="access_denied")
    context = chromium.new_context(viewport=WIDE, locale=lang, reduced_motion="reduce", bypass_csp=True)
    try:
        page = context.new_page()
        for path in ("/sign-in", "/sign-in/provider", "/sign-in/back?state=x"):
            page.goto(guarded.url + path)
            page.evaluate(AXE)
            assert page.evaluate(RUN) == [], path
    finally:
        context.close()
