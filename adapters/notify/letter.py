"""One message as a letter: a subject, lines and sections, in the languages of who reads it; no channel's format yet."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from adapters.notify.rows import Claim
from adapters.notify.words import Lang, details, headline, word
from domain.time.instant import Instant, format_instant

MOST_SECTIONS = 100
"""As many notifications as one letter spells out; the others are counted."""
SENT = "greffe.notification.v1"
_KINDS = {"digest": "digest", "before": "before", "many": "together", "doubt": "doubt"}


class Section(NamedTuple):
    """One notification in one language."""

    headline: str
    lines: tuple[str, ...]
    link: str | None


class Part(NamedTuple):
    """The letter in one language. ``intro`` says why several notifications come together; empty for one alone."""

    lang: Lang
    subject: str
    intro: str
    sections: tuple[Section, ...]
    more: str
    why: str


class Letter(NamedTuple):
    """A message that is ready for any channel; ``data`` is what programs read."""

    id: str
    made: Instant
    severity: str
    series: str
    repeats: bool
    parts: tuple[Part, ...]
    data: dict[str, Any]

    @property
    def subject(self) -> str:
        """The subject in every language."""
        return " / ".join(dict.fromkeys(part.subject for part in self.parts))


def letter_of(claim: Claim, langs: Sequence[Lang], console: str | None) -> Letter:
    """The letter of a claim; ``console`` is the address under which people find the ledger's pages."""
    said = [{"notification": one.id, **json.loads(one.body)} for one in claim.notifications]
    ranks = {"low": 0, "normal": 1, "high": 2}
    severity = max((one["severity"] for one in said), key=lambda one: ranks[one], default="normal")
    kind = claim.message.grouped.partition(":")[0]
    first = claim.notifications[0] if claim.notifications else None
    data = {
        "message": claim.message.id,
        "kind": "alert" if kind == "at-once" else kind,
        "repeats": claim.message.grouped.removeprefix("doubt:") if kind == "doubt" else None,
        "made": format_instant(claim.message.made),
        "notifications": said,
    }
    return Letter(
        claim.message.id,
        claim.message.made,
        severity,
        "" if first is None else f"{first.contract}\n{first.thing}\n{first.recipient}",
        kind == "doubt",
        tuple(_part(said, kind, lang, console) for lang in langs),
        data,
    )


def test_letter(recipient: str, langs: Sequence[Lang], at: Instant) -> Letter:
    """A letter that says that it is a test; one of another instant is another letter."""
    id_ = hashlib.sha256(f"test\n{recipient}\n{at}".encode()).hexdigest()[:32]
    parts = tuple(
        Part(lang, f"[{word('alert', lang)}] {word('test', lang)}", "", (), "", word("tested", lang)) for lang in langs
    )
    data: dict[str, Any] = {
        "message": id_,
        "kind": "test",
        "repeats": None,
        "made": format_instant(at),
        "notifications": [],
    }
    return Letter(id_, at, "normal", f"test\n{recipient}", False, parts, data)


def _part(said: list[dict[str, Any]], kind: str, lang: Lang, console: str | None) -> Part:
    sections = tuple(
        Section(headline(one, lang), tuple(details(one, lang)), _link(one, console)) for one in said[:MOST_SECTIONS]
    )
    subject = (
        f"{sections[0].headline} ({said[0]['contract']})" if len(said) == 1 else word("many", lang).format(len(said))
    )
    if kind == "doubt":
        subject = f"{word('repeated', lang)} – {subject}"
    intro = word(_KINDS[kind], lang) + "." if kind in _KINDS else ""
    left = len(said) - len(sections)
    rules = ", ".join(dict.fromkeys(one["rule"] for one in said))
    return Part(
        lang,
        f"[{word('alert', lang)}] {subject}",
        intro,
        sections,
        word("more", lang).format(left) if left else "",
        word("why", lang).format(rules),
    )


def _link(said: dict[str, Any], console: str | None) -> str | None:
    """The page of the console that shows it."""
    if console is None:
        return None
    from urllib.parse import quote  # noqa: PLC0415 - only where there is a console

    page = {"deadline": "deadlines", "budget": "service-levels", "support": "support"}[said["kind"]]
    return f"{console}/contracts/{quote(said['contract'], safe='')}/{page}"
