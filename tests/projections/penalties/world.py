"""A contract told in a few words, and what its penalties and other sums are at a date.

Dates and times are Paris wall-clock texts such as ``2026-03-10 09:00``; a trailing ``+02:00`` or ``+01:00`` picks
the hour that a clock change repeats.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.catalogue import load_catalogue, load_switches
from domain.events.contract import ReadingSelected
from domain.fact import AnyFact
from domain.readings import ReadingTimeline, select
from domain.time.instant import PARIS, Instant, from_datetime
from projections.amounts import amount_rows
from projections.basis import Basis
from projections.claims import ClaimWindow, claim_windows
from projections.facts import FactBook, counts
from projections.findings import Finding
from projections.indicator_row import IndicatorRow
from projections.indicators import indicator_rows
from projections.outages import resolve_outages
from projections.penalties import penalty_rows
from projections.terms import terms_of
from tests.support.dossier import Happening, cloud_temple, fact, outscale

CGV = "outscale-cgv-2019"
LBU = f"{CGV}/sla8-load-balancer-availability"
NETWORK = f"{CGV}/sla6-internal-network-availability"
Row = dict[str, Any]


def at(text: str) -> str:
    """RFC 3339 of a Paris wall-clock time, a bare date being its 00:00."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=PARIS)).isoformat()


def instant(text: str) -> Instant:
    """The instant of a Paris wall-clock time."""
    return from_datetime(datetime.fromisoformat(at(text)))


@dataclass(frozen=True)
class World:
    """What is derived for the one contract of a test."""

    indicators: list[IndicatorRow]
    penalties: list[Row]
    amounts: list[Row]
    findings: list[Finding]
    windows: tuple[ClaimWindow, ...]

    def penalty(self, period_end: str) -> Row:
        """The only penalty row of a period end."""
        (row,) = [row for row in self.penalties if row["period_end"] == period_end]
        return row

    def amount(self, rule: str, **where: Any) -> Row:
        """The only sum under a rule (short id)."""
        (row,) = self.amounts_of(rule, **where)
        return row

    def amounts_of(self, rule: str, **where: Any) -> list[Row]:
        """The sums under a rule (short id) whose fields have these values."""
        under = [row for row in self.amounts if row["rule"].endswith(f"/{rule}")]
        return [row for row in under if all(row[name] == value for name, value in where.items())]

    def codes(self) -> list[str]:
        """The codes of the findings, sorted."""
        return sorted(finding.code for finding in self.findings)

    def finding(self, code: str) -> Finding:
        """The only finding with a code."""
        (found,) = [finding for finding in self.findings if finding.code == code]
        return found

    def claimable(self, indicator: str, end: str) -> bool:
        """Whether the row of a line that ends at a time can be claimed."""
        (row,) = [row for row in self.indicators if row.indicator == indicator and row.end == instant(end)]
        return row.claimable


def happened(happenings: Iterable[Happening]) -> list[AnyFact]:
    """The facts told, numbered in the order they are told."""
    return [fact(number, *told) for number, told in enumerate(happenings, start=1)]


def world(
    *happenings: Happening,
    asked: str,
    readings: Sequence[str] = (),
    agreements: Sequence[Path] = (),
    client_invoices: Sequence[Happening] | None = None,
) -> World:
    """Everything about money for the contract these facts tell, at a date, under some readings."""
    now = instant(asked)
    everything = happened(happenings)
    known = max(one.recorded for one in everything)
    book = FactBook(one for one in everything if counts(one, now, max(known, now)))
    chosen = [(one.time, one.data.parameter, one.data.value) for one in book.own(ReadingSelected)]
    timeline = ReadingTimeline(select(load_switches(), list(readings)), chosen)
    catalogue = load_catalogue(list(agreements))
    terms = terms_of(book, catalogue, timeline)
    assert terms is not None
    basis = Basis("C-1", book, terms, timeline, catalogue, now)
    if client_invoices is not None:
        others = tuple(fact(number, *told) for number, told in enumerate(client_invoices, start=900))
        basis = replace(basis, client_invoices=others)
    outages = resolve_outages(basis)
    rows, _ = indicator_rows(basis, outages)
    penalties = penalty_rows(basis, outages, rows)
    amounts, findings = amount_rows(basis, penalties)
    rows = [replace(row, claimable=row.key in penalties.claimable) for row in rows]
    return World(
        rows,
        [row.as_json() for row in penalties.rows],
        [row.as_json() for row in amounts],
        [*penalties.findings, *findings],
        claim_windows(basis, rows),
    )


def signed(*documents: str, on: str = "2024-01-01", **changes: Any) -> Happening:
    """An Outscale contract, its client deployed in every zone with proof of equivalent resources."""
    return (at(on), "contract.signed", outscale(*documents, **changes))


def signed_cloud_temple(*documents: str, on: str = "2024-01-01", **changes: Any) -> Happening:
    """A Cloud Temple contract, its client deployed in two of three zones."""
    return (at(on), "contract.signed", cloud_temple(*documents, **changes))


def proven(on: str = "2024-01-01 00:00:01") -> Happening:
    """The proof that equivalent resources stand in every zone."""
    zones = ["a", "b", "c"]
    data = {"zones": zones, "region_zones": zones, "equivalent_resources_proven": True}
    return (at(on), "deployment.declared", data)


def invoice(
    month: str, amount: str, issued: str | None = None, *, due: str | None = None, vat: str | None = None
) -> Happening:
    """The invoice of a month, issued on the 2nd of the next one unless said otherwise, and due a year later."""
    year, number = map(int, month.split("-"))
    following = f"{year + number // 12}-{number % 12 + 1:02}"
    data = {"invoice": f"I-{month}", "month": month, "amount": amount, "due_on": due or f"{year + 2}-01-01"}
    if due == "":
        del data["due_on"]
    if vat is not None:
        data["amount_incl_vat"] = vat
    return (at(issued or f"{following}-02 09:00"), "invoice.issued", data)


def invoices(first: str, amounts: Sequence[str]) -> list[Happening]:
    """One invoice a month, from a first month on."""
    year, number = map(int, first.split("-"))
    months = [divmod(year * 12 + number - 1 + step, 12) for step in range(len(amounts))]
    return [invoice(f"{y}-{m + 1:02}", amount) for (y, m), amount in zip(months, amounts, strict=True)]


def paid(month: str, on: str) -> Happening:
    """The payment of a month's invoice."""
    return (at(on), "invoice.paid", {"invoice": f"I-{month}"})


def outage(name: str, service: str, start: str, end: str, **more: Any) -> Happening:
    """A total outage."""
    data = {"outage": name, "service": service, "started_at": at(start), "ended_at": at(end), "extent": "total"}
    return (at(end), "outage.recorded", data | more)


def reserve(name: str, on: str, start: str, end: str, sent: str, **more: Any) -> Happening:
    """A reserve on an outage, documented unless said otherwise."""
    data = {"reserve": name, "outage": on, "from": at(start), "to": at(end), "documented": True}
    return (at(sent), "reserve.notified", data | more)


def down(name: str, service: str, start: str, end: str, **more: Any) -> list[Happening]:
    """An outage and the reserve that documents all of it, named after it and sent when it ends."""
    return [outage(name, service, start, end, **more), reserve(f"r-{name}", name, start, end, end)]


def claim(name: str, period_end: str, on: str, *indicators: str, reserves: Sequence[str], **more: Any) -> Happening:
    """A claim with its computation attached unless said otherwise."""
    data = {
        "claim": name,
        "period_end": period_end,
        "indicators": list(indicators),
        "reserves": list(reserves),
        "computation_attached": True,
    }
    return (at(on), "penalty.claimed", data | more)


def accepted(name: str, on: str, amount: str | None = None) -> Happening:
    """The provider accepts a claim."""
    return (at(on), "penalty.accepted", {"claim": name} | ({} if amount is None else {"amount": amount}))


def rejected(name: str, on: str) -> Happening:
    """The provider rejects a claim."""
    return (at(on), "penalty.rejected", {"claim": name, "reason": "not shown"})
