"""An explanation as text for a lawyer: figure, clause, readings, arithmetic, events."""

from collections.abc import Iterable, Mapping
from typing import Any

LABELS = {
    "en": {
        "clause": "Clause", "rule": "Rule", "value": "Figure", "readings": "Readings chosen", "steps": "How it is reached",
        "events": "What it rests on", "recorded": "recorded", "none": "(no event)",
    },
    "fr": {
        "clause": "Clause", "rule": "Règle", "value": "Valeur", "readings": "Lectures choisies", "steps": "Comment on y arrive",
        "events": "Ce sur quoi elle repose", "recorded": "enregistré", "none": "(aucun événement)",
    },
}


def explanation_words(explained: Iterable[Mapping[str, Any]], lang: str) -> str:
    """One block per figure."""
    return "\n\n".join(_block(one, LABELS[lang]) for one in explained)


def _block(one: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    head = one["figure"] if one["title"] is None else f"{one['figure']} — {one['title']}"
    lines = [head, f"{labels['value']}: {_shown(one['value'])}"]
    if one["rule"] is not None:
        lines.append(f"{labels['rule']}: {one['rule']}")
    if one["clause"] is not None:
        lines.append(f"{labels['clause']}: {one['clause']}")
    if one["readings"]:
        lines.append(f"{labels['readings']}:")
        lines += [f"  {r['parameter']} = {r['value']}: {r['meaning']}" for r in one["readings"]]
    lines.append(f"{labels['steps']}:")
    lines += [f"  {number}. {step}" for number, step in enumerate(one["steps"], start=1)]
    lines.append(f"{labels['events']}:")
    for event in one["events"]:
        lines.append(f"  {event['time']}  {event['what']}  [{event['event']}, {labels['recorded']} {event['recorded']}]")
        if event["data"]:
            lines.append("      " + ", ".join(f"{name} {value}" for name, value in event["data"].items()))
    if not one["events"]:
        lines.append(f"  {labels['none']}")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    return "—" if value is None else str(value)
