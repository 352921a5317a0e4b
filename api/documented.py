"""What the OpenAPI document says of a route: the shape and an example of its answer, and the problems it has."""

from typing import Any

from starlette.responses import Response

from api.problems import KINDS
from api.schemas.base import Shape

PROBLEMS = "x-problems"
EXAMPLES: dict[str, Any] = {}
"""The example of each shape; the framework would leave out what is null in them."""


def answers(
    model: type[Shape], example: Any, *problems: str, status: int = 200, extra: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Arguments of a route that answers with JSON of this shape, or with one of these problems beside the usual ones.

    ``extra``: what the framework does not see, such as a body that the route reads itself.
    """
    EXAMPLES[model.__name__] = example
    told = {"description": (model.__doc__ or "").splitlines()[0], "model": model}
    return {
        "response_class": Response,
        "response_model": None,
        "status_code": status,
        "responses": {status: told},
        "openapi_extra": {PROBLEMS: [KINDS[code].code for code in problems], **(extra or {})},
    }
