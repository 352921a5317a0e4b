"""What a forger does who has everything but the key: takes a bundle apart, changes it, puts it together again."""

import json
from contextlib import suppress
from hashlib import sha256
from typing import Any

from adapters.evidence.bundled import LANGUAGES, Bundled
from adapters.evidence.verify import (
    WITHHELD,
    NotProvenError,
    canonical,
    instant,
    pack,
    personal_paths,
    put_together,
    unpack,
)
from domain.errors import GreffeError

Line = dict[str, Any]


class Forger:
    """A bundle in parts. ``lines`` are its entries, ``heads`` its list of heads, ``claim`` what it says of itself."""

    def __init__(self, data: bytes) -> None:
        self.members = unpack(data)
        self.lines: list[Line] = [json.loads(line) for line in self.members["entries.jsonl"].splitlines()]
        self.heads: dict[str, Any] = json.loads(self.members["heads.json"])
        self.claim: dict[str, Any] = json.loads(self.members["bundle.json"])

    def entry(self, number: int) -> dict[str, Any]:
        """What an entry says."""
        found: dict[str, Any] = json.loads(self.lines[number]["entry"])
        return found

    def say(self, number: int, **members: Any) -> None:
        """Makes an entry say something else, in its one right spelling."""
        self.lines[number]["entry"] = canonical(self.entry(number) | members).decode()

    def made(self, *, figures: bool = False) -> bytes:
        """The bundle put together again: entries, facts, counts and digests fit; with ``figures`` the statement too."""
        self.members["entries.jsonl"] = b"".join(canonical(line) + b"\n" for line in self.lines)
        self.members["heads.json"] = canonical(self.heads)
        events = [self._event(line) for line in self.lines]
        shown = [event for event in events if event is not None]
        with suppress(KeyError, TypeError, NotProvenError):  # an event without a time or a name: any order will do
            shown.sort(key=lambda event: (instant(event["time"]), event["source"], event["id"]))
        self.members["facts.jsonl"] = b"".join(canonical(event) + b"\n" for event in shown)
        self.claim["withheld"] = len(self.lines) - len(shown)
        if figures:
            self._recompute()
        return self.listed()

    def listed(self) -> bytes:
        """The members as they are, with a list that fits them."""
        self.claim["members"] = {
            name: sha256(data).hexdigest() for name, data in self.members.items() if name != "bundle.json"
        }
        self.members["bundle.json"] = canonical(self.claim)
        return pack(self.members)

    def _recompute(self) -> None:
        with suppress(GreffeError):  # what was forged derives nothing: the old statement stays
            bundled = Bundled(self.claim, self.members)
            self.members["statement.json"] = bundled.statement(bundled.readings())
            for lang in LANGUAGES:
                self.members[f"explanation.{lang}.txt"] = bundled.explanation(lang).encode()

    def _event(self, line: Line) -> dict[str, Any] | None:
        """The fact that a line shows whole; None where it does not, or what was forged is none."""
        with suppress(ValueError, KeyError, TypeError, AttributeError, NotProvenError):
            entry = json.loads(line["entry"])
            withheld = [field["path"] for field in line["fields"] if "salt" not in field]
            if all(path in personal_paths(entry["type"]) for path in withheld):
                said = [(field["path"], field.get("value", WITHHELD.get(field.get("why")))) for field in line["fields"]]
                return {**put_together(said), "recordedtime": entry["at"]}
        return None
