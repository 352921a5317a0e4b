"""The notifier against a real mail server and a real receiver of webhooks: what comes, once, and what is said of it."""

import base64
import hashlib
import hmac
import json
import ssl
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import ValidationError

from adapters.bootstrap import ledger_of, views_of
from adapters.catalogue import load_catalogue
from adapters.eventstore.ledger import NOTIFIED
from adapters.notify.hooks import signature, signing_keys
from adapters.notify.rounds import send_round
from adapters.notify.sending import Sent
from adapters.settings.notify import NotifySettings
from domain.time.instant import parse_instant
from tests.notify.conftest import SECRET, House
from tests.support.arrivals import event, opened, outage, reserve, signed
from tests.support.mailbox import mail_server
from tests.support.persons import EMAIL, contact, erased
from tools.broker.certificates import write_certificates

DAY_BEFORE, HOURS_BEFORE, AFTER = (
    "2026-03-02T12:00:00+01:00",
    "2026-03-03T08:00:00+01:00",
    "2026-03-03T10:00:00+01:00",
)
"""Around the end of the 48 hours for a reserve on the outage of 1 March, 9:10 on 3 March in Paris."""


@pytest.fixture
def running(house: House) -> House:
    """A house whose rules are applied already, with a deadline that is still far."""
    house.round(house.rules("duty", "program"))
    house.record(signed(), outage(1))
    return house


def test_each_threshold_comes_once_by_each_channel_whoever_starts_again(running: House) -> None:
    text = running.rules("duty", "program")
    for at in (DAY_BEFORE, DAY_BEFORE, HOURS_BEFORE, AFTER, AFTER):
        running.round(text, at)
    assert [one.partition(" / ")[0].partition(":")[0] for one in running.subjects] == [
        *("[Greffe] Due within 1 day", "[Greffe] Due within 2 hours", "[Greffe] Missed")
    ]
    assert all("Réserve motivée à notifier" in one for one in running.subjects)
    assert max(running.mailbox.ids.values()) == max(running.hook.ids.values()) == 1
    assert [body["data"]["notifications"][0]["threshold"] for body in running.hook.bodies] == ["1d", "2h", "missed"]


def test_a_mail_is_whole_in_both_languages_and_says_that_no_one_wrote_it(running: House) -> None:
    running.settings = {"unsubscribe": "mailto:stop@client.example"}
    more = 'severity = "high"\nnote = { en = "Ask legal.", fr = "Voir." }\n'
    running.round(running.rules("duty", more=more), DAY_BEFORE)
    (mail,) = running.mailbox.mails
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "Greffe <notifications.client.example>"
    assert mail["List-Unsubscribe"] == "<mailto:stop@client.example>"
    assert mail["Importance"] == "high"
    assert mail["Message-ID"] == f"<{running.store.newest_messages(1)[0].id}@client.example>"
    assert running.mailbox.recipients == [["duty@client.example"]]
    text, html = (part.get_content() for part in mail.iter_parts())
    for word in (
        "Due 3 March 2026, 09:10 (Paris)",
        "Échéance : 3 mars 2026, 09:10 (Paris)",
        "Ask legal.",
        "Contrat C-1",
    ):
        assert word in text
        assert word in html
    assert "https://greffe.example/contracts/C-1/deadlines" in html
    assert '<div lang="fr">' in html


def test_what_was_sent_is_in_the_log_and_changes_no_figure(running: House) -> None:
    running.round(running.rules("duty"), DAY_BEFORE)
    (entry,) = running.store.entries_of("")
    said = json.loads(entry.state)["event"]
    assert entry.topic == NOTIFIED
    assert (said["recipient"], said["notifications"][0]["contract"]) == ("duty", "C-1")
    assert "@" not in entry.state.decode()
    assert running.store.logged(0, 10)[-1].leaf.stream == entry.stream


def test_a_correction_tells_the_new_date_and_what_it_was(running: House) -> None:
    text = running.rules("duty")
    running.round(text, DAY_BEFORE)
    later = {"outage": "o-1", "reason": "watch set right", "ended_at": "2026-03-02T09:10:00+01:00"}
    running.record(event("moved", "outage.corrected", later, DAY_BEFORE))
    running.round(text, "2026-03-02T13:00:00+01:00")
    running.round(text, "2026-03-02T14:00:00+01:00")
    assert len(running.subjects) == 2
    assert "Date changed" in running.subjects[1]
    (text_part, _) = running.mailbox.mails[1].iter_parts()
    assert "Its date was 3 March 2026, 09:10 (Paris) when this was last told" in text_part.get_content()


def test_a_deadline_that_is_met_is_not_told_again(running: House) -> None:
    text = running.rules("duty")
    running.round(text, DAY_BEFORE)
    running.record(reserve(2))
    assert running.round(text, HOURS_BEFORE) == Sent()
    assert len(running.subjects) == 1


def test_an_old_ledger_is_summed_up_in_one_message(house: House) -> None:
    for number in range(5):
        name = f"C-{number}"
        house.record(signed(f"s-{number}", subject=name), outage(f"o-{number}", subject=name))
    house.round(house.rules("duty"), AFTER)
    (mail,) = house.mailbox.mails
    assert "5 things to look at" in str(mail["Subject"])
    assert "What stood already" in next(mail.iter_parts()).get_content()
    assert house.round(house.rules("duty"), AFTER) == Sent()


def test_budgets_and_support_clocks_are_told_while_they_run(house: House) -> None:
    more = """
[[rules]]
name = "budgets"
about = "budget"
percent = [50, 100]
to = ["duty"]
[[rules]]
name = "clocks"
about = "support"
percent = [50, 100]
to = ["duty"]
"""
    text = house.rules("program", more=more)
    house.round(text)
    monday = "2026-03-02T10:00:00+01:00"
    data = {"outage": "o-9", "service": "vm", "started_at": monday, "extent": "total"}
    zones = {"zones": ["a", "b"], "region_zones": ["a", "b"], "equivalent_resources_proven": True}
    house.record(signed(), event(8, "deployment.declared", zones, "2026-01-02T10:00:00+01:00"))
    house.record(event(9, "outage.recorded", data, monday), opened(10, time=monday))
    for hour in ("10:01", "10:50", "11:00", "11:40", "12:10"):
        house.round(text, f"2026-03-02T{hour}:00+01:00")
    told = [one.partition(" / ")[0] for one in house.subjects]
    assert [one.partition(":")[0] for one in told if "downtime" in one] == [
        *("[Greffe] 50 % of the allowed downtime used", "[Greffe] 100 % of the allowed downtime used")
    ]
    assert any("of the time used" in one for one in told)


def test_an_escalation_comes_unless_somebody_acknowledges(running: House) -> None:
    more = '[[rules.escalate]]\nafter = "1h"\nto = ["program"]\n'
    text = running.rules("duty", more=more)
    running.round(text, DAY_BEFORE)
    running.round(text, "2026-03-02T13:00:00+01:00")
    (raised,) = running.hook.bodies
    assert raised["data"]["notifications"][0]["threshold"] == "1d+1h"
    running.round(text, HOURS_BEFORE)
    (told,) = [one for one in running.store.notifications(["C-1"]) if one.threshold == "2h"]
    with running.store.notifying() as outbox:
        assert outbox.acknowledge(told.id, running.now) >= 1
    running.round(text, "2026-03-03T09:05:00+01:00")
    assert len(running.hook.calls) == 1


def test_holders_of_a_role_are_reached_where_the_contract_names_them_until_they_are_erased(running: House) -> None:
    text = running.rules("legal", more='[recipients.legal]\nchannel = "mail"\ncontact = "legal"\n')
    running.record(contact(7, "p-1"))
    running.round(text, DAY_BEFORE)
    running.round(text, HOURS_BEFORE)
    assert running.mailbox.recipients[-1] == [EMAIL]
    running.record(erased(8, "p-1"))
    running.mailbox.mails.clear()
    done = running.round(text, AFTER)
    assert (done.put_off, running.mailbox.mails) == (1, [])
    assert "no address is known" in running.store.newest_messages(1)[0].error


def test_a_busy_server_is_asked_again_and_one_that_refuses_is_not(running: House) -> None:
    text = running.rules("duty")
    running.mailbox.answers[:] = ["451 later"]
    assert running.round(text, DAY_BEFORE) == Sent(put_off=1)
    assert running.round(text, "2026-03-02T12:00:05+01:00") == Sent()
    assert running.round(text, "2026-03-02T12:00:10+01:00") == Sent(sent=1)
    assert list(running.mailbox.ids.values()) == [1]
    running.mailbox.answers[:] = ["554 never"]
    assert running.round(text, HOURS_BEFORE) == Sent(failed=1)
    running.mailbox.refused.add("duty@client.example")
    assert running.round(text, AFTER) == Sent(failed=1)
    assert running.store.newest_messages(1)[0].error == "550 no such mailbox"


def test_tries_come_to_an_end(running: House) -> None:
    running.settings = {"attempts": 2, "retry_seconds": 1}
    text = running.rules("program")
    running.hook.answers[:] = [(503, {"retry-after": "60"}), (500, {})]
    assert running.round(text, DAY_BEFORE) == Sent(put_off=1)
    assert running.round(text, "2026-03-02T12:00:59+01:00") == Sent()
    assert running.round(text, "2026-03-02T12:01:00+01:00") == Sent(failed=1)
    assert running.store.message_counts()["failed"] == 1


def test_a_receiver_that_is_gone_is_not_asked_again(running: House) -> None:
    running.hook.answers[:] = [(410, {})]
    assert running.round(running.rules("program"), DAY_BEFORE) == Sent(failed=1)


def test_a_redirection_is_not_followed(running: House) -> None:
    running.hook.answers[:] = [(302, {"location": "http://169.254.169.254/"})]
    assert running.round(running.rules("program"), DAY_BEFORE) == Sent(put_off=1)
    assert "HTTP 302" in running.store.newest_messages(1)[0].error


def test_servers_that_are_not_there_are_tried_again(running: House) -> None:
    running.settings = {"smtp_port": 1}
    text = running.rules("duty", "program").replace(running.hook.url, "http://127.0.0.1:1/")
    assert running.round(text, DAY_BEFORE) == Sent(put_off=2)


def test_no_answer_after_the_last_byte_is_told_as_a_doubt_by_another_message(running: House) -> None:
    running.hook.answers[:] = [(0, {})]
    done = running.round(running.rules("program"), DAY_BEFORE)
    assert (done.sent, done.doubtful) == (1, 1)
    first, repeat = running.hook.bodies
    assert repeat["data"]["repeats"] == first["data"]["message"]
    assert repeat["data"]["notifications"] == first["data"]["notifications"]
    assert max(running.hook.ids.values()) == 1


def test_a_receiver_that_knows_ids_again_may_ask_for_the_same_message(running: House) -> None:
    running.hook.answers[:] = [(0, {})]
    text = running.rules("program").replace("secret_env", 'on_doubt = "resend"\nsecret_env')
    done = running.round(text, DAY_BEFORE)
    assert (done.sent, done.doubtful) == (1, 1)
    assert list(running.hook.ids.values()) == [2]


def test_a_notifier_that_died_with_the_last_byte_is_told_of_once_its_lease_is_over(running: House) -> None:
    text = running.rules("duty")
    running.now = parse_instant(DAY_BEFORE)
    running.watcher(text).look(running.now)
    with running.store.notifying() as outbox:
        outbox.gather(running.now)
        ((message, _),) = outbox.claim(running.now, running.now, "dead", 1)
        assert outbox.hand_over(message.id, "dead", parse_instant("2026-03-02T12:02:00+01:00"))
    assert running.round(text, "2026-03-02T12:01:59+01:00") == Sent()
    assert running.round(text, "2026-03-02T12:02:00+01:00") == Sent(sent=1, doubtful=1)
    (mail,) = running.mailbox.mails
    assert "[Greffe] Repeated – Due within 1 day" in str(mail["Subject"])
    assert "it is not known whether it reached you" in " ".join(next(mail.iter_parts()).get_content().split())


def test_a_recipient_who_left_the_rules_is_not_told(running: House) -> None:
    text = running.rules("duty")
    running.watcher(text).look(parse_instant(DAY_BEFORE))
    running.now = parse_instant(DAY_BEFORE)
    gone = text.replace("[recipients.duty]", "[recipients.other]").replace('["duty"]', '["other"]')
    assert send_round(running.sender(gone)) == Sent(failed=1)
    assert "no longer in the rules" in running.store.newest_messages(1)[0].error


def test_a_message_that_another_took_over_does_not_leave(running: House) -> None:
    text = running.rules("duty", "program")
    running.now = parse_instant(DAY_BEFORE)
    running.watcher(text).look(running.now)
    slow = running.sender(text)
    reach = slow._reach

    class Slow:
        """Lets another notifier take the message while it is prepared."""

        def send(self, letter: Any, recipient: str, contracts: set[str], hand_over: Any) -> None:
            running.now = parse_instant("2026-03-02T12:05:00+01:00")
            with running.store.notifying() as outbox:
                outbox.claim(running.now, running.now, "another", 10)
            reach.send(letter, recipient, contracts, hand_over)

        def close(self) -> None:
            reach.close()

    slow._reach = Slow()  # type: ignore[assignment] # stands where another process would be quicker
    slow.turn()
    slow.close()
    assert running.mailbox.mails == []
    assert running.hook.calls == []


def test_a_sender_that_is_to_stop_gives_back_what_it_did_not_begin(running: House) -> None:
    text = running.rules("duty", "program")
    running.now = parse_instant(DAY_BEFORE)
    running.watcher(text).look(running.now)
    assert running.sender(text).turn(lambda: True) == Sent()
    assert running.store.message_counts()["ready"] == 2


def test_a_webhook_is_signed_as_the_standard_says(running: House) -> None:
    running.round(running.rules("program"), DAY_BEFORE)
    ((headers, body),) = running.hook.calls
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed_text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed_text, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(parse_instant(DAY_BEFORE) // 1_000_000)


def test_the_standard_s_own_example_and_a_change_of_secrets() -> None:
    body = b'{"test": 2432232314}'
    keys = signing_keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert signature(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
    both = signing_keys(f"{SECRET} {SECRET[:-4]}AAAA")
    assert len(signature(both, "x", 1, body).split()) == 2
    for wrong in ("", "whsec_x", "whsec_c2hvcnQ="):
        with pytest.raises(ValueError, match="base64"):
            signing_keys(wrong)


CHATS = """
[channels.slack]
kind = "slack"
url_env = "CHAT_URL"
[channels.teams]
kind = "teams"
url_file = "{file}"
[channels.mattermost]
kind = "mattermost"
url_env = "CHAT_URL"
[recipients.slack]
channel = "slack"
lang = ["en"]
[recipients.teams]
channel = "teams"
lang = ["fr"]
[recipients.mattermost]
channel = "mattermost"
"""


def test_chats_get_what_they_read(running: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "url").write_text(running.hook.url + "\n")
    monkeypatch.setenv("CHAT_URL", running.hook.url)
    names = ("mattermost", "slack", "teams")
    text = running.rules(*names, more=CHATS.format(file=tmp_path / "url"))
    for at in (DAY_BEFORE, HOURS_BEFORE):
        running.round(text, at)
    by_kind = {next(iter(body)): body for body in running.hook.bodies if len(body) > 1}
    slack, teams = by_kind["text"], by_kind["type"]
    (mattermost, *_) = [body["text"] for body in running.hook.bodies if len(body) == 1]
    assert slack["blocks"][0]["type"] == "section"
    assert "Due within" in json.dumps(slack)
    card = teams["attachments"][0]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["content"]["actions"][0]["url"] == "https://greffe.example/contracts/C-1/deadlines"
    assert "Échéance" in json.dumps(teams, ensure_ascii=False)
    assert "#### [Due within 1 day" in mattermost


def test_secrets_and_addresses_that_are_missing_or_wrong_are_named_and_never_shown(
    running: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("CHAT_URL", "http://chat.example/T0P-S3CRET")
    monkeypatch.setenv("HOOK_SECRET", "T0P-S3CRET")
    monkeypatch.delenv("NOWHERE", raising=False)
    more = CHATS.format(file=tmp_path / "none") + '[recipients.nowhere]\nchannel = "mail"\naddress_env = "NOWHERE"\n'
    running.settings = {"attempts": 1}
    done = running.round(running.rules("slack", "teams", "program", "nowhere", more=more), DAY_BEFORE)
    assert done == Sent(failed=4)
    errors = sorted(one.error for one in running.store.newest_messages(9))
    assert errors == [
        "channels.hook.secret: expected whsec_ and base64",
        "channels.slack.url: not encrypted: use https://, or say insecure = true",
        f"channels.teams.url_file: the file {tmp_path / 'none'} cannot be read",
        "recipients.nowhere.address_env: the variable NOWHERE is not set",
    ]
    monkeypatch.setenv("NOWHERE", "not an address")
    assert running.round(running.rules("nowhere", more=more), HOURS_BEFORE) == Sent(failed=1)
    assert "expected an e-mail address" in running.store.newest_messages(1)[0].error


def test_without_a_mail_server_nothing_is_lost(running: House) -> None:
    running.settings = {"smtp_host": None}
    assert running.round(running.rules("duty"), DAY_BEFORE) == Sent(put_off=1)
    assert running.store.newest_messages(1)[0].error == "notify.sender and notify.smtp_host are not set"


def test_the_views_and_every_statement_are_what_they_were_before_something_was_sent(running: House) -> None:
    catalogue = load_catalogue()
    views = views_of(ledger_of(running.store, catalogue), catalogue)
    views.refresh()
    before, known = running.store.view("C-1"), running.store.revisions({"C-1"})
    running.round(running.rules("duty"), DAY_BEFORE)
    views.refresh()
    assert [one.topic for one in running.store.entries_of("")] == [NOTIFIED]
    assert (running.store.view("C-1"), running.store.revisions({"C-1"})) == (before, known)
    assert views.rebuild().changed == ()


def test_mail_is_encrypted_and_the_user_is_known(running: House, tmp_path: Path) -> None:
    authority, chain = write_certificates(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)

    def known(_server: object, _session: object, _envelope: object, _mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"greffe", b"T0P-S3CRET"), handled=False)

    chosen = {"smtp_security": "starttls", "smtp_authorities": authority, "smtp_user": "greffe"}
    with mail_server(tls_context=context, require_starttls=True, auth_required=True, authenticator=known) as mailbox:
        running.settings = {**chosen, "smtp_port": mailbox.port, "smtp_password": "T0P-S3CRET"}
        assert running.round(running.rules("duty"), DAY_BEFORE) == Sent(sent=1)
        running.settings["smtp_password"] = "wrong"  # noqa: S105 - says so
        assert running.round(running.rules("duty"), HOURS_BEFORE) == Sent(put_off=1)
        assert running.store.newest_messages(1)[0].error == "535: the mail server refuses the user or the password"
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"lease_seconds": 5, "answer_seconds": 5},
        {"smtp_user": "greffe"},
        {"smtp_security": "none", "smtp_host": "mail.example", "smtp_user": "greffe", "smtp_password": "x"},
    ],
)
def test_settings_that_contradict_each_other_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NotifySettings(**wrong)
