"""How a deadline was reached: what opened it, the delay of the text, the date, and the act that settled it."""

from collections.abc import Iterator, Mapping
from typing import Any

from projections.basis import Basis

Sentence = tuple[str, str]


def deadline_steps(basis: Basis, row: Mapping[str, Any]) -> Iterator[Sentence]:
    """The steps of one deadline row, from the row as printed and the delay of its rule."""
    opened = row["opened_by"]
    if opened is None:
        yield "The end of a period opens it.", "La fin d'une période l'ouvre."
    else:
        yield f"It is opened by {opened}.", f"Elle est ouverte par {opened}."
    delay = _delay(basis, row["rule"])
    if row["due"] is None:
        yield (
            "The text gives no figure: the time that passes is measured, a breach is never asserted.",
            "Le texte ne donne aucun délai chiffré : le temps écoulé est mesuré, aucun manquement n'est affirmé.",
        )
    elif delay is not None:
        yield (
            f"It runs from {row['from']}; the text says {delay}: due {row['due']}{_last_day(row, 'last day')}.",
            f"Elle court du {row['from']} ; le texte dit {delay} : échéance {row['due']}{_last_day(row, 'dernier jour')}.",
        )
    else:
        yield (
            f"It runs from {row['from']}: due {row['due']}{_last_day(row, 'last day')}.",
            f"Elle court du {row['from']} : échéance {row['due']}{_last_day(row, 'dernier jour')}.",
        )
    if row["earliest"] is not None:
        yield f"Not before {row['earliest']}.", f"Pas avant le {row['earliest']}."
    if row["settled_by"] is not None:
        yield (
            f"{row['settled_by']} settled it at {row['settled_at']}: {row['state']}.",
            f"{row['settled_by']} l'a réglée le {row['settled_at']} : {row['state']}.",
        )
    else:
        yield f"No known act settled it: {row['state']}.", f"Aucun acte connu ne l'a réglée : {row['state']}."


def _delay(basis: Basis, rule: str) -> str | None:
    try:
        return getattr(basis.catalogue.rule(rule), "delay", None)
    except (KeyError, LookupError):
        return None


def _last_day(row: Mapping[str, Any], words: str) -> str:
    return "" if row["last_day"] is None else f" ({words} {row['last_day']})"
