"""Where text goes: as it is into a pipe or a file, folded to the width of a terminal when a person reads.

Names and reasons come from whoever sent the facts: on a terminal, what could move, hide or turn letters is written out.
"""

import shutil
import sys
import textwrap
from collections.abc import Iterable

HANGING = 4
NARROW = 60
SPACES = "\t\u00a0\u202f"


def put(pieces: Iterable[str]) -> None:
    """Writes text to standard output; on a terminal long lines are folded with their indent."""
    if not sys.stdout.isatty():
        for piece in pieces:
            sys.stdout.write(piece)
        return
    width = max(shutil.get_terminal_size().columns, NARROW)
    for piece in pieces:
        sys.stdout.write("\n".join(folded(harmless(line), width) for line in piece.split("\n")))


def tell(words: str) -> None:
    """Says on standard error why something was not done."""
    sys.stderr.write("\n".join(map(harmless, f"greffe: {words}\n".split("\n"))))


def system_words(error: OSError, lang: str) -> str:
    """What the system refused, and of which file."""
    if lang == "fr":
        from adapters.saying import french_of  # noqa: PLC0415 - only where something failed

        return f"{error.filename or 'entrée'} : {french_of(error)}"
    return f"{error.filename or 'input'}: {error.strerror}"


def harmless(line: str) -> str:
    """A line whose letters a terminal shows and does not obey: any other is written as its number."""
    if line.isprintable():
        return line
    return "".join(
        letter if letter.isprintable() or letter in SPACES else letter.encode("unicode_escape").decode()
        for letter in line
    )


def folded(line: str, width: int) -> str:
    """A line of at most so many columns; what follows the first is indented under it. Words are never cut."""
    if len(line) <= width:
        return line
    indent = " " * (len(line) - len(line.lstrip()) + HANGING)
    kept = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line.strip(),
        width,
        initial_indent=kept,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
