"""Sends what the outbox holds. A message is claimed, prepared, handed over, and then it is sent, refused or in doubt.

What is committed at each step says what a crash leaves: before the last byte leaves, the message is tried again; from
then on until the answer is committed nobody can tell, and it is never sent again without saying so.
"""

import os
import secrets
import socket
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from adapters.eventstore.ledger import note_sent
from adapters.eventstore.store import Store, Writing
from adapters.notify.delivery import DoubtError, LostClaimError, UndeliveredError
from adapters.notify.letter import letter_of
from adapters.notify.reaching import Clock, Reach
from adapters.notify.rows import Claim
from adapters.notify.rules import Rules
from adapters.settings.notify import NotifySettings
from adapters.telemetry.logs import logger
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, format_instant

log = logger("notify")
CLAIMED_AT_ONCE = 10
NOTED_AT_ONCE = 100
LONGEST_WAIT = 4 * 3_600
GONE = "the recipient is no longer in the rules"
SILENT = "its notifier was not heard of again"


class Sent(NamedTuple):
    """What one turn did: messages sent, to be tried again, given up, and in doubt."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    doubtful: int = 0


class Sender:
    """Sends messages, one after another. Several may work at once: each message is one's at a time."""

    def __init__(
        self, store: Store, rules: Rules, settings: NotifySettings, clock: Clock, console: str | None = None
    ) -> None:
        self._store = store
        self._rules = rules
        self._settings = settings
        self._clock = clock
        self._console = console
        self._reach = Reach(self._store, rules, settings, clock)
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def turn(self, stopping: Callable[[], bool] = lambda: False) -> Sent:
        """Gathers what may be sent and sends some of it, unless it is to stop. Raises LedgerError."""
        now = self._clock()
        done = dict.fromkeys(Sent._fields, 0)
        with self._store.notifying() as outbox:
            for message in outbox.doubtful(now):
                channel = self._rules.channel_of(message.recipient)
                if outbox.doubt(message.id, SILENT, channel.on_doubt if channel else "tell", now):
                    self._tell_doubt(message.id, message.recipient, SILENT)
                    done["doubtful"] += 1
            outbox.gather(now)
            claims = outbox.claim(now, self._lease(now), self._holder, CLAIMED_AT_ONCE)
        for number, claim in enumerate(claims):
            if stopping():
                with self._store.notifying() as outbox:
                    outbox.let_go([one.message.id for one in claims[number:]], self._holder)
                break
            done[self._send(claim)] += 1
        return Sent(**done)

    def note(self) -> int:
        """Says in the log of the ledger what was sent since; returns of how many messages. Raises LedgerError."""
        noted = 0
        while some := note_sent(self._store, _notes, self._clock()):
            noted += some
        return noted

    def close(self) -> None:
        """Ends the connections to servers; the next message opens new ones."""
        self._reach.close()

    def _send(self, claim: Claim) -> str:
        message = claim.message
        who = self._rules.recipients.get(message.recipient)
        if who is None:
            return self._put_off(claim, UndeliveredError(GONE, final=True))
        try:
            letter = letter_of(claim, who.lang, self._console)
            contracts = {one.contract for one in claim.notifications}
            self._reach.send(letter, message.recipient, contracts, lambda: self._hand_over(message.id))
        except LostClaimError:
            return "put_off"
        except DoubtError as error:
            now = self._clock()
            channel = self._rules.channel_of(message.recipient)
            with self._store.notifying() as outbox:
                outbox.doubt(message.id, str(error), channel.on_doubt if channel else "tell", now)
            self._tell_doubt(message.id, message.recipient, str(error))
            return "doubtful"
        except UndeliveredError as error:
            return self._put_off(claim, error)
        at = self._clock()
        with self._store.notifying() as outbox:
            outbox.sent(message.id, self._holder, at)
        log.info("sent", message=message.id, recipient=message.recipient, count=len(claim.notifications))
        return "sent"

    def _hand_over(self, message: str) -> None:
        with self._store.notifying() as outbox:
            if not outbox.hand_over(message, self._holder, self._lease(self._clock())):
                raise LostClaimError

    def _put_off(self, claim: Claim, error: UndeliveredError) -> str:
        message = claim.message
        final = error.final or message.attempts >= self._settings.attempts
        wait = min(LONGEST_WAIT, self._settings.retry_seconds * 2 ** min(message.attempts - 1, 20))
        wait = max(wait, min(error.after or 0, LONGEST_WAIT))
        until = None if final else Instant(self._clock() + int(wait * MICROSECONDS_PER_SECOND))
        with self._store.notifying() as outbox:
            outbox.put_off(message.id, self._holder, until, str(error))
        told: dict[str, Any] = {"message": message.id, "recipient": message.recipient, "attempt": message.attempts}
        if until is None:
            log.error("given up", reason=str(error), **told)
            return "failed"
        log.warning("not sent, tried again later", reason=str(error), **told)
        return "put_off"

    def _tell_doubt(self, message: str, recipient: str, reason: str) -> None:
        log.warning("it is not known whether it arrived", message=message, recipient=recipient, reason=reason)

    def _lease(self, now: Instant) -> Instant:
        return Instant(now + self._settings.lease_seconds * MICROSECONDS_PER_SECOND)


def _notes(writing: Writing) -> Mapping[str, Mapping[str, Any]]:
    """What the log is to say of messages that were sent: never an address, and nothing of the text."""
    claims = writing.unnoted(NOTED_AT_ONCE)
    writing.noted([claim.message.id for claim in claims])
    return {
        claim.message.id: {
            "message": claim.message.id,
            "recipient": claim.message.recipient,
            "kind": claim.message.grouped.partition(":")[0],
            "sent": format_instant(claim.message.sent or 0),
            "notifications": [
                {
                    "id": one.id,
                    "contract": one.contract,
                    "thing": one.thing,
                    "due": format_instant(one.due) if one.due else None,
                    "threshold": one.threshold,
                    "rule": one.rule,
                }
                for one in claim.notifications
            ],
        }
        for claim in claims
    }
