"""A campaign against the notifier: it is killed at random while notifications are due, then everything is counted."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL
from typing import Any, Literal

from adapters.bootstrap import opened
from adapters.clock import now
from adapters.eventstore.store import Store
from tests.support.arrivals import Event, event, ledger, received, signed
from tests.support.mailbox import Hook, Mailbox

ROOT = Path(__file__).parents[2]
TARGETS = ("notifier", "sender", "both")
Target = Literal["notifier", "sender", "both"]
SECRET = "whsec_bm90IGEgc2VjcmV0LCBidXQgb25seSBhIHRlc3Q="  # noqa: S105 - says so itself
RULES = """\
version = 1
together = 100000

[channels.mail]
kind = "email"
on_doubt = "{on_doubt}"

[channels.hook]
kind = "webhook"
url = "{url}"
secret_env = "NOTIFY_TEST_SECRET"
on_doubt = "{on_doubt}"

[recipients.person]
channel = "mail"
address = "person@client.example"
lang = ["fr"]

[recipients.program]
channel = "hook"

[[rules]]
name = "deadlines"
about = "deadline"
before = ["2d"]
to = ["person", "program"]
"""
RECIPIENTS = ("person", "program")


@dataclass(frozen=True, slots=True)
class Plan:
    """How many kills of what, with how many contracts new at each start, and a seed."""

    kills: int = 50
    contracts: int = 12
    target: str = "notifier"
    on_doubt: str = "tell"
    longest: float = 0.6
    settle: float = 120.0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of it. ``received`` are raw deliveries of messages, ``unique`` their ids; others count notifications.

    ``doubles``: deliveries of an id that had come before. ``repeated``: told again by a message that says so, because
    nobody could know. ``lost``: told by no message that came.
    """

    kills: int
    in_flight: int
    due: int
    received: int
    unique: int
    doubles: int
    repeated: int
    twice_unsaid: int
    lost: int
    noted: int

    @property
    def is_sound(self) -> bool:
        """Whether nothing was lost, and nothing came twice without saying so."""
        return self.lost == 0 and self.twice_unsaid == 0


class Campaign:
    """Kills notifiers of one ledger, whose messages go to one mail server and one receiver of webhooks."""

    def __init__(self, plan: Plan, address: str, folder: Path, mailbox: Mailbox, hook: Hook) -> None:
        self._plan = plan
        self._address = address
        self._mailbox, self._hook = mailbox, hook
        self._chance = random.Random(plan.seed)  # noqa: S311 - a campaign can be run again
        self._rules = folder / "rules.toml"
        self._rules.write_text(RULES.format(url=hook.url, on_doubt=plan.on_doubt), encoding="utf-8")
        self._environ = os.environ | {
            "NOTIFY_TEST_SECRET": SECRET,
            "GREFFE_LEDGER": address,
            "GREFFE_EVIDENCE__PERSONS": str(folder / "persons"),
            "GREFFE_NOTIFY__RULES": str(self._rules),
            "GREFFE_NOTIFY__SENDER": "greffe@client.example",
            "GREFFE_NOTIFY__SMTP_HOST": "127.0.0.1",
            "GREFFE_NOTIFY__SMTP_PORT": str(mailbox.port),
            "GREFFE_NOTIFY__SMTP_SECURITY": "none",
            "GREFFE_NOTIFY__LOOK_SECONDS": "0.05",
            "GREFFE_NOTIFY__LEASE_SECONDS": "3",
            "GREFFE_NOTIFY__ANSWER_SECONDS": "2",
            "GREFFE_NOTIFY__RETRY_SECONDS": "0.1",
            "GREFFE_TELEMETRY__LOG_LEVEL": "error",
        }

    def run(self) -> Counts:
        """Kills as often as planned, lets one notifier finish, and counts."""
        due = in_flight = 0
        with opened(self._address, create=True) as store:
            with store.notifying() as outbox:  # the rules are not new: nothing is summed up
                for recipient in RECIPIENTS:
                    outbox.track(f"notify:since:deadlines\n{recipient}", 0)
            for number in range(self._plan.kills):
                due += self._record(store, number)
                in_flight += self._start_and_kill(store)
            due += self._record(store, self._plan.kills)
            process = self._start()
            came, until = -1, 0.0
            while not self._is_settled(store, due) and (came < self._came or time.monotonic() < until):
                if came < self._came:
                    came, until = self._came, time.monotonic() + self._plan.settle
                time.sleep(0.1)  # another process is at work
            process.terminate()
            process.wait()
            noted = len([one for one in store.entries_of("") if one.stream.startswith("|notification|")])
        return self._count(due, in_flight, noted)

    def _record(self, store: Store, number: int) -> int:
        """New contracts, each with one deadline in 48 hours; returns how many notifications that makes due."""
        ended = datetime.now(UTC) - timedelta(minutes=1)
        events: list[Event] = []
        for one in range(self._plan.contracts):
            name = f"K-{number}-{one}"
            data = {
                "outage": f"o-{name}",
                "service": "vm",
                "started_at": (ended - timedelta(minutes=5)).isoformat(timespec="seconds"),
                "ended_at": ended.isoformat(timespec="seconds"),
                "extent": "total",
            }
            events += [
                signed(f"signed-{name}", subject=name),
                event(f"outage-{name}", "outage.recorded", data, ended.isoformat(timespec="seconds"), subject=name),
            ]
        outcome = ledger(store).record(received(*events), now())
        assert outcome.recorded == len(events), outcome
        return self._plan.contracts * len(RECIPIENTS)

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "api.cli.main", "notify"], cwd=ROOT, env=self._environ, stdin=subprocess.DEVNULL
        )

    def _start_and_kill(self, store: Store) -> int:
        """Starts a notifier, lets it begin to send, kills it at a random instant; 1 where a message was under way."""
        process = self._start()
        before, until = self._came, time.monotonic() + self._plan.settle
        while self._came == before and time.monotonic() < until:
            time.sleep(0.002)  # another process is at work
        time.sleep(self._chance.uniform(0, self._plan.longest))
        children = _children(process.pid)
        victims = {"notifier": [process.pid], "sender": children, "both": [process.pid, *children]}
        under_way = store.message_counts()
        for pid in victims[self._plan.target]:
            os.kill(pid, SIGKILL)
        if self._plan.target == "sender":
            process.kill()
        process.wait()
        return min(1, under_way["claimed"] + under_way["handed"])

    @property
    def _came(self) -> int:
        """How many messages came."""
        return len(self._mailbox.mails) + len(self._hook.calls)

    def _is_settled(self, store: Store, due: int) -> bool:
        counts = store.message_counts()
        under_way = counts["ready"] + counts["claimed"] + counts["handed"]
        return not under_way and not store.waiting() and len(self._told()) >= due

    def _told(self) -> Counter[str]:
        """How often each notification was told by a message that does not say that it repeats; all, if only once."""
        return Counter(one for _, _, ids in self._messages() for one in ids)

    def _messages(self) -> list[tuple[str, bool, list[str]]]:
        """(message, whether it says that it repeats, notifications) of each delivery."""
        found = []
        for mail in list(self._mailbox.mails):
            ids = str(mail["X-Greffe-Notifications"]).split()
            found.append((str(mail["Message-ID"]), "Répété" in str(mail["Subject"]), ids))
        for headers, body in list(self._hook.calls):
            data: dict[str, Any] = json.loads(body)["data"]
            ids = [one["notification"] for one in data["notifications"]]
            found.append((headers["webhook-id"], data["repeats"] is not None, ids))
        return found

    def _count(self, due: int, in_flight: int, noted: int) -> Counts:
        messages = self._messages()
        ids = Counter(message for message, _, _ in messages)
        plain = Counter(one for _, repeats, carried in messages for one in carried if not repeats)
        told = self._told()
        return Counts(
            kills=self._plan.kills,
            in_flight=in_flight,
            due=due,
            received=len(messages),
            unique=len(ids),
            doubles=len(messages) - len(ids),
            repeated=sum(1 for one in told if told[one] > 1 and plain[one] <= 1),
            twice_unsaid=sum(1 for one in plain if plain[one] > 1),
            lost=due - len(told),
            noted=noted,
        )


def _children(pid: int) -> list[int]:
    """The processes that a process started."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(one) for one in text.split()]
