"""Options that several commands share, and what they mean."""

import argparse
import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.usage import UnreadableWordError
from domain.errors import GreffeError, UnknownContractError

if TYPE_CHECKING:
    from adapters.backup import Backup
    from domain.readings import Readings
    from domain.time.instant import Instant
    from projections.intake import Intake

DEFAULT_LEDGER = "greffe.db"
LEDGER_SETTINGS = ("GREFFE_CONFIG", "GREFFE_LEDGER_")
MOST = 8
"""As many contracts as an error names."""


def instant(text: str) -> "Instant":
    """An RFC 3339 instant given as an option."""
    from domain.time.instant import parse_instant  # noqa: PLC0415 - help needs none of it

    try:
        return parse_instant(text)
    except GreffeError as error:
        raise UnreadableWordError(error.english, error.french) from None


def add_files(parser: argparse.ArgumentParser) -> None:
    """Files of facts to read."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="facts, one CloudEvent per line (.jsonl); - for stdin")


def is_bundle(path: str) -> bool:
    """Whether a file given is a bundle, by its name."""
    return path.lower().endswith(".zip")


def add_question(parser: argparse.ArgumentParser) -> None:
    """Which date, known when, which contract."""
    add_moments(parser)
    parser.add_argument("--contract", metavar="C", help="only this contract")


def add_moments(parser: argparse.ArgumentParser) -> None:
    """Which date, known when."""
    parser.add_argument(
        "--at", type=instant, metavar="T", help="the instant the statement speaks of (default: the latest event's time)"
    )
    parser.add_argument(
        "--known-at", type=instant, metavar="K", help="only what was recorded by then (default: all of the input)"
    )


def add_readings(parser: argparse.ArgumentParser) -> None:
    """Which reading of the texts."""
    parser.add_argument(
        "--reading",
        action="append",
        default=[],
        metavar="PARAM=VALUE",
        help="choose a reading where a text is silent or contradicts another; may be repeated",
    )


def add_agreements(parser: argparse.ArgumentParser) -> None:
    """More agreement files."""
    parser.add_argument(
        "--agreements",
        action="append",
        default=[],
        type=Path,
        metavar="FOLDER",
        help="a folder with more agreement files (*.toml)",
    )


def add_ledger(parser: argparse.ArgumentParser) -> None:
    """Which ledger."""
    parser.add_argument(
        "--ledger",
        metavar="ADDRESS",
        help=f"a path, or postgresql://… (default: $GREFFE_LEDGER or the file of settings, else {DEFAULT_LEDGER})",
    )


def settle_ledger(chosen: argparse.Namespace) -> None:
    """Where a command has ``--ledger`` and it was not given, takes the ledger of the settings. Raises SettingsError."""
    if "ledger" not in chosen or chosen.ledger is not None:
        return
    config = getattr(chosen, "config", None)
    if config is None and not any(name.startswith(LEDGER_SETTINGS) for name in os.environ):
        chosen.ledger = os.environ.get("GREFFE_LEDGER", DEFAULT_LEDGER)
        return
    from adapters.settings.load import load  # noqa: PLC0415 - only where more than an address is configured

    chosen.ledger = load(os.environ, config).settings.ledger.dsn


def add_config(parser: argparse.ArgumentParser) -> None:
    """Which file of settings."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="a TOML file of settings, under those of the environment (default: $GREFFE_CONFIG)",
    )


def add_mapping(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Which mapping files read the messages of operations tools."""
    parser.add_argument(
        "--mapping",
        dest="mappings",
        action="append",
        default=[],
        required=required,
        type=Path,
        metavar="TOML",
        help="a mapping file, or a folder of them: the lines are messages of an operations tool; may be repeated",
    )


def add_output(parser: argparse.ArgumentParser, default: str = "text") -> None:
    """How the answer is printed."""
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default=default,
        help=f"text for reading, json for exact figures (default: {default})",
    )
    add_lang(parser)


def add_lang(parser: argparse.ArgumentParser) -> None:
    """Which language people read."""
    parser.add_argument("--lang", choices=("en", "fr"), default="en", help="language of the text (default: en)")


def readings_of(words: list[str]) -> "Readings":
    """The readings chosen by ``--reading``. Raises UnknownReadingError, naming the nearest."""
    from adapters.catalogue import load_switches  # noqa: PLC0415 - only commands that read terms pay for it
    from domain.readings import select  # noqa: PLC0415

    return select(load_switches(), words)


def backup_words(backup: "Backup", form: str, lang: str) -> str:
    """What a backup holds, on one line."""
    if form == "json":
        return json.dumps({name: getattr(backup, name) for name in ("made", "version", "events", "digest")}) + "\n"
    words = "événements" if lang == "fr" else "events"
    return f"{backup.events} {words}, version {backup.version}, {backup.made}, sha256 {backup.digest}\n"


def check_folder_of(path: Path) -> None:
    """Raises OSError where a file could not be made in its folder: better at once than in the end."""
    for missing, number in (
        (not path.parent.is_dir(), errno.ENOENT),
        (not os.access(path.parent, os.W_OK), errno.EACCES),
    ):
        if missing:
            raise OSError(number, os.strerror(number), str(path.parent))


def check_contract(contract: str | None, intake: "Intake") -> None:
    """Raises UnknownContractError, naming those there are, where no fact is about the contract."""
    contracts = sorted({fact.subject for fact in intake.facts.values() if not fact.subject.startswith("provider:")})
    if contract is not None and contract not in contracts:
        shown, more = ", ".join(contracts[:MOST]), len(contracts) > MOST
        raise UnknownContractError(
            f"no fact is about contract {contract!r}; there is {shown or 'none'}"
            + (f" … ({len(contracts)} in all)" if more else ""),
            f"aucun fait ne porte sur le contrat « {contract} » ; il y a : {shown or 'aucun'}"
            + (f" … ({len(contracts)} en tout)" if more else ""),
        )


Run = Callable[[argparse.Namespace], int]
Words = Callable[[], str]
