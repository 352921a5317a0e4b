"""``greffe verify F.zip --key KEY``: what an evidence bundle proves, its figures and timestamps included."""

import argparse
import sys
from pathlib import Path

from adapters.saying import french_of
from api.cli import options

EXAMPLE = """\
The key is the one printed in the contract's annex; a key that comes with the bundle proves nothing. The bundle also
carries verify.py, one file that says the same with Python alone, but for the figures and the timestamps' signatures.

examples:
  greffe verify bundle.zip --key "greffe/3f2a…+5b1c9d07+AZ…"
  greffe verify bundle.zip --key KEY --witness KEY --receipt receipt.json --tsa-root authority.pem --lang fr
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe verify``."""
    parser.add_argument("bundle", metavar="FILE", help="the bundle, a .zip file")
    parser.add_argument("--key", required=True, metavar="KEY", help="the log's key")
    parser.add_argument(
        "--witness", action="append", default=[], metavar="KEY", help="a key that must have cosigned; repeats"
    )
    parser.add_argument("--receipt", metavar="FILE", help="a receipt of the same log, given earlier")
    parser.add_argument(
        "--tsa-root",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="the root certificate of a timestamp authority (PEM or DER); repeats",
    )
    options.add_agreements(parser)
    options.add_lang(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Says what is proven. 1 where the bundle proves nothing, 2 where it or a key cannot be read."""
    from adapters.evidence.recomputed import recomputed, roots_in, stamped  # noqa: PLC0415 - only this command needs it
    from adapters.evidence.verify import (  # noqa: PLC0415
        NotProvenError,
        check_bundle,
        parse_key,
        read_whole,
        refused_words,
        words_of,
    )
    from api.cli.printing import put  # noqa: PLC0415
    from domain.errors import GreffeError  # noqa: PLC0415

    try:
        key, witnesses = parse_key(chosen.key), [parse_key(text) for text in chosen.witness]
        data = read_whole(chosen.bundle)
        receipt = None if chosen.receipt is None else read_whole(chosen.receipt)
    except NotProvenError as error:
        raise GreffeError(str(error), french_of(error)) from None
    roots = roots_in(chosen.tsa_root)
    try:
        found = check_bundle(data, key, witnesses, receipt)
        also = recomputed(found, chosen.lang, chosen.agreements)
        if roots:
            also += stamped(found, roots, chosen.lang)
    except NotProvenError as error:
        put([refused_words(error, chosen.lang), "\n"])
        return 1
    put([words_of(found, chosen.lang, chosen.bundle, chosen.key, also)])
    sys.stdout.flush()
    return 0
