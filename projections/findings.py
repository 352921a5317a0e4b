"""Findings: what a reader of the statement must know beside the figures, as data.

A finding never changes a figure. ``code`` comes from the closed list ``CODES``.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from domain.fact import AnyFact, by_order

CODES: dict[str, str] = {
    "access-not-allowed": "An access lacks a notice, a justification or a consent that the text asks for beforehand.",
    "act-refused": "An act that the text refuses has no effect.",
    "already-compensated": "Downtime that an accepted claim has settled counts no more.",
    "beta-no-commitment": "A beta service was down: nothing was promised.",
    "cause-not-established": "A cause is claimed and not established; the downtime counts.",
    "certificate-incomplete": "A deletion certificate leaves out fields that the text asks for.",
    "claim-early": "A claim came before its period ended.",
    "claim-late": "A claim came after its window had closed.",
    "claim-line-not-breached": "A claim names a line that is not breached.",
    "claim-waived": "No admissible claim came before the window closed.",
    "claim-while-late": "A claim came while the client was late in paying.",
    "claim-without-computation": "A claim attaches no computation.",
    "claim-without-reserve": "A claim cites no valid reserve over enough downtime.",
    "conflict": "Two facts carry the same source and id with different content; the first one is kept.",
    "conflicting-figures": "Two texts in force give different figures for one service; the prevailing one was applied.",
    "credit-refused": "A credit was used where, when or for more than the text allows.",
    "degraded-not-counted": "A degraded service is not counted as unavailable.",
    "delay-not-started": "A delay waits for the answer or the slip it runs from.",
    "deleted-under-hold": "A deletion names data that had to be kept.",
    "derogation-refused": "Special conditions change a limit that admits no derogation.",
    "derogation-without-effect": "Special conditions change a figure without the wording or the figure it takes.",
    "deletion-unannounced": "Data were deleted before the notice that the text asks for.",
    "duty-waiting": "A duty without a figure has waited for some time; no breach is asserted.",
    "ended-again": "The contract had an earlier end: another one has no effect.",
    "figure-missing": "A sum cannot be computed: a fact it rests on is not known.",
    "further-duty": "The text asks for more than a notice, and no fact tells whether it was done.",
    "kept-on-average": "Averaged over its resources, a line keeps its promise.",
    "liability-unlimited": "No ceiling of liability applies.",
    "maintenance-notice-short": "Maintenance was announced too late to be excluded.",
    "maintenance-overrun": "Maintenance went beyond the announced window while a service was down.",
    "no-penalty-rule": "No document says what a breach costs.",
    "no-termination-rule": "No text in force says what becomes of a termination on this ground.",
    "not-computable": "A reading leaves a line without anything to compute.",
    "not-covered": "No document in force covers a service that a fact names.",
    "nothing-to-lose": "A loss of a qualification that had not been granted opens nothing.",
    "penalty-lost": "A penalty is lost because the client was late in paying.",
    "penalty-scope": "A reading punishes more than the formula can express.",
    "provisional-breach": "A yearly line is breached over a window shorter than a year.",
    "qualification-lapsed": "A qualification ran out without a known renewal.",
    "qualification-lost": "A qualification is lost; the client may terminate without penalty.",
    "qualification-modified": "A qualification was modified, which is not a loss.",
    "refused-fact": "A fact that cannot be true was left out of every figure.",
    "request-without-figure": "The text promises an answer to a request without any figure.",
    "reserve-late": "A reserve came too late and has no effect.",
    "reserve-missing": "Too little downtime is reserved to show a breach.",
    "reserve-outside-outage": "A reserve covers no time of its outage.",
    "reserve-undocumented": "A reserve is not documented and is lifted.",
    "revenue-scope": "The average revenue lacks the client's other contracts.",
    "revision-refusal-without-effect": "A refusal does not stop a text that changes without acceptance.",
    "revision-without-effect": "A revision that its text does not allow has no effect.",
    "seat-outside-union": "The provider's seat is recorded outside the Union.",
    "shareholding-over-limit": "Holders outside the Union hold more than the text allows.",
    "see-special-conditions": "An act stands unless special conditions, which are not known, say otherwise.",
    "terms-missing": "A version in force is not in the catalogue; the earlier text was applied.",
    "terms-switched": "The service levels became those of another text.",
    "ticket-without-priority": "An incident ticket has no priority of the text, so no commitment can be measured.",
    "too-early": "An act came before the first instant the text allows.",
    "unknown-level": "A chosen level of notification names no known kind of incident.",
    "unmeasured-time": "Part of the time of a line was not measured.",
    "unsigned-contract": "No known fact says that the contract was signed.",
    "vat-missing": "An amount including VAT is needed and not known.",
    "waiting-fact": "A fact waits for the one it refers to and has no effect yet.",
    "window-empty": "A window to act closes before it opens: a fresh notice is needed.",
    "withheld-facts": "Facts are not shown whole; figures that rest on them are left out.",
    "wrong-form": "A notice lacks the form the text requires and fulfils no duty.",
    "zone-condition": "The client is not deployed as the line requires.",
    "zone-opened": "A new zone of the region bears on starred commitments.",
    "zones-unknown": "No fact says in which zones the client runs.",
}


class Finding(NamedTuple):
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
    found = list(facts)
    if len(found) > 1:
        found.sort(key=by_order)
    return tuple(dict.fromkeys([f"{fact.source}#{fact.id}" for fact in found]))
