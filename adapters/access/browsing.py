"""Signing in with an identity provider from a browser: OpenID Connect, authorization code with PKCE (RFC 7636, S256).

What starts a sign-in (state, nonce, verifier) is kept by the browser that started it, sealed; so an answer that another
browser, another provider or an earlier attempt got is worth nothing here. The provider's own words are believed once
their signature, issuer, audience, nonce and end are checked, by the same code and settings as those of bearer tokens.
"""

import asyncio
import hmac
import secrets
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import httpx
from jwt import PyJWTError

from adapters.access.gate import ProviderDownError
from adapters.access.model import AccessError, Session
from adapters.access.oidc import FRESH_SECONDS, TIMEOUT_SECONDS, Oidc, discovered, read_json, texts
from adapters.settings.identity import IdentitySettings, encrypted
from domain.errors import GreffeError
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant

LONGEST_SESSION = 12 * 3_600 * MICROSECONDS_PER_SECOND
RANDOM_BYTES = 32
BACK = "/sign-in/back"
CHANGED_MIND = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})
BUSY = frozenset({"server_error", "temporarily_unavailable"})
AGAIN_SECONDS = 5.0
Why = Literal["denied", "state", "issuer", "down", "refused", "token", "role", "wide"]


class SignInError(GreffeError):
    """Nobody was let in: ``why``, and what was said of it."""

    def __init__(self, why: Why, english: str = "", french: str = "") -> None:
        super().__init__(english, french or english)
        self.why = why


class Begun(NamedTuple):
    """What the browser that started a sign-in keeps until it comes back."""

    state: str
    nonce: str
    verifier: str


class CodeFlow:
    """Sign-in with one provider. ``public`` is the address by which people reach us; ``clock`` counts seconds."""

    def __init__(
        self, settings: IdentitySettings, provider: Oidc, public: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._provider = provider
        self._public = public
        self._clock = clock
        self._found: tuple[float, dict[str, Any]] | None = None
        self._tried = float("-inf")
        self._asking = asyncio.Lock()

    @property
    def name(self) -> str:
        """What people call the provider."""
        return self._settings.oidc_name or str(urlsplit(self._settings.oidc_issuer).hostname)

    async def begin(self, lang: str) -> tuple[Begun, str]:
        """A new sign-in, and the address where the provider asks people who they are. Raises SignInError."""
        found = await self._provider_document()
        begun = Begun(*(_random() for _ in Begun._fields))
        challenge = urlsafe_b64encode(sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client,
            "redirect_uri": self._public + BACK,
            "scope": " ".join(self._settings.oidc_scopes),
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "ui_locales": lang,
        }
        return begun, _with(_endpoint(found, "authorization_endpoint"), asked)

    async def finish(self, begun: Begun | None, answer: Mapping[str, str], at: Instant) -> Session:
        """The session of whoever comes back with the provider's answer. Raises SignInError."""
        if begun is None or not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise SignInError("state")
        found = await self._provider_document()
        issuer = answer.get("iss")
        if issuer != self._settings.oidc_issuer and (
            issuer is not None or found.get("authorization_response_iss_parameter_supported") is True
        ):
            raise SignInError("issuer")
        if "error" in answer or not answer.get("code"):
            raise _refused(answer.get("error", "no code"))
        tokens = await self._exchange(found, answer["code"], begun.verifier)
        try:
            return await self._session(tokens, begun.nonce, at)
        except ProviderDownError:
            raise SignInError("down") from None
        except PyJWTError as error:
            raise SignInError("token", str(error)) from None
        except AccessError as error:
            raise SignInError("role", error.english, error.french) from None

    async def leaving(self, session: Session) -> str | None:
        """Where people sign out at the provider too; None where it has no such place. Raises SignInError."""
        found = await self._provider_document()
        if "end_session_endpoint" not in found:
            return None
        asked = {"client_id": self._settings.oidc_client, "post_logout_redirect_uri": f"{self._public}/sign-in"}
        hint = {"id_token_hint": session.token} if session.token else {}
        return _with(_endpoint(found, "end_session_endpoint"), asked | hint)

    async def _session(self, tokens: Mapping[str, Any], nonce: str, at: Instant) -> Session:
        """Who the tokens speak for: the ID token says who, and it or an access token for this API in which role."""
        settings, token = self._settings, str(tokens.get("id_token", ""))
        claims = await self._provider.claims(token, settings.oidc_client)
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise SignInError("token", "its nonce is another", "son nonce est autre")
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims.get("azp", settings.oidc_client if len(audiences) == 1 else None) != settings.oidc_client:
            raise SignInError(
                "token", "it was made for another application", "il a été fait pour une autre application"
            )
        spoken = claims
        access = await self._access(tokens)
        if access.get("sub") == claims["sub"] and texts(settings.oidc_role, access):
            spoken = {"name": claims.get("name"), "email": claims.get("email"), **access}
        ident, name, role, scope = self._provider.subject(spoken)
        ends = min(int(claims["exp"]), int(spoken["exp"])) * MICROSECONDS_PER_SECOND
        if ends <= at:
            raise SignInError("token", "it has expired", "il a expiré")
        until = Instant(min(ends, at + LONGEST_SESSION))
        return Session(secrets.token_hex(16), ident, name, role, scope, at, until, token)

    async def _access(self, tokens: Mapping[str, Any]) -> dict[str, Any]:
        """What the access token says where it is one for this API; else nothing: others are not ours to read."""
        try:
            return await self._provider.claims(str(tokens.get("access_token", "")), self._settings.oidc_audience)
        except PyJWTError:
            return {}

    async def _exchange(self, found: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
        """The tokens that a code is good for, once."""
        settings = self._settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._public + BACK,
            "code_verifier": verifier,
        }
        headers = {"Accept": "application/json"}
        secret = settings.oidc_client_secret
        if secret is None:
            form["client_id"] = settings.oidc_client
        elif "client_secret_basic" in found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            both = f"{quote(settings.oidc_client, safe='')}:{quote(secret.get_secret_value(), safe='')}"
            headers["Authorization"] = f"Basic {b64encode(both.encode()).decode()}"
        else:
            form |= {"client_id": settings.oidc_client, "client_secret": secret.get_secret_value()}
        try:
            async with (
                httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client,
                client.stream("POST", _endpoint(found, "token_endpoint"), data=form, headers=headers) as answer,
            ):
                status, tokens = await read_json(answer)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError):
            raise SignInError("down") from None
        if status != httpx.codes.OK:
            raise _refused(str(tokens.get("error", status)))
        return tokens

    async def _provider_document(self) -> dict[str, Any]:
        """What the provider says of itself, asked again after ten minutes; what it said last while it is down."""
        if self._found is None or self._clock() - self._found[0] >= FRESH_SECONDS:
            async with self._asking:
                if self._clock() - self._tried >= AGAIN_SECONDS:
                    self._tried = self._clock()
                    await self._ask()
        if self._found is None:
            raise SignInError("down")
        return self._found[1]

    async def _ask(self) -> None:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
                self._found = self._clock(), await discovered(client, self._settings.oidc_issuer)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError, KeyError):
            return


def _endpoint(found: Mapping[str, Any], name: str) -> str:
    """An address of the provider's. Raises SignInError for one that others could listen to, or none."""
    address = found.get(name)
    if not isinstance(address, str) or not encrypted(address):
        raise SignInError("refused", f"{name}: no address in https://", f"{name} : aucune adresse en https://")
    return address


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _refused(code: str) -> SignInError:
    """Why the provider let nobody in, by its own code."""
    if code in CHANGED_MIND:
        return SignInError("denied", code[:100])
    return SignInError("down" if code in BUSY else "refused", code[:100])


def _random() -> str:
    return secrets.token_urlsafe(RANDOM_BYTES)
