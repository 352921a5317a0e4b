"""Figures as pages and documents show them: dates, spans, money and shares, set as each language sets them.

What is shown is cut to be read, but for euros, which are rounded as a credit note rounds them; the exact value stands
beside it or in the JSON of the same page. Times are those of Paris.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

from domain.exact import exact_text
from domain.money import to_cents
from domain.time.instant import MICROSECONDS_PER_SECOND, parse_instant, to_paris
from projections import shown
from projections.wording import field_word, value_word

Lang = Literal["en", "fr"]
MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
}
THIN = "\N{NARROW NO-BREAK SPACE}"
HARD = "\N{NO-BREAK SPACE}"
GROUP = 3
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
CENTS, SHARE_PLACES = 2, 3
Value = str | int | Fraction | None
NOTHING = "–"


def money(value: Value, lang: Lang) -> str:
    """Euros to the cent, rounded as a credit note is: ``€5,788.75``, ``5 788,75 €``."""
    if value is None:
        return NOTHING
    whole, _, cents = shown.cut(to_cents(Fraction(value)), CENTS).lstrip("-").partition(".")
    sign = "-" if Fraction(value) < 0 else ""
    cents = cents.ljust(CENTS, "0")
    return f"{sign}€{_grouped(whole, ',')}.{cents}" if lang == "en" else f"{sign}{_grouped(whole, THIN)},{cents}{HARD}€"


def share(value: Value, lang: Lang, places: int = SHARE_PLACES) -> str:
    """A fraction of 1 in percent, cut: ``98.125%``, ``98,125 %``."""
    return NOTHING if value is None else percentage(Fraction(value) * 100, lang, places)


def percentage(value: Value, lang: Lang, places: int = SHARE_PLACES) -> str:
    """A percentage, cut."""
    if value is None:
        return NOTHING
    text = shown.cut(Fraction(value), places)
    return f"{text}%" if lang == "en" else f"{text.replace('.', ',')}{HARD}%"


def count(value: int, lang: Lang) -> str:
    """A whole number with its thousands apart."""
    return _grouped(str(value), "," if lang == "en" else THIN)


def day(value: str | int | date | None, lang: Lang) -> str:
    """``3 Jun 2026``, ``3 juin 2026``."""
    if value is None:
        return NOTHING
    at = _date(value)
    number = "1er" if lang == "fr" and at.day == 1 else str(at.day)
    return f"{number}{HARD}{MONTHS[lang][at.month - 1]}{HARD}{at.year}"


def month(value: str | int | date | None, lang: Lang) -> str:
    """``Jun 2026``, ``juin 2026``."""
    if value is None:
        return NOTHING
    at = date.fromisoformat(f"{value}-01") if isinstance(value, str) and value.count("-") == 1 else _date(value)
    return f"{MONTHS[lang][at.month - 1]}{HARD}{at.year}"


def month_name(value: str, lang: Lang) -> str:
    """``Jun`` of ``2026-06``."""
    return MONTHS[lang][int(value[5:7]) - 1]


def moment(value: str | int | None, lang: Lang) -> str:
    """``3 Jun 2026, 09:00``, in Paris."""
    if value is None:
        return NOTHING
    at = _paris(value)
    seconds = f":{at:%S}" if at.second else ""
    return f"{day(at.date(), lang)}{' ' if lang == 'fr' else ', '}{at:%H:%M}{seconds}"


def lasting(value: Value, lang: Lang) -> str:
    """Seconds as days, hours, minutes: ``1 h 55 min``."""
    if value is None:
        return NOTHING
    exact = Fraction(value)
    return shown.clock(int(exact), lang).replace(" ", HARD)


def until(value: str | int | None, now: int, lang: Lang) -> str:
    """How far an instant is from now, in its largest two units: ``in 3 d 4 h``, ``2 h ago``."""
    if value is None:
        return NOTHING
    at = parse_instant(value) if isinstance(value, str) else value
    left = (at - now) // MICROSECONDS_PER_SECOND
    told = " ".join(shown.clock(abs(left) // 60 * 60 or abs(left), lang).split(" ")[:4]).replace(" ", HARD)
    if left < 0:
        return f"{told} ago" if lang == "en" else f"il y a{HARD}{told}"
    return f"in{HARD}{told}" if lang == "en" else f"dans{HARD}{told}"


def last_day(value: str) -> date:
    """The last day before an instant at which a period ends."""
    return to_paris(parse_instant(value) - 1).date()


def target(value: str, metric: str, lang: Lang) -> str:
    """The figure that a line promises: milliseconds for a latency, else a percentage as the text writes it."""
    if metric == "latency":
        return f"{value}{HARD}ms"
    return f"{value}%" if lang == "en" else f"{value.replace('.', ',')}{HARD}%"


def measured(row: Mapping[str, Any], metric: str, lang: Lang) -> str:
    """What a line reached: its availability, or what was measured of a line without a clock."""
    if row["availability"] is not None:
        return share(row["availability"], lang)
    value = row.get("value")
    if value is None:
        return NOTHING
    if metric == "latency":
        return f"{shown.cut(Fraction(value), SHARE_PLACES)}{HARD}ms"
    return share(value, lang, 9) if metric == "durability" else percentage(value, lang)


def percent_of(value: Value, whole: Value) -> int | None:
    """How much of a whole a value is, in whole percent, cut; None where there is no whole."""
    if value is None or whole is None or Fraction(whole) == 0:
        return None
    return int(Fraction(value) * 100 / Fraction(whole))


def signed(text: str) -> str:
    """A figure already shaped, with its sign where it is a gain."""
    return text if text.startswith("-") or not any(digit in text for digit in "123456789") else f"+{text}"


def less(value: str, other: str) -> str:
    """What a value is more than another, exact."""
    return exact_text(Fraction(value) - Fraction(other))


def decimal(value: Value, lang: Lang) -> str:
    """A number with two decimals at most, cut."""
    if value is None:
        return NOTHING
    text = shown.cut(Fraction(value), CENTS)
    return text if lang == "en" else text.replace(".", ",")


def laid_out(value: Any) -> str:
    """A JSON value, one field to a line."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def ref(value: str) -> str:
    """The short form of a fact's reference: what comes after its source."""
    return value.partition("#")[2] or value


def plain(value: Any, lang: Lang) -> str:
    """Any value of a row, for a reader."""
    match value:
        case None:
            return NOTHING
        case bool():
            return value_word(str(value).lower(), lang)
        case list():
            return ", ".join(plain(item, lang) for item in value) or NOTHING
        case dict():
            return ", ".join(f"{field_word(str(name), lang)} {plain(item, lang)}" for name, item in value.items())
        case str() if shown.is_instant(value):
            return moment(value, lang)
        case str() if _DAY.fullmatch(value):
            return day(value, lang)
        case _:
            return value_word(str(value), lang)


def _grouped(digits: str, mark: str) -> str:
    head = len(digits) % GROUP
    parts = [digits[:head]] if head else []
    return mark.join(parts + [digits[i : i + GROUP] for i in range(head, len(digits), GROUP)])


def _paris(value: str | int) -> datetime:
    return to_paris(parse_instant(value) if isinstance(value, str) else value)


def _date(value: str | int | date) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and "T" not in value:
        return date.fromisoformat(value)
    return _paris(value).date()
