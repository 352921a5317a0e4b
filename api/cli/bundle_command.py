"""``greffe bundle --contract C --out F.zip``: what the signed log proves, for a court or the other party."""

import argparse
import errno
import sys
from pathlib import Path

from api.cli import access_store, options
from api.cli.printing import tell

EXAMPLE = """\
The bundle speaks of the newest checkpoint that the signer made: greffe sign once makes one now. Whatever is shown of
them, every fact of the contract up to there is in it at least by its seal, so that none can be left out unnoticed.

examples:
  greffe bundle --contract C-2026-0042 --out bundle.zip
  greffe bundle --contract C-2026-0042 --out april.zip --from 2026-04-01T00:00:00+02:00 --to 2026-05-01T00:00:00+02:00
  greffe bundle --contract C-2026-0042 --out one.zip --figure 'penalties[period_end=2026-04-30].payable' \\
    --redact persons --receipt receipt.json
"""
LATER = {
    "en": "{count} facts recorded since the checkpoint are not in the bundle; greffe sign once makes a new one\n",
    "fr": "{count} faits enregistrés depuis le point de contrôle ne sont pas dans le dossier ; greffe sign once en fait"
    " un nouveau\n",
}
MADE = {"en": "{path}: {size} bytes, sha256 {digest}\n", "fr": "{path} : {size} octets, sha256 {digest}\n"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe bundle``."""
    parser.add_argument("--contract", required=True, metavar="C", help="the contract")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="the .zip to make; must not exist")
    options.add_moments(parser)
    parser.add_argument("--from", dest="start", type=options.instant, metavar="T", help="open the facts from then on")
    parser.add_argument("--to", dest="end", type=options.instant, metavar="T", help="open the facts before then")
    parser.add_argument("--figure", metavar="PATH", help="open what one figure rests on; PATH as in greffe explain")
    parser.add_argument(
        "--redact",
        action="append",
        default=[],
        metavar="PATTERN",
        help="withhold the values at these paths, such as 'data.amount'; 'persons': those of every person; repeats",
    )
    parser.add_argument("--receipt", type=Path, metavar="FILE", help="show that the log continues this receipt's")
    options.add_readings(parser)
    options.add_agreements(parser)
    options.add_ledger(parser)
    options.add_lang(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Writes the bundle. 1 where nothing was signed yet, 2 where it cannot be made."""
    from hashlib import sha256  # noqa: PLC0415 - loaded only by the commands that need it

    from adapters.bootstrap import opened  # noqa: PLC0415
    from adapters.evidence.bundle import Asked  # noqa: PLC0415
    from adapters.evidence.bundling import NotSignedError, bundle_now, texts_of  # noqa: PLC0415
    from domain.errors import GreffeError  # noqa: PLC0415

    if chosen.figure is not None and (chosen.start is not None or chosen.end is not None):
        raise GreffeError("--figure goes without --from and --to", "--figure va sans --from ni --to")
    _refuse_unwritable(chosen.out)
    asked = Asked(
        contract=chosen.contract,
        readings=options.readings_of(chosen.reading),
        at=chosen.at,
        known_at=chosen.known_at,
        start=chosen.start,
        end=chosen.end,
        figure=chosen.figure,
        redact=tuple(chosen.redact),
        receipt=None if chosen.receipt is None else chosen.receipt.read_bytes(),
    )
    with opened(chosen.ledger) as store:
        try:
            made = bundle_now(store, asked, texts_of(chosen.agreements))
        except NotSignedError as error:
            tell(error.text(chosen.lang))
            return 1
    digest = sha256(made.data).hexdigest()
    with access_store.opened(chosen) as access:
        access_store.keep(access, "bundle", f"sha256 {digest}", chosen.contract)
    with chosen.out.open("xb") as file:
        file.write(made.data)
    if made.later:
        sys.stderr.write(LATER[chosen.lang].format(count=made.later))
    sys.stdout.write(MADE[chosen.lang].format(path=chosen.out, size=len(made.data), digest=digest))
    return 0


def _refuse_unwritable(path: Path) -> None:
    """Raises OSError at once where the bundle could not be written in the end."""
    if path.exists():
        raise FileExistsError(errno.EEXIST, "exists already; a bundle is never overwritten", str(path))
    options.check_folder_of(path)
