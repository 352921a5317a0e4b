"""What a statement rests on: facts, terms, readings and a date. Every projection is a pure function of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.agreements.catalogue import Catalogue
from domain.events.billing import InvoiceIssued
from domain.fact import AnyFact, Fact
from domain.readings import ReadingTimeline
from domain.time.instant import Instant
from projections.facts import FactBook
from projections.ranks import Ranks
from projections.terms import Terms


@dataclass(frozen=True, slots=True)
class Basis:
    """One contract's facts known and dated as asked, its terms over time, the readings over time, and the date ``at``.

    ``at`` is the instant the statement speaks of; nothing here reads a clock. ``client_invoices`` are those of the same
    client's other contracts, None when they were not looked for: only reading ``cacm.scope`` B asks for them.
    ``ranks`` is the order of all these facts.
    """

    contract: str
    facts: FactBook
    terms: Terms
    readings: ReadingTimeline
    catalogue: Catalogue
    at: Instant
    client_invoices: tuple[Fact[InvoiceIssued], ...] | None = None
    ranks: Ranks = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ranks", Ranks(self._everything))

    def clause(self, rule: str) -> str:
        """The clause of the rule ``<document>/<rule>``."""
        return self.catalogue.clause(rule)

    def _everything(self) -> Iterator[AnyFact]:
        yield from self.facts.everything()
        yield from self.client_invoices or ()
