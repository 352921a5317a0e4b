"""Where the keys of a ledger's persons are, and the key store there, opened when a key is first needed."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from domain.errors import LedgerError

if TYPE_CHECKING:
    from adapters.privacy.keystore import KeyStore

POSTGRES = ("postgresql://", "postgres://")
UNSET = (
    (
        "the values of persons cannot be sealed or opened: this ledger has no key store; GREFFE_EVIDENCE__PERSONS says"
        " where it is"
    ),
    (
        "les valeurs des personnes ne peuvent être ni scellées ni ouvertes : ce registre n'a pas de magasin de clés ;"
        " GREFFE_EVIDENCE__PERSONS dit où il est"
    ),
)


class KeyPlace(NamedTuple):
    """Where a key store is (a path, or the address of a PostgreSQL database) and the file of its master key."""

    address: str
    master: Path


def beside(ledger: Path) -> KeyPlace:
    """Where the key store of a SQLite ledger is by default: ``greffe.db.persons``, and ``greffe.db.persons.key``."""
    return of_file(ledger.with_name(f"{ledger.name}.persons"))


def default_place(ledger: str) -> KeyPlace:
    """Where the key store of the ledger at an address is by default: for PostgreSQL a file in the working folder."""
    if ledger.startswith(POSTGRES):
        return of_file(Path(f"{urlsplit(ledger).path.strip('/') or 'greffe'}.persons").absolute())
    return beside(Path(ledger.removeprefix("sqlite:///")).absolute())


def of_file(store: Path) -> KeyPlace:
    """A key store in a file, with its master key beside it."""
    return KeyPlace(str(store), store.with_name(f"{store.name}.key"))


class Persons:
    """The key store of a ledger; without a place there is none, and what needs one raises LedgerError."""

    def __init__(self, place: KeyPlace | None) -> None:
        self.place = place
        self._opening = threading.Lock()
        self._store: KeyStore | None = None

    @property
    def exists(self) -> bool:
        """Whether there is a key store; one that was never needed was never made."""
        place = self.place
        return place is not None and (place.address.startswith(POSTGRES) or Path(place.address).exists())

    @property
    def keys(self) -> "KeyStore":
        """The key store, made where there is none. Raises LedgerError."""
        from adapters.privacy.keystore import KeyStore  # noqa: PLC0415 - only where there are values of persons

        with self._opening:
            if self._store is None:
                if self.place is None:
                    raise LedgerError(*UNSET)
                self._store = KeyStore(self.place)
            return self._store

    def another(self) -> LedgerError:
        """What is said of a key store that is not the ledger's."""
        address = "" if self.place is None or self.place.address.startswith(POSTGRES) else f" ({self.place.address})"
        return LedgerError(
            f"the key store here{address} is not this ledger's: GREFFE_EVIDENCE__PERSONS says where its own is; if that"
            " is lost for good, greffe erase --new-key-store",
            f"le magasin de clés d'ici{address} n'est pas celui de ce registre : GREFFE_EVIDENCE__PERSONS dit où est le"
            " sien ; s'il est perdu pour de bon, greffe erase --new-key-store",
        )

    def close(self) -> None:
        """Closes every connection."""
        if self._store is not None:
            self._store.close()
            self._store = None
