"""``greffe import statuspage FILE``: the history of an operations tool as facts."""

import argparse
import sys
from pathlib import Path

from api.cli import options

EXAMPLE = """\
example:
  greffe import statuspage incidents.json --contract C-1 --out facts.jsonl
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe import``."""
    tools = parser.add_subparsers(dest="tool", metavar="TOOL", required=True)
    page = tools.add_parser(
        "statuspage", help="a published status page: incidents.json of its API, or one incident per line"
    )
    page.add_argument("file", type=Path, metavar="FILE", help="incidents.json, or JSON lines")
    page.add_argument(
        "--mapping", type=Path, metavar="TOML", help="component words -> service, impact -> extent (default: shipped)"
    )
    page.add_argument("--contract", metavar="C", help="the contract the facts go to (default: those of the mapping)")
    page.add_argument("--out", type=Path, metavar="FILE", help="where the facts go (default: standard output)")
    options.add_output(page)
    page.set_defaults(run=run_statuspage)
    parser.epilog = page.epilog = EXAMPLE
    page.formatter_class = argparse.RawDescriptionHelpFormatter


def run_statuspage(chosen: argparse.Namespace) -> int:
    """Writes the facts, and on stderr how many incidents gave some and why the others did not."""
    from adapters.importers.statuspage import run  # noqa: PLC0415 - loaded only by this command

    report = run(chosen.file, chosen.mapping, chosen.contract, chosen.out)
    if chosen.out is None:
        sys.stdout.write(report.lines)
    sys.stderr.write(report.text(chosen.lang) + "\n")
    return 0
