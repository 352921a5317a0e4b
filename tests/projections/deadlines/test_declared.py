"""Deadlines as data: a text nobody wrote code for, wrong files, readings that change on the way, order of arrival."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.catalogue import load_catalogue, read_agreement
from domain.agreements.deadline import Deadline, Happening
from domain.errors import InvalidAgreementError
from projections.findings import CODES
from projections.intake import Intake
from tests.projections.deadlines.world import CGV, SNC_EN, at, happens, under, world
from tests.support.dossier import OUTSCALE, derived, fact, rows, statement
from tests.support.nimbus import SIGNATURE, nimbus_terms

DEADLINES = """
[[deadline]]
id = "breach-notice"
clause = "7.1"
owed_by = "provider"
opened_by = { event = "incident.opened", when = { nature = "security" } }
name = ["incident"]
delay = "10 working days"
settled_by = [{ event = "notice.sent", when = { topic = ["security-incident", "other"] }, by = "about" }]
title = { fr = "Incident notifié", en = "An incident is notified" }

[[deadline]]
id = "leave"
clause = "9"
kind = "effect"
owed_by = "none"
ends = "contract"
opened_by = { event = "termination.notified", when = { by = "client" } }
name = ["termination"]
delay = "3 months"
cancelled_by = { event = "termination.withdrawn", by = "termination" }
title = { fr = "Départ", en = "Leaving" }
"""


def nimbus(folder: Path, *facts: object, asked: str) -> list[dict[str, object]]:
    signed = (at("2025-01-01"), "contract.signed", SIGNATURE)
    return statement(signed, *facts, at=at(asked), agreements=nimbus_terms(folder, DEADLINES))["deadlines"]


def test_a_new_text_brings_its_own_deadlines_without_code(tmp_path: Path) -> None:
    found = nimbus(
        tmp_path,
        happens("2026-05-04 10:00", "incident.opened", incident="i-1", nature="security"),
        happens("2026-05-20 10:00", "notice.sent", notice="n-1", topic="other", channel="email", about="i-1"),
        happens(
            "2026-11-30 10:00", "termination.notified",
            termination="t-1", by="client", ground="convenience", channel="letter",
        ),
        asked="2026-12-01",
    )  # fmt: skip
    assert [(row["rule"], row["last_day"], row["state"]) for row in found] == [
        ("nimbus-terms/breach-notice", "2026-05-20", "met"),
        ("nimbus-terms/leave", "2027-02-28", "pending"),
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('delay = "3 moons"', "deadline.1.delay"),
        ('opened_by = { event = "termination.notifed" }', "unknown event 'termination.notifed'"),
        ('opened_by = { event = "termination.notified", when = { who = "client" } }', "has no field 'who'"),
        ("opened_by = { }", "give either an event or a trigger"),
        ('opened_by = { trigger = "reversibility-over" }', "has phases"),
        ('owed_by = "nobody"', "deadline.1.owed_by"),
        ('colour = "blue"', "deadline.1.colour"),
        ('name = ["invoice"]', "has no field 'invoice'"),
        ('settled_by = [{ event = "notice.sent", by = "topik" }]', "has no field 'topik'"),
        ('after = "nothing"', "rests on 'nothing'"),
        ('id = "breach-notice"', "'breach-notice' is declared twice"),
        ('earliest = { delay = "soon" }', "deadline.1.earliest.delay"),
    ],
)
def test_a_file_that_says_what_no_event_can_tell_is_refused(tmp_path: Path, wrong: str, told: str) -> None:
    key = wrong.partition(" ")[0]
    first, last = DEADLINES.rsplit("[[deadline]]", 1)
    kept = [line for line in last.splitlines() if not line.startswith(f"{key} =")]
    nimbus_terms(tmp_path, first, "[[deadline]]\n", "\n".join([*kept, wrong]))
    with pytest.raises(InvalidAgreementError, match="nimbus-terms") as refused:
        read_agreement(tmp_path / "nimbus-terms.toml")
    assert told in str(refused.value)


def test_every_declared_deadline_has_a_clause_two_titles_and_an_act_or_a_date() -> None:
    catalogue = load_catalogue()
    for document in catalogue.documents:
        agreement = catalogue.agreement(document)
        ids = [deadline.id for deadline in agreement.deadline]
        assert len(ids) == len(set(ids)), document
        for deadline in agreement.deadline:
            assert deadline.clause
            assert deadline.title.fr != deadline.title.en
            assert deadline.settled_by or (deadline.kind == "effect" and deadline.delay is not None)


def test_what_a_text_displaces_or_borrows_exists() -> None:
    catalogue = load_catalogue()
    for document in catalogue.documents:
        agreement = catalogue.agreement(document)
        for displaced in (name for deadline in agreement.deadline for name in deadline.overrides):
            other, _, short = displaced.partition("/")
            assert short in {rule.id for rule in catalogue.agreement(other).deadline}
        for loan in agreement.borrowed:
            assert set(loan.deadlines) <= {rule.id for rule in catalogue.agreement(loan.document).deadline}


def test_conditions_on_lists_and_alternatives() -> None:
    data = fact(1, at("2026-05-04"), "deletion.performed", {"scopes": ["volumes", "objects"]}).data
    assert Happening(event="deletion.performed", when={"scopes": ("objects", "all")}).holds_for(data)
    assert not Happening(event="deletion.performed", when={"scopes": "all"}).holds_for(data)
    assert Happening(event="deletion.performed", any_of=({"scopes": "all"}, {"scopes": "volumes"})).holds_for(data)
    assert not Happening(event="deletion.performed", unless={"scopes": "volumes"}).holds_for(data)


def test_a_variant_that_names_an_unknown_event_is_refused_when_the_file_is_read() -> None:
    rule = next(rule for rule in load_catalogue().agreement(CGV).deadline if rule.id == "invoice-dispute-30d")
    raw = rule.model_dump(mode="python")
    raw["variant"] = [{"reading": "dispute.30d", "value": "B", "change": {"opened_by": {"event": "invoice.lost"}}}]
    with pytest.raises(ValueError, match="unknown event"):
        Deadline.model_validate(raw)


def test_a_reading_chosen_on_the_way_governs_what_opens_after_it_and_is_printed() -> None:
    chosen = happens("2026-02-01", "reading.selected", parameter="days.calendar", value="B", reason="settled")
    facts = (
        happens("2026-01-30 10:00", "personal-data-request.received", request="r-1"),
        happens("2026-03-02 10:00", "personal-data-request.received", request="r-2"),
    )
    before, after = world(*facts, chosen, asked="2026-03-03").rows(f"{CGV}/not-rights-answer-30d")
    assert (before["last_day"], "readings" in before) == ("2026-03-01", False)
    assert (after["due"], after["last_day"], after["readings"]) == (
        at("2026-04-01 11:00"), None, {"days.calendar": "B"},
    )  # fmt: skip


def test_a_document_signed_later_brings_its_deadlines_from_then_on() -> None:
    gone = [happens(f"2026-0{month}-10", "deletion.performed", scopes=["all"]) for month in (1, 3)]
    joined = happens("2026-02-01", "contract.document-signed", document="outscale-snc-fr")
    found = world(*gone, joined, asked="2026-03-11")
    assert [row["opened_by"] for row in found.rows("outscale-snc-fr/del-certificate")] == ["urn:test#e-003"]


def test_every_finding_code_is_documented() -> None:
    closed = {"act-refused", "delay-not-started", "deleted-under-hold", "deletion-unannounced", "duty-waiting",
              "further-duty", "no-termination-rule", "see-special-conditions", "too-early", "unknown-level",
              "window-empty", "wrong-form"}  # fmt: skip
    assert closed <= set(CODES)


STORY = [
    happens("2026-01-05 10:00", "invoice.issued", invoice="i-1", month="2025-12", amount="10.00"),
    happens("2026-01-06 10:00", "formal-notice.sent", notice="f-1", by="provider", ground="late"),
    happens(
        "2026-01-20 10:00", "termination.notified", termination="t-1", by="provider", ground="breach", channel="email"
    ),
    happens("2026-01-31 18:00", "contract.ended", cause="breach", on="2026-01-31"),
    happens("2026-01-31 18:00", "account.deactivated", account="acc-1"),
    happens("2026-02-10 10:00", "hold.placed", hold="h-1", basis="court", scopes=["volumes"], until="2026-03-20"),
    happens("2026-02-20 10:00", "recovery-report.received", signed_on="2026-02-20"),
    happens("2026-03-01 10:00", "deletion.performed", scopes=["all"]),
    happens("2026-03-02 10:00", "deletion.certified", scopes=["volumes"]),
    happens("2026-03-25 10:00", "deletion.performed", scopes=["volumes"]),
]  # fmt: skip


@settings(deadline=None, max_examples=25)
@given(st.integers(min_value=0, max_value=10**6))
def test_the_order_of_arrival_has_no_meaning(seed: int) -> None:
    signed = (at("2025-01-01"), "contract.signed", {**OUTSCALE, "documents": list(under(SNC_EN))})
    known = [fact(number, *told) for number, told in enumerate([signed, *STORY], start=1)]
    printed = []
    for order in (known, Random(seed).sample(known, len(known))):  # noqa: S311 - a shuffle, drawn by hypothesis
        intake = Intake()
        for one in order:
            intake.add(one)
        found = derived(intake, at=at("2026-04-01"))["C-1"].as_json()
        printed.append(json.dumps([found["deadlines"], found["findings"]]))
    assert printed[0] == printed[1]


def test_rows_come_sorted_by_rule_then_time() -> None:
    signed = (at("2025-01-01"), "contract.signed", {**OUTSCALE, "documents": list(under(SNC_EN))})
    found = statement(signed, *STORY, at=at("2026-04-01"))["deadlines"]
    assert [row["rule"] for row in found] == sorted(row["rule"] for row in found)
    states = {row["rule"].partition("/")[2]: row["state"] for row in rows(found)}
    assert states["term-breach-cure-7d"] == "missed"
    assert states["rev-deletion-2w1d"] == "met"
    assert states["del-deactivation-30d"] == "met"
    assert states["term-breach-10d"] == "met"
