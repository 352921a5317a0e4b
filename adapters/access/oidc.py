"""Bearer tokens of an OpenID Connect provider: who they speak for, once their signature and their terms are checked.

The provider's keys are fetched once and kept ten minutes; a token signed with a key not known yet has them fetched
again, twice a minute at most, so that a key may be rotated and nobody can make us fetch at will. A provider that cannot
be reached is no reason to refuse keys already known, for an hour; then nobody's token is believed.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import jmespath
import jwt
from jwt import PyJWK, PyJWKSet, PyJWTError

from adapters.access.gate import ProviderDownError, UnidentifiedError
from adapters.access.model import AccessError, Role, Scope
from adapters.settings.identity import IdentitySettings

FRESH_SECONDS = 600.0
STALE_SECONDS = 3_600.0
AGAIN_SECONDS = 30.0
TIMEOUT_SECONDS = 5.0
LONGEST_DOCUMENT = 1_000_000
LONGEST_TOKEN = 16_384
LONGEST_NAME = 200
REQUIRED = ["exp", "iat", "iss", "aud", "sub"]
DISCOVERY = "/.well-known/openid-configuration"


class Oidc:
    """One identity provider. ``clock`` counts seconds, from any origin."""

    def __init__(self, settings: IdentitySettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._keys: dict[str, PyJWK] = {}
        self._fetched: float | None = None
        self._tried: float | None = None
        self._fetching = asyncio.Lock()

    async def identify(self, token: str) -> tuple[str, str, Role, Scope]:
        """(id, name, role, scope) of a token's subject.

        Raises UnidentifiedError where the token is not to be believed, ProviderDownError where its keys are unknown.
        """
        try:
            return self.subject(await self.claims(token, self._settings.oidc_audience))
        except (PyJWTError, AccessError) as error:
            french = error.french if isinstance(error, AccessError) else f"« {_sentence(error)} »"
            raise UnidentifiedError(
                f"This token is not accepted: {_sentence(error)}.", f"Ce jeton n'est pas accepté : {french}."
            ) from None

    async def claims(self, token: str, audience: str) -> dict[str, Any]:
        """What a token for an audience says, once it is believed. Raises PyJWTError, ProviderDownError."""
        if len(token) > LONGEST_TOKEN:
            raise jwt.DecodeError("the token is too long")
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in self._settings.oidc_algorithms:
            raise jwt.InvalidAlgorithmError("the token is signed in a way that is not accepted")
        found: dict[str, Any] = jwt.decode(
            token,
            await self._key(header.get("kid")),
            algorithms=list(self._settings.oidc_algorithms),
            audience=audience,
            issuer=self._settings.oidc_issuer,
            leeway=self._settings.oidc_leeway,
            options={"require": REQUIRED},
        )
        return found

    async def _key(self, kid: object) -> PyJWK:
        if not isinstance(kid, str):
            raise jwt.InvalidKeyError("the token does not name its key")
        if self._age(self._fetched) >= FRESH_SECONDS or kid not in self._keys:
            async with self._fetching:
                await self._refresh(kid)
        if kid not in self._keys:
            if self._fetched is None:
                raise ProviderDownError
            raise jwt.InvalidKeyError("the token names a key that its issuer does not have")
        return self._keys[kid]

    async def _refresh(self, kid: str) -> None:
        """Fetches the keys, unless another request just did or it was tried too lately."""
        fresh = self._age(self._fetched) < FRESH_SECONDS and kid in self._keys
        if fresh or self._age(self._tried) < AGAIN_SECONDS:
            return
        self._tried = self._clock()
        try:
            self._keys = await self._fetch()
            self._fetched = self._clock()
        except (httpx.HTTPError, httpx.InvalidURL, PyJWTError, ValueError, TypeError, KeyError):
            if self._age(self._fetched) >= STALE_SECONDS:
                self._keys, self._fetched = {}, None

    async def _fetch(self) -> dict[str, PyJWK]:
        settings = self._settings
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
            address = settings.oidc_jwks
            if not address:
                found = await discovered(client, settings.oidc_issuer)
                address = IdentitySettings(oidc_jwks=found["jwks_uri"]).oidc_jwks
            keys = PyJWKSet.from_dict(await _document(client, address)).keys
        return {
            key.key_id: key
            for key in keys
            if key.key_id and key.algorithm_name in settings.oidc_algorithms and key.public_key_use in {None, "sig"}
        }

    def subject(self, claims: dict[str, Any]) -> tuple[str, str, Role, Scope]:
        """(id, name, role, scope) that claims name. Raises AccessError where they name none that we know."""
        settings = self._settings
        roles = {role for role in texts(settings.oidc_role, claims) if role in set(Role)}
        if len(roles) != 1:
            raise AccessError("it names no role, or several", "il ne nomme aucun rôle, ou plusieurs")
        role = Role(roles.pop())
        scope = Scope.of(
            texts(settings.oidc_providers, claims),
            texts(settings.oidc_clients, claims),
            texts(settings.oidc_contracts, claims),
        )
        scope.check(role)
        name = claims.get("name") or claims.get("email") or claims["sub"]
        return f"oidc:{claims['sub'][:LONGEST_NAME]}", str(name)[:LONGEST_NAME], role, scope

    def _age(self, since: float | None) -> float:
        return float("inf") if since is None else self._clock() - since


async def discovered(client: httpx.AsyncClient, issuer: str) -> dict[str, Any]:
    """What an issuer says of itself. Raises what ``_document`` raises, KeyError, and ValueError for another's."""
    found = await _document(client, issuer.rstrip("/") + DISCOVERY)
    if found["issuer"] != issuer:
        raise ValueError("the discovery document is another issuer's")
    return found


async def _document(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """A JSON object from an address; redirections are not followed. Raises httpx.HTTPError, ValueError, TypeError."""
    async with client.stream("GET", address) as answer:
        status, found = await read_json(answer)
    if status != httpx.codes.OK:
        raise ValueError(f"the issuer answers {status}")
    return found


async def read_json(answer: httpx.Response) -> tuple[int, dict[str, Any]]:
    """The status and the object of an answer that comes in. Raises ValueError, TypeError for anything else."""
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > LONGEST_DOCUMENT:
            raise ValueError("the issuer's document is too long")
    found = httpx.Response(200, content=bytes(body)).json()
    if not isinstance(found, dict):
        raise TypeError("the issuer's document is no object")
    return answer.status_code, found


def texts(path: str, claims: dict[str, Any]) -> Iterable[str]:
    """The texts at a path of the claims: one, or a list. Raises AccessError for anything else that is there."""
    found = jmespath.search(path, claims)
    texts = [] if found is None else found if isinstance(found, list) else [found]
    if not all(isinstance(text, str) and text for text in texts):
        raise AccessError(
            f"its claim {path} is not a text, or a list of texts",
            f"son champ {path} n'est ni un texte ni une liste de textes",
        )
    return texts


def _sentence(error: Exception) -> str:
    said = str(error)
    return said[:1].lower() + said[1:].rstrip(".")
