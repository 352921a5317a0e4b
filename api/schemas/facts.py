"""Facts in and out, what became of them, and what is held back."""

from typing import Literal

from pydantic import ConfigDict, Field

from api.schemas.base import Json, Shape, When


class Event(Shape):
    """A fact as a CloudEvents 1.0 event; `data` is described per type in the AsyncAPI document."""

    model_config = ConfigDict(extra="forbid")

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: When
    recordedtime: When | None = None
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    datacontenttype: str | None = None
    dataschema: str | None = None
    data: Json


class Fact(Shape):
    """A fact of the ledger, and where it stands in it."""

    position: int = Field(description="Where it stands; grows with each fact, with gaps.")
    event: Event


class Facts(Shape):
    """One page of facts, in the order in which they were recorded."""

    facts: list[Fact]
    cursor: int = Field(description="`after` of what comes later: also of facts that are not recorded yet.")
    more: bool = Field(description="Whether there is more already.")


class Item(Shape):
    """What became of one event."""

    source: str | None
    id: str | None
    state: Literal["recorded", "duplicate", "waiting", "quarantined"]
    entry: int | None = Field(description="The number of its entry in the quarantine, where it has one.")
    reason: str | None = Field(description="Why it was not recorded.")
    receipt: str | None = Field(
        description="A legal notice: where its receipt is, once it is signed, which is at once."
    )


class Outcome(Shape):
    """What became of each event, in the order they were sent."""

    recorded: int
    duplicates: int
    waiting: int
    quarantined: int
    items: list[Item]


class Counts(Shape):
    """What became of the entries that were decided again."""

    recorded: int
    duplicates: int
    waiting: int
    quarantined: int


class Entry(Shape):
    """One entry of the quarantine."""

    number: int
    status: Literal["waiting", "open", "retried", "discarded"]
    reason: str
    reason_fr: str
    source: str | None
    id: str | None
    subject: str | None
    type: str | None
    origin: str
    received: When


class WholeEntry(Entry):
    """One entry with what was received; bytes that are no text are escaped."""

    event: str


class Entries(Shape):
    """One page of the quarantine, oldest first."""

    entries: list[Entry]
    next: int | None = Field(description="`after` of the next page; null on the last one.")


class Discarding(Shape):
    """Why an entry is given up; kept in the ledger."""

    reason: str = Field(min_length=1, max_length=1_000, examples=["sent by a test system"])


class Discarded(Shape):
    """The entry that was given up."""

    discarded: int
