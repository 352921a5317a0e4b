"""Who is told what, when: thresholds, moves, what is settled, escalation, first start, digests, too much at once."""

import json
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from adapters.notify.figures import Figure, Kind
from adapters.notify.load import parse_rules
from adapters.notify.planning import Plan, Planner, together
from adapters.notify.rows import NONE, Notification
from adapters.notify.rules import Rules
from domain.time.instant import Instant, format_instant, parse_instant

HEAD = """\
version = 1
[channels.mail]
kind = "email"
[quiet.night]
from = "20:00"
to = "07:00"
passes = ["high"]
[digests.morning]
every = "day"
at = "08:00"
[recipients.duty]
channel = "mail"
address = "duty@client.example"
[recipients.boss]
channel = "mail"
address = "boss@client.example"
quiet = ["night"]
[recipients.legal]
channel = "mail"
contact = "legal"
"""
CLAIMS = """
[[rules]]
name = "claims"
about = "deadline"
before = ["30d", "7d", "1d", "2h"]
to = ["duty"]
"""
START = parse_instant("2026-05-01T00:00:00+02:00")
DUE = parse_instant("2026-06-01T12:00:00+02:00")
NO_RULES: dict[tuple[str, str], Instant] = {}


def at(text: str) -> Instant:
    return parse_instant(text if "T" in text else f"{text}T12:00:00+02:00")


def figure(state: str = "pending", due: Instant = DUE, **more: Any) -> Figure:
    made = {
        "kind": "deadline",
        "contract": "C-1",
        "thing": "thing",
        "id": "outscale-cgv-2019/reserve-48h",
        "owed_by": "client",
        "due": due,
        "last_day": None,
        "start": START,
        "state": state,
        "used": Fraction(0),
        "said": {"clause": "9.3", "last_day": None},
    }
    return Figure(**(made | more))


def used(kind: Kind, percent: int, state: str = "running") -> Figure:
    return figure(state, NONE if kind == "support" else DUE, kind=kind, used=Fraction(percent))


def rules(text: str = CLAIMS) -> Rules:
    return parse_rules(HEAD + text, Path("rules.toml"))


def look(
    now: str, *figures: Figure, told: Sequence[Notification] = (), by: str = CLAIMS, since: Instant | None = START
) -> Plan:
    return Planner(rules(by), lambda _rule, _recipient: since, lambda _id: ("Reserve", "Réserve"), at(now)).plan(
        figures, told
    )


def sent(plan: Plan, when: str, told: Sequence[Notification] = (), state: str = "sent") -> list[Notification]:
    """What was told, once what a plan found was sent too."""
    return [*told, *(one._replace(state=state, sent=at(when)) for one in plan.found)]


def names(plan: Plan) -> list[tuple[str, str]]:
    return sorted((one.recipient, one.threshold) for one in plan.found)


def test_only_the_furthest_threshold_is_told_and_each_once() -> None:
    assert names(look("2026-05-01T11:00:00+02:00", figure())) == []
    first = look("2026-05-03", figure())
    assert names(first) == [("duty", "30d")]
    assert first.again == parse_instant("2026-05-25T12:00:00+02:00")
    assert names(look("2026-05-20", figure(), told=sent(first, "2026-05-03"))) == []
    late = look("2026-05-31T12:00:00+02:00", figure(), told=sent(first, "2026-05-03"))
    assert names(late) == [("duty", "1d")]
    assert names(look("2026-05-31T13:00:00+02:00", figure(), told=sent(late, "2026-05-31"))) == []
    missed = look("2026-06-01T12:00:01+02:00", figure("missed"), told=sent(late, "2026-05-31"))
    assert names(missed) == [("duty", "missed")]


def test_a_delay_shorter_than_a_threshold_is_told_when_it_begins_to_run() -> None:
    start = at("2026-05-30")
    (found,) = look("2026-05-30T12:00:01+02:00", figure(start=start)).found
    assert (found.threshold, found.at) == ("7d", start)


def test_days_are_counted_from_the_last_day_in_the_morning() -> None:
    whole = figure(due=at("2026-06-02T00:00:00+02:00"), last_day=date(2026, 6, 1))
    assert names(look("2026-05-25T08:59:00+02:00", whole)) == [("duty", "30d")]
    assert names(look("2026-05-25T09:00:00+02:00", whole)) == [("duty", "7d")]


def test_a_date_that_moved_is_told_again_with_what_it_was() -> None:
    told = sent(look("2026-05-03", figure()), "2026-05-03")
    later = figure(due=at("2026-07-20"))
    moved = look("2026-05-04", later, told=told)
    assert names(moved) == [("duty", "moved#1")]
    body = json.loads(moved.found[0].body)
    assert (body["was"], body["due"]) == (format_instant(DUE), "2026-07-20T12:00:00+02:00")
    told = sent(moved, "2026-05-04", told)
    assert names(look("2026-05-05", later, told=told)) == []
    back = look("2026-05-06", figure(), told=told)
    assert names(back) == [("duty", "moved#2")], "what was told of the first date no longer stands"
    told = sent(back, "2026-05-06", told)
    assert names(look("2026-05-26", figure(), told=told)) == [("duty", "7d")]


def test_a_date_that_moved_past_a_threshold_is_told_once_as_both() -> None:
    told = sent(look("2026-05-03", figure()), "2026-05-03")
    (found,) = look("2026-05-04", figure(due=at("2026-05-06")), told=told).found
    assert found.threshold == "7d"
    assert json.loads(found.body)["was"] == format_instant(DUE)


def test_what_is_met_or_cancelled_stops_the_series_and_takes_back_what_waits() -> None:
    waiting = sent(look("2026-05-03", figure()), "2026-05-03", state="waiting")
    for state in ("met", "met-late", "cancelled"):
        stopped = look("2026-05-26", figure(state), told=waiting)
        assert (names(stopped), stopped.withdrawn) == ([], [waiting[0].id])
    gone = look("2026-05-26", told=waiting)
    assert gone.withdrawn == [waiting[0].id]


def test_who_was_told_is_told_that_it_is_settled_where_the_rule_says_so() -> None:
    by = CLAIMS + "settled = true\n"
    told = sent(look("2026-05-03", figure(), by=by), "2026-05-03")
    done = look("2026-05-04", figure("met"), told=told, by=by)
    assert names(done) == [("duty", "settled")]
    assert names(look("2026-05-05", figure("met"), told=sent(done, "2026-05-04", told), by=by)) == []
    assert names(look("2026-05-04", figure("met"), by=by)) == [], "nobody was told that it ran"
    waiting = sent(done, "2026-05-04", told, state="waiting")
    assert look("2026-05-05", figure(), told=waiting, by=by).withdrawn == [done.found[0].id]


def test_what_waits_is_taken_back_when_a_nearer_threshold_is_passed_or_the_date_moves() -> None:
    waiting = sent(look("2026-05-03", figure()), "2026-05-03", state="waiting")
    nearer = look("2026-05-26", figure(), told=waiting)
    assert (names(nearer), nearer.withdrawn) == ([("duty", "7d")], [waiting[0].id])
    moved = look("2026-05-04", figure(due=at("2026-06-02")), told=waiting)
    assert (names(moved), moved.withdrawn) == ([("duty", "30d")], [waiting[0].id])
    missed = sent(look("2026-06-02", figure("missed")), "2026-06-02", state="waiting")
    assert look("2026-06-02", figure(), told=missed).withdrawn == [missed[0].id]


BUDGET = """
[[rules]]
name = "budgets"
about = "budget"
percent = [50, 80, 100]
to = ["duty"]
"""


def test_shares_of_a_budget_or_a_clock_are_told_as_they_are_passed() -> None:
    for kind in ("budget", "support"):
        by = BUDGET.replace('"budget"', f'"{kind}"')
        assert names(look("2026-05-03", used(kind, 49), by=by)) == []
        first = look("2026-05-03", used(kind, 85), by=by)
        assert names(first) == [("duty", "80%")]
        told = sent(first, "2026-05-03")
        assert names(look("2026-05-04", used(kind, 85), told=told, by=by)) == []
        assert names(look("2026-05-04", used(kind, 60), told=told, by=by)) == []
        assert names(look("2026-05-05", used(kind, 100), told=told, by=by)) == [("duty", "100%")]
        assert names(look("2026-05-05", used(kind, 100, "met"), told=told, by=by)) == []


def test_a_share_that_a_correction_takes_back_is_not_told_and_that_of_a_period_that_is_over_is() -> None:
    waiting = sent(look("2026-05-03", used("budget", 85), by=BUDGET), "2026-05-03", state="waiting")
    waiting = [one._replace(thing='["budget","x"]') for one in waiting]
    corrected = used("budget", 20)._replace(thing='["budget","x"]')
    assert look("2026-05-03", corrected, told=waiting, by=BUDGET).withdrawn == [waiting[0].id]
    assert look("2026-08-03", told=waiting, by=BUDGET).withdrawn == []


ESCALATED = (
    CLAIMS
    + """
[[rules.escalate]]
after = "24h"
to = ["boss"]
"""
)


def test_what_nobody_acknowledges_goes_to_the_next_after_its_time() -> None:
    first = look("2026-05-26", figure(), by=ESCALATED)
    told = sent(first, "2026-05-26")
    assert names(look("2026-05-27T11:00:00+02:00", figure(), told=told, by=ESCALATED)) == []
    assert look("2026-05-26", figure(), told=told, by=ESCALATED).again == at("2026-05-27")
    raised = look("2026-05-27T12:00:00+02:00", figure(), told=told, by=ESCALATED)
    assert names(raised) == [("boss", "7d+24h")]
    assert raised.found[0].severity == "high"
    told = sent(raised, "2026-05-27", told)
    assert names(look("2026-05-28", figure(), told=told, by=ESCALATED)) == []


def test_what_is_acknowledged_or_settled_does_not_escalate() -> None:
    told = sent(look("2026-05-26", figure(), by=ESCALATED), "2026-05-26")
    known = [one._replace(acknowledged=at("2026-05-26T13:00:00+02:00")) for one in told]
    assert names(look("2026-05-28", figure(), told=known, by=ESCALATED)) == []
    assert names(look("2026-05-28", figure("met"), told=told, by=ESCALATED)) == []


def test_an_escalation_is_not_taken_back_by_the_next_threshold() -> None:
    told = sent(look("2026-05-26", figure(), by=ESCALATED), "2026-05-26")
    raised = look("2026-05-27T12:00:00+02:00", figure(), told=told, by=ESCALATED)
    told = sent(raised, "2026-05-27", told, state="waiting")
    both = look("2026-05-31T12:00:00+02:00", figure(), told=told, by=ESCALATED)
    assert (names(both), both.withdrawn) == ([("duty", "1d")], [])


def test_what_stood_before_a_rule_was_first_applied_is_told_in_one_message() -> None:
    old = [figure("missed", thing=f"old-{number}") for number in range(3)]
    first = look("2026-06-02", *old, figure(thing="new", due=at("2026-06-03")), since=None)
    assert len({one.grouped for one in first.found}) == 1
    assert first.found[0].grouped.startswith("before:")
    learnt_late = look("2026-06-05", figure("missed", thing="late"), since=at("2026-06-02"))
    assert learnt_late.found[0].grouped.startswith("before:")
    (after,) = look("2026-06-05", figure("missed", due=at("2026-06-04")), since=at("2026-06-02")).found
    assert after.grouped == f"at-once:{after.id}"


def test_a_digest_waits_for_its_hour_and_quiet_for_its_end_but_for_what_passes() -> None:
    by = CLAIMS.replace('to = ["duty"]', 'to = ["duty", "boss"]\ndigest = "morning"')
    found = {one.recipient: one for one in look("2026-05-26", figure(), by=by).found}
    assert format_instant(found["duty"].release) == "2026-05-27T08:00:00+02:00"
    assert found["duty"].grouped == f"digest:morning:{found['duty'].release}"
    by = CLAIMS.replace('to = ["duty"]', 'to = ["boss"]')
    (held,) = look("2026-05-26T22:00:00+02:00", figure(), by=by).found
    assert format_instant(held.release) == "2026-05-27T07:00:00+02:00"
    (passed,) = look("2026-05-26T22:00:00+02:00", figure(), by=by + 'severity = "high"\n').found
    assert passed.release == passed.at or format_instant(passed.release) == "2026-05-26T22:00:00+02:00"


def test_holders_of_a_role_are_told_of_each_contract_apart() -> None:
    by = CLAIMS.replace('to = ["duty"]', 'to = ["legal"]\ndigest = "morning"')
    plan = look("2026-05-26", figure(), figure(contract="C-2", thing="other"), by=by)
    assert {one.grouped.rpartition(":")[2] for one in plan.found} == {"C-1", "C-2"}


def test_two_rules_that_say_the_same_to_the_same_say_it_once() -> None:
    twice = CLAIMS + CLAIMS.replace('"claims"', '"again"').replace('["30d", "7d", "1d", "2h"]', '["7d"]')
    (found,) = look("2026-05-26", figure(), by=twice).found
    assert found.rule == "claims"


def test_names_are_those_of_what_is_told_and_to_whom_and_of_nothing_else() -> None:
    one = look("2026-05-26", figure()).found[0]
    assert look("2026-05-27", figure(), by=CLAIMS.replace('"claims"', '"renamed"')).found[0].id == one.id
    assert look("2026-05-26", figure(due=at("2026-06-02"))).found[0].id != one.id
    assert look("2026-05-26", figure(contract="C-2")).found[0].id != one.id


def test_too_much_at_once_for_one_recipient_is_one_message() -> None:
    found = look("2026-05-26", *(figure(thing=f"t-{number}") for number in range(5))).found
    assert [one.grouped for one in together(found, 5, at("2026-05-26"))] == [one.grouped for one in found]
    assert {one.grouped for one in together(found, 4, at("2026-05-26"))} == {f"many:{at('2026-05-26')}"}
