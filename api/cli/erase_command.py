"""``greffe erase``: the values of a person become unreadable; the record of the contract still proves itself."""

import argparse
import sys
from typing import TYPE_CHECKING

from api.cli import access_store, options

if TYPE_CHECKING:
    from adapters.eventstore.fates import Fate
    from adapters.eventstore.ledger import Ledger

SOURCE = "urn:greffe:erase"
EXAMPLE = """\
The erasure is a fact of its own (person.erased); then the key that the person's values are sealed by is destroyed.
A hold in force on the contract blocks it: it waits in the quarantine, and is carried out when the hold is released.
The basis says why, without naming anybody.

examples:
  greffe erase --contract C-2026-0042 --person p-17 --basis "request of 2026-11-20, art. 17 GDPR"
  greffe erase --contract C-2026-0042 --person account:acc-1 --basis "account closed for five years"
  greffe erase --contract C-2026-0042 --fact urn:deletions#cert-9 --basis "signatory's request"
  greffe erase --pending
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``greffe erase``."""
    parser.add_argument("--contract", metavar="C", help="the contract, or provider:NAME, whose facts name the person")
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--person", metavar="P", help="the person's id in those facts; account:ID for an account's e-mail")
    who.add_argument("--fact", metavar="SOURCE#ID", help="a fact whose signatory or addressee it is")
    who.add_argument("--pending", action="store_true", help="only carry out what is recorded and not carried out yet")
    who.add_argument(
        "--new-key-store",
        action="store_true",
        help="the key store is lost for good: go on with a new one; what the lost one sealed stays unreadable",
    )
    parser.add_argument("--basis", metavar="TEXT", help="on what ground; recorded for good, so name nobody in it")
    options.add_agreements(parser)
    options.add_ledger(parser)
    options.add_output(parser)
    parser.epilog = EXAMPLE
    parser.set_defaults(run=run, parser=parser)


def run(chosen: argparse.Namespace) -> int:
    """Says what became of it. 1 where it is not done: blocked by a hold, refused, or left for later."""
    from adapters.bootstrap import ledger_of, opened  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.catalogue import load_catalogue  # noqa: PLC0415
    from adapters.clock import now  # noqa: PLC0415
    from domain.events.personal import person_of_fact  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    if not (chosen.pending or chosen.new_key_store) and (chosen.contract is None or chosen.basis is None):
        chosen.parser.error("--contract and --basis are required with --person and --fact")
    with opened(chosen.ledger) as store:
        ledger = ledger_of(store, load_catalogue(chosen.agreements))
        if chosen.pending:
            said = {"destroyed": ledger.carry_out(now())}
            sys.stdout.write(dump(said) + "\n" if chosen.format == "json" else _carried_out(said, chosen.lang))
            return 0
        if chosen.new_key_store:
            _adopt(ledger, chosen)
            return 0
        person = person_of_fact(chosen.fact) if chosen.fact is not None else chosen.person
        fate = _erase(ledger, chosen, person)
        pending = fate.state == "recorded" and not ledger.erased_everything
    state = "pending" if pending else fate.state
    status = 0 if state == "recorded" else 1
    with access_store.opened(chosen) as access:
        access_store.keep(access, "erase", person, chosen.contract, status)
    why = None if fate.held is None else (fate.held.reason_fr if chosen.lang == "fr" else fate.held.reason)
    entry = None if fate.held is None else fate.held.number
    if chosen.format == "json":
        sys.stdout.write(dump({"state": state, "entry": entry, "reason": why}) + "\n")
    else:
        words = WORDS[chosen.lang][state]
        number = f" ({entry})" if entry is not None else ""
        sys.stdout.write(f"{words}{number}" + (f"\n{why}\n" if why else "\n"))
    return status


def _erase(ledger: "Ledger", chosen: argparse.Namespace, person: str) -> "Fate":
    """Records the erasure, and carries it out. Raises LedgerError for a person that no fact names."""
    from uuid import uuid4  # noqa: PLC0415 - loaded only by the commands that need it

    from adapters.clock import now  # noqa: PLC0415
    from adapters.cloudevents import decode_structured  # noqa: PLC0415
    from adapters.eventstore.batch import Received  # noqa: PLC0415
    from adapters.eventstore.fates import record_each  # noqa: PLC0415
    from domain.errors import LedgerError  # noqa: PLC0415
    from domain.time.instant import format_instant  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    if not ledger.names(chosen.contract, person):
        raise LedgerError(
            f"no fact of {chosen.contract} holds values of a person '{person}'",
            f"aucun fait de {chosen.contract} n'a de valeurs d'une personne « {person} »",
        )
    at = now()
    body = dump(
        {
            "specversion": "1.0",
            "id": str(uuid4()),
            "source": SOURCE,
            "type": "greffe.person.erased.v1",
            "subject": chosen.contract,
            "time": format_instant(at),
            "data": {"person_id": person, "basis": chosen.basis},
        }
    ).encode()
    _, (fate,) = record_each(ledger, [Received(body, access_store.actor(), decode_structured(body, at))], at)
    return fate


def _adopt(ledger: "Ledger", chosen: argparse.Namespace) -> None:
    """Takes the key store at hand for the ledger's own."""
    ledger.adopt_key_store()
    with access_store.opened(chosen) as access:
        access_store.keep(access, "erase", "new key store")
    sys.stdout.write("the key store at hand is the ledger's now\n" if chosen.lang == "en" else ADOPTED)


def _carried_out(said: dict[str, int], lang: str) -> str:
    words = "clés détruites" if lang == "fr" else "keys destroyed"
    return f"{words}: {said['destroyed']}\n" if lang == "en" else f"{words} : {said['destroyed']}\n"


ADOPTED = "le magasin de clés présent est désormais celui du registre\n"
WORDS = {
    "en": {
        "recorded": "erased: the erasure is recorded and the key is destroyed",
        "pending": "recorded, and not carried out yet: the key store cannot be used; greffe erase --pending does it",
        "quarantined": "not erased: in quarantine",
        "waiting": "not erased: waiting",
        "duplicate": "recorded already",
    },
    "fr": {
        "recorded": "effacé : l'effacement est enregistré et la clé détruite",
        "pending": "enregistré, pas encore exécuté : le magasin des clés est inutilisable ; greffe erase --pending le"
        " fera",
        "quarantined": "pas effacé : en quarantaine",
        "waiting": "pas effacé : en attente",
        "duplicate": "déjà enregistré",
    },
}
