"""Puts the parts together: a ledger from its address, with the catalogue and the readings it judges facts by."""

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.catalogue import load_switches
from adapters.eventstore.ledger import Ledger
from adapters.eventstore.schema import VERSION, is_behind
from adapters.eventstore.store import Store
from adapters.privacy.persons import KeyPlace, default_place
from adapters.saying import french_of
from domain.agreements.catalogue import Catalogue
from domain.errors import LedgerError
from domain.readings import Readings, select
from projections.known import known_names

if TYPE_CHECKING:
    from adapters.views import Views

POSTGRES = ("postgresql://", "postgres://")
SQLITE = "sqlite:///"
CONNECTIONS, WAIT_SECONDS = 5, 10.0
KEY_SETTINGS = ("GREFFE_CONFIG", "GREFFE_EVIDENCE__PERSONS")


def open_store(
    address: str,
    *,
    create: bool = True,
    connections: int = CONNECTIONS,
    wait_seconds: float = WAIT_SECONDS,
    persons: KeyPlace | None = None,
) -> Store:
    """The store at an address: a path or ``sqlite:///path``, or ``postgresql://user:password@host/database``.

    Without ``create``, a file that does not exist is a LedgerError, not a new ledger. A PostgreSQL store holds at most
    so many ``connections``, and waits so long for one. ``persons`` is where its key store is, by default where the
    settings of the environment say.
    """
    persons = persons or key_place(address)
    if address.startswith(POSTGRES):
        from adapters.eventstore.postgres import PostgresStore  # noqa: PLC0415 - the driver is only for this store

        return PostgresStore(address, connections, wait_seconds, persons=persons)
    path = path_of(address)
    from adapters.eventstore.sqlite import SqliteStore  # noqa: PLC0415 - the driver is only for this store

    if not create and not path.exists():
        raise LedgerError(
            f"{path}: there is no ledger here; greffe ingest makes one",
            f"{path} : il n'y a pas de registre ici ; greffe ingest en fait un",
        )
    _make_folder(path)
    return SqliteStore(path, persons=persons)


def version_of(address: str) -> str | None:
    """The version of the tables of the ledger at an address, None where there is none."""
    if address.startswith(POSTGRES):
        from adapters.eventstore import postgres  # noqa: PLC0415 - the driver is only for this store

        return postgres.version_of(address)
    from adapters.eventstore import sqlite  # noqa: PLC0415 - the driver is only for this store

    return sqlite.version_of(path_of(address))


def migrate(address: str, *, with_roles: bool = False) -> tuple[str | None, str]:
    """Brings the ledger at an address to this program's version; returns (version found, version now).

    ``with_roles`` makes the roles of a PostgreSQL ledger, and gives them their rights.
    """
    if with_roles and not address.startswith(POSTGRES):
        raise LedgerError(
            "roles are for a ledger in PostgreSQL; a file's owner is the system's",
            "les rôles sont pour un registre dans PostgreSQL ; le propriétaire d'un fichier est celui du système",
        )
    found = version_of(address)
    if found is not None and not is_behind(found) and not with_roles:
        return found, found
    if address.startswith(POSTGRES):
        from adapters.eventstore import postgres  # noqa: PLC0415 - the driver is only for this store

        postgres.migrate(address, with_roles=with_roles, persons=key_place(address))
    else:
        path = path_of(address)
        _make_folder(path)
        from adapters.eventstore import sqlite  # noqa: PLC0415 - the driver is only for this store

        sqlite.SqliteStore(path, persons=key_place(address)).close()
    return found, VERSION


def path_of(address: str) -> Path:
    """The file of a SQLite ledger. Raises LedgerError for an address that is of neither kind."""
    scheme, separator, _ = address.partition("://")
    if separator and not address.startswith(SQLITE):
        raise LedgerError(
            f"a ledger's address starts with postgresql:// or sqlite:///, or is a path; got {scheme}://",
            f"l'adresse d'un registre commence par postgresql:// ou sqlite:///, ou est un chemin ; reçu : {scheme}://",
        )
    return Path(address.removeprefix(SQLITE))


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(
            f"{path}: the ledger cannot be made here: {error.strerror}",
            f"{path} : le registre ne peut pas être fait ici : {french_of(error)}",
        ) from None


def key_place(address: str, environ: Mapping[str, str] = os.environ) -> KeyPlace:
    """Where the settings of the environment put the key store of the ledger at an address."""
    if not any(name.startswith(KEY_SETTINGS) for name in environ):
        return default_place(address)
    from adapters.settings.load import load  # noqa: PLC0415 - only where more than an address is configured

    return load(environ).settings.evidence.key_place(address)


def opened(
    address: str,
    *,
    create: bool = False,
    connections: int = CONNECTIONS,
    wait_seconds: float = WAIT_SECONDS,
    persons: KeyPlace | None = None,
) -> AbstractContextManager[Store]:
    """The store at an address, closed at the end of the block."""
    store = open_store(address, create=create, connections=connections, wait_seconds=wait_seconds, persons=persons)
    return closing(store)


def ledger_of(store: Store, catalogue: Catalogue, readings: Readings | None = None) -> Ledger:
    """The ledger in a store, judging facts by the catalogue's documents and the known readings."""
    return Ledger(store, known_names(catalogue, readings or select(load_switches(), [])))


def views_of(ledger: Ledger, catalogue: Catalogue) -> "Views":
    """The live statements of a ledger, under the default readings."""
    from adapters.views import Views  # noqa: PLC0415 - only what derives statements pays for the projections

    return Views(ledger, catalogue, select(load_switches(), []))
