"""Proofs, notes and witnesses, against vectors that others wrote (tests/vectors/README.md says whose)."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.evidence.merkle import Frontier, consistency_proof, inclusion_proof, root
from adapters.evidence.notes import Signer, verifier
from adapters.evidence.verify import (
    COSIGNATURE,
    Checkpoint,
    Key,
    NotProvenError,
    check_consistency,
    check_inclusion,
    check_subtree_consistency,
    check_subtree_inclusion,
    key_id,
    leaf_hash,
    open_note,
    parse_checkpoint,
    parse_key,
)
from adapters.evidence.witness import add_checkpoint

VECTORS = Path(__file__).parents[2] / "vectors"
MERKLE = VECTORS / "transparency-dev-merkle" / "testdata"
NOTES = json.loads((VECTORS / "signed-note" / "open.json").read_text("utf-8"))
TESSERA = json.loads((VECTORS / "tessera-log" / "log.json").read_text("utf-8"))
WITNESS = json.loads((VECTORS / "tlog-witness" / "add-checkpoint.json").read_text("utf-8"))
WITNESSED_AT = 1_780_000_000


def cases(kind: str) -> list[Any]:
    return [pytest.param(path, id=str(path.relative_to(MERKLE))) for path in sorted((MERKLE / kind).rglob("*.json"))]


def decoded(case: dict[str, Any], *names: str) -> list[bytes]:
    return [base64.b64decode(case[name] or "") for name in names]


def holds(check: Any, case: dict[str, Any], *arguments: Any, **named: Any) -> None:
    if case["wantErr"]:
        with pytest.raises(NotProvenError):
            check(*arguments, **named)
    else:
        check(*arguments, **named)


def proof_of(case: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(line) for line in case["proof"] or ()]


@pytest.mark.parametrize("path", cases("inclusion"))
def test_inclusion(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    leaf, top = decoded(case, "leafHash", "root")
    holds(check_inclusion, case, leaf, case["leafIdx"], case["treeSize"], proof_of(case), top)


@pytest.mark.parametrize("path", cases("consistency"))
def test_consistency(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    roots = decoded(case, "root1", "root2")
    holds(check_consistency, case, case["size1"], case["size2"], proof_of(case), *roots)


@pytest.mark.parametrize("path", cases("subtreeinclusion"))
def test_inclusion_in_a_subtree(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    leaf, top = decoded(case, "leafHash", "root")
    place = (case["leafIdx"], case["start"], case["end"])
    holds(check_subtree_inclusion, case, leaf, *place, proof=proof_of(case), root=top)


@pytest.mark.parametrize("path", cases("subtreeconsistency"))
def test_consistency_of_a_subtree(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    part, whole = decoded(case, "root1", "root2")
    place = (case["start"], case["end"], case["size"])
    holds(check_subtree_consistency, case, *place, proof=proof_of(case), subtree=part, root=whole)


@pytest.mark.parametrize("case", NOTES["open"], ids=lambda case: case["name"])
def test_signed_note(case: dict[str, Any]) -> None:
    keys = [parse_key(text) for text in case["vkeys"]]
    note = base64.b64decode(case["note_b64"])
    if case["want"].startswith("ok:"):
        assert len(open_note(note, keys)[1]) == int(case["want"].removeprefix("ok:"))
    else:
        with pytest.raises(NotProvenError, match=case["want"]):
            open_note(note, keys)


PETER = next(key for case in NOTES["open"] for key in case["vkeys"] if key.startswith("PeterNeumann"))
MANGLED = {
    *NOTES["bad_vkeys"],
    *(PETER[start:end] for start in range(len(PETER)) for end in range(start, len(PETER) + 1)),
    *(PETER[:place] + chr(ord(PETER[place]) + 1) + PETER[place + 1 :] for place in range(len(PETER))),
} - {PETER}


def test_every_mangled_key_is_refused() -> None:
    accepted = []
    for text in MANGLED:
        try:
            parse_key(text)
        except NotProvenError:
            continue
        accepted.append(text)
    assert len(MANGLED) > 2_000
    assert accepted == []


@pytest.mark.parametrize("size", range(16))
def test_signed_checkpoint_of_another_log_is_the_root_of_its_entries(size: int) -> None:
    note = TESSERA["checkpoints"][str(size)].encode()
    text, signatures = open_note(note, [parse_key(TESSERA["vkey"])])
    checkpoint = parse_checkpoint(text)
    assert (checkpoint.size, len(signatures)) == (size, 1)
    assert Frontier(size, edge_of(size)).root() == checkpoint.root


def edge_of(size: int) -> list[bytes]:
    """The frontier of the first entries of the other log."""
    grown = Frontier()
    for entry in ENTRIES[:size]:
        grown.append(leaf_hash(entry))
    return grown.edge


def entries_of(bundle: bytes) -> list[bytes]:
    """The entries of a C2SP entry bundle: each after its length in two bytes."""
    found = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        found.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return found


ENTRIES = max((entries_of(base64.b64decode(text)) for text in TESSERA["entry_bundles"].values()), key=len)


@pytest.mark.parametrize("size", range(1, 16))
def test_own_proofs_are_those_that_the_roots_of_another_log_demand(size: int) -> None:
    nodes: dict[tuple[int, int], bytes] = {}
    grown = Frontier()
    for entry in ENTRIES[:size]:
        nodes.update({(level, index): value for level, index, value in grown.append(leaf_hash(entry))})

    def node(level: int, index: int) -> bytes:
        return nodes[level, index]

    roots = [parse_checkpoint(TESSERA["checkpoints"][str(n)].rpartition("\n\n")[0] + "\n").root for n in range(16)]
    assert root(size, node) == roots[size]
    for index in range(size):
        check_inclusion(leaf_hash(ENTRIES[index]), index, size, inclusion_proof(index, size, node), roots[size])
    for old in range(1, size + 1):
        check_consistency(old, size, consistency_proof(old, size, node), roots[old], roots[size])


def test_witness_answers_as_another_witness_does() -> None:
    public = bytes.fromhex(WITNESS["log_ed25519_key_hex"])
    origin = WITNESS["log_origin"]
    log = Key(origin, key_id(origin, b"\x01" + public), 1, public)
    witness = Signer("example.com/witness", Ed25519PrivateKey.from_private_bytes(bytes(32)), COSIGNATURE)
    seen: dict[str, Checkpoint] = {}
    statuses = []
    for exchange in WITNESS["exchanges"]:
        answer = add_checkpoint(exchange["request_body"].encode(), {origin: [log]}, seen, witness, WITNESSED_AT)
        statuses.append(answer.status)
        unknown_log = "unknown log" in exchange["assert"]
        assert answer.status == (404 if unknown_log else exchange["status"])  # 404 came into the protocol later
        said = exchange["assert"].split('"')[1].encode().decode("unicode_escape").encode("latin-1").decode()
        assert answer.body == said if "==" in exchange["assert"] else said in answer.body
        if answer.seen is not None:
            seen[origin] = answer.seen
            note = exchange["request_body"].partition("\n\n")[2] + answer.body
            _, signatures = open_note(note.encode(), [parse_key(verifier(witness.key))])
            assert [signature.time for signature in signatures] == [WITNESSED_AT]
    assert statuses == [200, 403, 404, 422, 422, 200, 409, 200, 409]
