"""What is handed over in place of a bundle."""

from random import Random
from typing import NamedTuple

from adapters.evidence.verify import Key
from tests.support.bundles import WITNESS


class Given(NamedTuple):
    """A bundle somebody hands over, and what the other party has: the key, the witnesses' keys, a receipt."""

    what: str
    data: bytes
    key: Key
    witnesses: tuple[Key, ...] = (WITNESS.key,)
    receipt: bytes | None = None


def flipped(text: object, random: Random) -> str:
    """A text with another letter somewhere, a hexadecimal one where it was one."""
    letters = list(str(text) or "x")
    place = random.randrange(len(letters))
    letters[place] = random.choice([letter for letter in "0123456789abcdef" if letter != letters[place]])
    return "".join(letters)
