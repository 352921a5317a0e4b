"""Whether holders outside the Union keep within the limits the text sets, from the latest record of each holder."""

from decimal import Decimal
from functools import partial

from domain.agreements.model import Agreement
from domain.agreements.qualification import Holding
from domain.events.qualification import ShareholdingRecorded
from domain.exact import exact_text
from domain.fact import Fact
from projections.basis import Basis
from projections.findings import Finding, refs

Record = Fact[ShareholdingRecorded]
WORDS = {"capital": ("of the capital", "du capital"), "votes": ("of the votes", "des droits de vote")}


def shareholding_findings(basis: Basis) -> list[Finding]:
    """The limits exceeded at ``basis.at`` under each text in force that sets them.

    A record of the provider itself tells where its own seat is; it is no holder.
    """
    latest: dict[str, Record] = {fact.data.holder: fact for fact in basis.facts.of(ShareholdingRecorded)}
    provider = latest.pop(basis.terms.provider, None)
    outside = [record for _, record in sorted(latest.items()) if not record.data.eu]
    found: list[Finding] = []
    for agreement in basis.terms.governing(basis.at):
        limits = None if agreement.qualification is None else agreement.qualification.shareholding
        if limits is None:
            continue
        if limits.individual is not None:
            for record in outside:
                found += _beyond(basis, agreement, limits.individual, record.data.holder, [record])
        if limits.collective is not None and outside:
            found += _beyond(basis, agreement, limits.collective, None, outside)
        if limits.seat is not None and provider is not None and not provider.data.eu:
            found.append(
                Finding(
                    "seat-outside-union", agreement.full_id(limits.seat.id), limits.seat.clause,
                    f"The provider's seat is recorded in {provider.data.seat_country}, outside the Union.",
                    f"Le siège du prestataire est enregistré hors de l'Union ({provider.data.seat_country}).",
                    refs([provider]),
                )
            )  # fmt: skip
    return found


def _beyond(
    basis: Basis, agreement: Agreement, limit: Holding, holder: str | None, records: list[Record]
) -> list[Finding]:
    """A finding when the records together are over a limit, by capital or by votes."""
    since = max(record.time for record in records)
    rule = limit.under(partial(basis.readings.at(since).get, document=agreement.id))
    sums = {
        "capital": sum((record.data.capital for record in records), Decimal(0)),
        "votes": sum((record.data.votes for record in records), Decimal(0)),
    }
    over = [name for name, held in sums.items() if held > rule.percent or (held == rule.percent and not rule.inclusive)]
    if not over:
        return []
    english = " and ".join(f"{exact_text(sums[name])} % {WORDS[name][0]}" for name in over)
    french = " et ".join(f"{exact_text(sums[name])} % {WORDS[name][1]}" for name in over)
    bound = exact_text(rule.percent)
    who = ("Holders outside the Union together", "Les détenteurs hors de l'Union ensemble")
    if holder is not None:
        who = (holder, holder)
    return [
        Finding(
            "shareholding-over-limit", agreement.full_id(rule.id), rule.clause,
            f"{who[0]}: {english}, over the limit of {bound} %.",
            f"{who[1]} : {french}, au-delà de la limite de {bound} %.",
            refs(records),
        )
    ]  # fmt: skip
