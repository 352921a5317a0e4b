"""Entry point of ``greffe``: parses the words, runs one command, turns every refusal into one line on stderr.

Exit status: 0 done, 1 the answer is no, 2 bad usage or unreadable input.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn

from api.cli import options
from api.cli.printing import system_words, tell
from api.cli.usage import language_of, usage_words
from domain.errors import GreffeError

DONE, NO, UNUSABLE = 0, 1, 2

COMMANDS = {
    "replay": "derive the statement from files of facts",
    "due": "compute one date: START plus a delay, step by step",
    "diff": "the same facts under two readings, documents or dates: only what changes",
    "explain": "one figure in words: its clause, its events, its arithmetic",
    "ingest": "record facts in the ledger",
    "quarantine": "what was refused and why: list, show, retry, discard",
    "erase": "make a person's values unreadable, for good; --pending carries out what is recorded",
    "persons": "the keys that values of persons are sealed by: rotate the master key",
    "backup": "copy the ledger into a folder while it is written",
    "restore": "make a ledger of a backup, and check that it is the same",
    "migrate": "bring the ledger's tables to this program's version; --check only says",
    "serve": "answer over HTTP: statements, deadlines, facts in and out",
    "rebuild": "derive every statement of the ledger from zero, beside the live ones, then swap",
    "agreements": "what each agreement promises: list, show, lint, coverage",
    "keys": "who may call the API, as what: create, list, revoke",
    "calendar": "the secret addresses that calendar programs subscribe to: create, list, revoke",
    "grants": "which contracts a counsel may see, and until when: add, list, revoke",
    "access": "who read what: list the access log, forget what need no longer be kept",
    "audit": "every row of the ledger against its log, and the log against what was signed of it",
    "trail": "what was done to the ledger and with it, as JSON lines for a SIEM",
    "config": "the settings: check them, show them with their secrets hidden",
    "mappings": "turn the messages of operations tools into facts: list, lint, try",
    "notify": "tell people what falls due, by rules: lint, list, ack, test; without, keeps telling",
    "sign": "sign the ledger's log with a key apart: init, once, rotate, status; without, keeps signing",
    "bundle": "what the signed log proves of a contract, in one file for a court or the other party",
    "document": "a PDF to print, send and keep: statement, claim, notice, certificate, dossier",
    "verify": "what an evidence bundle proves, and what it does not",
    "receipt": "what a party keeps of the signed log; check: whether two were shown the same history",
    "witness": "cosign the checkpoints of a ledger that one does not trust: new-key, run",
    "import": "turn the history of an operations tool into facts",
}


EPILOG = """\
examples:
  greffe replay facts.jsonl --at 2026-05-04T10:00:00+02:00 --lang fr
  greffe due 2026-03-31 "5 clear days"
  greffe COMMAND --help

Exit status: 0 done, 1 the answer is no, 2 bad usage or unreadable input.
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(UNUSABLE, f"{self.prog}: {message}\n")


class _FrenchParser(_Parser):
    def error(self, message: str) -> NoReturn:
        super().error(usage_words(message))


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version  # noqa: PLC0415 - 20 ms that only this option needs

        parser.exit(DONE, f"greffe {version('greffe')}\n")


def main(words: Sequence[str] | None = None) -> int:
    """Runs ``greffe WORDS`` and returns its exit status."""
    settle_output()
    arguments = list(sys.argv[1:] if words is None else words)
    name = next((word for word in arguments if word in COMMANDS), None)
    lang = language_of(arguments)
    parser = build_parser(name, lang)
    chosen = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        options.settle_ledger(chosen)
        status = run(chosen)
        sys.stdout.flush()
    except GreffeError as error:
        tell(error.text(lang))
        return UNUSABLE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        tell("interrompu" if lang == "fr" else "interrupted")
        return 130
    except OSError as error:
        tell(system_words(error, lang))
        return UNUSABLE
    return status


def settle_output() -> None:
    """Makes every letter printable: UTF-8 into a pipe or a file; ``?`` for what a terminal's own letters lack."""
    out = sys.stdout
    if isinstance(out, TextIOWrapper):
        out.reconfigure(encoding=out.encoding if out.isatty() else "utf-8", errors="replace")


def build_parser(only: str | None = None, lang: str = "en") -> argparse.ArgumentParser:
    """The parser. With ``only``, the other commands are listed but not loaded. Its refusals are in ``lang``."""
    parser = (_FrenchParser if lang == "fr" else _Parser)(
        prog="greffe",
        description="Compliance ledger for cloud service agreements: facts in, exact and explained statements out.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if only == name:
            import_module(f"api.cli.{name}_command").configure(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
