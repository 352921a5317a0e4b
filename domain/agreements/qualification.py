"""Qualification terms of an agreement file: ``[qualification]``.

A qualification belongs to a service label. What a text says of it at signature is its initial state; facts come after.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from domain.agreements.indicator import Varying
from domain.agreements.section import Rule, Section, Text


class Initial(Varying):
    """The state the text declares, which stands until a fact is known."""

    state: Literal["unknown", "in-progress", "qualified"]


class Validity(Varying):
    """How long a qualification holds. ``until`` is the last Paris day the text itself prints, to 24:00, if it does.

    ``after``: what the end of a validity without renewal is: ``lapsed``, ``lost`` as if it had been withdrawn, or
    ``qualified`` still.
    """

    until: date | None = None
    after: Literal["lapsed", "lost", "qualified"] = "lapsed"


class Holding(Varying):
    """The share, in percent of the capital and of the votes each, that holders outside the Union may reach.

    ``inclusive`` says whether the share itself is allowed.
    """

    percent: Annotated[Decimal, Field(ge=0, le=100)]
    inclusive: bool = True


class Shareholding(Section):
    """Limits on holders outside the Union, each alone and all together, and the seat of the provider itself."""

    individual: Holding | None = None
    collective: Holding | None = None
    seat: Rule | None = None


class Condition(Rule):
    """A condition under which the qualification holds; ``binding`` is false for a recommendation.

    ``channels`` are the only ways of access it covers, where it names any.
    """

    binding: bool
    channels: tuple[Text, ...] = ()


class Decree(Varying):
    """The decree the text cites."""

    number: Text


class Qualification(Section):
    """What a document says of the qualification of its services.

    ``services`` are the labels under which facts name them. ``loss`` is the right a loss opens, ``modification`` what a
    modification is.
    """

    services: Annotated[tuple[Text, ...], Field(min_length=1)]
    initial: Initial
    validity: Validity
    loss: Rule
    modification: Rule
    decree: Decree | None = None
    shareholding: Shareholding | None = None
    condition: tuple[Condition, ...] = ()
