"""Findings: what a reader of the statement must know beside the figures, as data.

A finding never changes a figure. ``code`` comes from the closed list ``CODES``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.fact import AnyFact

CODES: dict[str, str] = {
    "conflict": "Two facts carry the same source and id with different content; the first one is kept.",
    "refused-fact": "A fact that cannot be true was left out of every figure.",
    "waiting-fact": "A fact waits for the one it refers to and has no effect yet.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: ``rule`` is the register id it is about, ``clause`` its clause, ``events`` the facts behind it."""

    code: str
    rule: str | None
    clause: str | None
    message: str
    message_fr: str
    events: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The finding as statements print it."""
        return {
            "code": self.code,
            "rule": self.rule,
            "clause": self.clause,
            "message": self.message,
            "message_fr": self.message_fr,
            "events": list(self.events),
        }


def refs(facts: Iterable[AnyFact]) -> tuple[str, ...]:
    """``source#id`` of each fact once, in the order (time, source, id)."""
    return tuple(dict.fromkeys(fact.ref for fact in sorted(facts, key=lambda fact: fact.order)))
