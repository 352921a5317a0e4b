"""The OpenAPI 3.1 document: what the framework derives, with our problems in the place of its own."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from api.documented import EXAMPLES, PROBLEMS
from api.errors import MEDIA, Problem
from api.problems import KINDS
from api.schemas.errors import ProblemDetails
from api.schemas.facts import Event

USUAL = ("invalid-parameter", "unknown-parameter", "too-large", "too-many-requests", "unavailable", "too-slow")
CLOSED = ("unauthenticated", "forbidden")
REF = "#/components/schemas/{model}"
FILE = "openapi.json"
OURS = (ProblemDetails, Event)
DESCRIPTION = """\
Facts about cloud service agreements in, exact and explained statements out.

Every number is exact: a decimal or a fraction as text. Instants are RFC 3339 with an offset. Every error is a problem
document (RFC 9457) in English or French, as `Accept-Language` asks. A parameter that a route does not know is refused.
"""


def document(app: FastAPI) -> dict[str, Any]:
    """The document of an application, made once."""
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title,
            version=app.version,
            summary="Compliance ledger for cloud service agreements",
            description=DESCRIPTION,
            routes=app.routes,
            license_info={"name": "Apache License 2.0", "identifier": "Apache-2.0"},
            servers=[{"url": "/"}],
        )
        schemas = found["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for model in OURS:
            schema = TypeAdapter(model).json_schema(ref_template=REF)
            schemas.update(schema.pop("$defs", {}))
            schemas[model.__name__] = schema
        for path, operations in found["paths"].items():
            for operation in operations.values():
                _complete(path, operation)
        app.openapi_schema = found
    return app.openapi_schema


def text(app: FastAPI) -> str:
    """The document as it is published."""
    return json.dumps(document(app), indent=2, ensure_ascii=False) + "\n"


def _complete(path: str, operation: dict[str, Any]) -> None:
    """Every problem the operation may answer with, by status, and the example of its answer."""
    codes = [*USUAL, *(CLOSED if "security" in operation else ()), *operation.pop(PROBLEMS, ())]
    operation["responses"].pop("422", None)
    for answer in operation["responses"].values():
        for content in answer["content"].values():
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            if name in EXAMPLES:
                content["example"] = EXAMPLES[name]
    by_status: dict[int, list[str]] = {}
    for code in sorted(set(codes), key=list(KINDS).index):
        by_status.setdefault(KINDS[code].status, []).append(code)
    for status, found in sorted(by_status.items()):
        operation["responses"][str(status)] = {
            "description": "; ".join(KINDS[code].title[0] for code in found),
            "content": {
                MEDIA: {
                    "schema": {"$ref": REF.format(model=ProblemDetails.__name__)},
                    "examples": {code: {"value": Problem(code).body("en", path)} for code in found},
                }
            },
        }
