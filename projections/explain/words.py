"""An explanation as text for a lawyer: figure, text and clause, readings, arithmetic, events."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from projections.shown import is_instant, moment, money, number, percent
from projections.wording import STATES, Pair, colon, field_word, pick, state_word, value_word

LABELS: Mapping[str, Pair] = {
    "contract": ("Contract", "Contrat"),
    "figure": ("Figure", "Chiffre"),
    "text": ("Text", "Texte"),
    "version": ("version", "version"),
    "clause": ("Clause", "Clause"),
    "rule": ("Rule", "Règle"),
    "steps": ("How it is reached (Paris time)", "Comment on y arrive (heure de Paris)"),
    "readings": ("How the texts are read", "Comment les textes sont lus"),
    "chosen": ("chosen", "choisie"),
    "default": ("default", "par défaut"),
    "events": ("What it rests on", "Sur quoi il repose"),
    "recorded": ("recorded", "enregistré"),
    "none": ("no event", "aucun événement"),
}
RATIOS = ("availability", "ratio")
SUMS = ("payable", "gross", "average_monthly_revenue", "credit_note")


def explanation_words(explained: Iterable[Mapping[str, Any]], lang: str) -> str:
    """One block per figure."""
    return "\n\n".join("\n".join(_block(one, lang)) for one in explained)


def _block(one: Mapping[str, Any], lang: str) -> Iterator[str]:
    def label(name: str) -> str:
        return pick(LABELS[name], lang)

    def said(name: str, value: str) -> str:
        return f"{label(name)}{colon(lang)}{value}"

    head = f"{one['contract']}  {one['figure']}"
    yield head if one["title"] is None else f"{head} — {one['title']}"
    yield _value(one, lang)
    text = one["document"]
    if text is not None:
        yield said("text", f"{text['title']} ({text['id']}, {label('version')} {text['version']})")
    if one["clause"] is not None:
        yield said("clause", one["clause"])
    if one["rule"] is not None:
        yield said("rule", one["rule"])
    yield ""
    yield label("steps")
    yield from (f"  {step}" for step in one["steps"])
    if one["readings"]:
        yield ""
        yield label("readings")
        for reading in one["readings"]:
            by = label("chosen" if reading["chosen"] else "default")
            yield f"  {reading['parameter']} = {reading['value']} ({by}){colon(lang)}{reading['meaning']}"
    yield ""
    yield label("events")
    for event in one["events"]:
        late = "" if event["time"] == event["recorded"] else f", {label('recorded')} {moment(event['recorded'])}"
        yield f"  {moment(event['time'])}  {event['what']}  [{event['event']}{late}]"
        if event["data"]:
            yield "      " + ", ".join(
                f"{field_word(name, lang)} {_data(value, lang)}" for name, value in event["data"].items()
            )
    if not one["events"]:
        yield f"  ({label('none')})"


def _value(one: Mapping[str, Any], lang: str) -> str:
    """The figure and, unless it is the state, the state of the row."""
    row, section = one["row"], one["section"]
    name = one["figure"].rpartition(".")[2]
    field = name if name in row else next((n for n in row if row[n] == one["value"] and one["value"] is not None), "")
    shown = field_value(section, field, one["value"], row, lang)
    label = field_word(field, lang) if field else pick(LABELS["figure"], lang)
    line = f"{label[:1].upper()}{label[1:]}{colon(lang)}{shown}"
    if "state" in row and field != "state":
        line += f" ({state_word(section, row, lang)})"
    return line


def field_value(section: str, field: str, value: object, row: Mapping[str, Any], lang: str) -> str:
    """The value of a field of a row as people read it."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return pick(("yes", "oui") if value else ("no", "non"), lang)
    if isinstance(value, Mapping):
        named = ((name, field_value(section, name, one, value, lang)) for name, one in value.items())
        return ", ".join(f"{field_word(name, lang)} {one}" for name, one in named)
    if isinstance(value, list):
        return "; ".join(field_value(section, field, one, row, lang) for one in value) or "—"
    if field == "state" and section in STATES:
        return state_word(section, {**row, "state": value}, lang)
    text = str(value)
    if field in RATIOS:
        return f"{text} = {percent(text)}".replace("= ≈", "≈") if "/" in text else percent(text)
    if field in SUMS or (field == "amount" and row.get("unit", "EUR") == "EUR"):
        return money(text)
    if field.endswith("_seconds"):
        return f"{number(text)} s"
    return moment(text) if is_instant(text) else text


def _data(value: str, lang: str) -> str:
    if is_instant(value):
        return moment(value)
    return ", ".join(value_word(word, lang) for word in value.split(", "))
