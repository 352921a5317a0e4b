"""Invoices: when they are due, and how long they may be disputed."""

from tests.projections.deadlines.world import CGV, at, happens, world

DISPUTE = f"{CGV}/invoice-dispute-30d"


def invoice(moment: str, **more: object) -> object:
    return happens(moment, "invoice.issued", invoice="i-1", month=moment[:7], amount="100.00", **more)


def test_gc_053_thirty_days_to_dispute_an_invoice() -> None:
    found = world(invoice("2026-01-31 09:00"), asked="2026-02-01")
    assert found.row(DISPUTE)["last_day"] == "2026-03-02"


def test_15_3_an_invoice_disputed_on_the_thirty_first_day_is_late() -> None:
    disputed = happens("2026-03-03 00:00", "invoice.disputed", invoice="i-1")
    assert world(invoice("2026-01-31 09:00"), disputed, asked="2026-04-01").row(DISPUTE)["state"] == "met-late"


def test_15_3_the_thirty_days_may_run_from_receipt() -> None:
    fact = (*invoice("2026-01-31 09:00"), {"recordedtime": at("2026-02-03 08:00")})
    asked = at("2026-02-04")
    found = world(fact, asked=asked, readings=("dispute.30d=B",))
    assert found.row(DISPUTE)["last_day"] == "2026-03-05"


def test_15_1_an_invoice_is_due_on_its_printed_date_else_at_once() -> None:
    rule = f"{CGV}/pay-on-receipt"
    printed = world(invoice("2026-02-27 09:00", due_on="2026-03-31"), asked="2026-03-01").row(rule)
    assert (printed["last_day"], printed["state"]) == ("2026-03-31", "pending")
    silent = world(invoice("2026-02-27 09:00"), asked="2026-03-01").row(rule)
    assert (silent["last_day"], silent["state"]) == ("2026-02-27", "missed")
    thirty = world(invoice("2026-02-27 09:00"), asked="2026-03-01", readings=("payment.due_date=B",)).row(rule)
    assert thirty["last_day"] == "2026-03-29"
