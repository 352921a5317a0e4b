"""An identity provider: a real HTTP server with its own keys, that tests stop, rotate and make lie.

Its door is that of OpenID Connect: a form that asks whether to let somebody in, codes that are good once for who can
show the verifier (PKCE), tokens, and a place to sign out.
"""

import json
import secrets
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as ec_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa_key
from jwt.algorithms import get_default_algorithms

AUDIENCE = "greffe"
MAKERS = {
    "RS256": lambda: rsa_key(65_537, 2_048),
    "ES256": lambda: ec_key(SECP256R1()),
    "EdDSA": Ed25519PrivateKey.generate,
}


CLIENT, SECRET = "console", "s3cret:of the console"


@dataclass
class Door:
    """What tests set: what the tokens say, and where the door goes wrong."""

    claims: dict[str, Any] = field(default_factory=dict)
    access: dict[str, Any] | None = None
    refuses: str | None = None
    answers: dict[str, str] = field(default_factory=dict)
    down: bool = False
    public: bool = False
    asks: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    wrongs: list[str] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)


class IdentityProvider:
    """Its ``keys`` by kid are (algorithm, private key); ``asked`` counts what was fetched, by path."""

    def __init__(self) -> None:
        self.keys: dict[str, tuple[str, Any]] = {}
        self.asked: list[str] = []
        self.down = False
        self.document: dict[str, Any] | None = None
        self.issuer = ""
        self.door = Door()

    def rotate(self, kid: str, algorithm: str = "RS256") -> None:
        """One key, of this name, and no other."""
        self.keys = {kid: (algorithm, MAKERS[algorithm]())}

    def token(self, kid: str | None = None, headers: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token signed with a key of ours; a claim of None is left out."""
        kid = kid or next(iter(self.keys))
        algorithm, key = self.keys[kid]
        return jwt.encode(self.claims(**claims), key, algorithm, headers={"kid": kid} | (headers or {}))

    def claims(self, **claims: Any) -> dict[str, Any]:
        """What a good token says, with these changes."""
        now = int(time.time())
        good = {"iss": self.issuer, "aud": AUDIENCE, "sub": "u-1", "iat": now, "exp": now + 300}
        every = good | {"name": "Someone", "greffe_role": "auditor"} | claims
        return {name: value for name, value in every.items() if value is not None}

    def answer(self, path: str) -> dict[str, Any] | None:
        """What is served at a path."""
        self.asked.append(path)
        if self.down:
            return None
        if path == "/.well-known/openid-configuration":
            ends = ("authorization", "token", "end_session")
            return self.document or {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"} | {
                f"{name}_endpoint": f"{self.issuer}/{name}" for name in ends
            }
        return {"keys": [self._public(kid) for kid in self.keys]} if path == "/keys" else None

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes back to, with a code or a refusal."""
        door = self.door
        answer = {"state": asked["state"], "session_state": "theirs"}
        if door.refuses is not None:
            answer["error"] = door.refuses
        else:
            answer["code"] = secrets.token_hex(8)
            door.codes[answer["code"]] = asked
        return f"{asked['redirect_uri']}?{urlencode(answer | door.answers)}"

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The tokens for a code; what was wrong with the request stands in ``door.wrongs``."""
        door, asked = self.door, self.door.codes.pop(form.get("code", ""), None)
        if asked is None:
            return 400, {"error": "invalid_grant"}
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        client, _, secret = b64decode(authorization.removeprefix("Basic ") or b"").decode().partition(":")
        basic, posted = (unquote(client), unquote(secret)), (form.get("client_id"), form.get("client_secret"))
        known = posted == (CLIENT, None) if door.public else (CLIENT, SECRET) in {basic, posted}
        checks = {
            "client": known,
            "pkce": (asked["code_challenge_method"], asked["code_challenge"]) == ("S256", challenge),
            "redirect": form["redirect_uri"] == asked["redirect_uri"],
            "scope": "openid" in asked["scope"].split(),
        }
        door.wrongs += [name for name, holds in checks.items() if not holds]
        if not all(checks.values()):
            return 401, {"error": "invalid_client"}
        said = {"aud": CLIENT, "nonce": asked["nonce"]} | door.claims
        tokens = {"token_type": "Bearer", "access_token": "opaque", "id_token": self.token(**said)}
        return 200, tokens if door.access is None else tokens | {"access_token": self.token(**door.access)}

    def _public(self, kid: str) -> dict[str, Any]:
        algorithm, key = self.keys[kid]
        public = get_default_algorithms()[algorithm].to_jwk(key.public_key(), as_dict=True)  # type: ignore[call-overload]
        return {**public, "kid": kid, "alg": algorithm, "use": "sig"}


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """A provider that listens on a spare loopback port."""
    provider = IdentityProvider()
    provider.rotate("k-1")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked, path = _first(urlsplit(self.path).query), urlsplit(self.path).path
            if path == "/authorization" and provider.door.asks:
                self._link(f"/allowed?{urlsplit(self.path).query}", "Allow")
            elif path == "/mail":
                self._link(asked["link"], "Elsewhere")
            elif path in {"/authorization", "/allowed"}:
                self._go(provider.authorize(asked))
            elif path == "/end_session":
                provider.door.left.append(asked)
                self._go(asked["post_logout_redirect_uri"])
            else:
                found = provider.answer(self.path)
                self._say(503 if found is None else 200, json.dumps(found).encode())

        def do_POST(self) -> None:
            form = _first(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, found = provider.exchange(form, self.headers.get("Authorization", ""))
            self._say(503, b"<html>") if provider.door.down else self._say(status, json.dumps(found).encode())

        def _link(self, address: str, words: str) -> None:
            page = f'<!doctype html><title>Provider</title><a href="{escape(address)}">{words}</a>'
            self._say(200, page.encode(), "text/html")

        def _say(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _go(self, address: str) -> None:
            self.send_response(302)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _first(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
