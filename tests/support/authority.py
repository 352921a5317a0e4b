"""A timestamp authority on this machine: ``openssl ts`` behind a small HTTP server."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography import x509

POLICY = "1.2.3.4.1"
CONFIG = f"""\
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[tsa_cert]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha512
default_policy = {POLICY}
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = no
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Authority:
    """A running authority: where it answers, and the root that its tokens lead to."""

    url: str
    root: x509.Certificate


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """Makes a root and an authority in ``folder``, and answers requests until the end of the block."""
    (folder / "tsa.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    _openssl(
        folder,
        *["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"],
        *_root(),
    )
    _openssl(
        folder,
        *[
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "tsa.key",
            "-out",
            "tsa.csr",
        ],
        *("-subj", "/CN=Test timestamp authority"),
    )
    _openssl(
        folder,
        *[
            "x509",
            "-req",
            "-in",
            "tsa.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-CAcreateserial",
            "-days",
            "20",
            "-out",
            "tsa.pem",
        ],
        *("-extfile", "tsa.cnf", "-extensions", "tsa_cert"),
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(folder))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        root = x509.load_pem_x509_certificate((folder / "root.pem").read_bytes())
        yield Authority(f"http://127.0.0.1:{server.server_port}", root)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _root() -> list[str]:
    return [
        *("-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Test root"),
        *("-config", "tsa.cnf", "-extensions", "ca"),
    ]


def _handler(folder: Path) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["content-length"]))
            if self.path == "/page":
                self._send("text/html", b"<p>not a timestamp</p>")
            elif self.path != "/":
                self.send_error(404)
            else:
                (folder / "request.tsq").write_bytes(asked)
                reply = ["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "request.tsq", "-out", "reply.tsr"]
                _openssl(folder, *reply)
                self._send("application/timestamp-reply", (folder / "reply.tsr").read_bytes())

        def _send(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keeps the output of the tests clean."""

    return Handler


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607 - the system's
