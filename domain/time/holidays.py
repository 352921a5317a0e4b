"""French public holidays, from the ``holidays`` library: national, or with those of Alsace-Moselle.

The library is imported when the first holiday is asked for: most commands never need it. It leaves Whit Monday out for
2005 to 2007, when most people worked on it; in law it was a holiday all the same (Code du travail, L3133-1). It stops
after 2100, as if later years had no holiday; here the law as it stands goes on.
"""

from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Literal

Zone = Literal["national", "alsace-moselle"]

EASTER_MONDAY = "Lundi de Pâques"
SEVEN_WEEKS = timedelta(weeks=7)
LAST_YEAR = 4099
"""The last year for which Easter is computed."""

_SUBDIVISION = {"national": None, "alsace-moselle": "57"}


@cache
def holidays_of(year: int, zone: Zone) -> dict[date, tuple[str, str]]:
    """The public holidays of a year: date -> (English name, French name)."""
    french = _library(year, _SUBDIVISION[zone], "fr")
    english = _library(year, _SUBDIVISION[zone], "en_US")
    named = {day: (english[day], name) for day, name in french.items()}
    named.setdefault(whit_monday(year), ("Whit Monday", "Lundi de Pentecôte"))
    return dict(sorted(named.items()))


@cache
def whit_monday(year: int) -> date:
    """Whit Monday, seven weeks after Easter Monday: the day of solidarity under one reading."""
    french = _library(year, None, "fr")
    return next(day for day, name in french.items() if name == EASTER_MONDAY) + SEVEN_WEEKS


def _library(year: int, subdivision: str | None, language: str) -> dict[date, str]:
    return dict(_law()(subdiv=subdivision, years=year, language=language))


@cache
def _law() -> Any:
    """The library's France, from its own file: its package of countries reads all 250 of them, most of the time."""
    package = find_spec("holidays")
    assert package is not None
    assert package.origin is not None
    path = Path(package.origin).parent / "countries" / "france.py"
    spec = spec_from_file_location("holidays.countries.france", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return type("France", (module.France,), {"end_year": LAST_YEAR})
