"""Other sums an agreement file provides for: ``[[amount]]``, each of one ``kind``."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from domain.agreements.indicator import Varying
from domain.agreements.section import Rule, Text


class LateInterest(Varying):
    """Simple interest from the first late day: recorded ``rate`` + ``points`` percent a year, over ``year_days`` days.

    ``fixing``: the rate in force on the first late day, or that of 1 January and 1 July for each half-year.
    """

    kind: Literal["late-interest"]
    rate: Text
    points: Decimal
    year_days: int
    fixing: Literal["first-late-day", "half-year"] = "first-late-day"
    base: Literal["incl-vat", "excl-vat"] = "incl-vat"


class LateFee(Varying):
    """A fixed fee in euros from the first late day."""

    kind: Literal["late-fee"]
    amount: Decimal
    per: Literal["invoice", "client"] = "invoice"


class LiabilityCap(Varying):
    """Liability is limited to ``times`` the monthly amount when the breach lasted within these days.

    ``days``: started days of 24 h, completed ones, or Paris calendar days touched. ``month``: the faulty service's
    monthly amount when the breach started, or the contract's average month.
    """

    kind: Literal["liability-cap"]
    times: Decimal
    at_most_days: int | None = None
    at_least_days: int | None = None
    days: Literal["started", "completed", "calendar"] = "started"
    month: Literal["start", "average"] = "start"


class LiabilityUnlimited(Rule):
    """No ceiling at all for harm to persons."""

    kind: Literal["liability-unlimited"]


class BetaCeiling(Rule):
    """Liability for a beta service is limited to ``amount`` euros."""

    kind: Literal["beta-ceiling"]
    amount: Decimal


class MinimumBilling(Varying):
    """Use is billed by the whole second, rounded up; use below ``seconds`` in a month is billed ``seconds``."""

    kind: Literal["minimum-billing"]
    seconds: int
    per: Literal["type", "resource"] = "type"


class Slices(Varying):
    """Agreed work is billed by slices of ``minutes``."""

    kind: Literal["slices"]
    minutes: int
    count: Literal["started", "pro-rata"] = "started"


Amount = Annotated[
    LateInterest | LateFee | LiabilityCap | LiabilityUnlimited | BetaCeiling | MinimumBilling | Slices,
    Field(discriminator="kind"),
]
"""Another sum the text provides for."""
