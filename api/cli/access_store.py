"""The access store as commands open it: who acts at this machine, and that what they do is kept in the access log."""

import argparse
import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.access.store import AccessStore


@contextmanager
def opened(chosen: argparse.Namespace) -> Iterator["AccessStore"]:
    """The access store of the chosen ledger, closed at the end of the block."""
    from adapters.access.store import open_access  # noqa: PLC0415 - loaded only by the commands that need it

    store = open_access(chosen.ledger)
    try:
        yield store
    finally:
        store.close()


def actor() -> str:
    """Who acts: the account of the machine. Whoever may write the ledger may act on it."""
    try:
        return f"local:{getpass.getuser()}"
    except (KeyError, OSError):  # an account without a name, as in a container
        return f"local:{os.getuid()}"


def keep(store: "AccessStore", act: str, what: str, contract: str | None = None, status: int = 0) -> None:
    """Keeps what was done in the access log; the status of an act is its exit status."""
    from adapters.access.model import Access  # noqa: PLC0415 - loaded only by the commands that need it
    from adapters.clock import now  # noqa: PLC0415

    who = actor()
    store.record([Access(now(), who, who, None, f"greffe {act}", what, contract, None, status)])
