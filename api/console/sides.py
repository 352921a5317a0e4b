"""The two sides of a dispute, between the fields of a form and the words of ``greffe diff``."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BeforeValidator

from api.asking import LONGEST, plus
from domain.time.instant import MICROSECONDS_PER_SECOND, PARIS, Instant, from_datetime, to_paris
from projections.comparison import Common, Side, side_of
from projections.intake import Intake

NAIVE = 16
"""Letters of a date and time to the minute, without an offset."""


def _local(value: Any) -> Any:
    """What a field of date and time sends, which has no offset: the hour of Paris, the first of the two in October."""
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return plus(value)
    return plus(value) if moment.tzinfo or len(value) < NAIVE else from_datetime(moment.replace(tzinfo=PARIS))


Moment = Annotated[Instant | None, BeforeValidator(_local), Query()]
Text = Annotated[str, Query(max_length=LONGEST)]
Letter = Annotated[str, Query(max_length=20)]
Documents = Annotated[list[str] | None, Query(max_length=20)]


class Asked:
    """What the form of the two sides sends."""

    def __init__(
        self,
        *,
        parameter: Text = "",
        one: Letter = "",
        other: Letter = "",
        first: Text = "",
        second: Text = "",
        first_at: Moment = None,
        second_at: Moment = None,
        first_known: Moment = None,
        second_known: Moment = None,
        first_documents: Documents = None,
        second_documents: Documents = None,
    ) -> None:
        self.parameter = parameter
        self.letters = one, other
        self._free = first, second
        self._at = first_at, second_at
        self._known = first_known, second_known
        self._documents = first_documents, second_documents

    def sides(self, letters: tuple[str, str]) -> tuple[Side, Side]:
        """Both sides, with the value of the parameter that each takes. What a field says goes before what is typed."""
        first, second = (self._side(number, letter) for number, letter in enumerate(letters))
        return first, second

    def _side(self, number: int, letter: str) -> Side:
        chosen = [f"{self.parameter}={letter}"] if self.parameter and letter else []
        side = side_of([*chosen, self._free[number]])
        documents = tuple(name for name in self._documents[number] or () if name)
        return replace(
            side,
            at=self._at[number] or side.at,
            known_at=self._known[number] or side.known_at,
            documents=documents or side.documents,
        )


def parameter_of(sides: Sequence[Side]) -> str:
    """The first choice that a side names."""
    return next((word.partition("=")[0] for side in sides for word in side.words), "")


def fields(side: Side, parameter: str) -> dict[str, Any]:
    """A side as the fields of the form hold it."""
    named = [word for word in side.words if word.partition("=")[0] == parameter]
    return {
        "letter": named[-1].partition("=")[2] if named else "",
        "more": ", ".join(word for word in side.words if word not in named),
        "at": _field(side.at),
        "known": _field(side.known_at),
        "documents": side.documents or (),
    }


def fixed(side: Side, common: Common, intake: Intake) -> Side:
    """The side with its dates written out: what is recorded later changes nothing in it."""
    at = side.at or common[0] or intake.latest_time
    return replace(side, at=at, known_at=side.known_at or common[1] or intake.latest_recorded)


def spoken(side: Side) -> str:
    """The side as it is kept, and as the field of words takes it."""
    return ",".join(side.spoken())


def _field(instant: int | None) -> str:
    """An instant as a field of date and time holds it, in Paris: whole seconds, the next where it has a fraction."""
    if instant is None:
        return ""
    whole = -(-instant // MICROSECONDS_PER_SECOND) * MICROSECONDS_PER_SECOND
    return f"{to_paris(whole):%Y-%m-%dT%H:%M:%S}"
