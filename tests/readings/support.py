"""Support clocks: when they start, run and stop, and over which tickets an objective is measured."""

from typing import Any

from tests.projections.penalties.world import at, proven, signed, signed_cloud_temple
from tests.readings.scenario import Scenario, Story
from tests.support.tickets import answered, opened, then

AT_OUTSCALE = (signed(on="2026-01-01"), proven(on="2026-01-01"))
AT_CLOUD_TEMPLE = (signed_cloud_temple(on="2025-12-01"),)
OUTSCALE, CT = "outscale-cgv-2019", "ct-secure-temple"


def ticket(  # noqa: PLR0917 - told in the order it happens
    parameter: str,
    commitment: str,
    story: Story,
    asked: str,
    show: str | tuple[str, ...],
    found: dict[str, Any],
    **more: Any,
) -> Scenario:
    """One commitment of the ticket ``T-1``, whose clock the reading governs from its opening on."""
    opening = next(data for data in story if data[1] == "ticket.opened")
    return Scenario(
        parameter,
        story,
        asked=asked,
        section="support",
        where={"ticket": "T-1", "commitment": commitment},
        show=show,
        found={value: [figure] for value, figure in found.items()},
        starts=opening[0],
        **more,
    )


EASTER = (*AT_OUTSCALE, opened(at("2026-04-02 15:00"), severity=3))
SATURDAY_NIGHT = (*AT_OUTSCALE, opened(at("2026-08-15 23:30"), severity=3))
WHITSUN = (*AT_CLOUD_TEMPLE, opened(at("2026-05-22 16:30"), priority="I2 C2"))
CHRISTMAS = (*AT_CLOUD_TEMPLE, opened(at("2025-12-24 10:00"), priority="I3 C2"))
ON_CALL = (*AT_CLOUD_TEMPLE, opened(at("2026-05-10 03:00"), priority="I1 C1", on_call=True))
BY_MAIL = (*AT_CLOUD_TEMPLE, opened(at("2026-05-10 03:00"), priority="I1 C1"))
AT_THE_BOUND = (
    *AT_CLOUD_TEMPLE,
    opened(at("2026-03-02 10:00"), priority="I1 C1"),
    answered(at("2026-03-02 10:30")),
)
INCOMPLETE = (
    *AT_OUTSCALE,
    opened(at("2026-04-09 10:00"), severity=2, complete=False),
    then(at("2026-04-09 10:30"), "completed"),
    then(at("2026-04-09 14:25"), "resolved"),
)
AUTOMATIC = (
    *AT_OUTSCALE,
    opened(at("2026-04-01 10:00"), severity=2),
    answered(at("2026-04-01 10:00:05"), automatic=True),
    answered(at("2026-04-01 10:31")),
)
WAITED = (
    *AT_OUTSCALE,
    opened(at("2026-06-01 08:00"), severity=3),
    then(at("2026-06-01 18:00"), "waiting-for-client"),
    then(at("2026-06-02 10:00"), "client-replied"),
)
TWO_ZONES = (
    signed(on="2026-01-01", zones=["a", "b"]),
    opened(at("2026-04-08 10:00"), severity=1),
    then(at("2026-04-08 15:00"), "resolved"),
)
NOT_A_BACKUP = (*AT_CLOUD_TEMPLE, opened(at("2026-04-08 10:00"), priority="I1 C1", service="compute"))


def two_months() -> Story:
    """Nineteen tickets answered in time in March, one late in April."""
    tickets = []
    for number in range(20):
        day, minute = ("2026-03-31", 20) if number < 19 else ("2026-04-01", 40)
        tickets.append(opened(at(f"{day} 10:00"), f"T-{number}", priority="I1 C1"))
        tickets.append(answered(at(f"{day} 10:{minute}"), f"T-{number}"))
    return (signed_cloud_temple(on="2026-03-01"), *tickets)


SCENARIOS = [
    ticket(
        "calendar.working_hours",  # GC-073
        f"{OUTSCALE}/support-gtr-sev3",
        EASTER,
        "2026-04-02 16:00",
        "due",
        {"A": at("2026-04-09 15:00"), "B": at("2026-04-07 15:00"), "C": at("2026-04-10 18:00")},
    ),
    ticket(
        "calendar.001_holidays",  # GC-073
        f"{OUTSCALE}/support-gtr-sev3",
        EASTER,
        "2026-04-02 16:00",
        "due",
        {"A": at("2026-04-09 15:00"), "B": at("2026-04-08 15:00")},
    ),
    ticket(
        "calendar.holidays",  # GC-077
        f"{CT}/sup-gti-p4",
        CHRISTMAS,
        "2025-12-24 11:00",
        "due",
        {"A": at("2025-12-29 14:00"), "B": at("2025-12-30 14:00")},
    ),
    ticket(
        "calendar.solidarity_day",
        f"{CT}/sup-gti-p3",
        WHITSUN,
        "2026-05-22 17:00",
        "due",
        {"A": at("2026-05-26 10:30"), "B": at("2026-05-25 10:30")},
    ),
    ticket(
        "ct.gti_calendar",  # GC-075
        f"{CT}/sup-gti-p1",
        ON_CALL,
        "2026-05-10 03:10",
        "due",
        {"A": at("2026-05-10 03:30"), "B": at("2026-05-10 03:30"), "C": at("2026-05-11 08:30")},
    ),
    ticket(
        "ct.gti_calendar",
        f"{CT}/sup-gti-p1",
        BY_MAIL,
        "2026-05-10 03:10",
        "due",
        {"A": at("2026-05-11 08:30"), "B": at("2026-05-10 03:30"), "C": at("2026-05-11 08:30")},
    ),
    ticket(
        "gti.severity3_calendar",  # GC-082
        f"{OUTSCALE}/support-gti-sev3",
        SATURDAY_NIGHT,
        "2026-08-15 23:40",
        "due",
        {"A": at("2026-08-16 00:30"), "B": at("2026-08-17 09:00")},
    ),
    Scenario(
        "ct.gti_population",
        two_months(),
        asked="2026-04-02",
        section="support_objectives",
        where={"commitment": f"{CT}/sup-gti-p1", "month": "2026-04"},
        show=("met", "total", "ratio", "state"),
        found={"A": [(0, 1, "0", "missed")], "B": [(19, 20, "19/20", "met")]},
        starts="2026-04-01",
    ),
    ticket(
        "ct.gti_equal",
        f"{CT}/sup-gti-p1",
        AT_THE_BOUND,
        "2026-03-03",
        ("elapsed_seconds", "state"),
        {"A": ("1800", "met"), "B": ("1800", "missed")},
    ),
    ticket(
        "support.gti_start",  # GC-072
        f"{OUTSCALE}/support-gtr-sev2",
        INCOMPLETE,
        "2026-04-10",
        ("elapsed_seconds", "state"),
        {"A": ("14100", "met"), "B": ("15900", "missed")},
    ),
    ticket(
        "support.first_response",  # GC-083
        f"{OUTSCALE}/support-gti-sev2",
        AUTOMATIC,
        "2026-04-01 12:00",
        ("elapsed_seconds", "state"),
        {"A": ("1860", "missed"), "B": ("5", "met")},
    ),
    ticket(
        "support.pause_overlap",  # GC-074
        f"{OUTSCALE}/support-gtr-sev3",
        WAITED,
        "2026-06-02 20:00",
        "due",
        {"A": at("2026-06-05 12:00"), "B": at("2026-06-08 12:00")},
    ),
    ticket(
        "support.az_gap",  # GC-084
        f"{OUTSCALE}/support-gtr-sev1",
        TWO_ZONES,
        "2026-04-09",
        "state",
        {"A": "not-applicable", "B": "missed"},
    ),
    ticket(
        "ct.sla8_backup_clause",
        f"{CT}/sup-gti-p1",
        NOT_A_BACKUP,
        "2026-04-08 10:05",
        "state",
        {"A": "running", "B": "not-applicable"},
    ),
]
