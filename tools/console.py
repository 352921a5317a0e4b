"""The console over the demo's two contracts: ``python -m tools.console --out FOLDER``, after ``python -m tools.demo``.

The facts that the demo wrote go into a ledger of their own, whose log is signed; an auditor's key is made, and the
server says the day on which the story is told. It prints the address and the keys, and serves until it is stopped.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from adapters.access.keys import Order, create_key
from adapters.access.model import Role
from adapters.access.store import open_access
from adapters.clock import now
from adapters.settings.load import load
from api.cli.main import main as greffe
from api.serving import AddressInUseError, serve
from domain.time.instant import parse_instant
from examples.demo.make_facts import load_scenario

WORDS = {
    "en": "\nThe console is at {url}\nSign in with this key, which sees every contract: {key}\n"
    "The ledger {ledger} is signed, by the key {log}: greffe bundle and greffe verify work on it.\n"
    "Stop it with Ctrl-C.\n",
    "fr": "\nLa console est à {url}\nConnectez-vous avec cette clé, qui voit tous les contrats : {key}\n"
    "Le registre {ledger} est signé, par la clé {log} : greffe bundle et greffe verify s'y essaient.\n"
    "Arrêtez-la par Ctrl-C.\n",
}


def ledger_in(folder: Path, contracts: Sequence[str]) -> str:
    """A new ledger with the facts of these contracts; its address."""
    file = folder / "console.db"
    for old in folder.glob("console*"):
        old.unlink()
    words = [word for name in contracts for word in ("--file", str(folder / f"{name}.jsonl"))]
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        status = greffe(["ingest", *words, "--ledger", str(file)])
    if status:
        raise SystemExit(said.getvalue())
    return str(file)


def signed_by(address: str, key: Path) -> str:
    """Signs the ledger's log with a new key; returns the key that verifies it."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(io.StringIO()):
        made = greffe(["sign", "init", "--key", str(key), "--ledger", address])
        status = made or greffe(["sign", "once", "--key", str(key), "--ledger", address])
    if status:
        raise SystemExit("the demo's ledger could not be signed")
    return said.getvalue().splitlines()[0]


def auditors_key(address: str) -> str:
    """The secret of a new key that reads everything."""
    access = open_access(address)
    try:
        return create_key(access, Order("the demo's reader", Role.AUDITOR), now(), "the demo")[1]
    finally:
        access.close()


def main(words: Sequence[str] | None = None) -> int:
    """Makes the ledger and serves it."""
    parser = argparse.ArgumentParser(prog="python -m tools.console", description="The console over the demo.")
    parser.add_argument("--out", type=Path, default=Path("var/demo"), help="where the demo's files are")
    parser.add_argument(
        "--port", type=int, default=8000, help="the port to listen on (default: 8000); any where it is taken"
    )
    parser.add_argument("--lang", choices=tuple(WORDS), default="en", help="language of what is printed (default: en)")
    chosen = parser.parse_args(words)
    scenario = load_scenario()
    address = ledger_in(chosen.out, [contract["id"] for contract in scenario["contract"]])
    log = signed_by(address, chosen.out / "console.sign.key")
    key = auditors_key(address)

    def tell(line: str) -> None:
        if "listening on " in line:
            url = line.split("listening on ")[1].strip()
            print(WORDS[chosen.lang].format(url=f"{url}/", key=key, ledger=address, log=log), flush=True)

    at = parse_instant(scenario["at"])
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GREFFE_")},
        "GREFFE_LEDGER": address,
        "GREFFE_SERVER__PORT": str(chosen.port),
        "GREFFE_TELEMETRY__LOG_LEVEL": "warning",
    }
    try:
        serve(load(environ, None).settings, tell, lambda: at)
    except AddressInUseError:
        serve(load({**environ, "GREFFE_SERVER__PORT": "0"}, None).settings, tell, lambda: at)
    return 0


if __name__ == "__main__":
    sys.exit(main())
