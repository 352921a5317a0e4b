"""``greffe quarantine list|show|retry|discard``: what was refused and why, and what became of it."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli import options

if TYPE_CHECKING:
    from adapters.eventstore.batch import Read
    from adapters.eventstore.store import Held


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe quarantine``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="the entries, oldest first")
    listed.add_argument("--status", choices=("waiting", "open", "retried", "discarded"), help="only these")
    listed.set_defaults(run=run_list)
    shown = actions.add_parser("show", help="one entry: its reason and what was received")
    shown.add_argument("number", type=int, metavar="NUMBER")
    shown.set_defaults(run=run_show)
    retried = actions.add_parser("retry", help="decide entries again; all that are open or waiting by default")
    retried.add_argument("numbers", nargs="*", type=int, metavar="NUMBER")
    options.add_mapping(retried)
    options.add_agreements(retried)
    retried.set_defaults(run=run_retry)
    discarded = actions.add_parser("discard", help="give an entry up for good; the decision is recorded as an event")
    discarded.add_argument("number", type=int, metavar="NUMBER")
    discarded.add_argument("--reason", required=True, help="why, in a sentence")
    options.add_agreements(discarded)
    discarded.set_defaults(run=run_discard)
    for action in (listed, shown, retried, discarded):
        options.add_ledger(action)
        options.add_output(action)


def run_list(chosen: argparse.Namespace) -> int:
    """Prints one line per entry."""
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.spelling import dump  # noqa: PLC0415

    with opened(chosen.ledger) as store:
        entries = [_json(entry) for entry in store.quarantine(chosen.status)]
    if chosen.format == "json":
        sys.stdout.write(dump(entries) + "\n")
        return 0
    if not entries:
        sys.stdout.write("the quarantine is empty\n" if chosen.lang == "en" else "la quarantaine est vide\n")
    for entry in entries:
        named = f"{entry['source']}#{entry['id']}" if entry["id"] else entry["origin"]
        status = STATUSES[chosen.lang][entry["status"]]
        sys.stdout.write(_visible(f"{entry['number']:>6}  {status:<10}  {named}  {_reason(entry, chosen.lang)}\n"))
    return 0


def run_show(chosen: argparse.Namespace) -> int:
    """Prints one entry whole. 2 when there is none of this number."""
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by the commands that need it
    from domain.errors import LedgerError  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    with opened(chosen.ledger) as store:
        found = store.entry(chosen.number)
    if found is None:
        raise LedgerError(
            f"the quarantine has no entry {chosen.number}", f"la quarantaine n'a pas d'entrée {chosen.number}"
        )
    entry = _json(found) | {"event": found.body.decode("utf-8", "backslashreplace")}
    if chosen.format == "json":
        sys.stdout.write(dump(entry) + "\n")
        return 0
    entry["status"] = STATUSES[chosen.lang][found.status]
    entry["reason"] = _reason(entry, chosen.lang)
    del entry["reason_fr"]
    words = FIELDS[chosen.lang]
    colon = " : " if chosen.lang == "fr" else ": "
    for name, value in entry.items():
        if value is not None:
            sys.stdout.write(_visible(f"{words[name]}{colon}{value}\n"))
    return 0


def run_retry(chosen: argparse.Namespace) -> int:
    """Decides entries again and prints what became of them."""
    from adapters.bootstrap import ledger_of, opened, views_of  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.catalogue import load_catalogue  # noqa: PLC0415
    from adapters.clock import now  # noqa: PLC0415
    from api.cli.ingest_command import in_words  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    catalogue = load_catalogue(chosen.agreements)
    with opened(chosen.ledger) as store:
        ledger = ledger_of(store, catalogue)
        outcome = ledger.retry(chosen.numbers or None, now(), _reader(chosen.mappings))
        views_of(ledger, catalogue).tick(now())
    counts = outcome.counts()
    sys.stdout.write(dump(counts) + "\n" if chosen.format == "json" else in_words(counts, chosen.lang))
    return 0


def _reader(paths: list[Path]) -> "Read | None":
    """What reads the messages of operations tools; None without mappings. Raises InvalidMappingError."""
    if not paths:
        return None
    from adapters.mappings.apply import map_message  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.mappings.load import load_mappings  # noqa: PLC0415

    mappings = load_mappings(paths)
    return lambda body: map_message(mappings, body)


def run_discard(chosen: argparse.Namespace) -> int:
    """Gives an entry up for good."""
    from adapters.bootstrap import ledger_of, opened, views_of  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.catalogue import load_catalogue  # noqa: PLC0415
    from adapters.clock import now  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    catalogue = load_catalogue(chosen.agreements)
    with opened(chosen.ledger) as store:
        ledger = ledger_of(store, catalogue)
        ledger.discard(chosen.number, chosen.reason, now())
        views_of(ledger, catalogue).tick(now())
    if chosen.format == "json":
        sys.stdout.write(dump({"discarded": chosen.number}) + "\n")
    else:
        done = "entrée {} abandonnée\n" if chosen.lang == "fr" else "entry {} discarded\n"
        sys.stdout.write(done.format(chosen.number))
    return 0


def _json(entry: "Held") -> dict[str, Any]:
    return {
        "number": entry.number,
        "status": entry.status,
        "reason": entry.reason,
        "reason_fr": entry.reason_fr,
        "source": entry.source,
        "id": entry.fact_id,
        "subject": entry.subject,
        "type": entry.type,
        "origin": entry.origin,
        "received": entry.received,
    }


def _reason(entry: dict[str, Any], lang: str) -> str:
    return str(entry["reason_fr" if lang == "fr" else "reason"])


def _visible(line: str) -> str:
    """The line with every character that a terminal would obey written out: what was received is not ours."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in line)


STATUSES = {
    "en": {"waiting": "waiting", "open": "open", "retried": "retried", "discarded": "discarded"},
    "fr": {"waiting": "en attente", "open": "ouverte", "retried": "reprise", "discarded": "abandonnée"},
}
FIELDS = {
    "en": {
        "number": "entry",
        "status": "status",
        "reason": "reason",
        "source": "source",
        "id": "id",
        "subject": "subject",
        "type": "type",
        "origin": "origin",
        "received": "received",
        "event": "event",
    },
    "fr": {
        "number": "entrée",
        "status": "état",
        "reason": "raison",
        "source": "source",
        "id": "identifiant",
        "subject": "sujet",
        "type": "type",
        "origin": "origine",
        "received": "reçu",
        "event": "événement",
    },
}
