"""Which act settles which deadline: the one it names, else the oldest still open; each act is looked at once."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.projections.deadlines.world import CGV, SECURE_TEMPLE, happens, world

BREACH = f"{CGV}/not-breach-72h"
START = datetime(2026, 5, 4)  # noqa: DTZ001 - made a Paris time by the helper


def moment(hour: int) -> str:
    return (START + timedelta(hours=hour)).isoformat(sep=" ")


@settings(deadline=None, max_examples=40)
@given(
    opened=st.lists(st.integers(min_value=0, max_value=60), min_size=1, max_size=6, unique=True),
    acts=st.lists(
        st.tuples(st.integers(min_value=0, max_value=60), st.none() | st.integers(min_value=0, max_value=6)), max_size=6
    ),
)
def test_matching_by_queue_says_what_looking_at_every_pair_says(
    opened: list[int], acts: list[tuple[int, int | None]]
) -> None:
    incidents = sorted(opened)
    notices = sorted(acts, key=lambda act: act[0])
    facts = [
        happens(
            moment(hour), "incident.opened", incident=f"i-{number}", nature="security",
            personal_data="client-controller", risk=True,
        )
        for number, hour in enumerate(incidents)
    ]  # fmt: skip
    facts += [
        happens(
            moment(hour), "notice.sent", notice=f"n-{number}", topic="personal-data-breach", channel="email",
            **({} if about is None else {"about": f"i-{about}"}),
        )
        for number, (hour, about) in enumerate(notices)
    ]  # fmt: skip
    settled: dict[int, str] = {}
    for number, (hour, about) in enumerate(notices):
        waiting = [i for i, at in enumerate(incidents) if at <= hour and i not in settled and about in (None, i)]
        if waiting:
            settled[waiting[0]] = f"urn:test#e-{2 + len(incidents) + number:03}"
    rows = world(*facts, asked="2026-06-01").rows(BREACH)
    assert [row["settled_by"] for row in rows] == [settled.get(number) for number in range(len(incidents))]


def test_an_act_that_names_nothing_goes_to_the_oldest_even_when_it_is_late() -> None:
    facts = [
        happens("2026-05-04", "incident.opened", incident="i-1", nature="security", impact="I1"),
        happens("2026-05-08", "incident.opened", incident="i-2", nature="security", impact="I1"),
        happens("2026-05-09", "notice.sent", notice="n-1", topic="security-incident", channel="email"),
    ]
    rows = world(*facts, asked="2026-05-10", documents=(SECURE_TEMPLE,)).rows(f"{SECURE_TEMPLE}/inc-default-levels")
    assert [row["settled_by"] for row in rows] == ["urn:test#e-004", None]


def test_one_act_settles_everything_it_names() -> None:
    facts = [
        happens("2026-05-04", "deletion.performed", deletion="d-1", scopes=["volumes"]),
        happens("2026-05-05", "deletion.performed", deletion="d-1", scopes=["objects"]),
        happens("2026-05-06", "deletion.performed", deletion="d-2", scopes=["objects"]),
        happens("2026-05-07", "deletion.certified", deletion="d-1", scopes=["volumes", "objects"]),
    ]
    rows = world(*facts, asked="2026-05-10", documents=(SECURE_TEMPLE,)).rows(f"{SECURE_TEMPLE}/del-certificate")
    assert [row["state"] for row in rows] == ["met", "met", "open-ended"]


def test_a_certificate_that_names_an_unknown_request_settles_a_deletion_without_one() -> None:
    facts = [
        happens("2026-05-04", "deletion.performed", deletion="d-1", scopes=["volumes"]),
        happens("2026-05-05", "deletion.performed", scopes=["objects"]),
        happens("2026-05-07", "deletion.certified", deletion="d-9", scopes=["objects"]),
    ]
    rows = world(*facts, asked="2026-05-10", documents=(SECURE_TEMPLE,)).rows(f"{SECURE_TEMPLE}/del-certificate")
    assert [row["settled_by"] for row in rows] == [None, "urn:test#e-004"]


def test_an_end_announced_ahead_leaves_what_follows_it_pending() -> None:
    ahead = happens("2026-05-04", "contract.ended", cause="term", on="2026-06-30")
    row = world(ahead, asked="2026-06-01", documents=(SECURE_TEMPLE,)).row(f"{SECURE_TEMPLE}/del-notice-21d")
    assert (row["state"], row["elapsed_seconds"]) == ("pending", "0")


def test_a_reservation_without_a_term_is_never_ended_early() -> None:
    notified = happens(
        "2026-05-04", "termination.notified", termination="t-1", by="client", ground="terms-refused", channel="email"
    )
    acknowledged = happens("2026-05-05", "termination.acknowledged", termination="t-1")
    found = world(notified, acknowledged, asked="2026-06-01", kind="reservation")
    assert found.rows(f"{CGV}/term-client-convenience") == []
    assert found.codes(f"{CGV}/term-reservation-firm") == ["act-refused"]


def test_a_recovery_ordered_while_no_end_is_known_has_no_deadline() -> None:
    ordered = happens("2026-05-04", "recovery-service.ordered", order="o-1")
    assert world(ordered, asked="2026-05-05").rows(f"{CGV}/rec-service-order") == []
