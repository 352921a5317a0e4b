"""What is said of a database that fails under SQLAlchemy."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from domain.errors import LedgerError


@contextmanager
def said_plainly(place: str, unusable: tuple[str, str]) -> Iterator[None]:
    """A failure of the disk or the server, as a LedgerError that names the place and what cannot be done."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise LedgerError(f"{place}: {unusable[0]}: {said}", f"{place} : {unusable[1]} : {said}") from None
