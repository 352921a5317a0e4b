"""Backs a ledger up while it is written, and restores it elsewhere: as it was at one instant, proved by a digest.

A backup is a folder: ``ledger.db`` and ``access.db`` of a SQLite ledger, copied by SQLite's own online backup, or
``ledger.dump`` of a PostgreSQL one, made by ``pg_dump``; and ``backup.json``, which says what must come out again.
"""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from adapters.access.store import access_path
from adapters.bootstrap import POSTGRES, path_of, version_of
from adapters.eventstore.schema import VERSION, is_behind
from adapters.saying import french_of
from domain.errors import LedgerError
from domain.time.instant import Instant, format_instant

LEDGER, ACCESS, DUMP, SAID = "ledger.db", "access.db", "ledger.dump", "backup.json"
PACKAGED = Path("/usr/lib/postgresql")
_ENTRIES = "SELECT {0}, originator_id, topic, state FROM stored_events ORDER BY {0}"
_LEAVES = "SELECT idx, hash, entry, seed FROM proof_leaf ORDER BY idx"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: when it was made, its version, how many events, and a digest of them and their log."""

    made: str
    version: str
    events: int
    digest: str


def back_up(address: str, folder: Path, now: Instant) -> Backup:
    """Backs the ledger at an address up into a new folder, while others go on writing. Raises LedgerError."""
    found = version_of(address)
    if found is None:
        raise LedgerError("there is no ledger here to back up", "il n'y a pas ici de registre à sauvegarder")
    is_behind(found)
    with _told(folder):
        folder.mkdir(parents=True)
        folder.chmod(0o700)
        events, digest = (_dump if address.startswith(POSTGRES) else _copy)(address, folder)
        backup = Backup(format_instant(now), found, events, digest)
        (folder / SAID).write_text(json.dumps(asdict(backup), indent=1) + "\n", encoding="utf-8")
    return backup


def restore(folder: Path, address: str) -> Backup:
    """Restores a backup where there is no ledger, checks it, and returns what it holds. Raises LedgerError."""
    if version_of(address) is not None:
        raise LedgerError(
            "there is a ledger here already; a backup is restored where there is none",
            "il y a déjà un registre ici ; une sauvegarde se restaure là où il n'y en a pas",
        )
    with _told(folder):
        try:
            backup = Backup(**json.loads((folder / SAID).read_text(encoding="utf-8")))
        except (ValueError, TypeError):
            raise LedgerError(
                f"{folder}: {SAID} does not say what this backup holds",
                f"{folder} : {SAID} ne dit pas ce que contient cette sauvegarde",
            ) from None
        postgres = address.startswith(POSTGRES)
        if not (folder / (DUMP if postgres else LEDGER)).exists():
            raise LedgerError(
                f"{folder}: is a backup of the other kind of ledger",
                f"{folder} : est une sauvegarde de l'autre sorte de registre",
            )
        if is_behind(backup.version) and backup.version > VERSION:
            raise LedgerError(
                f"{folder}: needs a newer version of greffe", f"{folder} : demande une version plus récente de greffe"
            )
        expected = (backup.events, backup.digest)
        if not postgres and _checked(folder / LEDGER) != expected:
            raise LedgerError(
                f"{folder}: holds something else than what was backed up",
                f"{folder} : contient autre chose que ce qui fut sauvegardé",
            )
        if (_undump if postgres else _copy_back)(address, folder) != expected:
            raise LedgerError(
                f"{folder}: what was restored is not what was backed up; do not use it",
                f"{folder} : ce qui fut restauré n'est pas ce qui fut sauvegardé ; ne vous en servez pas",
            )
    return backup


def _copy(address: str, folder: Path) -> tuple[int, str]:
    source = path_of(address)
    for path, name in ((source, LEDGER), (access_path(str(source)), ACCESS)):
        if path.exists():
            with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(folder / name)) as copy:
                live.backup(copy)  # one step: one snapshot, and writers go on beside it
                copy.execute("PRAGMA journal_mode = DELETE")
            (folder / name).chmod(0o600)
    return _checked(folder / LEDGER)


def _copy_back(address: str, folder: Path) -> tuple[int, str]:
    target = path_of(address)
    target.parent.mkdir(parents=True, exist_ok=True)
    for name, path in ((ACCESS, access_path(str(target))), (LEDGER, target)):
        if (folder / name).exists():
            partial = path.with_name(f"{path.name}.partial")
            shutil.copyfile(folder / name, partial)
            partial.chmod(0o600)
            _sound(partial)
            partial.replace(path)
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    return _checked(target)


def _checked(path: Path) -> tuple[int, str]:
    _sound(path)
    with closing(sqlite3.connect(path)) as connection:
        logged = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'proof_leaf'").fetchone()
        return _digest(connection.execute(_ENTRIES.format("rowid")), connection.execute(_LEAVES) if logged else ())


def _sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        said = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise LedgerError(f"{path}: the file is damaged: {said}", f"{path} : le fichier est abîmé : {said}")


def _dump(address: str, folder: Path) -> tuple[int, str]:
    """The dump and the digest are of one snapshot of the server."""
    import psycopg  # noqa: PLC0415 - the driver is only for this store

    with psycopg.connect(address) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        said = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={row[0]}")
        run_client("pg_dump", address, *said, f"--file={folder / DUMP}")
        return _digest_of(connection)


def _undump(address: str, folder: Path) -> tuple[int, str]:
    import psycopg  # noqa: PLC0415 - the driver is only for this store

    from adapters.eventstore.postgres_roles import grant  # noqa: PLC0415

    said = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    run_client("pg_restore", address, *said, str(folder / DUMP))
    with psycopg.connect(address) as connection:
        grant(connection)
        return _digest_of(connection)


def _digest_of(connection: Any) -> tuple[int, str]:
    logged = connection.execute("SELECT to_regclass('proof_leaf') IS NOT NULL").fetchone() == (True,)
    with connection.cursor("entries") as entries, connection.cursor("leaves") as leaves:
        entries.itersize = leaves.itersize = 5_000
        return _digest(entries.execute(_ENTRIES.format("notification_id")), leaves.execute(_LEAVES) if logged else ())


def _digest(
    entries: Iterable[tuple[int, str, str, bytes]], leaves: Iterable[tuple[int, bytes, bytes, bytes | None]]
) -> tuple[int, str]:
    """How many events, and the SHA-256 of each with its position, stream and topic, then of each leaf of their log."""
    count, digest = 0, sha256()
    for position, stream, topic, state in entries:
        head = f"{position}\n{stream}\n{topic}\n{len(state)}\n"
        digest.update(head.encode() + state)
        count += 1
    for index, leaf, entry, seed in leaves:
        digest.update(f"{index}\n{len(entry)}\n".encode() + leaf + entry + (seed or b""))
    return count, digest.hexdigest()


def run_client(program: str, address: str, *words: str) -> None:
    """Runs a program of the PostgreSQL client; the password goes by the environment, where no other user reads it."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # noqa: PLC0415 - the driver is only for this store

    parts = conninfo_to_dict(address)
    password = parts.pop("password", None)
    environment = os.environ | ({"PGPASSWORD": str(password)} if password is not None else {})
    done = subprocess.run(  # noqa: S603 - a program of the installed client, no shell
        [find_program(program), f"--dbname={make_conninfo('', **parts)}", *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().partition("\n")[0]
        raise LedgerError(
            f"{program} failed: {said or f'exit status {done.returncode}'}",
            f"{program} a échoué : {said or f'code de sortie {done.returncode}'}",
        )


def find_program(name: str) -> str:
    """A program of the PostgreSQL client: the newest packaged one, else the one on the path. Raises LedgerError."""
    packaged = [path for path in PACKAGED.glob(f"*/bin/{name}") if path.parent.parent.name.isdecimal()]
    newest = max(packaged, key=lambda path: int(path.parent.parent.name), default=None)
    found = str(newest) if newest is not None else shutil.which(name)
    if found is None:
        raise LedgerError(
            f"{name} is not installed here; on Debian: apt-get install postgresql-client",
            f"{name} n'est pas installé ici ; sur Debian : apt-get install postgresql-client",
        )
    return found


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """A failure of the disk, the file or the server, as a sentence that names the backup."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise LedgerError(
            f"{folder}: the backup cannot be used: {error}",
            f"{folder} : la sauvegarde est inutilisable : {french_of(error)}",
        ) from None
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "psycopg":
            raise
        raise LedgerError(
            f"{folder}: the backup cannot be used: {str(error).partition(chr(10))[0]}",
            f"{folder} : la sauvegarde est inutilisable : {str(error).partition(chr(10))[0]}",
        ) from None
