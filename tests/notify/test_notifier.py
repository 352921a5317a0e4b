"""The notifier against a real mail server and a real receiver of webhooks: what comes, once, and what is said of it."""

import json
from typing import Any

from adapters.bootstrap import ledger_of, views_of
from adapters.catalogue import load_catalogue
from adapters.eventstore.ledger import NOTIFIED
from adapters.notify.rounds import send_round
from adapters.notify.sending import Sent
from domain.time.instant import parse_instant
from tests.notify.conftest import AFTER, DAY_BEFORE, HOURS_BEFORE, House
from tests.support.arrivals import event, opened, outage, reserve, signed
from tests.support.persons import EMAIL, contact, erased


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
