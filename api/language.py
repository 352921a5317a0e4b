"""The language of an answer: English or French, as ``Accept-Language`` asks; English where it asks for neither."""

from functools import lru_cache
from typing import Literal

from starlette.requests import HTTPConnection

Lang = Literal["en", "fr"]


def language(request: HTTPConnection) -> Lang:
    """The language a request asks for."""
    return preferred(request.headers.get("accept-language", ""))


@lru_cache(maxsize=256)
def preferred(header: str) -> Lang:
    """The better weighted of the two (RFC 9110, 12.5.4); a range that cannot be read weighs nothing."""
    weights = {"en": 0.0, "fr": 0.0}
    for piece in header.split(","):
        tag, _, parameter = piece.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], _weight(parameter))
    return "fr" if weights["fr"] > weights["en"] else "en"


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        return min(float(value), 1.0) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0
