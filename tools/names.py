"""Refuse an environment where another distribution owns one of our four top-level names.

``adapters`` is also the name of a published package: installed beside ours, its files would overwrite ours
without a word. Run as ``python -m tools.names``; exit status 1 names each intruder.
"""

import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import packages_distributions

OURS = ("domain", "projections", "adapters", "api")


def intruders(owners: Mapping[str, Sequence[str]]) -> list[str]:
    """One sentence for each of our names that a distribution other than ``greffe`` owns."""
    return [
        f"the top-level name {name} is also owned by {owner}: use an environment of its own"
        for name in OURS
        for owner in sorted(set(owners.get(name, ())) - {"greffe"})
    ]


def main() -> int:
    """Print the intruders; 1 if there are any."""
    found = intruders(packages_distributions())
    print("\n".join(found) or f"names: {', '.join(OURS)} are ours alone")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
