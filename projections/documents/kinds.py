"""Every kind of document: what it is called, what it is drawn up from, and why it cannot be drawn up."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.time.instant import format_instant
from projections.documents import claim, deletion, letters, matter, sla
from projections.documents.blocks import Block, heading, new_page
from projections.documents.dossier import NO_SIDES, dispute_dossier
from projections.documents.drawing import Asked, Drawing, Sheet
from projections.wording import Pair

ANNEX: Pair = ("Annex: what the ledger says", "Annexe : ce que dit le registre")
SLOT: Pair = ("page {page} of {pages}", "page {page} sur {pages}")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its name in addresses, its title, what it is for, and the functions that draw it up."""

    name: str
    title: Pair
    purpose: Pair
    draw: Callable[[Drawing, Asked], Sheet]
    why_not: Callable[[Drawing], Pair | None]


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "sla-statement",
            sla.WORDS["title"],
            (
                "Each line of a month against its promise, with exclusions, penalties and findings.",
                "Chaque ligne d'un mois face à son engagement, avec exclusions, pénalités et constats.",
            ),
            sla.sla_statement,
            sla.why_not,
        ),
        Kind(
            "penalty-claim",
            claim.WORDS["title"],
            (
                "What is claimed for a period, with its computation and its reserves.",
                "Ce qui est réclamé pour une période, avec son calcul et ses réserves.",
            ),
            claim.penalty_claim,
            claim.why_not,
        ),
        Kind(
            "formal-notice",
            letters.WORDS["formal"],
            (
                "A letter that gives the other party the delay of the text to remedy what it has not done.",
                "Une lettre qui donne à l'autre partie le délai du texte pour remédier à ce qu'elle n'a pas fait.",
            ),
            letters.formal_notice,
            letters.why_no_notice,
        ),
        Kind(
            "qualification-loss",
            letters.WORDS["lost"],
            (
                "The letter by which the provider tells the client that a qualification is lost.",
                "La lettre par laquelle le prestataire apprend au client la perte d'une qualification.",
            ),
            letters.qualification_loss,
            letters.why_not_lost,
        ),
        Kind(
            "deletion-certificate",
            deletion.WORDS["title"],
            (
                "What was certified of a deletion, field by field of the model of the text.",
                "Ce qui a été attesté d'une suppression, champ par champ du modèle du texte.",
            ),
            deletion.deletion_certificate,
            deletion.why_not,
        ),
        Kind(
            "dispute-dossier",
            ("Dispute dossier", "Dossier de différend"),
            (
                "What two ways to read the same facts change, in euros and in days.",
                "Ce que changent deux façons de lire les mêmes faits, en euros et en jours.",
            ),
            lambda drawing, _: dispute_dossier(drawing),
            lambda drawing: NO_SIDES if drawing.other is None else None,
        ),
    )
}
"""In the order in which people meet them."""


def document(kind: str, drawing: Drawing, asked: Asked) -> dict[str, Any]:
    """The whole document as JSON values, every one of them text, a list or an object. Raises NotDrawnError."""
    sheet = KINDS[kind].draw(drawing, asked)
    bearing = sheet.bearings
    return {
        "format": "greffe-document-1",
        "kind": kind,
        "lang": drawing.lang,
        "title": sheet.title,
        "about": sheet.about,
        "contract": drawing.basis.contract,
        "at": format_instant(drawing.at),
        "known_at": format_instant(drawing.known_at),
        "page": drawing.pick(SLOT),
        "blocks": [
            *_opening(drawing, sheet),
            *matter.rests(drawing, sheet.events, bearing),
            *matter.proof(drawing),
        ],
        "facts": [fact.ref for fact in matter.facts_named(drawing, sheet.events)],
        "readings": {one["parameter"]: one["value"] for one in bearing},
        "verify": matter.verification(drawing),
    }


def _opening(drawing: Drawing, sheet: Sheet) -> Iterator[Block]:
    """The document itself: a letter first and alone, anything else under the contract it is about."""
    if sheet.annex is None:
        yield matter.about(drawing)
        yield from sheet.blocks
        return
    yield from sheet.blocks
    yield new_page()
    yield heading(drawing.pick(ANNEX))
    yield matter.about(drawing)
    yield from sheet.annex
