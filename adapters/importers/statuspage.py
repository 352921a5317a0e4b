"""A published status-page history, turned into facts of the ledger.

``to_facts`` is pure: the same entries, mapping and subject give the same facts, with the same ids, whatever the order
of the entries. ``run`` reads and writes the files. What does not become a fact is reported with its reason.

The occurred axis is the page's own window of the outage; the recorded axis is when the page told of it.
Where a page publishes no schedule for a maintenance, the announced window is the performed one.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.importers.mapping import DEFAULT_MAPPING, Mapping, load_mapping
from adapters.importers.page import Entry, MalformedEntryError, Moment, Raw, parse_entry, read_entries
from domain.errors import InvalidMappingError
from domain.time.instant import parse_instant

CloudEvent = dict[str, Any]

REASONS = {
    "malformed": ("the entry cannot be read", "l'entrée est illisible"),
    "repeated": ("the page gives this id a second time", "la page donne cet identifiant une seconde fois"),
    "ignored-impact": ("the mapping ignores this impact", "la table de correspondance ignore cette gravité"),
    "unknown-impact": (
        "the mapping does not know this impact",
        "la table de correspondance ignore tout de cette gravité",
    ),
    "ignored-component": ("the mapping ignores this component", "la table de correspondance ignore ce composant"),
    "ignored-components": (
        "the mapping ignores every component it names",
        "la table de correspondance ignore tous les composants qu'elle nomme",
    ),
    "no-service": (
        "no component known to the mapping, and no default service",
        "aucun composant connu de la table de correspondance, et pas de service par défaut",
    ),
    "no-duration": ("it starts and ends at the same instant", "elle commence et finit au même instant"),
    "ends-before-start": ("it ends before it starts", "elle finit avant de commencer"),
    "no-window": ("a maintenance with neither schedule nor progress", "une maintenance sans horaire ni déroulement"),
}


@dataclass(frozen=True, slots=True)
class Skipped:
    """What did not become a fact: a whole entry, or one ``component`` of an entry that otherwise did."""

    entry: str
    title: str
    reason: str
    detail: str = ""
    component: str | None = None

    def text(self, language: str = "en") -> str:
        """One line for a person, in ``en`` or ``fr``."""
        why = REASONS[self.reason][language == "fr"]
        detail = f" ({self.component or self.detail})" if self.component or self.detail else ""
        quoted = f"« {self.title} » :" if language == "fr" else f'"{self.title}":'
        return f"{self.entry} {quoted} {why}{detail}"


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did: entries read, facts made by type, everything left out, and the facts as JSON ``lines``."""

    entries: int
    imported: int
    facts: tuple[tuple[str, int], ...]
    skipped: tuple[Skipped, ...]
    lines: str = field(repr=False)

    def text(self, language: str = "en") -> str:
        """The report for a person, in ``en`` or ``fr``: the counts, then a line for each thing left out."""
        whole = [skipped for skipped in self.skipped if skipped.component is None]
        head = (
            f"{self.entries} entrées : {self.imported} importées, {len(whole)} écartées"
            if language == "fr"
            else f"{self.entries} entries: {self.imported} imported, {len(whole)} left out"
        )
        counts = [f"  {count:6} {kind}" for kind, count in self.facts]
        lines = [head, *counts, *(f"  - {skipped.text(language)}" for skipped in self.skipped)]
        return "".join(f"{line}\n" for line in lines)


def run(path: Path, mapping_path: Path | None = None, contract: str | None = None, out: Path | None = None) -> Report:
    """Import a history; the report holds the facts as JSON lines, also written to ``out`` when given.

    The facts go to ``contract``, else to the contracts of the mapping. Raises UnreadableHistoryError,
    InvalidMappingError.
    """
    mapping = load_mapping(mapping_path or DEFAULT_MAPPING)
    subjects = (contract,) if contract else mapping.contracts
    if not subjects:
        raise InvalidMappingError(
            f"{(mapping_path or DEFAULT_MAPPING).name}: contracts: name a contract, here or with --contract",
            f"{(mapping_path or DEFAULT_MAPPING).name} : contracts : nommez un contrat, ici ou avec --contract",
        )
    entries = read_entries(path)
    facts: list[CloudEvent] = []
    skipped: list[Skipped] = []
    for subject in subjects:
        found, skipped = to_facts(entries, mapping, subject)
        facts += found
    lines = to_lines(facts)
    if out:
        out.write_text(lines, encoding="utf-8")
    left_out = sum(1 for one in skipped if one.component is None)
    kinds = tuple(sorted(Counter(fact["type"] for fact in facts).items()))
    return Report(len(entries), len(entries) - left_out, kinds, tuple(skipped), lines)


def to_lines(facts: Iterable[CloudEvent]) -> str:
    """The facts as JSON lines, one to a line, each ended."""
    return "".join(json.dumps(fact, ensure_ascii=False, separators=(",", ":")) + "\n" for fact in facts)


def to_facts(incidents: Sequence[Raw], mapping: Mapping, subject: str) -> tuple[list[CloudEvent], list[Skipped]]:
    """The facts of the incidents for one subject, by time then id, and what was left out, with its reason."""
    facts: list[CloudEvent] = []
    skipped: list[Skipped] = []
    seen: set[str] = set()
    for raw in incidents:
        try:
            entry = parse_entry(raw)
        except MalformedEntryError as error:
            skipped.append(
                Skipped(
                    str(raw.get("id", "?")), str(raw.get("title") or raw.get("name") or "?"), "malformed", str(error)
                )
            )
            continue
        if entry.id in seen:
            skipped.append(Skipped(entry.id, entry.title, "repeated"))
            continue
        seen.add(entry.id)
        for made in _entry_facts(entry, mapping, subject):
            if isinstance(made, Skipped):
                skipped.append(made)
            else:
                facts.append(made)
    facts.sort(key=lambda fact: (parse_instant(fact["time"]), fact["id"]))
    return facts, skipped


def _entry_facts(entry: Entry, mapping: Mapping, subject: str) -> Iterator[CloudEvent | Skipped]:
    meaning = mapping.impact.get(entry.impact)
    if meaning is None or meaning == "ignore":
        yield Skipped(entry.id, entry.title, "unknown-impact" if meaning is None else "ignored-impact", entry.impact)
        return
    services, ignored = _services(entry, mapping)
    if not services:
        yield Skipped(entry.id, entry.title, "ignored-components" if ignored else "no-service", ", ".join(ignored))
        return
    words = mapping.maintenance.pattern
    if meaning == "maintenance" or entry.planned or (words and words.search(entry.title)):
        made = list(_maintenance_facts(entry, mapping, subject, services))
    else:
        made = list(_outage_facts(entry, mapping, subject, services, meaning))
    yield from made
    if not any(isinstance(one, Skipped) for one in made):
        for component in ignored:
            yield Skipped(entry.id, entry.title, "ignored-component", component=component)


def _services(entry: Entry, mapping: Mapping) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The services the entry touches, sorted, and the components that the mapping ignores."""
    services: set[str] = set()
    ignored: list[str] = []
    for text in entry.components or (entry.title,):
        rule = mapping.rule_for(text)
        if rule is None:
            services |= {mapping.default_service} if mapping.default_service else set()
        elif rule.ignore:
            ignored.append(text)
        else:
            services |= set(rule.services)
    return tuple(sorted(services)), tuple(ignored)


def _outage_facts(
    entry: Entry, mapping: Mapping, subject: str, services: tuple[str, ...], extent: str
) -> Iterator[CloudEvent | Skipped]:
    start, end = entry.window
    if end and end.instant <= start.instant:
        yield Skipped(
            entry.id, entry.title, "no-duration" if end.instant == start.instant else "ends-before-start", start.text
        )
        return
    for service in services:
        outage = f"{entry.id}/{service}"
        data = {"outage": outage, "service": service, "started_at": start.text, "extent": extent, "incident": entry.id}
        yield _event(mapping, subject, "outage.recorded", outage, occurred=start, told=entry.published, data=data)
        if end:
            data = {"outage": outage, "ended_at": end.text, "confirmed_by": "monitoring"}
            yield _event(mapping, subject, "outage.ended", outage, occurred=end, told=entry.settled or end, data=data)


def _maintenance_facts(
    entry: Entry, mapping: Mapping, subject: str, services: tuple[str, ...]
) -> Iterator[CloudEvent | Skipped]:
    announced = entry.planned or entry.performed
    if announced is None:
        yield Skipped(entry.id, entry.title, "no-window")
        return
    for start, end in filter(None, (announced, entry.performed)):
        if end.instant <= start.instant:
            reason = "no-duration" if end.instant == start.instant else "ends-before-start"
            yield Skipped(entry.id, entry.title, reason, start.text)
            return
    data = {
        "maintenance": entry.id,
        "kind": mapping.maintenance.kind,
        "starts_at": announced[0].text,
        "ends_at": announced[1].text,
        "services": list(services),
    }
    yield _event(
        mapping, subject, "maintenance.announced", entry.id, occurred=entry.published, told=entry.published, data=data
    )
    if entry.performed:
        begun, done = entry.performed
        data = {"maintenance": entry.id, "starts_at": begun.text, "ends_at": done.text}
        yield _event(mapping, subject, "maintenance.performed", entry.id, occurred=done, told=done, data=data)


def _event(
    mapping: Mapping, subject: str, kind: str, thing: str, *, occurred: Moment, told: Moment, data: CloudEvent
) -> CloudEvent:
    """The CloudEvent; nothing is known before it happened, so the recorded axis starts at the occurred one."""
    return {
        "specversion": "1.0",
        "id": f"{subject}/{thing}/{kind}",
        "source": mapping.source,
        "type": f"greffe.{kind}.v1",
        "subject": subject,
        "time": occurred.text,
        "recordedtime": max(occurred, told, key=lambda moment: moment.instant).text,
        "data": data,
    }
