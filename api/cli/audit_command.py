"""``greffe audit``: every row of the ledger against its log, and the log against what was signed of it."""

import argparse
import sys

from adapters.saying import french_of
from api.cli import access_store, options
from api.cli.printing import put

EXAMPLE = """\
Each stored event must give its leaf of the log, the leaves one tree, the tree the roots that were signed. Whoever can
write the database can write a log that adds up: only the signatures, by a key kept elsewhere, tell. Give the log's key
from the contract's annex, not from the ledger. Each audit is kept, and noted in the access log. Exit status 1 where
something is not as the log says.

examples:
  greffe audit --key "$(cat /etc/greffe/log.key.pub)"
  greffe audit --since-last --format json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe audit``."""
    parser.add_argument(
        "--key",
        dest="keys",
        action="append",
        default=[],
        metavar="KEY",
        help="the log's key, as printed; may be repeated",
    )
    parser.add_argument(
        "--since-last", action="store_true", help="only what came since the last audit that found nothing"
    )
    parser.add_argument("--open", action="store_true", help="open the sealed values of persons too; tells none of them")
    options.add_ledger(parser)
    options.add_output(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Prints what was looked at and found. 1 where something is wrong, 2 for a key that is none."""
    from adapters.access.model import Audit  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.audit.run import audit  # noqa: PLC0415
    from adapters.audit.telling import lines  # noqa: PLC0415
    from adapters.bootstrap import opened  # noqa: PLC0415
    from adapters.clock import now  # noqa: PLC0415
    from adapters.evidence.verify import NotProvenError, parse_key  # noqa: PLC0415
    from domain.errors import LedgerError  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    try:
        keys = [parse_key(text.strip()) for text in chosen.keys]
    except NotProvenError as error:
        raise LedgerError(f"--key: {error}", f"--key : {french_of(error)}") from None
    at = now()
    with opened(chosen.ledger), access_store.opened(chosen) as access:
        sound = access.last_sound_audit()
        last = (sound.size, sound.root) if sound is not None else None
    since = last if chosen.since_last else None
    report = audit(
        chosen.ledger, at, keys=keys, last=since, earlier=[last] if last and since is None else [], opening=chosen.open
    )
    with access_store.opened(chosen) as access:
        said = dump(report.as_json())
        kept = Audit(at, access_store.actor(), report.since, report.size, report.root, report.count, said)
        number = access.add_audit(kept).number
        opened_too = ", values of persons opened" if chosen.open else ""
        kind = f"audit {number}{opened_too}: leaves {report.since} to {report.size}, {report.count} faults"
        access_store.keep(access, "audit", kind, status=1 if report.count else 0)
    if chosen.format == "json":
        sys.stdout.write(f"{said}\n")
    else:
        put(f"{line}\n" for line in lines(report, chosen.lang))
    return 1 if report.count else 0
