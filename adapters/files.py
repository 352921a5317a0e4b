"""Reads files of facts: one CloudEvent per line, faults reported by file, line and field, the rest processed."""

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from adapters.cloudevents import read_jsonl
from domain.errors import GreffeError, UndecodableEventError
from projections.intake import Intake


@dataclass(slots=True)
class Reading:
    """What a file gave: the facts taken in, and the faults, which name file, line and field."""

    intake: Intake = field(default_factory=Intake)
    faults: list[GreffeError] = field(default_factory=list)
    lines: int = 0


def read_facts(paths: Sequence[str], on_bytes: Callable[[int], None] | None = None) -> Reading:
    """Takes in every fact of the files; ``-`` is standard input. Raises OSError for a file that cannot be read."""
    reading = Reading()
    with collection_paused():
        for path in paths:
            with _opened(path) as stream:
                name = "stdin" if path == "-" else path
                for line in read_jsonl(stream):
                    reading.lines += 1
                    if isinstance(line.fact, UndecodableEventError):
                        place = f"{name}:{line.number}"
                        reading.faults.append(GreffeError(f"{place}: {line.fact}", f"{place} : {line.fact.french}"))
                    else:
                        reading.intake.add(line.fact)
                    if on_bytes is not None:
                        on_bytes(line.size)
    return reading


@contextmanager
def collection_paused() -> Iterator[None]:
    """Facts, and what is derived from them, form no reference cycles: walking them again and again only costs time.

    What was made meanwhile is not walked afterwards either.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        yield sys.stdin.buffer
        return
    with Path(path).open("rb") as stream:
        yield stream
