"""Bundles that somebody changed: each is refused, and nothing crashes, whoever changed it, if only without the key.

Run as ``python -m tests.faults.tampering [--mutations 10000] [--seed 1]``; exit status 1 when one is accepted or breaks
anything. A bundle of 100 facts of a contract and 6 of its provider is changed in its bytes, members, events, heads,
checkpoints, keys and zip. A forger makes facts, counts, digests and statement fit what was changed; what ``verify.py``
says it does not check (the figures, the texts) is held against ``greffe verify``. Of a timestamp's bytes only those
that the checkpoint's digest and the instant are read from bind: the rest is the authority's signature to check.
"""

import argparse
import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from adapters.evidence.recomputed import recomputed
from adapters.evidence.verify import NotProvenError, check_bundle
from tests.faults.changed_bundles import CLASSES
from tests.faults.handed_over import Given
from tests.faults.zip_tricks import tricks
from tests.support.histories import Histories, histories

REFUSED, UNCHECKED, ACCEPTED, BROKEN = "refused", "refused by greffe verify", "accepted", "tracebacks"


def judged(given: Given) -> str:
    """What became of it."""
    try:
        found = check_bundle(given.data, given.key, given.witnesses, given.receipt)
    except NotProvenError:
        return REFUSED
    except Exception:  # noqa: BLE001 - anything else is what is looked for here
        return BROKEN
    try:
        recomputed(found, "en")
    except NotProvenError:
        return UNCHECKED
    except Exception:  # noqa: BLE001
        return BROKEN
    return ACCEPTED


def changes(world: Histories, seed: int, count: int) -> Iterator[tuple[str, Given]]:
    """(class, what is handed over), as many as asked for at least, the tricks with zips among them."""
    random = Random(seed)  # noqa: S311 - chance that can be had again, not a secret
    done = 0
    for what, data in tricks(world.bundle):
        yield "zip tricks", Given(what, data, world.key)
        done += 1
    whole = sum(CLASSES.values())
    for kind, share in CLASSES.items():
        for _ in range(max(3, -(-(count - done) * share // whole))):
            given = kind(world, random)
            while given == Given(given.what, world.bundle, world.key):  # one change undid another: nothing was changed
                given = kind(world, random)
            yield kind.__name__.replace("_", " "), given


def run(
    world: Histories, count: int, seed: int, tell: Callable[[str, Counter[str]], object] = lambda *_: None
) -> tuple[dict[str, Counter[str]], list[str]]:
    """Hands over every change: what became of them by class, and those that were accepted or broke something.

    ``tell`` is called with each class that is done.
    """
    told: dict[str, Counter[str]] = {}
    wrong = []
    for name, same in itertools.groupby(changes(world, seed, count), key=itemgetter(0)):
        told[name] = Counter()
        for _, given in same:
            became = judged(given)
            told[name][became] += 1
            if became in {ACCEPTED, BROKEN}:
                wrong.append(f"{became}: {name}: {given.what}")
        tell(name, told[name])
    if judged(Given("the bundle as it was made", world.bundle, world.key)) != ACCEPTED:
        wrong.append("the bundle as it was made is refused")
    return told, wrong


def main(words: Sequence[str] | None = None) -> int:
    """Prints the counts; 1 when a change was accepted or broke something."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.tampering", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(words)
    started = time.monotonic()
    sys.stdout.write(f"{'':28}{'tried':>8}{'verify.py':>11}{'greffe':>8}{'accepted':>10}{'tracebacks':>12}\n")
    with TemporaryDirectory() as folder, histories(Path(folder)) as world:
        told, wrong = run(world, chosen.mutations, chosen.seed, _tell)
    _tell("in all", sum(told.values(), Counter()))
    sys.stdout.write(f"refused by verify.py, or by greffe verify alone; seconds: {time.monotonic() - started:.0f}\n")
    sys.stdout.write("".join(f"WRONG: {one}\n" for one in itertools.islice(wrong, 50)))
    return 1 if wrong else 0


def _tell(name: str, counts: Counter[str]) -> None:
    numbers = [counts[column] for column in (REFUSED, UNCHECKED, ACCEPTED, BROKEN)]
    sys.stdout.write(f"{name:28}{sum(numbers):8}{numbers[0]:11}{numbers[1]:8}{numbers[2]:10}{numbers[3]:12}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
