"""What proves the ledger: how long its log is, how far it is signed, by whom it is witnessed, what audits found."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic_core import from_json
from starlette.responses import Response

from adapters.eventstore.store import Store
from adapters.evidence.signed import Signed
from adapters.evidence.standing import PATIENCE
from adapters.settings.evidence import EvidenceSettings, authority_of, witness_of
from api.console.downloads import Format, csv_file, json_file
from api.console.frame import READ
from api.console.pages.verify import form_of
from api.console.render import page
from api.console.router import Pages
from api.identity import Caller, Role, caller
from api.parts import Having
from api.routers import audits as audits_api
from api.routers import log as api
from domain.time.instant import MICROSECONDS_PER_SECOND

router = Pages()
SHOWN = 20
MOST = 100_000
LOOKED_THROUGH = 2_000
"""Entries that are looked through for the facts of one figure."""
COLUMNS = ("size", "root", "made", "cosigned_by")
Known = Annotated[Caller, Depends(caller)]


@router.get("/evidence")
def evidence(request: Request, parts: Having, known: Known, format: Format = "html") -> Response:  # noqa: A002
    """The log's size, its newest checkpoint, the latest ones, the keys; audits for who may see them."""
    store = parts.store
    newest = store.checkpoint()
    after = max(0, (0 if newest is None else newest.size) - MOST)
    made = store.checkpoints(after, MOST)
    if format == "csv":
        return csv_file("checkpoints", COLUMNS, [_row(store, one) for one in made])
    others = witnesses_and_authorities(store, parts.evidence, made[-SHOWN:])
    if format == "json":
        rows = [_row(store, one) for one in made]
        return json_file("evidence", {"log": store.log_origin(), "checkpoints": rows, **others})
    values = {
        "log": store.log_origin(),
        "entries": store.log_size(),
        "newest": None if newest is None else api.newest_json(store, newest),
        "rows": [_row(store, one) for one in made[::-1][:SHOWN]],
        "more": max(0, len(made) - SHOWN),
        **others,
        **form_of(parts),
        "audits": _audits(request, known),
    }
    return page(request, "evidence.html", values)


@router.get("/contracts/{contract}/receipt", dependencies=READ)
def receipt(contract: str, parts: Having) -> Response:
    """Where the contract stands in the signed log, as a file to keep."""
    return json_file(f"{contract}-receipt", api.receipt_json(parts, contract))


def proof_of(store: Store, events: Sequence[str]) -> dict[str, Any]:
    """How far what is recorded is signed, and how many of these facts (``source#id``) are ``waiting`` for it.

    None where too many entries wait to be looked through.
    """
    newest = store.checkpoint()
    entries, signed = store.log_size(), 0 if newest is None else newest.size
    return {
        "entries": entries,
        "signed": signed,
        "made": None if newest is None else newest.made,
        "waiting": len(events) if newest is None else _waiting(store, set(events), signed, entries),
    }


def _waiting(store: Store, events: set[str], signed: int, entries: int) -> int | None:
    """How many of the facts were recorded since the newest checkpoint."""
    if entries - signed > LOOKED_THROUGH:
        return None
    since = (from_json(one.state)["event"] for one in store.logged(signed, entries) if one.state is not None)
    return len(events & {f"{event.get('source')}#{event.get('id')}" for event in since})


def witnesses_and_authorities(store: Store, settings: EvidenceSettings, latest: Sequence[Signed]) -> dict[str, Any]:
    """Who is configured to cosign and date, or did so lately: what each has seen last, and whether that is fresh."""
    newest = latest[-1] if latest else None
    keys = {witness_of(text).key for text in settings.witnesses}
    urls = {authority_of(text).url for text in settings.authorities}
    for one in latest:
        keys |= {found.key for found in store.cosignatures(one.size)}
        urls |= {found.authority for found in store.timestamps(one.size)}
    return {
        "witnesses": [_witness(store, key, newest) for key in sorted(keys)],
        "authorities": [_authority(store, url, newest, settings) for url in sorted(urls)],
    }


def _witness(store: Store, key: str, newest: Signed | None) -> dict[str, Any]:
    size = store.cosigned_last(key)
    at = next((int(one.made) for one in store.cosignatures(size) if one.key == key), None) if size else None
    fresh = newest is not None and size == newest.size
    state = "fresh" if fresh else "stale" if size else "never"
    return {"name": key.partition("+")[0], "key": key, "size": size, "at": at, "state": state}


def _authority(store: Store, url: str, newest: Signed | None, settings: EvidenceSettings) -> dict[str, Any]:
    last = store.dated_last(url)
    if last is None:
        return {"name": url, "size": 0, "at": None, "state": "never"}
    patience = PATIENCE * settings.dating_seconds * MICROSECONDS_PER_SECOND
    fresh = newest is None or newest.made - last.made <= patience
    return {"name": url, "size": last.size, "at": int(last.made), "state": "fresh" if fresh else "stale"}


def _row(store: Store, made: Signed) -> dict[str, Any]:
    """A checkpoint, and who cosigned it by the names in its signature lines."""
    note: str = api.checkpoint_json(store, made)["note"]
    lines = note.partition("\n\n")[2].splitlines()
    names = [line.split(" ")[1] for line in lines if line.startswith("\N{EM DASH} ")]
    origin = store.log_origin()
    return {
        "size": made.size,
        "root": made.root.hex(),
        "made": int(made.made),
        "cosigned_by": sorted({name for name in names if name != origin}),
    }


def _audits(request: Request, known: Caller) -> list[dict[str, Any]] | None:
    if known.role not in {Role.AUDITOR, Role.ADMINISTRATOR}:
        return None
    found: list[dict[str, Any]] = json.loads(bytes(audits_api.audits(request, known, 0, MOST).body))["audits"]
    return found[::-1][:SHOWN]
