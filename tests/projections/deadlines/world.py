"""Short sentences for the tests of deadlines: facts in, the rows and findings of ``C-1`` out. Times are Paris times."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.dossier import cloud_temple, outscale, row, rows, statement

PARIS = ZoneInfo("Europe/Paris")
CGV = "outscale-cgv-2019"
SNC_FR = "outscale-snc-fr"
SNC_EN = "outscale-snc-en-2023"
SECURE_TEMPLE = "ct-secure-temple"
OPENIAAS = "ct-openiaas-v3"
SIGNED = "2023-01-01"

Happening = tuple[str, str, dict[str, Any]]


def at(moment: str) -> str:
    """``2026-03-02 10:15`` or ``2026-03-02`` in Paris as RFC 3339; a text that has an offset stays as it is."""
    if "+" in moment[10:] or moment.endswith("Z"):
        return moment
    return datetime.fromisoformat(moment).replace(tzinfo=PARIS).isoformat()


def midnight_after(day: str) -> str:
    """24:00 Paris of a day."""
    return at(str(datetime.fromisoformat(day).date() + timedelta(days=1)))


def happens(moment: str, name: str, /, **data: Any) -> Happening:
    """A fact of the contract; ``from_`` and ``with_`` stand for the wire's ``from`` and ``with``."""
    return (at(moment), name, {field.rstrip("_"): value for field, value in data.items()})


def sent(moment: str, topic: str, channel: str = "email", about: str | None = None, notice: str = "n-1") -> Happening:
    """A notice, ``n-1`` unless told otherwise, and the event it is about if it names one."""
    named = {} if about is None else {"about": about}
    return happens(moment, "notice.sent", notice=notice, topic=topic, channel=channel, **named)


def provider_says(
    provider: str, moment: str, name: str, /, **data: Any
) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
    """A fact about the provider, which touches every one of its contracts."""
    return (*happens(moment, name, **data), {"subject": f"provider:{provider}"})


@dataclass(frozen=True)
class World:
    """The statement of one contract, seen through its deadlines."""

    statement: dict[str, Any]

    def row(self, rule: str, **where: Any) -> dict[str, Any]:
        """The only row of a rule with these values."""
        return row(self.statement["deadlines"], rule=rule, **where)

    def rows(self, rule: str, **where: Any) -> list[dict[str, Any]]:
        """Every row of a rule with these values."""
        return rows(self.statement["deadlines"], rule=rule, **where)

    def codes(self, rule: str | None) -> list[str]:
        """The codes of the findings about a rule."""
        return [finding["code"] for finding in self.statement["findings"] if finding["rule"] == rule]


def world(*happenings: Any, asked: str, readings: tuple[str, ...] = (), **signature: Any) -> World:
    """The world of an Outscale contract under the general terms, or under the ``documents`` given."""
    documents = signature.pop("documents", (CGV,))
    make = cloud_temple if documents[0].startswith("ct-") else outscale
    signed = (at(SIGNED), "contract.signed", make(*documents, **signature))
    return World(statement(signed, *happenings, at=at(asked), readings=readings))


def under(document: str) -> tuple[str, ...]:
    """The documents of a contract signed under one convention."""
    return (document, CGV) if document.startswith("outscale-snc") else (document,)
