"""Documents of a ledger: how far its facts are signed, and who reads the values of persons."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.access.model import Role
from adapters.answers import Answers
from adapters.bootstrap import ledger_of, opened
from adapters.catalogue import load_catalogue, load_switches
from adapters.cloudevents import encode
from adapters.documents.drawn import Order, drawn, evidence_of
from adapters.documents.pdf import rendered
from adapters.eventstore.store import Store
from domain.readings import select
from domain.time.instant import Instant
from tests.support.arrivals import NOW, Event, received
from tests.support.dossier import facts
from tests.support.paper import Paper
from tests.support.paperwork import ACCOUNT_EMAIL, ADDRESSEE, SIGNATORY, paperwork_story
from tests.support.persons import contact, erased
from tests.support.proving import SECOND, log_key, sign
from tests.support.server import Api, api

LATE = Instant(NOW + 30 * 86_400 * SECOND)


def told() -> list[Event]:
    return [encode(fact) | {"recordedtime": None} for fact in facts(*paperwork_story())]


def events() -> list[Event]:
    return [{name: value for name, value in one.items() if value is not None} for one in told()]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A signed ledger with the whole story, and one fact recorded since."""
    folder = tmp_path_factory.mktemp("paper")
    address = str(folder / "greffe.db")
    with opened(address, create=True) as store:
        ledger = ledger_of(store, load_catalogue())
        assert ledger.record(received(*events()), LATE).quarantined == 0
        assert made(store, "sla-statement").says("Not signed yet: the log that holds these facts has no checkpoint")
        key, _ = log_key(store, folder)
        sign(store, key, LATE)
        ledger.record(received(contact("late")), Instant(LATE + SECOND))
    return address


def made(store: Store, kind: str, *, opens: bool = True, public: str = "") -> Paper:
    catalogue = load_catalogue()
    readings = select(load_switches(), [])
    answers = Answers(ledger_of(store, catalogue), catalogue)
    intake = answers.intake("C-1", readings)
    found: dict[str, Any] = drawn(
        intake,
        answers.question(intake, None, None, readings, "C-1"),
        Order(kind, "en", address=public),
        evidence_of(store, "C-1", opens=opens),
        catalogue=catalogue,
        switches=load_switches(),
    )
    return Paper(rendered(found))


def test_document_names_the_checkpoint_and_counts_what_is_not_under_it(address: str) -> None:
    with opened(address) as store:
        newest = store.checkpoint()
        assert newest is not None
        paper = made(store, "deletion-certificate", public="https://greffe.example")
        assert paper.says(store.log_origin(), newest.root.hex(), f"{newest.size} entries, signed 1 Jul 2026")
        assert paper.says("facts of this contract recorded since the checkpoint: 1")
        assert paper.says("https://greffe.example/contracts/C-1/receipt")
        assert made(store, "deletion-certificate", public="https://greffe.example").data == paper.data


def test_values_of_persons_are_opened_for_who_may_read_them_alone(address: str) -> None:
    with opened(address) as store:
        assert made(store, "deletion-certificate").says(SIGNATORY)
        assert made(store, "qualification-loss").says(ADDRESSEE, ACCOUNT_EMAIL)
        for kind in ("deletion-certificate", "qualification-loss", "formal-notice"):
            paper = made(store, kind, opens=False)
            assert paper.says("[sealed: not shown to this role]")
            assert not [value for value in (SIGNATORY, ADDRESSEE, ACCOUNT_EMAIL) if value.encode() in paper.attached]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API over such a ledger."""
    address = str(tmp_path_factory.mktemp("api") / "greffe.db")
    with api(address, public_address="https://greffe.example") as running:
        assert running.post(*events())["recorded"] == len(events())
        running.settle()
        yield running


def document(served: Api, kind: str, role: Role = Role.DESK, **params: Any) -> Any:
    return served.get(f"/v1/contracts/C-1/documents/{kind}", role, params=params)


def test_a_document_is_answered_with_its_tag_and_again_without_its_bytes(served: Api) -> None:
    answer = document(served, "deletion-certificate", lang="fr")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'inline; filename="C-1-deletion-certificate.fr.pdf"'
    paper = Paper(answer.content)
    assert paper.says("Attestation de suppression", SIGNATORY, "https://greffe.example/contracts/C-1")
    again = served.as_(Role.DESK).get(answer.request.url, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_role_that_may_not_read_persons_gets_the_document_without_their_values(served: Api) -> None:
    paper = Paper(document(served, "deletion-certificate", Role.AUDITOR).content)
    assert paper.says("[sealed: not shown to this role]")
    assert SIGNATORY.encode() not in paper.attached


def test_parameters_choose_the_period_the_date_the_party_and_the_sides(served: Api) -> None:
    at = {"at": "2026-05-04T10:00:00+02:00"}
    assert Paper(document(served, "sla-statement", month="2026-04", **at).content).says("98.566%", "Apr 2026")
    period = {"from": "2026-04-01T00:00:00+02:00", "to": "2026-05-01T00:00:00+02:00"}
    assert Paper(document(served, "sla-statement", **period, **at).content).says("98.566%")
    assert Paper(document(served, "penalty-claim", about="2026-04-30", **at).content).says("1772600/1437")
    sides = {"reading": ["maintenance.mode=A"], "against": ["maintenance.mode=B,cap.example=B"]}
    assert Paper(document(served, "dispute-dossier", **sides, **at).content).says("1772600/1437", "2586600")


@pytest.mark.parametrize(
    ("kind", "params", "code"),
    [
        ("dispute-dossier", {}, "no-document"),
        ("penalty-claim", {"about": "2026-03-31"}, "no-document"),
        ("sla-statement", {"at": "2024-01-01T00:00:00Z"}, "no-document"),
        ("sla-statement", {"month": "2026-13"}, "invalid-parameter"),
        ("sla-statement", {"month": "2026-04", "to": "2026-05-01T00:00:00+02:00"}, "invalid-parameter"),
        ("sla-statement", {"to": "2026-05-01T00:00:00+02:00"}, "invalid-parameter"),
        ("dispute-dossier", {"against": "nonsense=B"}, "unknown-reading"),
        ("invoice", {}, "invalid-parameter"),
    ],
)
def test_what_cannot_be_drawn_up_is_a_problem_that_says_why(
    served: Api, kind: str, params: dict[str, str], code: str
) -> None:
    answer = document(served, kind, **params)
    assert answer.json()["type"] == f"/problems/{code}", answer.text
    assert answer.json()["detail"]


def test_list_says_what_can_be_drawn_up_and_why_the_rest_cannot(served: Api) -> None:
    path = "/v1/contracts/C-1/documents"
    now = {one["kind"]: one["why_not"] for one in served.get(path).json()["documents"]}
    assert [kind for kind, why in now.items() if why] == ["dispute-dossier"]
    then = (
        served.as_(Role.DESK)
        .get(path, params={"at": "2025-01-02T00:00:00+01:00"}, headers={"Accept-Language": "fr"})
        .json()["documents"]
    )
    assert {one["why_not"] for one in then if one["kind"] == "qualification-loss"} == {
        "Aucune perte d'une qualification sur laquelle repose le contrat n'est enregistrée à cette date."
    }
    before = served.get(path, params={"at": "2024-01-01T00:00:00Z"}).json()["documents"]
    assert all("was signed by then" in one["why_not"] for one in before)


def test_console_lists_documents_with_forms_and_gives_each(served: Api) -> None:
    reader = served.as_(Role.DESK)
    page = reader.get("/contracts/C-1/documents")
    assert page.status_code == 200, page.text
    for kind in ("sla-statement", "penalty-claim", "formal-notice", "qualification-loss", "deletion-certificate"):
        assert f'action="/contracts/C-1/documents/{kind}"' in page.text
    assert 'value="2026-05"' in page.text
    assert (
        reader.get("/contracts/C-1/documents/formal-notice", params={"by": "client", "lang": "fr"}).content[:5]
        == b"%PDF-"
    )
    early = reader.get("/contracts/C-1/documents", params={"at": "2025-01-02T00:00:00+01:00"})
    assert "No deletion was performed or certified by this date." in early.text
    assert 'name="at" value="2025-01-02T00:00:00+01:00"' in early.text


def test_erased_person_is_gone_from_the_next_document(served: Api) -> None:
    person = f"fact:urn:test#e-{len(events()):03}"
    assert Paper(document(served, "deletion-certificate").content).says(SIGNATORY)
    assert served.post(erased("gone", person, time="2026-07-01T00:00:00+02:00"))["recorded"] == 1
    paper = Paper(document(served, "deletion-certificate").content)
    assert paper.says("[erased: this person's data were deleted]")
    assert SIGNATORY.encode() not in paper.attached


def test_ledger_without_the_keys_says_that_they_are_missing(address: str, tmp_path: Path) -> None:
    copy = tmp_path / "greffe.db"
    copy.write_bytes(Path(address).read_bytes())
    with opened(str(copy)) as store:
        assert made(store, "deletion-certificate").says("[not readable: the key is missing]")
