"""Deletion after a request, a closing, a deactivation or the end; holds; certificates; what is kept."""

import pytest

from tests.projections.deadlines.world import (
    CGV,
    OPENIAAS,
    SECURE_TEMPLE,
    SNC_EN,
    SNC_FR,
    World,
    at,
    happens,
    midnight_after,
    under,
    world,
)

DEACTIVATED = f"{CGV}/del-deactivation-30d"
TECHNICAL = f"{SNC_EN}/del-technical-90d"
API = f"{SNC_FR}/del-2w1d-after-api"


def requested(moment: str, *scopes: str, deletion: str = "d-1", via: str = "api") -> object:
    return happens(moment, "deletion.requested", deletion=deletion, via=via, scopes=list(scopes or ("all",)))


def performed(moment: str, *scopes: str, deletion: str | None = None) -> object:
    named = {} if deletion is None else {"deletion": deletion}
    return happens(moment, "deletion.performed", scopes=list(scopes or ("all",)), **named)


def french(*facts: object, asked: str, readings: tuple[str, ...] = ()) -> World:
    return world(*facts, asked=asked, readings=readings, documents=under(SNC_FR))


def test_gc_130_fifteen_days_after_an_api_request() -> None:
    facts = (requested("2026-10-15T14:00:00+02:00"),)
    row = french(*facts, asked="2026-10-16").row(API)
    assert (row["due"], row["last_day"], row["from"]) == (at("2026-10-31"), "2026-10-30", "2026-10-15T14:00:00+02:00")
    hours = french(*facts, asked="2026-10-16", readings=("days.calendar=B",)).row(API)
    assert (hours["due"], hours["last_day"]) == ("2026-10-30T13:00:00+01:00", None)


def test_annex_a_a_request_by_ticket_has_no_delay_of_its_own() -> None:
    assert french(requested("2026-10-15", via="ticket"), asked="2026-12-01").rows(API) == []


def test_annex_a_every_kind_of_data_asked_for_must_be_gone() -> None:
    facts = [requested("2026-10-15"), performed("2026-10-20", "volumes", "instances", deletion="d-1")]
    assert french(*facts, asked="2026-11-02").row(API)["state"] == "missed"
    facts.append(performed("2026-10-30 23:59:59", "snapshots", "objects", "backups", deletion="d-1"))
    row = french(*facts, asked="2026-11-02").row(API)
    assert (row["state"], row["settled_by"]) == ("met", "urn:test#e-004")
    assert row["events"] == ["urn:test#e-002", "urn:test#e-003", "urn:test#e-004"]


def test_annex_a_a_deletion_settles_the_request_it_names() -> None:
    facts = (
        requested("2026-10-15", "volumes", deletion="d-1"),
        requested("2026-10-16", "volumes", deletion="d-2"),
        performed("2026-10-20", "volumes", deletion="d-2"),
        performed("2026-10-21", "volumes"),
    )
    rows = french(*facts, asked="2026-10-22").rows(API)
    assert [(row["opened_by"], row["settled_by"]) for row in rows] == [
        ("urn:test#e-002", "urn:test#e-005"),
        ("urn:test#e-003", "urn:test#e-004"),
    ]


def test_annex_a_a_deletion_before_the_request_settles_nothing() -> None:
    assert french(performed("2026-10-10"), requested("2026-10-15"), asked="2026-11-02").row(API)["state"] == "missed"


@pytest.mark.parametrize(("closed", "due"), [("2026-11-30", "2027-02-28"), ("2027-12-01", "2028-02-29")])
def test_gc_131_technical_data_go_on_the_ninetieth_day(closed: str, due: str) -> None:
    fact = happens(f"{closed} 10:00", "account.closed", account="acc-1")
    found = world(fact, asked=f"{closed} 12:00", documents=under(SNC_EN))
    row = found.row(TECHNICAL)
    assert (row["last_day"], row["due"], row["earliest"]) == (due, midnight_after(due), at(due))
    open_ended = world(
        fact, asked=f"{closed} 12:00", documents=under(SNC_EN), readings=("deletion.technical_90=B",)
    ).row(TECHNICAL)
    assert (open_ended["due"], open_ended["earliest"], open_ended["state"]) == (None, at(due), "open-ended")


def test_data_erasure_other_data_do_not_settle_technical_data() -> None:
    facts = (happens("2026-11-30", "account.closed", account="acc-1"), performed("2027-02-28 10:00", "volumes"))
    found = world(*facts, asked="2027-02-28 12:00", documents=under(SNC_EN))
    assert found.row(TECHNICAL)["state"] == "pending"
    facts = (facts[0], performed("2027-02-28 10:00", "technical-data"))
    assert world(*facts, asked="2027-03-02", documents=under(SNC_EN)).row(TECHNICAL)["state"] == "met"


def test_data_erasure_technical_data_gone_too_early_are_told() -> None:
    facts = (happens("2026-11-30", "account.closed", account="acc-1"), performed("2027-02-27", "technical-data"))
    found = world(*facts, asked="2027-03-02", documents=under(SNC_EN))
    assert found.codes(TECHNICAL) == ["too-early"]


def test_data_erasure_the_closing_may_be_dated_by_its_ticket() -> None:
    facts = (
        requested("2026-11-20", via="ticket"),
        happens("2026-11-30", "account.closed", account="acc-1"),
    )
    found = world(*facts, asked="2026-12-02", documents=under(SNC_EN), readings=("deletion.account_closing=B",))
    assert found.row(TECHNICAL)["last_day"] == "2027-02-18"


DEACTIVATION = happens("2026-01-30 10:00", "account.deactivated", account="acc-1")


def test_gc_132_thirty_days_after_a_deactivation() -> None:
    row = world(DEACTIVATION, asked="2026-02-01").row(DEACTIVATED)
    assert (row["last_day"], row["due"], row["owed_by"]) == ("2026-03-01", at("2026-03-02"), "provider")


def test_gc_138_access_ends_at_midnight_and_erasure_follows_the_deactivation() -> None:
    facts = (
        happens("2026-03-18", "contract.ended", cause="convenience", on="2026-03-18"),
        happens("2026-03-19 09:00", "account.deactivated", account="acc-1"),
    )
    found = world(*facts, asked="2026-03-20")
    assert found.row(f"{CGV}/term-effective-midnight")["due"] == at("2026-03-19")
    assert found.row(DEACTIVATED)["last_day"] == "2026-04-18"
    assert found.rows(f"{CGV}/del-at-effective-date") == []
    at_midnight = world(*facts, asked="2026-03-20", readings=("deletion.deactivation_vs_effective=B",))
    row = at_midnight.row(f"{CGV}/del-at-effective-date")
    assert (row["due"], row["owed_by"], row["state"]) == (at("2026-03-19"), "provider", "missed")
    access_goes_on = world(*facts, asked="2026-03-20", readings=("deletion.deactivation_vs_effective=C",))
    row = access_goes_on.row(f"{CGV}/term-effective-midnight")
    assert (row["last_day"], row["state"]) == ("2026-04-18", "pending")


def test_gc_136_an_image_in_use_keeps_the_deletion_pending() -> None:
    shared = happens("2026-01-10", "image.shared", image="omi-1", with_="client-z")
    ended = happens("2026-04-10", "image.share-ended", image="omi-1", with_="client-z")
    gone = performed("2026-02-20")
    row = world(shared, DEACTIVATION, gone, asked="2026-03-15").row(DEACTIVATED)
    assert (row["state"], row["settled_by"]) == ("pending", None)
    assert row["events"] == ["urn:test#e-002", "urn:test#e-003", "urn:test#e-004"]
    freed = world(shared, DEACTIVATION, gone, ended, asked="2026-04-12").row(DEACTIVATED)
    assert (freed["state"], freed["elapsed_seconds"]) == ("open-ended", str(2 * 86400))
    done = world(shared, DEACTIVATION, gone, ended, performed("2026-04-15"), asked="2026-05-01").row(DEACTIVATED)
    assert (done["state"], done["settled_at"]) == ("met", at("2026-04-15"))


def test_gc_136_what_no_image_covers_is_not_suspended() -> None:
    shared = happens("2026-10-10", "image.shared", image="omi-1", with_="client-z")
    facts = (shared, requested("2026-10-15", "volumes"))
    assert french(*facts, asked="2026-11-15").row(API)["state"] == "missed"


def test_18_3_an_image_in_use_does_not_excuse_the_rest() -> None:
    shared = happens("2026-01-10", "image.shared", image="omi-1", with_="client-z")
    assert world(shared, DEACTIVATION, asked="2026-03-15").row(DEACTIVATED)["state"] == "missed"


def hold(moment: str, *scopes: str, until: str | None = None) -> object:
    limit = {} if until is None else {"until": until}
    return happens(moment, "hold.placed", hold="h-1", basis="court order", scopes=list(scopes), **limit)


def test_holds_a_hold_keeps_a_deletion_pending_for_what_it_covers() -> None:
    facts = (requested("2026-10-15"), hold("2026-10-20", "all"))
    assert french(*facts, asked="2026-11-15").row(API)["state"] == "pending"
    partial = (requested("2026-10-15"), hold("2026-10-20", "volumes"))
    assert french(*partial, asked="2026-11-15").row(API)["state"] == "missed"
    rest = performed("2026-10-25", "instances", "snapshots", "objects", "backups")
    assert french(*partial, rest, asked="2026-11-15").row(API)["state"] == "pending"


def test_holds_a_released_hold_leaves_no_date_in_the_text() -> None:
    released = happens("2026-11-10", "hold.released", hold="h-1")
    facts = (requested("2026-10-15"), hold("2026-10-20", "all"), released)
    assert french(*facts, asked="2026-11-15").row(API)["state"] == "open-ended"
    assert french(*facts, performed("2026-11-16"), asked="2026-11-20").row(API)["state"] == "met"


def test_holds_a_hold_that_ends_in_time_changes_nothing() -> None:
    facts = (requested("2026-10-15"), hold("2026-10-20", "all", until="2026-10-25"))
    assert french(*facts, asked="2026-10-31").row(API)["state"] == "missed"
    to_the_end = (requested("2026-10-15"), hold("2026-10-20", "all", until="2026-10-31"))
    assert french(*to_the_end, asked="2026-10-31").row(API)["state"] == "pending"


def test_holds_a_hold_placed_after_the_deadline_excuses_nothing() -> None:
    facts = (requested("2026-10-15"), hold("2026-11-05", "all"))
    assert french(*facts, asked="2026-11-15").row(API)["state"] == "missed"


def test_holds_deleting_what_is_held_is_told_and_counts_for_nothing() -> None:
    facts = (requested("2026-10-15", "volumes"), hold("2026-10-20", "volumes"), performed("2026-10-25", "volumes"))
    found = french(*facts, asked="2026-11-15")
    assert found.row(API)["state"] == "pending"
    assert found.codes(API) == ["deleted-under-hold"]


@pytest.mark.parametrize("document", [SNC_FR, SNC_EN, SECURE_TEMPLE, OPENIAAS])
def test_gc_137_a_certificate_is_always_owed_and_an_incomplete_one_settles_it(document: str) -> None:
    gone = performed("2026-10-30", deletion="d-1")
    rule = f"{document}/del-certificate"
    row = world(gone, asked="2026-11-01", documents=under(document)).row(rule)
    assert (row["due"], row["state"], row["elapsed_seconds"]) == (None, "open-ended", str(2 * 86400))
    certified = happens(
        "2026-11-03", "deletion.certified",
        deletion="d-1", account="acc-1", place="Paris", on="2026-11-03", signatory="A", title="B",
        ticket_on="2026-10-15", scopes=["instances", "volumes", "snapshots", "objects"], signed=True,
    )  # fmt: skip
    found = world(gone, certified, asked="2026-11-10", documents=under(document))
    assert (found.row(rule)["state"], found.row(rule)["settled_at"]) == ("met", at("2026-11-03"))
    incomplete = found.codes(f"{document}/del-certificate-fields")
    assert incomplete == ([] if document.startswith("ct-") else ["certificate-incomplete"])


def test_18_3_no_certificate_is_owed_under_the_general_terms_alone() -> None:
    found = world(performed("2026-10-30"), asked="2026-11-01")
    assert [row["rule"] for row in found.statement["deadlines"]] == []


def test_gc_135_what_is_kept_after_the_end() -> None:
    found = world(happens("2026-09-30", "contract.ended", cause="term", on="2026-09-30"), asked="2026-10-01")
    kept = {rule: found.row(f"{CGV}/{rule}") for rule in (
        "ret-relationship-1y", "ret-billing-10y", "ret-confidentiality-5y", "ret-identification-decree",
    )}  # fmt: skip
    assert {rule: row["last_day"] for rule, row in kept.items()} == {
        "ret-relationship-1y": "2027-09-30",
        "ret-billing-10y": "2036-09-30",
        "ret-confidentiality-5y": "2031-09-30",
        "ret-identification-decree": "2031-09-30",
    }
    assert {row["state"] for row in kept.values()} == {"pending"}
    assert {row["owed_by"] for row in kept.values()} == {"none"}


def test_gc_135_logs_of_the_last_day_are_kept_six_months() -> None:
    found = world(happens("2026-08-31", "contract.ended", cause="term", on="2026-08-31"), asked="2026-10-01")
    assert found.row(f"{CGV}/ret-logs-6m")["last_day"] == "2027-02-28"


def test_18_3_the_decree_as_it_was_written() -> None:
    ended = happens("2026-09-30", "contract.ended", cause="term", on="2026-09-30")
    found = world(ended, asked="2026-10-01", readings=("decree.2011_219=A",))
    assert found.row(f"{CGV}/ret-identification-decree")["last_day"] == "2027-09-30"
