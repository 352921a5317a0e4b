"""Facts about what the client reserves, claims and obtains (CGV art. 8, 9.3, 13 and Annex B)."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.events.model import Amount, Day, Flag, Id, Text, event, not_before
from domain.time.instant import Instant


@event
class ReserveNotified:
    """The client reserved its rights over [``from_``, ``to``) of an outage, by e-mail (CGV 9.3)."""

    TOPIC: ClassVar[str] = "greffe.reserve.notified.v1"
    reserve: Id
    outage: Id
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    documented: Flag

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        not_before("to", self.to, "from", self.from_)


@event
class PenaltyClaimed:
    """The client claimed a penalty for the periods that end on ``period_end``, their last Paris date (Annex B)."""

    TOPIC: ClassVar[str] = "greffe.penalty.claimed.v1"
    claim: Id
    period_end: Day
    indicators: tuple[Id, ...]
    reserves: tuple[Id, ...]
    computation_attached: Flag


@event
class PenaltyAccepted:
    """The provider accepted a claim, for ``amount`` euros when it says so."""

    TOPIC: ClassVar[str] = "greffe.penalty.accepted.v1"
    claim: Id
    amount: Amount | None = None
    reason: Text | None = None


@event
class PenaltyRejected:
    """The provider rejected a claim."""

    TOPIC: ClassVar[str] = "greffe.penalty.rejected.v1"
    claim: Id
    amount: Amount | None = None
    reason: Text | None = None


@event
class CreditUsed:
    """Part of a credit was used on an account, in euros (a credit lasts as long as the text says)."""

    TOPIC: ClassVar[str] = "greffe.credit.used.v1"
    credit: Id
    amount: Amount
    account: Id


@event
class LiabilityRecorded:
    """A breach over [``from_``, ``to``) for which liability is sought (CGV 13.1).

    ``monthly_amount`` in euros is what the faulty service bills in a month.
    """

    TOPIC: ClassVar[str] = "greffe.liability.recorded.v1"
    liability: Id
    service: Id
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    monthly_amount: Amount
    bodily_harm: Flag | None = None
    beta: Flag | None = None

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        not_before("to", self.to, "from", self.from_)
