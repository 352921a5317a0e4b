"""Short sentences for stories of deadlines: contracts, acts, and the rows of one rule."""

from functools import partial
from typing import Any

from tests.projections.deadlines.world import (
    CGV,
    SNC_EN,
    SNC_FR,
    happens,
)
from tests.projections.penalties.world import signed, signed_cloud_temple
from tests.readings.scenario import ruled

START = "2026-01-01"
GENERAL = (signed(on=START),)
FRENCH = (signed(SNC_FR, CGV, on=START),)
ENGLISH = (signed(SNC_EN, CGV, on=START),)
SECURE = (signed_cloud_temple(on=START),)
LBU = f"{CGV}/sla8-load-balancer-availability"


deadline = partial(ruled, "deadlines")
"""The rows of one deadline; the reading chosen when it is triggered governs it."""


def terminated(moment: str, by: str, ground: str, channel: str = "email") -> Any:
    return happens(moment, "termination.notified", termination="t-1", by=by, ground=ground, channel=channel)


def ended(day: str, moment: str | None = None) -> Any:
    return happens(moment or f"{day} 18:00", "contract.ended", cause="convenience", on=day)


def notice(moment: str, topic: str, channel: str = "registered-letter", **more: Any) -> Any:
    return happens(moment, "notice.sent", notice="n-1", topic=topic, channel=channel, **more)


SILENT_CLIENT = (
    ended("2026-03-25"),
    notice("2026-04-28 10:00", "recovery-report-demand"),
    happens("2026-04-30 11:00", "notice.received", notice="n-1"),
)
LOST_IN_FEBRUARY = (
    happens("2026-01-10", "qualification.granted", service="iaas-cloud-on-demand", decision="d-1"),
    happens("2026-02-10", "qualification.lost", service="iaas-cloud-on-demand"),
)
