"""``greffe ingest --file FILE``: records facts in the ledger, once each."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from api.cli import options

if TYPE_CHECKING:
    from adapters.eventstore.ledger import Ledger, Outcome
    from domain.time.instant import Instant

    Record = Callable[..., Outcome]

EXAMPLE = """\
examples:
  greffe ingest --file facts.jsonl --ledger greffe.db
  greffe ingest --file messages.jsonl --mapping examples/mappings/zammad.toml
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe ingest``."""
    parser.add_argument(
        "--file",
        dest="files",
        action="append",
        required=True,
        metavar="FILE",
        help="facts, one CloudEvent per line (.jsonl); - for stdin; may be repeated",
    )
    options.add_mapping(parser)
    options.add_ledger(parser)
    options.add_agreements(parser)
    options.add_output(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints how many facts were recorded, known already, left waiting, or put in quarantine.

    2 when a file could not be read; the others are recorded all the same.
    """
    from adapters.bootstrap import ledger_of, opened, views_of  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.catalogue import load_catalogue  # noqa: PLC0415
    from adapters.clock import now  # noqa: PLC0415
    from adapters.eventstore.ledger import Outcome  # noqa: PLC0415
    from adapters.ingest import ingest_file  # noqa: PLC0415
    from api.cli.asking import watched  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    catalogue = load_catalogue(chosen.agreements)
    record = _mapped(chosen.mappings) if chosen.mappings else ingest_file
    outcome = Outcome()
    status = 0
    with watched(chosen.files, "recording facts") as on_bytes, opened(chosen.ledger, create=True) as store:
        ledger = ledger_of(store, catalogue)
        for name in chosen.files:
            if name == "-":
                outcome += record(ledger, sys.stdin.buffer, "stdin", now, on_bytes)
                continue
            try:
                with Path(name).open("rb") as stream:
                    outcome += record(ledger, stream, name, now, on_bytes)
            except OSError as error:
                sys.stderr.write(f"greffe: {name}: {error.strerror}\n")
                status = 2
        views_of(ledger, catalogue).refresh()
    counts = outcome.counts()
    if chosen.format == "json":
        sys.stdout.write(dump(counts) + "\n")
    else:
        sys.stdout.write(in_words(counts, chosen.lang))
    return status


def _mapped(paths: list[Path]) -> "Record":
    """Reads messages of operations tools. Raises InvalidMappingError."""
    from adapters.mappings.ingest import ingest_messages  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.mappings.load import load_mappings  # noqa: PLC0415

    mappings = load_mappings(paths)

    def record(
        ledger: "Ledger",
        stream: BinaryIO,
        name: str,
        clock: Callable[[], "Instant"],
        on_bytes: Callable[[int], None] | None = None,
    ) -> "Outcome":
        return ingest_messages(ledger, stream, name, clock, mappings, on_bytes=on_bytes)

    return record


def in_words(counts: dict[str, int], lang: str) -> str:
    """The counts of an outcome, one to a line."""
    words = LABELS[lang]
    return "".join(f"{words[name]}: {count}\n" for name, count in counts.items())


LABELS = {
    "en": {
        "recorded": "recorded",
        "duplicates": "known already",
        "waiting": "waiting for their partner",
        "quarantined": "in quarantine (see greffe quarantine list)",
    },
    "fr": {
        "recorded": "enregistrés",
        "duplicates": "déjà connus",
        "waiting": "en attente de leur partenaire",
        "quarantined": "en quarantaine (voir greffe quarantine list)",
    },
}
