"""Keys, grants and entries of the access log as they are told: as JSON, and as a line that a terminal can show."""

from typing import Any

from adapters.access.model import Access, Feed, Grant, Key, Scope
from domain.time.instant import Instant, format_instant

_STATES = {
    "en": {name: name for name in ("active", "revoked", "expired", "ended")},
    "fr": {"active": "active", "revoked": "révoquée", "expired": "expirée", "ended": "échue"},
}


def key_json(key: Key, at: Instant) -> dict[str, Any]:
    """A key, without what it is checked by."""
    return {
        "id": key.id,
        "name": key.name,
        "role": str(key.role),
        "providers": _names(key.scope.providers),
        "clients": _names(key.scope.clients),
        "contracts": _names(key.scope.contracts),
        "state": key.state(at),
        "created": format_instant(key.created),
        "created_by": key.created_by,
        "expires": format_instant(key.expires),
        "revoked": _instant(key.revoked),
        "last_used": _instant(key.last_used),
    }


def feed_json(feed: Feed, at: Instant) -> dict[str, Any]:
    """An address of a calendar, without what it is checked by."""
    return {
        "id": feed.id,
        "owner": feed.owner,
        "state": feed.state(at),
        "created": format_instant(feed.created),
        "expires": format_instant(feed.expires),
        "revoked": _instant(feed.revoked),
    }


def grant_json(grant: Grant, at: Instant) -> dict[str, Any]:
    """A grant."""
    return {
        "number": grant.number,
        "caller": grant.caller,
        "contract": grant.contract,
        "until": format_instant(grant.until),
        "state": grant.state(at),
        "created": format_instant(grant.created),
        "created_by": grant.created_by,
        "revoked": _instant(grant.revoked),
    }


def access_json(entry: Access) -> dict[str, Any]:
    """An entry of the access log."""
    return {
        "number": entry.number,
        "at": format_instant(entry.at),
        "caller": entry.caller,
        "name": entry.name,
        "role": entry.role,
        "route": entry.route,
        "asked": entry.asked,
        "contract": entry.contract,
        "address": entry.address,
        "status": entry.status,
    }


def key_line(key: Key, at: Instant, lang: str) -> str:
    """A key on one line."""
    used = _instant(key.last_used) or ("never used" if lang == "en" else "jamais utilisée")
    state = _STATES[lang][key.state(at)]
    scope = _scope(key.scope)
    return _visible(f"{key.id}  {key.role:<13}  {state:<8}  {format_instant(key.expires)}  {used}  {scope}{key.name}")


def feed_line(feed: Feed, at: Instant, lang: str) -> str:
    """An address on one line, without its secret."""
    return _visible(f"{feed.id}  {_STATES[lang][feed.state(at)]:<8}  {format_instant(feed.expires)}  {feed.owner}")


def grant_line(grant: Grant, at: Instant, lang: str) -> str:
    """A grant on one line."""
    state, until = _STATES[lang][grant.state(at)], format_instant(grant.until)
    return _visible(f"{grant.number:>6}  {state:<8}  {until}  {grant.caller}  {grant.contract}")


def access_line(entry: Access) -> str:
    """An entry of the access log on one line; a hyphen where there is nothing."""
    who = f"{entry.caller or '-'} ({entry.role or '-'})"
    at, contract = format_instant(entry.at), entry.contract or "-"
    return _visible(f"{at}  {entry.status:>3}  {who}  {entry.address or '-'}  {contract}  {entry.route}  {entry.asked}")


def _scope(scope: Scope) -> str:
    named = (("provider", scope.providers), ("client", scope.clients), ("contract", scope.contracts))
    return "".join(f"{kind}={','.join(sorted(names))}  " for kind, names in named if names)


def _names(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)


def _instant(instant: Instant | None) -> str | None:
    return None if instant is None else format_instant(instant)


def _visible(line: str) -> str:
    """The line with every character that a terminal would obey written out: names and requests are not ours."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
