"""The demo: one public history of incidents, two contracts, what each promised and paid.

Run as ``python -m tools.demo --out FOLDER [--lang en|fr]``. It speaks to greffe the way a person does, through its
command line, and prints the commands so that they can be typed again.
"""

import argparse
import io
import json
import re
import shlex
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from adapters.importers.statuspage import run, to_lines
from api.cli.main import main as greffe
from examples.demo.make_facts import HERE, PARIS, answers, base_facts, cents, claims, load_scenario, months
from projections.wording import state_word

WORDS = {
    "en": {
        "title": "One history of incidents, two contracts",
        "imported": "of {entries} entries of a public status page, {imported} became facts; the {left} others, each"
        " with its reason: {file}",
        "facts": "{contract}: {name}, {documents}, {count} facts",
        "months": "Month by month: lines kept of lines due, the worst one, and what the text makes of it",
        "month": "month",
        "invoiced": "invoiced",
        "kept": "kept",
        "worst": "worst line",
        "penalty": "penalty",
        "no-rule": "no rule",
        "accepted": "granted",
        "claimed": "claimed",
        "rejected": "rejected",
        "barred": "lost",
        "claimable": "claimable",
        "suspended": "suspended",
        "cap-pending": "pending",
        "legend": "worst line: the one furthest below its target, in percent cut after three decimals; lost: gross,"
        " for want of a claim or a reserve in time; no rule: the text sets no penalty",
        "short_legend": "lost: gross, for want of a claim or a reserve in time; no rule: the text sets no penalty",
        "contract": "contract",
        "rule": "rule",
        "due": "due",
        "state": "state",
        "settled": "settled",
        "more": "… {count} more lines in {file}",
        "deadlines": "The end of the contract: what was due, and when it was done",
        "dispute": "A dispute: the same facts under two readings",
        "explained": "One figure, down to its events",
        "files": "Everything is in {folder}",
    },
    "fr": {
        "title": "Un seul historique d'incidents, deux contrats",
        "imported": "des {entries} entrées d'une page d'état publique, {imported} sont devenues des faits ; les {left}"
        " autres, chacune avec son motif : {file}",
        "facts": "{contract} : {name}, {documents}, {count} faits",
        "months": "Mois par mois : lignes tenues sur lignes dues, la pire, et ce que le texte en fait",
        "month": "mois",
        "invoiced": "facturé",
        "kept": "tenu",
        "worst": "pire ligne",
        "penalty": "pénalité",
        "no-rule": "sans règle",
        "accepted": "accordé",
        "claimed": "réclamé",
        "rejected": "rejeté",
        "barred": "perdu",
        "claimable": "réclamable",
        "suspended": "suspendu",
        "cap-pending": "en attente",
        "legend": "pire ligne : la plus loin sous son engagement, en pour cent coupés après trois décimales ; perdu :"
        " montant brut, faute de réclamation ou de réserve à temps ; sans règle : le texte ne fixe aucune pénalité",
        "short_legend": "perdu : montant brut, faute de réclamation ou de réserve à temps ; sans règle : le texte ne"
        " fixe aucune pénalité",
        "contract": "contrat",
        "rule": "règle",
        "due": "échéance",
        "state": "état",
        "settled": "fait",
        "more": "… encore {count} lignes dans {file}",
        "deadlines": "La fin du contrat : ce qui était dû, et quand ce fut fait",
        "dispute": "Un différend : les mêmes faits sous deux lectures",
        "explained": "Un chiffre, jusqu'à ses événements",
        "files": "Tout est dans {folder}",
    },
}
SHOWN_LINES = 24
NARROW = 110
"""Columns below which the tables leave out what the eye can do without."""


class Demo:
    """One run: where its files go, in which language it speaks."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        self.language = language
        self.words = WORDS[language]
        self.scenario = load_scenario()
        self.console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)

    @property
    def wide(self) -> bool:
        """Whether the terminal has room for whole tables."""
        return self.console.width >= NARROW

    def tell(self, key: str, **values: object) -> None:
        """Print one of the demo's sentences."""
        self.console.print(self.words[key].format(**values), soft_wrap=True)

    def heading(self, key: str) -> None:
        """Print a heading."""
        self.console.print(f"\n[bold]{self.words[key]}[/bold]\n")

    def command(self, *words: str, shown: bool = True) -> str:
        """Run ``greffe WORDS`` and return what it printed; with ``shown``, show the command as one would type it."""
        if shown:
            self.console.print(f"$ greffe {shlex.join(words)}", style="dim", markup=False, soft_wrap=True)
        output = io.StringIO()
        with redirect_stdout(output):
            status = greffe(words)
        if status:
            raise SystemExit(f"greffe {' '.join(words)}: exit status {status}")
        return output.getvalue()

    def statement(self, path: Path, contract: str) -> dict[str, Any]:
        """The contract's part of the statement, on the day the story is told."""
        words = ("replay", str(path), "--at", self.scenario["at"], "--contract", contract, "--format", "json")
        found: dict[str, Any] = json.loads(self.command(*words, shown=False))["contracts"][contract]
        return found

    def write(self, name: str, text: str) -> Path:
        """Write one of the demo's files; returns its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def contract_story(self, contract: Mapping[str, Any]) -> dict[str, Any]:
        """The contract's facts, with the claims its statement calls for and their answers; returns the statement."""
        facts, reserved = base_facts(self.scenario, contract)
        path = self.write(f"{contract['id']}.jsonl", to_lines(facts))
        statement = self.statement(path, contract["id"])
        for follow in (partial(claims, contract, reserved=reserved), partial(answers, contract)):
            added = list(follow(statement))
            if added:
                facts += added
                self.write(path.name, to_lines(facts))
                statement = self.statement(path, contract["id"])
        self.write(f"{contract['id']}.statement.json", json.dumps(statement, ensure_ascii=False, indent=1) + "\n")
        name, documents = contract["signed"]["client"]["name"], ", ".join(contract["signed"]["documents"])
        self.tell("facts", contract=contract["id"], name=name, documents=documents, count=len(facts))
        return statement

    def import_page(self) -> None:
        """Import the page once to tell what was left out."""
        first = self.scenario["contract"][0]
        report = run(HERE / self.scenario["history"], HERE / first["mapping"], first["id"])
        path = self.write("left-out.txt", report.text(self.language))
        self.tell(
            "imported",
            entries=report.entries,
            imported=report.imported,
            left=report.entries - report.imported,
            file=path,
        )

    def month_table(self, statements: Mapping[str, Mapping[str, Any]]) -> None:
        """Print what each contract promised and paid, month by month; both are invoiced the same."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column(self.words["month"], no_wrap=True)
        if self.wide:
            table.add_column(self.words["invoiced"], justify="right", no_wrap=True)
        for contract in statements:
            table.add_column(f"{contract}\n{self.words['kept']}", justify="right", no_wrap=True)
            if self.wide:
                table.add_column(f"\n{self.words['worst']}", no_wrap=True)
            table.add_column(f"\n{self.words['penalty']}", justify="right", no_wrap=True)
        views = [_by_month(statement) for statement in statements.values()]
        amounts = self.scenario["contract"][0]["amounts"]
        for month in months(self.scenario["first_month"], self.scenario["last_month"]):
            cells = [month, amounts[month[:4]]] if self.wide else [month]
            for rows, penalties in views:
                kept, worst = _kept(rows[month])
                cells += [kept, *([worst] if self.wide else []), self._penalty(penalties.get(month))]
            table.add_row(*cells)
        spare = ("", "") if self.wide else ("",)
        for state in ("accepted", "claimed", "barred"):
            sums = [sum(_value(row) for row in penalties.values() if row["state"] == state) for _, penalties in views]
            cells = [cell for amount in sums for cell in (*spare, cents(amount) if amount else "")]
            table.add_row(self.words[state], *spare[1:], *cells, style="bold")
        self.console.print(table)
        self.tell("legend" if self.wide else "short_legend")

    def _penalty(self, row: Mapping[str, Any] | None) -> str:
        if row is None:
            return ""
        amount = f"{cents(_value(row))} " if row["state"] in {"accepted", "claimed", "barred"} else ""
        return amount + self.words[row["state"]]

    def end_of_contract(self, statements: Mapping[str, Mapping[str, Any]]) -> None:
        """Print the deadlines that the end of each contract opened."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in ("contract", "rule", "due", "state", "settled"):
            table.add_column(self.words[column], no_wrap=True)
        for contract in self.scenario["contract"]:
            opened = next(fact["time"] for fact in contract["fact"] if fact["type"] == "termination.notified")
            for row in statements[contract["id"]]["deadlines"]:
                ends = any(word in row["rule"] for word in ("/term-", "/del-", "/rev-"))
                if ends and (row["from"] or row["due"] or "")[:10] >= opened[:10]:
                    rule = row["rule"] if self.wide else row["rule"].partition("/")[2]
                    due, settled = row["due"] or "-", row["settled_at"] or "-"
                    if not self.wide:
                        due, settled = due[:16], settled[:10]
                    table.add_row(contract["id"], rule, due, state_word("deadlines", row, self.language), settled)
        self.console.print(table)

    def dispute(self) -> None:
        """Print what changes between two readings of one clause."""
        chosen = self.scenario["dispute"]
        path = self.folder / f"{chosen['contract']}.jsonl"
        words = ("diff", str(path), "--at", self.scenario["at"], "--contract", chosen["contract"])
        readings = ("--reading", chosen["reading"], "--against", chosen["against"], "--lang", self.language)
        self._show(self.command(*words, *readings), "dispute.txt")

    def explanation(self, statements: Mapping[str, Mapping[str, Any]]) -> None:
        """Print one figure explained: the largest penalty that was granted."""
        contract = self.scenario["dispute"]["contract"]
        granted = [row for row in statements[contract]["penalties"] if row["state"] == "accepted"]
        largest = max(granted, key=lambda row: Fraction(row["payable"]))
        path = self.folder / f"{contract}.jsonl"
        figure = f"penalties[period_end={largest['period_end']}].payable"
        words = ("explain", str(path), "--at", self.scenario["at"], "--contract", contract, figure)
        self._show(self.command(*words, "--lang", self.language), "explained.txt")

    def _show(self, text: str, name: str) -> None:
        path = self.write(name, text)
        lines = text.rstrip().splitlines()
        self.console.print("\n".join(lines[:SHOWN_LINES]), markup=False, soft_wrap=True)
        if len(lines) > SHOWN_LINES:
            self.tell("more", count=len(lines) - SHOWN_LINES, file=path)

    def run(self) -> None:
        """Tell the whole story."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.heading("title")
        self.import_page()
        statements = {contract["id"]: self.contract_story(contract) for contract in self.scenario["contract"]}
        self.heading("months")
        self.month_table(statements)
        self.heading("deadlines")
        self.end_of_contract(statements)
        self.heading("dispute")
        self.dispute()
        self.heading("explained")
        self.explanation(statements)
        self.console.print()
        self.tell("files", folder=self.folder)
        for path in sorted(self.folder.iterdir()):
            self.console.print(f"  {path}")


def _by_month(statement: Mapping[str, Any]) -> tuple[dict[str, list[Mapping[str, Any]]], dict[str, Mapping[str, Any]]]:
    """The availability rows by the month their period ends in, and the penalty rows by theirs."""
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in statement["indicators"]:
        if row["availability"] is not None and row["target"] is not None and row["state"] != "running":
            last = datetime.fromisoformat(row["period"]["to"]).astimezone(PARIS).date() - timedelta(days=1)
            rows[f"{last:%Y-%m}"].append(row)
    return rows, {row["period_end"][:7]: row for row in statement["penalties"]}


def _kept(rows: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """How many lines were kept, and the one furthest below its target, in percent cut after three decimals."""
    if not rows:
        return "", ""
    met = sum(row["state"] == "met" for row in rows)
    worst = min(rows, key=lambda row: Fraction(row["availability"]) - Fraction(row["target"]) / 100)
    thousandths = int(Fraction(worst["availability"]) * 100_000)
    line = re.sub(r"^ic-infra-snc-(\d+-)+|-availability$", "", worst["indicator"].split("/")[1])
    return f"{met}/{len(rows)}", f"{line} {thousandths // 1000}.{thousandths % 1000:03}"


def _value(row: Mapping[str, Any]) -> Fraction:
    """What a penalty row is worth: payable, or its gross where it is lost."""
    return Fraction(row["gross"] if row["state"] == "barred" else row["payable"])


def main(words: Sequence[str] | None = None) -> int:
    """Run the demo."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description="Two contracts, one history.")
    parser.add_argument("--out", type=Path, default=Path("var/demo"), help="where the files go (default: var/demo)")
    parser.add_argument("--lang", choices=tuple(WORDS), default="en", help="language of the story (default: en)")
    chosen = parser.parse_args(words)
    Demo(chosen.out, chosen.lang).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
