"""Facts about the contract itself: what was signed, revised, chosen or ended, and where its resources run."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.events.model import Channel, Day, Flag, Id, Percent, Text, event, impossible


@event
class Client:
    """The client of a contract; both values are the sender's."""

    id: Id
    name: Id


@event
class Account:
    """The account a client opens with the provider (CGV art. 3.1); its e-mail address is where notices go."""

    id: Id
    email: Id


@event
class ContractSigned:
    """A contract was signed by both parties, at the envelope's time, with the listed documents.

    ``term_end`` is the last Paris date of a fixed term or a reservation. ``region_zones`` are the zones the region
    had, ``zones`` those the client deployed in (CGV Annex A, starred lines). A provider may be one no agreement knows.
    """

    TOPIC: ClassVar[str] = "greffe.contract.signed.v1"
    provider: Id
    client: Client
    documents: Annotated[tuple[Id, ...], Field(min_length=1)]
    kind: Literal["on-demand", "term", "reservation"]
    term_end: Day | None = None
    account: Account | None = None
    region: Id | None = None
    region_zones: tuple[Id, ...] | None = None
    zones: tuple[Id, ...] | None = None
    services: tuple[Id, ...] | None = None


@event
class ContractDocumentSigned:
    """A further document was signed; ``replaces`` names the one it supersedes (SNC FR art. 3)."""

    TOPIC: ClassVar[str] = "greffe.contract.document-signed.v1"
    document: Id
    replaces: Id | None = None


@event
class ContractRevisionNotified:
    """The provider announced a new version of a document, to enter into force on a Paris date."""

    TOPIC: ClassVar[str] = "greffe.contract.revision-notified.v1"
    document: Id
    version: Id
    effective_on: Day
    channel: Channel
    lowers_security: Flag | None = None


@event
class ContractRevisionAccepted:
    """The client accepted a notified version of a document."""

    TOPIC: ClassVar[str] = "greffe.contract.revision-accepted.v1"
    document: Id
    version: Id


@event
class ContractRevisionRefused:
    """The client refused a notified version of a document."""

    TOPIC: ClassVar[str] = "greffe.contract.revision-refused.v1"
    document: Id
    version: Id


@event
class ContractEnded:
    """The contract ended; ``on`` is the last Paris date in force, to 24:00. ``cause`` is free text."""

    TOPIC: ClassVar[str] = "greffe.contract.ended.v1"
    cause: Text
    on: Day


@event
class ReadingSelected:
    """A reading of an unclear clause was chosen for this contract, from the envelope's time on."""

    TOPIC: ClassVar[str] = "greffe.reading.selected.v1"
    parameter: Id
    value: Id
    reason: Text


@event
class DeploymentDeclared:
    """Where a service or resource runs. ``region_zones`` is the region's current list, for this contract."""

    TOPIC: ClassVar[str] = "greffe.deployment.declared.v1"
    service: Id | None = None
    resource: Id | None = None
    zones: tuple[Id, ...]
    region_zones: tuple[Id, ...] | None = None
    equivalent_resources_proven: Flag | None = None


@event
class ServiceFlagged:
    """A service became beta, or stopped being so (CGV art. 25: no commitment while it is)."""

    TOPIC: ClassVar[str] = "greffe.service.flagged.v1"
    service: Id
    beta: Flag


@event
class RegionZoneOpened:
    """A provider opened a zone in a region; ``orderable`` says whether clients can deploy there."""

    TOPIC: ClassVar[str] = "greffe.region.zone-opened.v1"
    region: Id
    zone: Id
    orderable: Flag


@event
class DerogationRecorded:
    """An order form derogates: another target (percent) for an indicator, or another value for a rule (CGV art. 8).

    ``derogation_wording`` says whether the clause opens with the wording that makes it prevail.
    """

    TOPIC: ClassVar[str] = "greffe.derogation.recorded.v1"
    indicator: Id | None = None
    target: Percent | None = None
    rule: Id | None = None
    value: Id | None = None
    derogation_wording: Flag
    order: Id

    def __post_init__(self) -> None:
        """Refuse a derogation from nothing, and a half of a pair."""
        if (self.indicator is None) != (self.target is None):
            raise impossible(
                "target" if self.target is None else "indicator",
                "indicator and target go together",
                "indicator et target vont ensemble",
            )
        if (self.rule is None) != (self.value is None):
            raise impossible(
                "value" if self.value is None else "rule", "rule and value go together", "rule et value vont ensemble"
            )
        if self.indicator is None and self.rule is None:
            raise impossible(
                "indicator",
                "either indicator and target, or rule and value, must be given",
                "il faut indicator et target, ou rule et value",
            )
