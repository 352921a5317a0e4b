"""The average revenue of all the client's contracts (reading ``cacm.scope`` B) needs the other contracts' invoices."""

from typing import Any

from tests.support.dossier import CONTRACT, Happening, dossier, outscale

DOWN = {
    "outage": "o-1",
    "service": "load-balancer",
    "started_at": "2026-04-08T10:00:00+02:00",
    "ended_at": "2026-04-08T14:00:00+02:00",
    "extent": "total",
}
RESERVE = {"reserve": "r-1", "outage": "o-1", "from": DOWN["started_at"], "to": DOWN["ended_at"], "documented": True}


def invoice(amount: str, **envelope: Any) -> Happening:
    data = {"invoice": f"i-{amount}", "month": "2026-04", "amount": amount}
    return ("2026-05-02T09:00:00+02:00", "invoice.issued", data, envelope)


def average(*readings: str) -> object:
    found = dossier(
        ("2026-04-01T00:00:00+02:00", "contract.signed", outscale()),
        ("2026-04-01T00:00:00+02:00", "contract.signed", outscale(), {"subject": "C-2"}),
        invoice("1000.00"),
        invoice("5000.00", subject="C-2"),
        ("2026-04-08T14:00:00+02:00", "outage.recorded", DOWN),
        ("2026-04-09T10:00:00+02:00", "reserve.notified", RESERVE),
        at="2026-05-03T12:00:00+02:00",
        readings=readings,
    )[CONTRACT].as_json()
    return found["penalties"][0]["average_monthly_revenue"]


def test_annex_b_the_average_is_the_contracts_own_by_default() -> None:
    assert average() == "1000"


def test_annex_b_the_average_may_take_every_contract_of_the_client() -> None:
    assert average("cacm.scope=B") == "6000"
