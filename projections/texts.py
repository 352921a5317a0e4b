"""Two agreements side by side: their promises matched by what they promise, and only what differs.

A side is a text alone, or with those it incorporates, whose promises hold along with its own.

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


Side = tuple[Agreement, ...]
"""A text, then those that are compared along with it."""


class Promise(NamedTuple):
    """A rule, and the text that has it."""

    text: Agreement
    rule: Rule


Placed = tuple[str, Promise]
"""A promise, and the key under which it stands."""


class Differing(NamedTuple):
    """A promise that differs, in a section; None where a side is silent."""

    section: str
    one: Promise | None
    other: Promise | None


class Texts(NamedTuple):
    """Two sides, what differs between them, and how many promises are the same in both."""

    one: Side
    other: Side
    rows: tuple[Differing, ...]
    same: int


def text_named(catalogue: Catalogue, name: str) -> Agreement:
    """The text called ``ID`` or ``ID@VERSION``. Raises UnknownDocumentError, naming the nearest."""
    document, _, version = name.partition(VERSION)
    return catalogue.agreement(document, version or None)


def with_incorporated(catalogue: Catalogue, text: Agreement) -> Side:
    """A text, and the newest versions of those it incorporates, and of theirs."""
    found = {text.id: text}
    waiting = list(text.incorporates)
    for name in waiting:
        if name not in found:
            found[name] = catalogue.agreement(name)
            waiting += found[name].incorporates
    return tuple(found.values())


def sides(catalogue: Catalogue, one: str, other: str, *, whole: bool) -> tuple[Side, Side]:
    """Two sides by the names of their texts, each along with what it incorporates where they are compared ``whole``."""
    first, second = (text_named(catalogue, name) for name in (one, other))
    return (
        (with_incorporated(catalogue, first), with_incorporated(catalogue, second)) if whole else ((first,), (second,))
    )


def compared_texts(one: Side, other: Side) -> Texts:
    """What differs, section by section: in both but otherwise, then what the first alone has, then the second."""
    rows: list[Differing] = []
    same = 0
    for section in HEADINGS:
        pairs, lost, new = _paired(_rules(one, section), _rules(other, section))
        differing = [pair for pair in pairs if _terms(pair[0]) != _terms(pair[1])]
        same += len(pairs) - len(differing)
        rows += [Differing(section, *pair) for pair in differing]
        rows += [Differing(section, promise, None) for promise in lost]
        rows += [Differing(section, None, promise) for promise in new]
    return Texts(one, other, tuple(rows), same)


def as_json(texts: Texts) -> dict[str, Any]:
    """The comparison as JSON values; of each promise the terms that differ, or all where the other is silent."""
    return {
        "one": _named(texts.one),
        "other": _named(texts.other),
        "same": texts.same,
        "differences": [_difference(row) for row in texts.rows],
    }


def lines(row: Differing, lang: str, switches: Switches | None = None) -> tuple[list[str], list[str]]:
    """The terms of each side in words, without those that both share."""
    one, other = ([] if side is None else list(rule_words(side.rule, lang, switches)) for side in (row.one, row.other))
    return [line for line in one if line not in other], [line for line in other if line not in one]


def words(texts: Texts, lang: str, switches: Switches | None = None) -> str:
    """The comparison as text: a heading per section, then each promise with its clauses on both sides."""
    told = [
        f"{letter}: {', '.join(f'{text.id} ({text.version})' for text in side)}"
        for letter, side in zip("AB", texts[:2], strict=True)
    ]
    section = ""
    for row in texts.rows:
        if row.section != section:
            section = row.section
            told += ["", HEADINGS[section].model_dump()[lang]]
        promise = row.one or row.other
        assert promise is not None
        told.append(f"  {promise.rule.title.model_dump()[lang]}")
        for letter, side, said in zip("AB", (row.one, row.other), lines(row, lang, switches), strict=True):
            if side is None:
                told.append(f"    {letter} {pick(SILENT, lang)}")
                continue
            told.append(f"    {letter} {side.rule.clause}, {side.rule.id}")
            told += [f"        {line}" for line in said]
    return "\n".join([*told, "", pick(SAME, lang).format(n=texts.same)])


def _difference(row: Differing) -> dict[str, Any]:
    one, other = (None if side is None else rule_row(*side) for side in (row.one, row.other))
    if one is not None and other is not None:
        for side, terms in ((one, other["terms"]), (other, dict(one["terms"]))):
            side["terms"] = {name: value for name, value in side["terms"].items() if terms.get(name) != value}
    return {"section": row.section, "one": one, "other": other}


def _named(side: Side) -> dict[str, Any]:
    text, *along = side
    return {
        "document": text.id,
        "version": text.version,
        "title": text.title.model_dump(),
        "along": [{"document": one.id, "version": one.version} for one in along],
    }


def _terms(promise: Promise) -> dict[str, Any]:
    terms: dict[str, Any] = rule_row(*promise)["terms"]
    return terms


def _rules(side: Side, section: str) -> list[Placed]:
    """Every promise of a section, with the key under which it stands, those of the text itself first."""
    return [(path, Promise(text, rule)) for text in side for path, rule in rules_in(getattr(text, section, None))]


def _paired(
    one: list[Placed], other: list[Placed]
) -> tuple[list[tuple[Promise, Promise]], list[Promise], list[Promise]]:
    """The promises of the two sides about the same thing, and those without a partner, each in its order.

    A text that both sides have is its own partner. Where a side has several texts, a promise may meet one that has a
    partner already: to be silent is to have no promise of the kind at all.
    """
    lost, new = list(one), list(other)
    order = {id(promise.rule): place for place, (_, promise) in enumerate(lost)}
    pairs: list[tuple[Promise, Promise]] = []
    for level in range(LEVELS):
        known = _by_key(lost, level)
        left = []
        for place in new:
            found = next((item for key in _keys(place, level) for item in known.get(key, ()) if item in lost), None)
            if found is None:
                left.append(place)
                continue
            pairs.append((found[1], place[1]))
            lost.remove(found)
        new = left
    if len({promise.text.id for _, promise in one}) > 1 or len({promise.text.id for _, promise in other}) > 1:
        again = [(_partner(place, other), place) for place in lost]
        pairs += [(place[1], found[1]) for found, place in again if found]
        lost = [place for found, place in again if not found]
        again = [(_partner(place, one), place) for place in new]
        pairs += [(found[1], place[1]) for found, place in again if found]
        new = [place for found, place in again if not found]
    pairs.sort(key=lambda pair: order[id(pair[0].rule)])
    return pairs, [promise for _, promise in lost], [promise for _, promise in new]


def _partner(place: Placed, among: list[Placed]) -> Placed | None:
    """What is about all that a promise is about, whatever its own partner."""
    known = _by_key(among, ALL_OF_IT)
    return next((item for key in _keys(place, ALL_OF_IT) for item in known.get(key, ())), None)


def _by_key(places: Iterable[Placed], level: int) -> dict[Key, list[Placed]]:
    found: dict[Key, list[Placed]] = {}
    for place in places:
        for key in _keys(place, level):
            found.setdefault(key, []).append(place)
    return found


LEVELS = 4
ALL_OF_IT = 2


def _keys(place: Placed, level: int) -> Iterator[Key]:
    """What a promise is matched by: text and id; then its id; then all it is about; then a part of that."""
    path, (text, rule) = place
    kind = type(rule).__name__
    if level == 0:
        yield text.id, text.version, rule.id
        return
    if isinstance(rule, Indicator):
        about = [(kind, rule.metric, *sorted(rule.services))]
        yield from about if level < LEVELS - 1 else ((kind, rule.metric, service) for service in rule.services)
        return
    if level == 1:
        yield kind, path, rule.id
        return
    whole = level == ALL_OF_IT
    match rule:
        case Deadline():
            opened = rule.opened_by.trigger or rule.opened_by.event
            settled = tuple(sorted(done.event for done in rule.settled_by))
            duty = (kind, rule.kind, rule.owed_by, opened)
            yield (*duty, settled) if whole else duty
        case Commitment():
            act = (kind, rule.measures, rule.kind, (rule.priority or "")[-1:])
            yield (*act, rule.on_call) if whole else act
        case Exclusion():
            yield (kind, rule.kind, rule.of) if whole else (kind, rule.kind, rule.of[:1])
        case _ if kind == "Rule":
            if path and whole:
                yield kind, path
        case _:
            yield kind, path, getattr(rule, "kind", None), getattr(rule, "name", None) if whole else None
