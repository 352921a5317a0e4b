"""Who is signed in: the credential, sealed in a cookie that the browser keeps and no script can read.

A session is the API key itself, or what the identity provider said of somebody, encrypted and dated (Fernet) under a
secret of the server: nothing is kept here, so every replica that shares the secret knows it. A key that is revoked or
expires ends its sessions with it; one that the provider opened ends with the provider's token, or as soon as it is
ended for all.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, replace
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from adapters.access.browsing import SignInError
from adapters.access.model import Role, Scope, Session
from domain.time.instant import Instant

HOURS = 12
SECONDS = HOURS * 3_600
COOKIE = "greffe-session"
WAITING, WAITING_SECONDS = "greffe-sign-in", 600
"""The cookie of a sign-in that is under way with the provider, and how long it may take."""
LONGEST = 3_800
"""Characters of a cookie's value: browsers keep 4,096 bytes with its name and attributes."""
_KEY = b"greffe console session"
_FORM = b"greffe console form"
_SESSION, _WAITING = "session:", "waiting:"


class Sessions:
    """Seals and opens credentials under one secret; without one, under a key drawn now, for as long as this runs."""

    def __init__(self, secret: str | None = None) -> None:
        key = Fernet.generate_key() if secret is None else _derived(secret)
        self._box = Fernet(key)
        self._form = hmac.digest(key, _FORM, sha256)

    def seal(self, credential: str) -> str:
        """The value of the cookie of a key."""
        return self._box.encrypt(credential.encode()).decode("ascii")

    def seal_session(self, session: Session) -> str:
        """The value of the cookie of a session that the provider opened. Raises SignInError where it is too long."""
        for kept in (session, replace(session, token="")):
            sealed = self.seal(_SESSION + _text_of(kept))
            if len(sealed) <= LONGEST:
                return sealed
        raise SignInError("wide")

    def open(self, cookie: str) -> str | Session | None:
        """The key or the session of a cookie; None where it is not ours, was changed, or is older than twelve hours."""
        found = self._opened(cookie, SECONDS)
        if found is None or found.startswith(_WAITING):
            return None
        return _session_of(found.removeprefix(_SESSION)) if found.startswith(_SESSION) else found

    def seal_waiting(self, kept: Mapping[str, str]) -> str:
        """The value of the cookie of a sign-in that is under way."""
        return self.seal(_WAITING + json.dumps(kept))

    def open_waiting(self, cookie: str) -> dict[str, str]:
        """What was kept of a sign-in that is under way; nothing where there is none, or it took too long."""
        found = self._opened(cookie, WAITING_SECONDS)
        if found is None or not found.startswith(_WAITING):
            return {}
        kept: dict[str, str] = json.loads(found.removeprefix(_WAITING))
        return kept

    def token(self, cookie: str) -> str:
        """What a form of this session carries: another site cannot know it."""
        return hmac.new(self._form, cookie.encode(), sha256).hexdigest()

    def matches(self, cookie: str, token: str) -> bool:
        """Whether a form came from a page of this session."""
        return hmac.compare_digest(self.token(cookie).encode(), token.encode())

    def _opened(self, cookie: str, seconds: int) -> str | None:
        try:
            return self._box.decrypt(cookie.encode(), ttl=seconds).decode()
        except (InvalidToken, UnicodeError):
            return None


def _text_of(session: Session) -> str:
    values: dict[str, Any] = asdict(session)
    values["scope"] = {name: sorted(names) for name, names in values["scope"].items() if names is not None}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _session_of(text: str) -> Session:
    values: dict[str, Any] = json.loads(text)
    values |= {"role": Role(values["role"]), "scope": Scope.of(**values["scope"])}
    return Session(**values | {"began": Instant(values["began"]), "until": Instant(values["until"])})


def _derived(secret: str) -> bytes:
    return urlsafe_b64encode(hmac.digest(secret.encode(), _KEY, sha256))
