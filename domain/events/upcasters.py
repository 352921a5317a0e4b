"""How facts written in an older version of a type are read today: one function from a version to the next.

An old fact is never rewritten. When a type gets a version 2, its class reads version 2, and an entry here tells how
the data of version 1 say the same thing in version 2. Entries are kept for ever, as is the golden JSON of each version.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upcaster:
    """From the data of one version of a type to the data of the ``successor`` topic. ``change`` must be pure."""

    successor: str
    change: Callable[[Data], Data]


UPCASTERS: Mapping[str, Upcaster] = {}
"""Old topic to its upcaster. Every type is still in its first version."""


def upcast(topic: str, data: Data, upcasters: Mapping[str, Upcaster] = UPCASTERS) -> tuple[str, Data]:
    """The topic and data in the newest version, applying as many steps as it takes."""
    while (step := upcasters.get(topic)) is not None:
        topic, data = step.successor, step.change(data)
    return topic, data
