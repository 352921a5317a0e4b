"""The penalty claim: what is asked for, line by line, with the reserves, the computation and the window of the text."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from domain.events.claim import ReserveNotified
from domain.fact import Fact
from domain.time.instant import Instant, paris_date
from projections.documents.blocks import (
    LEFT,
    RIGHT,
    Block,
    Cell,
    addresses,
    blanks,
    cell,
    heading,
    pairs,
    points,
    steps,
    table,
    text,
    verdict,
)
from projections.documents.drawing import Asked, Drawing, NotDrawnError, Sheet, Voice
from projections.documents.matter import exact, titled
from projections.documents.parties import PLACEHOLDERS, parties
from projections.explain.explanation import explain
from projections.figures import day, lasting, moment, money, share, target
from projections.penalty_row import PenaltyRow
from projections.wording import Pair, state_word

WORDS: Mapping[str, Pair] = {
    "title": ("Penalty claim", "Demande de pénalité"),
    "about": ("periods that ended on {day}", "périodes closes le {day}"),
    "channel": ("By the channel that the text sets for claims", "Par le canal que le texte prévoit pour les demandes"),
    "object": (
        "Object: claim of the penalties due for the periods that ended on {day}, contract {contract}.",
        "Objet : demande des pénalités dues pour les périodes closes le {day}, contrat {contract}.",
    ),
    "asks": (
        "The client asks for a credit of {amount} under {clause}, computed below as the text demands.",
        "Le client demande un avoir de {amount} au titre de {clause}, selon le calcul ci-dessous que le texte exige.",
    ),
    "asks_nothing": (
        "Under the reading used, nothing can be asked for the lines below at this date ({clause}).",
        "Selon la lecture retenue, rien ne peut être demandé pour les lignes ci-dessous à cette date ({clause}).",
    ),
    "claimable": (
        "Admissible under the reading used: the claim can be filed until {until}.",
        "Recevable selon la lecture retenue : la demande peut être déposée jusqu'au {until}.",
    ),
    "open_end": ("Admissible under the reading used.", "Recevable selon la lecture retenue."),
    "late": (
        "Late: the window of the text closed on {until} and no claim was filed in it.",
        "Tardive : le délai du texte a pris fin le {until} sans demande déposée.",
    ),
    "claimed": ("Filed in time: claim {claims}.", "Déposée à temps : demande {claims}."),
    "accepted": ("Accepted: claim {claims}.", "Acceptée : demande {claims}."),
    "rejected": ("Rejected by the provider: claim {claims}.", "Rejetée par le prestataire : demande {claims}."),
    "barred": ("Not admissible under the reading used.", "Irrecevable selon la lecture retenue."),
    "suspended": (
        "Suspended: while invoices are late the text lets the penalty rest.",
        "Suspendue : tant que des factures sont en retard, le texte laisse la pénalité en attente.",
    ),
    "cap-pending": (
        "Not known yet: an invoice that the cap rests on is missing.",
        "Pas encore connue : il manque une facture dont dépend le plafond.",
    ),
    "figures": ("Figures", "Chiffres"),
    "period_end": ("Periods ended", "Périodes closes le"),
    "gross": ("Gross", "Brut"),
    "average": ("Average monthly revenue", "Chiffre d'affaires mensuel moyen"),
    "cap": ("Cap that binds", "Plafond appliqué"),
    "payable": ("Payable", "À payer"),
    "exact": ("exactly {value}", "exactement {value}"),
    "state": ("State", "État"),
    "window": ("To be claimed before", "À réclamer avant"),
    "lines": ("Lines claimed", "Lignes réclamées"),
    "line": ("Line", "Ligne"),
    "promised": ("Promised", "Promis"),
    "reached": ("Reached, reserved time", "Atteint, temps réservé"),
    "counted": ("Counted", "Compté"),
    "amount": ("Amount", "Montant"),
    "resource": ("resource {name}", "ressource {name}"),
    "reserves": ("Reserves", "Réserves"),
    "reserve": ("Reserve", "Réserve"),
    "outage": ("Outage", "Interruption"),
    "covers": ("Time covered", "Temps couvert"),
    "notified": ("Notified", "Notifiée"),
    "undocumented": ("not documented", "non documentée"),
    "no_reserve": (
        "No reserve is recorded over these periods.",
        "Aucune réserve n'est enregistrée sur ces périodes.",
    ),
    "computation": ("Computation, step by step (Paris time)", "Calcul, étape par étape (heure de Paris)"),
    "why": ("What the ledger found", "Ce que le registre a constaté"),
    "signature": ("For the client: name, quality, signature", "Pour le client : nom, qualité, signature"),
}
NONE: Pair = (
    "No period with a breached line has ended by this date.",
    "Aucune période avec une ligne non tenue n'est close à cette date.",
)
NO_RULE: Pair = (
    (
        "The texts in force set no penalty for these breaches ({clause}): the amount does not exist, so nothing can be"
        " claimed."
    ),
    (
        "Les textes en vigueur ne fixent aucune pénalité pour ces manquements ({clause}) : le montant"
        " n'existe pas, rien ne"
        " peut être réclamé."
    ),
)
NO_SUCH: Pair = (
    "No penalty is for periods that ended on {day}; there are {known}.",
    "Aucune pénalité ne porte sur des périodes closes le {day} ; il y en a pour {known}.",
)
TONES = {"claimable": "good", "claimed": "good", "accepted": "good", "barred": "bad", "rejected": "bad"}
CODES = ("claim-", "penalty-", "reserve-", "already-")
"""How the codes of findings about a penalty start."""
SHOWN = 24
"""As many period ends as a refusal names."""


def why_not(drawing: Drawing) -> Pair | None:
    """Why there is no claim to draw up; None where there is."""
    rows = drawing.derived.penalties
    if not rows:
        return NONE
    if all(row.state == "no-rule" for row in rows):
        return _no_rule(rows[-1])
    return None


def penalty_claim(drawing: Drawing, asked: Asked) -> Sheet:
    """The claim for the period asked: else the newest that can be filed, else the newest of all."""
    row = _chosen(drawing, asked)
    say, lang = Voice(WORDS, drawing.lang), drawing.lang
    ended = day(row.period_end, lang)
    explained = explain(drawing.basis, drawing.derived, f"penalties.{drawing.derived.penalties.index(row)}", lang)[0]
    told = explained.as_json()
    client, provider = parties(drawing)
    blocks: list[Block] = [addresses(client, provider, say("channel"))]
    blocks.append(text(say("object", day=ended, contract=drawing.basis.contract), "strong"))
    if row.payable is None:
        blocks.append(text(say("asks_nothing", clause=row.clause)))
    else:
        blocks.append(text(say("asks", amount=money(row.payable, lang), clause=row.clause)))
    reasons = _reasons(drawing, row)
    blocks.append(verdict(_admissible(drawing, say, row), _tone(drawing, row), reasons[0] if reasons else ""))
    blocks.append(pairs(_figures(drawing, say, row)))
    blocks.append(_lines(drawing, say, row))
    blocks += _reserves(drawing, say, row)
    blocks += [heading(say("computation")), steps(told["steps"])]
    if len(reasons) > 1:
        blocks += [heading(say("why")), points(reasons)]
    blocks.append(blanks([(PLACEHOLDERS["done_at"][lang == "fr"], "line"), (say("signature"), "box")]))
    return Sheet(say("title"), say("about", day=ended), tuple(blocks), row.events, tuple(told["readings"]), ())


def _chosen(drawing: Drawing, asked: Asked) -> PenaltyRow:
    if (why := why_not(drawing)) is not None:
        raise NotDrawnError(*why)
    rows = drawing.derived.penalties
    if asked.about is not None or asked.start is not None:
        found = [row for row in rows if _meant(row, asked)]
        if not found:
            wanted = asked.about or str(paris_date(Instant((asked.end or drawing.at) - 1)))
            known = ", ".join(str(row.period_end) for row in rows[-SHOWN:])
            raise NotDrawnError(*(words.format(day=wanted, known=known) for words in NO_SUCH))
    else:
        found = [row for row in rows if row.state == "claimable"] or [row for row in rows if row.state != "no-rule"]
    row = found[-1]
    if row.state == "no-rule":
        raise NotDrawnError(*_no_rule(row))
    return row


def _meant(row: PenaltyRow, asked: Asked) -> bool:
    if asked.about is not None:
        return asked.about == row.period_end.isoformat()
    first = paris_date(Instant(asked.start or 0))
    return first <= row.period_end and (asked.end is None or row.period_end <= paris_date(Instant(asked.end - 1)))


def _no_rule(row: PenaltyRow) -> Pair:
    return NO_RULE[0].format(clause=row.clause), NO_RULE[1].format(clause=row.clause)


def _late(drawing: Drawing, row: PenaltyRow) -> bool:
    """Whether the window closed without a claim."""
    return row.claim_by is not None and not row.claims and drawing.at >= row.claim_by


def _admissible(drawing: Drawing, say: Voice, row: PenaltyRow) -> str:
    until = "" if row.claim_by is None else moment(row.claim_by, drawing.lang)
    claims = ", ".join(row.claims)
    if row.state in ("claimable", "barred") and _late(drawing, row):
        return say("late", until=until)
    if row.state == "claimable":
        return say("claimable", until=until) if until else say("open_end")
    return say(row.state, claims=claims)


def _tone(drawing: Drawing, row: PenaltyRow) -> str:
    return "bad" if row.state == "claimable" and _late(drawing, row) else TONES.get(row.state, "warn")


def _reasons(drawing: Drawing, row: PenaltyRow) -> list[str]:
    """The findings about this penalty, in words with their clause."""
    about = set(row.events)
    found = []
    document = row.rule.partition("/")[0]
    for one in drawing.derived.findings:
        ours = (one.rule or "").startswith(f"{document}/") and one.code.startswith(CODES)
        if ours and about.intersection(one.events):
            words = one.message_fr if drawing.lang == "fr" else one.message
            found.append(f"{words} ({one.clause})" if one.clause else words)
    return list(dict.fromkeys(found)) if row.state not in ("claimable", "claimed", "accepted") else []


def _figures(drawing: Drawing, say: Voice, row: PenaltyRow) -> Iterator[tuple[str, Cell]]:
    lang = drawing.lang
    printed = row.as_json()

    def euros(name: str) -> Cell:
        value = printed[name]
        note = exact(value)
        return cell(money(value, lang), say("exact", value=note) if note else "")

    yield say("period_end"), day(row.period_end, lang)
    yield say("gross"), euros("gross")
    if row.average is not None:
        yield say("average"), euros("average_monthly_revenue")
    for cap in row.caps:
        yield say("cap"), cell(money(cap.amount, lang), f"{titled(drawing, cap.rule)}, {cap.clause}")
    yield say("payable"), euros("payable")
    yield say("state"), state_word("penalties", {"state": row.state}, lang)
    if row.claim_by is not None:
        yield say("window"), moment(row.claim_by, lang)


def _lines(drawing: Drawing, say: Voice, row: PenaltyRow) -> Block:
    lang = drawing.lang
    columns = [
        (say("line"), LEFT, 7), (say("promised"), RIGHT, 3), (say("reached"), RIGHT, 4), (say("counted"), RIGHT, 4),
        (say("amount"), RIGHT, 4),
    ]  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for line in row.as_json()["lines"]:
        note = (
            line["clause"]
            if line["resource"] is None
            else f"{line['clause']}, {say('resource', name=line['resource'])}"
        )
        rows.append(
            (
                cell(titled(drawing, line["indicator"]), note),
                target(line["target"], "", lang),
                share(line["availability"], lang),
                lasting(line["counted_seconds"], lang),
                cell(money(line["amount"], lang), exact(line["amount"])),
            )
        )
    return table(say("lines"), columns, rows)


def _reserves(drawing: Drawing, say: Voice, row: PenaltyRow) -> Iterator[Block]:
    """The reserves that the penalty rests on, by their references."""
    named = set(row.events)
    found = [fact for fact in drawing.basis.facts.own(ReserveNotified) if fact.ref in named]
    if not found:
        yield text(say("no_reserve"), "strong")
        return
    columns = [
        (say("reserve"), LEFT, 6),
        (say("outage"), LEFT, 3),
        (say("covers"), LEFT, 5),
        (say("notified"), LEFT, 4),
    ]
    yield table(say("reserves"), columns, list(_told(found, say, drawing)))


def _told(found: Iterable[Fact[ReserveNotified]], say: Voice, drawing: Drawing) -> Iterator[tuple[Cell, ...]]:
    lang = drawing.lang
    for fact in found:
        reserve: Any = fact.data
        yield (
            cell(reserve.reserve, fact.ref),
            reserve.outage,
            cell(moment(reserve.from_, lang), moment(reserve.to, lang)),
            cell(moment(fact.time, lang), "" if reserve.documented else say("undocumented")),
        )
