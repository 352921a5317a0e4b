"""One row of ``amounts``: how it is held, how it prints, and which text's rule it follows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from domain.agreements.model import Agreement
from domain.agreements.section import Rule
from domain.exact import exact_text
from domain.fact import AnyFact
from projections.basis import Basis
from projections.findings import Finding, refs

EUROS = "EUR"

Kind = TypeVar("Kind", bound=Rule)


@dataclass(frozen=True, slots=True)
class AmountRow:
    """One sum: ``amount`` in ``unit``, None where it cannot be known. ``details`` say what it is about."""

    rule: str
    clause: str
    amount: Fraction | None
    events: tuple[str, ...]
    unit: str = EUROS
    details: Mapping[str, Any] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The row as statements print it."""
        printed: dict[str, Any] = {
            "rule": self.rule,
            "amount": None if self.amount is None else exact_text(self.amount),
            "unit": self.unit,
            **self.details,
            "clause": self.clause,
            "events": list(self.events),
        }
        if self.readings:
            printed["readings"] = dict(self.readings)
        return printed


def rules_at(basis: Basis, instant: int, kind: type[Kind]) -> tuple[Agreement | None, list[Kind]]:
    """The amounts of a kind in the prevailing text that has any, at an instant (before it: at the signature)."""
    for text in basis.terms.governing(max(instant, basis.terms.start)):
        found: list[Kind] = [rule for rule in text.amount if isinstance(rule, kind)]
        if found:
            return text, found
    return None, []


def missing(rule: str, clause: str, what: str, facts: Iterable[AnyFact]) -> Finding:
    """A sum that cannot be computed for want of a fact."""
    return Finding(
        "figure-missing",
        rule,
        clause,
        f"The amount cannot be computed: {what} is not known.",
        f"Le montant ne peut être calculé : {what} n'est pas connu.",
        refs(facts),
    )
