"""The base of every section of an agreement file."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1)]


class Section(BaseModel):
    """A frozen part of an agreement; an unknown key is an error, not a comment."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Section):
    """The same sentence in French and in English."""

    fr: Text
    en: Text


class Rule(Section):
    """Something the text says under a clause. ``id`` is the register id without its document prefix."""

    id: Text
    clause: Text
    title: Words
