"""``greffe witness new-key|run``: cosign the checkpoints of a ledger that one does not trust."""

import argparse
import sys
from pathlib import Path

from adapters.saying import french_of
from api.cli import options

EXAMPLE = """\
A witness sees a log's name, size and root, never its data. It cosigns a checkpoint only where that continues the one
before, so that a ledger cannot show two histories to two parties. It needs this command, a key and one small file.

example:
  greffe witness new-key --name counsel.example/witness --key witness.key
  greffe witness run --key witness.key --state witness.db --log LEDGER-KEY --port 7380
"""
WORDS = {
    "en": {
        "key": "Give this key to those who shall rely on the witness:",
        "running": "The witness {name} answers at {url}; its key is",
    },
    "fr": {
        "key": "Remettez cette clé à ceux qui se fieront au témoin :",
        "running": "Le témoin {name} répond à {url} ; sa clé est",
    },
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe witness``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    made = actions.add_parser("new-key", help="make the witness's key, and print the part to give away")
    made.add_argument("--name", required=True, help="the name it signs under, usually a domain and a path")
    made.set_defaults(run=run_new_key)
    runs = actions.add_parser("run", help="answer requests until interrupted")
    runs.add_argument("--state", required=True, type=Path, metavar="FILE", help="what it remembers; back it up")
    runs.add_argument("--log", dest="logs", action="append", required=True, metavar="KEY", help="a log's key; repeats")
    runs.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    runs.add_argument("--port", type=int, default=7380, help="the port to listen on; 0: any free one (default: 7380)")
    runs.set_defaults(run=run_witness)
    for action in (made, runs):
        action.add_argument("--key", required=True, type=Path, metavar="FILE", help="the file of its private key")
        options.add_lang(action)
    parser.epilog = EXAMPLE


def run_new_key(chosen: argparse.Namespace) -> int:
    """Makes a key. 2 where the file exists."""
    from adapters.evidence.keyfile import make  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.evidence.notes import verifier  # noqa: PLC0415
    from adapters.evidence.verify import COSIGNATURE  # noqa: PLC0415

    signer = make(chosen.key, chosen.name, COSIGNATURE)
    sys.stderr.write(f"{WORDS[chosen.lang]['key']}\n")
    sys.stdout.write(f"{verifier(signer.key)}\n")
    return 0


def run_witness(chosen: argparse.Namespace) -> int:
    """Answers until interrupted. 2 where a key cannot be used or the port is taken."""
    import socket  # noqa: PLC0415 - loaded only by the commands that need it

    import uvicorn  # noqa: PLC0415

    from adapters.evidence.keyfile import KeyFileError, read  # noqa: PLC0415
    from adapters.evidence.notes import verifier  # noqa: PLC0415
    from adapters.evidence.verify import COSIGNATURE, Key, NotProvenError, parse_key  # noqa: PLC0415
    from adapters.evidence.witnessed import Witness  # noqa: PLC0415
    from api.witness import application  # noqa: PLC0415

    signer = read(chosen.key)
    if signer.key.algorithm != COSIGNATURE:
        raise KeyFileError(
            f"{chosen.key}: the key of a log, not of a witness; greffe witness new-key makes one",
            f"{chosen.key} : la clé d'un journal, non d'un témoin ; greffe witness new-key en fait une",
        )
    logs: dict[str, list[Key]] = {}
    for text in chosen.logs:
        try:
            key = parse_key(text)
        except NotProvenError as error:
            raise KeyFileError(f"--log {text}: {error}", f"--log {text} : {french_of(error)}") from None
        logs.setdefault(key.name, []).append(key)
    witness = Witness(chosen.state, logs, signer)
    with socket.create_server((chosen.host, chosen.port)) as listening:
        url = f"http://{chosen.host}:{listening.getsockname()[1]}"
        sys.stderr.write(WORDS[chosen.lang]["running"].format(name=signer.key.name, url=url) + "\n")
        sys.stdout.write(f"{verifier(signer.key)}\n")
        sys.stdout.flush()
        uvicorn.Server(uvicorn.Config(application(witness), log_level="warning")).run([listening])
    return 0
