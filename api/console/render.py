"""Pages from templates: everything a template may use, the assets by the hash of what they hold."""

import json
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomli
from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response

from adapters.access.model import READERS, Role
from api.console import figures
from api.console.session import Sessions
from api.identity import Caller
from api.language import Lang, language

HERE = Path(str(files("api.console")))
HTML = "text/html"
MOST_PARTS = 4_096
"""As many parts of pages as are kept; each is a few kilobytes."""
THEMES = ("auto", "light", "dark")
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PLACES: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("portfolio", "/", READERS),
    ("facts", "/facts", READERS),
    ("disputes", "/disputes", READERS),
    ("quarantine", "/quarantine", (Role.OPERATOR, Role.AUDITOR)),
    ("agreements", "/agreements", tuple(Role)),
    ("evidence", "/evidence", tuple(Role)),
    ("calendar", "/calendar", READERS),
    ("notifications", "/notifications", READERS),
)
"""What the bar at the top leads to: the name of its words, its address, whom it is for."""


def page(request: Request, template: str, values: Mapping[str, Any] | None = None, status: int = 200) -> Response:
    """A page in the language of the request, for who asks."""
    return Response(render(request, template, values or {}), status, media_type=HTML)


def render(request: Request, template: str, values: Mapping[str, Any]) -> str:
    """The page's text."""
    lang = language(request)
    known: Caller | None = request.scope.get("greffe.access", {}).get("caller")
    kept = request.scope.get("greffe.console", {"session": None, "theme": "auto"})
    sessions: Sessions = request.app.state.sessions
    query = f"?{request.url.query}" if request.url.query else ""
    return (
        _environment(lang)
        .get_template(template)
        .render(
            lang=lang,
            known=known,
            theme=kept["theme"] if kept["theme"] in THEMES else "auto",
            token="" if kept["session"] is None else sessions.token(kept["session"]),
            places=[(name, address) for name, address, roles in PLACES if known is not None and known.role in roles],
            path=request.url.path,
            here=request.url.path + query,
            **values,
        )
    )


def refusal(request: Request, problem: Mapping[str, Any]) -> Response:
    """A refusal as a page: what happened and what can be done about it."""
    return page(request, "refusal.html", {"problem": {"errors": [], **problem}}, problem["status"])


@cache
def words(lang: Lang) -> dict[str, str]:
    """Every word of the console in a language, by dotted name."""
    return dict(_flat(tomli.loads((HERE / "words" / f"{lang}.toml").read_text("utf-8"))))


def worded(lang: Lang) -> Callable[..., str]:
    """The function that finds a word and fills it."""
    known = words(lang)

    def say(name: str, /, **values: object) -> str:
        text = known[name]
        return text.format(**values) if values else text

    return say


@cache
def asset(name: str) -> tuple[bytes, str, str]:
    """(bytes, media type, first characters of the hash) of a file of ``static/``."""
    body = (HERE / "static" / name).read_bytes()
    return body, KINDS[Path(name).suffix], sha256(body).hexdigest()[:12]


@cache
def assets() -> frozenset[str]:
    """The files of ``static/``."""
    return frozenset(path.name for path in (HERE / "static").iterdir() if path.suffix in KINDS)


def address_of(name: str) -> str:
    """The address of an asset: another one as soon as it holds something else."""
    return f"/assets/{asset(name)[2]}/{name}"


def _flat(table: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        dotted = f"{before}{name}"
        found += _flat(value, f"{dotted}.") if isinstance(value, dict) else [(dotted, value)]
    return found


@cache
def _environment(lang: Lang) -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"t": worded(lang), "asset": address_of, "drawn": _drawing(lang)}
    made.filters |= figures.filters(lang)
    return made


def _drawing(lang: Lang) -> Callable[..., Markup]:
    """The function that draws a part of a page from JSON values alone, and keeps it while they are the same."""

    def drawn(template: str, told: str | None = None, /, **values: object) -> Markup:
        return _part(lang, template, packed(values) if told is None else told)

    return drawn


def packed(values: Mapping[str, object]) -> str:
    """JSON values as ``drawn`` takes them, for those who have them ready."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=MOST_PARTS)
def _part(lang: Lang, template: str, values: str) -> Markup:
    """The part, read back from its key: nothing else than what the key says can be in it."""
    text = _environment(lang).get_template(template).render(json.loads(values), lang=lang)
    return Markup(text)  # noqa: S704 - the template escapes
