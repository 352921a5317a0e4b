"""``greffe document KIND CONTRACT -o FILE.pdf``: a document to print, send and keep, of files or of a ledger."""

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli import access_store, options
from api.cli.printing import tell
from api.cli.usage import UnreadableWordError

if TYPE_CHECKING:
    from adapters.documents.drawn import Order
    from domain.time.instant import Instant

KINDS = (
    "sla-statement", "penalty-claim", "formal-notice", "qualification-loss", "deletion-certificate", "dispute-dossier",
)  # fmt: skip
HELP = """\
KIND is one of:
  sla-statement         each line of a month (--month, --from, --to) against its promise; by default the last month over
  penalty-claim         what is claimed for a period (--month, or --about 2026-04-30), its computation and its reserves
  formal-notice         a letter that gives the other party of --by the delay of the text; --about: one already sent
  qualification-loss    the letter by which the provider tells that a qualification is lost
  deletion-certificate  what was certified of a deletion (--about its name), field by field of the model of the text
  dispute-dossier       what two sides change, --reading and --against as in greffe diff

The PDF is tagged (PDF/UA-1) and carries its own data; the same facts and question give the same bytes.

examples:
  greffe document sla-statement C-1 facts.jsonl --month 2026-04 --lang fr -o april.pdf
  greffe document penalty-claim C-1 --ledger greffe.db -o claim.pdf
  greffe document dispute-dossier C-1 facts.jsonl --reading maintenance.mode=A --against maintenance.mode=B -o d.pdf
"""
MADE = {"en": "{path}: {size} bytes, sha256 {digest}\n", "fr": "{path} : {size} octets, sha256 {digest}\n"}
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def month(text: str) -> str:
    """A month given as an option."""
    if not MONTH.fullmatch(text) or text.startswith("0000"):
        raise UnreadableWordError(
            f"{text!r} is not a month; expected such as 2026-04", f"{text!r} n'est pas un mois ; attendu : 2026-04"
        )
    return text


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe document``."""
    parser.add_argument("kind", choices=KINDS, metavar="KIND", help="which document (see below)")
    parser.add_argument("contract", metavar="CONTRACT", help="of which contract")
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="facts, one CloudEvent per line (.jsonl); without: those of the ledger"
    )
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar="FILE", help="the .pdf to make; must not exist"
    )
    period = parser.add_mutually_exclusive_group()
    period.add_argument("--month", type=month, metavar="YYYY-MM", help="the calendar month it is about, Paris time")
    period.add_argument("--from", dest="start", type=options.instant, metavar="T", help="about a period: from then on")
    parser.add_argument("--to", dest="end", type=options.instant, metavar="T", help="about a period: before then")
    parser.add_argument("--about", metavar="NAME", help="which one, where there are several (see below)")
    parser.add_argument("--by", choices=("client", "provider"), default="client", help="who gives formal notice")
    options.add_moments(parser)
    options.add_readings(parser)
    parser.add_argument(
        "--against", action="append", default=[], metavar="SIDE", help="the other side of a dispute, as in greffe diff"
    )
    options.add_agreements(parser)
    options.add_ledger(parser)
    parser.add_argument(
        "--address",
        metavar="URL",
        help="the console's public address, for the link and its QR code (default: server.public_address)",
    )
    options.add_lang(parser)
    parser.epilog = HELP
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Writes the PDF. 1 where there is nothing to draw up, 2 where it cannot be made or a line could not be read."""
    from hashlib import sha256  # noqa: PLC0415 - loaded only by the commands that need it

    from adapters.documents.pdf import rendered  # noqa: PLC0415
    from domain.errors import GreffeError  # noqa: PLC0415
    from projections.documents.drawing import NotDrawnError  # noqa: PLC0415

    if chosen.end is not None and chosen.start is None:
        raise GreffeError("--to goes with --from", "--to va avec --from")
    if chosen.out.exists():
        raise GreffeError(
            f"{chosen.out}: exists already; a document is never overwritten",
            f"{chosen.out} : existe déjà ; un document n'est jamais écrasé",
        )
    options.check_folder_of(chosen.out)
    status = 0
    try:
        if chosen.files:
            found, status = _of_files(chosen)
        else:
            found = _of_ledger(chosen)
    except NotDrawnError as error:
        tell(error.text(chosen.lang))
        return 1
    data = rendered(found)
    digest = sha256(data).hexdigest()
    if not chosen.files:
        with access_store.opened(chosen) as access:
            access_store.keep(access, "document", f"{chosen.kind} sha256 {digest}", chosen.contract)
    with chosen.out.open("xb") as file:
        file.write(data)
    sys.stdout.write(MADE[chosen.lang].format(path=chosen.out, size=len(data), digest=digest))
    return status


def _order(chosen: argparse.Namespace) -> "Order":
    from adapters.documents.drawn import DOSSIER, Order  # noqa: PLC0415 - loaded only by the commands that need it
    from projections.documents.drawing import Asked, month_of  # noqa: PLC0415

    start: Instant | None = chosen.start
    end: Instant | None = chosen.end
    if chosen.month is not None:
        start, end = month_of(chosen.month)
    dispute = chosen.kind == DOSSIER
    return Order(
        kind=chosen.kind,
        lang=chosen.lang,
        asked=Asked(start, end, chosen.about, chosen.by),
        reading=tuple(chosen.reading) if dispute else (),
        against=tuple(chosen.against),
        address=_address() if chosen.address is None else chosen.address,
    )


def _address() -> str:
    """The public address of the console, as the environment or the file that it names says."""
    if not any(name.startswith(("GREFFE_CONFIG", "GREFFE_SERVER_")) for name in os.environ):
        return ""
    from adapters.settings.load import load  # noqa: PLC0415 - only where it is configured

    return load(os.environ).settings.server.public_address


def _of_files(chosen: argparse.Namespace) -> tuple[dict[str, object], int]:
    from adapters.catalogue import load_catalogue, load_switches  # noqa: PLC0415 - loaded only where it is needed
    from adapters.documents.drawn import Evidence, drawn  # noqa: PLC0415
    from api.cli.asking import question_of, read_with_progress  # noqa: PLC0415

    order = _order(chosen)
    reading = read_with_progress(chosen.files)
    for fault in reading.faults:
        sys.stderr.write(f"{fault.text(chosen.lang)}\n")
    options.check_contract(chosen.contract, reading.intake)
    readings = options.readings_of([] if order.reading else chosen.reading)
    question = question_of(chosen, reading.intake, readings)
    catalogue = load_catalogue(chosen.agreements)
    return drawn(
        reading.intake, question, order, Evidence(), catalogue=catalogue, switches=load_switches()
    ), 2 if reading.faults else 0


def _of_ledger(chosen: argparse.Namespace) -> dict[str, object]:
    from adapters.answers import Answers  # noqa: PLC0415 - loaded only where it is needed
    from adapters.bootstrap import ledger_of, opened  # noqa: PLC0415
    from adapters.catalogue import load_catalogue, load_switches  # noqa: PLC0415
    from adapters.documents.drawn import drawn, evidence_of  # noqa: PLC0415
    from domain.errors import UnknownContractError  # noqa: PLC0415

    order = _order(chosen)
    catalogue = load_catalogue(chosen.agreements)
    readings = options.readings_of([] if order.reading else chosen.reading)
    with opened(chosen.ledger) as store:
        answers = Answers(ledger_of(store, catalogue), catalogue)
        intake = answers.intake(chosen.contract, readings)
        if all(fact.subject != chosen.contract for fact in intake.facts.values()):
            raise UnknownContractError(
                f"no fact of the ledger is about contract {chosen.contract!r}",
                f"aucun fait du registre ne porte sur le contrat {chosen.contract!r}",
            )
        question = answers.question(intake, chosen.at, chosen.known_at, readings, chosen.contract)
        evidence = evidence_of(store, chosen.contract, opens=True)
        return drawn(intake, question, order, evidence, catalogue=catalogue, switches=load_switches())
