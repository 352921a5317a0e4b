"""From command-line words to a question put to the facts."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.files import Reading, read_facts
from api.cli import options
from domain.errors import GreffeError
from domain.readings import Readings
from domain.time.instant import Instant
from projections.intake import Intake
from projections.replay import Question

EPOCH = Instant(0)
LONG_INPUT_BYTES = 5_000_000


def question_of(chosen: argparse.Namespace, intake: Intake, readings: Readings) -> Question:
    """The question: by default at the latest event's time, with everything the input ever recorded."""
    at = chosen.at if chosen.at is not None else intake.latest_time
    known_at = chosen.known_at if chosen.known_at is not None else intake.latest_recorded
    return Question(
        at=EPOCH if at is None else at,
        known_at=EPOCH if known_at is None else known_at,
        readings=readings,
        contract=chosen.contract,
    )


def read_with_progress(paths: list[str]) -> Reading:
    """Reads the facts, with a progress bar when a person watches and the input is long."""
    with watched(paths, "reading facts") as on_bytes:
        return read_facts(paths, on_bytes)


@contextmanager
def watched(paths: list[str], what: str) -> Iterator[Callable[[int], None] | None]:
    """A progress bar over the bytes of the files, on a terminal and for long input only; None otherwise.

    Raises GreffeError for a bundle, of which these commands would read every byte as a line.
    """
    if bundle := next(filter(options.is_bundle, paths), None):
        raise GreffeError(
            f"{bundle}: facts are wanted here, not a zip; greffe replay and greffe verify read a bundle, and its facts"
            " are in its facts.jsonl",
            f"{bundle} : il faut ici des faits, non un zip ; greffe replay et greffe verify lisent un dossier, et ses"
            " faits sont dans son facts.jsonl",
        )
    size = sum(Path(path).stat().st_size for path in paths if path != "-")
    if not sys.stderr.isatty() or size < LONG_INPUT_BYTES:
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - only when somebody watches
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=size)
        yield lambda count: progress.advance(task, count)
