"""The claims on a case: which are admissible, which the provider answered, and which decide the lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.agreements.penalty import Suspension
from domain.fact import AnyFact
from projections import penalty_findings as say
from projections.cases import Case, Ledger
from projections.claims import ClaimWindow, Filed, within
from projections.findings import Finding

EARLY, LATE_IN_PAYING = "claim-early", "claim-while-late"


@dataclass(frozen=True, slots=True)
class Setting:
    """A case with what its text asks of claims: the window and the rule on lateness, where it has them."""

    case: Case
    ledger: Ledger
    window: ClaimWindow | None
    suspension: Suspension | None

    @property
    def asleep(self) -> bool:
        """Whether the penalty system is suspended at the statement's date."""
        return self.suspension is not None and within(self.ledger.basis.at, self.ledger.asleep)

    @property
    def closed(self) -> bool:
        """Whether the window to claim is over at the statement's date."""
        return self.window is not None and self.ledger.basis.at >= self.window.closes_at


@dataclass(frozen=True, slots=True)
class Assessed:
    """The claims on a case. ``good`` are admissible and unanswered; ``faults`` say why others are not admissible."""

    good: tuple[Filed, ...] = ()
    accepted: tuple[Filed, ...] = ()
    rejected: tuple[Filed, ...] = ()
    faults: tuple[tuple[Filed, Finding], ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def chosen(self) -> tuple[Filed, ...]:
        """The claims that decide which lines and reserves count: accepted, else admissible, else rejected, else faulty.

        None while nothing was filed, or only while the client was late in paying.
        """
        faulty = tuple(claim for claim, fault in self.faults if fault.code != LATE_IN_PAYING)
        return self.accepted or self.good or self.rejected or faulty

    @property
    def filed(self) -> tuple[Filed, ...]:
        """The claims that keep a right alive: admissible or answered."""
        return (*self.good, *self.accepted, *self.rejected)

    @property
    def facts(self) -> tuple[AnyFact, ...]:
        """Every claim that counts here, with the answers."""
        claims = (*self.filed, *(claim for claim, _ in self.faults))
        return tuple(fact for claim in claims for fact in claim.facts)


def cited(claims: tuple[Filed, ...]) -> frozenset[str] | None:
    """The reserves that claims rely on; None, which is all of them, where there is no claim."""
    return frozenset(name for claim in claims for name in claim.fact.data.reserves) if claims else None


def assess(setting: Setting) -> Assessed:
    """Sorts the claims on a case; one that came before the period ended has no effect."""
    case, ledger = setting.case, setting.ledger
    indicators = {breach.row.indicator for breach in case.breaches}
    good: list[Filed] = []
    accepted: list[Filed] = []
    rejected: list[Filed] = []
    faults: list[tuple[Filed, Finding]] = []
    findings: list[Finding] = []
    for claim in ledger.claims.get(case.period_end, ()):
        named = claim.fact.data.indicators
        strangers = [name for name in named if not ledger.breached_at(name, case.end)]
        if strangers and case.penalty.claim is not None:
            findings.append(say.not_a_breach(case.agreement, case.penalty.claim, claim, strangers, case.period_end))
        if named and not indicators.intersection(named):
            continue
        fault = _fault(setting, claim)
        if fault is not None:
            findings.append(fault)
            if fault.code == EARLY:
                continue
        if claim.rejected is not None:
            rejected.append(claim)
        elif claim.accepted is not None:
            accepted.append(claim)
        elif fault is None:
            good.append(claim)
        else:
            faults.append((claim, fault))
    return Assessed(tuple(good), tuple(accepted), tuple(rejected), tuple(faults), tuple(findings))


def repeated(setting: Setting, accepted: Sequence[Filed]) -> list[Filed]:
    """The accepted claims that name no line but those of claims accepted before them."""
    settled: set[str] = set()
    found: list[Filed] = []
    for claim in sorted(accepted, key=lambda one: one.answered):
        named = {breach.row.indicator for breach in setting.case.breaches if claim.names(breach.row.indicator)}
        if named <= settled:
            found.append(claim)
        settled |= named
    return found


def _fault(setting: Setting, claim: Filed) -> Finding | None:
    """Why a claim is inadmissible, None where it is not: early, late, without computation, while late in paying."""
    agreement, window, filed = setting.case.agreement, setting.window, claim.fact
    if window is not None:
        if filed.time < window.opens:
            return say.claim_early(agreement, window, claim)
        if filed.time >= window.closes_at:
            return say.claim_late(agreement, window, claim)
        if window.rule.content is not None and not filed.data.computation_attached:
            return say.claim_without_computation(agreement, window, claim)
    suspension = setting.suspension
    if suspension is not None and suspension.claims and within(filed.time, setting.ledger.asleep):
        return say.claim_while_late(agreement, suspension, claim)
    return None
