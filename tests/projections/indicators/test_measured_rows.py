"""Rows of what is measured rather than timed: counts of objects, shares of time."""

import pytest

from tests.projections.indicators.world import APRIL, CGV, cgv, paris, row


@pytest.mark.parametrize(("to", "value", "state"), [
    ("2026-04-30", None, "unmeasured"), ("2026-05-01", "0.999", "breached"), ("2026-06-01", "0.999", "breached"),
])  # fmt: skip
def test_a_count_belongs_to_the_windows_that_contain_it_whole(to: str, value: str | None, state: str) -> None:
    taken = {"service": "object", "from": paris("2026-04-10"), "to": paris("2026-05-01")}
    facts = [
        (paris("2026-05-01"), "measure.recorded", {"measure": name, "value": count, **taken})
        for name, count in (("objects-stored", "1000"), ("objects-lost", "1"))
    ]
    line = f"{CGV}/sla1-object-durability"
    if to == "2026-04-30":
        ended = (paris("2026-04-02"), "contract.ended", {"cause": "convenience", "on": "2026-04-29"})
        found = row(line, *cgv(), *facts, ended, at="2026-06-02", to=to)
    else:
        found = row(line, *cgv(), *facts, at="2026-06-02", to=to)
    assert (found["value"], found["state"]) == (value, state)
    assert {found[name] for name in ("reference_seconds", "counted_seconds", "availability")} == {None}


def test_a_loss_without_any_stored_count_cannot_be_judged() -> None:
    taken = {"service": "object", "from": paris("2026-04-10"), "to": paris("2026-04-11")}
    fact = (paris("2026-04-11"), "measure.recorded", {"measure": "objects-lost", "value": "1", **taken})
    assert row(f"{CGV}/sla1-object-durability", *cgv(), fact, **APRIL)["state"] == "unmeasured"


def test_shares_of_time_are_weighted_by_their_time() -> None:
    def share(value: str, start: str, end: str) -> tuple:  # type: ignore[type-arg]
        data = {"measure": "iops-share", "service": "volume", "resource": "v-1", "value": value}
        return paris(end), "measure.recorded", {**data, "from": paris(start), "to": paris(end)}

    facts = (share("100", "2026-04-01", "2026-04-04"), share("60", "2026-04-04", "2026-04-05"))
    found = row(f"{CGV}/sla2-iops-share", *cgv(), *facts, **APRIL, resource="v-1")
    assert (found["value"], found["state"], found["target"]) == ("90", "met", "90")
