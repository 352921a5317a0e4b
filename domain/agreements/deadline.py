"""Deadlines, duties and effects of an agreement file: ``[[deadline]]`` and ``[[borrowed]]``.

A deadline says what opens it, when its delay starts, how long it is, and which act settles it. Code knows no clause: a
new text brings its own deadlines as data. Reserves, claims, credits and payments state theirs in ``[penalty]`` and
``[payment]``.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from domain.agreements.indicator import Varying
from domain.agreements.section import Rule, Section, Text
from domain.errors import InvalidDelayError
from domain.events.model import Channel
from domain.events.registry import PREFIX, event_class, known_topics
from domain.time.delay import parse_delay

Value = bool | str
Values = Value | tuple[Value, ...]
Conditions = dict[str, Values]
DataScope = Literal["instances", "volumes", "snapshots", "objects", "backups", "technical-data"]
Derived = Literal["qualification-lost", "agreement-ended", "reversibility-over"]
SELF = "self"


def data_class(event: str) -> type[Any]:
    """The class of the data of an event, named as on the wire without prefix and version: ``notice.sent``."""
    return event_class(f"{PREFIX}{event}.v1")


def meets(data: Any, conditions: Conditions) -> bool:
    """Whether every named field has one of the values; a list has it when one of its items does."""
    for name, wanted in conditions.items():
        found = getattr(data, name)
        allowed = wanted if isinstance(wanted, tuple) else (wanted,)
        if not any(item in allowed for item in found) if isinstance(found, tuple) else found not in allowed:
            return False
    return True


def checked_delay(text: str) -> str:
    """The text, which says a delay. Raises ValueError for one that does not."""
    try:
        parse_delay(text)
    except InvalidDelayError as error:
        raise ValueError(str(error)) from None
    return text


def _has_fields(kind: type[Any], names: Iterable[str]) -> None:
    for name in names:
        if name not in kind.__dataclass_fields__:
            raise ValueError(f"{kind.TOPIC} has no field {name!r}")


class Happening(Section):
    """An event whose data meet conditions.

    ``when`` are fields and the values they may have, ``any_of`` alternatives of which one must hold, ``unless`` what
    must not.
    """

    event: Text
    when: Conditions = Field(default_factory=dict)
    any_of: tuple[Conditions, ...] = ()
    unless: Conditions = Field(default_factory=dict)

    @model_validator(mode="after")
    def _event_and_fields_exist(self) -> Self:
        if self.event == SELF:
            return self
        if f"{PREFIX}{self.event}.v1" not in known_topics():
            raise ValueError(f"unknown event {self.event!r}")
        _has_fields(self.kind, (*self.when, *self.unless, *(name for one in self.any_of for name in one)))
        return self

    @cached_property
    def kind(self) -> type[Any]:
        """The class of the event's data."""
        return data_class(self.event)

    def holds_for(self, data: Any) -> bool:
        """Whether the data of such an event meet the conditions."""
        if self.when and not meets(data, self.when):
            return False
        if self.any_of and not any(meets(data, one) for one in self.any_of):
            return False
        return not (self.unless and meets(data, self.unless))


class Levels(Section):
    """Which events were asked for by an earlier fact: ``words`` say what each level in its ``field`` means.

    ``chosen`` false: the rule speaks only as long as no such fact was recorded.
    """

    event: Text
    field: Text
    chosen: bool
    words: dict[str, Conditions] = Field(default_factory=dict)

    @cached_property
    def kind(self) -> type[Any]:
        """The class of the data of the choice."""
        return data_class(self.event)


class Phases(Section):
    """When the time to recover data is over: with the ``report``, else with paid storage, else with the access.

    ``access``, ``demand`` and ``storage`` are deadlines of the same text. ``early``: a report closes the period before
    the access ends.
    """

    access: Text
    demand: Text | None = None
    storage: Text | None = None
    report: bool = True
    early: bool = True


class Opened(Happening):
    """What opens a deadline: an event, or a ``trigger`` derived from several.

    ``also`` are further events that open it alike. ``own_service``: the fact must be about a service whose
    qualification this text speaks of.
    """

    event: Text = SELF
    also: tuple[Text, ...] = ()
    trigger: Derived | None = None
    own_service: bool = False
    levels: Levels | None = None
    phases: Phases | None = None

    @model_validator(mode="after")
    def _one_of_event_and_trigger(self) -> Self:
        if (self.event == SELF) == (self.trigger is None):
            raise ValueError("give either an event or a trigger")
        if (self.trigger == "reversibility-over") != (self.phases is not None):
            raise ValueError("the trigger reversibility-over, and it alone, has phases")
        return self

    @cached_property
    def kinds(self) -> tuple[type[Any], ...]:
        """The classes of the data of its events; none where a trigger opens it."""
        return () if self.event == SELF else (self.kind, *map(data_class, self.also))


class Started(Section):
    """The later fact from which the delay runs, found by the same id in its field ``by``.

    ``missing``: without it the deadline does not open (and a reader is told), or runs from what opened it.
    ``receipt``: the slip of a notice that bears the id or is about it.
    """

    event: Text = "notice.received"
    by: Text = "notice"
    missing: Literal["wait", "opening"] = "wait"
    receipt: bool = False

    @cached_property
    def kind(self) -> type[Any]:
        """The class of the later fact's data."""
        return data_class(self.event)


class Settled(Happening):
    """An act that settles a deadline, or ``self``: what opened it is the act.

    ``by`` is the field in which the act names what it settles; ``named_only``: an act that names nothing settles
    nothing. ``channels`` are the forms the text requires. ``opens``: the act counts where it opened that other
    deadline, which stands.
    """

    by: Text | None = None
    named_only: bool = False
    channels: tuple[Channel, ...] = ()
    opens: Text | None = None

    @model_validator(mode="after")
    def _names_by_a_field(self) -> Self:
        if self.by is not None and self.event != SELF:
            _has_fields(self.kind, (self.by,))
        return self


class Requirement(Varying):
    """What the text requires for an act to have any effect; without it the act is refused.

    ``channel``: sent by one of ``channels``. ``past-term``: for contracts of these ``kinds``, no effect before the
    term. ``expired``: the delay of the ``deadline`` the same party set has run out in vain. ``in-force``: an ``event``
    with conditions, not yet ended by ``ended_by`` with the same ``by``. ``qualification-lost``: a loss was recorded.
    ``paid-up``: no invoice is late. ``ended``: the contract has ended. ``none``: nothing any more (for a variant).
    ``advisory``: without it the act stands, and a reader is told.
    """

    test: Literal["channel", "past-term", "expired", "in-force", "qualification-lost", "paid-up", "ended", "none"]
    channels: tuple[Channel, ...] = ()
    kinds: tuple[Text, ...] = ()
    deadline: Text | None = None
    event: Text | None = None
    when: Conditions = Field(default_factory=dict)
    ended_by: Text | None = None
    by: Text | None = None
    advisory: bool = False


class Earliest(Section):
    """Not before: the first instant of the day the delay leads to, and never before the end of the contract."""

    delay: Text | None = None
    not_before_end: bool = False

    @field_validator("delay")
    @classmethod
    def _is_a_delay(cls, text: str | None) -> str | None:
        return None if text is None else checked_delay(text)


class Chosen(Section):
    """One value of a reading."""

    reading: Text
    value: Text


class Deadline(Varying):
    """A duty or an effect: what opens it -> delay -> what settles it.

    ``runs_from`` is where the delay starts: the ``time`` of the fact, when it was ``recorded``, a field of its data
    (its time where the field is empty), the day a termination takes ``effect``, or the last ``ticket`` that asked for
    it. ``after``: the day after another deadline of this text ends. No ``delay``: the text gives no figure, time is
    told and nothing judged. ``clear`` says which reading of clear days applies. ``midnight`` is the end at which an
    effect takes place on its day. ``named_date`` is a field that may name a later day. ``prior``: acts made before
    what opens it count when they name it. ``covers`` makes it a deletion: the kinds of data that must be gone, all of
    them. ``held_by`` suspends that. ``overrides`` are rules of other texts this one displaces. ``when_reading``: the
    only reading under which the rule speaks. ``ends``: what an effect ends. ``further``: what else the text then asks
    for, of which no fact can tell. ``warn_after``: the time after which an open-ended duty is worth a word.
    """

    kind: Literal["duty", "effect"] = "duty"
    when_reading: Chosen | None = None
    owed_by: Literal["provider", "client", "none", "other-party"]
    opened_by: Opened
    name: tuple[Text, ...] = ()
    starts: Started | None = None
    runs_from: Text = "time"
    after: Text | None = None
    delay: Text | None = None
    clear: Literal["act_window", "effect"] | None = None
    midnight: Literal["end", "start"] = "end"
    named_date: Text | None = None
    earliest: Earliest | None = None
    settled_by: tuple[Settled, ...] = ()
    prior: bool = False
    cancelled_by: Settled | None = None
    covers: tuple[DataScope, ...] = ()
    held_by: tuple[Literal["hold", "image"], ...] = ()
    requires: tuple[Requirement, ...] = ()
    overrides: tuple[Text, ...] = ()
    ends: Literal["contract", "agreement"] | None = None
    warn_after: Text | None = None
    further: tuple[Rule, ...] = ()

    @cached_property
    def openers(self) -> tuple[Opened, ...]:
        """What may open it, under any reading."""
        changed = (self._changed([variant]) for variant in self.variant if "opened_by" in variant.change)
        return (self.opened_by, *(rule.opened_by for rule in changed))

    @field_validator("delay", "warn_after")
    @classmethod
    def _is_a_delay(cls, text: str | None) -> str | None:
        return None if text is None else checked_delay(text)

    @model_validator(mode="after")
    def _fields_exist(self) -> Self:
        """Fields read from the facts that open it are fields of those facts."""
        wanted = [*self.name, *((self.named_date,) if self.named_date is not None else ())]
        if self.runs_from not in ("time", "recorded", "effect", "ticket"):
            wanted.append(self.runs_from)
        for kind in self.opened_by.kinds:
            _has_fields(kind, wanted)
        return self


def check_references(deadlines: Sequence[Deadline]) -> None:
    """Raises ValueError where a deadline rests on another one that its text does not declare, or stands twice."""
    known = [deadline.id for deadline in deadlines]
    for deadline in deadlines:
        named = {deadline.after, *(requirement.deadline for requirement in deadline.requires)}
        named.update(how.opens for how in deadline.settled_by)
        for phases in (opener.phases for opener in deadline.openers):
            if phases is not None:
                named |= {phases.access, phases.demand, phases.storage}
        for name in sorted(name for name in named if name is not None and name not in known):
            raise ValueError(f"deadline {deadline.id!r} rests on {name!r}, which this text does not declare")
    for name in {name for name in known if known.count(name) > 1}:
        raise ValueError(f"deadline {name!r} is declared twice")


class Borrowed(Section):
    """Deadlines of another document that also apply here under one value of a reading."""

    document: Text
    reading: Text
    value: Text
    deadlines: Annotated[tuple[Text, ...], Field(min_length=1)]
