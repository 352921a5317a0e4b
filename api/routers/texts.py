"""The texts and how they can be read: agreements and readings."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from api import examples
from api.answering import tagged
from api.documented import answers
from api.identity import caller
from api.parts import Having
from api.schemas.lists import Agreements, Promises, ReadingList
from projections.agreements import listing, promises
from projections.spelling import dump

router = APIRouter(tags=["texts"], dependencies=[Depends(caller)])
Document = Annotated[str, Path(min_length=1, max_length=200, description="The document's id.")]


@router.get(
    "/readings",
    summary="Every choice that a text leaves open",
    **answers(ReadingList, examples.READINGS),
)
def readings(request: Request, parts: Having) -> Response:
    """Each with its values, its default and the reason for it."""
    return tagged(request, dump({"readings": [switch.model_dump() for switch in parts.switches.values()]}).encode())


@router.get("/agreements", summary="Every document the catalogue knows", **answers(Agreements, examples.AGREEMENTS))
def agreements(request: Request, parts: Having) -> Response:
    """One row per version of a document."""
    return tagged(request, dump({"agreements": listing(parts.catalogue)}).encode())


@router.get(
    "/agreements/{document}",
    summary="What one document promises, clause by clause",
    **answers(Promises, examples.PROMISES, "unknown-document"),
)
def agreement(request: Request, document: Document, parts: Having) -> Response:
    """Every promise of the newest version, section by section, figures as exact text."""
    return tagged(request, dump(promises(parts.catalogue.agreement(document))).encode())
