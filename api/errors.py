"""Errors as RFC 9457 problem details, in English or French. Routes raise `Problem`; domain errors are turned into one.

No answer shows a traceback, an exception's class or an address of the machine.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from adapters.evidence.bundled import BundleError
from adapters.evidence.showing import PatternError
from api.language import Lang, language
from api.methods import allowed
from api.problems import KINDS
from domain.errors import (
    GreffeError,
    InvalidInstantError,
    LedgerError,
    UnknownDocumentError,
    UnknownReadingError,
)
from projections.documents.drawing import NotDrawnError
from projections.explain.path import UnknownFigureError
from projections.spelling import dump

MEDIA = "application/problem+json"
RETRY_SECONDS = 1
_OF_STATUS = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    429: "too-many-requests",
    503: "unavailable",
}
_OF_ERROR: tuple[tuple[type[GreffeError], str], ...] = (
    (UnknownReadingError, "unknown-reading"),
    (UnknownFigureError, "unknown-figure"),
    (UnknownDocumentError, "unknown-document"),
    (InvalidInstantError, "invalid-parameter"),
    (BundleError, "no-bundle"),
    (NotDrawnError, "no-document"),
    (PatternError, "invalid-parameter"),
    (LedgerError, "unavailable"),
)


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """A refusal: ``code`` is one of `api.problems.KINDS`, ``detail`` says this case, in English and in French.

    ``errors`` names the fields at fault, as (field, English, French); ``headers`` go with the answer.
    """

    def __init__(
        self,
        code: str,
        detail: tuple[str, str] | None = None,
        *,
        errors: Sequence[tuple[str, str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.kind = KINDS[code]
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        if self.kind.retry:
            self.headers.setdefault("Retry-After", str(RETRY_SECONDS))

    def body(self, lang: Lang, instance: str | None = None) -> dict[str, Any]:
        """The problem document in a language."""
        side = 1 if lang == "fr" else 0
        said: dict[str, Any] = {
            "type": self.kind.type,
            "title": self.kind.title[side],
            "status": self.kind.status,
            "detail": (self.detail or self.kind.meaning)[side],
        }
        if instance is not None:
            said["instance"] = instance
        if self.errors:
            said["errors"] = [{"field": error[0], "detail": error[1 + side]} for error in self.errors]
        return said

    def response(self, lang: Lang, instance: str | None = None) -> Response:
        """The problem as an answer."""
        headers = {**self.headers, "Content-Language": lang, "Cache-Control": "no-store"}
        body = dump(self.body(lang, instance)).encode()
        return Response(body, self.kind.status, headers, media_type=MEDIA)


def unreadable(field: str, english: str, french: str) -> Problem:
    """The refusal of one parameter."""
    return Problem(
        "invalid-parameter", (f"{field}: {english}", f"{field} : {french}"), errors=[(field, english, french)]
    )


def problem_of(error: GreffeError) -> Problem:
    """A refusal of the domain, as a problem. The ledger's own words stay in the log: they may name its address."""
    code = next((code for kind, code in _OF_ERROR if isinstance(error, kind)), "internal")
    if code in ("unavailable", "internal"):
        return Problem(code)
    return Problem(code, (error.english, error.french))


def add_handlers(app: FastAPI) -> None:
    """Every error of the application answers as a problem."""

    @app.exception_handler(Problem)
    async def on_problem(request: Request, error: Problem) -> Response:
        return _answer(request, error)

    @app.exception_handler(GreffeError)
    async def on_refusal(request: Request, error: GreffeError) -> Response:
        return _answer(request, problem_of(error))

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> Response:
        return _answer(request, _invalid(error))

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        code = _OF_STATUS.get(error.status_code, "internal")
        more = {"Allow": allowed(request.app, request.url.path)} if code == "method-not-allowed" else error.headers
        return _answer(request, Problem(code, headers=more))

    @app.exception_handler(Exception)
    async def on_fault(request: Request, _error: Exception) -> Response:
        return _answer(request, Problem("internal"))


def _answer(request: Request, problem: Problem) -> Response:
    return problem.response(language(request), request.url.path)


def _invalid(error: RequestValidationError) -> Problem:
    """What the framework could not read: parameters are a 400, the body a 422."""
    found = []
    body = False
    for one in error.errors():
        where, *names = one["loc"]
        body = body or where == "body"
        field = ".".join(str(name) for name in names) or "body"
        found.append((field, _sentence(one), _phrase(one)))
    code = "malformed" if body else "invalid-parameter"
    english = "; ".join(f"{field}: {words}" for field, words, _ in found)
    french = " ; ".join(f"{field} : {words}" for field, _, words in found)
    return Problem(code, (english, french), errors=found)


_FRENCH = {
    "missing": "est obligatoire",
    "int_parsing": "attendu : un nombre entier",
    "int_type": "attendu : un nombre entier",
    "string_type": "attendu : un texte",
    "string_too_short": "est trop court",
    "string_too_long": "est trop long",
    "greater_than_equal": "est trop petit ; au moins {ge}",
    "less_than_equal": "est trop grand ; au plus {le}",
    "literal_error": "attendu : {expected}",
    "enum": "attendu : {expected}",
    "extra_forbidden": "n'est pas un champ connu",
    "json_invalid": "n'est pas du JSON",
    "bool_parsing": "attendu : true ou false",
    "instant": "attendu : une date RFC 3339 avec son décalage (2026-01-31T18:00:00+01:00)",
    "date_from_datetime_parsing": "attendu : une date (2026-01-31)",
}


def _sentence(one: Mapping[str, Any]) -> str:
    return "is required" if one["type"] == "missing" else str(one["msg"])


def _phrase(one: Mapping[str, Any]) -> str:
    words = _FRENCH.get(one["type"])
    context = {name: str(value).replace(" or ", " ou ") for name, value in one.get("ctx", {}).items()}
    return "n'est pas lisible" if words is None else words.format_map(context)
