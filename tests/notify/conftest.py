"""A ledger whose notifications go to servers on this machine."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import opened
from adapters.catalogue import load_catalogue, load_switches
from adapters.eventstore.store import Store
from adapters.notify.load import parse_rules
from adapters.notify.rounds import plan_round, send_round
from adapters.notify.sending import Sender, Sent
from adapters.notify.watching import Watcher
from adapters.settings.notify import NotifySettings
from domain.readings import select
from domain.time.instant import Instant, parse_instant
from tests.support.arrivals import Event, ledger, outage, received, signed
from tests.support.mailbox import Hook, Mailbox, hook_server, mail_server

DAY_BEFORE, HOURS_BEFORE, AFTER = (
    "2026-03-02T12:00:00+01:00",
    "2026-03-03T08:00:00+01:00",
    "2026-03-03T10:00:00+01:00",
)
"""Around the end of the 48 hours for a reserve on the outage of 1 March, 9:10 on 3 March in Paris."""

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLwAA"  # noqa: S105 - of the tests
RULES = """\
version = 1
[channels.mail]
kind = "email"
[channels.hook]
kind = "webhook"
url = "{url}"
secret_env = "HOOK_SECRET"
[recipients.duty]
channel = "mail"
address = "duty@client.example"
[recipients.program]
channel = "hook"
[[rules]]
name = "claims"
about = "deadline"
before = ["1d", "2h"]
to = {to}
"""


@dataclass
class House:
    """A ledger, the servers, a clock that is set, and the notifier of some rules."""

    store: Store
    mailbox: Mailbox
    hook: Hook
    now: Instant = field(default_factory=lambda: parse_instant("2026-03-01T00:00:00+01:00"))
    settings: dict[str, Any] = field(default_factory=dict)

    def record(self, *events: Event) -> None:
        outcome = ledger(self.store).record(received(*events), self.now)
        assert outcome.recorded == len(events), outcome

    def rules(self, *to: str, more: str = "") -> str:
        names = str(list(to)).replace("'", '"')
        return RULES.format(url=self.hook.url, to=names) + more

    def sender(self, text: str) -> Sender:
        chosen = {
            "smtp_host": "127.0.0.1",
            "smtp_port": self.mailbox.port,
            "smtp_security": "none",
            "retry_seconds": 10,
        }
        settings = NotifySettings(sender="greffe@client.example", **(chosen | self.settings))
        return Sender(
            self.store, parse_rules(text, Path("rules.toml")), settings, lambda: self.now, "https://greffe.example"
        )

    def watcher(self, text: str) -> Watcher:
        catalogue = load_catalogue()
        rules = parse_rules(text, Path("rules.toml"))
        return Watcher(ledger(self.store), catalogue, select(load_switches(), []), rules)

    def round(self, text: str, at: str | None = None) -> Sent:
        """What a notifier that starts now does in one round."""
        if at is not None:
            self.now = parse_instant(at)
        plan_round(self.store, self.watcher(text), lambda: self.now)
        return send_round(self.sender(text))

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mailbox.mails]


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def hook() -> Iterator[Hook]:
    with hook_server() as server:
        yield server


@pytest.fixture
def house(tmp_path: Path, mailbox: Mailbox, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    for kept in (mailbox.mails, mailbox.recipients, mailbox.answers, mailbox.refused, hook.calls, hook.answers):
        kept.clear()
    with opened(str(tmp_path / "ledger.db"), create=True) as store:
        yield House(store, mailbox, hook)


@pytest.fixture
def running(house: House) -> House:
    """A house whose rules are applied already, with a deadline that is still far."""
    house.round(house.rules("duty", "program"))
    house.record(signed(), outage(1))
    return house
