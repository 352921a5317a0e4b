"""Whether an access to the client's systems or data has what the text asks for beforehand.

The recorded request is the notice. A consent answers the request of the party it names, or the oldest open one when it
names somebody else, such as the client who gave it.
"""

from collections.abc import Sequence
from functools import partial

from domain.agreements.access import Access
from domain.events.termination import AccessConsented, AccessRequested
from domain.fact import Fact
from projections.basis import Basis
from projections.findings import Finding, refs
from projections.tickets import Ticket, tickets_of

Request = Fact[AccessRequested]
Consent = Fact[AccessConsented]
WORDS = {
    "notice": ("a notice", "une notification"),
    "justification": ("a justification", "une justification"),
    "consent": ("the client's consent", "l'accord du client"),
    "written-consent": ("the client's written consent", "l'accord écrit du client"),
}


def access_findings(basis: Basis) -> list[Finding]:
    """One finding for each request or consent that does not make the access allowed, with what is missing."""
    requests = basis.facts.own(AccessRequested)
    pairs, loose = _paired(requests, basis.facts.own(AccessConsented))
    tickets = tickets_of(basis) if requests else []
    found: list[Finding] = []
    for request, consent in pairs:
        for agreement in basis.terms.governing(request.time):
            for written in agreement.access:
                rule = written.under(partial(basis.readings.at(request.time).get, document=agreement.id))
                if _party(request) not in rule.by:
                    continue
                missing = _missing(rule, request, consent, tickets)
                if missing:
                    facts = [request] if consent is None else [request, consent]
                    found.append(_finding(agreement.full_id(rule.id), rule, request.data.by, missing, refs(facts)))
    for consent in loose:
        for agreement in basis.terms.governing(consent.time):
            found += [
                _finding(agreement.full_id(rule.id), rule, consent.data.by, ["notice"], refs([consent]))
                for rule in agreement.access
                if _party(consent) in rule.by and "justification" in rule.needs
            ]
    return found


def _paired(
    requests: Sequence[Request], consents: Sequence[Consent]
) -> tuple[list[tuple[Request, Consent | None]], list[Consent]]:
    """Each request with the consent that answers it, and the consents that no request came before."""
    answered: dict[str, Consent] = {}
    loose: list[Consent] = []
    asking = {request.data.by for request in requests}
    for consent in consents:
        waiting = [
            request
            for request in requests
            if request.ref not in answered
            and request.time <= consent.time
            and request.data.third_party == consent.data.third_party
            and (request.data.by == consent.data.by or consent.data.by not in asking)
        ]
        if waiting:
            answered[waiting[0].ref] = consent
        else:
            loose.append(consent)
    return [(request, answered.get(request.ref)) for request in requests], loose


def _missing(rule: Access, request: Request, consent: Consent | None, tickets: Sequence[Ticket]) -> list[str]:
    """What the rule asks for and the facts do not show."""
    if rule.diagnosis and any(_under_investigation(ticket, request.time) for ticket in tickets):
        return []
    justified = request.data.justification or (consent is not None and consent.data.justification)
    there = {
        "justification": bool(justified),
        "consent": consent is not None,
        "written-consent": consent is not None and consent.data.written,
    }
    return [need for need in rule.needs if not there[need]]


def _under_investigation(ticket: Ticket, instant: int) -> bool:
    """Whether the ticket is about an incident open at an instant."""
    opened, resolved = ticket.opened, ticket.resolved
    return opened.data.kind == "incident" and opened.time <= instant and (resolved is None or instant < resolved.time)


def _party(fact: Request | Consent) -> str:
    return "third-party" if fact.data.third_party else "provider"


def _finding(full_id: str, rule: Access, by: str, missing: Sequence[str], events: tuple[str, ...]) -> Finding:
    english = ", ".join(WORDS[need][0] for need in missing)
    french = ", ".join(WORDS[need][1] for need in missing)
    return Finding(
        "access-not-allowed", full_id, rule.clause,
        f"Access by {by} is not allowed: {english} is missing.",
        f"L'accès de {by} n'est pas permis ; il manque : {french}.",
        events,
    )  # fmt: skip
