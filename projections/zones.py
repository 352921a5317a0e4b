"""Where a client's systems run, and whether that is enough to claim a commitment that depends on it.

Sources: ``contract.signed``, ``deployment.declared`` and ``region.zone-opened``. A contract's own statement of the
region's zones replaces what was known before; zones opened later are added. A zone that cannot be ordered is required
of nobody.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from domain.agreements.indicator import Measurement, Zones
from domain.events.contract import DeploymentDeclared, RegionZoneOpened
from domain.fact import Fact
from domain.time.delay import TimeRules, compute, parse_delay
from domain.time.instant import Instant
from projections.basis import Basis

Grace = Callable[[int], int]
"""The instant from which a zone opened at an instant is required."""
Scope = tuple[str | None, str | None]
ANYWHERE: Scope = (None, None)


@dataclass(frozen=True, slots=True)
class _Region:
    """The zones of the region from an instant on, each with the instant it was opened (None: it was there)."""

    since: int
    zones: dict[str, int | None] = field(default_factory=dict)


class Deployment:
    """The zones of the region and of the client over time, as known for one contract."""

    def __init__(self, basis: Basis) -> None:
        signed = basis.terms.signed
        self._region = _regions(basis)
        self._zones: dict[Scope, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        self._proofs: dict[Scope, bool] = {}
        if signed.data.zones is not None:
            self._zones[ANYWHERE].append((min(signed.time, basis.terms.start), frozenset(signed.data.zones)))
        for fact in basis.facts.of(DeploymentDeclared):
            scope = (fact.data.service, fact.data.resource)
            self._zones[scope].append((fact.time, frozenset(fact.data.zones)))
            if fact.data.equivalent_resources_proven is not None:
                self._proofs[scope] = fact.data.equivalent_resources_proven

    def required(self, instant: int, grace: Grace | None = None) -> frozenset[str] | None:
        """The zones that existed and could be ordered, and whose grace is over; None where no fact says."""
        region = next((r for r in reversed(self._region) if r.since <= instant), None)
        if region is None:
            return None
        return frozenset(
            zone for zone, opened in region.zones.items() if opened is None or grace is None or grace(opened) <= instant
        )

    def used(self, instant: int, service: str | None, resource: str | None) -> frozenset[str] | None:
        """The zones the resource, else the service, else the client's systems ran in; None where no fact says."""
        for scope in _scopes(service, resource):
            declared = self._zones.get(scope)
            if declared:
                index = bisect_right(declared, instant, key=lambda entry: entry[0])
                if index:
                    return declared[index - 1][1]
        return None

    def proven(self, service: str | None, resource: str | None) -> bool:
        """Whether the client proved equivalent resources in every zone; a proof may come after the outage."""
        return next((self._proofs[scope] for scope in _scopes(service, resource) if scope in self._proofs), False)

    def changes(self, start: int, end: int) -> list[int]:
        """The instants within ``(start, end)`` at which zones of the region or of the client change."""
        moments = {region.since for region in self._region}
        moments.update(moment for declared in self._zones.values() for moment, _ in declared)
        return sorted(moment for moment in moments if start < moment < end)

    def known(self, instant: int) -> bool:
        """Whether any fact says where the client's systems ran."""
        return any(moment <= instant for declared in self._zones.values() for moment, _ in declared)


def condition_met(  # noqa: PLR0917 - a condition, a deployment, and the place and moment asked about
    zones: Zones | None,
    deployment: Deployment,
    instant: int,
    service: str | None,
    resource: str | None,
    grace: Grace | None = None,
) -> bool:
    """Whether the deployment at an instant meets the condition of a starred commitment. Unknown zones meet none."""
    if zones is None:
        return True
    used = deployment.used(instant, service, resource)
    if used is None or (zones.proof and not deployment.proven(service, resource)):
        return False
    if zones.at_least is not None:
        existing = deployment.required(instant)
        return len(used if existing is None else used & existing) >= zones.at_least
    required = deployment.required(instant, grace)
    return required is not None and required <= used


def grace_of(measured: Measurement | None, rules: TimeRules) -> Grace | None:
    """Until when a zone opened at an instant is not required; None where the reading gives no grace."""
    if measured is None or measured.new_zone_grace is None:
        return None
    delay = parse_delay(measured.new_zone_grace)
    return lambda opened: compute(Instant(opened), delay, rules).due


def _scopes(service: str | None, resource: str | None) -> Iterable[Scope]:
    """From the most to the least specific statement of a deployment."""
    of_service: tuple[Scope, ...] = ((service, None), ANYWHERE)
    return of_service if resource is None else ((service, resource), (None, resource), *of_service)


def _regions(basis: Basis) -> Sequence[_Region]:
    """The zones of the contract's region over time."""
    signed = basis.terms.signed
    region = signed.data.region
    events: list[tuple[int, int, Fact[DeploymentDeclared] | Fact[RegionZoneOpened] | None]] = []
    if signed.data.region_zones is not None:
        events.append((min(signed.time, basis.terms.start), 0, None))
    events += [(f.time, 1, f) for f in basis.facts.of(DeploymentDeclared) if f.data.region_zones is not None]
    events += [(f.time, 1, f) for f in basis.facts.of(RegionZoneOpened) if f.data.region == region]
    found: list[_Region] = []
    zones: dict[str, int | None] = {}
    complete = False
    for since, _, fact in sorted(events, key=lambda event: (event[0], event[1])):
        match None if fact is None else fact.data:
            case None:
                complete, zones = True, dict.fromkeys(signed.data.region_zones or ())
            case DeploymentDeclared(region_zones=listed):
                complete = True
                zones = {zone: zones.get(zone) for zone in listed or ()}
            case RegionZoneOpened(zone=zone, orderable=True):
                zones = {**zones, zone: zones.get(zone, since)}
            case RegionZoneOpened(zone=zone):
                zones = {name: opened for name, opened in zones.items() if name != zone}
        if complete:
            found.append(_Region(since, zones))
    return found
