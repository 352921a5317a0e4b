"""How the server itself does, and what its problems mean."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from starlette.responses import Response

from api import examples
from api.answering import said
from api.documented import answers
from api.errors import Problem
from api.identity import Role, allow
from api.language import Lang, language
from api.parts import Having
from api.problems import KINDS, Kind
from api.schemas.errors import Alive, ProblemKind, ProblemKinds, Ready
from domain.errors import GreffeError

router = APIRouter(tags=["service"])
Code = Annotated[str, Path(max_length=50, description="The last part of a problem's `type`.")]
LATE_SECONDS = 30
"""How long the statements may be behind the facts before the server is not ready."""


@router.get("/health", summary="Whether the process answers", **answers(Alive, {"status": "alive"}))
async def health() -> Response:
    """Open to all; touches nothing."""
    return said({"status": "alive"})


@router.get("/ready", summary="Whether requests can be served", **answers(Ready, {"status": "ready"}, "unavailable"))
def ready(parts: Having) -> Response:
    """Open to all, without details: the ledger can be read and its statements are not behind."""
    try:
        parts.store.position("views")
    except GreffeError:
        raise Problem("unavailable") from None
    if parts.refresher.behind_seconds > LATE_SECONDS:
        raise Problem("unavailable")
    return said({"status": "ready"})


@router.get(
    "/problems",
    summary="Every kind of problem",
    **answers(ProblemKinds, examples.PROBLEMS),
)
async def problems(request: Request) -> Response:
    """In the language of `Accept-Language`."""
    lang = language(request)
    return said({"problems": [_kind(kind, lang) for kind in KINDS.values()]})


@router.get(
    "/problems/{code}",
    summary="One kind of problem",
    **answers(ProblemKind, examples.PROBLEM, "not-found"),
)
async def problem(request: Request, code: Code) -> Response:
    """The page that the `type` of a problem leads to."""
    if code not in KINDS:
        raise Problem("not-found")
    return said(_kind(KINDS[code], language(request)))


@router.get("/v1/openapi.json", include_in_schema=False)
async def document(request: Request) -> Response:
    """The OpenAPI document; open to all."""
    return said(request.app.openapi())


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    dependencies=[Depends(allow(Role.OPERATOR, Role.AUDITOR, Role.ADMINISTRATOR))],
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}, "example": examples.METRICS}}}},
)
def metrics() -> Response:
    """In the text format of Prometheus."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def _kind(kind: Kind, lang: Lang) -> dict[str, object]:
    side = 1 if lang == "fr" else 0
    return {"type": kind.type, "status": kind.status, "title": kind.title[side], "meaning": kind.meaning[side]}
