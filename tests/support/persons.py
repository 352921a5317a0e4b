"""Facts that hold values of persons, and where those values stand."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.support.arrivals import Event, event

NAME, EMAIL, PHONE = "Camille Würtz", "camille.wuertz@client-one.example", "+33 1 99 00 12 34"
SIGNATORY, TITLE, ADDRESSEE = "Dominique Lefort", "Directrice des opérations", "legal@client-one.example"
ACCOUNT_EMAIL = "ops-desk@client-one.example"
VALUES = (NAME, EMAIL, PHONE, SIGNATORY, TITLE, ADDRESSEE, ACCOUNT_EMAIL)


def contact(number: int | str, person: str = "p-1", name: str = NAME, email: str = EMAIL, **more: Any) -> Event:
    """A person named for a role of ``C-1``."""
    data = {"role": "legal", "person": {"id": person, "name": name, "email": email, "phone": PHONE}}
    return event(number, "contact.designated", data, **more)


def opened_account(number: int | str = "signed", **more: Any) -> Event:
    """The signature of ``C-1``, with an account."""
    data = {
        "provider": "outscale",
        "client": {"id": "client-1", "name": "Client One"},
        "documents": ["outscale-cgv-2019"],
        "kind": "on-demand",
        "account": {"id": "acc-1", "email": ACCOUNT_EMAIL},
    }
    return event(number, "contract.signed", data, "2026-01-01T00:00:00+01:00", **more)


def certificate(number: int | str = "cert", **more: Any) -> Event:
    """A certificate of deletion with its signatory."""
    data = {"signatory": SIGNATORY, "title": TITLE, "scopes": ["all"], "signed": True}
    return event(number, "deletion.certified", data, **more)


def notice(number: int | str = "notice", **more: Any) -> Event:
    """A notice with its addressee."""
    data = {"notice": "n-1", "topic": "other", "channel": "email", "to": ADDRESSEE}
    return event(number, "notice.sent", data, **more)


def erased(number: int | str, person: str = "p-1", **more: Any) -> Event:
    """The erasure of a person."""
    return event(number, "person.erased", {"person_id": person, "basis": "request"}, **more)


def hold(number: int | str, name: str = "h-1", **data: Any) -> Event:
    """A hold on ``C-1``."""
    return event(number, "hold.placed", {"hold": name, "basis": "litigation", "scopes": ["all"], **data})


def released(number: int | str, name: str = "h-1") -> Event:
    """The end of a hold."""
    return event(number, "hold.released", {"hold": name}, "2026-03-02T10:00:00+01:00")


ALL = (opened_account(), contact(1), certificate(), notice())
PERSONS = ("account:acc-1", "p-1", "fact:urn:test#e-cert", "fact:urn:test#e-notice")


def found_in(paths: Iterable[Path], values: Iterable[str] = VALUES) -> dict[str, list[str]]:
    """Which values stand in which files, in UTF-8 or as JSON escapes them."""
    found: dict[str, list[str]] = {}
    for path in paths:
        content = path.read_bytes()
        here = [one for one in values if any(form in content for form in forms(one))]
        if here:
            found[path.name] = here
    return found


def forms(value: str) -> set[bytes]:
    """How a value may be written."""
    escaped = "".join(letter if letter.isascii() else f"\\u{ord(letter):04x}" for letter in value)
    return {value.encode(), escaped.encode(), value.encode("utf-16-le"), value.encode("latin-1", "ignore")}
