"""Service levels of an agreement file: ``[[indicator]]``, ``[[exclusion]]`` and ``[measurement]``.

Each value stands with its clause. Where a reading picks another value, the rule carries a variant: the reading, its
value, and what changes. Code never asks which document it holds; it asks the rule as it stands ``under`` the readings.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from domain.agreements.section import Rule, Section, Text

Metric = Literal["availability", "durability", "latency", "time-share", "none"]
Period = Literal["month", "quarter", "year", "calendar-year"]
RATIOS = ("availability", "durability", "time-share")
"""Metrics whose target is a percentage."""
WHOLE = 100


class Variant(Section):
    """What a rule says instead under one value of a reading: other fields, or a field less."""

    reading: Text
    value: Text
    change: dict[str, Any] = Field(default_factory=dict)
    drop: tuple[Text, ...] = ()


class Varying(Rule):
    """A rule with variants. The rule as written is its text under the default readings."""

    variant: tuple[Variant, ...] = ()

    @model_validator(mode="after")
    def _variants_are_well_formed(self) -> Self:
        for variant in self.variant:
            self._changed([variant])
        return self

    def _changed(self, variants: list[Variant]) -> Self:
        fields = {name: getattr(self, name) for name in self.model_fields_set if name != "variant"}
        for variant in variants:
            fields |= variant.change
            for name in variant.drop:
                fields.pop(name, None)
        return type(self).model_validate(fields)

    def under(self, reading: Callable[[str], str]) -> Self:
        """The rule as it reads under the chosen readings; the rule itself where none of its variants is chosen."""
        chosen = [variant for variant in self.variant if reading(variant.reading) == variant.value]
        return self._changed(chosen) if chosen else self


class Zones(Section):
    """The zones a client must be deployed in before it can claim: every orderable one of the region, or so many.

    ``proof``: the client must also prove that equivalent resources stood in all of them.
    """

    every: bool = False
    at_least: Annotated[int, Field(ge=1)] | None = None
    proof: bool = False

    @model_validator(mode="after")
    def _one_condition(self) -> Self:
        if self.every == (self.at_least is not None):
            raise ValueError("either every = true or at_least = N")
        return self


class Basis(Section):
    """A convention of measurement that the text leaves open: what it is under each value of a reading."""

    name: Text
    reading: Text
    values: dict[Text, Text]


class Conflict(Section):
    """Another figure for the same service in a document that also applies: ``with`` is its full rule id."""

    id: Text
    other: Text


class Indicator(Varying):
    """One promised service level.

    ``services`` are the names whose outages or measures it takes. ``target`` is a percentage, or milliseconds for a
    latency, and is absent where nothing is promised. ``period`` is the length over which it is judged;
    ``period_stated`` is false where the text names none. ``zones`` is the deployment the client must have to claim.
    ``percentile`` serves the percentile reading of a latency only. ``assessable`` is false where a reading leaves
    nothing to compute.
    """

    services: Annotated[tuple[Text, ...], Field(min_length=1)]
    metric: Metric = "availability"
    target: Decimal | None = None
    period: Period = "month"
    period_stated: bool = True
    counts: Literal["objects", "snapshots"] | None = None
    zones: Zones | None = None
    percentile: Decimal | None = None
    assessable: bool = True
    basis: tuple[Basis, ...] = ()
    conflict: tuple[Conflict, ...] = ()

    @model_validator(mode="after")
    def _target_goes_with_metric(self) -> Self:
        if (self.target is None) != (self.metric == "none"):
            raise ValueError("a target goes with every metric but none")
        if (self.counts is None) == (self.metric == "durability"):
            raise ValueError("counts goes with durability, and with nothing else")
        if self.metric in RATIOS and not 0 <= (self.target or 0) <= WHOLE:
            raise ValueError("the target is a percentage between 0 and 100")
        return self


class LongerNotice(Section):
    """A longer warning that some kinds of maintenance need as well."""

    of: tuple[Text, ...]
    notice: Text


class Exclusion(Varying):
    """One rule that takes time out of the downtime. The order in the file is the order in which they apply.

    ``of`` names the kinds of maintenance, countermeasure or misuse, the causes, or the grounds of a suspension covered.
    ``services`` limits it to some services (empty: all). ``notice`` is the warning a maintenance needs. ``first`` is
    the beginning of each incident that never counts. ``applies`` is false where a reading switches the rule off.
    """

    kind: Literal["beta", "maintenance", "countermeasure", "misuse", "suspension", "cause", "incident-start"]
    of: tuple[Text, ...] = ()
    services: tuple[Text, ...] = ()
    notice: Text | None = None
    longer_notice: LongerNotice | None = None
    first: Text | None = None
    applies: bool = True

    @model_validator(mode="after")
    def _first_goes_with_incidents(self) -> Self:
        if (self.first is None) == (self.kind == "incident-start"):
            raise ValueError("first goes with kind incident-start, and with nothing else")
        return self


class Measurement(Varying):
    """How a document measures: when an outage starts and ends, and what its definition of availability mentions.

    ``start``: ``recorded`` is the recorded start, ``earliest-notice`` the earlier of detection and report.
    ``end``: which confirmation of restoration ends an outage. ``performance``: the definition mentions the expected
    performance, so that a degraded service may count. ``new_zone_grace``: how long a new zone is not required.
    """

    start: Literal["recorded", "earliest-notice"] = "recorded"
    end: Literal["first", "last", "monitoring"] = "first"
    performance: bool = False
    new_zone_grace: Text | None = None
    derogation: Rule | None = None
    zone_rule: Rule | None = None
