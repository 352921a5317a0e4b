"""Letters as calls of an address: webhooks signed as Standard Webhooks, and the formats of Slack, Teams and Mattermost.

The last byte of each call leaves once that is written down. Redirects are not followed.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx

from adapters.notify.addresses import is_loopback
from adapters.notify.delivery import DoubtError, HandOver, UndeliveredError
from adapters.notify.letter import SENT, Letter
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, format_instant

PREFIX = "whsec_"
LEAST_BYTES = 24
GONE, OK, REDIRECTED = 410, 200, 300
MOST_IN_CHAT = 20
MOST_LETTERS = 2_900
"""As long as one block of Slack may be, nearly."""
_SLACK = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def signing_keys(secret: str) -> list[bytes]:
    """The keys in a secret: ``whsec_`` and base64, several with spaces between them while one replaces another.

    Raises ValueError, without the secret.
    """
    keys = []
    for one in secret.split():
        try:
            keys.append(base64.b64decode(one.removeprefix(PREFIX), validate=True))
        except binascii.Error:
            raise ValueError("expected whsec_ and base64") from None
    if not keys or min(map(len, keys)) < LEAST_BYTES:
        raise ValueError(f"expected at least {LEAST_BYTES} bytes in base64 after whsec_")
    return keys


def signature(keys: Sequence[bytes], id_: str, at_seconds: int, body: bytes) -> str:
    """The header ``webhook-signature`` (https://www.standardwebhooks.com): one signature for each key."""
    signed = b"%b.%d.%b" % (id_.encode(), at_seconds, body)
    made = (base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys)
    return " ".join(f"v1,{one}" for one in made)


def webhook_body(letter: Letter) -> bytes:
    """What programs read; the same letter gives the same bytes."""
    at = format_instant(Instant(letter.made))
    return _json({"type": SENT, "timestamp": at, "data": letter.data})


def webhook_headers(letter: Letter, body: bytes, keys: Sequence[bytes], at: Instant) -> dict[str, str]:
    """The headers of a webhook sent at an instant."""
    seconds = at // MICROSECONDS_PER_SECOND
    return {
        "webhook-id": letter.id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(keys, letter.id, seconds, body),
    }


def slack_body(letter: Letter) -> bytes:
    """A message of Slack (incoming webhook, Block Kit)."""
    blocks: list[dict[str, Any]] = []
    for part in letter.parts:
        if part.intro:
            blocks.append(_slack_text(_slack(part.intro)))
        for section in part.sections[:MOST_IN_CHAT]:
            headline = _slack(section.headline)
            headline = f"<{section.link}|{headline}>" if section.link else f"*{headline}*"
            blocks.append(_slack_text("\n".join([headline, *map(_slack, section.lines)])))
        blocks += [{"type": "context", "elements": [{"type": "mrkdwn", "text": _slack(part.why)}]}]
    return _json({"text": _slack(letter.subject), "blocks": blocks})


def mattermost_body(letter: Letter) -> bytes:
    """A message of Mattermost (incoming webhook, Markdown)."""
    lines = []
    for part in letter.parts:
        lines += [part.intro] if part.intro else []
        for section in part.sections[:MOST_IN_CHAT]:
            headline = _markdown(section.headline)
            lines.append(f"#### [{headline}]({section.link})" if section.link else f"#### {headline}")
            lines += [f"- {_markdown(line)}" for line in section.lines]
        lines.append(f"_{_markdown(part.why)}_")
    return _json({"text": "\n".join(lines)})


def teams_body(letter: Letter) -> bytes:
    """A message of Microsoft Teams (workflow that takes a webhook, Adaptive Card 1.4)."""
    body: list[dict[str, Any]] = []
    actions: list[dict[str, Any]] = []
    for part in letter.parts:
        if part.intro:
            body.append({"type": "TextBlock", "text": _markdown(part.intro), "wrap": True})
        for section in part.sections[:MOST_IN_CHAT]:
            body.append({"type": "TextBlock", "text": _markdown(section.headline), "weight": "Bolder", "wrap": True})
            lines = "\n".join(f"- {_markdown(line)}" for line in section.lines)
            body.append({"type": "TextBlock", "text": lines, "wrap": True, "spacing": "Small"})
            if section.link and not actions:
                actions.append({"type": "Action.OpenUrl", "title": section.headline, "url": section.link})
        body.append({"type": "TextBlock", "text": _markdown(part.why), "isSubtle": True, "wrap": True})
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": actions,
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return _json({"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]})


BODIES = {"webhook": webhook_body, "slack": slack_body, "teams": teams_body, "mattermost": mattermost_body}


class Caller:
    """Calls addresses; ``close`` ends its connections."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._clients: dict[bool, httpx.Client] = {}

    def send(self, url: str, body: bytes, headers: dict[str, str], hand_over: HandOver) -> None:
        """Posts a body. Raises UndeliveredError, DoubtError, and what ``hand_over`` raises."""
        handed = False

        def pieces() -> Iterator[bytes]:
            nonlocal handed
            yield body[:-1]
            hand_over()
            handed = True
            yield body[-1:]

        fixed = {"content-type": "application/json", "content-length": str(len(body)), "user-agent": "greffe"}
        try:
            answer = self._client(url).post(url, content=pieces(), headers=fixed | headers)
        except httpx.HTTPError as error:
            if handed:
                raise DoubtError(f"no answer: {_words(error)}") from None
            raise UndeliveredError(_words(error)) from None
        if not OK <= answer.status_code < REDIRECTED:
            said = f"HTTP {answer.status_code}"
            raise UndeliveredError(said, final=answer.status_code == GONE, after=_retry_after(answer))
        if not handed:
            raise UndeliveredError(f"HTTP {answer.status_code} before the body was sent")

    def close(self) -> None:
        """Ends its connections."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _client(self, url: str) -> httpx.Client:
        """What is on this machine is never asked through a proxy."""
        here = is_loopback(urlsplit(url).hostname or "")
        if here not in self._clients:
            self._clients[here] = httpx.Client(timeout=self._seconds, follow_redirects=False, trust_env=not here)
        return self._clients[here]


def _retry_after(answer: httpx.Response) -> float | None:
    """The seconds that an answer asks to wait for; a date is not read."""
    said = answer.headers.get("retry-after", "")
    return float(said) if said.isdecimal() else None


def _words(error: httpx.HTTPError) -> str:
    """What went wrong, without the address: it may be a secret."""
    return type(error).__name__


def _slack_text(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:MOST_LETTERS]}}


def _slack(text: str) -> str:
    return "".join(_SLACK.get(letter, letter) for letter in text)


def _markdown(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|~" else letter for letter in text)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
