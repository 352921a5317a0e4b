"""``greffe receipt``: what a party keeps of a signed ledger, and whether two parties were shown the same one."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.saying import french_of
from api.cli import access_store, options
from api.cli.printing import tell

if TYPE_CHECKING:
    from adapters.evidence.forks import Shown

EXAMPLE = """\
examples:
  greffe receipt --contract C-2026-0042 --out receipt.json
  greffe receipt check receipt.json --key LOG-KEY
  greffe receipt check ours.json theirs.json --key LOG-KEY --proof consistency.json

The key is the one that the contract's annex prints, never one that comes with a receipt. Two receipts of different
sizes are compared by a proof of consistency: the answer of GET /v1/log/consistency?from=A&to=B, a bundle made for the
older one, or the ledger itself (--ledger). Exit status 1: a receipt does not hold, or the ledger showed two histories.
"""
WORDS = {
    "en": {
        "holds": "{name}: holds; {size} entries, root {root}",
        "bundle": "{name}: its checkpoint holds; {size} entries, root {root}\n"
        "  the facts and figures in it were not looked at: greffe verify",
        "own": "  {tseq} of them are those of one contract; which one, only a receipt of a fact (--fact) proves",
        "fact": "  {tseq} of them are those of {contract}, among them {fact}",
        "wrong": "{name}: DOES NOT HOLD: {why}",
        "one": "Consistent: all of them are of one history.",
        "fork": "TWO HISTORIES: {one} and {other} cannot be of one ledger: {why}.\nKeep both: each is signed.",
    },
    "fr": {
        "holds": "{name} : valable ; {size} entrées, racine {root}",
        "bundle": "{name} : point de contrôle valable ; {size} entrées, racine {root}\n"
        "  les faits et chiffres qu'il contient n'ont pas été examinés : greffe verify",
        "own": "  dont {tseq} d'un même contrat ; lequel, seul un reçu portant un fait (--fact) le prouve",
        "fact": "  dont {tseq} de {contract}, parmi lesquelles {fact}",
        "wrong": "{name} : PAS VALABLE : {why}",
        "one": "Cohérent : tous sont de la même histoire.",
        "fork": "DEUX HISTOIRES : {one} et {other} ne sont pas d'un seul registre : {why}.\nGardez les deux : chacun"
        " est signé.",
    },
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe receipt``."""
    actions = parser.add_subparsers(dest="action", metavar="check", required=False)
    parser.add_argument("--contract", metavar="C", help="the contract that the receipt is for")
    parser.add_argument("--fact", metavar="SOURCE#ID", help="also say that this fact of it, such as a notice, is there")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write it (default: standard output)")
    options.add_ledger(parser)
    options.add_lang(parser)
    parser.set_defaults(run=run)
    checked = actions.add_parser(
        "check",
        help="whether receipts hold, and are of one history",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    checked.add_argument("files", nargs="+", type=Path, metavar="RECEIPT", help="a receipt or a bundle")
    checked.add_argument("--key", required=True, help="the log's key, from the contract's annex")
    checked.add_argument(
        "--proof",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a proof of consistency; may be repeated",
    )
    checked.add_argument("--ledger", dest="asked", metavar="ADDRESS", help="ask this ledger, and compare with it")
    options.add_lang(checked)
    checked.set_defaults(run=run_check)
    parser.epilog = checked.epilog = EXAMPLE


def run(chosen: argparse.Namespace) -> int:
    """Writes a receipt. 1 where nothing of the contract, or not the fact, is signed yet."""
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.evidence.memory import write_whole  # noqa: PLC0415
    from adapters.evidence.receipt import NotSignedError, Receipts  # noqa: PLC0415
    from domain.errors import UnknownContractError  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    if chosen.contract is None:
        raise UnknownContractError(
            "which contract? give --contract, or check a receipt: greffe receipt check FILE",
            "quel contrat ? donnez --contract, ou vérifiez un reçu : greffe receipt check FICHIER",
        )
    try:
        with opened(chosen.ledger) as store:
            receipt = Receipts(store).of(chosen.contract, chosen.fact)
    except NotSignedError as error:
        tell(error.text(chosen.lang))
        return 1
    with access_store.opened(chosen) as access:
        access_store.keep(access, "receipt", f"{receipt['size']} entries {chosen.fact or ''}".strip(), chosen.contract)
    text = dump(receipt) + "\n"
    if chosen.out is None:
        sys.stdout.write(text)
    else:
        write_whole(chosen.out, text.encode())
    return 0


def run_check(chosen: argparse.Namespace) -> int:
    """Says whether each holds, and whether all are of one history. 2 where that cannot be said."""
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.evidence.forks import Shown, fork_among, read, read_proof  # noqa: PLC0415
    from adapters.evidence.keyfile import KeyFileError  # noqa: PLC0415
    from adapters.evidence.verify import Checkpoint, NotProvenError, parse_key, plain  # noqa: PLC0415

    words = WORDS[chosen.lang]
    try:
        key = parse_key(chosen.key)
    except NotProvenError as error:
        raise KeyFileError(f"--key {chosen.key}: {error}", f"--key {chosen.key} : {french_of(error)}") from None
    proofs: dict[tuple[int, int], Sequence[bytes]] = {}
    for path in chosen.proof:
        read_proof(path, proofs)
    shown, holds = [], True
    for path in chosen.files:
        try:
            shown.append(read(path, key, proofs))
        except NotProvenError as error:
            holds = False
            sys.stdout.write(
                words["wrong"].format(name=path, why=plain(french_of(error) if chosen.lang == "fr" else str(error)))
                + "\n"
            )
            continue
        _say_holds(shown[-1], words)
    with ExitStack() as stack:
        ask = None
        if chosen.asked is not None:
            store = stack.enter_context(opened(chosen.asked))
            ask = store.consistency_proof
            newest = store.checkpoint()
            if newest is not None:
                shown.append(Shown(chosen.asked, Checkpoint(store.log_origin(), newest.size, newest.root)))
        found = fork_among(shown, proofs, ask)
    if found is not None:
        sys.stdout.write(words["fork"].format(one=found.one.name, other=found.other.name, why=found.why) + "\n")
        return 1
    if len(shown) > 1:
        sys.stdout.write(words["one"] + "\n")
    return 0 if holds else 1


def _say_holds(shown: "Shown", words: dict[str, str]) -> None:
    from adapters.evidence.verify import plain  # noqa: PLC0415 - loaded only by the commands that need it

    size, root = shown.checkpoint.size, shown.checkpoint.root.hex()
    said = words["bundle" if shown.receipt is None else "holds"]
    sys.stdout.write(said.format(name=shown.name, size=size, root=root) + "\n")
    if shown.receipt is not None:
        tseq, fact, contract = shown.receipt.tseq, shown.receipt.fact or "", shown.receipt.contract or ""
        said = words["fact" if fact else "own"].format(tseq=tseq, fact=plain(fact), contract=plain(contract))
        sys.stdout.write(f"{said}\n")
