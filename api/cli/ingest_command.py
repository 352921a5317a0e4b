"""``greffe ingest``: records facts in the ledger, once each, from Kafka or from files."""

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from api.cli import options
from api.cli.printing import system_words, tell
from api.cli.usage import UnreadableWordError

if TYPE_CHECKING:
    from adapters.eventstore.ledger import Ledger, Outcome
    from adapters.settings.load import Settings
    from domain.time.instant import Instant

    Record = Callable[..., Outcome]

EXAMPLE = """\
examples:
  greffe ingest --file facts.jsonl --ledger greffe.db
  greffe ingest --bootstrap 127.0.0.1:9092 --ledger postgresql://greffe@db/greffe
  greffe ingest --file messages.jsonl --mapping examples/mappings/zammad.toml
  greffe ingest --bootstrap 127.0.0.1:9092 --until-end

From Kafka it works until it is told to stop (SIGTERM, Ctrl-C). Start as many as the topic has partitions.
Everything else about the broker is a setting: see greffe config show.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe ingest``."""
    parser.add_argument(
        "--file",
        dest="files",
        action="append",
        metavar="FILE",
        help="facts, one CloudEvent per line (.jsonl); - for stdin; may be repeated; without: from Kafka",
    )
    kafka = parser.add_argument_group("from Kafka (each wins over the setting of the same name)")
    kafka.add_argument("--bootstrap", metavar="HOST:PORT,…", help="brokers to start from")
    kafka.add_argument("--topic", help="the topic of the facts (default: greffe.events)")
    kafka.add_argument("--group", help="the consumer group (default: greffe)")
    kafka.add_argument("--member", metavar="NAME", help="the lasting name of this worker in the group")
    kafka.add_argument("--metrics-port", type=int, metavar="PORT", help="serve /metrics there")
    kafka.add_argument("--until-end", action="store_true", help="stop once everything in the topic is recorded")
    kafka.add_argument("--no-views", action="store_true", help="leave the statements to other workers")
    kafka.add_argument(
        "--skip-to",
        type=_place,
        metavar="PARTITION:OFFSET",
        help="only note that a partition is to be read from there; what is left out becomes an entry of the quarantine",
    )
    options.add_mapping(parser)
    options.add_config(parser)
    options.add_ledger(parser)
    options.add_agreements(parser)
    options.add_output(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run)


def _place(text: str) -> tuple[int, int]:
    partition, _, offset = text.partition(":")
    if not (partition.isdecimal() and offset.isdecimal()):
        raise UnreadableWordError(
            f"expected PARTITION:OFFSET, such as 0:1500, got {text!r}",
            f"attendu : PARTITION:POSITION, par exemple 0:1500 ; reçu : « {text} »",
        )
    return int(partition), int(offset)


def run(chosen: argparse.Namespace) -> int:
    """Prints how many facts were recorded, known already, left waiting, or put in quarantine.

    2 when something could not be read; the rest is recorded all the same.
    """
    return run_files(chosen) if chosen.files else run_kafka(chosen)


def run_files(chosen: argparse.Namespace) -> int:
    """Records files."""
    from adapters.bootstrap import ledger_of, opened, views_of  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.catalogue import load_catalogue  # noqa: PLC0415
    from adapters.clock import now  # noqa: PLC0415
    from adapters.eventstore.ledger import Outcome  # noqa: PLC0415
    from adapters.ingest import ingest_file  # noqa: PLC0415
    from api.cli.asking import watched  # noqa: PLC0415

    catalogue = load_catalogue(chosen.agreements)
    record = _mapped(chosen.mappings) if chosen.mappings else ingest_file
    outcome = Outcome()
    status = 0
    with watched(chosen.files, "recording facts") as on_bytes, opened(chosen.ledger, create=True) as store:
        ledger = ledger_of(store, catalogue)
        ledger.carry_out(now())
        for name in chosen.files:
            if name == "-":
                outcome += record(ledger, sys.stdin.buffer, "stdin", now, on_bytes)
                continue
            try:
                with Path(name).open("rb") as stream:
                    outcome += record(ledger, stream, name, now, on_bytes)
            except OSError as error:
                tell(system_words(error, chosen.lang))
                status = 2
        views_of(ledger, catalogue).tick(now())
    _print(outcome.counts(), chosen)
    return status


def run_kafka(chosen: argparse.Namespace) -> int:
    """Records what comes from Kafka until it is told to stop."""
    from adapters.clock import now  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.kafka.ingest import ingest_topic, skip_to  # noqa: PLC0415
    from adapters.mappings.load import load_mappings  # noqa: PLC0415
    from adapters.telemetry.logs import start_logs  # noqa: PLC0415
    from adapters.telemetry.metrics import serve_metrics  # noqa: PLC0415
    from adapters.telemetry.traces import start_traces  # noqa: PLC0415
    from api.cli.stopping import stop_on_signals  # noqa: PLC0415
    from domain.errors import BrokerError  # noqa: PLC0415

    settings = _settings(chosen)
    kafka = settings.kafka
    mappings = load_mappings(chosen.mappings) if chosen.mappings else ()
    if chosen.skip_to is not None:
        skip_to(chosen.ledger, kafka.topic, chosen.skip_to, chosen.agreements, now)
        return 0
    if not kafka.bootstrap:
        raise BrokerError(
            "nothing to read: give --file, or a broker by --bootstrap or GREFFE_KAFKA__BOOTSTRAP",
            "rien à lire : donnez --file, ou un serveur Kafka par --bootstrap ou GREFFE_KAFKA__BOOTSTRAP",
        )
    start_logs(settings.telemetry)
    with ExitStack() as stack:
        stack.callback(start_traces(settings.telemetry))
        stack.callback(serve_metrics(settings.telemetry)[1])
        stopping = stack.enter_context(stop_on_signals())
        outcome = ingest_topic(
            chosen.ledger,
            kafka,
            chosen.agreements,
            now,
            stopping,
            mappings=mappings,
            until_end=chosen.until_end,
            views=not chosen.no_views,
        )
    _print(outcome.counts(), chosen)
    return 0


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


def _settings(chosen: argparse.Namespace) -> "Settings":
    """The settings, with the options of the command line on top."""
    from adapters.settings.load import load  # noqa: PLC0415 - loaded only by the commands that need it

    settings = load(os.environ, chosen.config).settings
    said = {name: getattr(chosen, name) for name in ("topic", "group", "member") if getattr(chosen, name) is not None}
    if chosen.bootstrap is not None:
        said["bootstrap"] = tuple(one.strip() for one in chosen.bootstrap.split(",") if one.strip())
    telemetry = settings.telemetry
    if chosen.metrics_port is not None:
        telemetry = telemetry.model_copy(update={"metrics_port": chosen.metrics_port})
    return settings.model_copy(update={"kafka": settings.kafka.model_copy(update=said), "telemetry": telemetry})


def _print(counts: dict[str, int], chosen: argparse.Namespace) -> None:
    from projections.spelling import dump  # noqa: PLC0415 - loaded only by the commands that need it

    sys.stdout.write(dump(counts) + "\n" if chosen.format == "json" else in_words(counts, chosen.lang))


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
