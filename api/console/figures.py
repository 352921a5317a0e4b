"""What templates shape values with: the figures of ``projections.figures`` and the words of states and parties."""

from collections.abc import Callable, Mapping
from functools import partial
from shlex import quote
from typing import Any

from api.language import Lang
from domain.time.instant import format_instant, parse_instant
from projections import figures
from projections.wording import SECTIONS, field_word, party_word, pick, state_word, value_word


def filters(lang: Lang) -> Mapping[str, Callable[..., Any]]:
    """What templates shape values with, in one language."""
    own = {name: partial(function, lang=lang) for name, function in _OWN.items()}
    return own | {
        "state": lambda row, section: state_word(section, row, lang),
        "party": partial(party_word, lang=lang),
        "field": partial(field_word, lang=lang),
        "word": partial(value_word, lang=lang),
        "ref": figures.ref,
        "last_day": figures.last_day,
        "laid_out": figures.laid_out,
        "signed": figures.signed,
        "less": figures.less,
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
        "instant": format_instant,
        "passed": lambda value, now: parse_instant(value) <= now,
        "percent_of": figures.percent_of,
        "section": lambda name: pick(SECTIONS[name], lang),
        "said": lambda pair: pair[lang],
        "plain": partial(figures.plain, lang=lang),
        "shell": quote,
    }


_OWN: Mapping[str, Callable[..., str]] = {
    "money": figures.money,
    "share": figures.share,
    "percentage": figures.percentage,
    "count": figures.count,
    "day": figures.day,
    "month": figures.month,
    "month_name": figures.month_name,
    "moment": figures.moment,
    "lasting": figures.lasting,
    "until": figures.until,
    "decimal": figures.decimal,
    "target": figures.target,
    "measured": figures.measured,
}
