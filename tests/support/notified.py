"""An outbox with something in it: what a notifier plans, and what became of the messages, without a server."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from adapters.bootstrap import opened
from adapters.catalogue import load_catalogue, load_switches
from adapters.eventstore.store import Store
from adapters.notify.load import parse_rules
from adapters.notify.rows import OutboxWriting
from adapters.notify.watching import Watcher
from domain.readings import select
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, parse_instant
from tests.support.arrivals import ledger

Outcome = Literal["sent", "failed", "later", "doubtful", "busy"]
HOLDER = "test"
HOUR = 3_600 * MICROSECONDS_PER_SECOND
MOST = 10_000
STORY: tuple[tuple[str, Sequence[Outcome]], ...] = (
    ("2026-05-29T10:00:00+02:00", ("sent",)),
    ("2026-06-01T09:00:00+02:00", ("sent", "doubtful")),
    ("2026-06-02T18:00:00+02:00", ("sent", "sent", "failed")),
    ("2026-06-03T08:40:00+02:00", ("later", "doubtful", "sent")),
)
RULES = """\
version = 1
[channels.mail]
kind = "email"
[recipients.duty]
channel = "mail"
address = "duty@client.example"
[recipients.legal]
channel = "mail"
address = "legal@client.example"
[digests.morning]
every = "week"
on = "monday"
at = "08:00"
[[rules]]
name = "rights that lapse"
about = "deadline"
owed_by = ["client"]
before = ["7d", "1d", "2h"]
missed = false
severity = "high"
to = ["duty", "legal"]
[[rules]]
name = "what the provider owes"
about = "deadline"
owed_by = ["provider"]
before = ["30d", "7d", "0d"]
missed = false
digest = "morning"
to = ["legal"]
[[rules]]
name = "support clocks"
about = "support"
percent = [50, 100]
to = ["duty"]
"""


def planned(store: Store, at: Instant, rules: str = RULES) -> int:
    """What a notifier that starts at an instant plans then."""
    catalogue = load_catalogue()
    switches = select(load_switches(), [])
    return Watcher(ledger(store), catalogue, switches, parse_rules(rules, Path("rules.toml"))).look(at)


def carried(store: Store, at: Instant, outcomes: Sequence[Outcome] = ("sent",)) -> int:
    """What may be sent at an instant goes into messages, of which one after the other ends so; returns how many."""
    with store.notifying() as outbox:
        outbox.gather(at)
        claims = outbox.claim(at, Instant(at + HOUR), HOLDER, MOST)
        for number, claim in enumerate(claims):
            _end(outbox, claim.message.id, at, outcomes[number % len(outcomes)])
    return len(claims)


def told(address: str) -> None:
    """What a notifier had to say of the portfolio until its morning: sent, given up, in doubt, yet to come."""
    with opened(address) as store:
        for at, outcomes in STORY:
            planned(store, parse_instant(at))
            carried(store, parse_instant(at), outcomes)


def _end(outbox: OutboxWriting, message: str, at: Instant, outcome: Outcome) -> None:
    match outcome:
        case "sent":
            outbox.hand_over(message, HOLDER, at)
            outbox.sent(message, HOLDER, at)
        case "failed":
            outbox.put_off(message, HOLDER, None, "550 no such mailbox")
        case "later":
            outbox.put_off(message, HOLDER, Instant(at + HOUR), "HTTP 503")
        case "doubtful":
            outbox.hand_over(message, HOLDER, at)
            outbox.doubt(message, "no answer: ReadTimeout", "tell", at)
        case "busy":
            outbox.hand_over(message, HOLDER, at)
