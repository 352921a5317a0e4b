"""The console over the demo's two contracts: ``python -m tools.console --out FOLDER``, after ``python -m tools.demo``.

The facts that the demo wrote go into a ledger of their own, as they would have come in, month after month; its log is
signed, an auditor's key is made, and the server says the day on which the story is told. It prints the address and the
key, and serves until it is stopped.
"""

import argparse
import fcntl
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import groupby
from pathlib import Path

from adapters.access.keys import Order, create_key
from adapters.access.model import Role
from adapters.access.store import open_access
from adapters.bootstrap import ledger_of, open_store
from adapters.catalogue import load_catalogue
from adapters.clock import now
from adapters.cloudevents import read_jsonl
from adapters.eventstore.ledger import Ledger, Received
from adapters.evidence.keyring import begin
from adapters.evidence.signing import LogSigner
from adapters.settings.load import load
from api.serving import AddressInUseError, serve
from domain.fact import Fact
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, parse_instant, to_paris
from examples.demo.make_facts import load_scenario

WORDS = {
    "en": {
        "open": """
The console is open, as on {day}. Stop it with Ctrl-C.

  address     {url}
  key         {key}
              (it sees every contract, and changes none)
  first look  click the lines breached of a contract, then a figure under "Last closed":
              its arithmetic, its clause and its outages are one page

For greffe bundle and greffe verify: the ledger is {ledger}, its log is signed by
{log}
""",
        "busy": "The console over {folder} is open already, at {url}: stop it first, with Ctrl-C in its terminal.",
        "taken": "Port {port} is taken; another one is used.",
    },
    "fr": {
        "open": """
La console est ouverte, comme au {day}. Arrêtez-la par Ctrl-C.

  adresse     {url}
  clé         {key}
              (elle voit tous les contrats, et n'en change aucun)
  à regarder  cliquez sur les lignes non tenues d'un contrat, puis sur un chiffre de la colonne
              « Dernière close » : son calcul, sa clause et ses pannes tiennent en une page

Pour greffe bundle et greffe verify : le registre est {ledger}, son journal est signé par
{log}
""",
        "busy": "La console sur {folder} est déjà ouverte, à {url} : arrêtez-la d'abord, par Ctrl-C dans son terminal.",
        "taken": "Le port {port} est pris ; un autre sert.",
    },
}
HOUR = 3_600 * MICROSECONDS_PER_SECOND
Told = tuple[Instant, Received]
"""A fact, and when it happened."""


def told_in(file: Path) -> list[Told]:
    """The facts of a file that the demo wrote."""
    with file.open("rb") as stream:
        return [
            (fact.time, Received(raw, file.name, fact, number))
            for number, fact, _, raw in read_jsonl(stream)
            if isinstance(fact, Fact)
        ]


def record_by_month(ledger: Ledger, told: Iterable[Told]) -> None:
    """Records facts month by month, an hour after the last of each, so that the two times of a fact differ."""
    in_order = sorted(told, key=lambda one: one[0])
    for _, month in groupby(in_order, key=lambda one: f"{to_paris(one[0]):%Y-%m}"):
        batch = list(month)
        outcome = ledger.record([received for _, received in batch], Instant(batch[-1][0] + HOUR))
        if outcome.quarantined:
            raise SystemExit(f"{outcome.quarantined} facts of the demo were refused")


def signed_ledger(folder: Path, told: Iterable[Told], at: Instant) -> tuple[str, str]:
    """A new ledger with these facts, signed at an instant: its address, and its log's key."""
    file = folder / "console.db"
    for old in folder.glob("console*"):
        old.unlink()
    with closing(open_store(str(file))) as store:
        record_by_month(ledger_of(store, load_catalogue([])), told)
        key = begin(store, folder / "console.sign.key", at).key
        LogSigner(store, folder / "console.sign.key").sign(at)
    return str(file), key


def auditors_key(address: str) -> str:
    """The secret of a new key that reads everything."""
    with closing(open_access(address)) as access:
        return create_key(access, Order("the demo's reader", Role.AUDITOR), now(), "the demo")[1]


@contextmanager
def alone(folder: Path, busy: str) -> Iterator[Path]:
    """Sees to it that one console serves a folder at a time; gives the file that says where it is served."""
    file = folder / ".console"
    with file.open("a", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(busy.format(folder=folder, url=file.read_text("utf-8"))) from None
        yield file


def main(words: Sequence[str] | None = None) -> int:
    """Makes the ledger and serves it."""
    parser = argparse.ArgumentParser(prog="python -m tools.console", description="The console over the demo.")
    parser.add_argument("--out", type=Path, default=Path("var/demo"), help="where the demo's files are")
    parser.add_argument(
        "--port", type=int, default=8000, help="the port to listen on (default: 8000); any where it is taken"
    )
    parser.add_argument("--lang", choices=tuple(WORDS), default="en", help="language of what is printed (default: en)")
    chosen = parser.parse_args(words)
    said = WORDS[chosen.lang]
    with alone(chosen.out, said["busy"]) as place:
        scenario = load_scenario()
        at = parse_instant(scenario["at"])
        told = [one for contract in scenario["contract"] for one in told_in(chosen.out / f"{contract['id']}.jsonl")]
        address, log = signed_ledger(chosen.out, told, at)
        key = auditors_key(address)

        def tell(line: str) -> None:
            if "listening on " in line:
                url = f"{line.split('listening on ')[1].strip()}/"
                place.write_text(url, encoding="utf-8")
                day = f"{to_paris(at):%Y-%m-%d}"
                print(said["open"].format(url=url, key=key, ledger=address, log=log, day=day), flush=True)

        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GREFFE_")},
            "GREFFE_LEDGER": address,
            "GREFFE_SERVER__PORT": str(chosen.port),
            "GREFFE_TELEMETRY__LOG_LEVEL": "warning",
        }
        with suppress(KeyboardInterrupt):
            try:
                serve(load(environ, None).settings, tell, lambda: at)
            except AddressInUseError:
                print(said["taken"].format(port=chosen.port))
                serve(load({**environ, "GREFFE_SERVER__PORT": "0"}, None).settings, tell, lambda: at)
    return 0


if __name__ == "__main__":
    sys.exit(main())
