"""A bundle or a receipt dropped on a page: what it proves, in plain words, where it was judged and by which key.

What is dropped is held in memory until the answer is written, and nowhere else.
"""

from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from adapters.eventstore.store import Store
from adapters.evidence.judging import VERIFIER, Judge, Judgement, judge_receipt
from adapters.evidence.verify import NotProvenError, parse_key, plain
from api.console.asking import Given, SentWithFiles
from api.console.render import page
from api.console.router import Pages
from api.identity import Caller, caller
from api.language import language
from api.parts import Having, Parts

router = Pages()
Known = Annotated[Caller, Depends(caller)]
LONGEST_NAME, LONGEST_KEY = 120, 500
UNPROCESSABLE = 422


def form_of(parts: Parts, fields: dict[str, str] | None = None, wrong: str = "") -> dict[str, Any]:
    """What the form shows: the ledger's own key, what was filled in before, and what was wrong with it."""
    fields = fields or {}
    own = own_key(parts.store)
    return {
        "own_key": own,
        "most": parts.settings.max_bundle_bytes,
        "by": fields.get("by", "own" if own else "given"),
        "key_given": fields.get("key", ""),
        "wrong": wrong,
    }


def own_key(store: Store) -> str:
    """The first key of the ledger's log, from which the others follow; empty where there is none."""
    return next((one.key for one in store.signing_keys()), "")


@router.get("/evidence/verify")
def verify(request: Request, parts: Having, _: Known) -> Response:
    """The form."""
    return page(request, "verify.html", form_of(parts) | {"results": [], "command_key": ""})


@router.get("/evidence/verify.py")
def verifier(_: Known) -> Response:
    """The verifier itself, to be compared with the one of the contract's annex."""
    headers = {"Content-Disposition": 'attachment; filename="verify.py"'}
    return Response(VERIFIER.read_bytes(), headers=headers, media_type="text/x-python")


@router.post("/evidence/verify")
async def judged(request: Request, parts: Having, _: Known, sent: SentWithFiles) -> Response:
    """What was dropped, judged; 422 with the form where no file or no usable key came with it."""
    fields, files = sent
    key = own_key(parts.store) if fields.get("by") == "own" else fields.get("key", "").strip()
    wrong = _wrong(key, files)
    results = [] if wrong else [await _result(request, parts.store, one, key) for one in files]
    values = form_of(parts, fields, wrong) | {
        "results": results,
        "command_key": key,
        "digest": sha256(VERIFIER.read_bytes()).hexdigest(),
    }
    return page(request, "verify.html", values, UNPROCESSABLE if wrong else 200)


def _wrong(key: str, files: list[Given]) -> str:
    """The word for what keeps us from judging; empty where nothing does."""
    if not files:
        return "no_file"
    try:
        parse_key(key[:LONGEST_KEY])
    except NotProvenError:
        return "no_key" if not key else "bad_key"
    return ""


async def _result(request: Request, store: Store, given: Given, key: str) -> dict[str, Any]:
    name = plain(given.name.rpartition("/")[2].rpartition("\\")[2][:LONGEST_NAME]) or "bundle.zip"
    kind, judgement = "other", Judgement("unusable")
    if given.data.startswith(b"PK"):
        judge: Judge = request.app.state.judge
        kind = "bundle"
        judgement = await run_in_threadpool(judge.bundle, given.data, name, key, language(request))
    elif given.data.lstrip()[:1] == b"{":
        kind = "receipt"
        judgement = await run_in_threadpool(judge_receipt, given.data, parse_key(key), store, language(request))
    return {
        "name": name,
        "size": len(given.data),
        "digest": sha256(given.data).hexdigest(),
        "kind": kind,
        "judged": judgement,
    }
