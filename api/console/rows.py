"""Rows of a statement with what a page adds to them: the title of their rule, and where a click leads."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from adapters.eventstore.store import Deadline
from api.parts import Parts
from domain.errors import UnknownDocumentError

Row = dict[str, Any]
GRAVEST = ("breached", "missed", "unmeasured", "running", "met")


class Promises:
    """The titles of rules, found once each."""

    def __init__(self, parts: Parts) -> None:
        self._catalogue = parts.catalogue
        self._titles: dict[str, dict[str, str]] = {}

    def title(self, rule: str | None) -> dict[str, str]:
        """The title of a rule in both languages; its id where no text has it."""
        if rule is None:
            return {"en": "", "fr": ""}
        if rule not in self._titles:
            try:
                found = self._catalogue.rule(rule).title
                self._titles[rule] = {"en": found.en, "fr": found.fr}
            except (KeyError, UnknownDocumentError):
                self._titles[rule] = {"en": rule, "fr": rule}
        return self._titles[rule]

    def metric(self, rule: str) -> str:
        """What a line is measured as; empty where no text has it."""
        try:
            return str(getattr(self._catalogue.rule(rule), "metric", ""))
        except (KeyError, UnknownDocumentError):
            return ""


def deadline_row(found: Deadline, promises: Promises) -> Row:
    """A deadline as it stands, with its contract, its title and its figure."""
    row: Row = json.loads(found.body)
    return {
        **row,
        "contract": found.contract,
        "title": promises.title(row["rule"]),
        "figure": figure(found.contract, f"deadlines.{found.number}"),
    }


def figure(contract: str, path: str, query: str = "") -> str:
    """The address that explains one figure."""
    joined = "&" if query else "?"
    return f"/contracts/{quote(contract, safe='')}/figure{query}{joined}path={quote(path, safe='.')}"


def worst(rows: Sequence[Row]) -> str:
    """The gravest state of several."""
    states = {row["state"] for row in rows}
    return next((state for state in GRAVEST if state in states), "none")
