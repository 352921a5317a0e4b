"""Tickets for tests: one line per fact, the rows they give."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from projections.objectives import objective_rows
from projections.support import support_rows
from tests.support.bases import CLOUD_TEMPLE, OUTSCALE, Happening, basis_of, proven, signed

Row = dict[str, Any]
AT_OUTSCALE = (signed(OUTSCALE), proven())
AT_OUTSCALE_2023 = (signed(OUTSCALE, "outscale-snc-en-2023", "outscale-cgv-2019", zones=["a"]),)
AT_CLOUD_TEMPLE = (signed(CLOUD_TEMPLE),)


def opened(time: str, ticket: str = "T-1", **data: Any) -> Happening:
    """A complete incident ticket, unless ``data`` says otherwise; ``severity=2`` or ``priority="I1 C2"``."""
    impact, _, criticality = str(data.pop("priority", "")).partition(" ")
    graded = {"impact": impact, "criticality": criticality} if criticality else {}
    return time, "ticket.opened", {"ticket": ticket, "kind": "incident", "complete": True, **graded, **data}


def then(time: str, what: str, ticket: str = "T-1", **data: Any) -> Happening:
    """What happened to the ticket: ``completed``, ``waiting-for-client``, ``resolved`` …"""
    return time, f"ticket.{what}", {"ticket": ticket, **data}


def answered(time: str, ticket: str = "T-1", *, automatic: bool = False) -> Happening:
    """An answer of the provider."""
    return then(time, "answered", ticket, automatic=automatic)


def rows(*happenings: Happening, at: str, readings: Sequence[str] = (), agreements: Sequence[Path] = ()) -> list[Row]:
    """Every support row."""
    found, _ = support_rows(basis_of(*happenings, at=at, readings=readings, agreements=agreements))
    return [row.as_json() for row in found]


def row(commitment: str, *happenings: Happening, at: str, readings: Sequence[str] = (), ticket: str = "T-1") -> Row:
    """The row of one commitment, named without its document, for one ticket."""
    found = [
        one
        for one in rows(*happenings, at=at, readings=readings)
        if one["ticket"] == ticket and one["commitment"].endswith(f"/{commitment}")
    ]
    assert len(found) == 1, f"{len(found)} rows for {commitment}"
    return found[0]


def findings(*happenings: Happening, at: str, readings: Sequence[str] = ()) -> list[Row]:
    """The findings about tickets."""
    return [finding.as_json() for finding in support_rows(basis_of(*happenings, at=at, readings=readings))[1]]


def objectives(
    *happenings: Happening, at: str, readings: Sequence[str] = (), agreements: Sequence[Path] = ()
) -> list[Row]:
    """Every row of monthly objectives."""
    basis = basis_of(*happenings, at=at, readings=readings, agreements=agreements)
    return [one.as_json() for one in objective_rows(basis, support_rows(basis)[0])]
