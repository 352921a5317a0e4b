"""What changed between two lists of deadlines of one contract, as they are printed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

Row = dict[str, Any]
PASSING = "elapsed_seconds"
"""Time passes in a duty without a delay; that alone is no change of it."""


def changes(old: Iterable[bytes], new: Iterable[bytes]) -> Iterator[tuple[bytes | None, bytes | None]]:
    """(before, after) of each deadline that came, went or reads otherwise; None where there was or is none."""
    before, after = Counter(old), Counter(new)
    gone, come = _keyed((before - after).elements()), _keyed((after - before).elements())
    for key in dict.fromkeys([*gone, *come]):
        one, other = gone.get(key), come.get(key)
        if one is None or other is None or _lasting(one) != _lasting(other):
            yield one, other


def _keyed(rows: Iterable[bytes]) -> dict[tuple[Any, ...], bytes]:
    """The rows by what opened them; those of one opening are told apart by their order."""
    found: dict[tuple[Any, ...], bytes] = {}
    seen: Counter[tuple[Any, ...]] = Counter()
    for body in rows:
        row = json.loads(body)
        key = (row["rule"], row["opened_by"], row["from"])
        found[*key, seen[key]] = body
        seen[key] += 1
    return found


def _lasting(body: bytes) -> Row:
    return {name: value for name, value in json.loads(body).items() if name != PASSING}
