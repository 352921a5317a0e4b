"""Short sentences for tests of deciders: a fact from a type, fields and a time; a stream from facts."""

from typing import Any

from domain.aggregates.registry import Verdict, decide, evolve, stream_of
from domain.aggregates.verdict import NOTHING_KNOWN, Accept, Known, Refuse, Wait
from domain.events.decode import decode
from domain.fact import AnyFact

NOON = "2026-01-14T12:00:00+01:00"


def said(name: str, time: str = NOON, subject: str = "C-1", **data: Any) -> AnyFact:
    """One fact; its id comes from all it says, so that two different facts have two ids."""
    data = {field.removesuffix("_"): value for field, value in data.items()}
    return decode(
        {
            "specversion": "1.0",
            "id": f"{name} {time} {sorted(data.items())}"[:200],
            "source": "urn:test",
            "type": f"greffe.{name}.v1",
            "subject": subject,
            "time": time,
            "data": data,
        }
    )


def verdict(fact: AnyFact, *before: AnyFact, known: Known = NOTHING_KNOWN) -> Verdict:
    """What is decided of a fact after those, taken in that order, which must all be accepted and share its stream."""
    state = None
    for earlier in before:
        assert stream_of(earlier) == stream_of(fact)
        assert decide(state, earlier, known) == Accept()
        state = evolve(state, earlier)
    return decide(state, fact, known)


def accepted(fact: AnyFact, *before: AnyFact, known: Known = NOTHING_KNOWN) -> bool:
    """Whether the fact can be true after those."""
    return verdict(fact, *before, known=known) == Accept()


def waits(fact: AnyFact, *before: AnyFact, known: Known = NOTHING_KNOWN) -> Wait:
    """The reason why the fact waits."""
    found = verdict(fact, *before, known=known)
    assert isinstance(found, Wait)
    return found


def refused(fact: AnyFact, *before: AnyFact, known: Known = NOTHING_KNOWN) -> Refuse:
    """The reason why the fact is refused."""
    found = verdict(fact, *before, known=known)
    assert isinstance(found, Refuse)
    return found
