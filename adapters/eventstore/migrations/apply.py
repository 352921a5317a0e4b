"""Applies versions to a ledger's tables, through alembic; imported only where there is something to apply."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from adapters.privacy.persons import Persons

FOLDER = Path(__file__).parent
_ONE_AT_A_TIME = Lock()
"""Alembic's operations are global to the process: two threads that bring two ledgers forward take turns."""


def upgrade(connection: Connection, found: str | None, to: str, persons: Persons | None = None) -> int:
    """Brings the tables from the version found to ``to``, in the connection's transaction.

    ``found`` is None for an empty database. A version that was found but not written down is written down. ``persons``
    has the keys that values of persons are sealed by where they are not yet; returns in how many facts they were.
    """
    config = _config()
    config.attributes["persons"] = persons
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        if found is not None:
            command.stamp(config, found)
        command.upgrade(config, to)
    return int(config.attributes.get("sealed", 0))


def newest() -> str:
    """The newest version there is."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def seal(facts: Callable[[Connection, Persons], int]) -> None:
    """Has facts of before sealed; a new ledger has none."""
    config = op.get_context().config
    assert config is not None
    persons = config.attributes["persons"]
    if persons is not None:
        config.attributes["sealed"] = facts(op.get_bind(), persons)


def run(sqlite: tuple[str, ...], postgres: tuple[str, ...]) -> None:
    """Executes the statements of a version for the database at hand."""
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgres:
        op.execute(statement)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config
