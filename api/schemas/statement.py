"""The statement, and its sections by themselves."""

from api.schemas.base import Shape, When
from api.schemas.rows import (
    Amount,
    Deadline,
    Finding,
    Indicator,
    Objective,
    Penalty,
    Qualification,
    Readings,
    Support,
)


class ContractPart(Shape):
    """Everything derived for one contract."""

    documents: list[str]
    indicators: list[Indicator]
    support: list[Support]
    support_objectives: list[Objective]
    penalties: list[Penalty]
    deadlines: list[Deadline]
    amounts: list[Amount]
    qualification: Qualification | None
    findings: list[Finding]


class Statement(Shape):
    """What the terms say of the facts at a date, with what was known at another."""

    at: When
    known_at: When
    readings: Readings
    contracts: dict[str, ContractPart]


class Section(Shape):
    """What every section says beside its rows: whose, and when."""

    contract: str
    at: When
    known_at: When


class Indicators(Section):
    """The service levels of a contract."""

    indicators: list[Indicator]


class SupportRows(Section):
    """The support of a contract: each ticket's commitments, and each month's objectives."""

    support: list[Support]
    support_objectives: list[Objective]


class Penalties(Section):
    """The penalties of a contract."""

    penalties: list[Penalty]


class Deadlines(Section):
    """The deadlines of a contract."""

    deadlines: list[Deadline]


class Amounts(Section):
    """The other sums of a contract."""

    amounts: list[Amount]


class QualificationSection(Section):
    """The qualification of a contract's services."""

    qualification: Qualification | None


class Findings(Section):
    """The findings about a contract."""

    findings: list[Finding]
