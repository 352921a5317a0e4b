"""The statement and its sections over HTTP: the bytes of a replay, tagged and packed."""

import gzip
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from adapters.access.model import Role
from api.cli.main import main
from tests.support.arrivals import Event, answered, opened, outage, raw, reserve, signed
from tests.support.server import Api

MINE: tuple[Event, ...] = (signed(), outage(1), reserve(2), opened(3), answered(4), answered("waits", "t-none"))
STATEMENT = "/v1/contracts/C-1/statement"
LATER = "2026-05-04T10:00:00+02:00"
Replay = Callable[..., bytes]


@pytest.fixture(scope="module")
def facts(served: Api) -> list[bytes]:
    """The facts of the tests as the ledger stamped them, what waits included."""
    said = served.post(*MINE, signed("other", subject="C-2"))
    assert (said["recorded"], said["waiting"]) == (6, 1)
    kept = [raw(row["event"]) for row in served.get("/v1/facts").json()["facts"]]
    [entry] = served.as_(Role.OPERATOR).get("/v1/quarantine").json()["entries"]
    return [*kept, raw(MINE[-1] | {"recordedtime": entry["received"]})]


@pytest.fixture
def replay(facts: list[bytes], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Replay:
    """What ``greffe replay`` prints of them."""
    path = tmp_path / "facts.jsonl"
    path.write_bytes(b"\n".join(fact for fact in facts if b"C-2" not in fact))

    def run(*words: str) -> bytes:
        capfd.readouterr()
        assert main(["replay", str(path), "--contract", "C-1", "--format", "json", *words]) == 0
        return capfd.readouterr().out.encode()

    return run


def test_the_statement_is_what_replay_prints(served: Api, replay: Replay) -> None:
    answer = served.get(STATEMENT)
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == replay()


def test_a_date_and_a_reading_are_replayed_for_that_contract(served: Api, replay: Replay) -> None:
    answer = served.get(STATEMENT, params={"at": LATER, "reading": ["maintenance.mode=B", "term.midnight=B"]})
    assert answer.content == replay("--at", LATER, "--reading", "maintenance.mode=B", "--reading", "term.midnight=B")


def test_what_was_known_before_anything_was_recorded_is_nothing(served: Api, facts: list[bytes]) -> None:
    assert facts
    known = "2020-01-01T00:00:00+01:00"
    assert served.get(STATEMENT, params={"known_at": known}).json()["contracts"] == {}
    assert served.get("/v1/contracts/C-1/penalties", params={"known_at": known}).json()["penalties"] == []


def test_an_offset_whose_plus_was_not_escaped_is_understood(served: Api, facts: list[bytes]) -> None:
    assert facts
    assert served.get(f"{STATEMENT}?at={LATER}").json()["at"] == LATER


@pytest.mark.parametrize("section", ["indicators", "support", "penalties", "amounts", "qualification", "findings"])
@pytest.mark.parametrize("at", [None, LATER])
def test_a_section_holds_the_rows_of_the_statement(
    served: Api, facts: list[bytes], section: str, at: str | None
) -> None:
    assert facts
    asked = {} if at is None else {"at": at}
    whole = served.get(STATEMENT, params=asked).json()
    found = served.get(f"/v1/contracts/C-1/{section}", params=asked).json()
    assert found.pop("contract") == "C-1"
    assert (found.pop("at"), found.pop("known_at")) == (whole["at"], whole["known_at"])
    assert found == {name: whole["contracts"]["C-1"][name] for name in found}
    assert section in found


def test_the_same_statement_is_not_sent_twice(served: Api, facts: list[bytes]) -> None:
    assert facts
    first = served.get(STATEMENT)
    tag = first.headers["etag"]
    for wanted in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = served.get(STATEMENT, headers={"If-None-Match": wanted})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert served.get(STATEMENT, headers={"If-None-Match": '"other"'}).content == first.content
    other = served.get(STATEMENT, params={"at": LATER}, headers={"If-None-Match": tag})
    assert (other.status_code, other.headers["etag"] == tag) == (200, False)


def test_a_new_fact_changes_the_tag(served: Api, facts: list[bytes]) -> None:
    assert facts
    path = "/v1/contracts/C-2/statement"
    tag = served.get(path).headers["etag"]
    served.post(outage("tag", "o-tag", subject="C-2"))
    assert served.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_gzip_for_who_takes_it(served: Api, facts: list[bytes]) -> None:
    assert facts
    plain = served.get(STATEMENT, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with served.as_(Role.AUDITOR).stream("GET", STATEMENT, headers={"Accept-Encoding": "gzip"}) as packed:
        sent = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(sent) == plain.content
    assert len(sent) < len(plain.content) / 2


def test_head_says_what_get_would(served: Api, facts: list[bytes]) -> None:
    assert facts
    get = served.get(STATEMENT, headers={"Accept-Encoding": "identity"})
    head = served.as_(Role.AUDITOR).head(STATEMENT, headers={"Accept-Encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    kept = ("etag", "content-type", "content-length")
    assert [head.headers[name] for name in kept] == [get.headers[name] for name in kept]


def test_a_figure_is_explained_in_english_and_in_french(served: Api, facts: list[bytes]) -> None:
    assert facts
    path = "/v1/contracts/C-1/explain"
    asked = {"path": "deadlines[rule=outscale-cgv-2019/reserve-48h].state"}
    [english] = served.get(path, params=asked).json()["explanations"]
    [french] = served.get(path, params=asked, headers={"Accept-Language": "fr"}).json()["explanations"]
    assert english["title"] == "A reasoned reserve is notified by e-mail within 48 hours"
    assert english["value"] == french["value"] == "met"
    assert english["row"] == french["row"]
    assert english["steps"] != french["steps"]
    assert [event["event"] for event in english["events"]] == ["urn:test#e-1", "urn:test#e-2"]


def test_the_path_of_no_figure_is_refused(served: Api, facts: list[bytes]) -> None:
    assert facts
    answer = served.get("/v1/contracts/C-1/explain", params={"path": "penalty.0"})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/unknown-figure")
    assert "did you mean 'penalties'?" in answer.json()["detail"]


def test_a_comparison_is_what_diff_prints(
    served: Api, facts: list[bytes], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.jsonl"
    path.write_bytes(b"\n".join(fact for fact in facts if b"C-2" not in fact))
    sides = ["--reading", f"at={LATER}", "--against", "documents=outscale-snc-fr+outscale-cgv-2019"]
    assert main(["diff", str(path), "--contract", "C-1", "--format", "json", *sides]) == 0
    printed = capfd.readouterr().out.encode()
    asked = {"reading": f"at={LATER}", "against": "documents=outscale-snc-fr+outscale-cgv-2019"}
    answer = served.get("/v1/contracts/C-1/diff", params=asked)
    assert answer.content + b"\n" == printed
    assert answer.json()["contracts"]["C-1"]["changes"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"against": "nothing.known=B"}, "unknown-reading"),
        ({"against": "documents=no-such-text"}, "unknown-document"),
        ({"against": "at=yesterday"}, "invalid-parameter"),
    ],
)
def test_a_side_that_is_none_is_refused(served: Api, facts: list[bytes], asked: dict[str, str], code: str) -> None:
    assert facts
    answer: httpx.Response = served.get("/v1/contracts/C-1/diff", params=asked)
    assert answer.json()["type"] == f"/problems/{code}"
