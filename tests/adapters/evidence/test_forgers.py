"""What somebody tries who wants ``verify.py`` to say more than is true, with the log's key or without it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.evidence import verify
from adapters.evidence.notes import verifier
from adapters.evidence.verify import (
    NotProvenError,
    canonical,
    check_bundle,
    check_receipt,
    field_leaf,
    put_together,
    words_of,
)
from api.cli.printing import harmless
from tests.adapters.evidence.conftest import Made
from tests.faults.forging import Forger
from tests.faults.operator import signed_anew
from tests.support.bundles import CONTRACT, bundle_of, checkpointed, event, events, ledger_at, log_signer, record
from tests.support.histories import Histories, receipt_of

ESCAPES = "x\n\x1b[2J\u202e\u2028\x9b1A\nRESULT: the bundle holds.\n"


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[bytes, verify.Key]]:
    """A bundle with a certificate of deletion, signed but without a signatory's name."""
    data = {"scopes": ["all"], "signed": True, "stamped": True, "title": "Head of operations"}
    with ledger_at(tmp_path_factory.mktemp("certified")) as ledger:
        record(ledger, [*events()[:3], event("d", "2026-04-20T10:00:00+02:00", "deletion.certified", data)])
        note = checkpointed(ledger.store)
        yield bundle_of(ledger.store, note), log_signer(ledger.store.log_origin()).key


def test_a_value_that_matters_cannot_be_withheld_under_the_name_of_a_personal_one(
    certified: tuple[bytes, verify.Key],
) -> None:
    data, key = certified
    forger = Forger(data)
    (field,) = [field for line in forger.lines for field in line["fields"] if field["path"] == "data.signed"]
    leaf = field_leaf(field["path"], field["value"], bytes.fromhex(field["salt"]))
    field.clear()
    field.update({"leaf": leaf.hex(), "path": "data.signatory", "why": "erased"})
    with pytest.raises(NotProvenError, match="its values or their names are not those that were recorded"):
        check_bundle(forger.made(figures=True), key)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nobody_writes_the_answer_of_the_verifier_in_a_name(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    path = tmp_path / "forged.zip"
    forger = Forger(made.data)
    forger.claim["log"] = ESCAPES
    path.write_bytes(forger.listed())
    assert verify.main([str(path), "--key", verifier(made.key), "--lang", lang]) == 1
    told = capsys.readouterr().out
    assert all(line.isprintable() for line in told.split("\n"))
    assert "RESULT: the bundle holds." not in told.split("\n")
    assert r"x\n\x1b[2J\u202e\u2028\x9b1A\nRESULT" in told


def test_a_terminal_shows_names_and_never_obeys_them() -> None:
    assert (
        harmless("C-1 : 3 faits\u00a0; \u00ab\u202fé\u202f\u00bb") == "C-1 : 3 faits\u00a0; \u00ab\u202fé\u202f\u00bb"
    )
    assert harmless("C-1\x1b]0;x\x07\u202e") == r"C-1\x1b]0;x\x07\u202e"


def test_a_receipt_of_the_provider_is_none_of_the_contract(made: Made) -> None:
    receipt = receipt_of(made.ledger.store, made.note, "provider:outscale")
    assert check_receipt(json.loads(receipt), made.key).contract is None
    with pytest.raises(NotProvenError, match="another contract, or another history"):
        check_bundle(made.bundle(receipt=receipt), made.key, receipt=receipt)


def test_a_bundle_holds_the_facts_of_no_other_contract(world: Histories) -> None:
    forger, other = Forger(world.bundle), Forger(world.neighbour)
    forger.lines = sorted([*forger.lines, *other.lines[:1]], key=lambda line: int(line["index"]))
    (tenant,) = [one for one in other.claim["tenants"] if one["subject"] == "C-2"]
    forger.claim["tenants"].append(tenant)
    forger.heads["tenants"][tenant["tenant"]] = other.heads["tenants"][tenant["tenant"]]
    with pytest.raises(NotProvenError, match="its tenants are not the contract's"):
        check_bundle(forger.made(), world.key)


def test_a_receipt_leaves_open_what_was_recorded_after_it(
    world: Histories, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, receipt = tmp_path / "bundle.zip", tmp_path / "receipt.json"
    path.write_bytes(world.bundle)
    receipt.write_bytes(world.receipt)
    words = [str(path), "--key", verifier(world.key)]
    assert verify.main(words) == 0
    assert "who holds the log's key could sign otherwise" in capsys.readouterr().out
    assert verify.main([*words, "--receipt", str(receipt)]) == 0
    assert "of what was recorded after your receipt" in capsys.readouterr().out
    assert verify.main([*words, "--receipt", str(receipt), "--lang", "fr"]) == 0
    assert "ce qui a été enregistré après votre reçu" in capsys.readouterr().out


def test_facts_later_than_the_question_are_said_not_to_count(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "early.zip"
    path.write_bytes(made.bundle(known_at=1_777_600_000_000_000))
    assert verify.main([str(path), "--key", verifier(made.key)]) == 0
    told = capsys.readouterr().out
    assert "C-1: 100 facts" in told
    assert "facts shown 67 are later than that, and do not count" in told


def test_a_witness_is_believed_by_a_key_that_says_when_it_saw(made: Made) -> None:
    other = log_signer("witness.example/old", b"\5").key
    with pytest.raises(NotProvenError, match="is not a witness's: it says no instant"):
        check_bundle(made.data, made.key, [other])


@pytest.mark.parametrize(
    "fields",
    [
        [("data", {}), ("data.x", 1)],
        [("data", 1), ("data.x", 1)],
        [("data.x", {}), ("data.x.y.z", 1)],
        [("a~0", 1), ("a~", 1)],
        [("data", {"x": 1})],
    ],
)
def test_no_two_lists_of_fields_make_one_event(fields: list[tuple[str, object]]) -> None:
    with pytest.raises(NotProvenError, match="one stands inside another"):
        put_together(fields)


@pytest.mark.parametrize("deep", [300, 985, 990, 5_000, 200_000])
@pytest.mark.parametrize("member", ["heads.json", "statement.json", "entries.jsonl"])
def test_what_is_nested_too_deep_is_refused_in_words(made: Made, member: str, deep: int) -> None:
    forger = Forger(made.data)
    forger.members[member] = b"[" * deep + b"]" * deep + b"\n" * (member != "heads.json")
    with pytest.raises(NotProvenError):
        check_bundle(forger.listed(), made.key)


def test_the_contract_of_a_receipt_is_proven_by_a_fact_alone(made: Made) -> None:
    receipt = json.loads(receipt_of(made.ledger.store, made.note))
    assert check_receipt(receipt | {"contract": "C-9"}, made.key).contract is None
    assert check_bundle(made.data, made.key).contract == CONTRACT


@pytest.mark.parametrize("how", ["a second name", "a short list of heads", "left out"])
def test_what_who_has_the_key_can_hide_is_said_and_a_receipt_binds_it(made: Made, how: str) -> None:
    forger = Forger(made.data)
    own = forger.claim["tenants"][0]["tenant"]
    mine = [line for line in forger.lines if json.loads(line["entry"])["tenant"] == own]
    aside = mine[-2:]
    forger.lines = [line for line in forger.lines if line not in aside]
    if how == "a second name":
        for line in aside:
            line["entry"] = canonical(json.loads(line["entry"]) | {"tenant": "ab" * 16}).decode()
    listed = {own: len(mine) - 2} if how == "a short list of heads" else None
    data = signed_anew(forger, log_signer(made.key.name), aside, listed=listed)
    if how == "left out":
        with pytest.raises(NotProvenError, match="facts are missing at its end"):
            check_bundle(data, made.key)
        return
    found = check_bundle(data, made.key)
    for lang, said in (("en", "could sign otherwise"), ("fr", "pourrait signer autre chose")):
        assert said in words_of(found, lang, "b.zip", "KEY")
    with pytest.raises(NotProvenError, match="the receipt: "):
        check_bundle(data, made.key, receipt=receipt_of(made.ledger.store, made.note))


def test_a_type_that_the_log_was_given_is_printed_as_it_is_written(made: Made) -> None:
    forger = Forger(made.data)
    line = forger.lines[50]
    del line["fields"]
    line["entry"] = canonical(json.loads(line["entry"]) | {"type": ESCAPES}).decode()
    said = words_of(check_bundle(signed_anew(forger, log_signer(made.key.name)), made.key), "en", "b.zip", "KEY")
    assert all(one.isprintable() for one in said.split("\n"))
    assert said.count("RESULT: the bundle holds.\n") == 1
