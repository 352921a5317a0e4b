"""``greffe agreements list|show|diff|lint|coverage``: what the agreement files promise, and what is amiss in them."""

import argparse
import sys
from typing import Any

from api.cli import options

EXAMPLE = """\
examples:
  greffe agreements show outscale-cgv-2019 --lang fr
  greffe agreements diff outscale-cgv-2019 ct-secure-temple
  greffe agreements diff outscale-snc-fr ct-openiaas-v3 --whole
  greffe agreements lint --agreements my-agreements
"""
NO_FAULT = {"en": "no fault", "fr": "aucun défaut"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe agreements``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="every agreement the catalogue knows")
    listed.set_defaults(run=run_list)
    shown = actions.add_parser("show", help="what one agreement promises, clause by clause")
    shown.add_argument("document", metavar="DOCUMENT", help="a document id, such as outscale-cgv-2019")
    shown.set_defaults(run=run_show)
    compared = actions.add_parser("diff", help="two agreements: only the promises that differ, and where one is silent")
    for name in ("one", "other"):
        compared.add_argument(name, metavar=name.upper(), help="a document id, or ID@VERSION")
    compared.add_argument("--whole", action="store_true", help="each along with the texts that it incorporates")
    compared.set_defaults(run=run_diff)
    linted = actions.add_parser("lint", help="whether the agreement files are well-formed; exit status 1 if not")
    linted.set_defaults(run=run_lint)
    covered = actions.add_parser("coverage", help="how every row of the register is answered; exit status 1 on a gap")
    covered.add_argument("--rows", action="store_true", help="print every row, not only the split")
    covered.set_defaults(run=run_coverage)
    for action in (listed, shown, compared, linted):
        options.add_agreements(action)
    for action in (listed, shown, compared, linted, covered):
        options.add_output(action)
    parser.epilog = EXAMPLE


def run_list(chosen: argparse.Namespace) -> int:
    """Prints one line per document."""
    from adapters.catalogue import load_catalogue  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.agreements import list_words, listing  # noqa: PLC0415

    rows = listing(load_catalogue(chosen.agreements))
    _write(chosen, rows, lambda: list_words(rows, chosen.lang))
    return 0


def run_show(chosen: argparse.Namespace) -> int:
    """Prints every promise of one document. Raises UnknownDocumentError, naming the nearest."""
    from adapters.catalogue import load_catalogue, load_switches  # noqa: PLC0415 - loaded only by those that need it
    from projections.agreements import promises, show_words  # noqa: PLC0415

    agreement = load_catalogue(chosen.agreements).agreement(chosen.document)
    _write(chosen, promises(agreement), lambda: show_words(agreement, chosen.lang, load_switches()))
    return 0


def run_diff(chosen: argparse.Namespace) -> int:
    """Prints what differs between two documents. Raises UnknownDocumentError, naming the nearest."""
    from adapters.catalogue import load_catalogue, load_switches  # noqa: PLC0415 - loaded only by those that need it
    from projections.texts import as_json, compared_texts, sides, words  # noqa: PLC0415

    found = compared_texts(*sides(load_catalogue(chosen.agreements), chosen.one, chosen.other, whole=chosen.whole))
    _write(chosen, as_json(found), lambda: words(found, chosen.lang, load_switches()))
    return 0


def run_lint(chosen: argparse.Namespace) -> int:
    """Prints every fault and warning of the agreement files. 1 when there is a fault."""
    from adapters.lint import lint_folders  # noqa: PLC0415 - loaded only by the commands that need it

    faults = lint_folders(chosen.agreements)
    lines = [fault.text(chosen.lang) for fault in faults] or [NO_FAULT[chosen.lang]]
    _write(chosen, [fault.as_json() for fault in faults], lambda: "\n".join(lines))
    return 1 if any(fault.level == "fault" for fault in faults) else 0


def run_coverage(chosen: argparse.Namespace) -> int:
    """Prints how each row of the register is answered. 1 on a gap."""
    from adapters.register import coverage_report  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.coverage import coverage_text  # noqa: PLC0415

    report = coverage_report()
    _write(chosen, report.as_json(), lambda: coverage_text(report, chosen.lang, rows=chosen.rows))
    return 1 if report.faults else 0


def _write(chosen: argparse.Namespace, answer: Any, words: "options.Words") -> None:
    from api.cli.printing import put  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.spelling import dump  # noqa: PLC0415

    if chosen.format == "json":
        sys.stdout.write(dump(answer) + "\n")
    else:
        put([words(), "\n"])
