"""One contract document, whole: the root of an agreement file."""

from functools import cached_property
from typing import Literal, Self

from pydantic import model_validator

from domain.agreements.access import Access
from domain.agreements.amount import Amount
from domain.agreements.certificate import Certificate
from domain.agreements.deadline import Borrowed, Deadline, check_references
from domain.agreements.indicator import Exclusion, Indicator, Measurement
from domain.agreements.penalty import Payment, Penalty
from domain.agreements.qualification import Qualification
from domain.agreements.section import Rule, Section, Text, Words
from domain.agreements.support import Support


class SlaSource(Rule):
    """Where the service levels are: ``own`` (this document), ``none``, or the id of the document it refers to.

    ``penalties`` says the same of the penalty rule. ``fixed_table`` is the table under reading ``sla.source`` C.
    """

    table: Text
    penalties: Text
    fixed_table: Text | None = None


class Revision(Rule):
    """How a new version comes into force.

    ``publication``: when published; ``notice``: ``delay`` after a written notice; ``acceptance``: when the client
    accepts. ``floor`` is what no new version may go below.
    """

    mode: Literal["publication", "notice", "acceptance"]
    delay: Text | None = None
    floor: Rule | None = None


class Precedence(Rule):
    """Rank among the documents of the same provider: the lower number prevails."""

    rank: int


class Agreement(Section):
    """What one document promises.

    ``id`` is the document id of the register; ``version`` tells successive texts of the same document apart.
    ``incorporates`` names the documents whose rules apply along with this one, by reference.
    ``replaces`` names the earlier documents that end when this one is signed.
    ``signature`` says whether it takes effect at the instant of signature or from the day of it.
    """

    id: Text
    version: Text
    provider: Text
    language: Text
    title: Words
    precedence: Precedence
    sla: SlaSource
    revision: Revision
    incorporates: tuple[Text, ...] = ()
    replaces: tuple[Text, ...] = ()
    signature: Literal["instant", "day"] = "instant"
    rule: tuple[Rule, ...] = ()
    indicator: tuple[Indicator, ...] = ()
    exclusion: tuple[Exclusion, ...] = ()
    measurement: Measurement | None = None
    support: Support | None = None
    penalty: Penalty | None = None
    amount: tuple[Amount, ...] = ()
    payment: Payment | None = None
    deadline: tuple[Deadline, ...] = ()
    borrowed: tuple[Borrowed, ...] = ()
    qualification: Qualification | None = None
    certificate: Certificate | None = None
    access: tuple[Access, ...] = ()

    @model_validator(mode="after")
    def _deadlines_rest_on_each_other(self) -> Self:
        check_references(self.deadline)
        return self

    def full_id(self, rule: str) -> str:
        """The id of a rule of this document as statements print it: ``<document>/<rule>``."""
        return f"{self.id}/{rule}"

    @cached_property
    def rules_by_id(self) -> dict[str, Rule]:
        """Every rule of the document, wherever it stands in the file, by its short id."""
        found: dict[str, Rule] = {}
        _collect(self, found)
        return found


def _collect(value: object, found: dict[str, Rule]) -> None:
    if isinstance(value, Rule):
        found.setdefault(value.id, value)
    if isinstance(value, Section):
        for name in type(value).model_fields:
            _collect(getattr(value, name), found)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)
    elif isinstance(value, dict):
        for item in value.values():
            _collect(item, found)
