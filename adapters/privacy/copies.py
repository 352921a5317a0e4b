"""Copies of the key store, made and restored apart from the ledger's: who has both has every value of every person.

A copy keeps keys that are destroyed later: it is kept for a few days only, and what was erased since is erased again
as soon as a restored key store is used.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from adapters.backup import run_client
from adapters.privacy.persons import POSTGRES, KeyPlace
from adapters.saying import french_of
from domain.errors import LedgerError

STORE, DUMP = "persons.db", "persons.dump"
OF_THE_LEDGER = ("ledger.db", "ledger.dump", "backup.json")


def back_up(place: KeyPlace, folder: Path) -> Path:
    """Copies the key store into a new folder, without the master key. Raises LedgerError."""
    if any((beside / name).exists() for beside in (folder, folder.parent) for name in OF_THE_LEDGER):
        raise LedgerError(
            f"{folder}: holds a backup of a ledger, or is inside one: the key store is kept elsewhere",
            f"{folder} : contient une sauvegarde d'un registre, ou est dans une : le magasin de clés se garde ailleurs",
        )
    try:
        folder.mkdir(parents=True)
        folder.chmod(0o700)
        if place.address.startswith(POSTGRES):
            copy = folder / DUMP
            run_client("pg_dump", place.address, "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")
        else:
            copy = folder / STORE
            if not Path(place.address).exists():
                raise LedgerError(
                    f"{place.address}: there is no key store here to back up",
                    f"{place.address} : il n'y a pas ici de magasin de clés à sauvegarder",
                )
            with closing(sqlite3.connect(place.address)) as live, closing(sqlite3.connect(copy)) as other:
                live.backup(other)
        copy.chmod(0o600)
    except (OSError, sqlite3.Error) as error:
        raise LedgerError(
            f"{folder}: the key store cannot be copied: {error}",
            f"{folder} : le magasin de clés ne peut pas être copié : {french_of(error)}",
        ) from None
    return copy


def restore(folder: Path, place: KeyPlace) -> None:
    """Restores a copy where there is no key store. Raises LedgerError."""
    postgres = place.address.startswith(POSTGRES)
    copy = folder / (DUMP if postgres else STORE)
    if not copy.exists():
        raise LedgerError(
            f"{folder}: holds no copy of a key store of this kind",
            f"{folder} : ne contient pas de copie d'un magasin de clés de cette sorte",
        )
    if postgres:
        said = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        run_client("pg_restore", place.address, *said, str(copy))
        return
    target = Path(place.address)
    if target.exists():
        raise LedgerError(
            f"{target}: there is a key store here already; a copy is restored where there is none",
            f"{target} : il y a déjà un magasin de clés ici ; une copie se restaure là où il n'y en a pas",
        )
    try:
        partial = target.with_name(f"{target.name}.partial")
        shutil.copyfile(copy, partial)
        partial.chmod(0o600)
        partial.replace(target)
    except OSError as error:
        raise LedgerError(
            f"{folder}: the key store cannot be restored: {error}",
            f"{folder} : le magasin de clés ne peut pas être restauré : {french_of(error)}",
        ) from None
