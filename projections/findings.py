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
    "access-not-allowed": "An access lacks a notice, a justification or a consent that the text asks for beforehand.",
    "already-compensated": "Downtime that an accepted claim has settled counts no more.",
    "certificate-incomplete": "A deletion certificate leaves out fields that the text asks for.",
    "claim-early": "A claim came before its period ended.",
    "claim-late": "A claim came after its window had closed.",
    "claim-line-not-breached": "A claim names a line that is not breached.",
    "claim-waived": "No admissible claim came before the window closed.",
    "claim-while-late": "A claim came while the client was late in paying.",
    "claim-without-computation": "A claim attaches no computation.",
    "claim-without-reserve": "A claim cites no valid reserve over enough downtime.",
    "credit-refused": "A credit was used where, when or for more than the text allows.",
    "derogation-refused": "Special conditions change a limit that admits no derogation.",
    "derogation-without-effect": "Special conditions change a figure without the wording or the figure it takes.",
    "figure-missing": "A sum cannot be computed: a fact it rests on is not known.",
    "kept-on-average": "Averaged over its resources, a line keeps its promise.",
    "liability-unlimited": "No ceiling of liability applies.",
    "no-penalty-rule": "No document says what a breach costs.",
    "nothing-to-lose": "A loss of a qualification that had not been granted opens nothing.",
    "penalty-lost": "A penalty is lost because the client was late in paying.",
    "penalty-scope": "A reading punishes more than the formula can express.",
    "qualification-lapsed": "A qualification ran out without a known renewal.",
    "qualification-lost": "A qualification is lost; the client may terminate without penalty.",
    "qualification-modified": "A qualification was modified, which is not a loss.",
    "request-without-figure": "The text promises an answer to a request without any figure.",
    "reserve-late": "A reserve came too late and has no effect.",
    "reserve-missing": "Too little downtime is reserved to show a breach.",
    "reserve-outside-outage": "A reserve covers no time of its outage.",
    "reserve-undocumented": "A reserve is not documented and is lifted.",
    "revenue-scope": "The average revenue lacks the client's other contracts.",
    "seat-outside-union": "The provider's seat is recorded outside the Union.",
    "shareholding-over-limit": "Holders outside the Union hold more than the text allows.",
    "ticket-without-priority": "An incident ticket has no priority of the text, so no commitment can be measured.",
    "vat-missing": "An amount including VAT is needed and not known.",
    "waiting-fact": "A fact waits for the one it refers to and has no effect yet.",
    "zone-condition": "The client is not deployed as the line requires.",
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
