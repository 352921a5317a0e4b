"""Facts about the rotation of access keys (CGV art. 9.1)."""

from typing import ClassVar

from domain.events.model import Id, event


@event
class KeyRotationRequested:
    """The provider asked the client to rotate an access key."""

    TOPIC: ClassVar[str] = "greffe.key-rotation.requested.v1"
    key: Id


@event
class KeyRotationPerformed:
    """The client rotated the key."""

    TOPIC: ClassVar[str] = "greffe.key-rotation.performed.v1"
    key: Id
