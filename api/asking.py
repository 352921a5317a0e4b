"""From the words of a request to a question: dates, readings, pages; what the route does not know is refused."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.routing import APIRoute
from pydantic import BeforeValidator

from api.errors import Problem
from domain.time.instant import Instant

MOST = 500
LONGEST = 500


def plus(value: Any) -> Any:
    """``+02:00`` in an address that was not escaped arrives as a space: no instant has one there."""
    return value.replace(" ", "+") if isinstance(value, str) else value


When = Annotated[Instant, BeforeValidator(plus)]
At = Annotated[
    When | None,
    Query(
        description="The instant the answer speaks of, RFC 3339 with an offset; by default the contract's latest fact.",
        openapi_examples={"a date": {"value": "2026-05-04T10:00:00+02:00"}},
    ),
]
KnownAt = Annotated[
    When | None,
    Query(
        description="Only what the ledger knew by then; by default everything.",
        openapi_examples={"a date": {"value": "2026-05-04T10:00:00+02:00"}},
    ),
]
ReadingWords = Annotated[
    list[str] | None,
    Query(
        description="A reading of the texts, PARAM=VALUE; may be repeated.",
        openapi_examples={"one": {"value": ["maintenance.mode=B"]}},
    ),
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="The most rows of a page.")]
Text = Annotated[str | None, Query(min_length=1, max_length=LONGEST)]
Position = Annotated[int, Path(ge=1, le=2**63 - 1, description="Where the fact stands in the ledger.")]
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="The number of the entry.")]
After = Annotated[int, Query(ge=0, le=2**63 - 1, description="Only what comes after; the cursor of the last page.")]


async def known_parameters(request: Request) -> None:
    """Refuses a query parameter that the route does not have: a filter misspelt must not be a filter ignored."""
    route = request.scope["route"]
    names = _names(route)
    unknown = [name for name in request.query_params if name not in names]
    if not unknown:
        return
    have = ", ".join(sorted(names))
    raise Problem(
        "unknown-parameter",
        (
            f"{unknown[0]}: this route has {have or 'no query parameter'}",
            f"{unknown[0]} : cette route a {have or 'aucun paramètre de requête'}",
        ),
        errors=[
            (name, "is not a parameter of this route", "n'est pas un paramètre de cette route") for name in unknown
        ],
    )


_KNOWN: dict[tuple[str, Any], frozenset[str]] = {}
"""By the path of a route and the function that answers: a page and a route of the API may share their name."""


def _names(route: APIRoute) -> frozenset[str]:
    """The query parameters of a route, those of its dependencies included."""
    key = route.path, route.endpoint
    found = _KNOWN.get(key)
    if found is None:
        names: set[str] = set()
        left = [route.dependant]
        while left:
            one = left.pop()
            names.update(parameter.alias for parameter in one.query_params)
            left += one.dependencies
        found = _KNOWN[key] = frozenset(names)
    return found
