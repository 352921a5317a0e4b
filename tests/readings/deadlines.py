"""Days, hours and months: how long they are, and what they run from."""

from tests.projections.deadlines.world import CGV, SNC_EN, SNC_FR, at, happens
from tests.projections.penalties.world import claim, invoices, signed
from tests.projections.penalties.world import down as reserved
from tests.readings.duties import (
    ENGLISH,
    FRENCH,
    GENERAL,
    LBU,
    LOST_IN_FEBRUARY,
    SILENT_CLIENT,
    deadline,
    ended,
    terminated,
)

ACKNOWLEDGED = (
    terminated("2026-02-27 18:00", "client", "convenience"),
    happens("2026-03-02 10:15", "termination.acknowledged", termination="t-1"),
)
FORMAL_NOTICE = happens("2026-04-24 10:00", "formal-notice.sent", notice="fn-1", by="provider", ground="late payment")
BREACHED_MARCH = (
    signed(on="2026-03-01"),
    *invoices("2026-03", ["9000"]),
    *reserved("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00"),
    claim("c", "2026-03-31", "2026-04-02", LBU, reserves=["r-l"]),
)
BLOCKED = (
    happens("2026-07-13 08:00", "resources.blocked", ground="authority"),
    terminated("2026-07-14 16:00", "client", "after-block"),
)
BY_PHONE = (terminated("2026-02-27 18:00", "client", "convenience", "phone"), ACKNOWLEDGED[1])
CHANGED = happens(
    "2026-04-20 09:00", "compliance.changed", change="ch-1", kind="legal", effective_at=at("2026-06-15 09:00")
)
LEAKED = happens(
    "2026-10-23 18:00", "incident.opened",
    incident="i-1", nature="security", personal_data="client-controller", risk=True, known_at=at("2026-10-23 18:00"),
)  # fmt: skip
INVOICED = happens("2026-01-31 09:00", "invoice.issued", invoice="i-1", month="2026-01", amount="100.00")
MAILED = (*INVOICED, {"recordedtime": at("2026-02-03 08:00")})
DELETE_ME = happens("2026-10-15 14:00", "deletion.requested", deletion="d-1", via="api", scopes=["all"])

SCENARIOS = [
    deadline(
        "clear_days.act_window",  # GC-103
        f"{CGV}/term-breach-cure-7d",
        (*GENERAL, FORMAL_NOTICE),
        "2026-04-25",
        ("due", "last_day"),
        {
            "A": [(at("2026-05-03"), "2026-05-02")],
            "B": [(at("2026-05-02"), "2026-05-01")],
            "C": [(at("2026-05-01 10:00"), None)],
        },
        "2026-04-24 10:00",
    ),
    deadline(
        "clear_days.effect",  # GC-100
        f"{CGV}/term-client-convenience",
        (*GENERAL, *ACKNOWLEDGED),
        "2026-03-10",
        "last_day",
        {"A": ["2026-03-18"], "B": ["2026-03-17"]},
        "2026-03-02 10:15",
    ),
    deadline(
        "clear_days.weekend",
        f"{CGV}/term-breach-cure-7d",
        (*GENERAL, FORMAL_NOTICE),
        "2026-04-25",
        "last_day",
        {"A": ["2026-05-02"], "B": ["2026-05-04"]},
        "2026-04-24 10:00",
    ),
    deadline(
        "clear_days.start_for_period_end",  # GC-063
        f"{CGV}/claim-5-clear-days",
        BREACHED_MARCH,
        "2026-04-03",
        "last_day",
        {"A": ["2026-04-06"], "B": ["2026-04-07"]},
        "2026-04-01",
    ),
    deadline(
        "term.midnight",  # GC-100
        f"{CGV}/term-client-convenience",
        (*GENERAL, *ACKNOWLEDGED),
        "2026-03-10",
        ("due", "last_day"),
        {"A": [(at("2026-03-19"), "2026-03-18")], "B": [(at("2026-03-18"), "2026-03-17")]},
        "2026-03-02 10:15",
    ),
    deadline(
        "term.no_notice_effect",  # GC-110
        f"{CGV}/term-client-after-block",
        (*GENERAL, *BLOCKED),
        "2026-07-14 18:00",
        ("due", "state"),
        {"A": [(at("2026-07-15"), "pending")], "B": [(at("2026-07-14 16:00"), "met")]},
        "2026-07-14 16:00",
    ),
    deadline(
        "term.ack_missing",  # GC-107
        f"{CGV}/term-client-convenience",
        (*GENERAL, terminated("2026-03-02", "client", "convenience")),
        "2026-03-31",
        "last_day",
        {"A": [], "B": ["2026-03-18"]},
        "2026-03-02",
    ),
    deadline(
        "term.wrong_sender",
        f"{CGV}/term-client-convenience",
        (*GENERAL, *BY_PHONE),
        "2026-03-10",
        "last_day",
        {"A": [], "B": ["2026-03-18"]},
        "2026-02-27 18:00",
    ),
    deadline(
        "month_arithmetic",  # GC-120
        f"{SNC_EN}/rev-one-month-access",
        (*ENGLISH, ended("2026-01-31")),
        "2026-02-02",
        "last_day",
        {"A": ["2026-02-28"], "B": ["2026-03-02"]},
        "2026-01-31 18:00",
    ),
    deadline(
        "days.calendar",  # GC-130
        f"{SNC_FR}/del-2w1d-after-api",
        (*FRENCH, DELETE_ME),
        "2026-10-16",
        ("due", "last_day"),
        {"A": [(at("2026-10-31"), "2026-10-30")], "B": [(at("2026-10-30 13:00"), None)]},
        "2026-10-15 14:00",
    ),
    deadline(
        "hours.elapsed",  # GC-140
        f"{CGV}/not-breach-72h",
        (*GENERAL, LEAKED),
        "2026-10-24",
        "due",
        {"A": [at("2026-10-26 17:00")], "B": [at("2026-10-26 18:00")]},
        "2026-10-23 18:00",
    ),
    deadline(
        "calendar.working_days",  # GC-122
        f"{SNC_EN}/rev-15-working-days",
        (*ENGLISH, *SILENT_CLIENT),
        "2026-05-01",
        "last_day",
        {"A": ["2026-05-27"], "B": ["2026-05-21"]},
        "2026-04-30 11:00",
    ),
    deadline(
        "immediately",
        f"{SNC_FR}/qual-loss-notify",
        (*FRENCH, *LOST_IN_FEBRUARY),
        "2026-02-11",
        ("due", "state"),
        {"A": [(None, "open-ended")], "B": [(at("2026-02-12"), "pending")]},
        "2026-02-10",
    ),
    deadline(
        "change_notice.anchor",
        f"{SNC_FR}/qual-change-1-month",
        (*FRENCH, CHANGED),
        "2026-04-21",
        "last_day",
        {"A": ["2026-07-15"], "B": ["2026-05-15"], "C": ["2026-05-20"]},
        "2026-04-20 09:00",
    ),
    deadline(
        "dispute.30d",  # GC-053
        f"{CGV}/invoice-dispute-30d",
        (*GENERAL, MAILED),
        "2026-02-04",
        "last_day",
        {"A": ["2026-03-02"], "B": ["2026-03-05"]},
        "2026-01-31 09:00",
    ),
]
