"""How both stores keep the outbox: what is due to somebody, the messages that carry it, and how far each has come.

Statements are written with the marks of SQLite.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import Any

from adapters.eventstore.asked import Executing, Reading
from adapters.notify.rows import Claim, Cursor, Message, Notification, NotificationSearch, OnDoubt, Told
from domain.time.instant import Instant

ID_DIGITS = 32
CHUNK = 500
STATES = ("ready", "claimed", "handed", "sent", "failed", "doubtful")
_NOTIFICATION = f"SELECT {', '.join(Notification._fields)} FROM notification"  # noqa: S608 - the names are ours
_MESSAGE = f"SELECT {', '.join(Message._fields)} FROM notification_message"  # noqa: S608
_PLANNED = Notification._fields[: Notification._fields.index("state")]
_ORDER = "ORDER BY at, id"
_NEWEST, _NEWEST_TOLD = (f"ORDER BY {of}release DESC, {of}at DESC, {of}id DESC" for of in ("", "n."))
_BOTH = ", ".join([*(f"n.{name}" for name in Notification._fields), *(f"m.{name}" for name in Message._fields)])
_CARRIED_BY = "coalesce(n.message, CASE WHEN substr(n.grouped, 1, 6) = 'doubt:' THEN substr(n.grouped, 7) END)"


class ReadsOutbox(Reading):
    """Part of the read side of a store."""

    def told(self, wanted: NotificationSearch, after: Cursor | None = None, limit: int = 100) -> list[Told]:
        """A page of the notifications looked for, the last to be released first."""
        conditions, values = _asked(wanted, after)
        rows = self._read(
            f"SELECT {_BOTH} FROM ({_NOTIFICATION} WHERE {conditions} {_NEWEST} LIMIT ?) AS n"  # noqa: S608
            f" LEFT JOIN notification_message AS m ON m.id = {_CARRIED_BY} {_NEWEST_TOLD}",
            *values,
            limit,
        )
        ends = len(Notification._fields)
        return [Told(_notification(row[:ends]), None if row[ends] is None else _message(row[ends:])) for row in rows]

    def notification(self, id_: str) -> Notification | None:
        """One notification."""
        rows = self._read(f"{_NOTIFICATION} WHERE id = ?", id_)
        return _notification(rows[0]) if rows else None

    def notifications(self, contracts: Collection[str]) -> list[Notification]:
        """Every notification about these contracts, in the order of their thresholds' passing."""
        found: list[Notification] = []
        names = sorted(contracts)
        for start in range(0, len(names), CHUNK):
            chunk = names[start : start + CHUNK]
            where = f"WHERE contract IN ({','.join('?' * len(chunk))}) {_ORDER}"
            found += [_notification(row) for row in self._read(f"{_NOTIFICATION} {where}", *chunk)]
        return found

    def notifications_in(self, message: str) -> list[Notification]:
        """The notifications that a message carries."""
        return [_notification(row) for row in self._read(f"{_NOTIFICATION} WHERE message = ? {_ORDER}", message)]

    def newest_messages(self, limit: int) -> list[Message]:
        """The newest messages, the newest first."""
        return [_message(row) for row in self._read(f"{_MESSAGE} ORDER BY made DESC, id LIMIT ?", limit)]

    def message_counts(self) -> dict[str, int]:
        """How many messages are in each state."""
        rows = self._read("SELECT state, count(*) FROM notification_message GROUP BY state")
        return dict.fromkeys(STATES, 0) | {str(state): int(count) for state, count in rows}

    def waiting(self) -> list[Notification]:
        """The notifications that are not in a message yet, the next to be released first."""
        rows = self._read(f"{_NOTIFICATION} WHERE state = 'waiting' ORDER BY release, at, id")
        return [_notification(row) for row in rows]


class WritesOutbox(Executing):
    """Part of a write transaction."""

    def plan(self, found: Sequence[Notification]) -> int:
        """Adds notifications that are not there, and those again that were withdrawn; returns how many."""
        planned = 0
        for one in found:
            planned += len(
                self.rows(
                    f"INSERT INTO notification ({', '.join(_PLANNED)}, state)"  # noqa: S608
                    f" VALUES ({','.join('?' * len(_PLANNED))}, 'waiting')"
                    " ON CONFLICT (id) DO UPDATE SET state = 'waiting', grouped = excluded.grouped, at = excluded.at,"
                    " release = excluded.release, body = excluded.body, severity = excluded.severity,"
                    " rule = excluded.rule WHERE notification.state = 'withdrawn' RETURNING 1",
                    *one[: len(_PLANNED)],
                )
            )
        return planned

    def withdraw(self, ids: Iterable[str]) -> int:
        """Takes back notifications that are not in a message yet; returns how many."""
        statement = "UPDATE notification SET state = 'withdrawn' WHERE id = ? AND state = 'waiting' RETURNING 1"
        return sum(len(self.rows(statement, one)) for one in ids)

    def gather(self, now: Instant) -> int:
        """Makes messages of the notifications that may be sent by now; returns how many."""
        where = "WHERE state = 'waiting' AND release <= ? ORDER BY recipient, grouped, id"
        rows = self.rows(f"{_NOTIFICATION} {where}", now)
        made = 0
        for (recipient, grouped), group in groupby(map(_notification, rows), lambda one: (one.recipient, one.grouped)):
            ids = [one.id for one in group]
            message = hashlib.sha256("\n".join([recipient, grouped, *ids]).encode()).hexdigest()[:ID_DIGITS]
            self.rows(
                "INSERT INTO notification_message (id, recipient, grouped, made, state, holder, lease, attempts, next,"
                " error, sent, noted) VALUES (?, ?, ?, ?, 'ready', '', 0, 0, ?, '', NULL, 0) ON CONFLICT DO NOTHING",
                *(message, recipient, grouped, now, now),
            )
            for one in ids:
                self.rows("UPDATE notification SET state = 'taken', message = ? WHERE id = ?", message, one)
            made += 1
        return made

    def doubtful(self, now: Instant) -> list[Message]:
        """The messages that were handed over by somebody who has not been heard of since."""
        return [_message(row) for row in self.rows(f"{_MESSAGE} WHERE state = 'handed' AND lease <= ?", now)]

    def doubt(self, message: str, reason: str, on_doubt: OnDoubt, now: Instant) -> bool:
        """Settles a message that was handed over and of which nobody knows; False where it is settled already."""
        state = "ready" if on_doubt == "resend" else "doubtful"
        settled = self.rows(
            "UPDATE notification_message SET state = ?, error = ?, next = ? WHERE id = ? AND state = 'handed'"
            " RETURNING 1",
            *(state, reason, now, message),
        )
        if not settled or on_doubt == "resend":
            return bool(settled)
        self.rows(
            "UPDATE notification SET state = 'waiting', message = NULL, grouped = ?, release = ? WHERE message = ?",
            *(f"doubt:{message}", now, message),
        )
        return True

    def claim(self, now: Instant, lease: Instant, holder: str, limit: int) -> list[Claim]:
        """Claims messages until ``lease``; what somebody else claimed and let go is claimed anew."""
        rows = self.rows(
            f"{_MESSAGE} WHERE (state = 'ready' AND next <= ?) OR (state = 'claimed' AND lease <= ?)"
            " ORDER BY next, made, id LIMIT ?",
            *(now, now, limit),
        )
        claims = []
        for row in rows:
            message = _message(row)._replace(state="claimed", holder=holder, lease=lease)
            self.rows(
                "UPDATE notification_message SET state = 'claimed', holder = ?, lease = ?, attempts = attempts + 1"
                " WHERE id = ?",
                *(holder, lease, message.id),
            )
            claims.append(Claim(message._replace(attempts=message.attempts + 1), self._carried(message.id)))
        return claims

    def let_go(self, messages: Sequence[str], holder: str) -> None:
        """Gives claimed messages back, untried."""
        for message in messages:
            self.rows(
                "UPDATE notification_message SET state = 'ready', attempts = attempts - 1 WHERE id = ? AND holder = ?"
                " AND state = 'claimed'",
                *(message, holder),
            )

    def hand_over(self, message: str, holder: str, lease: Instant) -> bool:
        """Notes that the last byte leaves now; False where the claim is no longer the holder's: then it must not."""
        return bool(
            self.rows(
                "UPDATE notification_message SET state = 'handed', lease = ? WHERE id = ? AND holder = ?"
                " AND state = 'claimed' RETURNING 1",
                *(lease, message, holder),
            )
        )

    def sent(self, message: str, holder: str, at: Instant) -> None:
        """Notes that a message arrived."""
        settled = self.rows(
            "UPDATE notification_message SET state = 'sent', sent = ?, error = '' WHERE id = ? AND holder = ?"
            " AND state = 'handed' RETURNING 1",
            *(at, message, holder),
        )
        if settled:
            self.rows("UPDATE notification SET state = 'sent', sent = ? WHERE message = ?", at, message)

    def put_off(self, message: str, holder: str, until: Instant | None, error: str) -> None:
        """Notes that a message surely did not arrive: it is tried again, or given up where ``until`` is None."""
        settled = self.rows(
            "UPDATE notification_message SET state = ?, next = ?, error = ? WHERE id = ? AND holder = ?"
            " AND state IN ('claimed', 'handed') RETURNING 1",
            *("failed" if until is None else "ready", until or 0, error, message, holder),
        )
        if settled and until is None:
            self.rows("UPDATE notification SET state = 'failed' WHERE message = ?", message)

    def unnoted(self, limit: int) -> list[Claim]:
        """Messages that were sent, of which the log does not say so yet."""
        rows = self.rows(f"{_MESSAGE} WHERE state = 'sent' AND noted = 0 ORDER BY sent, id LIMIT ?", limit)
        return [Claim(message, self._carried(message.id)) for message in map(_message, rows)]

    def noted(self, messages: Sequence[str]) -> None:
        """Says that the log has these messages."""
        for message in messages:
            self.rows("UPDATE notification_message SET noted = 1 WHERE id = ?", message)

    def acknowledge(self, id_: str, at: Instant) -> int:
        """Notes that somebody deals with what a notification told, whoever was told of it; how many it concerns."""
        return len(
            self.rows(
                "UPDATE notification SET acknowledged = ? WHERE state = 'sent' AND acknowledged IS NULL"
                " AND (contract, thing, due) IN (SELECT contract, thing, due FROM notification WHERE id = ?)"
                " RETURNING 1",
                *(at, id_),
            )
        )

    def _carried(self, message: str) -> tuple[Notification, ...]:
        rows = self.rows(f"{_NOTIFICATION} WHERE message = ? {_ORDER}", message)
        return tuple(_notification(row) for row in rows)


def _asked(wanted: NotificationSearch, after: Cursor | None) -> tuple[str, list[Any]]:
    """The conditions of a search, and their values."""
    found: list[tuple[str, Sequence[Any]]] = [("1 = 1", ())]
    for column, names in (("contract", wanted.contracts), ("state", wanted.states or None)):
        if names is not None:
            found.append((f"{column} IN ({','.join('?' * len(names))})" if names else "1 = 0", sorted(names)))
    if wanted.recipient is not None:
        found.append(("recipient = ?", (wanted.recipient,)))
    if wanted.acknowledged is not None:
        found.append((f"acknowledged IS {'NOT ' if wanted.acknowledged else ''}NULL", ()))
    if wanted.doubtful is not None:
        found.append((f"substr(grouped, 1, 6) {'=' if wanted.doubtful else '<>'} 'doubt:'", ()))
    if after is not None:
        found.append(("(release, at, id) < (?, ?, ?)", after))
    return " AND ".join(condition for condition, _ in found), [value for _, values in found for value in values]


def _notification(row: Sequence[object]) -> Notification:
    one = Notification(*row)  # type: ignore[arg-type]
    return one._replace(body=bytes(one.body))


def _message(row: Sequence[object]) -> Message:
    return Message(*row)  # type: ignore[arg-type]
