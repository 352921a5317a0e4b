"""The dispute dossier: two ways to read the same facts, and only what differs, in euros and in days, with clauses."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from domain.time.instant import MICROSECONDS_PER_SECOND, parse_instant
from projections.basis import Basis
from projections.documents.blocks import LEFT, RIGHT, Block, Cell, cell, heading, steps, table, text, verdict
from projections.documents.drawing import Drawing, NotDrawnError, Other, Sheet, Voice
from projections.documents.matter import exact, titled
from projections.explain.explanation import explain
from projections.explain.path import UnknownFigureError
from projections.figures import decimal, money, plain, share, signed
from projections.shown import is_instant, number
from projections.statement import Derived
from projections.wording import SECTIONS, Pair, colon, field_word

WORDS: Mapping[str, Pair] = {
    "title": ("Dispute dossier", "Dossier de différend"),
    "first": ("First side", "Premier côté"),
    "second": ("Second side", "Second côté"),
    "sides": ("The two sides", "Les deux côtés"),
    "question": ("Question", "Question"),
    "default": ("the default readings, the facts as they are", "les lectures par défaut, les faits tels quels"),
    "same": (
        "Both sides give the same figures: nothing is at stake.",
        "Les deux côtés donnent les mêmes chiffres : rien n'est en jeu.",
    ),
    "differs": (
        "{count} figures differ. Penalties payable: {before} on the first side, {after} on the second, {difference}.",
        "{count} chiffres diffèrent. Pénalités à payer : {before} d'un côté, {after} de l'autre, {difference}.",
    ),
    "sign": ("A difference is the second side less the first.", "Une différence est le second côté moins le premier."),
    "euros": ("In euros", "En euros"),
    "what": ("What", "Quoi"),
    "difference": ("Difference", "Différence"),
    "payable": ("Penalties payable", "Pénalités à payer"),
    "changes": ("What differs", "Ce qui diffère"),
    "figure": ("Figure", "Chiffre"),
    "field": ("Field", "Champ"),
    "days": ("{n} days", "{n} jours"),
    "only_first": ("on the first side only", "d'un seul côté, le premier"),
    "only_second": ("on the second side only", "d'un seul côté, le second"),
    "cut": (
        "… and {left} more differences, which greffe diff prints.",
        "… et {left} autres différences, que greffe diff imprime.",
    ),
    "arithmetic": ("The arithmetic of each side", "Le calcul de chaque côté"),
    "not_here": ("This side has no such figure.", "Ce côté n'a pas ce chiffre."),
    "not_all": (
        "The arithmetic of the first {count} is shown; greffe explain gives that of the others.",
        "Le calcul des {count} premiers est montré ; greffe explain donne celui des autres.",
    ),
}
NO_SIDES: Pair = (
    "A dossier needs two sides that differ: a reading, a date or documents on either side.",
    "Un dossier demande deux côtés différents : une lecture, une date ou des documents d'un côté au moins.",
)
MONEY = frozenset({"payable", "gross", "credit_note", "amount", "average_monthly_revenue", "granted", "used"})
RATIOS = frozenset({"availability", "ratio"})
LEFT_OUT = frozenset({"events", "readings", "message_fr"})
PATHS: Mapping[str, tuple[str, ...]] = {
    "penalties": ("period_end", "rule"),
    "indicators": ("indicator", "resource", "period.from", "period.to"),
    "deadlines": ("rule", "opened_by", "from"),
}
"""What names a row of a section in the path of an explanation."""
DAY = 86_400 * MICROSECONDS_PER_SECOND
MOST_CHANGES, MOST_EXPLAINED = 120, 8
Row = Mapping[str, Any]


def dispute_dossier(drawing: Drawing) -> Sheet:
    """The dossier of two sides."""
    other = drawing.other
    if other is None or other.compared["reading"] == other.compared["against"]:
        raise NotDrawnError(*NO_SIDES)
    say, found = Voice(WORDS, drawing.lang), other.compared
    mine = found["contracts"].get(drawing.basis.contract, {})
    changes: list[Row] = mine.get("changes", [])
    blocks: list[Block] = [_verdict(drawing, say, changes, found)]
    blocks.append(_sides(drawing, say, found))
    if mine:
        blocks.append(_euros(drawing, say, mine["euros"]))
        blocks.append(_changes(drawing, say, changes[:MOST_CHANGES]))
        if len(changes) > MOST_CHANGES:
            blocks.append(text(say("cut", left=len(changes) - MOST_CHANGES), "quiet"))
    arithmetic, events, bearing = _arithmetic(drawing, say, other, changes)
    blocks += arithmetic
    readings = {(one["parameter"], one["value"]): one for one in bearing}
    title = " / ".join(_said(drawing, say, found[side]) for side in ("reading", "against"))
    return Sheet(say("title"), title, tuple(blocks), events, tuple(readings[name] for name in sorted(readings)))


def _verdict(drawing: Drawing, say: Voice, changes: Sequence[Row], found: Row) -> Block:
    lang, total = drawing.lang, found["total"]
    if not changes:
        return verdict(say("same"), "good")
    told = {name: money(total[name], lang) for name in ("before", "after", "difference")}
    told["difference"] = signed(told["difference"])
    return verdict(say("differs", count=len(changes), **told), "warn", say("sign"))


def _said(drawing: Drawing, say: Voice, side: Row) -> str:
    words = [*side["readings"]]
    words += [f"{name} {plain(side[name], drawing.lang)}" for name in ("at", "known_at") if side[name] is not None]
    words += ["+".join(side["documents"])] if side["documents"] else []
    return ", ".join(words) or say("default")


def _sides(drawing: Drawing, say: Voice, found: Row) -> Block:
    lang = drawing.lang
    columns = [(say("question"), LEFT, 3), (say("first"), LEFT, 4), (say("second"), LEFT, 4)]
    rows: list[tuple[Cell, ...]] = [
        (
            cell(one["parameter"], one["clause"]),
            cell(one["reading"][lang], one["reading"]["value"]),
            cell(one["against"][lang], one["against"]["value"]),
        )
        for one in found["readings"]
    ]
    if not rows or any(
        found[side][name] for side in ("reading", "against") for name in ("at", "known_at", "documents")
    ):
        rows.append(("–", _said(drawing, say, found["reading"]), _said(drawing, say, found["against"])))
    return table(say("sides"), columns, rows)


def _euros(drawing: Drawing, say: Voice, euros: Row) -> Block:
    lang = drawing.lang

    def row(name: str, note: str, sums: Mapping[str, str]) -> tuple[Cell, ...]:
        both = [cell(money(sums[side], lang), exact(sums[side])) for side in ("before", "after")]
        return cell(name, note), *both, cell(signed(money(sums["difference"], lang)), exact(sums["difference"]))

    columns = [
        (say("what"), LEFT, 5),
        (say("first"), RIGHT, 4),
        (say("second"), RIGHT, 4),
        (say("difference"), RIGHT, 4),
    ]
    rows = [row(say("payable"), "", euros["penalties_payable"])]
    rows += [row(titled(drawing, rule), rule, sums) for rule, sums in euros["amounts"].items()]
    return table(say("euros"), columns, rows)


def _changes(drawing: Drawing, say: Voice, changes: Sequence[Row]) -> Block:
    lang = drawing.lang
    columns = [
        (say("figure"), LEFT, 6), (say("field"), LEFT, 3), (say("first"), RIGHT, 4), (say("second"), RIGHT, 4),
        (say("difference"), RIGHT, 3),
    ]  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for change in changes:
        name = cell(*_called(drawing, say, change))
        before, after = change["before"] or {}, change["after"] or {}
        for field in {**before, **after}:
            one, other = before.get(field), after.get(field)
            if one == other or field in LEFT_OUT:
                continue
            values = (_value(drawing, field, one), _value(drawing, field, other))
            rows.append((name, field_word(field, lang), *values, _by(drawing, say, field, one, other)))
            name = ""
    return table(say("changes"), columns, rows)


def _called(drawing: Drawing, say: Voice, change: Row) -> tuple[str, str]:
    """What a changed row is called, and in small print what it is about."""
    lang = drawing.lang
    section = SECTIONS[change["section"]][lang == "fr"]
    title = section if change["title"] is None else change["title"][lang]
    about = [
        f"{field_word(name.replace('period.', ''), lang)} {plain(value, lang)}"
        for name, value in change["about"].items()
        if name not in {"rule", "indicator", "commitment"}
    ]
    only = "only_second" if change["before"] is None else "only_first" if change["after"] is None else ""
    return title, ", ".join(filter(None, (change["clause"], *about, say(only) if only else "")))


def _value(drawing: Drawing, field: str, value: Any) -> str:
    lang = drawing.lang
    if value is None:
        return "–"
    if field in MONEY:
        return money(value, lang)
    if field in RATIOS:
        return share(value, lang, 6)
    if field == "caps":
        return ", ".join(f"{money(cap['amount'], lang)} ({cap['clause']})" for cap in value) or "–"
    if field == "lines":
        return ", ".join(f"{share(line['availability'], lang, 6)}, {money(line['amount'], lang)}" for line in value)
    if field == "exclusions":
        return ", ".join(f"{number(one['seconds'])} s ({one['clause']})" for one in value) or "–"
    if field.endswith("_seconds"):
        return f"{number(value)} s"
    return plain(value, lang)


def _by(drawing: Drawing, say: Voice, field: str, one: Any, other: Any) -> str:
    """The difference of two values: euros, or days between two instants."""
    if field in MONEY:
        return signed(money(Fraction(other or 0) - Fraction(one or 0), drawing.lang))
    if is_instant(one) and is_instant(other):
        days = Fraction(parse_instant(other) - parse_instant(one), DAY)
        return say("days", n=signed(decimal(days, drawing.lang)))
    return ""


def _arithmetic(
    drawing: Drawing, say: Voice, other: Other, changes: Sequence[Row]
) -> tuple[list[Block], tuple[str, ...], list[dict[str, Any]]]:
    """The steps of the changed figures on both sides; the facts and the readings they rest on."""
    named = [change for section in PATHS for change in changes if change["section"] == section]
    blocks: list[Block] = []
    events: dict[str, None] = {ref: None for change in changes for ref in _events(change)}
    bearing: list[dict[str, Any]] = []
    for change in named[:MOST_EXPLAINED]:
        blocks.append(heading(colon(drawing.lang).join((say("arithmetic"), _called(drawing, say, change)[0]))))
        for side, basis, derived in (
            ("first", drawing.basis, drawing.derived),
            ("second", other.basis, other.derived),
        ):
            told = _explained(drawing, basis, derived, change)
            blocks.append(text(say(side), "strong"))
            if told is None:
                blocks.append(text(say("not_here"), "quiet"))
                continue
            blocks.append(steps(told["steps"]))
            events |= dict.fromkeys(one["event"] for one in told["events"])
            bearing += told["readings"]
    if len(named) > MOST_EXPLAINED:
        blocks.append(text(say("not_all", count=MOST_EXPLAINED), "quiet"))
    return blocks, tuple(events), bearing


def _events(change: Row) -> list[str]:
    return [ref for side in ("before", "after") for ref in (change[side] or {}).get("events", ())]


def _explained(drawing: Drawing, basis: Basis, derived: Derived, change: Row) -> dict[str, Any] | None:
    """The explanation of a changed row on one side; None where that side has no such row."""
    about = change["about"]
    where = "".join(f"[{name}={about[name]}]" for name in PATHS[change["section"]] if about.get(name) is not None)
    try:
        return explain(basis, derived, f"{change['section']}{where}", drawing.lang)[0].as_json()
    except UnknownFigureError:
        return None
