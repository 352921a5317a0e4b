"""The write side of the views, the same on both stores."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from adapters.changes import changes
from adapters.eventstore.reading import in_chunks, marks
from adapters.eventstore.store import NEVER, Derivation, Indexed
from domain.time.instant import Instant

CHUNK = 500
TABLES = {
    "statement_view": "contract",
    "deadline_view": "contract",
    "fact_index": "position",
    "contract_view": "contract",
}
"""The tables of the views, each with what tells its rows apart within a generation, or nearly."""
FACTS = {
    "generation": "int8",
    "position": "int8",
    "subject": "text",
    "type": "text",
    "time": "int8",
    "recorded": "int8",
    "source": "text",
    "id": "text",
    "correlation": "text",
}
STATEMENTS = {"generation": "int8", "contract": "text", "body": "bytea"}
DEADLINES = {
    "generation": "int8",
    "contract": "text",
    "number": "int8",
    "rule": "text",
    "owed_by": "text",
    "state": "text",
    "due": "int8",
    "at": "int8",
    "body": "bytea",
}


CHANGES = {"contract": "text", "taken": "int8", "at": "int8", "before": "bytea", "after": "bytea"}
TAKEN = "views:taken"
"""How far the pages of the live views have taken the ledger in."""


class Cursor(Protocol):
    """What a store's transaction lends to its views."""

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """Executes a statement with the marks of SQLite; what it returned."""

    def insert(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Inserts many rows; columns by name, with their types."""

    def tracked(self, name: str) -> int | None:
        """The position recorded under a name."""

    def track(self, name: str, position: int) -> None:
        """Records a position under a name."""


class ViewWriting:
    """One transaction on the views."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self.tracked = cursor.tracked
        self.track = cursor.track

    def index(self, generation: int, facts: Sequence[Indexed]) -> None:
        """Adds facts to the index."""
        self._cursor.insert("fact_index", FACTS, [(generation, *fact) for fact in facts])

    def touch(self, generation: int, contracts: Sequence[str]) -> None:
        """Says that these contracts are to be derived again."""
        for chunk in in_chunks(contracts, CHUNK):
            rows = ",".join(["(?, ?, 1, 0, 0)"] * len(chunk))
            self._cursor.rows(
                f"INSERT INTO contract_view (generation, contract, touched, derived, stale_at) VALUES {rows}"  # noqa: S608
                " ON CONFLICT (generation, contract) DO UPDATE SET touched = contract_view.touched + 1",
                *(value for contract in chunk for value in (generation, contract)),
            )

    def touch_all(self, generation: int) -> None:
        """Says that every contract of the generation is to be derived again."""
        self._cursor.rows("UPDATE contract_view SET touched = touched + 1 WHERE generation = ?", generation)

    def show(self, generation: int, derivations: Sequence[Derivation]) -> int:
        """Writes what was derived, but for contracts touched since."""
        by_contract = {one.contract: one for one in derivations}
        current: list[Derivation] = []
        for chunk in in_chunks(by_contract, CHUNK):
            found = self._cursor.rows(
                "SELECT contract, touched FROM contract_view WHERE generation = ?"  # noqa: S608
                f" AND contract IN ({marks(len(chunk))})",
                generation,
                *chunk,
            )
            current += [by_contract[name] for name, touched in found if by_contract[name].touched == touched]
        self._tell_changes(generation, current)
        said = [one for one in current if one.body is not None]
        self._delete("statement_view", generation, [one.contract for one in said])
        self._cursor.insert("statement_view", STATEMENTS, [(generation, one.contract, one.body) for one in said])
        self._delete("deadline_view", generation, [one.contract for one in current])
        due = [deadline for one in current for deadline in one.deadlines]
        rows = [(generation, *one._replace(due=NEVER if one.due is None else one.due)) for one in due]
        self._cursor.insert("deadline_view", DEADLINES, rows)
        for one in current:
            self._cursor.rows(
                "UPDATE contract_view SET derived = CASE WHEN ? = 1 THEN touched ELSE derived END, stale_at = ?"
                " WHERE generation = ? AND contract = ?",
                int(one.body is not None),
                one.stale_at,
                generation,
                one.contract,
            )
        return len(current)

    def _tell_changes(self, generation: int, current: Sequence[Derivation]) -> None:
        """Keeps how the deadlines of the live views change; nobody listens to those that are built beside them."""
        if generation != (self.tracked("generation") or 0):
            return
        old: dict[str, list[bytes]] = {}
        for chunk in in_chunks([one.contract for one in current], CHUNK):
            rows = self._cursor.rows(
                "SELECT contract, body FROM deadline_view WHERE generation = ?"  # noqa: S608
                f" AND contract IN ({marks(len(chunk))}) ORDER BY contract, number",
                generation,
                *chunk,
            )
            for contract, body in rows:
                old.setdefault(contract, []).append(bytes(body))
        taken = self.tracked(TAKEN) or 0
        told = [
            (one.contract, taken, one.at, before, after)
            for one in current
            for before, after in changes(old.get(one.contract, ()), (row.body for row in one.deadlines))
        ]
        self._cursor.insert("deadline_change", CHANGES, told)

    def forget_changes(self, before: Instant) -> None:
        """Deletes the changes of deadlines that stood before an instant."""
        self._cursor.rows("DELETE FROM deadline_change WHERE at < ?", before)

    def drop_before(self, generation: int, limit: int) -> bool:
        """Deletes some rows of the generations before one; whether there may be more."""
        for table, key in TABLES.items():
            deleted = self._cursor.rows(
                f"DELETE FROM {table} WHERE (generation, {key}) IN"  # noqa: S608
                f" (SELECT generation, {key} FROM {table} WHERE generation < ? LIMIT ?) RETURNING 1",
                generation,
                limit,
            )
            if deleted:
                return True
        return False

    def _delete(self, table: str, generation: int, contracts: Sequence[str]) -> None:
        for chunk in in_chunks(contracts, CHUNK):
            self._cursor.rows(
                f"DELETE FROM {table} WHERE generation = ? AND contract IN ({marks(len(chunk))})",  # noqa: S608
                generation,
                *chunk,
            )
