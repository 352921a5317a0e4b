"""``greffe persons``: the keys by which values of persons are sealed."""

import argparse
import sys

from api.cli import access_store, options

EXAMPLE = """\
Every person's key is wrapped by the master key. Rotate it where it may have been seen, where who had it leaves, and
once a year. Values and proofs stay as they are. The one before is kept beside it as FILE.old, for copies of the key
store that are older: copy the store, and the new master key apart from it, then destroy the old ones together.

example:
  greffe persons rotate
"""
WORDS = {
    "en": "keys wrapped by a new master key: {count}\n{file}: the new one; copy it apart from the key store\n"
    "{old}: the one before; older copies of the key store need it\n",
    "fr": "clés enveloppées par une nouvelle clé maîtresse : {count}\n"
    "{file} : la nouvelle ; copiez-la à part du magasin de clés\n"
    "{old} : la précédente ; les copies plus anciennes du magasin de clés en ont besoin\n",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the actions of ``greffe persons``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    rotated = actions.add_parser("rotate", help="wrap every key by a new master key; servers and workers go on")
    options.add_ledger(rotated)
    options.add_output(rotated)
    rotated.set_defaults(run=run_rotate)
    parser.epilog = rotated.epilog = EXAMPLE
    rotated.formatter_class = argparse.RawDescriptionHelpFormatter


def run_rotate(chosen: argparse.Namespace) -> int:
    """Says how many keys were wrapped anew. 2 where there is no key store, or one of its keys was altered."""
    from adapters.bootstrap import key_place  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.privacy import master  # noqa: PLC0415
    from adapters.privacy.persons import Persons  # noqa: PLC0415
    from domain.errors import LedgerError  # noqa: PLC0415
    from projections.spelling import dump  # noqa: PLC0415

    place = key_place(chosen.ledger)
    persons = Persons(place)
    if not persons.exists:
        raise LedgerError(
            f"{place.address}: there is no key store here", f"{place.address} : il n'y a pas ici de magasin de clés"
        )
    count = persons.keys.rotate()
    persons.close()
    with access_store.opened(chosen) as access:
        access_store.keep(access, "persons rotate", f"{count} keys")
    told = {"count": count, "file": str(place.master), "old": str(master.before(place.master))}
    sys.stdout.write(f"{dump(told)}\n" if chosen.format == "json" else WORDS[chosen.lang].format(**told))
    return 0
