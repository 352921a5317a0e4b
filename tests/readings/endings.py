"""How a contract, a qualification, an access and data end."""

from tests.projections.deadlines.world import CGV, OPENIAAS, SECURE_TEMPLE, SNC_EN, SNC_FR, at, happens
from tests.projections.penalties.world import signed, signed_cloud_temple
from tests.readings.duties import (
    ENGLISH,
    FRENCH,
    GENERAL,
    LOST_IN_FEBRUARY,
    SECURE,
    SILENT_CLIENT,
    START,
    deadline,
    ended,
    notice,
    terminated,
)
from tests.readings.scenario import Scenario

STORED = happens("2026-06-03", "paid-storage.started")
REPORTED = happens("2026-02-20 11:00", "recovery-report.received", signed_on="2026-02-20")
LEAVES = terminated("2026-02-20", "client", "qualification-lost", "registered-letter")
DEACTIVATED = (
    ended("2026-03-18", "2026-03-18"),
    happens("2026-03-19 09:00", "account.deactivated", account="acc-1"),
)
CLOSED = (
    happens("2026-11-20", "deletion.requested", deletion="d-1", via="ticket", scopes=["all"]),
    happens("2026-11-30", "account.closed", account="acc-1"),
)
ERASURE_NOTICE = notice("2026-06-15 10:00", "deletion-notice")

SCENARIOS = [
    deadline(
        "qual.terminate_object",
        f"{SNC_FR}/qual-loss-terminate",
        (*FRENCH, *LOST_IN_FEBRUARY, LEAVES),
        "2026-02-23",
        "ends",
        {"A": [SNC_FR], "B": ["contract"]},
        "2026-02-20",
    ),
    deadline(
        "qual.terminate_effect",
        f"{SNC_FR}/qual-loss-terminate",
        (*FRENCH, *LOST_IN_FEBRUARY, LEAVES),
        "2026-02-23",
        "last_day",
        {"A": ["2026-02-20"], "B": ["2026-03-08"]},
        "2026-02-20",
    ),
    Scenario(
        "qual.expiry",  # GC-090
        (signed(SNC_EN, CGV, on="2023-11-01"),),
        asked="2023-12-15",
        section="qualification",
        where={},
        show=("state", "valid_until"),
        found={
            "A": [("lapsed", "2023-11-30")],
            "B": [("lost", None)],
            "C": [("qualified", "2023-11-30")],
        },
        starts="2023-12-01",
    ),
    Scenario(
        "qual.openiaas_initial",  # GC-095
        (signed_cloud_temple(OPENIAAS, on=START),),
        asked="2026-01-10",
        section="qualification",
        where={},
        show="state",
        found={"A": ["in-progress"], "B": ["qualified"]},
        starts=START,
        late="2026-01-10 00:00:01",
    ),
    deadline(
        "rev.governing",  # GC-124
        f"{SNC_EN}/rev-one-month-access",
        (*GENERAL, ended("2026-05-03")),
        "2026-05-05",
        "last_day",
        {"A": [], "B": ["2026-06-03"]},
        "2026-05-03 18:00",
    ),
    deadline(
        "rev.end_event",
        f"{SNC_EN}/rev-one-month-access",
        (*ENGLISH, *LOST_IN_FEBRUARY, LEAVES, ended("2026-06-30")),
        "2026-07-01 12:00",
        ("from", "last_day"),
        {"A": [(at("2026-02-21"), "2026-03-20")], "B": [(at("2026-07-01"), "2026-07-30")]},
        "2026-02-20",
        late="2026-07-01 00:00:01",
    ),
    deadline(
        "rev.early_report",  # GC-121
        f"{SNC_EN}/rev-deletion-2w1d",
        (*ENGLISH, ended("2026-01-31"), REPORTED),
        "2026-02-25",
        "last_day",
        {"A": ["2026-03-07"], "B": ["2026-03-15"]},
        "2026-02-01",
    ),
    deadline(
        "rev.deletion_anchor",  # GC-122
        f"{SNC_EN}/rev-deletion-2w1d",
        (*ENGLISH, *SILENT_CLIENT, happens("2026-05-28", "paid-storage.started")),
        "2026-05-29 12:00",
        "last_day",
        {"A": ["2027-07-12"], "B": ["2026-05-10"]},
        "2026-03-26",
    ),
    deadline(
        "rev.13m_start",
        f"{SNC_EN}/rev-storage-invoicing-13m",
        (*ENGLISH, *SILENT_CLIENT, STORED),
        "2026-06-04",
        "last_day",
        {"A": ["2027-06-27"], "B": ["2027-05-25"], "C": ["2027-07-02"]},
        "2026-06-03",
    ),
    deadline(
        "deletion.deactivation_vs_effective",  # GC-138
        f"{CGV}/term-effective-midnight",
        (*GENERAL, *DEACTIVATED),
        "2026-03-20",
        ("last_day", "state"),
        {
            "A": [("2026-03-18", "met")],
            "B": [("2026-03-18", "met")],
            "C": [("2026-04-18", "pending")],
        },
        "2026-03-18",
        late="2026-03-19 09:00:01",
    ),
    deadline(
        "deletion.deactivation_vs_effective",
        f"{CGV}/del-at-effective-date",
        (*GENERAL, *DEACTIVATED),
        "2026-03-20",
        ("due", "state"),
        {"A": [], "B": [(at("2026-03-19"), "missed")], "C": []},
        "2026-03-18",
    ),
    deadline(
        "deletion.technical_90",  # GC-131
        f"{SNC_EN}/del-technical-90d",
        (*ENGLISH, CLOSED[1]),
        "2026-12-02",
        ("earliest", "due", "state"),
        {
            "A": [(at("2027-02-28"), at("2027-03-01"), "pending")],
            "B": [(at("2027-02-28"), None, "open-ended")],
        },
        "2026-11-30",
    ),
    deadline(
        "deletion.account_closing",
        f"{SNC_EN}/del-technical-90d",
        (*ENGLISH, *CLOSED),
        "2026-12-02",
        "last_day",
        {"A": ["2027-02-28"], "B": ["2027-02-18"]},
        "2026-11-30",
    ),
    deadline(
        "ct.deletion_window",  # GC-133
        f"{SECURE_TEMPLE}/del-max-30d",
        (*SECURE, ERASURE_NOTICE, ended("2026-06-30")),
        "2026-07-02",
        ("earliest", "last_day"),
        {"A": [(at("2026-07-06"), "2026-07-15")], "B": [(at("2026-07-06"), "2026-08-05")]},
        "2026-06-15 10:00",
    ),
    deadline(
        "ct.notice_before_end",
        f"{SECURE_TEMPLE}/del-max-30d",
        (*SECURE, ERASURE_NOTICE, ended("2026-06-30")),
        "2026-07-02",
        "last_day",
        {"A": ["2026-07-15"], "B": []},
        "2026-06-15 10:00",
    ),
    deadline(
        "notice.lrar_date",
        f"{SNC_EN}/rev-15-working-days",
        (*ENGLISH, *SILENT_CLIENT),
        "2026-05-01",
        ("from", "last_day"),
        {"A": [(at("2026-04-30 11:00"), "2026-05-27")], "B": [(at("2026-04-28 10:00"), "2026-05-22")]},
        "2026-04-28 10:00",
        late="2026-04-30 11:00:01",
    ),
    Scenario(
        "ct.tenant_access",
        (
            *SECURE,
            happens(
                "2026-05-04 09:00", "ticket.opened",
                ticket="T-1", kind="incident", complete=True, impact="I1", criticality="C1",
            ),
            happens("2026-05-04 10:00", "access.requested", by="operator", third_party=False, written=False),
        ),
        asked="2026-06-01",
        section="findings",
        where={"code": "access-not-allowed"},
        show="rule",
        found={"A": [f"{SECURE_TEMPLE}/acc-tenant-forbidden"], "B": []},
        starts="2026-05-04 10:00",
    ),
    Scenario(
        "ct.capital_equal",  # GC-094
        (
            *SECURE,
            happens(
                "2026-01-15", "shareholding.recorded",
                holder="holder-1", seat_country="US", eu=False, capital="24", votes="24",
            ),
        ),
        asked="2026-02-01",
        section="findings",
        where={"code": "shareholding-over-limit"},
        show="rule",
        found={"A": [], "B": [f"{SECURE_TEMPLE}/qual-capital-24"]},
        starts="2026-01-15",
    ),
]  # fmt: skip
