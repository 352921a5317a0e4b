"""Which losses open duties of a contract."""

import pytest

from domain.events.qualification import QualificationLost
from domain.fact import Fact
from domain.time.instant import format_instant
from projections.basis import Basis
from projections.qualification import loss_opens_duty, losses
from tests.support.bases import CLOUD_TEMPLE, Happening, basis_of, signed
from tests.support.qualifications import AT, BOTH, ENGLISH, FRENCH, GENERAL, OPEN, SECURE, fact

WINTER = "2026-02-10T09:00:00+01:00"
OUTSCALE_LOST = fact("lost", WINTER, subject="provider:outscale")


def lost(basis: Basis, number: int = 0) -> Fact[QualificationLost]:
    return basis.facts.of(QualificationLost)[number]


def opens(*happenings: Happening, readings: tuple[str, ...] = ()) -> bool:
    basis = basis_of(*happenings, at=AT, readings=readings)
    return loss_opens_duty(basis, lost(basis))


def test_art_5_the_loss_of_what_the_text_says_is_held_opens_duties() -> None:
    assert opens(FRENCH, OUTSCALE_LOST)
    assert opens(SECURE, fact("lost", WINTER, "secure-temple", "provider:cloud-temple"))


def test_a_loss_after_a_lapse_still_opens_duties() -> None:
    assert opens(ENGLISH, OUTSCALE_LOST)
    assert opens(FRENCH, fact("granted", "2024-02-01T09:00:00+01:00", valid_until="2025-01-31"), OUTSCALE_LOST)


@pytest.mark.parametrize(("reading", "expected"), [("A", False), ("B", True)])
def test_gc_095_a_loss_before_any_grant_opens_none(reading: str, expected: bool) -> None:
    before = fact("lost", WINTER, "openiaas", "provider:cloud-temple")
    assert opens(OPEN, before, readings=(f"qual.openiaas_initial={reading}",)) is expected


def test_5_a_loss_after_the_grant_opens_duties() -> None:
    granted = fact("granted", "2026-01-10T09:00:00+01:00", "openiaas", "provider:cloud-temple")
    assert opens(OPEN, granted, fact("lost", WINTER, "openiaas", "provider:cloud-temple"))


def test_a_loss_told_twice_opens_duties_once() -> None:
    basis = basis_of(FRENCH, OUTSCALE_LOST, fact("lost", "2026-02-11T09:00:00+01:00"), at=AT)
    assert [loss_opens_duty(basis, lost(basis, number)) for number in (0, 1)] == [True, False]
    assert len(losses(basis)) == 1


def test_a_second_loss_after_a_new_grant_opens_duties_again() -> None:
    regained = fact("granted", "2026-03-01T09:00:00+01:00")
    basis = basis_of(FRENCH, OUTSCALE_LOST, regained, fact("lost", "2026-04-01T09:00:00+02:00"), at=AT)
    assert [loss_opens_duty(basis, lost(basis, number)) for number in (0, 1)] == [True, True]
    assert [format_instant(loss.at)[:10] for loss in losses(basis)] == ["2026-02-10", "2026-04-01"]


def test_duties_open_only_for_contracts_in_force_at_the_loss() -> None:
    later = signed(CLOUD_TEMPLE, on="2026-03-01T00:00:00+01:00")
    ended = ("2026-01-10T10:00:00+01:00", "contract.ended", {"cause": "term", "on": "2026-01-31"})
    gone = fact("lost", WINTER, "secure-temple", "provider:cloud-temple")
    assert not opens(later, gone)
    assert not opens(SECURE, ended, gone)


def test_a_loss_opens_nothing_where_no_text_speaks_of_the_service() -> None:
    assert not opens(GENERAL, OUTSCALE_LOST)
    assert not opens(SECURE, fact("lost", WINTER, "openiaas", "provider:cloud-temple"))


def test_with_two_documents_the_loss_belongs_to_the_one_of_its_service() -> None:
    basis = basis_of(BOTH, fact("lost", WINTER, "secure-temple", "provider:cloud-temple"), at=AT)
    texts = basis.terms.governing(basis.at)
    assert {text.id: loss_opens_duty(basis, lost(basis), text) for text in texts} == {
        "ct-secure-temple": True,
        "ct-openiaas-v3": False,
    }


@pytest.mark.parametrize(("reading", "count"), [("A", 0), ("B", 1), ("C", 0)])
def test_qual_expiry_b_makes_the_end_of_a_validity_a_loss(reading: str, count: int) -> None:
    granted = fact("granted", "2024-02-01T09:00:00+01:00", valid_until="2025-01-31")
    found = losses(basis_of(FRENCH, granted, at=AT, readings=(f"qual.expiry={reading}",)))
    assert [(format_instant(loss.at), loss.fact and loss.fact.id) for loss in found] == [
        ("2025-02-01T00:00:00+01:00", "e-002")
    ][:count]


def test_qual_expiry_b_nothing_is_left_to_lose_after_it() -> None:
    granted = fact("granted", "2024-02-01T09:00:00+01:00", valid_until="2025-01-31")
    assert not opens(FRENCH, granted, OUTSCALE_LOST, readings=("qual.expiry=B",))
