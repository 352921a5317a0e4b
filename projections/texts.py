"""Two agreements side by side: their promises matched by what they promise, and only what differs.

Rules are paired within a section. Lines of service go by their metric and services. The others go by the same id first
(texts of one family keep their ids), then by what they are about: what opens and settles a deadline, what a support act
measures and at which priority, the kind of a sum or of an exclusion. What found no partner is a promise on which the
other text is silent.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from domain.agreements.catalogue import Catalogue
from domain.agreements.deadline import Deadline
from domain.agreements.indicator import Exclusion, Indicator
from domain.agreements.model import Agreement
from domain.agreements.section import Rule
from domain.agreements.support import Commitment
from domain.readings import Switches
from projections.agreements import HEADINGS, rule_row, rule_words, rules_in
from projections.wording import Pair, pick

Key = tuple[Any, ...]
SILENT: Pair = ("silent: it promises nothing of the kind", "silence : rien de tel n'y est promis")
SAME: Pair = ("{n} promises are the same in both.", "{n} engagements sont les mêmes dans les deux.")
VERSION = "@"


class Differing(NamedTuple):
    """A promise that differs, in a section; None where a text is silent."""

    section: str
    one: Rule | None
    other: Rule | None


class Texts(NamedTuple):
    """Two texts, what differs between them, and how many promises are the same in both."""

    one: Agreement
    other: Agreement
    rows: tuple[Differing, ...]
    same: int


def text_named(catalogue: Catalogue, name: str) -> Agreement:
    """The text called ``ID`` or ``ID@VERSION``. Raises UnknownDocumentError, naming the nearest."""
    document, _, version = name.partition(VERSION)
    return catalogue.agreement(document, version or None)


def compared_texts(one: Agreement, other: Agreement) -> Texts:
    """What differs, section by section: in both but otherwise, then what the first alone has, then the second."""
    rows: list[Differing] = []
    same = 0
    for section in HEADINGS:
        pairs, lost, new = _paired(_rules(one, section), _rules(other, section))
        differing = [pair for pair in pairs if _terms(one, pair[0]) != _terms(other, pair[1])]
        same += len(pairs) - len(differing)
        rows += [Differing(section, *pair) for pair in differing]
        rows += [Differing(section, rule, None) for rule in lost]
        rows += [Differing(section, None, rule) for rule in new]
    return Texts(one, other, tuple(rows), same)


def as_json(texts: Texts) -> dict[str, Any]:
    """The comparison as JSON values; of each promise the terms that differ, or all where the other text is silent."""
    return {
        "one": _named(texts.one),
        "other": _named(texts.other),
        "same": texts.same,
        "differences": [_difference(texts, row) for row in texts.rows],
    }


def lines(row: Differing, lang: str, switches: Switches | None = None) -> tuple[list[str], list[str]]:
    """The terms of each side in words, without those that both share."""
    one, other = ([] if rule is None else list(rule_words(rule, lang, switches)) for rule in (row.one, row.other))
    return [line for line in one if line not in other], [line for line in other if line not in one]


def words(texts: Texts, lang: str, switches: Switches | None = None) -> str:
    """The comparison as text: a heading per section, then each promise with its clauses on both sides."""
    told = [f"A: {texts.one.id} ({texts.one.version})", f"B: {texts.other.id} ({texts.other.version})"]
    section = ""
    for row in texts.rows:
        if row.section != section:
            section = row.section
            told += ["", HEADINGS[section].model_dump()[lang]]
        rule = row.one or row.other
        assert rule is not None
        told.append(f"  {rule.title.model_dump()[lang]}")
        for letter, side, said in zip("AB", (row.one, row.other), lines(row, lang, switches), strict=True):
            if side is None:
                told.append(f"    {letter} {pick(SILENT, lang)}")
                continue
            told.append(f"    {letter} {side.clause}, {side.id}")
            told += [f"        {line}" for line in said]
    return "\n".join([*told, "", pick(SAME, lang).format(n=texts.same)])


def _difference(texts: Texts, row: Differing) -> dict[str, Any]:
    sides = [None if rule is None else rule_row(text, rule) for text, rule in zip(texts[:2], row[1:], strict=True)]
    one, other = sides
    if one is not None and other is not None:
        for side, terms in ((one, other["terms"]), (other, dict(one["terms"]))):
            side["terms"] = {name: value for name, value in side["terms"].items() if terms.get(name) != value}
    return {"section": row.section, "one": one, "other": other}


def _named(text: Agreement) -> dict[str, Any]:
    return {"document": text.id, "version": text.version, "title": text.title.model_dump()}


def _terms(text: Agreement, rule: Rule) -> dict[str, Any]:
    terms: dict[str, Any] = rule_row(text, rule)["terms"]
    return terms


def _rules(text: Agreement, section: str) -> list[tuple[str, Rule]]:
    return list(rules_in(getattr(text, section, None)))


def _paired(
    one: Iterable[tuple[str, Rule]], other: Iterable[tuple[str, Rule]]
) -> tuple[list[tuple[Rule, Rule]], list[Rule], list[Rule]]:
    """The rules of the two sides that are about the same thing, and those without a partner, each in its order."""
    lost, new = list(one), list(other)
    order = {id(rule): place for place, (_, rule) in enumerate(lost)}
    pairs: list[tuple[Rule, Rule]] = []
    for level in range(LEVELS):
        waiting: dict[Key, list[tuple[str, Rule]]] = {}
        for place in lost:
            for key in _keys(*place, level):
                waiting.setdefault(key, []).append(place)
        left = []
        for place in new:
            found = next((item for key in _keys(*place, level) for item in waiting.get(key, ()) if item in lost), None)
            if found is None:
                left.append(place)
                continue
            pairs.append((found[1], place[1]))
            lost.remove(found)
        new = left
    pairs.sort(key=lambda pair: order[id(pair[0])])
    return pairs, [rule for _, rule in lost], [rule for _, rule in new]


LEVELS = 3


def _keys(path: str, rule: Rule, level: int) -> Iterator[Key]:
    """What a rule is matched by: its id; then all it is about; then a part of that."""
    kind = type(rule).__name__
    if isinstance(rule, Indicator):
        about = [(kind, rule.metric, *sorted(rule.services))]
        yield from about if level == 0 else ((kind, rule.metric, service) for service in rule.services)
        return
    if level == 0:
        yield kind, path, rule.id
        return
    match rule:
        case Deadline():
            opened = rule.opened_by.trigger or rule.opened_by.event
            settled = tuple(sorted(done.event for done in rule.settled_by))
            duty = (kind, rule.kind, rule.owed_by, opened)
            yield (*duty, settled) if level == 1 else duty
        case Commitment():
            act = (kind, rule.measures, rule.kind, (rule.priority or "")[-1:])
            yield (*act, rule.on_call) if level == 1 else act
        case Exclusion():
            yield (kind, rule.kind, rule.of) if level == 1 else (kind, rule.kind, rule.of[:1])
        case _ if kind == "Rule":
            if path and level == 1:
                yield kind, path
        case _:
            yield kind, path, getattr(rule, "kind", None), getattr(rule, "name", None) if level == 1 else None
