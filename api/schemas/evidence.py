"""The log as it is signed: checkpoints, proofs of consistency, receipts."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.schemas.base import Shape, When

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256, in hexadecimal.")]
Proof = Annotated[list[Hash], Field(description="Hashes, leaf side first (RFC 6962).")]
Note = Annotated[str, Field(description="A signed note (C2SP signed-note), byte for byte.")]
Size = Annotated[int, Field(description="How many entries the log had.")]


class Checkpoint(Shape):
    """One checkpoint of the log."""

    size: Size
    root: Hash
    note: Note = Field(description="The signed checkpoint (C2SP tlog-checkpoint) with its cosignatures.")
    made: When


class Timestamp(Shape):
    """When the signed checkpoint existed, said by a timestamp authority."""

    authority: str = Field(description="Its address.")
    token: str = Field(description="An RFC 3161 response over the note as the log alone signed it, in base64.")
    made: When


class SigningKey(Shape):
    """A key of the log."""

    key: str = Field(description="As the contract's annex prints it.")
    since: int = Field(description="It signs checkpoints of more entries than that.")
    handover: Note | None = Field(description="By which the key before hands over to it.")


class Newest(Checkpoint):
    """The newest checkpoint, when it existed, and the keys that sign or signed the log."""

    log: str = Field(description="The origin of the log.")
    timestamps: list[Timestamp]
    keys: list[SigningKey]


class Checkpoints(Shape):
    """One page of checkpoints, smallest first."""

    checkpoints: list[Checkpoint]
    next: int | None = Field(description="`after` of the next page; null on the last.")


class Consistency(Shape):
    """What shows the log of some size to be the beginning of the log of another."""

    log: str = Field(description="The origin of the log.")
    from_: int = Field(alias="from")
    to: int
    proof: Proof


class Heads(Shape):
    """The last entry under the checkpoint, which commits to where every contract stands, and the place of this one."""

    entry: str
    index: int
    inclusion: Proof
    proof: Proof = Field(description="From the head of the contract to the root of the map.")


class ReceiptField(Shape):
    """One field of a fact: shown with its salt, or, where it is personal, withheld but for its leaf."""

    path: str = Field(description="Its dotted path.")
    value: Any = None
    salt: Hash | None = None
    leaf: Hash | None = None
    why: str | None = Field(None, description="Why it is withheld.")


class ReceiptFact(Shape):
    """One fact of the contract among what is signed, with what its entry commits to."""

    fact: str = Field(description="`source#id`.")
    entry: str
    index: int
    inclusion: Proof
    fields: list[ReceiptField]


class Receipt(Shape):
    """Where the chain of a contract stood when the log was signed; keep it: `greffe receipt check` compares it."""

    v: Literal[1]
    log: str = Field(description="The origin of the log.")
    contract: str
    tenant: str = Field(description="The random name that stands for the contract in the log.")
    tseq: int = Field(description="How many entries the contract has.")
    leaf: Hash = Field(description="The hash of the last of them.")
    index: int = Field(description="Where that one stands in the log.")
    size: Size
    checkpoint: Note
    inclusion: Proof
    heads: Heads
    handovers: list[Note]
    fact: ReceiptFact | None = None
