"""Things that one fact alone makes known: a second fact with the same id is refused, nothing waits for them.

A snapshot, a change of compliance, a liability, a request for deletion. (A deletion or a certificate may come without
a request, or before the ledger hears of it.)
"""

from typing import Any, assert_never

from domain.aggregates.verdict import UNKNOWN, Known, State, Thing, Verdict, begin, once
from domain.events.claim import LiabilityRecorded
from domain.events.deletion import DeletionRequested
from domain.events.operation import SnapshotTaken
from domain.events.qualification import ComplianceChanged
from domain.fact import Fact

NamedFact = Fact[SnapshotTaken | ComplianceChanged | LiabilityRecorded | DeletionRequested]

SNAPSHOT = Thing("snapshot", "snapshot", "instantané", "l'instantané")
CHANGE = Thing("compliance-change", "change of compliance", "changement de conformité", "le changement de conformité")
LIABILITY = Thing("liability", "liability", "mise en cause", "la mise en cause", feminine=True)
DELETION = Thing("deletion", "deletion", "suppression", "la suppression", feminine=True)
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """What the fact makes known, and its id: two kinds of things may bear one id."""
    thing, name = _named(data)
    return f"{thing.kind} / {name}"


def _named(data: SnapshotTaken | ComplianceChanged | LiabilityRecorded | DeletionRequested) -> tuple[Thing, str]:
    match data:
        case SnapshotTaken():
            return SNAPSHOT, data.snapshot
        case ComplianceChanged():
            return CHANGE, data.change
        case LiabilityRecorded():
            return LIABILITY, data.liability
        case DeletionRequested():
            return DELETION, data.deletion
        case _:
            assert_never(data)


def decide(state: State, fact: NamedFact, known: Known) -> Verdict:  # noqa: ARG001 - one shape for all deciders
    """Refuse a second thing of one kind with the same id."""
    return once(state.since, *_named(fact.data))


def evolve(state: State, fact: NamedFact) -> State:
    """The thing after the fact."""
    return begin(state, fact.time)
