"""Invoice: issued once; paying or disputing one waits for it. Paying before the issue is possible."""

from typing import Any, assert_never

from domain.aggregates.verdict import UNKNOWN, Known, State, Thing, Verdict, begin, follows, once
from domain.events.billing import InvoiceDisputed, InvoiceIssued, InvoicePaid
from domain.fact import Fact

InvoiceFact = Fact[InvoiceIssued | InvoicePaid | InvoiceDisputed]

INVOICE = Thing("invoice", "invoice", "facture", "la facture", feminine=True)
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The id of the invoice a fact speaks of."""
    return str(data.invoice)


def decide(state: State, fact: InvoiceFact, known: Known) -> Verdict:
    """Refuse a second issue of an id; a payment or a dispute waits for its invoice."""
    data = fact.data
    match data:
        case InvoiceIssued():
            return once(state.since, INVOICE, data.invoice)
        case InvoicePaid() | InvoiceDisputed():
            return follows(state.since, INVOICE, data.invoice, known)
        case _:
            assert_never(data)


def evolve(state: State, fact: InvoiceFact) -> State:
    """The invoice after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, InvoiceIssued) else state
