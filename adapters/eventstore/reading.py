"""What both stores read, said once: the statements are the same, but for their marks and the name of the position."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from adapters.eventstore.auditing import ReadsForAudit
from adapters.eventstore.log_reading import ReadsLog
from adapters.eventstore.outbox import ReadsOutbox
from adapters.eventstore.proofs import ReadsProofs
from adapters.eventstore.store import (
    HELD_FIELDS,
    NEVER,
    Deadline,
    DeadlineChange,
    DeadlineCursor,
    DeadlineSearch,
    Entry,
    Held,
    Indexed,
    Revision,
    Search,
    Status,
    subject_of,
    subject_range,
)
from domain.time.instant import Instant

HELD = f"SELECT {', '.join(HELD_FIELDS)}, number FROM held"  # noqa: S608 - the names are ours
GENERATION = "coalesce((SELECT value FROM tracked_position WHERE name = 'generation'), 0)"
UNDER = "SELECT state FROM stored_events WHERE originator_id >= ? AND originator_id < ?"
SUBJECTS_AT_ONCE = 500
FEW = 8
"""As many subjects are looked for by their own index, even where the newest of all would soon hold some of them."""
_DUE = "contract, number, rule, owed_by, state, due, at, body"


class Reads(ReadsLog, ReadsProofs, ReadsOutbox, ReadsForAudit):
    """The read side of a store. Statements are written with the marks of SQLite."""

    def entries(self, after: int = 0, limit: int = 1_000) -> list[Entry]:
        """The events recorded after a position."""
        rows = self._read(
            f"SELECT {self.POSITION}, originator_id, topic, state FROM stored_events"  # noqa: S608
            f" WHERE {self.POSITION} > ? ORDER BY {self.POSITION} LIMIT ?",
            after,
            limit,
        )
        return [Entry(*row) for row in rows]

    def entries_of(self, subject: str, after: int = 0) -> list[Entry]:
        """The events of one subject recorded after a position, in the order of their commits."""
        rows = self._read(
            f"SELECT {self.POSITION}, originator_id, topic, state FROM stored_events"  # noqa: S608
            f" WHERE originator_id >= ? AND originator_id < ? AND {self.POSITION} > ? ORDER BY {self.POSITION}",
            *subject_range(subject),
            after,
        )
        return [Entry(*row) for row in rows]

    def states(self, stream: str) -> list[bytes]:
        """The states of one stream, oldest version first."""
        statement = "SELECT state FROM stored_events WHERE originator_id = ? ORDER BY originator_version"
        return [row[0] for row in self._read(statement, stream)]

    def entries_as(self, topic: str, after: int = 0) -> list[Entry]:
        """The events of one type recorded after a position."""
        rows = self._read(
            f"SELECT {self.POSITION}, originator_id, topic, state FROM stored_events"  # noqa: S608
            f" WHERE {self.POSITION} > ? AND topic = ? ORDER BY {self.POSITION}",
            after,
            topic,
        )
        return [Entry(*row) for row in rows]

    def last_position(self) -> int:
        """The position of the last event, 0 where there is none."""
        rows = self._read(f"SELECT coalesce(max({self.POSITION}), 0) FROM stored_events")  # noqa: S608
        return int(rows[0][0])

    def under(self, prefix: str) -> list[bytes]:
        """The states of every stream whose id starts so."""
        return [row[0] for row in self._read(UNDER, *range_of(prefix))]

    def unread(self) -> list[Held]:
        """The entries of the quarantine that no fact could be read from, settled ones too."""
        return [Held(*row) for row in self._read(f"{HELD} WHERE source IS NULL ORDER BY number")]

    def subjects(self) -> list[str]:
        """Every subject that has an event: one look at the index for each."""
        found: list[str] = []
        statement = "SELECT originator_id FROM stored_events WHERE originator_id >= ? ORDER BY originator_id LIMIT 1"
        after = ""
        while rows := self._read(statement, after):
            found.append(subject_of(rows[0][0]))
            after = subject_range(found[-1])[1]
        return sorted(filter(None, found))

    def quarantine(self, status: Status | None = None, after: int = 0) -> list[Held]:
        """The entries of the quarantine above a number, oldest first."""
        where, values = ("", []) if status is None else (" AND status = ?", [status])
        return [Held(*row) for row in self._read(f"{HELD} WHERE number > ?{where} ORDER BY number", after, *values)]

    def held_after(self, number: int, limit: int) -> list[tuple[int, str | None]]:
        """(number, subject) of the entries of the quarantine above a number, oldest first."""
        rows = self._read("SELECT number, subject FROM held WHERE number > ? ORDER BY number LIMIT ?", number, limit)
        return [(found, subject) for found, subject in rows]

    def quarantine_of(self, subject: str) -> list[Held]:
        """The entries of one subject that are waiting or open."""
        where = "subject = ? AND status IN ('waiting', 'open')"
        return [Held(*row) for row in self._read(f"{HELD} WHERE {where} ORDER BY number", subject)]

    def unsettled(self) -> dict[str, int]:
        """How many entries are waiting, and how many are open."""
        rows = self._read("SELECT status, count(*) FROM held WHERE status IN ('waiting', 'open') GROUP BY status")
        return {"waiting": 0, "open": 0} | {str(status): int(count) for status, count in rows}

    def unannounced(self, limit: int) -> list[Held]:
        """Refused entries that nobody has been told of, oldest first."""
        where = "status = 'open' AND announced IS NULL"
        return [Held(*row) for row in self._read(f"{HELD} WHERE {where} ORDER BY number LIMIT ?", limit)]

    def entry(self, number: int) -> Held | None:
        """One entry of the quarantine."""
        rows = self._read(f"{HELD} WHERE number = ?", number)
        return Held(*rows[0]) if rows else None

    def view(self, contract: str) -> bytes | None:
        """The current view of a contract."""
        rows = self._read(
            f"SELECT body FROM statement_view WHERE contract = ? AND generation = {GENERATION}",  # noqa: S608
            contract,
        )
        return rows[0][0] if rows else None

    def views(self) -> list[str]:
        """The contracts of the current generation."""
        statement = (  # not the statements themselves: to look for their names is to read past them all
            f"SELECT contract FROM contract_view WHERE generation = {GENERATION} AND derived > 0 ORDER BY contract"  # noqa: S608
        )
        return [row[0] for row in self._read(statement)]

    def derived(self, contracts: Collection[str] | None = None) -> dict[str, tuple[int, int]]:
        """The generation, and how often each contract had been touched when it was last derived."""
        where = _Where()
        where.among("contract", contracts)
        rows = self._read(
            f"SELECT contract, generation, derived FROM contract_view WHERE generation = {GENERATION}{where.text}",  # noqa: S608
            *where.values,
        )
        return {contract: (int(generation), int(derived)) for contract, generation, derived in rows}

    def search(self, wanted: Search, after: int | None = None, limit: int = 100) -> list[Entry]:
        """A page of the facts looked for."""
        where = _looked_for(wanted)
        where.compare("position < ?" if wanted.newest_first else "position > ?", after)
        rows = self._read(
            f"SELECT position, originator_id, topic, state FROM"  # noqa: S608
            f" (SELECT position FROM fact_index{self._by(wanted)} WHERE generation = {GENERATION}{where.text}"
            f" ORDER BY position {'DESC' if wanted.newest_first else 'ASC'} LIMIT ?) AS found"
            f" JOIN stored_events ON stored_events.{self.POSITION} = found.position"
            f" ORDER BY position {'DESC' if wanted.newest_first else 'ASC'}",
            *where.values,
            limit,
        )
        return [Entry(*row) for row in rows]

    def indexed(self, wanted: Search, limit: int) -> list[Indexed]:
        """The facts looked for as the index has them."""
        where = _looked_for(wanted)
        rows = self._read(
            f"SELECT {', '.join(Indexed._fields)} FROM fact_index{self._by(wanted)}"  # noqa: S608
            f" WHERE generation = {GENERATION}{where.text}"
            f" ORDER BY position {'DESC' if wanted.newest_first else 'ASC'} LIMIT ?",
            *where.values,
            limit,
        )
        return [Indexed(*row) for row in rows]

    def _by(self, wanted: Search) -> str:
        """How the facts of a few subjects are looked for, unless something rarer is known of them."""
        few = wanted.subjects is not None and 0 < len(wanted.subjects) <= FEW
        return self.BY_SUBJECT if few and wanted.correlation is None and wanted.id is None else ""

    def entries_at(self, positions: Collection[int]) -> list[Entry]:
        """The events at these positions."""
        if not positions:
            return []
        rows = self._read(
            f"SELECT {self.POSITION}, originator_id, topic, state FROM stored_events"  # noqa: S608
            f" WHERE {self.POSITION} IN ({marks(len(positions))}) ORDER BY {self.POSITION}",
            *positions,
        )
        return [Entry(*row) for row in rows]

    def deadlines(
        self, wanted: DeadlineSearch, after: DeadlineCursor | None = None, limit: int = 100
    ) -> list[Deadline]:
        """A page of the deadlines looked for."""
        where = _deadlines_where(wanted)
        if after is not None:
            where.compare("(due, contract, number) > (?, ?, ?)", *after)
        # Of one contract they are sorted once read; by the index of dates SQLite would walk through everybody's.
        due = "+due" if wanted.contracts is not None and len(wanted.contracts) == 1 else "due"
        rows = self._read(
            f"SELECT {_DUE} FROM deadline_view WHERE generation = {GENERATION}{where.text}"  # noqa: S608
            f" ORDER BY {due}, contract, number LIMIT ?",
            *where.values,
            limit,
        )
        return [_deadline(row) for row in rows]

    def deadlines_of(self, contract: str, wanted: DeadlineSearch) -> list[Deadline]:
        """The deadlines of one contract, in the order of its statement."""
        where = _deadlines_where(wanted)
        rows = self._read(
            f"SELECT {_DUE} FROM deadline_view WHERE generation = {GENERATION} AND contract = ?{where.text}"  # noqa: S608
            " ORDER BY number",
            contract,
            *where.values,
        )
        return [_deadline(row) for row in rows]

    def revisions(self, contracts: Collection[str]) -> dict[str, Revision]:
        """How far each of these contracts is known; one without facts is left out."""
        found: dict[str, Revision] = {}
        for chunk in in_chunks(sorted(contracts), SUBJECTS_AT_ONCE):
            rows = self._read(
                "SELECT subject, count(*), max(recorded) FROM fact_index"  # noqa: S608
                f" WHERE generation = {GENERATION} AND subject IN ({marks(len(chunk))}) GROUP BY subject",
                *chunk,
            )
            found |= {subject: Revision(int(count), last) for subject, count, last in rows}
        return found

    def deadline_changes(self, after: int, taken: int, limit: int = 100) -> list[DeadlineChange]:
        """Changes of deadlines above a number, of when no more was taken in than that."""
        statement = (
            "SELECT number, contract, taken, at, before, after FROM deadline_change WHERE number > ? AND taken <= ?"
            " ORDER BY number LIMIT ?"
        )
        return [DeadlineChange(*row) for row in self._read(statement, after, taken, limit)]

    def last_deadline_change(self) -> int:
        """The number of the newest change of a deadline; 0 where none is kept."""
        return int(self._read("SELECT coalesce(max(number), 0) FROM deadline_change")[0][0])

    def touched(self, generation: int, limit: int) -> list[tuple[str, int]]:
        """Contracts to be derived again."""
        statement = (
            "SELECT contract, touched FROM contract_view WHERE generation = ? AND derived < touched"
            " ORDER BY contract LIMIT ?"
        )
        return [(contract, touched) for contract, touched in self._read(statement, generation, limit)]

    def stale(self, generation: int, now: Instant, limit: int) -> list[tuple[str, int]]:
        """Contracts whose deadlines may have changed by ``now``."""
        statement = (
            "SELECT contract, touched FROM contract_view WHERE generation = ? AND stale_at <= ?"
            " ORDER BY stale_at LIMIT ?"
        )
        return [(contract, touched) for contract, touched in self._read(statement, generation, now, limit)]

    def differing(self, one: int, other: int) -> list[str]:
        """The contracts whose statements differ between two generations."""
        statement = (
            "SELECT mine.contract FROM contract_view AS mine"
            " JOIN contract_view AS theirs ON theirs.generation = ? AND theirs.contract = mine.contract"
            " LEFT JOIN statement_view AS left_ ON left_.generation = mine.generation"
            " AND left_.contract = mine.contract"
            " LEFT JOIN statement_view AS right_ ON right_.generation = theirs.generation"
            " AND right_.contract = theirs.contract"
            " WHERE mine.generation = ? AND mine.derived = mine.touched AND theirs.derived = theirs.touched"
            " AND (left_.body IS NULL OR left_.body <> right_.body) ORDER BY mine.contract"
        )
        return [row[0] for row in self._read(statement, other, one)]

    def position(self, name: str) -> int | None:
        """The position recorded under a name."""
        rows = self._read("SELECT value FROM tracked_position WHERE name = ?", name)
        return int(rows[0][0]) if rows else None


class _Where:
    """Conditions, each after an AND, and their values."""

    def __init__(self) -> None:
        self.text = ""
        self.values: list[Any] = []

    def compare(self, condition: str, *values: Any) -> None:
        """A condition, unless what it compares with is None."""
        if values != (None,):
            self.text += f" AND {condition}"
            self.values += values

    def among(self, column: str, values: Collection[str] | None) -> None:
        """One of these values, unless it is None."""
        if values is not None:
            self.text += f" AND {column} IN ({marks(len(values))})" if values else " AND 1 = 0"
            self.values += sorted(values)


def _looked_for(wanted: Search) -> _Where:
    where = _Where()
    where.among("subject", wanted.subjects)
    where.among("type", wanted.types or None)
    where.compare("time >= ?", wanted.since)
    where.compare("time < ?", wanted.until)
    where.compare("recorded >= ?", wanted.recorded_since)
    where.compare("recorded < ?", wanted.recorded_until)
    where.compare("correlation = ?", wanted.correlation)
    where.compare("source = ?", wanted.source)
    where.compare("id = ?", wanted.id)
    return where


def _deadlines_where(wanted: DeadlineSearch) -> _Where:
    where = _Where()
    where.among("contract", wanted.contracts)
    where.among("state", wanted.states or None)
    where.compare("owed_by = ?", wanted.owed_by)
    where.compare("rule = ?", wanted.rule)
    where.compare("due < ?", wanted.due_before)
    return where


def _deadline(row: Sequence[Any]) -> Deadline:
    found = Deadline(*row)
    return found._replace(due=None) if found.due == NEVER else found


def range_of(prefix: str) -> tuple[str, str]:
    """The half-open range of the ids that start so, in the order of their bytes."""
    return prefix, f"{prefix[:-1]}{chr(ord(prefix[-1]) + 1)}"


def marks(count: int) -> str:
    """So many marks."""
    return ",".join("?" * count)


def in_chunks(values: Collection[str], size: int) -> Iterator[list[str]]:
    """Values, so many at a time."""
    every = list(values)
    for start in range(0, len(every), size):
        yield every[start : start + size]
