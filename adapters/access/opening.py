"""Puts the parts of access together: the gate of a ledger, and the key of whoever starts a new one."""

from pathlib import Path

from limits import RateLimitItemPerMinute

from adapters.access.directory import Directory
from adapters.access.gate import Gate
from adapters.access.keys import first_key
from adapters.access.oidc import Oidc
from adapters.access.store import POSTGRES, access_path, open_access
from adapters.clock import now
from adapters.eventstore.store import Store
from adapters.settings.identity import IdentitySettings


def open_gate(ledger: str, store: Store, settings: IdentitySettings) -> Gate:
    """The gate of the ledger at an address, to be closed at the end. Raises LedgerError."""
    provider = Oidc(settings) if settings.oidc_issuer else None
    failures = RateLimitItemPerMinute(settings.failures_per_minute)
    return Gate(open_access(ledger), Directory(store), now, failures, provider)


def administrator_key(ledger: str) -> Path | None:
    """At the first start over a SQLite ledger, the file with the key of its administrator; None where keys exist.

    A PostgreSQL ledger has no place beside it that is its administrator's alone: there ``greffe keys create`` makes the
    first key. Raises AccessError, LedgerError, OSError where it cannot be made.
    """
    if ledger.startswith(POSTGRES):
        return None
    store = open_access(ledger)
    try:
        path = access_path(ledger).absolute()
        return first_key(store, path.with_name(path.name.replace("-access.db", "-administrator.key")), now())
    finally:
        store.close()
