"""The register: every statement of a document that calls for something, and how greffe answers it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from domain.agreements.section import Rule, Section, Text, Words
from domain.errors import InvalidAgreementError

Answer = Literal["computed", "duty", "fact", "silence", "not-computable"]
Silence = Literal["no-rule", "open-ended", "no-commitment"]

NEEDS_BY: frozenset[Answer] = frozenset({"computed", "duty", "fact"})


class Obligation(Rule):
    """One statement of a document, and its answer.

    ``computed``: a figure follows from facts, ``by`` the rules and modules named. ``duty``: a deadline tracks it,
    ``by`` its rules. ``fact``: it is recorded and shown, ``by`` event types. ``silence``: the text gives no figure or
    rule, and the statement ``says`` so. ``not-computable``: nothing can be derived, ``why``. ``actor`` is who owes it,
    ``either`` the party that is not in breach.
    """

    actor: Literal["provider", "client", "both", "either", "reseller"]
    answer: Answer
    by: tuple[Text, ...] = ()
    says: Silence | None = None
    why: Words | None = None

    @model_validator(mode="after")
    def _answer_is_whole(self) -> Self:
        if self.answer in NEEDS_BY and not self.by:
            raise ValueError(f"{self.id}: the answer {self.answer} needs by")
        if (self.answer == "silence") != (self.says is not None):
            raise ValueError(f"{self.id}: says goes with the answer silence, and with no other")
        if self.answer == "not-computable" and (self.why is None or self.by):
            raise ValueError(f"{self.id}: the answer not-computable needs why, and has no by")
        return self


class Register(Section):
    """The statements of one document, in the order of the text."""

    document: Text
    obligation: Annotated[tuple[Obligation, ...], Field(min_length=1)]

    def full_id(self, obligation: Obligation) -> str:
        """The id of a statement as rows print it: ``<document>/<id>``."""
        return f"{self.document}/{obligation.id}"


def parse_register(name: str, raw: Mapping[str, Any]) -> Register:
    """The register of a file already read. Raises InvalidAgreementError naming the file and the key."""
    try:
        return Register.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise InvalidAgreementError(f"{name}: {faults}", f"{name} : {faults}") from None
