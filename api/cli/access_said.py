"""What the commands on keys, grants and calendars say: lists a line each, and that something has ended."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any


def listed(
    chosen: argparse.Namespace, rows: Sequence[dict[str, Any]], lines: Sequence[str], none: tuple[str, str]
) -> int:
    """Prints the rows as JSON or the lines that tell them; ``none`` (English, French) where there is none."""
    from projections.spelling import dump  # noqa: PLC0415 - loaded only by the commands that need it

    told = lines or [none[chosen.lang == "fr"]]
    sys.stdout.write(dump(rows) + "\n" if chosen.format == "json" else "".join(f"{line}\n" for line in told))
    return 0


def revoked(chosen: argparse.Namespace, name: str | int, told: tuple[str, str]) -> int:
    """Says that what has this id or number is revoked; ``told`` in English and in French."""
    from projections.spelling import dump  # noqa: PLC0415 - loaded only by the commands that need it

    said = dump({"revoked": name}) if chosen.format == "json" else told[chosen.lang == "fr"]
    sys.stdout.write(said + "\n")
    return 0
