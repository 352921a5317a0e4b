"""Tokens of an identity provider, on a real HTTP server: what is believed, and every way not to be."""

import asyncio
import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from adapters.access.gate import ProviderDownError, UnidentifiedError
from adapters.access.model import Role, Scope
from adapters.access.oidc import AGAIN_SECONDS, FRESH_SECONDS, STALE_SECONDS, Oidc
from adapters.settings.identity import IdentitySettings
from tests.support.access import house
from tests.support.identity_provider import AUDIENCE, IdentityProvider, identity_provider


class Seconds:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer() -> Iterator[IdentityProvider]:
    with identity_provider() as provider:
        yield provider


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def settings(issuer: IdentityProvider, **more: Any) -> IdentitySettings:
    return IdentitySettings(oidc_issuer=issuer.issuer, oidc_audience=AUDIENCE, **more)


@pytest.fixture
def oidc(issuer: IdentityProvider, seconds: Seconds) -> Oidc:
    return Oidc(settings(issuer), seconds)


Identity = tuple[str, str, Role, Scope]


def identify(oidc: Oidc, token: str) -> Identity:
    return asyncio.run(oidc.identify(token))


def refused(oidc: Oidc, token: str, why: str) -> None:
    with pytest.raises(UnidentifiedError, match=why):
        identify(oidc, token)


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    parts = (json.dumps(part).encode() for part in (header, claims))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_good_token_says_who_and_what_it_may_see(issuer: IdentityProvider, algorithm: str) -> None:
    issuer.rotate("k-1", algorithm)
    oidc = Oidc(settings(issuer, oidc_algorithms=(algorithm,)))
    token = issuer.token(greffe_role=["staff", "client"], greffe_clients="client-1", greffe_providers=["outscale"])
    scope = Scope.of(providers=["outscale"], clients=["client-1"])
    assert identify(oidc, token) == ("oidc:u-1", "Someone", Role.CLIENT, scope)


def test_role_and_contracts_are_where_the_settings_say(issuer: IdentityProvider) -> None:
    oidc = Oidc(settings(issuer, oidc_role="realm.roles[?contains(@, 'cli')]", oidc_contracts="a.b[].id"))
    token = issuer.token(greffe_role=None, realm={"roles": ["x", "client"]}, a={"b": [{"id": "C-1"}, {"id": "C-2"}]})
    assert identify(oidc, token)[2:] == (Role.CLIENT, Scope.of(contracts=["C-1", "C-2"]))


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "http://127.0.0.1:1"}, "issuer"),
        ({"aud": "another"}, "[Aa]udience"),
        ({"aud": None}, "aud"),
        ({"exp": int(time.time()) - 120}, "expired"),
        ({"exp": None}, "exp"),
        ({"nbf": int(time.time()) + 3_600}, "not yet valid"),
        ({"iat": int(time.time()) + 3_600}, "not yet valid"),
        ({"sub": None}, "sub"),
        ({"greffe_role": None}, "no role"),
        ({"greffe_role": "king"}, "no role"),
        ({"greffe_role": ["auditor", "operator"]}, "or several"),
        ({"greffe_role": {"auditor": True}}, "not a text"),
        ({"greffe_role": "client"}, "names its client id"),
        ({"greffe_role": "desk", "greffe_providers": []}, "names its provider"),
        ({"greffe_role": "client", "greffe_clients": [7]}, "not a text"),
        ({"greffe_contracts": ["C-1"]}, "is not limited to contracts"),
    ],
)
def test_token_whose_terms_are_not_met_is_refused(
    oidc: Oidc, issuer: IdentityProvider, claims: dict[str, Any], why: str
) -> None:
    refused(oidc, issuer.token(**claims), why)


def test_clocks_may_differ_by_the_leeway_and_no_more(oidc: Oidc, issuer: IdentityProvider) -> None:
    now = int(time.time())
    assert identify(oidc, issuer.token(exp=now - 10, iat=now + 10, nbf=now + 10))[0] == "oidc:u-1"
    refused(oidc, issuer.token(exp=now - 90), "expired")


def test_token_signed_with_the_public_key_as_a_password_is_refused(oidc: Oidc, issuer: IdentityProvider) -> None:
    public = issuer.keys["k-1"][1].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = unsigned({"alg": "HS256", "typ": "JWT", "kid": "k-1"}, issuer.claims())[:-1]
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(head.encode(), public)
    refused(oidc, f"{head}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}", "not accepted")


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS512", "PS256", ""])
def test_other_algorithms_are_refused_before_any_key_is_looked_at(
    oidc: Oidc, issuer: IdentityProvider, algorithm: str
) -> None:
    refused(oidc, unsigned({"alg": algorithm, "kid": "k-1"}, issuer.claims()), "not accepted")
    assert issuer.asked == []


def test_key_of_another_algorithm_does_not_verify_a_pinned_one(issuer: IdentityProvider) -> None:
    issuer.rotate("k-1", "ES256")
    refused(Oidc(settings(issuer)), unsigned({"alg": "RS256", "kid": "k-1"}, issuer.claims()), "does not have")


def test_forged_and_broken_tokens_are_refused(oidc: Oidc, issuer: IdentityProvider) -> None:
    token = issuer.token()
    other = IdentityProvider()
    other.issuer = issuer.issuer
    other.rotate("k-1")
    head, claims, signature = token.split(".")
    richer = unsigned({}, issuer.claims(greffe_role="administrator")).split(".")[1]
    for forged in (
        other.token(),
        f"{head}.{richer}.{signature}",
        f"{head}.{claims}.",
        "a.b.c",
        "x",
        "é" * 9,
        "." * 20_000,
    ):
        refused(oidc, forged, "not accepted")


def test_key_rotated_by_the_issuer_is_fetched_when_it_is_first_met(
    oidc: Oidc, issuer: IdentityProvider, seconds: Seconds
) -> None:
    assert identify(oidc, issuer.token())[0] == "oidc:u-1"
    issuer.rotate("k-2")
    seconds.now += AGAIN_SECONDS
    assert identify(oidc, issuer.token())[0] == "oidc:u-1"
    assert issuer.asked.count("/keys") == 2


def test_unknown_keys_do_not_make_us_fetch_at_will(oidc: Oidc, issuer: IdentityProvider, seconds: Seconds) -> None:
    identify(oidc, issuer.token())
    seconds.now += AGAIN_SECONDS
    for number in range(20):
        refused(oidc, issuer.token(headers={"kid": f"k-none-{number}"}), "does not have")
    assert issuer.asked.count("/keys") == 2


def test_many_at_once_fetch_the_keys_once(oidc: Oidc, issuer: IdentityProvider) -> None:
    async def at_once() -> list[Identity]:
        return await asyncio.gather(*(oidc.identify(issuer.token()) for _ in range(20)))

    assert len(asyncio.run(at_once())) == 20
    assert issuer.asked.count("/keys") == 1


def test_key_withdrawn_by_the_issuer_is_refused_once_the_keys_are_fetched_again(
    oidc: Oidc, issuer: IdentityProvider, seconds: Seconds
) -> None:
    token = issuer.token()
    identify(oidc, token)
    issuer.rotate("k-2")
    seconds.now += FRESH_SECONDS
    refused(oidc, token, "does not have")


def test_provider_that_is_down_at_first_is_said_and_tried_again(
    oidc: Oidc, issuer: IdentityProvider, seconds: Seconds
) -> None:
    issuer.down = True
    for _ in range(3):
        with pytest.raises(ProviderDownError):
            identify(oidc, issuer.token())
    assert len(issuer.asked) == 1
    issuer.down = False
    seconds.now += AGAIN_SECONDS
    assert identify(oidc, issuer.token())[0] == "oidc:u-1"


def test_provider_that_goes_down_later_is_done_without_for_an_hour(
    oidc: Oidc, issuer: IdentityProvider, seconds: Seconds
) -> None:
    identify(oidc, issuer.token())
    issuer.down = True
    seconds.now += STALE_SECONDS - 1
    assert identify(oidc, issuer.token())[0] == "oidc:u-1"
    seconds.now += AGAIN_SECONDS
    with pytest.raises(ProviderDownError):
        identify(oidc, issuer.token())


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "http://127.0.0.1:1", "jwks_uri": "http://127.0.0.1:1/keys"},
        {"jwks_uri": "http://127.0.0.1:1/keys"},
        {"issuer": "ours", "jwks_uri": "http://keys.example/keys"},
        {"issuer": "ours", "jwks_uri": 7},
        {"issuer": "ours", "jwks_uri": "http://127.0.0.1:1/keys"},
    ],
)
def test_discovery_document_that_cannot_be_believed_gives_no_key(
    oidc: Oidc, issuer: IdentityProvider, document: dict[str, Any]
) -> None:
    issuer.document = document | ({"issuer": issuer.issuer} if document.get("issuer") == "ours" else {})
    with pytest.raises(ProviderDownError):
        identify(oidc, issuer.token())


def test_keys_may_be_at_an_address_that_is_configured(issuer: IdentityProvider) -> None:
    oidc = Oidc(settings(issuer, oidc_jwks=f"{issuer.issuer}/keys"))
    identify(oidc, issuer.token())
    assert issuer.asked == ["/keys"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"oidc_issuer": "http://idp.example"}, "https"),
        ({"oidc_issuer": "https://idp.example"}, "oidc_audience goes with"),
        ({"oidc_algorithms": ("HS256",)}, "RS256"),
        ({"oidc_algorithms": ("none",)}, "RS256"),
        ({"oidc_algorithms": ()}, "at least 1"),
        ({"oidc_role": "a["}, "JMESPath"),
    ],
)
def test_settings_that_would_let_anybody_in_are_refused(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        IdentitySettings(**wrong)


def test_token_passes_the_gate_like_a_key(tmp_path: Path, issuer: IdentityProvider) -> None:
    with house(str(tmp_path / "greffe.db"), Oidc(settings(issuer))) as at_home:
        token = issuer.token(greffe_role="client", greffe_clients=["client-2"])
        assert at_home.get("/v1/contracts", token).json() == ["C-2"]
        assert at_home.get("/v1/contracts/C-1/statement", token).status_code == 404
        assert at_home.get("/v1/contracts", issuer.token(aud="another")).status_code == 401
        assert [(entry.caller, entry.name, entry.status) for entry in at_home.access.log()] == [
            ("oidc:u-1", "Someone", 200),
            ("oidc:u-1", "Someone", 404),
            (None, None, 401),
        ]


def test_provider_that_is_down_answers_503_and_the_keys_still_work(tmp_path: Path, issuer: IdentityProvider) -> None:
    issuer.down = True
    with house(str(tmp_path / "greffe.db"), Oidc(settings(issuer))) as at_home:
        assert at_home.get("/v1/contracts", issuer.token()).status_code == 503
        assert at_home.get("/v1/contracts", at_home.key(Role.AUDITOR)).status_code == 200
