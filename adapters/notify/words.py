"""What people read of a notification, in English and in French. Days and hours are those of Paris."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from adapters.notify.moments import Span
from domain.time.instant import parse_instant, to_paris

Lang = Literal["en", "fr"]
Said = Mapping[str, Any]
_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}
_UNITS = {
    "en": {"m": ("minute", "minutes"), "h": ("hour", "hours"), "d": ("day", "days"), "w": ("week", "weeks")},
    "fr": {"m": ("minute", "minutes"), "h": ("heure", "heures"), "d": ("jour", "jours"), "w": ("semaine", "semaines")},
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "today": "Last day",
        "within": "Due within {span}",
        "moved": "Date changed",
        "missed": "Missed",
        "met": "Met",
        "met-late": "Met late",
        "cancelled": "Cancelled",
        "budget": "{percent} % of the allowed downtime used",
        "support": "{percent} % of the time used",
        "escalated": "Escalation, not acknowledged",
        "client": "Owed by the client",
        "provider": "Owed by the provider",
        "none": "Takes effect by itself",
        "contract": "Contract {}",
        "clause": "Clause {}",
        "rule": "Rule {}",
        "last_day": "Last day in time: {}, until midnight in Paris",
        "due": "Due {}",
        "was": "Its date was {} when this was last told",
        "safe_until": "Safe under the strictest reading until {}",
        "ticket": "Ticket {}",
        "resource": "Resource {}",
        "period": "Period from {} to {}",
        "used": "Used: {} of {}",
        "last_instant": "Last instant in time: {}",
        "reference": "Notification {}",
        "link": "More: {}",
        "of": "{}, {} (Paris)",
        "alert": "Greffe",
        "many": "{} things to look at",
        "digest": "What came since the last digest",
        "before": "What stood already when these rules were first applied, or was only learnt late",
        "together": "So many things came at once that they are told together",
        "doubt": "The sending of an earlier message was interrupted, and it is not known whether it reached you. This "
        "repeats, once, what it said",
        "repeated": "Repeated",
        "test": "Test",
        "tested": "This message tests that you can be reached; there is nothing to do.",
        "more": "… and {} more",
        "why": "Sent by Greffe, the ledger of service agreements, by rule {}. Do not answer this message.",
    },
    "fr": {
        "today": "Dernier jour",
        "within": "Échéance dans {span} au plus",
        "moved": "Date changée",
        "missed": "Manquée",
        "met": "Tenue",
        "met-late": "Tenue en retard",
        "cancelled": "Annulée",
        "budget": "{percent} % de l'indisponibilité permise consommés",
        "support": "{percent} % du délai consommés",
        "escalated": "Escalade, sans prise en charge",
        "client": "Due par le client",
        "provider": "Due par le prestataire",
        "none": "Prend effet de plein droit",
        "contract": "Contrat {}",
        "clause": "Clause {}",
        "rule": "Règle {}",
        "last_day": "Dernier jour utile : {}, jusqu'à minuit à Paris",
        "due": "Échéance : {}",
        "was": "Sa date était : {} lors du dernier message",
        "safe_until": "Sans risque, sous la lecture la plus stricte, jusqu'au {}",
        "ticket": "Ticket {}",
        "resource": "Ressource {}",
        "period": "Période du {} au {}",
        "used": "Consommé : {} sur {}",
        "last_instant": "Dernier instant utile : {}",
        "reference": "Notification {}",
        "link": "Détail : {}",
        "of": "{}, {} (Paris)",
        "alert": "Greffe",
        "many": "{} points à examiner",
        "digest": "Ce qui est venu depuis la dernière synthèse",
        "before": "Ce qui existait déjà quand ces règles ont été appliquées pour la première fois, ou n'a été appris "
        "que tard",
        "together": "Tant de points sont venus à la fois qu'ils sont dits ensemble",
        "doubt": "L'envoi d'un message précédent a été interrompu, et l'on ne sait pas s'il vous est parvenu. Celui-ci "
        "répète, une fois, ce qu'il disait",
        "repeated": "Répété",
        "test": "Essai",
        "tested": "Ce message vérifie que vous pouvez être joint ; il n'y a rien à faire.",
        "more": "… et {} de plus",
        "why": "Envoyé par Greffe, le registre des conventions de service, selon la règle {}. Ne répondez pas à ce "
        "message.",
    },
}


def word(name: str, lang: Lang) -> str:
    """A phrase of the letters around notifications."""
    return _WORDS[lang][name]


def headline(said: Said, lang: Lang) -> str:
    """What happened, and to what, on one line."""
    words = _WORDS[lang]
    threshold, _, escalation = said["threshold"].partition("+")
    if threshold.endswith("%"):
        what = words[said["kind"]].format(percent=threshold[:-1])
    elif threshold == "settled":
        what = words[said["state"]]
    elif threshold.startswith("moved"):
        what = words["moved"]
    elif threshold == "missed":
        what = words["missed"]
    else:
        what = _within(threshold, lang)
    if escalation:
        what = f"{words['escalated']} – {what}"
    colon = " : " if lang == "fr" else ": "
    return f"{what}{colon}{said['title'][lang == 'fr']}"


def details(said: Said, lang: Lang) -> Iterator[str]:
    """What is to be known of it, a line each."""
    words = _WORDS[lang]
    if "note" in said:
        yield said["note"][lang == "fr"]
    if said.get("last_day"):
        yield words["last_day"].format(day_text(date.fromisoformat(said["last_day"]), lang))
    elif said["due"] and said["kind"] == "deadline":
        yield words["due"].format(instant_text(said["due"], lang))
    for name in ("was", "safe_until"):
        if name in said:
            yield words[name].format(instant_text(said[name], lang))
    if "period" in said:
        yield words["period"].format(*(instant_text(one, lang) for one in said["period"]))
    if "used_seconds" in said:
        yield words["used"].format(*(length_text(said[name]) for name in ("used_seconds", "allowed_seconds")))
    if said.get("last_instant"):
        yield words["last_instant"].format(instant_text(said["last_instant"], lang))
    yield words["contract"].format(said["contract"])
    for name in ("ticket", "resource", "clause"):
        if said.get(name):
            yield words[name].format(said[name])
    yield words["rule"].format(said["id"])
    yield words[said["owed_by"]]


def instant_text(text: str, lang: Lang) -> str:
    """An instant as people write it: day and hour in Paris."""
    at = to_paris(parse_instant(text))
    return _WORDS[lang]["of"].format(day_text(at.date(), lang), f"{at:%H:%M}")


def day_text(day: date, lang: Lang) -> str:
    """A day as people write it."""
    number = "1er" if lang == "fr" and day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[lang][day.month - 1]} {day.year}"


def length_text(seconds: str) -> str:
    """A length of time, in whole minutes from the first hour on."""
    whole = int(seconds.partition(".")[0].partition("/")[0])
    if "/" in seconds:
        above, below = map(int, seconds.split("/"))
        whole = above // below
    hours, rest = divmod(whole, 3_600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {left:02} s" if minutes else f"{left} s"


def _within(threshold: str, lang: Lang) -> str:
    span = Span.parse(threshold)
    assert span is not None
    if not span.number:
        return _WORDS[lang]["today"]
    one, many = _UNITS[lang][span.unit]
    return _WORDS[lang]["within"].format(span=f"{span.number} {one if span.number == 1 else many}")
