"""French public holidays, from the ``holidays`` library: national, or with those of Alsace-Moselle.

The library is imported when the first holiday is asked for: most commands never need it. It leaves Whit Monday out for
2005 to 2007, when most people worked on it; in law it was a holiday all the same (Code du travail, L3133-1).
"""

from datetime import date, timedelta
from functools import cache
from typing import Literal

Zone = Literal["national", "alsace-moselle"]

WHIT_MONDAY = timedelta(days=50)

_SUBDIVISION = {"national": None, "alsace-moselle": "57"}


@cache
def holidays_of(year: int, zone: Zone) -> dict[date, tuple[str, str]]:
    """The public holidays of a year: date -> (English name, French name)."""
    from holidays.countries.france import France  # noqa: PLC0415 - 100 ms that a command without holidays never pays

    french = France(subdiv=_SUBDIVISION[zone], years=year, language="fr")
    english = France(subdiv=_SUBDIVISION[zone], years=year, language="en_US")
    named = {day: (english[day], name) for day, name in french.items()}
    named.setdefault(whit_monday(year), ("Whit Monday", "Lundi de Pentecôte"))
    return dict(sorted(named.items()))


@cache
def whit_monday(year: int) -> date:
    """Whit Monday, fifty days after Easter: the day of solidarity under one reading."""
    from dateutil.easter import easter  # noqa: PLC0415 - it comes with the holidays, and as late

    return easter(year) + WHIT_MONDAY
