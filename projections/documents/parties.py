"""Who writes to whom: what the facts say of the parties, and a place to fill in for what they do not."""

from collections.abc import Mapping

from projections.documents.blocks import Cell, cell
from projections.documents.drawing import Drawing
from projections.wording import Pair, pick

PLACEHOLDERS: Mapping[str, Pair] = {
    "address": ("[postal address: to be filled in]", "[adresse postale : à compléter]"),
    "represented": ("[represented by: to be filled in]", "[représenté par : à compléter]"),
    "attention": ("[for the attention of: to be filled in]", "[à l'attention de : à compléter]"),
    "email": ("[e-mail address: to be filled in]", "[adresse électronique : à compléter]"),
    "client": ("Client", "Client"),
    "provider": ("Provider", "Prestataire"),
    "account": ("account {id}", "compte {id}"),
    "done_at": ("Done at, on", "Fait à, le"),
}


def parties(drawing: Drawing) -> tuple[list[Cell], list[Cell]]:
    """The client and the provider, as the head of a letter names them."""
    return client(drawing), provider(drawing)


def client(drawing: Drawing) -> list[Cell]:
    """The client: its name and account as signed; its e-mail address only for who may read it."""
    signed = drawing.basis.terms.signed
    found: list[Cell] = [cell(signed.data.client.name, pick(PLACEHOLDERS["client"], drawing.lang), tone="strong")]
    if signed.data.account is not None:
        found.append(pick(PLACEHOLDERS["account"], drawing.lang).format(id=signed.data.account.id))
        found.append(drawing.private(signed, ("account", "email"), PLACEHOLDERS["email"]))
    return [*found, _fill(drawing, "represented"), _fill(drawing, "address")]


def provider(drawing: Drawing) -> list[Cell]:
    """The provider, of whom the facts know the name alone."""
    name = cell(drawing.basis.terms.provider, pick(PLACEHOLDERS["provider"], drawing.lang), tone="strong")
    return [name, _fill(drawing, "attention"), _fill(drawing, "address")]


def _fill(drawing: Drawing, name: str) -> Cell:
    return cell(pick(PLACEHOLDERS[name], drawing.lang), tone="fill")
