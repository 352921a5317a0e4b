"""``greffe rebuild``: every statement of the ledger from zero, beside the live ones, then a swap."""

import argparse
import sys

from api.cli import options


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe rebuild``."""
    options.add_ledger(parser)
    options.add_agreements(parser)
    options.add_output(parser)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints how many contracts were derived, and which statements came out different from the live ones."""
    from adapters.bootstrap import ledger_of, opened, views_of  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.catalogue import load_catalogue  # noqa: PLC0415
    from adapters.clock import now  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    catalogue = load_catalogue(chosen.agreements)
    with opened(chosen.ledger) as store:
        rebuilt = views_of(ledger_of(store, catalogue), catalogue).rebuild(now=now())
    if chosen.format == "json":
        sys.stdout.write(dump({"contracts": rebuilt.contracts, "changed": list(rebuilt.changed)}) + "\n")
    elif chosen.lang == "fr":
        sys.stdout.write(f"{rebuilt.contracts} contrats dérivés, {len(rebuilt.changed)} relevés changés\n")
    else:
        sys.stdout.write(f"{rebuilt.contracts} contracts derived, {len(rebuilt.changed)} statements changed\n")
    for contract in rebuilt.changed if chosen.format == "text" else ():
        sys.stdout.write(f"  {contract}\n")
    return 0
