"""Contracts and facts for the tests of qualifications."""

from typing import Any

from tests.support.bases import CLOUD_TEMPLE, OUTSCALE, Happening, signed

AT = "2026-06-01T12:00:00+02:00"
FRENCH = signed(OUTSCALE, "outscale-snc-fr", "outscale-cgv-2019")
ENGLISH = signed(OUTSCALE, "outscale-snc-en-2023", "outscale-cgv-2019", on="2023-07-01T00:00:00+02:00")
GENERAL = signed(OUTSCALE)
SECURE = signed(CLOUD_TEMPLE)
OPEN = signed(CLOUD_TEMPLE, "ct-openiaas-v3")
BOTH = signed(CLOUD_TEMPLE, "ct-secure-temple", "ct-openiaas-v3")
IAAS = "iaas-cloud-on-demand"


def fact(what: str, time: str, service: str = IAAS, subject: str = "C-1", **data: Any) -> Happening:
    """A fact about a qualification, with a decision unless it says otherwise."""
    return time, f"qualification.{what}", {"service": service, "decision": f"d-{time[:10]}", **data}, subject
