"""The statement: what was promised, kept, owed and falls due for one contract, every figure with its clause and events.

``derive`` is a pure function of a ``Basis``; ``statement_text`` prints what it derived. Live state and replay share
both, so the same facts give the same bytes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.time.instant import Instant, format_instant
from projections.access import access_findings
from projections.amount_row import AmountRow
from projections.amounts import amount_rows
from projections.basis import Basis
from projections.certificate import certificate_findings
from projections.deadlines import DeadlineRow, deadline_rows
from projections.findings import Finding
from projections.indicator_row import BREACHED, IndicatorRow
from projections.indicators import indicator_rows
from projections.objectives import ObjectiveRow, objective_rows
from projections.outages import Outage, resolve_outages
from projections.penalties import penalty_rows
from projections.penalty_row import PenaltyRow
from projections.qualification import qualification
from projections.spelling import dump
from projections.support import SupportRow, support_rows

SECTIONS = ("indicators", "support", "support_objectives", "penalties", "deadlines", "amounts", "findings")


@dataclass(frozen=True, slots=True)
class Derived:
    """Everything derived for one contract, as rows that still know how they were computed."""

    documents: tuple[str, ...]
    outages: tuple[Outage, ...]
    indicators: tuple[IndicatorRow, ...]
    support: tuple[SupportRow, ...]
    objectives: tuple[ObjectiveRow, ...]
    penalties: tuple[PenaltyRow, ...]
    deadlines: tuple[DeadlineRow, ...]
    amounts: tuple[AmountRow, ...]
    qualification: dict[str, Any] | None
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        """The contract's part of the statement."""
        return {
            "documents": list(self.documents),
            "indicators": [row.as_json() for row in self.indicators],
            "support": [row.as_json() for row in self.support],
            "support_objectives": [row.as_json() for row in self.objectives],
            "penalties": [row.as_json() for row in self.penalties],
            "deadlines": [row.as_json() for row in self.deadlines],
            "amounts": [row.as_json() for row in self.amounts],
            "qualification": self.qualification,
            "findings": [finding.as_json() for finding in self.findings],
        }


def derive(basis: Basis, notes: Iterable[Finding] = ()) -> Derived:
    """Every row of one contract. ``notes`` are findings about the facts themselves (conflicts, refusals)."""
    outages = resolve_outages(basis)
    indicators, found = indicator_rows(basis, outages)
    penalties = penalty_rows(basis, outages, indicators)
    claimable = penalties.claimable
    for row in indicators:
        row.claimable = row.state == BREACHED and row.key in claimable
    support, support_findings = support_rows(basis)
    deadlines, deadline_findings = deadline_rows(basis, outages, indicators)
    amounts, amount_findings = amount_rows(basis, penalties)
    state, qualification_findings = qualification(basis)
    findings = (
        *notes,
        *basis.terms.findings,
        *found,
        *penalties.findings,
        *support_findings,
        *deadline_findings,
        *amount_findings,
        *qualification_findings,
        *certificate_findings(basis),
        *access_findings(basis),
    )
    return Derived(
        documents=basis.terms.signed_documents(basis.at),
        outages=tuple(outages),
        indicators=tuple(indicators),
        support=tuple(support),
        objectives=tuple(objective_rows(basis, support)),
        penalties=tuple(penalties.rows),
        deadlines=tuple(deadlines),
        amounts=tuple(amounts),
        qualification=state,
        findings=_ordered(findings),
    )


def nothing(notes: Sequence[Finding]) -> Derived:
    """What a statement says of a contract that no known fact has signed."""
    return Derived((), (), (), (), (), (), (), (), None, _ordered(notes))


def statement_text(
    contracts: Iterable[tuple[str, Derived]], at: Instant, known_at: Instant, readings: Mapping[str, str]
) -> Iterator[str]:
    """The statement as JSON text, in pieces, one contract at a time. Contracts must come sorted."""
    return joined_text((contract_text(*one) for one in contracts), at, known_at, readings)


def contract_text(contract: str, derived: Derived) -> str:
    """One contract's member of the statement: ``"C-1":{…}``."""
    return f"{dump(contract)}:{dump(derived.as_json())}"


def joined_text(texts: Iterable[str], at: Instant, known_at: Instant, readings: Mapping[str, str]) -> Iterator[str]:
    """The statement in pieces, from the members of its contracts in their order."""
    head = {"at": format_instant(at), "known_at": format_instant(known_at), "readings": dict(readings)}
    yield dump(head)[:-1] + ',"contracts":{'
    for number, text in enumerate(texts):
        yield f"{',' if number else ''}{text}"
    yield "}}"


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda f: (f.rule or "", f.code, f.events, f.message)))
