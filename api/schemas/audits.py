"""Audits of the ledger."""

from typing import Literal

from pydantic import Field

from api.schemas.base import Shape, When


class AuditSaid(Shape):
    """A sentence in both languages."""

    en: str
    fr: str


class AuditFault(Shape):
    """One thing that is not as the log says, and where."""

    code: str
    leaf: int | None = Field(None, description="The index of the leaf of the log.")
    stream: str | None = Field(None, description="The stream of the stored event.")
    version: int | None = None
    said: AuditSaid


class Audit(Shape):
    """One audit: every row of the ledger against its log, and the log against what was signed of it."""

    number: int
    at: When
    caller: str = Field(description="Who made it.")
    kind: Literal["full", "since"] = Field(description="`since`: only what came after the audit before.")
    since: int = Field(description="The leaves that were not looked at, from the first on.")
    size: int = Field(description="The leaves of the log.")
    root: str = Field(description="The root of the tree of the log, in hexadecimal; empty where leaves are missing.")
    leaves: int = Field(description="The leaves looked at.")
    events: int = Field(description="The stored events looked at.")
    checkpoints: int = Field(description="The checkpoints looked at.")
    signed: int = Field(description="The leaves that the newest checkpoint signs for.")
    signatures: Literal["verified", "unlike", "not-looked-at"] = Field(
        description="Whether the signatures are those of the keys given; `not-looked-at` where none was given."
    )
    faults: int = Field(description="How many things are not as the log says.")
    found: list[AuditFault] | None = Field(description="The first of them; null for who reads no contracts.")


class Audits(Shape):
    """One page of the audits, oldest first."""

    audits: list[Audit]
    next: int | None = Field(description="`after` of the next page; null on the last one.")
