"""Notifications and messages as they are told to an operator: as JSON, and as a line that a terminal can show."""

import json
from collections.abc import Sequence
from typing import Any

from adapters.notify.rows import Message, Notification
from adapters.notify.words import Lang, headline
from domain.time.instant import Instant, format_instant

_STATES = {
    "en": {name: name for name in ("ready", "claimed", "handed", "sent", "failed", "doubtful")},
    "fr": {
        "ready": "prêt",
        "claimed": "en cours",
        "handed": "remis",
        "sent": "envoyé",
        "failed": "abandonné",
        "doubtful": "douteux",
    },
}
_WHY = {
    "en": "{release}  {recipient}  {contract}  {headline}  (rule {rule}, threshold {threshold}, {grouped}) {id}",
    "fr": "{release}  {recipient}  {contract}  {headline}  (règle {rule}, seuil {threshold}, {grouped}) {id}",
}


def plan_json(one: Notification) -> dict[str, Any]:
    """A notification: to whom, when, why, and what it says."""
    return {
        "id": one.id,
        "recipient": one.recipient,
        "contract": one.contract,
        "rule": one.rule,
        "threshold": one.threshold,
        "severity": one.severity,
        "passed": format_instant(one.at),
        "release": format_instant(one.release),
        "grouped": one.grouped,
        "state": one.state,
        "sent": _instant(one.sent),
        "acknowledged": _instant(one.acknowledged),
        "says": json.loads(one.body),
    }


def message_json(message: Message, carried: Sequence[Notification]) -> dict[str, Any]:
    """A message, and the notifications in it."""
    return {
        "id": message.id,
        "recipient": message.recipient,
        "grouped": message.grouped,
        "state": message.state,
        "made": format_instant(message.made),
        "attempts": message.attempts,
        "error": message.error,
        "sent": _instant(message.sent),
        "notifications": [plan_json(one) for one in carried],
    }


def line(one: Notification, lang: Lang) -> str:
    """A notification on one line: when, to whom, what, and why."""
    said = headline(json.loads(one.body), lang)
    values = one._asdict() | {"release": format_instant(one.release), "headline": said}
    return _visible(_WHY[lang].format(**values))


def message_line(message: Message, lang: Lang) -> str:
    """A message on one line."""
    at = format_instant(message.sent or message.made)
    state = _STATES[lang][message.state]
    return _visible(f"{at}  {state:<9}  {message.recipient}  {message.attempts}  {message.id}  {message.error}")


def _instant(at: Instant | None) -> str | None:
    return None if at is None else format_instant(at)


def _visible(text: str) -> str:
    """With every character that a terminal would obey written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
