"""A comparison as text: the two sides, the euros per contract, then each row that changes, with its clause."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from projections.explain.words import field_value
from projections.shown import is_instant, moment, money
from projections.wording import Pair, colon, field_word, pick, state_word

WORDS: Mapping[str, Pair] = {
    "same": ("0 changes: both sides say the same.", "0 changement : les deux côtés disent la même chose."),
    "changes": ("changes", "changements"),
    "change": ("change", "changement"),
    "payable": ("Penalties payable", "Pénalités à payer"),
    "total": ("All contracts, penalties payable", "Tous contrats, pénalités à payer"),
    "only_before": ("only in the first", "seulement dans le premier"),
    "only_after": ("only in the second", "seulement dans le second"),
    "first": ("First", "Premier"),
    "second": ("Second", "Second"),
    "default": ("default readings, the facts as they are", "lectures par défaut, les faits tels quels"),
    "documents": ("documents", "documents"),
    "at": ("at", "au"),
    "known_at": ("as known at", "tel que connu au"),
    "none": ("none", "aucun"),
    "cap": ("cap", "plafond"),
    "line": ("line", "ligne"),
    "excluded": ("excluded", "exclu"),
    "rows": ("rows", "lignes"),
    "service": ("service", "service"),
}
SECTIONS: Mapping[str, Pair] = {
    "documents": ("Documents in force", "Documents en vigueur"),
    "penalties": ("Penalties", "Pénalités"),
    "amounts": ("Other amounts", "Autres sommes"),
    "indicators": ("Service levels", "Niveaux de service"),
    "deadlines": ("Deadlines and effects", "Échéances et effets"),
    "support": ("Support", "Support"),
    "support_objectives": ("Support objectives", "Objectifs de support"),
    "qualification": ("Qualification", "Qualification"),
    "findings": ("Findings", "Constats"),
}
QUIET = ("events", "readings", "message_fr", "clause", "rule")
"""Fields that say little of what changed; shown only where nothing else did."""
MANY = 3
"""From so many rows that say the same on, one sentence says it."""
LOUD = ("breached", "missed", "met-late", None)
"""States of rows that are told one by one."""
HEADLINE = {
    "penalties": ("payable", "gross", "claim_by"),
    "amounts": ("amount",),
    "indicators": ("availability", "value", "target"),
    "deadlines": ("due", "last_day"),
    "support": ("due",),
    "support_objectives": ("ratio",),
    "qualification": ("valid_until",),
}
"""What is told of a row that one side alone has."""
NESTED = {
    "lines": ("line", ("indicator", "resource")),
    "caps": ("cap", ("rule",)),
    "services": ("service", ("service",)),
}


def diff_words(answer: Mapping[str, Any], lang: str) -> str:
    """The comparison for reading."""
    lines = [
        f"{pick(WORDS['first'], lang)}{colon(lang)}{_side(answer['reading'], lang)}",
        f"{pick(WORDS['second'], lang)}{colon(lang)}{_side(answer['against'], lang)}",
    ]
    for one in answer["readings"]:
        lines.append(f"  {one['parameter']} ({one['clause']})")
        lines += [f"    {one[side]['value']}{colon(lang)}{one[side][lang]}" for side in ("reading", "against")]
    if not answer["contracts"]:
        return "\n".join([*lines, "", pick(WORDS["same"], lang)])
    for contract, found in answer["contracts"].items():
        lines += ["", *_contract(contract, found, lang)]
    if len(answer["contracts"]) > 1:
        lines += ["", f"{pick(WORDS['total'], lang)}{colon(lang)}{_money(answer['total'])}"]
    return "\n".join(lines)


def _contract(contract: str, found: Mapping[str, Any], lang: str) -> Iterator[str]:
    count = len(found["changes"])
    noun = pick(WORDS["change" if count == 1 else "changes"], lang)
    yield f"{contract} ({count} {noun})"
    yield f"  {pick(WORDS['payable'], lang)}{colon(lang)}{_money(found['euros']['penalties_payable'])}"
    for rule, each in found["euros"]["amounts"].items():
        yield f"  {rule}{colon(lang)}{_money(each)}"
    section = None
    for group in _groups(found["changes"]):
        if group[0]["section"] != section:
            section = group[0]["section"]
            yield ""
            yield f"  {pick(SECTIONS[section], lang)}"
        lines = _alike(group, lang) if len(group) > 1 else _change(group[0], lang)
        yield from (f"    {line}" for line in lines)


def _groups(changes: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """The changes, those that say the same of many rows of one rule together: rows of one side alone, in one state."""
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for number, change in enumerate(changes):
        before, after = change["before"], change["after"]
        row = after if before is None else before
        alone = before is None or after is None
        quiet = alone and change["rule"] is not None and row.get("state") not in LOUD and "message" not in row
        key = (change["section"], change["rule"], before is None, row.get("state")) if quiet else (number,)
        groups.setdefault(key, []).append(change)
    for group in groups.values():
        if len(group) < MANY:
            yield from ([change] for change in group)
        else:
            yield group


def _alike(group: Sequence[Mapping[str, Any]], lang: str) -> Iterator[str]:
    """Many rows of one rule that one side alone has, in one sentence."""
    first = group[0]
    row = first["after"] if first["before"] is None else first["before"]
    only = pick(WORDS["only_after" if first["before"] is None else "only_before"], lang)
    state = f", {state_word(first['section'], row, lang)}" if "state" in row else ""
    head = _head({**first, "about": {}}, lang)
    yield f"{head}{colon(lang)}{only}, {len(group)} {pick(WORDS['rows'], lang)}{state}"


def _change(change: Mapping[str, Any], lang: str) -> Iterator[str]:
    head = _head(change, lang)
    before, after, section = change["before"], change["after"], change["section"]
    if before is None or after is None:
        only = pick(WORDS["only_after" if before is None else "only_before"], lang)
        row = after if before is None else before
        yield f"{head}{colon(lang)}{only}"
        yield from (f"  {line}" for line in _alone(section, row, lang))
        return
    names = [name for name in before if name not in QUIET] or list(before)
    if head:
        yield head
    for name in names:
        if name in NESTED:
            yield from (f"  {line}" for line in _nested(section, name, before[name] or [], after[name] or [], lang))
        elif name == "exclusions":
            yield from (f"  {line}" for line in _exclusions(before[name] or [], after[name] or [], lang))
        elif name != ("message" if lang == "fr" else "message_fr"):
            yield f"  {_field(section, name, before, after, lang)}"


def _head(change: Mapping[str, Any], lang: str) -> str:
    """What the row is about, in words: its title where one is known, then the things it names."""
    about, section = change["about"], change["section"]
    named = []
    rule = change["rule"]
    for name, value in about.items():
        if value == rule:
            continue
        shown = moment(value) if is_instant(value) else str(value)
        if name == "period.from":
            shown = f"{moment(value)[:10]} – {_last(about)}"
        elif name in ("period.to", "opened_by", "from", "code"):
            if name != "from":
                continue
            shown = moment(value)
        named.append(
            shown if name in ("resource", "period.from", "ticket", "month") else f"{field_word(name, lang)} {shown}"
        )
    title = change.get("title")
    parts = [rule or "", *named]
    text = ", ".join(filter(None, parts))
    if title is not None and section != "penalties":
        text = f"{title[lang]} [{text}]"
    return text + ("" if change["clause"] is None else f" ({change['clause']})")


def _last(about: Mapping[str, Any]) -> str:
    return moment(about["period.to"])[:10] if "period.to" in about else ""


def _alone(section: str, row: Mapping[str, Any], lang: str) -> Iterator[str]:
    """What is told of a row that one side alone has: its message, else its state and its main figures."""
    if "message" in row:
        yield row["message_fr" if lang == "fr" else "message"]
        return
    said = [state_word(section, row, lang)] if "state" in row else []
    said += [
        f"{field_word(name, lang)} {_shown(section, name, row[name], row, lang)}"
        for name in HEADLINE.get(section, ())
        if row.get(name) is not None
    ]
    if said:
        yield ", ".join(said)


def _field(section: str, name: str, before: Mapping[str, Any], after: Mapping[str, Any], lang: str) -> str:
    one, other = (_shown(section, name, side[name], side, lang) for side in (before, after))
    return f"{field_word(name, lang)}{colon(lang)}{one} -> {other}"


def _shown(section: str, name: str, value: Any, row: Mapping[str, Any], lang: str) -> str:
    match value:
        case list() if not value:
            return pick(WORDS["none"], lang)
        case list():
            return ", ".join(map(str, value))
        case {"rule": rule, "clause": clause}:
            return f"{clause} ({rule})"
        case dict():
            return ", ".join(f"{key} {item}" for key, item in value.items()) or pick(WORDS["none"], lang)
        case _:
            return field_value(section, name, value, row, lang)


def _nested(
    section: str, name: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], lang: str
) -> Iterator[str]:
    """Lines, caps and services of a row: each that changed on its own line."""
    word, keys = NESTED[name]
    left, right = ({tuple(row.get(key) for key in keys): row for row in side} for side in (before, after))
    for key in sorted(left.keys() | right.keys(), key=repr):
        one, other = left.get(key), right.get(key)
        if one == other:
            continue
        row = other or one
        assert row is not None
        clause = f" ({row['clause']})" if row.get("clause") else ""
        head = f"{pick(WORDS[word], lang)} {', '.join(str(part) for part in key if part is not None)}{clause}"
        if one is None or other is None:
            only = pick(WORDS["only_after" if one is None else "only_before"], lang)
            amount = "" if row.get("amount") is None else f", {money(row['amount'])}"
            yield f"{head}{colon(lang)}{only}{amount}"
            continue
        told = [_field(section, n, one, other, lang) for n in one if one[n] != other.get(n) and n not in QUIET]
        yield f"{head}{colon(lang)}{'; '.join(told)}"


def _exclusions(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]], lang: str) -> Iterator[str]:
    """The exclusions that differ, each with its rule, its clause, its event and its seconds on both sides."""
    left, right = ({(e["rule"], e["event"]): e for e in side} for side in (before, after))
    for key in dict.fromkeys([*left, *right]):
        one, other = left.get(key), right.get(key)
        if one == other:
            continue
        row = other or one
        assert row is not None
        seconds = [f"{side['seconds']} s" if side is not None else "0 s" for side in (one, other)]
        about = f"{pick(WORDS['excluded'], lang)}, {row['clause']} ({key[0]}), {key[1]}"
        yield f"{about}{colon(lang)}{seconds[0]} -> {seconds[1]}"


def _money(sums: Mapping[str, str]) -> str:
    sign = "+" if Fraction(sums["difference"]) > 0 else ""
    more = money(sums["difference"])
    signed = more.replace("≈ ", f"≈ {sign}", 1) if more.startswith("≈ ") else f"{sign}{more}"
    return f"{money(sums['before'])} -> {money(sums['after'])} ({signed})"


def _side(side: Mapping[str, Any], lang: str) -> str:
    said = [*side["readings"]]
    said += [f"{pick(WORDS[name], lang)} {moment(side[name])}" for name in ("at", "known_at") if side[name] is not None]
    if side["documents"] is not None:
        said.append(f"{pick(WORDS['documents'], lang)} {' + '.join(side['documents'])}")
    return ", ".join(said) or pick(WORDS["default"], lang)
