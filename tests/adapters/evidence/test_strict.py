"""What stands in evidence and cannot be so is refused with a reason, and nothing of it breaks the program."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.evidence import verify
from adapters.evidence.notes import Signer, signed, verifier
from adapters.evidence.verify import (
    MOST_DEPTH,
    NotProvenError,
    canonical,
    check_absent,
    check_head,
    ed25519_holds,
    head_key,
    instant,
    main,
    open_checkpoint,
    parse_canonical,
    parse_checkpoint,
    parse_json,
    read_stamp,
    reigns,
)

ORIGIN, TENANT, ROOT = "ledger.example/log", "t", bytes(32)
LOG = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"1" * 32))
NEXT = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"2" * 32))
STRANGER = Signer("other.example/log", Ed25519PrivateKey.from_private_bytes(b"3" * 32))


def handover(text: str, *signers: Signer) -> bytes:
    """A note that hands the log over, as those sign it."""
    return signed(text, "".join(signer.line(text) for signer in signers))


def note(origin: str, signer: Signer, size: int = 3) -> bytes:
    """A signed checkpoint."""
    text = f"{origin}\n{size}\n{'A' * 43}=\n"
    return signed(text, signer.line(text))


TO_NEXT = f"{verify.HANDOVER}\n{ORIGIN}\n5\n{verifier(NEXT.key)}\n"
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a proof of a head that is too long": (
        lambda: check_head(TENANT, 1, ROOT, proof=[ROOT] * (MOST_DEPTH + 1), root=ROOT), "the proof is too long",
    ),
    "an absence shown by what stands elsewhere": (
        lambda: check_absent(TENANT, other=bytes(63), proof=[], root=ROOT), "does not stand where",
    ),
    "an absence shown by the tenant's own head": (
        lambda: check_absent(TENANT, other=head_key(TENANT) + bytes(32), proof=[], root=ROOT), "the tenant's own",
    ),
    "a checkpoint without a root": (lambda: parse_checkpoint(f"{ORIGIN}\n3\nnothing\n"), "malformed checkpoint"),
    "a checkpoint whose root is too short": (lambda: parse_checkpoint(f"{ORIGIN}\n3\nAAAA\n"), "malformed checkpoint"),
    "a checkpoint of another log": (
        lambda: open_checkpoint(note(STRANGER.key.name, LOG), LOG.key), "of another log than the key",
    ),
    "a hand-over that says something else": (
        lambda: reigns(LOG.key, [handover("greffe\nnothing\n", LOG)]), "malformed hand-over",
    ),
    "a hand-over to the key of another log": (
        lambda: reigns(
            LOG.key, [handover(TO_NEXT.replace(verifier(NEXT.key), verifier(STRANGER.key)), LOG, STRANGER)]
        ), "malformed hand-over",
    ),
    "a hand-over that the next key did not sign": (
        lambda: reigns(LOG.key, [handover(TO_NEXT, LOG)]), "no verifiable signatures",
    ),
    "a checkpoint signed after the hand-over by the key before": (
        lambda: open_checkpoint(note(ORIGIN, LOG, 9), LOG.key, [handover(TO_NEXT, LOG, NEXT)]), "signed no longer",
    ),
    "half of a letter": (lambda: canonical("\ud800"), "no right spelling"),
    "a number without an end": (lambda: canonical(float("inf")), "not a number"),
    "a number that is none": (lambda: parse_json(b'{"a":NaN}'), "JSON"),
    "JSON in another spelling": (lambda: parse_canonical(b'{"b":1, "a":2}'), "another spelling"),
    "an instant that never was": (lambda: instant("2026-02-30T00:00:00+01:00"), "is no instant"),
    "an instant in words": (lambda: instant("yesterday"), "instant"),
    "a timestamp of nothing": (lambda: read_stamp(b""), "not a token"),
    "a timestamp that the authority refused": (lambda: read_stamp(bytes.fromhex("30053003020102")), "refused"),
    "a timestamp of something else": (lambda: read_stamp(bytes.fromhex("300b3003020100300406020101")), "timestamp"),
    "a timestamp cut short": (lambda: read_stamp(bytes.fromhex("3081ff")), "timestamp"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_with_a_reason(what: str) -> None:
    done, said = REFUSED[what]
    with pytest.raises(NotProvenError, match=said):
        done()


def test_hand_over_by_a_stranger_and_to_itself_change_nothing() -> None:
    to_itself = TO_NEXT.replace(verifier(NEXT.key), verifier(LOG.key))
    known = reigns(LOG.key, [handover(TO_NEXT, STRANGER), handover(to_itself, LOG)])
    assert [reign.key for reign in known] == [LOG.key]


@pytest.mark.parametrize(
    ("key", "signature"),
    [
        (b"\xff" * 32, bytes(64)),  # not a point: beyond the field
        (b"\x02" + bytes(31), bytes(64)),  # not a point: no square root
        (LOG.key.public, bytes(32) + b"\xff" * 32),  # a scalar beyond the order
        (b"\x01" + bytes(31), bytes(64)),  # the neutral point, of small order
    ],
)
def test_signature_by_numbers_that_are_none_holds_for_nothing(key: bytes, signature: bytes) -> None:
    assert not ed25519_holds(key, b"message", signature)


def test_what_cannot_be_read_or_written_is_said_and_ends_with_2(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("strict")
    words = ["--key", verifier(LOG.key)]
    assert main([str(folder / "absent.zip"), *words]) == 2
    assert "absent.zip: No such file" in capsys.readouterr().err
    (folder / "some.zip").write_bytes(b"nothing")
    assert main([str(folder / "some.zip"), "--key", "nonsense", "--lang", "fr"]) == 2
    assert "--key n'est pas une clé" in capsys.readouterr().err
    assert main([str(folder / "some.zip"), *words]) == 1
