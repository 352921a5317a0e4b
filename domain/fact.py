"""A fact: what a sender says happened, when it happened, and when the ledger came to know it."""

from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from domain.time.instant import Instant

Data_co = TypeVar("Data_co", covariant=True)


class Fact(NamedTuple, Generic[Data_co]):
    """One immutable fact.

    ``time`` is the occurred axis, ``recorded`` the recorded axis; both are instants and never mixed.
    ``source`` and ``id`` together are the idempotency key. ``subject`` is a contract id or ``provider:<name>``.
    ``data`` is one of the frozen event models of ``domain.events``; its class says the type.
    """

    source: str
    id: str
    subject: str
    time: Instant
    recorded: Instant
    data: Data_co
    correlation: str | None = None
    causation: str | None = None
    traceparent: str | None = None

    @property
    def ref(self) -> str:
        """``source#id``, the name of this fact in every statement."""
        return f"{self.source}#{self.id}"

    @property
    def order(self) -> tuple[int, str, str]:
        """Sort key (time, source, id): the one order in which facts are read, whatever order they arrived in."""
        return (self.time, self.source, self.id)


AnyFact = Fact[Any]

by_order = itemgetter(*map(Fact._fields.index, ("time", "source", "id")))
"""The same key as ``Fact.order``, for sorting many facts."""

as_recorded = itemgetter(*map(Fact._fields.index, ("recorded", "time", "source", "id")))
"""The order in which facts came to be known, ties in the order of ``by_order``: of two that exclude each other, the
first stands."""
