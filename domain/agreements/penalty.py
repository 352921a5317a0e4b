"""Penalties, reserves, claims, caps and payment terms of an agreement file: ``[penalty]`` and ``[payment]``.

Every section is optional: a text that says nothing of reserves needs none, a text without ``[[penalty.rule]]`` has no
penalty at all. A ``variant`` gives the figures that hold under another reading than the default one.
"""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.agreements.indicator import Metric, Varying
from domain.agreements.section import Rule, Section, Text


class Reference(Varying):
    """The clause by which a text sends back to another for its penalties.

    ``document``: that text, or ``none``; ``[sla] penalties`` names it when this does not.
    """

    document: Text | None = None


class Formula(Varying):
    """Gap under the target x ``factor`` x average monthly revenue.

    ``gap``: ``points`` is the difference of the two rates, ``relative`` that difference over the target.
    ``metrics`` are the kinds of line it punishes; ``indicators`` the only lines (short ids) when it is not all of them.
    """

    kind: Literal["formula"]
    factor: Decimal
    gap: Literal["points", "relative"] = "points"
    metrics: tuple[Metric, ...] = ("availability",)
    indicators: tuple[Text, ...] = ()


class Band(Section):
    """``percent`` of the base when the rate is ``below`` this (percent), unless a lower band applies."""

    below: Decimal
    percent: Decimal


class Tiers(Varying):
    """A percentage of the base by band of the rate.

    ``base``: ``period-invoices`` is what was invoiced for the months of the period, ``average-revenue`` a month's
    average.
    """

    kind: Literal["tiers"]
    base: Literal["period-invoices", "average-revenue"]
    band: tuple[Band, ...]
    metrics: tuple[Metric, ...] = ("availability",)
    indicators: tuple[Text, ...] = ()


PenaltyRule = Annotated[Formula | Tiers, Field(discriminator="kind")]


class Cumulation(Varying):
    """How several breaches add up.

    ``periods``: lines of different lengths that end on the same day are one penalty, or one each. ``resources``: a line
    that several resources breach is punished once for the worst, once for their mean, or for each. ``one_service`` are
    groups of lines (short ids) that print one promise for one service several times: an outage is punished on one of
    them, or on ``each``.
    """

    periods: Literal["together", "separate"] = "together"
    resources: Literal["worst", "mean", "each"] = "worst"
    one_service: tuple[tuple[Text, ...], ...] = ()
    each: bool = False


class Revenue(Varying):
    """The average monthly revenue over ``months`` calendar months, excluding VAT.

    ``window``: the months end with the period's own, or just before it. ``divisor``: the months since signature (at
    most ``months``), or always ``months``. ``scope``: this contract's invoices, or all those of the client.
    """

    months: int
    window: Literal["ending", "before"] = "ending"
    divisor: Literal["history", "full"] = "history"
    scope: Literal["contract", "client"] = "contract"


class Cap(Varying):
    """A ceiling on the penalties: ``percent`` of the average revenue, or of the invoices of the incidents' months.

    ``invoice``: the invoices for what was consumed in the month, or those issued in it. ``split``: a penalty that falls
    in several months is shared out by downtime and each share is capped, or the months' ceilings are added, or the last
    month alone counts. ``derogable``: whether special conditions may change it.
    """

    base: Literal["average-revenue", "month-invoices"]
    percent: Decimal = Decimal(100)
    derogable: bool = True
    invoice: Literal["consumed", "issued"] = "consumed"
    vat: Literal["excluded", "included"] = "excluded"
    split: Literal["pro-rata", "sum", "last-month"] = "pro-rata"
    applies: bool = True


class Reserve(Varying):
    """Downtime counts only where the client reserved its rights within ``delay``.

    ``anchor``: the delay runs from the outage's end, from each instant of it, or from its start. ``notified``: the
    notice counts when sent or when received. ``covers``: the documented hours, or the whole outage. ``content`` is the
    rule on what a reserve must document.
    """

    delay: Text
    anchor: Literal["end", "instant", "start"] = "end"
    notified: Literal["sent", "received"] = "sent"
    covers: Literal["documented", "outage"] = "documented"
    content: Rule | None = None


class Claim(Varying):
    """A penalty must be claimed within ``delay`` of the period's end.

    ``start``: the day the delay runs from is the period's last, or the day after. ``content`` says that a computation
    and the references of the reserves must be attached. ``waiver``: what not claiming loses; ``wipes``: the breach that
    could be claimed, or every reserve of the window.
    """

    delay: Text
    start: Literal["last-day", "next-day"] = "last-day"
    content: Rule | None = None
    waiver: Rule | None = None
    wipes: Literal["period", "window"] = "period"


class Suspension(Varying):
    """Penalties sleep while the client is late in paying and the service goes on.

    ``claims``: a claim filed meanwhile is inadmissible, and lost when its whole window is. ``outages``: outages
    meanwhile are lost. ``lost`` is the rule that says so.
    """

    claims: bool = True
    outages: bool = False
    lost: Rule


class Compensation(Varying):
    """The penalty settles the incidents for good: time compensated on a line leaves its later windows (``once``)."""

    overlapping: Literal["once", "again"] = "once"


class Credit(Varying):
    """An accepted penalty is a credit on later services, valid for ``validity`` (no limit when absent).

    ``start``: from the grant or from the claim. ``form``: a credit, or money. ``at_end``: what is left when the
    contract ends. ``rounding``: to the cent, on the credit note only. ``account`` says that it is tied to the account
    of origin.
    """

    validity: Text | None = None
    start: Literal["grant", "claim"] = "grant"
    form: Literal["credit", "cash"] = "credit"
    at_end: Literal["lapses", "paid-out"] = "lapses"
    rounding: Literal["half-up", "down"] = "half-up"
    account: Rule | None = None


class Penalty(Section):
    """How a breach becomes money, under what conditions and ceilings."""

    reference: Reference | None = None
    rule: tuple[PenaltyRule, ...] = ()
    cumulation: Cumulation | None = None
    revenue: Revenue | None = None
    cap: tuple[Cap, ...] = ()
    reserve: Reserve | None = None
    claim: Claim | None = None
    suspension: Suspension | None = None
    compensation: Compensation | None = None
    credit: Credit | None = None

    @model_validator(mode="after")
    def _revenue_is_defined(self) -> Self:
        bases = {rule.base for rule in self.rule if isinstance(rule, Tiers)} | {cap.base for cap in self.cap}
        needed = "average-revenue" in bases or any(isinstance(rule, Formula) for rule in self.rule)
        if needed and self.revenue is None:
            raise ValueError("a figure rests on the average revenue: say how it is computed in [penalty.revenue]")
        return self


class Payment(Varying):
    """When an invoice is due: on the date it prints when ``printed``, else ``delay`` after its issue date."""

    delay: Text
    printed: bool = True
