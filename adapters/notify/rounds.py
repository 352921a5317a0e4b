"""The two loops of the notifier: one looks for what is to be told, one sends it and says so in the log.

They run as two processes, so that the large one, which derives statements, may die at any instant without leaving a
message of which nobody knows whether it arrived.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from adapters.eventstore.store import Store
from adapters.notify.measures import LOOKED_AT, MESSAGES
from adapters.notify.reaching import Clock
from adapters.notify.sending import Sender, Sent, log
from domain.errors import LedgerError
from domain.time.instant import MICROSECONDS_PER_SECOND

if TYPE_CHECKING:
    from adapters.notify.watching import Watcher

Stopping = Callable[[], bool]
STEP_SECONDS = 1.0
"""How often a loop asks whether it is to stop."""


def look_until(
    stopping: Stopping, look: Callable[[], object], clock: Clock, seconds: float, pause: Callable[[float], object]
) -> None:
    """Calls ``look`` at an interval until ``stopping`` says so. A ledger that does not answer is asked again."""
    last = None
    while not stopping():
        at = clock()
        if last is None or abs(at - last) >= seconds * MICROSECONDS_PER_SECOND:
            try:
                look()
                last = at
            except LedgerError as error:
                log.warning("the ledger did not answer, asked again later", reason=str(error))
        if not stopping():
            pause(min(seconds, STEP_SECONDS))


def plan_round(store: Store, watcher: "Watcher", clock: Clock) -> None:
    """Plans what is to be told now, and measures how far messages have come. Raises LedgerError."""
    planned = watcher.look(clock())
    if planned:
        log.info("planned", count=planned)
    LOOKED_AT.set(clock() / MICROSECONDS_PER_SECOND)
    for state, count in store.message_counts().items():
        MESSAGES.labels(state).set(count)


def send_round(sender: Sender, stopping: Stopping = lambda: False) -> Sent:
    """Sends until nothing may be sent now; what was sent is said in the log. Raises LedgerError."""
    done = Sent()
    try:
        while not stopping():
            turn = sender.turn(stopping)
            if not any(turn):
                break
            done = Sent(*map(sum, zip(done, turn, strict=True)))
            sender.note()
        sender.note()
    finally:
        sender.close()
    return done
