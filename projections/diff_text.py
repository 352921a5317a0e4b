"""A comparison as text: per contract the euros, then each row that changes, with its clause."""

from collections.abc import Mapping
from typing import Any

WORDS = {
    "en": {
        "same": "Nothing changes.", "payable": "Penalties payable", "amounts": "Amounts", "only_before": "only in the first",
        "only_after": "only in the second", "eur": "EUR", "first": "First", "second": "Second",
    },
    "fr": {
        "same": "Rien ne change.", "payable": "Pénalités à payer", "amounts": "Sommes", "only_before": "seulement dans le premier",
        "only_after": "seulement dans le second", "eur": "EUR", "first": "Premier", "second": "Second",
    },
}
NAMES = {
    "en": {
        "indicators": "indicator", "support": "support", "support_objectives": "support objective", "penalties": "penalty",
        "deadlines": "deadline", "amounts": "amount", "findings": "finding", "documents": "documents",
        "qualification": "qualification",
    },
    "fr": {
        "indicators": "indicateur", "support": "support", "support_objectives": "objectif de support", "penalties": "pénalité",
        "deadlines": "échéance", "amounts": "somme", "findings": "constat", "documents": "documents",
        "qualification": "qualification",
    },
}
LONG = 160


def diff_words(answer: Mapping[str, Any], lang: str) -> str:
    """The comparison for reading."""
    words = WORDS[lang]
    lines = [f"{words['first']}: {_side(answer['reading'])}", f"{words['second']}: {_side(answer['against'])}"]
    if not answer["contracts"]:
        return "\n".join([*lines, words["same"]])
    for contract, found in answer["contracts"].items():
        money = found["euros"]["penalties_payable"]
        lines += ["", contract, f"  {words['payable']}: {_money(money, words)}"]
        lines += [f"  {words['amounts']} {rule}: {_money(each, words)}" for rule, each in found["euros"]["amounts"].items()]
        for change in found["changes"]:
            lines += _change(change, words, NAMES[lang])
    return "\n".join(lines)


def _change(change: Mapping[str, Any], words: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    about = ", ".join(_short(value) for value in change["about"].values())
    clause = "" if change["clause"] is None else f"  ({change['clause']})"
    head = f"  {names[change['section']]} {about}{clause}"
    if change["before"] is None or change["after"] is None:
        only = words["only_after"] if change["before"] is None else words["only_before"]
        row = change["after"] if change["before"] is None else change["before"]
        return [f"{head}: {only}", *([f"      {row['message']}"] if "message" in row else [])]
    return [
        head,
        *(f"      {name}: {_short(value)} -> {_short(change['after'][name])}" for name, value in change["before"].items()),
    ]


def _money(money: Mapping[str, str], words: Mapping[str, str]) -> str:
    sign = "" if money["difference"].startswith("-") else "+"
    return f"{money['before']} -> {money['after']} {words['eur']} ({sign}{money['difference']})"


def _side(side: Mapping[str, Any]) -> str:
    said = [*side["readings"]]
    said += [f"{name}={side[name]}" for name in ("at", "known_at") if side[name] is not None]
    if side["documents"] is not None:
        said.append("documents=" + "+".join(side["documents"]))
    return ", ".join(said) or "default"


def _short(value: Any) -> str:
    text = "—" if value is None else str(value)
    return text if len(text) <= LONG else text[:LONG] + " …"
