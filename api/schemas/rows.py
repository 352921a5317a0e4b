"""The rows of a statement, section by section."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from api.schemas.base import Clause, Day, Events, Exact, RuleId, Shape, When

Readings = dict[str, str]


class Period(Shape):
    """A half-open span of time."""

    from_: When = Field(alias="from")
    to: When


class Exclusion(Shape):
    """Time that a rule takes out of an outage."""

    rule: RuleId
    clause: Clause
    event: str
    seconds: Exact


class Indicator(Shape):
    """One service level over one period. Lines judged by a value have `value`, and null seconds."""

    indicator: RuleId
    resource: str | None
    period: Period
    target: Exact | None
    value: Exact | None = None
    reference_seconds: Exact | None
    unavailable_seconds: Exact | None
    excluded_seconds: Exact | None
    unmeasured_seconds: Exact | None
    counted_seconds: Exact | None
    allowed_seconds: Exact | None
    availability: Exact | None
    state: Literal["met", "breached", "running", "no-commitment", "unmeasured"]
    claimable: bool
    exclusions: list[Exclusion]
    clause: str | None
    events: Events
    provisional: bool | None = None
    samples: int | None = None
    basis: dict[str, Any] | None = None
    readings: Readings | None = None


class NotApplicable(Shape):
    """The rule by which a commitment does not apply to a ticket."""

    rule: RuleId
    clause: Clause


class Support(Shape):
    """One commitment of the support on one ticket, on the commitment's own clock."""

    ticket: str
    commitment: RuleId
    priority: str | int | None
    from_: When | None = Field(alias="from")
    due: When | None
    settled_at: When | None
    allowed_seconds: Exact | None
    elapsed_seconds: Exact
    state: Literal["met", "missed", "running", "not-applicable"]
    clause: Clause
    events: Events
    not_applicable: NotApplicable | None = None
    readings: Readings | None = None


class Objective(Shape):
    """The share of a month's tickets that kept a commitment."""

    commitment: RuleId
    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    met: int
    total: int
    ratio: Exact | None
    objective: Exact
    state: Literal["met", "missed", "no-data", "running"]
    clause: Clause
    provisional: bool | None = None
    readings: Readings | None = None


class PenaltyLine(Shape):
    """One breached line of a penalty, with its contractual availability."""

    indicator: RuleId
    resource: str | None
    target: Exact
    availability: Exact
    counted_seconds: Exact
    amount: Exact | None
    clause: Clause


class Ceiling(Shape):
    """The cap that binds."""

    rule: RuleId
    amount: Exact
    clause: Clause


class Penalty(Shape):
    """What the breaches of the periods that end together cost. `payable` is null where there is no figure."""

    period_end: Day
    lines: list[PenaltyLine]
    gross: Exact | None
    average_monthly_revenue: Exact | None
    caps: list[Ceiling]
    payable: Exact | None
    credit_note: Exact | None
    state: Literal["no-rule", "rejected", "accepted", "barred", "suspended", "cap-pending", "claimed", "claimable"]
    claim_by: When | None
    claims: list[str]
    rule: str | None
    clause: str | None
    events: Events
    readings: Readings | None = None


class Deadline(Shape):
    """One deadline, duty or effect. `due` is the first instant too late where `last_day` is given."""

    rule: RuleId
    owed_by: Literal["client", "provider", "none"]
    opened_by: str | None
    from_: When | None = Field(alias="from")
    due: When | None
    last_day: Day | None
    earliest: When | None
    state: Literal["pending", "met", "met-late", "missed", "cancelled", "open-ended"]
    settled_by: str | None
    settled_at: When | None
    clause: Clause
    events: Events
    elapsed_seconds: Exact | None = None
    safe_until: When | None = None
    ends: str | None = None
    readings: Readings | None = None


class Amount(Shape):
    """Another sum: late interest, a fee, a ceiling of liability, a balance. What it is about stands beside it."""

    model_config = ConfigDict(extra="allow")

    rule: RuleId
    amount: Exact | None
    unit: str
    clause: Clause
    events: Events
    readings: Readings | None = None


class Qualification(Shape):
    """The worst state of the contract's qualified services."""

    model_config = ConfigDict(extra="allow")

    state: Literal["unknown", "in-progress", "qualified", "lapsed", "lost"]
    decision: str | None
    valid_until: Day | None
    clause: str | None
    events: Events


class Finding(Shape):
    """Something a person should look at."""

    code: str
    rule: str | None
    clause: str | None
    message: str
    message_fr: str
    events: Events
