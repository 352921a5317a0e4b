"""Facts about deleting data: requests, deletions, certificates, shared images, legal holds."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.events.model import Day, Flag, Id, Scope, Text, event


@event
class DeletionRequested:
    """The client asked for the deletion of some data."""

    TOPIC: ClassVar[str] = "greffe.deletion.requested.v1"
    deletion: Id
    via: Literal["api", "ticket"]
    scopes: tuple[Scope, ...]


@event
class DeletionPerformed:
    """The provider deleted data at the envelope's time; ``deletion`` names the request, if there was one."""

    TOPIC: ClassVar[str] = "greffe.deletion.performed.v1"
    deletion: Id | None = None
    scopes: tuple[Scope, ...]
    method: Text | None = None


@event
class DeletionCertified:
    """The provider certified a deletion; which fields a certificate must carry is the agreement's matter."""

    TOPIC: ClassVar[str] = "greffe.deletion.certified.v1"
    deletion: Id | None = None
    account: Id | None = None
    place: Text | None = None
    on: Day | None = None
    signatory: Text | None = None
    title: Text | None = None
    scopes: tuple[Scope, ...]
    ticket_on: Day | None = None
    signed: Flag | None = None
    stamped: Flag | None = None


@event
class ImageShared:
    """An image of this client is shared with another client (CGV 18.3: not deleted while in use)."""

    TOPIC: ClassVar[str] = "greffe.image.shared.v1"
    image: Id
    with_: Annotated[Id, Field(alias="with")]


@event
class ImageShareEnded:
    """The other client no longer uses the shared image."""

    TOPIC: ClassVar[str] = "greffe.image.share-ended.v1"
    image: Id
    with_: Annotated[Id, Field(alias="with")]


@event
class HoldPlaced:
    """Data must be kept for a legal reason, until a Paris date (24:00) or until released."""

    TOPIC: ClassVar[str] = "greffe.hold.placed.v1"
    hold: Id
    basis: Text
    scopes: tuple[Scope, ...]
    until: Day | None = None


@event
class HoldReleased:
    """A hold was released; the other fields repeat what was placed and may be left out."""

    TOPIC: ClassVar[str] = "greffe.hold.released.v1"
    hold: Id
    basis: Text | None = None
    scopes: tuple[Scope, ...] = ()
    until: Day | None = None
