"""Signing in with an identity provider: a real one, over the loopback, that does right, wrong, or nothing at all."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from adapters.access.browsing import CodeFlow, SignInError
from adapters.access.model import Role, Session
from adapters.access.oidc import Oidc
from adapters.clock import now
from adapters.settings.identity import IdentitySettings
from api.console.session import COOKIE, WAITING
from tests.console.conftest import PAGE
from tests.support.arrivals import outage, signed
from tests.support.identity_provider import AUDIENCE, CLIENT, SECRET, Door, IdentityProvider, identity_provider
from tests.support.server import Api, api

PUBLIC = "http://localhost:1"
CLAIMS = {"sub": "ada", "name": "Ada", "greffe_role": "client", "greffe_clients": ["client-1"]}


@pytest.fixture(scope="module")
def running() -> Iterator[IdentityProvider]:
    """A provider."""
    with identity_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, running: IdentityProvider) -> Iterator[Api]:
    """A server that knows it, with one contract of client-1."""
    with api(
        str(tmp_path_factory.mktemp("ledger") / "greffe.db"), identity=settings(running), public_address=PUBLIC
    ) as server:
        server.post(signed(), outage("1"))
        server.settle()
        yield server


@pytest.fixture
def provider(running: IdentityProvider) -> IdentityProvider:
    """The provider, which lets Ada in."""
    running.door = Door(claims=dict(CLAIMS))
    return running


@pytest.fixture
def visitor(served: Api) -> Iterator[httpx.Client]:
    """A browser that nobody signed in; where it is sent to the public address it comes to the server of the test."""
    with httpx.Client(base_url=served.url, headers=PAGE, timeout=60) as client:
        yield client


def settings(provider: IdentityProvider, **more: Any) -> IdentitySettings:
    values = {
        "oidc_issuer": provider.issuer,
        "oidc_audience": AUDIENCE,
        "oidc_client": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_name": "the House",
    }
    return IdentitySettings.model_validate(values | more)


def away(visitor: httpx.Client, target: str = "/contracts/C-1") -> str:
    """To the provider, which lets the visitor in: the path and query by which it sends them back."""
    left = visitor.get("/sign-in/provider", params={"next": target})
    assert left.status_code == 303, left.text
    answer = httpx.get(left.headers["location"])
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"{PUBLIC}/sign-in/back?")
    return answer.headers["location"].removeprefix(PUBLIC)


def come_in(visitor: httpx.Client, target: str = "/contracts/C-1") -> httpx.Response:
    """There and back."""
    return visitor.get(away(visitor, target))


def form_token(page: str) -> str:
    """What a form of the page carries."""
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def test_person_of_the_provider_comes_in_and_sees_what_its_claims_say(
    served: Api, provider: IdentityProvider, visitor: httpx.Client
) -> None:
    assert "Sign in with the House" in visitor.get("/sign-in").text
    inside = come_in(visitor)
    assert (inside.status_code, inside.headers["refresh"]) == (200, "0; url=/contracts/C-1")
    assert provider.door.wrongs == []
    cookie = inside.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/"))
    assert WAITING not in visitor.cookies
    page = visitor.get("/contracts/C-1")
    assert page.status_code == 200
    assert "Ada" in page.text
    assert visitor.get("/contracts/C-2").status_code == 404
    entries = served.get("/v1/access", params={"caller": "oidc:ada", "limit": 500}).json()["entries"]
    assert ("GET /sign-in/back", "/sign-in/back?…", 200) in [
        (entry["route"], entry["asked"], entry["status"]) for entry in entries
    ]
    assert visitor.get("/v1/contracts").status_code == 401, "the API takes no cookie"


@pytest.mark.usefixtures("provider")
def test_sign_in_asks_with_pkce_state_and_nonce_drawn_anew(visitor: httpx.Client) -> None:
    asked = [parse_qs(urlsplit(visitor.get("/sign-in/provider").headers["location"]).query) for _ in range(2)]
    assert all(len({one[name][0] for one in asked}) == 2 for name in ("state", "nonce", "code_challenge"))
    assert {one["code_challenge_method"][0] for one in asked} == {"S256"}
    assert asked[0]["redirect_uri"] == [f"{PUBLIC}/sign-in/back"]
    assert "code_verifier" not in asked[0]


def test_role_may_stand_in_an_access_token_made_for_this_api(provider: IdentityProvider, visitor: httpx.Client) -> None:
    provider.door.claims = {"sub": "eve", "greffe_role": None}
    provider.door.access = {"sub": "eve", "greffe_role": "auditor", "name": None}
    assert come_in(visitor).status_code == 200
    assert "auditor" in visitor.get("/").text


def test_role_of_somebody_elses_access_token_counts_for_nothing(
    provider: IdentityProvider, visitor: httpx.Client
) -> None:
    provider.door.claims = {"sub": "eve", "greffe_role": None}
    provider.door.access = {"sub": "ada", "greffe_role": "auditor"}
    assert come_in(visitor).status_code == 403


Change = Callable[[Door], object]
REFUSED: dict[str, tuple[Change, int, str, str]] = {
    "denied": (lambda door: setattr(door, "refuses", "access_denied"), 403, "You did not sign in", "pas connecté"),
    "misregistered": (lambda door: setattr(door, "refuses", "invalid_scope"), 502, "refused the sign-in", "a refusé"),
    "busy": (lambda door: setattr(door, "refuses", "server_error"), 503, "cannot be reached", "est injoignable"),
    "state": (lambda door: door.answers.update(state="x"), 400, "cannot be finished", "ne peut aboutir"),
    "issuer": (
        lambda door: door.answers.update(iss="https://x.example"),
        400,
        "not from the right",
        "bon fournisseur",
    ),
    "code": (lambda door: door.answers.update(code="x"), 502, "refused the sign-in", "a refusé la connexion"),
    "down": (lambda door: setattr(door, "down", True), 503, "cannot be reached", "est injoignable"),
    "nonce": (lambda door: door.claims.update(nonce="x"), 403, "was not accepted", "a pas été acceptée"),
    "audience": (lambda door: door.claims.update(aud="other"), 403, "was not accepted", "a pas été acceptée"),
    "party": (lambda door: door.claims.update(aud=[CLIENT, "other"]), 403, "another application", "autre application"),
    "expired": (lambda door: door.claims.update(exp=int(time.time()) - 5), 403, "it has expired", "il a expiré"),
    "role": (lambda door: door.claims.update(greffe_role=None), 403, "You have no role here", "pas de rôle ici"),
    "scope": (lambda door: door.claims.update(greffe_clients=None), 403, "names its client id", "son identifiant"),
    "wide": (
        lambda door: door.claims.update(greffe_contracts=[f"contract-{n}" for n in range(400)]),
        403,
        "too many contracts",
        "trop de contrats",
    ),
}


@pytest.mark.parametrize(("case", "lang"), list(zip(REFUSED, cycle(["en", "fr"]), strict=False)))
def test_sign_in_that_goes_wrong_is_a_page_that_says_what_to_do(
    provider: IdentityProvider, visitor: httpx.Client, case: str, lang: str
) -> None:
    change, status, english, french = REFUSED[case]
    visitor.post("/preferences", data={"lang": lang})
    change(provider.door)
    back = away(visitor)
    visitor.cookies.delete("lang")
    refused = visitor.get(back)
    assert refused.status_code == status
    assert (english if lang == "en" else french) in refused.text.replace("&#39;", "'")
    assert 'href="/sign-in/provider?next=/contracts/C-1"' in refused.text
    assert COOKIE not in visitor.cookies
    assert WAITING not in visitor.cookies


@pytest.mark.usefixtures("provider")
def test_answer_is_worth_nothing_in_another_browser_nor_twice(served: Api, visitor: httpx.Client) -> None:
    back = away(visitor)
    with httpx.Client(base_url=served.url, headers=PAGE) as other:
        assert other.get(back).status_code == 400
        assert COOKIE not in other.cookies
    assert visitor.get(back).status_code == 200
    assert visitor.get(back).status_code == 400


@pytest.mark.usefixtures("provider")
def test_sign_in_leads_to_no_other_site(visitor: httpx.Client) -> None:
    assert come_in(visitor, "https://example.net/").headers["refresh"] == "0; url=/"


def test_session_ends_for_everybody_with_the_sign_out_and_then_at_the_provider(
    served: Api, provider: IdentityProvider, visitor: httpx.Client
) -> None:
    come_in(visitor)
    copied = visitor.cookies[COOKIE]
    out = visitor.post("/sign-out", data={"token": form_token(visitor.get("/").text)})
    assert out.status_code == 200
    assert "You are signed out" in out.text
    there = urlsplit(out.headers["refresh"].removeprefix("0; url="))
    asked = parse_qs(there.query)
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{provider.issuer}/end_session"
    assert (asked["client_id"], asked["post_logout_redirect_uri"]) == ([CLIENT], [f"{PUBLIC}/sign-in"])
    assert asked["id_token_hint"][0].count(".") == 2
    with httpx.Client(base_url=served.url, headers=PAGE, cookies={COOKIE: copied}) as thief:
        assert thief.get("/").headers["location"] == "/sign-in?next=%2F"


def test_session_ends_with_the_token_and_the_browser_asks_the_provider_again(
    provider: IdentityProvider, visitor: httpx.Client
) -> None:
    for seconds in (2, 8, 32):  # a busy machine takes longer to let somebody in
        provider.door.claims["exp"] = int(time.time()) + seconds
        kept = come_in(visitor).cookies.get(COOKIE)
        if kept is not None:
            break
    deadline = time.monotonic() + 60
    answer = visitor.get("/", headers={"Cookie": f"{COOKIE}={kept}"})
    while answer.status_code == 200 and time.monotonic() < deadline:
        answer = visitor.get("/", headers={"Cookie": f"{COOKIE}={kept}"})
    assert answer.headers["location"] == "/sign-in/provider?next=%2F"


@pytest.mark.usefixtures("provider")
def test_every_session_of_a_person_can_be_ended(served: Api, visitor: httpx.Client) -> None:
    come_in(visitor)
    assert visitor.get("/").status_code == 200
    served.access.end_sessions("oidc:ada", now())
    deadline = time.monotonic() + 60
    answer = visitor.get("/")
    while answer.status_code == 200 and time.monotonic() < deadline:
        answer = visitor.get("/")
    assert answer.headers["location"] == "/sign-in?next=%2F"
    assert come_in(visitor).status_code == 200


@pytest.mark.usefixtures("provider")
def test_person_of_the_provider_is_told_that_a_calendar_takes_a_key(visitor: httpx.Client) -> None:
    come_in(visitor)
    page = visitor.get("/calendar").text
    assert "An address takes a key" in page
    assert visitor.post("/calendar", data={"token": form_token(page), "days": "30"}).status_code == 422


def test_link_from_another_site_is_followed_by_a_request_of_our_own(visitor: httpx.Client) -> None:
    first = visitor.get("/contracts/C-1?at=2026-03-01T00:00:00Z", headers={"Sec-Fetch-Site": "cross-site"})
    assert (first.status_code, first.headers["refresh"]) == (200, "0; url=/contracts/C-1?at=2026-03-01T00:00:00Z")
    assert visitor.get("/contracts/C-1", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_provider_that_is_down_is_told_and_keys_go_on(tmp_path: Path) -> None:
    with identity_provider() as gone:
        nobody = settings(gone)
    with (
        api(str(tmp_path / "greffe.db"), identity=nobody, public_address=PUBLIC) as server,
        httpx.Client(base_url=server.url, headers=PAGE) as visitor,
    ):
        answer = visitor.get("/sign-in/provider")
        assert (answer.status_code, "A key of greffe works meanwhile" in answer.text) == (503, True)
        assert visitor.post("/sign-in", data={"key": server.secret(Role.AUDITOR)}).status_code == 303


def test_server_without_a_provider_offers_none(tmp_path: Path) -> None:
    with api(str(tmp_path / "greffe.db")) as server, httpx.Client(base_url=server.url, headers=PAGE) as visitor:
        assert "/sign-in/provider" not in visitor.get("/sign-in").text
        assert visitor.get("/sign-in/provider").status_code == 404
        assert visitor.get("/sign-in/back?code=x&state=y").status_code == 404


def entered(flow: CodeFlow, **answers: str) -> Session:
    """The session of whoever the flow lets in, without a browser."""

    async def walked() -> Session:
        begun, address = await flow.begin("en")
        async with httpx.AsyncClient() as client:
            back = urlsplit((await client.get(address)).headers["location"]).query
        return await flow.finish(begun, {name: one[0] for name, one in parse_qs(back).items()} | answers, now())

    return asyncio.run(walked())


def flow_to(provider: IdentityProvider, **more: Any) -> CodeFlow:
    wanted = settings(provider, **more)
    return CodeFlow(wanted, Oidc(wanted), PUBLIC)


def announced(provider: IdentityProvider, **more: Any) -> dict[str, Any]:
    """What the provider says of itself, with these changes."""
    ends = {f"{name}_endpoint": f"{provider.issuer}/{name}" for name in ("authorization", "token", "end_session")}
    return {"issuer": provider.issuer, "jwks_uri": f"{provider.issuer}/keys"} | ends | more


@pytest.fixture
def announcing(provider: IdentityProvider) -> Iterator[IdentityProvider]:
    """The provider, which goes back to what it says by default."""
    yield provider
    provider.document, provider.down = None, False


def test_public_client_is_protected_by_pkce_alone(provider: IdentityProvider) -> None:
    provider.door.public = True
    assert entered(flow_to(provider, oidc_client_secret=None)).id == "oidc:ada"
    assert provider.door.wrongs == []


def test_secret_goes_into_the_form_where_the_provider_wants_it_there(announcing: IdentityProvider) -> None:
    announcing.document = announced(announcing, token_endpoint_auth_methods_supported=["client_secret_post"])
    assert entered(flow_to(announcing)).role is Role.CLIENT


def test_provider_that_promises_to_name_itself_must(announcing: IdentityProvider) -> None:
    announcing.document = announced(announcing, authorization_response_iss_parameter_supported=True)
    with pytest.raises(SignInError) as refused:
        entered(flow_to(announcing))
    assert refused.value.why == "issuer"
    assert entered(flow_to(announcing), iss=announcing.issuer).id == "oidc:ada"


@pytest.mark.parametrize("place", ["authorization_endpoint", "token_endpoint"])
def test_address_that_others_could_listen_to_is_not_used(announcing: IdentityProvider, place: str) -> None:
    announcing.document = announced(announcing, **{place: "http://login.example/x"})
    with pytest.raises(SignInError) as refused:
        entered(flow_to(announcing))
    assert (refused.value.why, place in str(refused.value)) == ("refused", True)


def test_provider_of_which_nothing_was_heard_is_down_and_one_that_was_is_done_without(
    announcing: IdentityProvider,
) -> None:
    clock = [0.0]
    wanted = settings(announcing)
    flow = CodeFlow(wanted, Oidc(wanted), PUBLIC, lambda: clock[0])
    announcing.down = True
    with pytest.raises(SignInError) as refused:
        asyncio.run(flow.begin("en"))
    announcing.down = False
    with pytest.raises(SignInError):
        asyncio.run(flow.begin("en"))
    clock[0] = 6.0
    assert asyncio.run(flow.begin("en"))
    announcing.down, clock[0] = True, 1_000.0
    assert asyncio.run(flow.begin("en")), "what it said before still stands"
    with pytest.raises(SignInError) as refused:
        entered(flow)
    assert refused.value.why == "down", "its keys are not known"


def test_sign_out_goes_no_further_where_the_provider_has_no_place_for_it(announcing: IdentityProvider) -> None:
    announcing.document = announced(announcing)
    del announcing.document["end_session_endpoint"]
    flow = flow_to(announcing)
    assert asyncio.run(flow.leaving(entered(flow))) is None
    whole = flow_to(announcing)
    announcing.document = None
    assert "id_token_hint" not in str(asyncio.run(whole.leaving(replace(entered(whole), token=""))))


def test_cookies_go_over_https_alone_where_people_come_by_it(provider: IdentityProvider, tmp_path: Path) -> None:
    ledger, address = str(tmp_path / "greffe.db"), "https://greffe.example"
    with (
        api(ledger, identity=settings(provider), public_address=address) as server,
        httpx.Client(base_url=server.url, headers=PAGE) as visitor,
    ):
        left = visitor.get("/sign-in/provider")
        assert "; secure" in left.headers["set-cookie"].lower()
        assert "redirect_uri=https%3A%2F%2Fgreffe.example%2Fsign-in%2Fback" in left.headers["location"]
        inside = visitor.post("/sign-in", data={"key": server.secret(Role.AUDITOR)})
        assert "; secure" in inside.headers["set-cookie"].lower()
