"""Facts about money owed for the service: invoices, rates, consumption, agreed services (CGV art. 15)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.events.model import Day, Id, Money, Month, Quantity, Rate, event


@event
class InvoiceIssued:
    """An invoice for the consumption of a Paris month. ``amount`` in euros excluding VAT; ``due_on`` a Paris date."""

    TOPIC: ClassVar[str] = "greffe.invoice.issued.v1"
    invoice: Id
    month: Month
    amount: Money
    amount_incl_vat: Money | None = None
    due_on: Day | None = None


@event
class InvoicePaid:
    """The client paid the invoice in full, at the envelope's time."""

    TOPIC: ClassVar[str] = "greffe.invoice.paid.v1"
    invoice: Id


@event
class InvoiceDisputed:
    """The client disputed the invoice (CGV 15.3: too late once the delay has passed)."""

    TOPIC: ClassVar[str] = "greffe.invoice.disputed.v1"
    invoice: Id


@event
class RateRecorded:
    """A reference rate, in percent a year, valid from a Paris date (CGV 15.3, late interest)."""

    TOPIC: ClassVar[str] = "greffe.rate.recorded.v1"
    rate: Literal["ecb-main-refinancing"]
    value: Rate
    from_: Annotated[Day, Field(alias="from")]


@event
class ConsumptionMetered:
    """Seconds of use of a resource type in a Paris month (CGV 15.1 and 15.4, minimum billing)."""

    TOPIC: ClassVar[str] = "greffe.consumption.metered.v1"
    resource_type: Id
    month: Month
    seconds: Quantity


@event
class ProfessionalServicesAgreed:
    """The client agreed to paid work on a ticket, in minutes (Cloud Temple: billed by started slices)."""

    TOPIC: ClassVar[str] = "greffe.professional-services.agreed.v1"
    ticket: Id
    minutes: Quantity
