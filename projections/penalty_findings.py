"""Why a penalty, a line or a claim is barred, in words: one function per reason, each a finding with its clause."""

from collections.abc import Iterable, Sequence
from datetime import date

from domain.agreements.model import Agreement
from domain.agreements.penalty import Claim, Compensation, Reserve, Revenue, Suspension
from domain.agreements.section import Rule
from domain.fact import AnyFact
from domain.time.instant import Instant, format_instant
from projections.claims import ClaimWindow, Filed
from projections.findings import Finding, refs
from projections.indicator_row import IndicatorRow


def _finding(code: str, agreement: Agreement, rule: Rule, words: tuple[str, str], events: Iterable[str]) -> Finding:
    return Finding(code, agreement.full_id(rule.id), rule.clause, *words, tuple(events))


def claim_early(agreement: Agreement, window: ClaimWindow, claim: Filed) -> Finding:
    """A claim filed before the period ended."""
    name, day = claim.fact.data.claim, window.period_end.isoformat()
    words = (
        f"Claim {name} came before the period ended ({day}): it has no effect.",
        f"La réclamation {name} précède la fin de la période ({day}) : elle est sans effet.",
    )
    return _finding("claim-early", agreement, window.rule, words, refs([claim.fact]))


def claim_late(agreement: Agreement, window: ClaimWindow, claim: Filed) -> Finding:
    """A claim filed after the window closed."""
    name, day, limit = claim.fact.data.claim, window.period_end.isoformat(), format_instant(window.due)
    words = (
        f"Claim {name} for the periods that ended on {day} came too late: the window closed at {limit}.",
        f"La réclamation {name} pour les périodes closes le {day} est tardive : le délai expirait le {limit}.",
    )
    return _finding("claim-late", agreement, window.rule.waiver or window.rule, words, refs([claim.fact]))


def claim_without_computation(agreement: Agreement, window: ClaimWindow, claim: Filed) -> Finding:
    """A claim without the client's own computation."""
    name = claim.fact.data.claim
    words = (
        f"Claim {name} attaches no computation of the breach: it is inadmissible.",
        f"La réclamation {name} ne joint aucun calcul du manquement : elle est irrecevable.",
    )
    rule = window.rule.content or window.rule
    return _finding("claim-without-computation", agreement, rule, words, refs([claim.fact]))


def claim_while_late(agreement: Agreement, suspension: Suspension, claim: Filed) -> Finding:
    """A claim filed while the client was late in paying."""
    name = claim.fact.data.claim
    words = (
        f"Claim {name} was filed while the client was late in paying: it is inadmissible.",
        f"La réclamation {name} a été formée alors que le client était en retard de paiement : elle est irrecevable.",
    )
    return _finding("claim-while-late", agreement, suspension, words, refs([claim.fact]))


def waived(agreement: Agreement, window: ClaimWindow, events: Sequence[str]) -> Finding:
    """No admissible claim was filed before the window closed."""
    day, limit = window.period_end.isoformat(), format_instant(window.due)
    words = (
        f"No claim for the periods that ended on {day} was filed by {limit}: the client has waived it.",
        f"Aucune réclamation pour les périodes closes le {day} n'est venue avant le {limit} : le client y a renoncé.",
    )
    return _finding("claim-waived", agreement, window.rule.waiver or window.rule, words, events)


def lost_while_late(
    agreement: Agreement, window: ClaimWindow, suspension: Suspension, events: Sequence[str]
) -> Finding:
    """The whole window lay in a time of lateness in payment."""
    day = window.period_end.isoformat()
    words = (
        f"The client was late in paying through the whole window to claim for {day}: the penalty is lost.",
        f"Le client était en retard de paiement pendant tout le délai de réclamation du {day} : pénalité perdue.",
    )
    return _finding("penalty-lost", agreement, suspension.lost, words, events)


def without_reserve(agreement: Agreement, claim: Claim, reserve: Reserve, claims: Sequence[Filed]) -> Finding:
    """A claim that cites no valid reserve over enough downtime to make a breach."""
    names = ", ".join(filed.fact.data.claim for filed in claims)
    words = (
        f"Claim {names} cites no valid reserve over enough downtime to show a breach.",
        f"La réclamation {names} ne cite aucune réserve valable sur un temps suffisant pour établir un manquement.",
    )
    return _finding("claim-without-reserve", agreement, claim.content or reserve, words, refs(f.fact for f in claims))


def unreserved(agreement: Agreement, reserve: Reserve, rows: Sequence[IndicatorRow], limit: Instant | None) -> Finding:
    """Breached lines whose reserved downtime is not a breach; ``limit``: until when a reserve can still come."""
    lines = _lines(rows)
    still = "" if limit is None else f" A reserve can still be notified until {format_instant(limit)}."
    encore = "" if limit is None else f" Une réserve peut encore être notifiée jusqu'au {format_instant(limit)}."
    words = (
        f"Too little of the downtime is covered by a valid reserve to claim on {lines}.{still}",
        f"Trop peu de l'indisponibilité est couverte par une réserve valable pour réclamer sur {lines}.{encore}",
    )
    return _finding("reserve-missing", agreement, reserve, words, _events(rows))


def compensated(agreement: Agreement, rule: Compensation, rows: Sequence[IndicatorRow]) -> Finding:
    """Breached lines whose downtime an accepted claim has settled already."""
    words = (
        f"The incidents on {_lines(rows)} have been compensated already, for good.",
        f"Les incidents sur {_lines(rows)} ont déjà été indemnisés, à titre définitif.",
    )
    return _finding("already-compensated", agreement, rule, words, _events(rows))


def accepted_again(agreement: Agreement, rule: Compensation, claims: Sequence[Filed]) -> Finding:
    """Claims accepted on lines that an accepted claim had settled already."""
    names = ", ".join(filed.fact.data.claim for filed in claims)
    words = (
        f"Claim {names} was accepted for incidents compensated already: what was accepted adds up all the same.",
        f"La réclamation {names} a été acceptée pour des incidents déjà indemnisés : les montants acceptés s'ajoutent.",
    )
    return _finding("already-compensated", agreement, rule, words, refs(fact for f in claims for fact in f.facts))


def lost_outages(agreement: Agreement, rule: Suspension, rows: Sequence[IndicatorRow]) -> Finding:
    """Breached lines whose downtime fell while the client was late in paying."""
    words = (
        f"The incidents on {_lines(rows)} fell while the client was late in paying: their penalties are lost.",
        f"Les incidents sur {_lines(rows)} sont survenus pendant un retard de paiement : leurs pénalités sont perdues.",
    )
    return _finding("penalty-lost", agreement, rule.lost, words, _events(rows))


def wiped(agreement: Agreement, rule: Claim, rows: Sequence[IndicatorRow]) -> Finding:
    """Breached lines whose reserves fell because an earlier period end was not claimed."""
    words = (
        f"The reserves on {_lines(rows)} are deemed never to have existed: an earlier period end went unclaimed.",
        f"Les réserves sur {_lines(rows)} sont réputées n'avoir jamais existé : une fin de période est restée muette.",
    )
    return _finding("claim-waived", agreement, rule.waiver or rule, words, _events(rows))


def kept_together(agreement: Agreement, rule: Rule, rows: Sequence[IndicatorRow]) -> Finding:
    """Resources that breach a line each, and keep it on average."""
    words = (
        f"Averaged over its resources, {_lines(rows)} keeps its promise: no penalty.",
        f"En moyenne sur ses ressources, {_lines(rows)} tient sa promesse : pas de pénalité.",
    )
    return _finding("kept-on-average", agreement, rule, words, _events(rows))


def zone_condition(row: IndicatorRow) -> Finding:
    """A breached line whose deployment condition the client does not meet."""
    line = row.indicator if row.resource is None else f"{row.indicator} ({row.resource})"
    if row.timed:
        words = (
            f"{line}: the client was not deployed as this line requires when the outage began; it cannot claim on it.",
            f"{line} : client non déployé comme elle l'exige au début de l'indisponibilité ; il ne peut réclamer.",
        )
    else:
        words = (
            f"{line}: the client was not deployed as this line requires; it cannot rely on what it promises.",
            f"{line} : client non déployé comme elle l'exige ; il ne peut se prévaloir de ce qu'elle promet.",
        )
    return Finding("zone-condition", row.indicator, row.terms.clause, *words, tuple(row.refs))


def not_a_breach(agreement: Agreement, claim: Claim, filed: Filed, indicators: Sequence[str], day: date) -> Finding:
    """Lines that a claim names, or every line where it names none, and that are not breached at that period end."""
    names = ", ".join(indicators) or "—"
    words = (
        f"Claim {filed.fact.data.claim} ({names}): no such breach in a period that ends on {day.isoformat()}.",
        f"Réclamation {filed.fact.data.claim} ({names}) : aucun manquement sur une période close le {day.isoformat()}.",
    )
    return _finding("claim-line-not-breached", agreement, claim.content or claim, words, refs([filed.fact]))


def no_rule(lead: Agreement, rows: Sequence[IndicatorRow]) -> Finding:
    """Breached lines that no penalty rule of the documents punishes."""
    words = (
        f"No document in force says what a breach of {_lines(rows)} costs: the amount is unknown, not zero.",
        f"Aucun document en vigueur ne dit ce que coûte un manquement à {_lines(rows)} : montant inconnu, non nul.",
    )
    return _finding("no-penalty-rule", lead, lead.sla, words, _events(rows))


def only_this_contract(agreement: Agreement, rule: Revenue) -> Finding:
    """The average should take every contract of the client, and only this one is known here."""
    words = (
        "The average revenue should take all the client's contracts; only one is known here.",
        "Le chiffre d'affaires moyen devrait réunir tous les contrats du client ; un seul est connu ici.",
    )
    return _finding("revenue-scope", agreement, rule, words, ())


def tax_unknown(agreement: Agreement, rule: Rule, invoices: Sequence[AnyFact]) -> Finding:
    """A ceiling on amounts including VAT meets invoices that do not give it."""
    words = (
        "This ceiling is read including VAT, and an invoice does not give its amount including VAT.",
        "Ce plafond est lu taxes comprises, et une facture ne donne pas son montant toutes taxes comprises.",
    )
    return _finding("vat-missing", agreement, rule, words, refs(invoices))


def time_objectives_unpunished(agreement: Agreement, rule: Rule) -> Finding:
    """The formula is read as covering more than availability, but response and recovery times give it no rate."""
    words = (
        "Read beyond availability, the formula takes durability and shares of time; support times give it no rate.",
        "Au-delà de la disponibilité, la formule prend durabilité et parts de temps, non les délais de support.",
    )
    return _finding("penalty-scope", agreement, rule, words, ())


def _lines(rows: Sequence[IndicatorRow]) -> str:
    return ", ".join(sorted({row.indicator for row in rows}))


def _events(rows: Sequence[IndicatorRow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ref for row in rows for ref in row.refs))
