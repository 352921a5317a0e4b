"""``greffe quarantine list|show|retry|discard``: what was refused and why, and what became of it."""

import argparse
import sys
from typing import Any

from api.cli import options


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
        entries = [_json(entry, chosen.lang) for entry in store.quarantine(chosen.status)]
    if chosen.format == "json":
        sys.stdout.write(dump(entries) + "\n")
        return 0
    if not entries:
        sys.stdout.write("the quarantine is empty\n" if chosen.lang == "en" else "la quarantaine est vide\n")
    for entry in entries:
        named = f"{entry['source']}#{entry['id']}" if entry["id"] else entry["origin"]
        sys.stdout.write(f"{entry['number']:>6}  {entry['status']:<9}  {named}  {entry['reason']}\n")
    return 0


def run_show(chosen: argparse.Namespace) -> int:
    """Prints one entry whole."""
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.spelling import dump  # noqa: PLC0415

    with opened(chosen.ledger) as store:
        found = [entry for entry in store.quarantine() if entry.number == chosen.number]
    if not found:
        print(f"greffe: the quarantine has no entry {chosen.number}", file=sys.stderr)
        return 2
    entry = _json(found[0], chosen.lang) | {"received": found[0].body.decode("utf-8", "backslashreplace")}
    if chosen.format == "json":
        sys.stdout.write(dump(entry) + "\n")
    else:
        sys.stdout.write("".join(f"{name}: {value}\n" for name, value in entry.items() if value is not None))
    return 0


def run_retry(chosen: argparse.Namespace) -> int:
    """Decides entries again and prints what became of them."""
    from adapters.bootstrap import ledger_of, opened, views_of  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.catalogue import load_catalogue  # noqa: PLC0415
    from adapters.clock import now  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    catalogue = load_catalogue(chosen.agreements)
    with opened(chosen.ledger) as store:
        ledger = ledger_of(store, catalogue)
        outcome = ledger.retry(chosen.numbers or None, now())
        views_of(ledger, catalogue).refresh()
    counts = {"recorded": outcome.recorded, "waiting": outcome.waiting, "quarantined": outcome.quarantined}
    if chosen.format == "json":
        sys.stdout.write(dump(counts) + "\n")
    else:
        sys.stdout.write("".join(f"{name}: {count}\n" for name, count in counts.items()))
    return 0


def run_discard(chosen: argparse.Namespace) -> int:
    """Gives an entry up for good."""
    from adapters.bootstrap import ledger_of, opened  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.catalogue import load_catalogue  # noqa: PLC0415
    from adapters.clock import now  # noqa: PLC0415

    with opened(chosen.ledger) as store:
        ledger_of(store, load_catalogue(chosen.agreements)).discard(chosen.number, chosen.reason, now())
    sys.stdout.write(f"entry {chosen.number} discarded\n")
    return 0


def _json(entry: Any, lang: str) -> dict[str, Any]:
    return {
        "number": entry.number,
        "status": entry.status,
        "reason": entry.reason_fr if lang == "fr" else entry.reason,
        "source": entry.source,
        "id": entry.fact_id,
        "subject": entry.subject,
        "type": entry.type,
        "origin": entry.origin,
        "recorded": entry.received,
    }
