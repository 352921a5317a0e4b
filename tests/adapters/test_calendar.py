"""Deadlines as a calendar, read back by a parser that did not write it."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from adapters.calendar import Lang, calendar
from adapters.eventstore.store import Revision
from domain.time.instant import Instant, end_of_day, format_instant, parse_instant

KNOWN = Revision(4, parse_instant("2026-01-10T09:00:00+01:00"))
TITLES = {"d/reserve": ("Contest the end of an outage", "Contester la fin d'une interruption ; délai, forme")}


def row(**more: Any) -> dict[str, Any]:
    plain = {
        "rule": "d/reserve",
        "owed_by": "client",
        "opened_by": "urn:x#1",
        "from": "2026-01-05T10:00:00+01:00",
        "due": "2026-05-04T10:00:00+02:00",
        "last_day": None,
        "state": "pending",
        "settled_at": None,
        "clause": "9.3",
    }
    return plain | more


def written(*rows: dict[str, Any], lang: Lang = "en", known: Revision = KNOWN) -> bytes:
    return calendar([("C-1", one) for one in rows], {"C-1": known}, TITLES.get, lang)


def read(*rows: dict[str, Any], lang: Lang = "en", known: Revision = KNOWN) -> list[Any]:
    text = written(*rows, lang=lang, known=known).decode()
    return list(vobject.readOne(text, validate=True).contents.get("vevent", []))


def whole_day(day: str, **more: Any) -> dict[str, Any]:
    return row(due=format_instant(end_of_day(date.fromisoformat(day))), last_day=day, **more)


def alarms(event: Any) -> list[datetime]:
    return [one.trigger.value for one in event.contents.get("valarm", [])]


@pytest.mark.parametrize(
    ("due", "utc"),
    [
        ("2026-03-29T01:59:59+01:00", datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)),
        ("2026-03-29T03:00:00+02:00", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("2026-10-25T02:30:00+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_hour_comes_back_as_the_same_instant_on_days_when_the_clocks_change(due: str, utc: datetime) -> None:
    [event] = read(row(due=due))
    assert event.dtstart.value == utc
    assert f"Due {due}" in event.description.value
    assert alarms(event) == [utc - before for before in (timedelta(7), timedelta(1), timedelta(hours=2))]


@given(st.integers(parse_instant("2026-03-28T12:00:00+01:00") // 10**6, parse_instant("2026-10-26T12:00:00Z") // 10**6))
def test_any_second_comes_back_as_it_was(second: int) -> None:
    [event] = read(row(due=format_instant(Instant(second * 10**6))))
    assert event.dtstart.value.timestamp() == second


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25", "2026-10-26"])
def test_whole_day_is_that_day_and_rings_at_nine_in_paris(day: str) -> None:
    [event] = read(whole_day(day))
    last = date.fromisoformat(day)
    assert (event.dtstart.value, event.dtend.value) == (last, last + timedelta(days=1))
    assert not isinstance(event.dtstart.value, datetime)
    rings = [format_instant(parse_instant(at.isoformat())) for at in alarms(event)]
    assert [at[:19] for at in rings] == [f"{last - timedelta(days=n)}T09:00:00" for n in (7, 1)]


def test_no_alarm_rings_before_the_delay_ran_nor_once_it_is_settled() -> None:
    [short] = read(row(**{"from": "2026-05-03T22:00:00+02:00"}))
    assert alarms(short) == [datetime(2026, 5, 4, 6, tzinfo=UTC)]
    for state in ("met", "met-late", "missed", "cancelled"):
        assert alarms(read(row(state=state))[0]) == []


def test_state_is_said_and_only_what_is_cancelled_is_cancelled() -> None:
    said = {}
    for state in ("pending", "met", "met-late", "missed", "cancelled"):
        [event] = read(row(state=state, settled_at="2026-02-01T10:00:00+01:00"), lang="fr")
        said[state] = (event.status.value, event.summary.value.partition("Contester")[0])
    assert said == {
        "pending": ("CONFIRMED", ""),
        "met": ("CONFIRMED", "Tenue : "),
        "met-late": ("CONFIRMED", "Tenue en retard : "),
        "missed": ("CONFIRMED", "Manquée : "),
        "cancelled": ("CANCELLED", "Annulée : "),
    }


def test_clause_and_rule_are_told_in_the_language_asked_for() -> None:
    [french], [english] = read(row(), lang="fr"), read(row())
    for event, words in ((french, ("Clause 9.3", "Règle d/reserve", "Due par le client")), (english, ("Clause 9.3",))):
        assert set(words) <= set(event.description.value.split("\n"))
    assert TITLES["d/reserve"][1] in french.summary.value
    assert (french.uid.value, french.sequence.value) == (english.uid.value, english.sequence.value)


def test_duty_without_a_date_is_left_out() -> None:
    assert read(row(due=None, state="open-ended")) == []


def test_event_keeps_its_name_while_its_date_and_state_change_and_its_sequence_grows() -> None:
    [first] = read(row())
    [moved] = read(row(due="2026-06-01T10:00:00+02:00"), known=Revision(5, Instant(KNOWN.last + 1_000_000)))
    [missed] = read(row(due="2026-06-01T10:00:00+02:00", state="missed"), known=Revision(5, KNOWN.last))
    [settled] = read(row(state="met-late"), known=Revision(6, parse_instant("2026-06-03T10:00:00+02:00")))
    every = (first, moved, missed, settled)
    assert len({event.uid.value for event in every}) == 1
    grown = [(int(event.sequence.value), event.contents["last-modified"][0].value) for event in every]
    assert grown == sorted(set(grown))


def test_no_two_deadlines_share_a_name() -> None:
    several = [row(), row(opened_by="urn:x#2"), row(rule="d/other")]
    unopened = [row(opened_by=None), row(opened_by=None), row(opened_by=None, **{"from": "2026-02-01T00:00:00+01:00"})]
    assert len({event.uid.value for event in read(*several, *unopened)}) == 6


def test_file_is_folded_ends_its_lines_as_it_should_and_needs_no_zone() -> None:
    body = written(row(), whole_day("2026-03-29"), lang="fr")
    assert body == written(row(), whole_day("2026-03-29"), lang="fr")
    lines = body.split(b"\r\n")
    assert all(b"\n" not in line and len(line) <= 75 for line in lines)
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert b"TZID" not in body


def test_words_of_others_cannot_write_lines_of_the_calendar() -> None:
    name = "x\r\nEND:VEVENT\r\nATTACH:http://example.org"
    body = calendar([(name, row())], {name: KNOWN}, TITLES.get, "en")
    [event] = vobject.readOne(body.decode()).vevent_list
    assert "attach" not in event.contents
    assert json.dumps(event.summary.value).count("ATTACH") == 1
