"""What an audit finds wrong, in words."""

from typing import Any, NamedTuple


class Fault(NamedTuple):
    """One thing that is not as the log says: its code, where it stands, and what is wrong, in English and French.

    ``leaf`` is its index, ``stream`` and ``version`` those of the stored event, as far as there are such.
    """

    code: str
    leaf: int | None
    stream: str | None
    version: int | None
    english: str
    french: str

    def as_json(self) -> dict[str, Any]:
        """The fault as JSON."""
        where = {"leaf": self.leaf, "stream": self.stream, "version": self.version}
        return {
            "code": self.code,
            **{name: value for name, value in where.items() if value is not None},
            "said": {"en": self.english, "fr": self.french},
        }

    def line(self, language: str) -> str:
        """The fault as a line: where, and what."""
        name = {"en": "leaf", "fr": "feuille"}[language]
        event = {"en": "event", "fr": "événement"}[language]
        places = [] if self.leaf is None else [f"{name} {self.leaf}"]
        if self.stream is not None:
            places.append(f"{event} {self.stream} {self.version}")
        said = self.french if language == "fr" else self.english
        return f"{', '.join(places)}: {said}" if places else said


def fault(
    code: str,
    words: tuple[str, str],
    leaf: int | None = None,
    event: tuple[str | None, int | None] = (None, None),
) -> Fault:
    """A fault in its words, English and French."""
    return Fault(code, leaf, *event, *words)
