"""Shared image: the end of a share waits for the share (CGV 18.3). Sharing with one client again is no news."""

from typing import Any, assert_never

from domain.aggregates.verdict import ACCEPT, UNKNOWN, Known, State, Thing, Verdict, begin, follows
from domain.events.deletion import ImageShared, ImageShareEnded
from domain.fact import Fact

ImageFact = Fact[ImageShared | ImageShareEnded]

SHARE = Thing("image", "image share", "partage d'image", "le partage d'image")
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The image, and the client it is shared with: each share is one thing."""
    return f"{data.image} / {data.with_}"


def decide(state: State, fact: ImageFact, known: Known) -> Verdict:
    """A share ends after it began to be known."""
    data = fact.data
    match data:
        case ImageShared():
            return ACCEPT
        case ImageShareEnded():
            return follows(state.since, SHARE, key(data), known)
        case _:
            assert_never(data)


def evolve(state: State, fact: ImageFact) -> State:
    """The share after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, ImageShared) else state
