"""What a hostile network delivers: every fact, some twice and in other bytes, none quite in its turn."""

import json
import random
from dataclasses import dataclass
from typing import Any

from bench.facts import lines


@dataclass(frozen=True)
class Arrivals:
    """``facts`` by id, as they were said; ``messages`` (subject, value) as they arrive."""

    facts: dict[str, dict[str, Any]]
    messages: list[tuple[bytes, bytes]]


def arrivals(facts: int, contracts: int, duplicates: float, disorder: int, seed: int) -> Arrivals:
    """``duplicates``: how many come again, as a share; ``disorder``: how far a message may stray from its turn."""
    chance = random.Random(seed)  # noqa: S311 - the same seed is the same run
    said = [json.loads(line) for line in lines(facts, contracts)]
    arriving = [(number + chance.uniform(0, disorder), fact) for number, fact in enumerate(said)]
    for number, fact in enumerate(said):
        if chance.random() < duplicates:
            again = fact if chance.random() < 0.5 else dict(reversed(fact.items()))
            arriving.append((number + chance.uniform(0, 20 * disorder), again))
    arriving.sort(key=lambda one: one[0])
    messages = [(str(fact["subject"]).encode(), json.dumps(fact).encode()) for _, fact in arriving]
    return Arrivals({fact["id"]: fact for fact in said}, messages)
