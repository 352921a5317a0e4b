"""Comparisons that people named and kept: listed, opened again as they were, renamed, shared, removed."""

import secrets
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from starlette.responses import RedirectResponse, Response

from adapters.access.model import READERS, Dispute
from api.console.asking import Fields, Sent
from api.console.downloads import Format, csv_file, json_file
from api.console.frame import READ, Frame, Framed
from api.console.pages.dispute import SAME, Known, compare, workbench
from api.console.render import page
from api.console.router import Pages
from api.console.sides import spoken
from api.errors import Problem
from api.identity import EVERY, Caller, allow, gate_of, reads
from domain.time.instant import format_instant
from projections.comparison import side_of

router = Pages()
MOST_NAME, MOST_NOTE = 200, 2_000
SEE_OTHER = 303
COLUMNS = (
    "id", "contract", "name", "note", "owner_name", "mine", "shared", "difference", "first", "second", "created",
)  # fmt: skip
Name = Annotated[str, Path(max_length=50)]


@router.get("/disputes")
def disputes(
    request: Request,
    known: Annotated[Caller, Depends(allow(*READERS))],
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """The caller's own and those that others share with whoever may read the contract, the newest first."""
    reads(request, [EVERY])
    found = [one for one in gate_of(request).store.disputes(known.id) if known.sees(one.contract)]
    rows = [_row(one, known) for one in found]
    if format == "csv":
        return csv_file("disputes", COLUMNS, rows)
    if format == "json":
        return json_file("disputes", {"disputes": rows})
    return page(request, "disputes.html", {"rows": found, "me": known.id})


@router.post("/contracts/{contract}/disputes", dependencies=READ)
def keep(frame: Framed, known: Known, sent: Sent) -> Response:
    """Keeps the two sides under a name, their dates written out, and opens what was kept."""
    given = _named(sent)
    one, other = (side_of([sent.get(name, "")]) for name in ("first", "second"))
    if one == other:
        raise Problem("malformed", SAME)
    compared = compare(frame, (one, other))
    at = frame.parts.clock()
    kept = Dispute(
        id=f"dispute-{secrets.token_hex(6)}",
        contract=frame.contract,
        owner=known.id,
        owner_name=known.name,
        first=spoken(compared.fixed[0]),
        second=spoken(compared.fixed[1]),
        difference=compared.found["total"]["difference"],
        digest=compared.digest,
        created=at,
        changed=at,
        **given,
    )
    gate_of(frame.request).store.add_dispute(kept)
    return RedirectResponse(f"{frame.base}/disputes/{kept.id}", SEE_OTHER)


@router.get("/contracts/{contract}/disputes/{dispute}", dependencies=READ)
def one_dispute(frame: Framed, known: Known, dispute: Name, format: Format = "html") -> Response:  # noqa: A002
    """A kept comparison as it was: its dates are its own, so that later facts change nothing in it."""
    kept = _kept(frame, known, dispute)
    return workbench(frame, known, (side_of([kept.first]), side_of([kept.second])), "", format, kept)


@router.post("/contracts/{contract}/disputes/{dispute}", dependencies=READ)
def rename(frame: Framed, known: Known, dispute: Name, sent: Sent) -> Response:
    """Another name, note and reach; only its maker's to change."""
    kept = replace(_kept(frame, known, dispute, own=True), **_named(sent), changed=frame.parts.clock())
    gate_of(frame.request).store.change_dispute(kept)
    return RedirectResponse(f"{frame.base}/disputes/{dispute}", SEE_OTHER)


@router.post("/contracts/{contract}/disputes/{dispute}/remove", dependencies=READ)
def remove(frame: Framed, known: Known, dispute: Name, _: Sent) -> Response:
    """Removes what was kept; the facts stay, and the address of the comparison says the same."""
    _kept(frame, known, dispute, own=True)
    gate_of(frame.request).store.remove_dispute(dispute)
    return RedirectResponse("/disputes", SEE_OTHER)


def _kept(frame: Frame, known: Caller, name: str, *, own: bool = False) -> Dispute:
    kept = gate_of(frame.request).store.dispute(name)
    if kept is None or kept.contract != frame.contract or not kept.open_to(known) or (own and kept.owner != known.id):
        raise Problem("not-found")
    return kept


def _named(sent: Fields) -> dict[str, Any]:
    """The name, the note and the reach that a form gives."""
    name, note = sent.get("name", "").strip(), sent.get("note", "").strip()
    if not 1 <= len(name) <= MOST_NAME:
        wrong = f"1 to {MOST_NAME} characters", f"1 à {MOST_NAME} caractères"
        raise Problem("malformed", ("A name is needed.", "Il faut un nom."), errors=[("name", *wrong)])
    if len(note) > MOST_NOTE:
        wrong = f"at most {MOST_NOTE} characters", f"au plus {MOST_NOTE} caractères"
        raise Problem("malformed", ("The note is too long.", "La note est trop longue."), errors=[("note", *wrong)])
    return {"name": name, "note": note, "shared": sent.get("shared") == "yes"}


def _row(one: Dispute, known: Caller) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in COLUMNS if name not in {"mine", "created"}}
    return told | {"mine": one.owner == known.id, "created": format_instant(one.created)}
