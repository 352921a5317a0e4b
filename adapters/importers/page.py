"""One entry of a status page, whichever of the two published shapes it came in.

The Statuspage API writes ``name``, ``created_at``, ``scheduled_for`` and ``incident_updates``; archived histories
write ``title``, ``downtime_start``, ``downtime_end`` and ``updates``. Times are kept as the page wrote them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.saying import french_of
from domain.errors import InvalidInstantError, UnreadableHistoryError
from domain.time.instant import Instant, parse_instant

Raw = Mapping[str, Any]


class MalformedEntryError(Exception):
    """An entry that lacks what an entry must have; the text names the field."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant and the very text, offset included, in which the page gave it."""

    text: str
    instant: Instant


Window = tuple[Moment, Moment | None]
Span = tuple[Moment, Moment]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the page. ``window`` is the time the service was affected, open where the page gives no end.

    ``published`` is when the page first told of it and ``settled`` when it told of its end; ``planned`` and
    ``performed`` are a maintenance's two windows, as far as the page gives them.
    """

    id: str
    title: str
    impact: str
    components: tuple[str, ...]
    published: Moment
    settled: Moment | None
    window: Window
    planned: Span | None
    performed: Span | None


def read_entries(path: Path) -> list[Raw]:
    """The raw entries of an ``incidents.json`` or of a file with one entry a line.

    Raises UnreadableHistoryError naming the file and the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableHistoryError(
            f"{path.name}: not UTF-8 text ({error.reason})",
            f"{path.name} : n'est pas un texte en UTF-8 ({error.reason})",
        ) from None
    except OSError as error:
        raise UnreadableHistoryError(f"{path}: {error.strerror}", f"{path} : {french_of(error)}") from None
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        return [_line(path.name, number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not isinstance(whole, dict):
        raise UnreadableHistoryError(
            f"{path.name}: expected an object with incidents, or one object a line",
            f"{path.name} : attendu : un objet avec incidents, ou un objet par ligne",
        )
    lists = [whole[key] for key in ("incidents", "scheduled_maintenances") if key in whole]
    if not lists:
        return [whole]
    entries: list[Raw] = [
        entry for found in lists if isinstance(found, list) for entry in found if isinstance(entry, dict)
    ]
    if len(entries) != sum(len(found) if isinstance(found, list) else 1 for found in lists):
        raise UnreadableHistoryError(
            f"{path.name}: incidents: expected a list of objects",
            f"{path.name} : incidents : attendu : une liste d'objets",
        )
    return entries


def _line(name: str, number: int, line: str) -> Raw:
    try:
        entry = json.loads(line)
    except json.JSONDecodeError as error:
        raise UnreadableHistoryError(
            f"{name}, line {number}: not JSON ({error.msg})",
            f"{name}, ligne {number} : n'est pas du JSON ({error.msg})",
        ) from None
    if not isinstance(entry, dict):
        raise UnreadableHistoryError(
            f"{name}, line {number}: expected an object", f"{name}, ligne {number} : attendu : un objet"
        )
    return entry


def parse_entry(raw: Raw) -> Entry:
    """The entry. Raises MalformedEntryError naming the field."""
    started = _first_moment(raw, "started_at", "created_at")
    if started is None:
        raise MalformedEntryError("started_at is missing")
    settled = _first_moment(raw, "resolved_at")
    return Entry(
        id=_text(raw, "id"),
        title=_text(raw, "title", "name"),
        impact=_text(raw, "impact"),
        components=_components(raw),
        published=_first_moment(raw, "created_at") or started,
        settled=settled,
        window=(_first_moment(raw, "downtime_start") or started, _first_moment(raw, "downtime_end") or settled),
        planned=_span(_first_moment(raw, "scheduled_for"), _first_moment(raw, "scheduled_until")),
        performed=_performed(raw, settled),
    )


def _performed(raw: Raw, settled: Moment | None) -> Span | None:
    """From the update that says the work is under way to the one that says it is done."""
    updates = raw.get("incident_updates") or raw.get("updates") or []
    if not isinstance(updates, list) or not all(isinstance(update, dict) for update in updates):
        raise MalformedEntryError("updates: expected a list of objects")
    by_status: dict[str, list[Moment]] = {}
    for update in updates:
        moment = _first_moment(update, "at", "display_at", "created_at")
        if moment:
            by_status.setdefault(str(update.get("status")).lower().replace(" ", "_"), []).append(moment)
    begun = min(by_status.get("in_progress", []), key=lambda moment: moment.instant, default=None)
    done = max(by_status.get("completed", []), key=lambda moment: moment.instant, default=settled)
    return _span(begun, done)


def _span(start: Moment | None, end: Moment | None) -> Span | None:
    return (start, end) if start and end else None


def _components(raw: Raw) -> tuple[str, ...]:
    listed = raw.get("components") or []
    if not isinstance(listed, list):
        raise MalformedEntryError("components: expected a list of names")
    names: list[str] = []
    for item in listed:
        name = item.get("name") if isinstance(item, dict) else item
        if not isinstance(name, str) or not name.strip():
            raise MalformedEntryError("components: expected a list of names")
        names.append(name)
    return tuple(names)


def _text(raw: Raw, *keys: str) -> str:
    value = next((raw[key] for key in keys if raw.get(key) is not None), None)
    if not isinstance(value, str) or not value.strip():
        raise MalformedEntryError(f"{keys[0]} is missing")
    return value


def _first_moment(raw: Raw, *keys: str) -> Moment | None:
    for key in keys:
        value = raw.get(key)
        if value is not None:
            try:
                return Moment(value, parse_instant(value))
            except InvalidInstantError as error:
                raise MalformedEntryError(f"{key}: {error}") from None
    return None
