"""Contracts, deadlines over contracts, readings and agreements."""

from typing import Literal

from pydantic import Field

from api.schemas.base import Json, Shape, When
from api.schemas.rows import Deadline


class Contract(Shape):
    """One contract, and how it stands at the date of its statement."""

    contract: str
    provider: str | None
    client: str | None = Field(description="The client's name; null where no known fact says who signed.")
    documents: list[str]
    state: Literal["in-force", "ended", "unsigned"]
    at: When
    breached: int = Field(description="Service levels breached.")
    missed: int = Field(description="Deadlines with no act in time.")
    pending: int = Field(description="Deadlines to come.")
    findings: int


class Contracts(Shape):
    """One page of contracts, by their id."""

    contracts: list[Contract]
    next: str | None = Field(description="`after` of the next page; null on the last one.")


class ContractDeadline(Deadline):
    """One deadline, and whose contract's."""

    contract: str


class AllDeadlines(Shape):
    """One page of deadlines over contracts, by contract."""

    at: When
    deadlines: list[ContractDeadline]
    next: str | None = Field(description="`after` of the next page; null on the last one.")


class Words(Shape):
    """The same in two languages."""

    en: str
    fr: str


class Reading(Shape):
    """One choice that a text leaves open."""

    parameter: str
    clause: str
    values: dict[str, Words]
    default: str
    default_by_document: dict[str, str]
    touches: list[str]
    why: Words


class ReadingList(Shape):
    """Every reading that can be chosen."""

    readings: list[Reading]


class Agreement(Shape):
    """One version of a document."""

    document: str
    version: str
    provider: str
    language: str
    rank: int
    rules: int
    title: Words


class Agreements(Shape):
    """Every document the catalogue knows."""

    agreements: list[Agreement]


class Promises(Shape):
    """Everything one document promises, section by section, each rule with its clause."""

    document: str
    version: str
    provider: str
    title: Words
    incorporates: list[str]
    replaces: list[str]
    sections: dict[str, list[Json]]


class DrawableDocument(Shape):
    """One kind of document, and why it cannot be drawn up of this contract where it cannot."""

    kind: str = Field(description="The last part of its address.")
    title: str
    purpose: str
    why_not: str | None = Field(description="Null where it can be drawn up.")


class DrawableDocuments(Shape):
    """The documents of a contract."""

    contract: str
    documents: list[DrawableDocument]
