"""Deadlines as a calendar (RFC 5545) that ordinary calendar programs subscribe to: one event for each that has a date.

The same deadlines and revisions give the same bytes. An hour is written in UTC; a whole day as the day itself, which
is a day of Europe/Paris whatever the zone of who looks: no event refers to a zone, so none has to be described.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from adapters.eventstore.store import Revision
from domain.time.instant import Instant, format_instant, from_datetime, parse_instant, to_paris
from projections.text import Titles

Lang = Literal["en", "fr"]
Row = dict[str, Any]
PRODUCT = "-//Greffe//Deadlines//EN"
EVERY_HOUR = timedelta(hours=1)
PARIS = ZoneInfo("Europe/Paris")
MORNING = 9
"""The hour, in Paris, at which the alarm of a whole day rings."""
BEFORE_DAYS = (timedelta(days=7), timedelta(days=1))
BEFORE_HOURS = (*BEFORE_DAYS, timedelta(hours=2))
"""How long before a deadline its alarms ring: one that is counted in days, one that is counted in hours."""

_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "name": "Deadlines of greffe",
        "pending": "",
        "met": "Met: ",
        "met-late": "Met late: ",
        "missed": "Missed: ",
        "cancelled": "Cancelled: ",
        "client": "Owed by the client",
        "provider": "Owed by the provider",
        "none": "Takes effect by itself",
        "clause": "Clause {}",
        "rule": "Rule {}",
        "contract": "Contract {}",
        "last_day": "Last day in time: {}, until midnight in Paris",
        "due": "Due {}",
        "safe_until": "Safe under the strictest reading until {}",
        "settled": "Settled {}",
    },
    "fr": {
        "name": "Échéances de greffe",
        "pending": "",
        "met": "Tenue : ",
        "met-late": "Tenue en retard : ",
        "missed": "Manquée : ",
        "cancelled": "Annulée : ",
        "client": "Due par le client",
        "provider": "Due par le prestataire",
        "none": "Prend effet de plein droit",
        "clause": "Clause {}",
        "rule": "Règle {}",
        "contract": "Contrat {}",
        "last_day": "Dernier jour utile : {}, jusqu'à minuit à Paris",
        "due": "Échéance {}",
        "safe_until": "Sans risque, sous la lecture la plus stricte, jusqu'au {}",
        "settled": "Réglée {}",
    },
}


def calendar(
    rows: Iterable[tuple[str, Row]],
    revisions: Mapping[str, Revision],
    titles: Titles,
    lang: Lang,
) -> bytes:
    """A calendar of deadlines, each a contract and a row as statements print it; rows without ``due`` are left out.

    ``titles`` names a rule in both languages; one that it does not know is called by its id.
    """
    words = _WORDS[lang]

    def title(rule: str) -> str:
        found = titles(rule)
        return rule if found is None else found[lang == "fr"]

    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("name", words["name"])
    made.add("x-wr-calname", words["name"])
    made.add("x-wr-timezone", PARIS.key)
    made.add("refresh-interval", EVERY_HOUR, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    named: Counter[str] = Counter()
    for contract, row in rows:
        if row["due"] is None:
            continue
        name = json.dumps([contract, row["rule"], row["opened_by"] or row["from"]], ensure_ascii=False)
        event = _event(contract, row, revisions[contract], title(row["rule"]), lang)
        event.add("uid", _uid(name, named[name]))
        made.add_component(event)
        named[name] += 1
    written: bytes = made.to_ical()
    return written


def _event(contract: str, row: Row, revision: Revision, title: str, lang: Lang) -> Event:
    due, last_day = parse_instant(row["due"]), row["last_day"]
    summary = f"{_WORDS[lang][row['state']]}{title} ({contract})"
    sequence, changed = _revised(row["state"], due, revision)
    event = Event()
    event.add("dtstamp", _utc(changed))
    event.add("last-modified", _utc(changed))
    event.add("sequence", sequence)
    if last_day is None:
        event.add("dtstart", _utc(due))
    else:
        day = date.fromisoformat(last_day)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", "\n".join(_lines(contract, row, title, lang)))
    event.add("status", "CANCELLED" if row["state"] == "cancelled" else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    event.add("categories", [row["state"]])
    if row["state"] == "pending":
        for at in _alarms(row, due):
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", summary)
            alarm.add("trigger", at, parameters={"VALUE": "DATE-TIME"})
            event.add_component(alarm)
    return event


def _uid(name: str, number: int) -> str:
    """The same for as long as the deadline is that of the same contract, rule and opening fact."""
    numbered = f"{name}#{number}" if number else name
    return f"{hashlib.sha256(numbered.encode()).hexdigest()[:32]}@greffe"


def _revised(state: str, due: Instant, revision: Revision) -> tuple[int, Instant]:
    """(sequence, instant) of the last change: a fact of the contract, or the passing of ``due`` without one."""
    passed = state == "missed" and due > revision.last
    return 2 * revision.facts + (state == "missed"), due if passed else revision.last


def _alarms(row: Row, due: Instant) -> Iterable[datetime]:
    """When the alarms ring, exact on every side of a change of the clocks; none from before the delay ran."""
    if row["last_day"] is None:
        found = [_utc(due) - before for before in BEFORE_HOURS]
    else:
        day = date.fromisoformat(row["last_day"])
        found = [
            _utc(from_datetime(datetime(at.year, at.month, at.day, MORNING, tzinfo=PARIS)))
            for at in (day - before for before in BEFORE_DAYS)
        ]
    start = None if row["from"] is None else _utc(parse_instant(row["from"]))
    return [at for at in found if start is None or at >= start]


def _lines(contract: str, row: Row, title: str, lang: Lang) -> Iterable[str]:
    words = _WORDS[lang]
    yield title
    yield words["contract"].format(contract)
    yield words["clause"].format(row["clause"])
    yield words["rule"].format(row["rule"])
    yield words[row["owed_by"]]
    if row["last_day"] is None:
        yield words["due"].format(format_instant(parse_instant(row["due"])))
    else:
        yield words["last_day"].format(row["last_day"])
    if "safe_until" in row:
        yield words["safe_until"].format(row["safe_until"])
    if row["settled_at"] is not None:
        yield words["settled"].format(row["settled_at"])


def _utc(at: Instant) -> datetime:
    """Whole seconds: a calendar knows no less."""
    return to_paris(at).astimezone(UTC).replace(microsecond=0)
