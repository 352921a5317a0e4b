"""What the OpenAPI document says of a route: the shape and an example of its answer, and the problems it has."""

from typing import Any

from starlette.responses import Response

from api.problems import KINDS
from api.schemas.base import Shape

PROBLEMS = "x-problems"
EXAMPLES: dict[str, Any] = {}
"""The example of each shape; the framework would leave out what is null in them."""


def answers(
    model: type[Shape], example: Any, *problems: str, status: int = 200, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Arguments of a route that answers with JSON of this shape, or with one of these problems beside the usual ones.

    ``body``: the request's body, where the framework does not read it.
    """
    EXAMPLES[model.__name__] = example
    told = {"description": (model.__doc__ or "").splitlines()[0], "model": model}
    extra: dict[str, Any] = {PROBLEMS: [KINDS[code].code for code in problems]}
    if body is not None:
        extra["requestBody"] = body
    return {
        "response_class": Response,
        "response_model": None,
        "status_code": status,
        "responses": {status: told},
        "openapi_extra": extra,
    }
