"""The docket of one contract: its declared deadlines, each opened and settled when first asked for.

A deadline may rest on another one (a termination on a cure that ran out in vain); the docket works each out once.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from domain.agreements.deadline import Settled
from domain.agreements.model import Agreement
from domain.events.contract import ContractEnded
from domain.events.notice import NoticeReceived, NoticeSent
from domain.fact import AnyFact
from projections.basis import Basis
from projections.deletion import Holds, discharge_deletion
from projections.discharge import discharge
from projections.opening import Opening
from projections.payment import PaymentDue, payment_due
from projections.qualification import QualificationLoss, losses
from projections.requirements import Refused
from projections.rulebook import Applied, Bound, Rulebook
from projections.terms import governing_end
from projections.triggers import openings_of


class Docket:
    """Every declared deadline of one contract.

    ``refused`` acts have no effect, ``advised`` ones have it under conditions; ``waiting`` ones wait for the fact
    their delay runs from; ``misshapen`` ones lack the form the text requires; ``recognised`` are the facts some rule
    speaks of.
    """

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.rulebook = Rulebook(basis)
        self.refused: list[Refused] = []
        self.advised: list[Refused] = []
        self.waiting: list[tuple[Applied, AnyFact]] = []
        self.misshapen: list[tuple[Applied, Settled, AnyFact]] = []
        self.unknown_levels: list[tuple[Applied, AnyFact, str]] = []
        self.held_data_gone: list[tuple[Applied, AnyFact]] = []
        self.recognised: set[str] = set()
        self._facts: dict[type[Any], list[Any]] = {}
        self._named: dict[tuple[type[Any], str], dict[str, AnyFact]] = {}
        self._openings: dict[int, list[Opening]] = {}

    def facts(self, kind: type[Any]) -> list[Any]:
        """The facts of a kind, sorted, of the contract and its provider; of several ends, the one that governs."""
        found = self._facts.get(kind)
        if found is None:
            found = self.basis.facts.of(kind)
            if kind is ContractEnded and len(found) > 1:
                found = [governing_end(found)]
            self._facts[kind] = found
        return found

    def first_named(self, kind: type[Any], field: str) -> dict[str, AnyFact]:
        """The first fact of a kind by the value of one of its fields."""
        found = self._named.get((kind, field))
        if found is None:
            found = self._named[kind, field] = {}
            for fact in self.facts(kind):
                found.setdefault(getattr(fact.data, field), fact)
        return found

    def all(self) -> Iterator[Opening]:
        """Every deadline that opened."""
        for bound in self.rulebook.bound:
            yield from self.openings(bound)

    def openings(self, bound: Bound) -> list[Opening]:
        """The deadlines a rule opened, by the time they opened, settled as far as facts tell."""
        found = self._openings.get(id(bound))
        if found is None:
            self._openings[id(bound)] = []
            found = openings_of(self, bound)
            found.sort(key=lambda opening: opening.opened)
            self._openings[id(bound)] = found
            _void(found, self.basis)
            for group in _by_rule(found):
                settle = discharge_deletion if group[0].applied.rule.covers else discharge
                settle(self, group)
        return found

    def of(self, agreement: Agreement, rule: str | None) -> list[Opening]:
        """The deadlines opened under another rule of the same text."""
        bound = None if rule is None else self.rulebook.find(agreement, rule)
        return [] if bound is None else self.openings(bound)

    def effects(self) -> list[Opening]:
        """Every effect that ends the contract and was not withdrawn, by the time it opened."""
        found = [
            opening
            for bound in self.rulebook.bound
            if bound.written.ends == "contract"
            for opening in self.openings(bound)
            if not opening.cancelled
        ]
        return sorted(found, key=lambda opening: opening.opened)

    @cached_property
    def losses(self) -> tuple[QualificationLoss, ...]:
        """The qualifications lost while the contract was in force."""
        return losses(self.basis)

    @cached_property
    def payments(self) -> tuple[PaymentDue, ...]:
        """Every invoice with its due date and payment."""
        return payment_due(self.basis)

    @cached_property
    def holds(self) -> Holds:
        """What must not be deleted, and when."""
        return Holds.of(self.basis)

    @cached_property
    def slips(self) -> dict[str, AnyFact]:
        """The first slip by the id of its notice and by what that notice is about."""
        received = self.first_named(NoticeReceived, "notice")
        found = dict(received)
        for sent in self.facts(NoticeSent):
            slip = received.get(sent.data.notice)
            if slip is not None and sent.data.about is not None:
                found.setdefault(sent.data.about, slip)
        return found


def _void(openings: Iterable[Opening], basis: Basis) -> None:
    """Cancels the windows that close before they open: the contract ends, or is still to end, after them."""
    for opening in openings:
        earliest = opening.applied.rule.earliest
        if earliest is None or not earliest.not_before_end or opening.due is None or opening.earliest is None:
            continue
        still_running = basis.terms.end is None and opening.over_at(basis.at)
        opening.void = opening.cancelled = still_running or opening.earliest >= opening.due


def _by_rule(openings: Iterable[Opening]) -> list[list[Opening]]:
    """The openings of one rule, apart where readings changed what it says."""
    groups: dict[int, list[Opening]] = {}
    for opening in openings:
        groups.setdefault(id(opening.applied.rule), []).append(opening)
    return list(groups.values())
