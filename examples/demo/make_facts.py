"""The demo's facts: the scenario's own, and those that follow from the incidents and from the ledger's answers.

Run as ``python -m examples.demo.make_facts FOLDER`` to write what needs no statement. The claims come later: the
client reads in the statement what was breached, and claims it. Every function is pure; the same scenario gives the
same bytes.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import tomli

from adapters.importers.statuspage import CloudEvent, run, to_lines

HERE = Path(__file__).resolve().parent
PARIS = ZoneInfo("Europe/Paris")
OFFICE_OPENS = time(9)


def load_scenario(path: Path = HERE / "scenario.toml") -> dict[str, Any]:
    """The story, as written."""
    return tomli.loads(path.read_text(encoding="utf-8"))


def months(first: str, last: str) -> Iterator[str]:
    """Every calendar month from ``first`` to ``last``, both included, as ``YYYY-MM``."""
    year, month = map(int, first.split("-"))
    while (current := f"{year:04}-{month:02}") <= last:
        yield current
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - months of a year


def last_day(month: str) -> date:
    """The last day of a ``YYYY-MM`` month."""
    following = date.fromisoformat(f"{month}-28") + timedelta(days=4)
    return following.replace(day=1) - timedelta(days=1)


def paris(day: date, hour: time = OFFICE_OPENS) -> str:
    """The hour of that day in Paris, as RFC 3339."""
    return datetime.combine(day, hour, PARIS).isoformat()


def event(contract: Mapping[str, Any], kind: str, when: str, data: Mapping[str, Any], name: str) -> CloudEvent:
    """One CloudEvent of the contract's own source; ``name`` makes its id."""
    return {
        "specversion": "1.0",
        "id": f"{kind}/{name}",
        "source": contract["source"],
        "type": f"greffe.{kind}.v1",
        "subject": contract["id"],
        "time": when,
        "data": dict(data),
    }


def written(contract: Mapping[str, Any]) -> Iterator[CloudEvent]:
    """What the scenario states outright: the signature, the deployment, the facts it spells out."""
    signed = contract["signed"]
    yield event(contract, "contract.signed", contract["signed_at"], signed, contract["id"])
    deployed = {"zones": signed["zones"], "region_zones": signed["region_zones"], "equivalent_resources_proven": True}
    yield event(contract, "deployment.declared", contract["signed_at"], deployed, contract["id"])
    for number, fact in enumerate(contract.get("fact", []), 1):
        yield event(contract, fact["type"], fact["time"], fact["data"], str(number))


def invoices(contract: Mapping[str, Any], scenario: Mapping[str, Any]) -> Iterator[CloudEvent]:
    """Each month's invoice, issued on the second day of the next month and due thirty days later, and its payment."""
    late = contract.get("paid_late", {})
    factor = 1 + Fraction(scenario["vat"]) / 100
    for month in months(scenario["first_month"], scenario["last_month"]):
        amount = contract["amounts"][month[:4]]
        issued = last_day(month) + timedelta(days=2)
        invoice = f"INV-{month}"
        data = {
            "invoice": invoice,
            "month": month,
            "amount": amount,
            "amount_incl_vat": cents(Fraction(amount) * factor),
            "due_on": (issued + timedelta(days=30)).isoformat(),
        }
        yield event(contract, "invoice.issued", paris(issued), data, invoice)
        paid = issued + timedelta(days=late.get(month, contract["paid_after_days"]))
        yield event(contract, "invoice.paid", paris(paid), {"invoice": invoice}, invoice)


def tickets(contract: Mapping[str, Any]) -> Iterator[CloudEvent]:
    """Each ticket, from opening to resolution."""
    for ticket in contract["tickets"]:
        name = {"ticket": ticket["id"]}
        qualities = {key: ticket[key] for key in ("severity", "impact", "criticality", "on_call") if key in ticket}
        opened = {**name, "kind": "incident", "complete": True, **qualities}
        yield event(contract, "ticket.opened", ticket["opened"], opened, ticket["id"])
        yield event(contract, "ticket.answered", ticket["answered"], {**name, "automatic": False}, ticket["id"])
        if "waiting" in ticket:
            yield event(contract, "ticket.waiting-for-client", ticket["waiting"], name, ticket["id"])
            yield event(contract, "ticket.client-replied", ticket["replied"], name, ticket["id"])
        yield event(contract, "ticket.resolved", ticket["resolved"], name, ticket["id"])


def reserves(contract: Mapping[str, Any], imported: Iterable[CloudEvent], end: str) -> Iterator[CloudEvent]:
    """A documented reserve for each total outage that ended before ``end``, but in the months somebody forgot."""
    if "reserve_after_hours" not in contract:
        return
    total: dict[str, str] = {}
    for fact in imported:
        data = fact["data"]
        if fact["type"] == "greffe.outage.recorded.v1" and data["extent"] == "total":
            total[data["outage"]] = data["started_at"]
        elif fact["type"] == "greffe.outage.ended.v1" and data["outage"] in total and data["ended_at"] < end:
            ended = datetime.fromisoformat(data["ended_at"]).astimezone(PARIS)
            if f"{ended:%Y-%m}" in contract["forgotten"]:
                continue
            reserve = {
                "reserve": f"R-{data['outage']}",
                "outage": data["outage"],
                "from": total[data["outage"]],
                "to": data["ended_at"],
                "documented": True,
            }
            sent = ended + timedelta(hours=contract["reserve_after_hours"])
            yield event(contract, "reserve.notified", sent.isoformat(), reserve, data["outage"])


def claims(
    contract: Mapping[str, Any], statement: Mapping[str, Any], reserved: Sequence[CloudEvent]
) -> Iterator[CloudEvent]:
    """A claim for each month end at which availability lines were breached, in the years the client claims for."""
    breached: dict[date, list[str]] = {}
    for row in statement["indicators"]:
        if row["state"] == "breached" and row["availability"] is not None:
            end = datetime.fromisoformat(row["period"]["to"]).astimezone(PARIS).date() - timedelta(days=1)
            breached.setdefault(end, []).append(row["indicator"])
    for end, lines in sorted(breached.items()):
        if end.year not in contract.get("claim_years", []):
            continue
        month = f"{end:%Y-%m}"
        since = (end + timedelta(days=1)).replace(year=end.year - 1).isoformat()
        data = {
            "claim": f"CL-{month}",
            "period_end": end.isoformat(),
            "indicators": sorted(set(lines)),
            "reserves": [
                fact["data"]["reserve"] for fact in reserved if since <= fact["data"]["from"][:10] <= end.isoformat()
            ],
            "computation_attached": True,
        }
        key = "late_claim_after_days" if month in contract["claimed_late"] else "claim_after_days"
        yield event(contract, "penalty.claimed", paris(end + timedelta(days=contract[key])), data, month)


def answers(contract: Mapping[str, Any], statement: Mapping[str, Any]) -> Iterator[CloudEvent]:
    """The provider's answer to each claim: it grants what the text makes payable, but where the scenario rejects."""
    for row in statement["penalties"]:
        end = date.fromisoformat(row["period_end"])
        month = f"{end:%Y-%m}"
        if row["state"] != "claimed" or month > contract["answered_until"]:
            continue
        when = paris(end + timedelta(days=contract["claim_after_days"] + contract["answer_after_days"]))
        if month in contract["rejected"]:
            data = {"claim": f"CL-{month}", "reason": "the provider disputes the measures"}
            yield event(contract, "penalty.rejected", when, data, month)
        else:
            data = {"claim": f"CL-{month}", "amount": cents(row["payable"])}
            yield event(contract, "penalty.accepted", when, data, month)


def cents(amount: str | Fraction) -> str:
    """An exact amount rounded half up to the cent, as a credit note states it."""
    hundredths = floor(Fraction(amount) * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02}"


def base_facts(scenario: Mapping[str, Any], contract: Mapping[str, Any]) -> tuple[list[CloudEvent], list[CloudEvent]]:
    """The facts of one contract that need no statement, and among them its reserves."""
    own = [
        *written(contract),
        *invoices(contract, scenario),
        *tickets(contract),
    ]
    end = next(fact["data"]["on"] for fact in contract["fact"] if fact["type"] == "contract.ended")
    imported = imported_facts(scenario, contract)
    reserved = list(reserves(contract, imported, end))
    return [*own, *imported, *reserved], reserved


def imported_facts(scenario: Mapping[str, Any], contract: Mapping[str, Any]) -> list[CloudEvent]:
    """The incidents of the page, as the contract's mapping reads them."""
    report = run(HERE / scenario["history"], HERE / contract["mapping"], contract["id"])
    return [json.loads(line) for line in report.lines.splitlines()]


def main(folder: str) -> int:
    """Write ``<contract>.jsonl`` for each contract, without claims."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    scenario = load_scenario()
    for contract in scenario["contract"]:
        facts, _ = base_facts(scenario, contract)
        path = target / f"{contract['id']}.jsonl"
        path.write_text(to_lines(facts), encoding="utf-8")
        print(f"{path}: {len(facts)} facts")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
