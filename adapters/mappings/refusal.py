"""Why a message of a tool gives no event: the mapping, the field and the expression, in English and in French."""

from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from domain.errors import UndecodableEventError


@dataclass(frozen=True, slots=True)
class Said:
    """One reason, in both languages."""

    en: str
    fr: str


def wrong(en: str, fr: str) -> PydanticCustomError:
    """The refusal of a key of a mapping file, in both languages."""
    return PydanticCustomError("mapping", "{reason}", {"reason": en, "french": fr})


class UnmappableMessageError(UndecodableEventError):
    """A message that a mapping cannot turn into events; it goes to the quarantine as it came, with this reason.

    ``mapping`` is the mapping's name (None when none matches), ``place`` the path of the key in its file
    (``rule[0].event[1].data.service``), ``expression`` the text that was evaluated there.
    """

    def __init__(
        self, said: Said, mapping: str | None, place: str | None = None, expression: str | None = None
    ) -> None:
        named = f"mapping {mapping}" if mapping else "mapping"
        shown = ""
        if place:
            named += f", {place}"
        if expression is not None:
            shown = f" ({expression})"
        super().__init__(f"{named}{shown}: {said.en}", None, f"{named}{shown} : {said.fr}")
        self.said = said
        self.mapping = mapping
        self.place = place
        self.expression = expression

    def among(self, total: int) -> "UnmappableMessageError":
        """The same refusal, saying how many parts of the message were refused in all."""
        if total == 1:
            return self
        en, fr = f"{self.said.en} (and {total - 1} more)", f"{self.said.fr} (et {total - 1} autre(s))"
        return UnmappableMessageError(Said(en, fr), self.mapping, self.place, self.expression)
