"""The messages of operations tools, sent as webhooks: read by a mapping, recorded like any fact."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from adapters.eventstore.ledger import Received
from adapters.mappings.apply import map_message
from adapters.mappings.model import Mapping
from api import examples
from api.answering import JSON, said
from api.documented import answers
from api.errors import Problem
from api.identity import Caller, Role, allow, reads
from api.language import Lang, language
from api.parts import Having, Parts
from api.routers.events import recorded
from api.schemas.facts import Outcome

router = APIRouter(tags=["facts"])
MESSAGE = {"required": True, "content": {JSON: {"schema": {"type": "object"}, "example": {"status": "firing"}}}}
Name = Annotated[str, Path(max_length=200, description="The name of the mapping, as its file says it.")]


@router.post(
    "/hooks/{mapping}",
    summary="Record what a tool's message says, by a mapping",
    **answers(Outcome, examples.OUTCOME, "not-found", extra={"requestBody": MESSAGE}),
)
async def hook(
    request: Request, mapping: Name, parts: Having, known: Annotated[Caller, Depends(allow(Role.OPERATOR))]
) -> Response:
    """The mappings are those of the setting `server.mappings`. An answer without items: the mapping ignores it.

    What cannot be mapped goes to the quarantine as it came; the same message twice is the same facts.
    """
    found = parts.mappings.get(mapping)
    if found is None:
        raise Problem("not-found")
    body = await request.body()
    answer = await run_in_threadpool(_record, parts, found, body, f"api:{known.id}:{mapping}", language(request))
    reads(request, answer.pop("subjects"))
    return said(answer)


def _record(parts: Parts, mapping: Mapping, body: bytes, origin: str, lang: Lang) -> dict[str, Any]:
    now = parts.clock()
    batch = [Received(one, origin, fact) for one, fact in map_message([mapping], body, now)]
    return recorded(parts, batch, now, lang)
