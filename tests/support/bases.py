"""A basis for the test of one projection: facts as tuples in, what a projection reads out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from adapters.catalogue import load_catalogue, load_switches
from domain.events.contract import ReadingSelected
from domain.events.decode import decode
from domain.fact import AnyFact
from domain.readings import ReadingTimeline, select
from domain.time.instant import parse_instant
from projections.basis import Basis
from projections.facts import FactBook
from projections.terms import terms_of

CONTRACT = "C-1"
Happening = tuple[str, str, dict[str, Any]] | tuple[str, str, dict[str, Any], str]


def told(number: int, time: str, name: str, data: dict[str, Any], subject: str = CONTRACT) -> AnyFact:
    """The decoded fact number ``number``, as ``urn:test#e-001``."""
    head = {"specversion": "1.0", "id": f"e-{number:03}", "source": "urn:test", "type": f"greffe.{name}.v1"}
    return decode({**head, "subject": subject, "time": time, "data": data})


def basis_of(*happenings: Happening, at: str, readings: Sequence[str] = (), agreements: Sequence[Path] = ()) -> Basis:
    """The basis of ``C-1`` at an instant, from (time, type, data[, subject]) tuples numbered from 1."""
    every = [told(number, *happening) for number, happening in enumerate(happenings, start=1)]
    moment = parse_instant(at)
    provider = FactBook(f for f in every if f.subject != CONTRACT and f.time <= moment)
    own = FactBook(f for f in every if f.subject == CONTRACT and f.time <= moment)
    selections = [(f.time, f.data.parameter, f.data.value) for f in own.own(ReadingSelected)]
    timeline = ReadingTimeline(select(load_switches(), list(readings)), selections)
    catalogue = load_catalogue(list(agreements))
    facts = own.reading_through(provider)
    terms = terms_of(facts, catalogue, timeline)
    assert terms is not None, "the contract is not signed"
    return Basis(CONTRACT, facts, terms, timeline, catalogue, moment)


OUTSCALE: dict[str, Any] = {
    "provider": "outscale",
    "client": {"id": "client-1", "name": "Client One"},
    "documents": ["outscale-cgv-2019"],
    "kind": "on-demand",
    "region_zones": ["a", "b", "c"],
    "zones": ["a", "b", "c"],
}
CLOUD_TEMPLE: dict[str, Any] = {
    "provider": "cloud-temple",
    "client": {"id": "client-1", "name": "Client One"},
    "documents": ["ct-secure-temple"],
    "kind": "on-demand",
}
LONG_AGO = "2024-01-01T00:00:00+01:00"


def signed(provider: dict[str, Any], *documents: str, on: str = LONG_AGO, **changes: Any) -> Happening:
    """The signature of a contract under these documents."""
    return on, "contract.signed", {**provider, **({"documents": list(documents)} if documents else {}), **changes}


def proven(on: str = LONG_AGO) -> Happening:
    """The client proved equivalent resources in the three zones of its region."""
    zones = {"zones": ["a", "b", "c"], "region_zones": ["a", "b", "c"], "equivalent_resources_proven": True}
    return on, "deployment.declared", zones
