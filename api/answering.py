"""Answers: JSON in the one spelling of the house, with an ETag where the same question may be asked again."""

import gzip
import re
from collections import OrderedDict
from hashlib import blake2b
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from projections.spelling import dump

JSON = "application/json"
WORTH_PACKING = 1_000
"""Bytes below which gzip saves nothing worth its time."""
PACKING = 6
"""How hard gzip tries, of 9: beyond, it takes twice the time for a hundredth of the bytes."""
QUICK_BYTES = 64 * 1024
"""Bytes that are hashed in a tenth of a millisecond."""
KEPT_BYTES = 64 * 1024 * 1024
_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def said(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A value as JSON."""
    return Response(dump(value), status, headers, media_type=JSON)


class Packed:
    """Bodies by their address, with their tag and their gzip form: worked out once while the same bytes come again."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[str, tuple[bytes, str, bytes | None]] = OrderedDict()

    def of(self, name: str, body: bytes, *, packed: bool) -> tuple[str, bytes | None]:
        """The tag of a body and, where it is asked for and worth it, its gzip form."""
        kept = self._kept.pop(name, None)
        if kept is not None:
            self._size -= _size(kept)
        if kept is None or (kept[0] is not body and kept[0] != body):
            kept = (body, blake2b(body, digest_size=16).hexdigest(), None)
        if packed and kept[2] is None and len(body) >= WORTH_PACKING:
            kept = (body, kept[1], gzip.compress(body, PACKING, mtime=0))
        self._kept[name] = kept
        self._size += _size(kept)
        while self._size > self._most:
            self._size -= _size(self._kept.popitem(last=False)[1])
        return kept[1], kept[2] if packed else None

    def knows(self, name: str, body: bytes, *, packed: bool) -> bool:
        """Whether `of` would have nothing to work out."""
        kept = self._kept.get(name)
        return kept is not None and kept[0] is body and not (packed and kept[2] is None and len(body) >= WORTH_PACKING)


def _size(kept: tuple[bytes, str, bytes | None]) -> int:
    return len(kept[0]) + len(kept[2] or b"")


async def tagged_soon(request: Request, body: bytes, media: str = JSON) -> Response:
    """As `tagged`, for a route on the event loop: what takes long is worked out beside it."""
    known: Packed = request.app.state.packed
    packing = takes_gzip(request)
    if known.knows(str(request.url.path), body, packed=packing) or (not packing and len(body) < QUICK_BYTES):
        return tagged(request, body, media)
    return await run_in_threadpool(tagged, request, body, media)


def takes_gzip(request: Request) -> bool:
    """Whether the asker takes a packed body."""
    return "gzip" in request.headers.get("accept-encoding", "")


def tagged(request: Request, body: bytes, media: str = JSON) -> Response:
    """Exact bytes with their ETag: 304 where the asker has them already, gzip where it takes it.

    The tag is weak: it is the same for the plain and for the packed form.
    """
    known: Packed = request.app.state.packed
    asked = request.headers
    packing = takes_gzip(request)
    tag, packed = known.of(str(request.url.path), body, packed=packing)
    headers = {"ETag": f'W/"{tag}"', "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding, Authorization"}
    wanted = asked.get("if-none-match")
    if wanted is not None and (wanted.strip() == "*" or tag in _TAG.findall(wanted)):
        return Response(None, 304, headers)
    if packed is not None:
        headers["Content-Encoding"] = "gzip"
        body = packed
    return Response(body, 200, headers, media_type=media)
