"""Statements that must not change unnoticed: facts, questions about them, and the statements they gave, byte for byte.

``python -m tools.frozen`` derives every one again, prints each figure that changed, and rewrites the statements where
the changelog's ``### Figures that change`` names every rule it changed; ``--check`` only says, ``--add`` freezes more.
"""

import argparse
import io
import json
import lzma
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from adapters.catalogue import load_catalogue, load_switches
from adapters.cloudevents import read_jsonl
from domain.agreements.catalogue import Catalogue
from domain.errors import GreffeError, UndecodableEventError
from domain.readings import select
from domain.time.instant import parse_instant
from projections.diff import Change, changes
from projections.intake import Intake
from projections.replay import Question, replay
from projections.statement import statement_text

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "frozen"
CHANGELOG = ROOT / "CHANGELOG.md"
QUESTIONS = "questions.jsonl"
FACTS = "facts.jsonl.xz"
STATEMENTS = "statements.jsonl.xz"
HEADING = "### Figures that change"
SPELLING = "spelling"
"""What the changelog names where the bytes changed and no figure did."""
SHOWN = 40
"""As many changes of one rule as are printed; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question about the facts of a dossier, in the words of ``greffe replay``."""

    dossier: str
    at: str
    known_at: str
    readings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((f"{self.dossier}: --at {self.at} --known-at {self.known_at}", *self._options()))

    def _options(self) -> Iterator[str]:
        return (f"--reading {reading}" for reading in self.readings)


@dataclass(slots=True)
class Corpus:
    """What a folder holds: the facts of each dossier, the questions, and the statement of each, in their order."""

    facts: dict[str, list[str]]
    asked: list[Asked]
    statements: list[str]

    def of(self, dossier: str) -> Iterator[tuple[Asked, str]]:
        """The questions about a dossier, each with its statement."""
        return (pair for pair in zip(self.asked, self.statements, strict=True) if pair[0].dossier == dossier)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row that changed: in the statement of which contract, asked how."""

    asked: Asked
    contract: str
    change: Change

    @property
    def name(self) -> str:
        """What the changelog must name: the rule, or the part of the statement where no rule stands behind it."""
        return self.change.rule or self.change.section

    @property
    def period(self) -> str:
        """The period or the date that the row is about, as far as it has one."""
        row = {**(self.change.before or {}), **(self.change.after or {}), **self.change.about}
        if "period.from" in row:
            return f"{row['period.from']} to {row['period.to']}"
        dated = ("period.to", "period_end", "month", "from", "due")
        return str(next((row[name] for name in dated if row.get(name)), "-"))

    def __str__(self) -> str:
        before, after = (_short(side) for side in (self.change.before, self.change.after))
        return f"{self.contract} {self.change.section} {self.name}, {self.period}: {before} -> {after} ({self.asked})"


def load(folder: Path = FOLDER) -> Corpus:
    """The corpus of a folder."""
    lines = (folder / QUESTIONS).read_text(encoding="utf-8").splitlines()
    facts: dict[str, list[str]] = {}
    for line in _unpacked(folder / FACTS):
        dossier, _, event = line.partition("\t")
        facts.setdefault(dossier, []).append(event)
    return Corpus(facts, [_asked(json.loads(line)) for line in lines], _unpacked(folder / STATEMENTS))


def save(corpus: Corpus, folder: Path = FOLDER) -> None:
    """Writes the corpus."""
    questions = (json.dumps(asdict(asked), ensure_ascii=False) for asked in corpus.asked)
    (folder / QUESTIONS).write_text("".join(f"{line}\n" for line in questions), encoding="utf-8")
    _pack(folder / FACTS, (f"{dossier}\t{event}" for dossier, events in corpus.facts.items() for event in events))
    _pack(folder / STATEMENTS, corpus.statements)


def statement(events: Sequence[str], asked: Asked) -> str:
    """The statement of some events, one per line, as ``greffe replay`` prints it of a file of them."""
    return _statement(intake_of(events), asked)


def derive(corpus: Corpus) -> list[str]:
    """Every statement of the corpus, as this program derives it."""
    intakes = {dossier: intake_of(events) for dossier, events in corpus.facts.items()}
    return [_statement(intakes[asked.dossier], asked) for asked in corpus.asked]


def compare(asked: Asked, before: str, after: str) -> list[Figure]:
    """What changed between two statements: rows, readings that appeared or went, or nothing but the spelling."""
    if before == after:
        return []
    one, other = json.loads(before), json.loads(after)
    found = [
        Figure(
            asked,
            "*",
            Change("readings", {}, name, None, _value(one["readings"], name), _value(other["readings"], name)),
        )
        for name in sorted({*one["readings"], *other["readings"]})
        if one["readings"].get(name) != other["readings"].get(name)
    ]
    for contract in sorted({*one["contracts"], *other["contracts"]}):
        sides = one["contracts"].get(contract), other["contracts"].get(contract)
        if sides[0] is None or sides[1] is None:
            gone = Change("contracts", {}, None, None, *(None if side is None else {} for side in sides))
            found.append(Figure(asked, contract, gone))
        else:
            found += (Figure(asked, contract, change) for change in changes(*sides))
    return found or [Figure(asked, "*", Change(SPELLING, {}, None, None, {}, {}))]


def unannounced(figures: Iterable[Figure], changelog: str) -> list[str]:
    """The names that changed and that the changelog's unreleased part does not give under its heading."""
    unreleased = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    part = re.search(
        rf"^{re.escape(HEADING)}\n(.*?)(?=^##|\Z)", unreleased[1] if unreleased else "", re.MULTILINE | re.DOTALL
    )
    said = set(re.findall(r"`([^`]+)`", part[1])) if part else set()
    return sorted({figure.name for figure in figures} - said)


def report(figures: Sequence[Figure]) -> Iterator[str]:
    """The changes as lines, rule after rule, each with how many there are."""
    by_name: dict[str, list[Figure]] = {}
    for figure in figures:
        by_name.setdefault(figure.name, []).append(figure)
    for name, found in sorted(by_name.items()):
        periods = sorted({figure.period for figure in found})
        yield f"{name}: {len(found)} changed, {periods[0]} … {periods[-1]}"
        yield from (f"  {figure}" for figure in found[:SHOWN])
        if len(found) > SHOWN:
            yield f"  … and {len(found) - SHOWN} more"


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


def intake_of(events: Sequence[str]) -> Intake:
    """The facts of a dossier."""
    intake = Intake()
    for line in read_jsonl(io.BytesIO("".join(f"{event}\n" for event in events).encode())):
        if isinstance(line.fact, UndecodableEventError):
            raise line.fact
        intake.add(line.fact)
    return intake


def _statement(intake: Intake, asked: Asked) -> str:
    readings = select(load_switches(), asked.readings)
    question = Question(parse_instant(asked.at), parse_instant(asked.known_at), readings)
    derived = replay(intake, question, _catalogue())
    return "".join(statement_text(derived, question.at, question.known_at, readings.all()))


def _asked(row: Mapping[str, Any]) -> Asked:
    return Asked(row["dossier"], row["at"], row["known_at"], tuple(row["readings"]))


def _value(readings: Mapping[str, str], name: str) -> dict[str, str] | None:
    return {"value": readings[name]} if name in readings else None


def _short(side: Mapping[str, Any] | None) -> str:
    if side is None:
        return "none"
    return ", ".join(f"{name} {value}" for name, value in side.items() if not isinstance(value, list | dict)) or "…"


def _unpacked(path: Path) -> list[str]:
    return lzma.decompress(path.read_bytes()).decode().splitlines()


def _pack(path: Path, lines: Iterable[str]) -> None:
    path.write_bytes(lzma.compress("".join(f"{line}\n" for line in lines).encode(), preset=9))


def main(words: Sequence[str] | None = None, folder: Path = FOLDER, changelog: Path = CHANGELOG) -> int:
    """Compare, print, and rewrite where the changelog allows it. 1 where something changed and nothing was written."""
    parser = argparse.ArgumentParser(prog="python -m tools.frozen", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--add", nargs=2, metavar=("NAME", "FILE"), help="freeze the facts of a file as a dossier")
    parser.add_argument("--at", help="with --add: the date of the statement")
    parser.add_argument("--known-at", help="with --add: what was known when (default: at)")
    parser.add_argument("--reading", action="append", default=[], metavar="PARAM=VALUE", help="with --add")
    chosen = parser.parse_args(words)
    if chosen.add and not chosen.at:
        parser.error("--add needs --at")
    try:
        return _add(chosen, folder) if chosen.add else _rewrite(folder, changelog, write=not chosen.check)
    except (GreffeError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def _add(chosen: argparse.Namespace, folder: Path) -> int:
    corpus = load(folder)
    name, path = chosen.add
    events = [line for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    if corpus.facts.setdefault(name, events) != events:
        print(f"{name} is frozen already, with other facts", file=sys.stderr)
        return 2
    asked = Asked(name, chosen.at, chosen.known_at or chosen.at, tuple(chosen.reading))
    corpus.statements.append(statement(events, asked))
    corpus.asked.append(asked)
    save(corpus, folder)
    print(f"frozen: {asked}")
    return 0


def _rewrite(folder: Path, changelog: Path, *, write: bool) -> int:
    corpus = load(folder)
    derived = derive(corpus)
    pairs = zip(corpus.asked, corpus.statements, derived, strict=True)
    figures = [figure for asked, before, after in pairs for figure in compare(asked, before, after)]
    if not figures:
        print(f"{len(corpus.asked)} statements of {len(corpus.facts)} dossiers: all as they were")
        return 0
    for line in report(figures):
        print(line)
    missing = unannounced(figures, changelog.read_text(encoding="utf-8"))
    for name in missing:
        print(f"CHANGELOG.md, Unreleased, {HEADING!r} does not name `{name}`", file=sys.stderr)
    if missing or not write:
        return 1
    corpus.statements = derived
    save(corpus, folder)
    print(f"{len(figures)} changes written to {STATEMENTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
