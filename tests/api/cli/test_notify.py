"""``greffe notify`` as an operator uses it: rules checked, what would be sent, what was; and as processes."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.bootstrap import opened
from adapters.clock import now
from adapters.eventstore.store import Store
from domain.time.instant import format_instant
from tests.api.cli.conftest import Greffe
from tests.support.arrivals import event, ledger, received, signed
from tests.support.mailbox import Mailbox, mail_server

RULES = """\
version = 1
[channels.mail]
kind = "email"
[channels.hook]
kind = "webhook"
url = "http://127.0.0.1:1/"
secret_env = "NO_SUCH_SECRET"
[recipients.duty]
channel = "mail"
address = "duty@client.example"
[recipients.program]
channel = "hook"
[[rules]]
name = "claims"
about = "deadline"
before = ["2d"]
to = ["duty"]
"""


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as server:
        yield server


@pytest.fixture
def notifying(tmp_path: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The options of a notifier of a ledger with one deadline in less than 48 hours; its mails go to a real server."""
    mailbox.mails.clear()
    for name, value in {
        "SENDER": "greffe@client.example",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mailbox.port),
        "SMTP_SECURITY": "none",
        "LOOK_SECONDS": "0.05",
    }.items():
        monkeypatch.setenv(f"GREFFE_NOTIFY__{name}", value)
    (tmp_path / "rules.toml").write_text(RULES)
    address = str(tmp_path / "ledger.db")
    with opened(address, create=True) as store:
        due(store, 1)
    return ["--ledger", address, "--rules", str(tmp_path / "rules.toml")]


def due(store: Store, number: int) -> None:
    """A contract with an outage that ended a minute ago: its reserve is due in 48 hours."""
    ended, started = format_instant(now() - 60_000_000), format_instant(now() - 120_000_000)
    data = {"outage": "o", "service": "vm", "started_at": started, "ended_at": ended, "extent": "total"}
    subject = f"C-{number}"
    outage = event(f"o-{number}", "outage.recorded", data, ended, subject=subject)
    outcome = ledger(store).record(received(signed(f"s-{number}", subject=subject), outage), now())
    assert outcome.recorded == 2


def test_rules_are_checked_in_words_and_as_json(greffe: Greffe, notifying: list[str], tmp_path: Path) -> None:
    assert greffe("notify", "lint", *notifying)[:2] == (
        0,
        f"{tmp_path / 'rules.toml'}: 1 rules, 2 recipients, 2 channels\n",
    )
    (tmp_path / "rules.toml").write_text(RULES.replace("before", "befor"))
    status, out, _ = greffe("notify", "lint", *notifying, "--lang", "fr")
    assert status == 1
    assert "rules[0].befor : champ inconnu ; vouliez-vous dire 'before' ?" in out
    status, out, _ = greffe("notify", "lint", *notifying, "--format", "json")
    assert json.loads(out)["faults"][0]["place"] == "rules[0].befor"
    status, _, said = greffe("notify", *notifying)
    assert (status, "rules[0].befor: no such field" in said) == (2, True)


def test_words_that_are_missing_are_asked_for(greffe: Greffe, notifying: list[str]) -> None:
    for words in (["ack"], ["test"], ["lint", "x"]):
        assert greffe("notify", *words, *notifying)[0] == 2
    status, _, said = greffe("notify", "lint", "--ledger", notifying[1])
    assert (status, "notify.rules" in said) == (2, True)


def test_a_dry_run_says_what_and_why_and_sends_nothing(
    greffe: Greffe, notifying: list[str], mailbox: Mailbox, tmp_path: Path
) -> None:
    status, out, _ = greffe("notify", "--dry-run", *notifying)
    assert status == 0
    assert "duty  C-1  Due within 2 days: A reasoned reserve" in out
    assert "rule claims, threshold 2d" in out
    status, out, _ = greffe("notify", "--dry-run", *notifying, "--format", "json")
    assert [one["contract"] for one in json.loads(out)] == ["C-1"]
    (tmp_path / "rules.toml").write_text(RULES.replace('"2d"', '"1h"'))
    assert greffe("notify", "--dry-run", *notifying, "--lang", "fr")[1] == "rien ne serait envoyé\n"
    assert mailbox.mails == []


def test_one_round_sends_what_is_due_and_it_is_listed_and_acknowledged(
    greffe: Greffe, notifying: list[str], mailbox: Mailbox
) -> None:
    for sent in (1, 0):
        status, out, _ = greffe("notify", "--once", *notifying, "--format", "json")
        assert (status, json.loads(out)["sent"]) == (0, sent)
    assert len(mailbox.mails) == 1
    told = json.loads(greffe("notify", "list", *notifying, "--format", "json")[1])
    (message,) = told["messages"]
    assert (message["state"], told["waiting"]) == ("sent", [])
    id_ = message["notifications"][0]["id"]
    assert "envoyé" in greffe("notify", "list", *notifying, "--lang", "fr")[1]
    assert greffe("notify", "ack", id_, *notifying)[0] == 0
    assert greffe("notify", "ack", id_, *notifying, "--format", "json")[0] == 1
    assert "notify ack" in greffe("access", "list", "--ledger", notifying[1])[1]
    assert "greffe.notification.sent.v1" in greffe("trail", "--ledger", notifying[1])[1]


def test_a_recipient_can_be_tried(greffe: Greffe, notifying: list[str], mailbox: Mailbox) -> None:
    assert greffe("notify", "test", "duty", *notifying)[:2] == (0, "sent to duty\n")
    assert "Test" in str(mailbox.mails[0]["Subject"])
    status, _, said = greffe("notify", "test", "program", *notifying, "--lang", "fr")
    assert (status, "non envoyé à program : channels.hook.secret_env" in said) == (1, True)
    status, _, said = greffe("notify", "test", "nobody", *notifying)
    assert (status, "there is duty, program" in said) == (2, True)


def test_what_was_given_up_is_the_answer_no(greffe: Greffe, notifying: list[str], mailbox: Mailbox) -> None:
    mailbox.refused.add("duty@client.example")
    status, out, _ = greffe("notify", "--once", *notifying, "--lang", "fr")
    mailbox.refused.clear()
    assert (status, out) == (1, "0 envoyés, 0 à réessayer, 1 abandonnés, 0 dans le doute\n")


def test_it_goes_on_telling_until_it_is_stopped_and_waits_for_the_process_that_sends(
    greffe: Greffe, notifying: list[str], mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def then(mails: int) -> None:
        if mails == 1:
            with opened(notifying[1]) as store:
                due(store, 2)
        else:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(mailbox, "kept", then)
    assert greffe("notify", *notifying)[0] == 0
    assert sorted(mailbox.ids.values()) == [1, 1]
    with opened(notifying[1]) as store:
        assert store.message_counts()["sent"] == 2, "the process that sends wrote down what it had begun"


def test_the_process_that_sends_ends_with_its_input(
    greffe: Greffe, notifying: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert greffe("notify", "deliver", *notifying)[0] == 0
