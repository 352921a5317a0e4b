"""Which class reads which type of fact. A stored type is a public name, never the name of a module.

Modules of events are imported, and validators built, when the first fact of a type is read.
"""

from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any, cast

from pydantic.dataclasses import rebuild_dataclass

PREFIX = "greffe."

_TYPES: dict[str, tuple[str, ...]] = {
    "contract": (
        "contract.signed",
        "contract.document-signed",
        "contract.revision-notified",
        "contract.revision-accepted",
        "contract.revision-refused",
        "contract.ended",
        "reading.selected",
        "deployment.declared",
        "service.flagged",
        "region.zone-opened",
        "derogation.recorded",
    ),
    "outage": (
        "outage.recorded",
        "outage.ended",
        "outage.cause-established",
        "outage.corrected",
        "outage.retracted",
    ),
    "maintenance": ("maintenance.announced", "maintenance.performed", "maintenance.cancelled"),
    "operation": (
        "countermeasure.applied",
        "misuse.recorded",
        "monitoring.gap-recorded",
        "snapshot.taken",
        "measure.recorded",
    ),
    "ticket": (
        "ticket.opened",
        "ticket.completed",
        "ticket.qualified",
        "ticket.answered",
        "ticket.waiting-for-client",
        "ticket.client-replied",
        "ticket.resolved",
        "ticket.reopened",
    ),
    "incident": ("incident.opened", "incident.closed", "notification-levels.chosen"),
    "person": (
        "personal-data-request.received",
        "personal-data-request.answered",
        "contact.designated",
        "contact.withdrawn",
        "person.erased",
    ),
    "key": ("key-rotation.requested", "key-rotation.performed"),
    "billing": (
        "invoice.issued",
        "invoice.paid",
        "invoice.disputed",
        "rate.recorded",
        "consumption.metered",
        "professional-services.agreed",
    ),
    "claim": (
        "reserve.notified",
        "penalty.claimed",
        "penalty.accepted",
        "penalty.rejected",
        "credit.used",
        "liability.recorded",
    ),
    "qualification": (
        "qualification.granted",
        "qualification.renewed",
        "qualification.modified",
        "qualification.lost",
        "compliance.changed",
        "third-party.changed",
        "shareholding.recorded",
    ),
    "termination": (
        "formal-notice.sent",
        "breach.remedied",
        "identity-anomaly.notified",
        "identity-anomaly.answered",
        "resources.blocked",
        "resources.unblocked",
        "access.requested",
        "access.consented",
        "termination.notified",
        "termination.acknowledged",
        "termination.withdrawn",
    ),
    "account": ("account.deactivated", "account.closed"),
    "reversibility": (
        "recovery-report.received",
        "paid-storage.started",
        "paid-storage.ended",
        "recovery-service.ordered",
        "recovery-service.paid",
        "recovery-service.delivered",
    ),
    "deletion": (
        "deletion.requested",
        "deletion.performed",
        "deletion.certified",
        "image.shared",
        "image.share-ended",
        "hold.placed",
        "hold.released",
    ),
    "notice": ("notice.sent", "notice.received"),
}

_MODULES = {f"{PREFIX}{name}.v1": module for module, names in _TYPES.items() for name in names}


def known_topics() -> tuple[str, ...]:
    """Every type of fact the ledger reads, sorted, in its current version."""
    return tuple(sorted(_MODULES))


def class_name(topic: str) -> str:
    """``greffe.notification-levels.chosen.v1`` is read by ``NotificationLevelsChosen``."""
    name = topic.removeprefix(PREFIX).rpartition(".")[0]
    return "".join(part.capitalize() for part in name.replace("-", ".").split("."))


@cache
def event_class(topic: str) -> type[Any]:
    """The class that reads a known topic. Raises KeyError for an unknown one: see ``nearest``."""
    return cast("type[Any]", getattr(import_module(f"domain.events.{_MODULES[topic]}"), class_name(topic)))


@cache
def validator(topic: str) -> Callable[..., Any]:
    """The compiled validator of a known topic: ``validate(data, by_alias=True, by_name=False)``."""
    model = event_class(topic)
    rebuild_dataclass(model)
    return cast("Callable[..., Any]", model.__pydantic_validator__.validate_python)


def topic_of(model: type[Any]) -> str:
    """The type under which facts of this class are stored and sent."""
    return cast("str", model.TOPIC)


def nearest(topic: str) -> str | None:
    """The known type an unknown one was probably meant to be, or None."""
    found = get_close_matches(topic[:200], _MODULES, n=1)
    return found[0] if found else None
