"""Facts about natural persons: their requests, the designated contacts, and the erasure of their data."""

from typing import ClassVar

from domain.events.model import Id, Text, event


@event
class Person:
    """A natural person. ``name``, ``email`` and ``phone`` are personal data and can be erased; ``id`` stays."""

    id: Id
    name: Id
    email: Id
    phone: Id | None = None


@event
class PersonalDataRequestReceived:
    """A person exercised a right over their data (CGV 14.2; the answer is owed within the delay of the text)."""

    TOPIC: ClassVar[str] = "greffe.personal-data-request.received.v1"
    request: Id


@event
class PersonalDataRequestAnswered:
    """The provider answered a person's request."""

    TOPIC: ClassVar[str] = "greffe.personal-data-request.answered.v1"
    request: Id


@event
class ContactDesignated:
    """A party named a person for a role (SNC FR art. 13, Annex C; Cloud Temple contacts)."""

    TOPIC: ClassVar[str] = "greffe.contact.designated.v1"
    role: Id
    person: Person


@event
class ContactWithdrawn:
    """A person no longer holds a role."""

    TOPIC: ClassVar[str] = "greffe.contact.withdrawn.v1"
    role: Id
    person_id: Id


@event
class PersonErased:
    """A person's values must become unreadable everywhere; proofs keep holding. ``basis`` says on what ground."""

    TOPIC: ClassVar[str] = "greffe.person.erased.v1"
    person_id: Id
    basis: Text
