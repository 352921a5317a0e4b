"""``greffe sign``: signs the ledger's log, apart from those who write it."""

import argparse
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli import options
from api.cli.printing import tell

if TYPE_CHECKING:
    from adapters.eventstore.store import Store
    from adapters.evidence.rounds import Round
    from adapters.settings.load import Settings

ACTIONS = {
    "run": "sign while the log grows, until interrupted; at once for a legal notice",
    "once": "sign what was recorded, ask witnesses and authorities, copy; then end",
    "init": "make the key of a log that has none, and print the part for the contract's annex",
    "rotate": "make the next key, to which the one before hands over",
    "status": "what is signed, cosigned, dated; 1 where something lags behind",
}
EXAMPLE = """\
actions:
{actions}

The key is for this process alone: another account than that of the ledger, mode 0600. What it signed last is kept
beside it, and a ledger that does not go on from there, because it was rolled back or rewritten, is not signed: exit 1.
Witnesses, timestamp authorities and folders for copies are settings: greffe config show.

examples:
  greffe sign init --key sign.key --ledger greffe.db
  greffe sign once --key sign.key --ledger greffe.db
  greffe sign --config /etc/greffe/sign.toml
"""
WORDS = {
    "en": {
        "made": "The log's key, for the contract's annex:",
        "rotated": "The key before is now {old}. The log's next key, for the contract's annex and for the witnesses:",
        "signed": "signed: {size} entries, root {root}",
        "nothing": "nothing to sign: {size} entries are signed",
        "empty": "nothing to sign: the ledger is empty",
        "failed": "not done, to be tried again: {why}",
        "refused": "NOT SIGNED. {why}",
    },
    "fr": {
        "made": "La clé du journal, pour l'annexe du contrat :",
        "rotated": "L'ancienne clé est maintenant {old}. La clé suivante, pour l'annexe du contrat et les témoins :",
        "signed": "signé : {size} entrées, racine {root}",
        "nothing": "rien à signer : {size} entrées sont signées",
        "empty": "rien à signer : le registre est vide",
        "failed": "pas fait, à refaire : {why}",
        "refused": "NON SIGNÉ. {why}",
    },
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe sign``."""
    parser.add_argument("action", nargs="?", choices=ACTIONS, default="run", metavar="ACTION", help="default: run")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the key (default: the setting evidence.signing_key)")
    parser.add_argument(
        "--without-hand-over", action="store_true", help="init: though the log has a key, which is lost: see the guide"
    )
    options.add_config(parser)
    options.add_ledger(parser)
    options.add_output(parser)
    parser.epilog = EXAMPLE.format(actions="\n".join(f"  {name:8}{does}" for name, does in ACTIONS.items()))
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Does the action. 1 where the ledger shows another history than the one that was signed."""
    from adapters.bootstrap import opened  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.clock import now  # noqa: PLC0415
    from adapters.evidence.keyfile import KeyFileError  # noqa: PLC0415
    from adapters.evidence.signing import AnotherHistoryError  # noqa: PLC0415
    from adapters.settings.load import load  # noqa: PLC0415

    settings = load(os.environ, chosen.config).settings
    chosen.key = chosen.key or settings.evidence.signing_key
    if chosen.key is None and chosen.action != "status":
        raise KeyFileError(
            "which key? give --key, or the setting evidence.signing_key",
            "quelle clé ? donnez --key, ou le réglage evidence.signing_key",
        )
    try:
        with opened(chosen.ledger) as store:
            match chosen.action:
                case "init":
                    from adapters.evidence.keyring import begin  # noqa: PLC0415

                    made = begin(store, chosen.key, now(), without_hand_over=chosen.without_hand_over)
                    return _key(made.key, WORDS[chosen.lang]["made"], chosen)
                case "rotate":
                    from adapters.evidence.keyring import rotate  # noqa: PLC0415

                    made, old = rotate(store, chosen.key, now())
                    return _key(made.key, WORDS[chosen.lang]["rotated"].format(old=old), chosen)
                case "once":
                    from adapters.evidence.rounds import Rounds  # noqa: PLC0415

                    return _once(Rounds(store, chosen.key, settings.evidence).once(now(), date=True), chosen)
                case "status":
                    return _status(store, chosen, settings)
                case _:
                    return _run(store, chosen, settings)
    except AnotherHistoryError as error:
        tell(WORDS[chosen.lang]["refused"].format(why=error.text(chosen.lang)))
        return 1


def _key(key: str, words: str, chosen: argparse.Namespace) -> int:
    sys.stderr.write(f"{words}\n")
    if chosen.format == "json":
        from projections.spelling import dump  # noqa: PLC0415 - loaded only by the commands that need it

        key = dump({"key": key})
    sys.stdout.write(f"{key}\n")
    return 0


def _once(done: "Round", chosen: argparse.Namespace) -> int:
    """1 where a witness, an authority or a folder failed: what was signed stays signed."""
    from projections.spelling import dump  # noqa: PLC0415 - loaded only by the commands that need it

    words = WORDS[chosen.lang]
    newest = done.newest
    if chosen.format == "json":
        told = {
            "signed": done.signed is not None,
            "size": newest.size if newest else 0,
            "root": newest.root.hex() if newest else None,
            "failures": [str(error) for error in done.failures],
        }
        sys.stdout.write(dump(told) + "\n")
    elif newest is None:
        sys.stdout.write(words["empty"] + "\n")
    else:
        said = words["signed" if done.signed else "nothing"]
        sys.stdout.write(said.format(size=newest.size, root=newest.root.hex()) + "\n")
    for error in done.failures:
        tell(words["failed"].format(why=error.text(chosen.lang)))
    return 1 if done.failures else 0


def _run(store: "Store", chosen: argparse.Namespace, settings: "Settings") -> int:
    from adapters.clock import now  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.evidence.rounds import Rounds, sign_until  # noqa: PLC0415
    from adapters.telemetry.logs import start_logs  # noqa: PLC0415
    from adapters.telemetry.metrics import serve_metrics  # noqa: PLC0415
    from adapters.telemetry.traces import start_traces  # noqa: PLC0415
    from api.cli.stopping import stop_on_signals  # noqa: PLC0415

    start_logs(settings.telemetry)
    with ExitStack() as stack:
        stack.callback(start_traces(settings.telemetry))
        stack.callback(serve_metrics(settings.telemetry)[1])
        stopping = stack.enter_context(stop_on_signals())
        rounds = Rounds(store, chosen.key, settings.evidence)
        sign_until(stopping, rounds, settings.evidence, now, time.sleep)
    return 0


def _status(store: "Store", chosen: argparse.Namespace, settings: "Settings") -> int:
    from adapters.clock import now  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.evidence.standing import standing, words  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    found = standing(store, settings.evidence, now())
    sys.stdout.write(dump(found) + "\n" if chosen.format == "json" else words(found, chosen.lang))
    return 1 if found["lagging"] else 0
