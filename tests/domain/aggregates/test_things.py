"""Each thing is made known once; what is said about it waits until it is known, and does not precede it."""

from typing import Any

import pytest

from domain.aggregates.registry import stream_of
from domain.aggregates.verdict import Known
from domain.fact import AnyFact
from tests.domain.aggregates.said import NOON, accepted, refused, said, waits

BEFORE, SAME_DAY, NEXT_DAY = "2026-01-13T12:00:00+01:00", "2026-01-14T08:00:00+01:00", "2026-01-15T12:00:00+01:00"

OPENERS: dict[str, tuple[str, dict[str, Any]]] = {
    "ticket": ("ticket.opened", {"ticket": "x", "kind": "incident", "complete": True}),
    "maintenance": (
        "maintenance.announced",
        {"maintenance": "x", "kind": "planned", "starts_at": NOON, "ends_at": NOON, "services": ["vm"]},
    ),
    "incident": ("incident.opened", {"incident": "x", "nature": "failure"}),
    "request": ("personal-data-request.received", {"request": "x"}),
    "invoice": ("invoice.issued", {"invoice": "x", "month": "2026-01", "amount": "1"}),
    "claim": (
        "penalty.claimed",
        {"claim": "x", "period_end": "2025-12-31", "indicators": [], "reserves": [], "computation_attached": True},
    ),
    "formal notice": ("formal-notice.sent", {"notice": "x", "by": "client", "ground": "g"}),
    "anomaly": ("identity-anomaly.notified", {"anomaly": "x"}),
    "termination": (
        "termination.notified",
        {"termination": "x", "by": "client", "ground": "convenience", "channel": "email"},
    ),
    "recovery": ("recovery-service.ordered", {"order": "x"}),
    "hold": ("hold.placed", {"hold": "x", "basis": "b", "scopes": ["all"]}),
    "notice": ("notice.sent", {"notice": "x", "topic": "other", "channel": "email"}),
    "image": ("image.shared", {"image": "x", "with": "y"}),
    "contact": ("contact.designated", {"role": "x", "person": {"id": "p", "name": "n", "email": "e"}}),
    "snapshot": ("snapshot.taken", {"snapshot": "x", "volume": "v"}),
    "change": ("compliance.changed", {"change": "x", "kind": "legal"}),
    "liability": (
        "liability.recorded",
        {"liability": "x", "service": "vm", "from": NOON, "to": NOON, "monthly_amount": "1"},
    ),
    "deletion": ("deletion.requested", {"deletion": "x", "via": "api", "scopes": ["all"]}),
}
ANSWERED = {"ticket": "x", "automatic": False}
FOLLOWERS: list[tuple[str, str, dict[str, Any]]] = [
    ("ticket", "ticket.completed", {"ticket": "x"}),
    ("ticket", "ticket.qualified", {"ticket": "x", "severity": 1}),
    ("ticket", "ticket.answered", ANSWERED),
    ("ticket", "ticket.waiting-for-client", {"ticket": "x"}),
    ("ticket", "ticket.client-replied", {"ticket": "x"}),
    ("ticket", "ticket.resolved", {"ticket": "x"}),
    ("ticket", "ticket.reopened", {"ticket": "x"}),
    ("maintenance", "maintenance.cancelled", {"maintenance": "x"}),
    ("incident", "incident.closed", {"incident": "x"}),
    ("request", "personal-data-request.answered", {"request": "x"}),
    ("invoice", "invoice.paid", {"invoice": "x"}),
    ("invoice", "invoice.disputed", {"invoice": "x"}),
    ("claim", "penalty.accepted", {"claim": "x"}),
    ("claim", "penalty.rejected", {"claim": "x"}),
    ("formal notice", "breach.remedied", {"notice": "x"}),
    ("anomaly", "identity-anomaly.answered", {"anomaly": "x"}),
    ("termination", "termination.acknowledged", {"termination": "x"}),
    ("termination", "termination.withdrawn", {"termination": "x"}),
    ("recovery", "recovery-service.paid", {"order": "x"}),
    ("recovery", "recovery-service.delivered", {"order": "x"}),
    ("hold", "hold.released", {"hold": "x"}),
    ("notice", "notice.received", {"notice": "x"}),
    ("image", "image.share-ended", {"image": "x", "with": "y"}),
    ("contact", "contact.withdrawn", {"role": "x", "person_id": "p"}),
]
TO_THE_INSTANT = {"ticket", "incident", "anomaly"}
TO_THE_DAY = {"request", "claim", "termination", "notice"}
NAMED_AGAIN = {"image", "contact"}


def opener(thing: str, time: str = NOON) -> AnyFact:
    name, data = OPENERS[thing]
    return said(name, time, **data)


@pytest.mark.parametrize("thing", sorted(set(OPENERS) - NAMED_AGAIN))
def test_id_names_one_thing(thing: str) -> None:
    second = refused(opener(thing, NEXT_DAY), opener(thing))
    assert second.reason.startswith("The id 'x' already names another ")
    assert second.reason_fr.startswith("L'identifiant « x » désigne déjà un")


@pytest.mark.parametrize("thing", sorted(NAMED_AGAIN))
def test_image_and_contact_may_be_named_again(thing: str) -> None:
    assert accepted(opener(thing, NEXT_DAY), opener(thing))


@pytest.mark.parametrize(("thing", "name", "data"), FOLLOWERS)
def test_follower_waits_for_its_thing_and_is_accepted_after_it(thing: str, name: str, data: dict[str, Any]) -> None:
    fact = said(name, NEXT_DAY, **data)
    waiting = waits(fact)
    assert "is known yet: this fact waits for it." in waiting.reason
    assert "ce fait l'attend." in waiting.reason_fr
    assert accepted(fact, opener(thing))


@pytest.mark.parametrize(("thing", "name", "data"), FOLLOWERS)
def test_follower_of_a_thing_shared_by_the_provider_is_accepted(thing: str, name: str, data: dict[str, Any]) -> None:
    fact = said(name, NEXT_DAY, **data)
    assert stream_of(fact) == stream_of(opener(thing))
    assert accepted(fact, known=Known(shared=frozenset({stream_of(opener(thing))})))


@pytest.mark.parametrize(("thing", "name", "data"), FOLLOWERS)
def test_follower_does_not_precede_its_thing_where_that_cannot_be(thing: str, name: str, data: dict[str, Any]) -> None:
    day_before, same_day = said(name, BEFORE, **data), said(name, SAME_DAY, **data)
    if thing in TO_THE_INSTANT | TO_THE_DAY:
        early = refused(day_before, opener(thing))
        assert early.reason.startswith("This fact is dated 2026-01-13T12:00:00+01:00, before the ")
        assert early.reason_fr.startswith("Ce fait est daté du 2026-01-13T12:00:00+01:00, avant l")
        assert not early.correctable
    else:
        assert accepted(day_before, opener(thing))
    if thing in TO_THE_INSTANT:
        assert refused(same_day, opener(thing))
    else:
        assert accepted(same_day, opener(thing))


@pytest.mark.parametrize("thing", sorted(TO_THE_INSTANT))
def test_follower_at_the_very_instant_is_accepted(thing: str) -> None:
    _, name, data = next(row for row in FOLLOWERS if row[0] == thing)
    assert accepted(said(name, NOON, **data), opener(thing))


def test_maintenance_performed_without_announcement_is_a_true_fact() -> None:
    assert accepted(said("maintenance.performed", maintenance="x", starts_at=NOON, ends_at=NOON))


def test_named_two_kinds_of_things_may_bear_one_id() -> None:
    assert len({stream_of(opener(thing)) for thing in ("snapshot", "change", "liability", "deletion")}) == 4


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("key-rotation.performed", {"key": "k"}),
        ("deletion.performed", {"scopes": ["all"]}),
        ("deletion.certified", {"deletion": "d", "scopes": ["all"]}),
        ("professional-services.agreed", {"ticket": "unknown", "minutes": "30"}),
        ("qualification.lost", {"service": "s"}),
        ("resources.unblocked", {"ground": "law"}),
        ("measure.recorded", {"measure": "latency-ms", "service": "network", "value": "1", "from": NOON, "to": NOON}),
    ],
)
def test_fact_that_nothing_contradicts_is_accepted_in_a_stream_of_its_own(name: str, data: dict[str, Any]) -> None:
    fact = said(name, **data)
    assert accepted(fact)
    assert stream_of(fact) == (name, fact.ref)


def test_subject_of_a_zone_is_a_provider() -> None:
    zone = {"region": "r", "zone": "z", "orderable": True}
    assert accepted(said("region.zone-opened", subject="provider:outscale", **zone))
    assert "must be a provider" in refused(said("region.zone-opened", subject="C-1", **zone)).reason


def test_subject_of_a_contract_is_not_a_provider() -> None:
    ended = {"cause": "term", "on": "2026-06-30"}
    assert "must be a contract" in refused(said("contract.ended", subject="provider:outscale", **ended)).reason


def test_subject_provider_must_be_known_when_providers_are() -> None:
    lost = said("qualification.lost", subject="provider:nimbus", service="s")
    assert accepted(lost)
    assert refused(lost, known=Known(providers=frozenset({"outscale"}))).reason == "No provider is known as 'nimbus'."
    assert accepted(lost, known=Known(providers=frozenset({"nimbus"})))
