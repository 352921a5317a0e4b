"""French public holidays, from the ``holidays`` library: national, or with those of Alsace-Moselle.

The library is imported when the first holiday is asked for: most commands never need it.
"""

from datetime import date
from functools import cache
from typing import Literal

Zone = Literal["national", "alsace-moselle"]

_SUBDIVISION = {"national": None, "alsace-moselle": "57"}


@cache
def holidays_of(year: int, zone: Zone) -> dict[date, tuple[str, str]]:
    """The public holidays of a year: date -> (English name, French name)."""
    from holidays.countries.france import France  # noqa: PLC0415 - 100 ms that a command without holidays never pays

    french = France(subdiv=_SUBDIVISION[zone], years=year, language="fr")
    english = France(subdiv=_SUBDIVISION[zone], years=year, language="en_US")
    return {day: (english[day], name) for day, name in sorted(french.items())}


def whit_monday(year: int) -> date:
    """Whit Monday, the day of solidarity under one reading."""
    names = holidays_of(year, "national")
    return next(day for day, (_, french) in names.items() if "Pentec" in french)
