"""What comes into the ledger together, and what becomes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from domain.errors import UndecodableEventError
from domain.fact import AnyFact


class Received(NamedTuple):
    """One event as it came in: its bytes, where it came from, what it decodes to, and its line there if it has one.

    ``headers`` is the JSON text of the headers it came with; the quarantine keeps it.
    """

    body: bytes
    origin: str
    fact: AnyFact | UndecodableEventError
    line: int = 0
    headers: str | None = None

    @property
    def place(self) -> str:
        """Where it came from, for a person: ``facts.jsonl:12``."""
        return f"{self.origin}:{self.line}" if self.line else self.origin


@dataclass(slots=True)
class Outcome:
    """How many facts of a batch were recorded, known already, left waiting, or put in quarantine."""

    recorded: int = 0
    duplicates: int = 0
    waiting: int = 0
    quarantined: int = 0
    subjects: set[str] = field(default_factory=set)

    def __iadd__(self, other: Self) -> Self:
        self.recorded += other.recorded
        self.duplicates += other.duplicates
        self.waiting += other.waiting
        self.quarantined += other.quarantined
        self.subjects |= other.subjects
        return self

    def counts(self) -> dict[str, int]:
        """The four counts by name."""
        return {
            "recorded": self.recorded,
            "duplicates": self.duplicates,
            "waiting": self.waiting,
            "quarantined": self.quarantined,
        }


Read = Callable[[bytes], Sequence[tuple[bytes, AnyFact | UndecodableEventError]]]
"""From the bytes of a message to its events, each with its own bytes, or the refusal of what is none."""
