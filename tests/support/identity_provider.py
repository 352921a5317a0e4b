"""An identity provider: a real HTTP server with its own keys, that tests stop, rotate and make lie."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

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


class IdentityProvider:
    """Its ``keys`` by kid are (algorithm, private key); ``asked`` counts what was fetched, by path."""

    def __init__(self) -> None:
        self.keys: dict[str, tuple[str, Any]] = {}
        self.asked: list[str] = []
        self.down = False
        self.document: dict[str, Any] | None = None
        self.issuer = ""

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
            return self.document or {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"}
        return {"keys": [self._public(kid) for kid in self.keys]} if path == "/keys" else None

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
            found = provider.answer(self.path)
            body = json.dumps(found).encode()
            self.send_response(503 if found is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

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
