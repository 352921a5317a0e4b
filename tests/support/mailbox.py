"""Servers on this machine that notifications are sent to: one for mail, one for webhooks. They count what arrives."""

import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 kept"


@dataclass
class Mailbox:
    """A mail server. ``answers`` are given to the next messages instead of accepting them; None says nothing more."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    kept: Callable[[int], object] = lambda _: None
    """Called with how many mails there are, after each."""

    async def handle_RCPT(  # noqa: N802 - the name is the library's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes any recipient but those that are refused."""
        del server, session, options
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keeps a message, or answers as it was told to."""
        del server, session
        answer = self.answers.pop(0) if self.answers else ACCEPTED
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
            self.recipients.append(list(envelope.rcpt_tos))
            self.kept(len(self.mails))
        return answer

    @property
    def ids(self) -> Counter[str]:
        """How often each message came."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)


@contextmanager
def mail_server(**options: Any) -> Iterator[Mailbox]:
    """A mail server on a free port of this machine."""
    mailbox = Mailbox(_spare_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, **options)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def _spare_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@dataclass
class Hook:
    """A receiver of webhooks. ``answers`` are the statuses of the next calls; 0 ends the call without one."""

    url: str = ""
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def ids(self) -> Counter[str]:
        """How often each message came."""
        return Counter(headers["webhook-id"] for headers, _ in self.calls)

    @property
    def bodies(self) -> list[Any]:
        """What came, read."""
        return [json.loads(body) for _, body in self.calls]


@contextmanager
def hook_server() -> Iterator[Hook]:
    """A receiver of webhooks on a free port of this machine."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # who called is gone
            status, headers = hook.answers.pop(0) if hook.answers else (204, {})
            if status in {0, 204}:
                hook.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Says nothing of who called and is gone."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    hook.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
