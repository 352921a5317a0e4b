"""Who is signed in: the credential, sealed in a cookie that the browser keeps and no script can read.

A session is the API key itself, encrypted and dated (Fernet) under a secret of the server: nothing is kept here, so
every replica that shares the secret knows it, and a key that is revoked or expires ends its sessions with it.
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken

HOURS = 12
SECONDS = HOURS * 3_600
COOKIE = "greffe-session"
_KEY = b"greffe console session"
_FORM = b"greffe console form"


class Sessions:
    """Seals and opens credentials under one secret; without one, under a key drawn now, for as long as this runs."""

    def __init__(self, secret: str | None = None) -> None:
        key = Fernet.generate_key() if secret is None else _derived(secret)
        self._box = Fernet(key)
        self._form = hmac.digest(key, _FORM, sha256)

    def seal(self, credential: str) -> str:
        """The value of the cookie."""
        return self._box.encrypt(credential.encode()).decode("ascii")

    def open(self, cookie: str) -> str | None:
        """The credential of a cookie; None where it is not ours, was changed, or is older than twelve hours."""
        try:
            return self._box.decrypt(cookie.encode(), ttl=SECONDS).decode()
        except (InvalidToken, UnicodeError):
            return None

    def token(self, cookie: str) -> str:
        """What a form of this session carries: another site cannot know it."""
        return hmac.new(self._form, cookie.encode(), sha256).hexdigest()

    def matches(self, cookie: str, token: str) -> bool:
        """Whether a form came from a page of this session."""
        return hmac.compare_digest(self.token(cookie).encode(), token.encode())


def _derived(secret: str) -> bytes:
    return urlsafe_b64encode(hmac.digest(secret.encode(), _KEY, sha256))
