"""The version of the ledger's tables: which one this program speaks, and what is said of a ledger of another.

Versions are numbers, one per file in ``migrations/versions``, forward only. The check is one SELECT with the store's
own driver; what applies versions is loaded only when there is something to apply.
"""

from domain.errors import LedgerError

VERSION = "0015"
"""The newest version in ``migrations/versions``; a test says so."""
FIRST = "0001"
"""The tables of a ledger made before versions were kept."""
VERSION_TABLE = "ledger_version"
SELECT_VERSION = f"SELECT version_num FROM {VERSION_TABLE}"  # noqa: S608 - the name is ours


def is_behind(found: str) -> bool:
    """Whether a ledger of this version lacks something. Raises LedgerError for one that is ahead of the program."""
    if not found.isdecimal() or int(found) > int(VERSION):
        raise LedgerError(
            f"this ledger was written by a newer version of greffe: it is at version {found}, this program knows"
            f" {VERSION}; run the newer program",
            f"ce registre fut écrit par une version plus récente de greffe : il est en version {found}, ce programme"
            f" connaît {VERSION} ; lancez le programme plus récent",
        )
    return found != VERSION


def behind(found: str) -> LedgerError:
    """What is said of a ledger that must be migrated first."""
    return LedgerError(
        f"the ledger is at version {found} and this program needs {VERSION}: run greffe migrate, as the role that owns"
        " the tables",
        f"le registre est en version {found} et ce programme demande {VERSION} : lancez greffe migrate, avec le rôle"
        " qui possède les tables",
    )
