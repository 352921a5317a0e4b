"""Verifies what a ledger proves, with the standard library of Python 3.9 or later and nothing else.

This one file is handed to the other party and read by its expert, so it imports nothing of ours; our own code imports
it, so that there is one rule for a proof and not two. A tree is that of RFC 6962 (SHA-256), a note and its keys are
those of C2SP signed-note, a checkpoint that of C2SP tlog-checkpoint. Sizes and indexes count leaves from zero. What is
not exactly right raises ``NotProvenError``.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import math
import re
import struct
import sys
import zlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any, NamedTuple

HASH_BYTES = 32
KEY_ID_BYTES = 4
ED25519 = 1
COSIGNATURE = 4
MOST_SIGNATURES = 100


class NotProvenError(Exception):
    """Something is not what it should be; the text says what."""


class RefusedError(NotProvenError):
    """Why a bundle proves nothing, in English and in ``french``."""

    def __init__(self, english: str, french: str) -> None:
        super().__init__(english)
        self.french = french


# --- the tree: RFC 6962, and subtrees of it ---------------------------------------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry of the log (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def is_subtree(start: int, end: int) -> bool:
    """Whether the leaves [start, end) hang from a place of their own in every tree that has them."""
    return 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises NotProvenError unless the leaf stands at ``index`` of the tree of this size and root."""
    check_subtree_inclusion(leaf, index, 0, size, proof=proof, root=root)


def check_subtree_inclusion(
    leaf: bytes, index: int, start: int, end: int, *, proof: Sequence[bytes], root: bytes
) -> None:
    """Raises NotProvenError unless the leaf stands at ``index`` of the subtree [start, end) of this root."""
    _hashes([leaf, *proof])
    if not (is_subtree(start, end) and start <= index < end):
        raise NotProvenError("inclusion: no such place in the tree")
    place, last, found = index - start, end - start - 1, leaf
    for other in proof:
        if last == 0:
            raise NotProvenError("inclusion: the proof is too long")
        if place & 1 or place == last:
            found = node_hash(other, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, other)
        place, last = place >> 1, last >> 1
    if last != 0 or found != root:
        raise NotProvenError("inclusion: the proof does not lead to the root")


def check_consistency(size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> None:
    """Raises NotProvenError unless the tree of size1 and root1 is the beginning of the tree of size2 and root2."""
    if size1 < 1:
        raise NotProvenError("consistency: nothing is to be proven of an empty tree")
    check_subtree_consistency(0, size1, size2, proof=proof, subtree=root1, root=root2)


def check_subtree_consistency(
    start: int, end: int, size: int, *, proof: Sequence[bytes], subtree: bytes, root: bytes
) -> None:
    """Raises NotProvenError unless the subtree [start, end) of this hash is part of the tree of this size and root."""
    _hashes(proof)
    if start == end and subtree == EMPTY_ROOT and not proof:
        return
    if not (is_subtree(start, end) and end <= size):
        raise NotProvenError("consistency: no such part of the tree")
    first, last, top = start, end - 1, size - 1
    while first != last and (last == top or last & 1):
        first, last, top = first >> 1, last >> 1, top >> 1
    rest = list(proof)
    if first == last:
        part = whole = subtree
    elif rest:
        part = whole = rest.pop(0)
    else:
        raise NotProvenError("consistency: the proof is too short")
    for other in rest:
        if top == 0:
            raise NotProvenError("consistency: the proof is too long")
        if last & 1 or last == top:
            if first < last:
                part = node_hash(other, part)
            whole = node_hash(other, whole)
            while not last & 1:
                first, last, top = first >> 1, last >> 1, top >> 1
        else:
            whole = node_hash(whole, other)
        first, last, top = first >> 1, last >> 1, top >> 1
    if top != 0 or part != subtree or whole != root:
        raise NotProvenError("consistency: the proof does not lead to both roots")


EMPTY_ROOT = hashlib.sha256().digest()


def _hashes(proof: Sequence[bytes]) -> None:
    if any(len(value) != HASH_BYTES for value in proof):
        raise NotProvenError("a hash of the proof has another length than 32 bytes")


# --- heads: a compact sparse Merkle map from each tenant to the end of its chain --------------------------------------

NO_HEAD = bytes(HASH_BYTES)
MOST_DEPTH = 8 * HASH_BYTES
TENANT_LETTERS = 32


def head_key(tenant: str) -> bytes:
    """The place of a tenant in the map: its bits lead there, first one first, 0 to the left."""
    return hashlib.sha256(tenant.encode()).digest()


def head_digest(tenant: str, tseq: int, leaf: bytes) -> bytes:
    """The hash of a head: the tenant has ``tseq`` entries, the last of which has this leaf hash in the log."""
    return hashlib.sha256(f'[{encode_basestring(tenant)},{tseq},"{leaf.hex()}"]'.encode()).digest()


def provider_tenant(origin: str, subject: str) -> str:
    """The tenant of a subject ``provider:…``: worked out from its name, so that its absence can be proven too."""
    return hashlib.sha256(f"greffe/tenant\n{origin}\n{subject}".encode()).hexdigest()[:TENANT_LETTERS]


def check_head(tenant: str, tseq: int, leaf: bytes, *, proof: Sequence[bytes], root: bytes) -> None:
    """Raises NotProvenError unless the chain of the tenant ends there in the map of this root.

    A tenant has one place in a map, so what is proven leaves no room for entries after it.
    """
    _hashes([leaf])
    key = head_key(tenant)
    _check_place(key, leaf_hash(key + head_digest(tenant, tseq, leaf)), proof, root)


def check_absent(tenant: str, *, other: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raises NotProvenError unless the map of this root has no head of the tenant.

    ``other`` is what stands where the tenant would: the key and digest of another's head, or nothing (no bytes).
    """
    key = head_key(tenant)
    if not other:
        return _check_place(key, NO_HEAD, proof, root)
    if len(other) != 2 * HASH_BYTES or _bits(other[:HASH_BYTES], len(proof)) != _bits(key, len(proof)):
        raise NotProvenError("head: what is shown does not stand where the tenant would")
    if other[:HASH_BYTES] == key:
        raise NotProvenError("head: what is shown is the tenant's own")
    return _check_place(key, leaf_hash(other), proof, root)


def _check_place(key: bytes, found: bytes, proof: Sequence[bytes], root: bytes) -> None:
    _hashes(proof)
    if len(proof) > MOST_DEPTH:
        raise NotProvenError("head: the proof is too long")
    path = _bits(key, len(proof))
    for other in proof:
        found = node_hash(other, found) if path & 1 else node_hash(found, other)
        path >>= 1
    if found != root:
        raise NotProvenError("head: the proof does not lead to the root of the map")


def _bits(key: bytes, count: int) -> int:
    return int.from_bytes(key, "big") >> max(0, MOST_DEPTH - count)


# --- signatures: Ed25519, RFC 8032, strictly --------------------------------------------------------------------------

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
Point = tuple[int, int, int, int]


def ed25519_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature of the message is that of the key: canonical encodings only, no key of small order."""
    if len(key) != HASH_BYTES or len(signature) != 2 * HASH_BYTES:
        return False
    public, nonce = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or nonce is None or scalar >= _ORDER or _equal(_times(8, public), _ZERO):
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _ORDER
    return _equal(_times(scalar, _BASE), _plus(nonce, _times(challenge, public)))


def _plus(a: Point, b: Point) -> Point:
    left = (a[1] - a[0]) * (b[1] - b[0]) % _P
    right = (a[1] + a[0]) * (b[1] + b[0]) % _P
    cross = 2 * a[3] * b[3] * _D % _P
    double = 2 * a[2] * b[2] % _P
    e, f, g, h = right - left, double - cross, double + cross, right + left
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: Point) -> Point:
    found = _ZERO
    while scalar:
        if scalar & 1:
            found = _plus(found, point)
        point, scalar = _plus(point, point), scalar >> 1
    return found


def _equal(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % _P == 0 and (a[1] * b[2] - b[1] * a[2]) % _P == 0


def _point(encoded: bytes) -> Point | None:
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


_ZERO: Point = (0, 1, 1, 0)
_base = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))
assert _base is not None
_BASE: Point = _base


# --- notes and keys: C2SP signed-note, cosignature --------------------------------------------------------------------


class Key(NamedTuple):
    """A public key as the contract's annex prints it: ``name+hash+base64``."""

    name: str
    id: bytes
    algorithm: int
    public: bytes


class Signature(NamedTuple):
    """One signature line of a note that a known key made; ``time`` is that of a cosignature, in POSIX seconds."""

    key: Key
    line: str
    time: int | None


def parse_key(text: str) -> Key:
    """The key of a verifier string. Raises NotProvenError for anything but its one right spelling."""
    name, _, rest = text.partition("+")
    digest, _, encoded = rest.partition("+")
    body = _base64(encoded)
    if not is_name(name) or not body or not re.fullmatch("[0-9a-f]{8}", digest):
        raise NotProvenError("malformed key")
    if key_id(name, body) != bytes.fromhex(digest):
        raise NotProvenError("malformed key: its hash is that of another key")
    if body[0] not in (ED25519, COSIGNATURE) or len(body) != 1 + HASH_BYTES:
        raise NotProvenError("malformed key: an algorithm that is not known here")
    return Key(name, bytes.fromhex(digest), body[0], body[1:])


def key_id(name: str, body: bytes) -> bytes:
    """The four bytes by which a signature line names its key; ``body`` is the algorithm's byte and the key."""
    return hashlib.sha256(name.encode() + b"\n" + body).digest()[:KEY_ID_BYTES]


def open_note(note: bytes, keys: Sequence[Key]) -> tuple[str, list[Signature]]:
    """The text of a note and the signatures that these keys made, each key once.

    Raises NotProvenError for a malformed note, a known key whose signature is wrong, or no signature by a known key.
    """
    text, lines = split_note(note)
    known: dict[tuple[str, bytes], list[Key]] = {}
    for key in keys:
        known.setdefault((key.name, key.id), []).append(key)
    found: dict[tuple[str, bytes], Signature] = {}
    for name, key_hash, signature, line in lines:
        candidates = known.get((name, key_hash), [])
        if len(candidates) > 1:
            raise NotProvenError("ambiguous key")
        if candidates and (name, key_hash) not in found:
            found[name, key_hash] = _checked(candidates[0], text, signature, line)
    if not found:
        raise NotProvenError("note has no verifiable signatures")
    return text, list(found.values())


def split_note(note: bytes) -> tuple[str, list[tuple[str, bytes, bytes, str]]]:
    """The text of a note and its signature lines as (name, key id, signature, line), none of them verified."""
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError:
        raise NotProvenError("malformed note") from None
    split = whole.rfind("\n\n")
    if split < 0 or not whole.endswith("\n") or any(char < " " and char != "\n" for char in whole):
        raise NotProvenError("malformed note")
    lines = whole[split + 2 : -1].split("\n")
    if not lines[0] or len(lines) > MOST_SIGNATURES:
        raise NotProvenError("malformed note")
    return whole[: split + 1], [_signature_line(line) for line in lines]


def _signature_line(line: str) -> tuple[str, bytes, bytes, str]:
    dash, name, encoded = [*line.split(" "), "", "", ""][:3]
    body = _loose_base64(encoded)
    if (
        line != f"{dash} {name} {encoded}"
        or dash != "\u2014"
        or not is_name(name)
        or body is None
        or len(body) <= KEY_ID_BYTES
    ):
        raise NotProvenError("malformed note")
    return name, body[:KEY_ID_BYTES], body[KEY_ID_BYTES:], line


def _checked(key: Key, text: str, signature: bytes, line: str) -> Signature:
    right_line = f"\u2014 {key.name} {base64.b64encode(key.id + signature).decode()}"
    message, time = text.encode(), None
    if key.algorithm == COSIGNATURE:
        time = int.from_bytes(signature[:8], "big")
        message, signature = cosigned(text, time), signature[8:]
    if line != right_line or not ed25519_holds(key.public, message, signature):
        raise NotProvenError(f"invalid signature for key {key.name}+{key.id.hex()}")
    return Signature(key, line, time)


def cosigned(text: str, time: int) -> bytes:
    """What a witness signs: the checkpoint, and when it saw it, in POSIX seconds (C2SP tlog-cosignature)."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def is_name(name: str) -> bool:
    """Whether a key may be called so."""
    return bool(name) and "+" not in name and not any(char.isspace() for char in name)


def _base64(text: str) -> bytes | None:
    """What the text encodes, if it is the one right spelling of it."""
    found = _loose_base64(text)
    return found if found is not None and base64.b64encode(found).decode() == text else None


def _loose_base64(text: str) -> bytes | None:
    """What the text encodes; unused bits at its end may be anything."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


# --- checkpoints: C2SP tlog-checkpoint --------------------------------------------------------------------------------


class Checkpoint(NamedTuple):
    """The size and root of a log, and whose it is."""

    origin: str
    size: int
    root: bytes


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in the text of a note; lines after the third are extensions. Raises NotProvenError."""
    found = re.fullmatch("([^\n]+)\n(0|[1-9][0-9]{0,17})\n([^\n]+)\n(?:[^\n]+\n)*", text)
    root = _base64(found[3]) if found else None
    if found is None or root is None or len(root) != HASH_BYTES:
        raise NotProvenError("malformed checkpoint")
    return Checkpoint(found[1], int(found[2]), root)


# --- the keys of a log: each hands over to the next -------------------------------------------------------------------

HANDOVER = "greffe key hand-over"


class Reign(NamedTuple):
    """A key of a log, and the checkpoints it signs: of sizes above ``after``, up to ``until`` (None: no end known)."""

    key: Key
    after: int
    until: int | None


def reigns(key: Key, handovers: Sequence[bytes]) -> list[Reign]:
    """The keys that this key vouches for, itself first: each signs the note that names the next.

    A note of hand-over says the log's origin, the size from which on the next key signs, and that key; both sign it.
    Notes that hand over to ``key`` or come before it are passed over. Raises NotProvenError for one that is not right.
    """
    found = [Reign(key, -1, None)]
    for note in handovers:
        last = found[-1].key
        if not any((name, key_hash) == (last.name, last.id) for name, key_hash, _, _ in split_note(note)[1]):
            continue
        text, _ = open_note(note, [last])
        said = re.fullmatch(f"{HANDOVER}\n([^\n]+)\n(0|[1-9][0-9]{{0,17}})\n([^\n]+)\n", text)
        if said is None or said[1] != key.name:
            raise NotProvenError("malformed hand-over")
        following, size = parse_key(said[3]), int(said[2])
        if following == last:
            continue
        if following.name != key.name or following.algorithm != ED25519 or size < found[-1].after:
            raise NotProvenError("malformed hand-over")
        open_note(note, [following])
        found[-1] = found[-1]._replace(until=size)
        found.append(Reign(following, size, None))
    return found


def open_checkpoint(note: bytes, key: Key, handovers: Sequence[bytes] = ()) -> Checkpoint:
    """The checkpoint in a note that the log signed with ``key``, or with one that it vouches for.

    Raises NotProvenError where another signed, where the key signed no longer, or where it speaks of another log.
    """
    known = reigns(key, handovers)
    text, signatures = open_note(note, [reign.key for reign in known])
    checkpoint = parse_checkpoint(text)
    signers = [signature.key for signature in signatures]
    if checkpoint.origin != key.name:
        raise NotProvenError("the checkpoint is of another log than the key")
    for reign in known:
        until = checkpoint.size if reign.until is None else reign.until
        if reign.key in signers and reign.after < checkpoint.size <= until:
            return checkpoint
    raise NotProvenError("the checkpoint is signed with a key that signed no longer, or not yet")


def as_signed(note: bytes, origin: str) -> bytes:
    """The note with the log's own signatures alone: what a timestamp is over."""
    text, lines = split_note(note)
    return f"{text}\n{''.join(f'{line}' + chr(10) for name, _, _, line in lines if name == origin)}".encode()


# --- receipts: where the chain of one contract stood, for the party that keeps it -------------------------------------

HEADS = "greffe.heads.v1"


class Receipt(NamedTuple):
    """What a receipt proves: at this checkpoint, the tenant had ``tseq`` entries; the last one's leaf hash is given.

    ``fact`` is one of them (``source#id``), of which the receipt shows what was recorded; it names the ``contract``,
    which nothing else in a receipt proves.
    """

    checkpoint: Checkpoint
    tenant: str
    tseq: int
    leaf: bytes
    fact: str | None = None
    contract: str | None = None


def check_receipt(receipt: Any, key: Key) -> Receipt:
    """What a receipt (its JSON, decoded) proves to who has the log's key from elsewhere. Raises NotProvenError."""
    handovers = [_said(one, str, "handovers").encode() for one in member(receipt, "handovers", list)]
    checkpoint = open_checkpoint(member(receipt, "checkpoint", str).encode(), key, handovers)
    tenant, tseq = member(receipt, "tenant", str), member(receipt, "tseq", int)
    leaf, index = hex_member(receipt, "leaf"), member(receipt, "index", int)
    if (member(receipt, "v", int), member(receipt, "log", str)) != (1, checkpoint.origin):
        raise NotProvenError("the receipt is of another log, or of another version")
    if member(receipt, "size", int) != checkpoint.size:
        raise NotProvenError("the receipt says another size than its checkpoint")
    check_inclusion(leaf, index, checkpoint.size, hex_members(receipt, "inclusion"), checkpoint.root)
    heads = member(receipt, "heads", dict)
    proof = hex_members(heads, "inclusion")
    root = open_heads(member(heads, "entry", str), member(heads, "index", int), proof, checkpoint)
    check_head(tenant, tseq, leaf, proof=hex_members(heads, "proof"), root=root)
    if "fact" in receipt:
        subject = _check_fact(member(receipt, "fact", dict), tenant, tseq, checkpoint)
        if subject != member(receipt, "contract", str):
            raise NotProvenError("fact: it is of another contract")
        return Receipt(checkpoint, tenant, tseq, leaf, receipt["fact"]["fact"], subject)
    return Receipt(checkpoint, tenant, tseq, leaf)


def _check_fact(fact: Any, tenant: str, tseq: int, checkpoint: Checkpoint) -> Any:
    """The subject of a fact, once it is the one that is named, and its entry one of the tenant's."""
    entry, proof = member(fact, "entry", str), hex_members(fact, "inclusion")
    check_inclusion(leaf_hash(entry.encode()), member(fact, "index", int), checkpoint.size, proof, checkpoint.root)
    said = decoded(entry)
    if member(said, "tenant", str) != tenant or not 1 <= member(said, "tseq", int) <= tseq:
        raise NotProvenError("fact: the entry is not one of this contract")
    shown: list[tuple[str, Any]] = []
    member(said, "nf", int)
    _open(member(fact, "fields", list), {"nf": said["nf"], "pc": said.get("pc")}, shown, [])
    event = dict(shown)
    if f"{event.get('source')}#{event.get('id')}" != member(fact, "fact", str):
        raise NotProvenError("fact: it is another one than the one that is named")
    return event.get("subject")


def open_heads(entry: str, index: int, proof: Sequence[bytes], checkpoint: Checkpoint) -> bytes:
    """The root of the heads that the last entry under a checkpoint commits to. Raises NotProvenError."""
    if index != checkpoint.size - 1:
        raise NotProvenError("heads: the entry is not the last one under the checkpoint")
    check_inclusion(leaf_hash(entry.encode()), index, checkpoint.size, proof, checkpoint.root)
    said = decoded(entry)
    if [member(said, name, kind) for name, kind in (("type", str), ("log", str), ("size", int), ("v", int))] != [
        *(HEADS, checkpoint.origin, index, 1)
    ]:
        raise NotProvenError("heads: not the entry of this log and size")
    return hex_member(said, "heads")


def decoded(text: str) -> Any:
    """The JSON value of a text, in which no name stands twice. Raises NotProvenError."""
    try:
        return parse_json(text.encode())
    except UnicodeEncodeError:
        raise NotProvenError("not JSON") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def member(value: Any, name: str, kind: type) -> Any:
    """A member of a JSON object that must be of this kind. Raises NotProvenError."""
    return _said(value.get(name) if isinstance(value, dict) else None, kind, name)


def hex_member(value: Any, name: str) -> bytes:
    """A hash in lower-case hexadecimal."""
    return _hash(member(value, name, str), name)


def hex_members(value: Any, name: str) -> list[bytes]:
    """Hashes in lower-case hexadecimal."""
    return [_hash(_said(one, str, name), name) for one in member(value, name, list)]


def _said(value: Any, kind: type, name: str) -> Any:
    if type(value) is not kind or (isinstance(value, str) and re.search("[\ud800-\udfff]", value)):
        raise NotProvenError(f"{name}: missing, or not what it should be")
    return value


def _hash(text: str, name: str) -> bytes:
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise NotProvenError(f"{name}: not a hash")
    return bytes.fromhex(text)


# --- canonical JSON: RFC 8785 -----------------------------------------------------------------------------------------

MOST_DIGITS = 40
_EXACT = 2**53


def canonical(value: Any) -> bytes:
    """The one right way to write a JSON value. A whole number is written in its digits, however great it is."""
    try:
        return _spelled(value).encode()
    except (UnicodeEncodeError, RecursionError):
        raise NotProvenError("JSON: a value that has no right spelling") from None


def parse_json(data: bytes) -> Any:
    """The value of a JSON text, in which no object names a member twice. Raises NotProvenError."""
    return _parsed(data, float)


def parse_canonical(data: bytes) -> Any:
    """The value of a JSON text in its one right spelling. Raises NotProvenError."""
    fractions: list[str] = []

    def fraction(text: str) -> float:
        fractions.append(text)
        return float(text)

    value = _parsed(data, fraction)
    if not fractions and not _ASTRAL.search(data):  # there the library's own writer spells as RFC 8785 does
        with suppress(RecursionError):  # the slow way says so
            quick = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            if quick.encode("utf-8", "surrogatepass") == data:
                return value
    if canonical(value) != data:
        raise RefusedError("JSON in another spelling than RFC 8785's", "JSON écrit autrement que la RFC 8785")
    return value


_ASTRAL = re.compile(b"[\xf0-\xf4]")
"""Letters of two code units: names that hold them are in another order by units than by code points."""


def _parsed(data: bytes, fraction: Callable[[str], Any]) -> Any:
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=fraction,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:
        reason = str(error)[:100]
        raise RefusedError(f"not JSON: {reason}", f"pas du JSON : {reason}") from None


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError("a number of too many digits")
    return int(digits)


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _spelled(value: Any) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list):
        return f"[{','.join(map(_spelled, value))}]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return f"{{{','.join([f'{encode_basestring(name)}:{_spelled(value[name])}' for name in names])}}}"


def _number(value: float) -> str:
    """A number as ECMAScript writes it: the shortest digits that say it."""
    if not math.isfinite(value):
        raise NotProvenError("JSON: not a number")
    if value == 0:
        return "0"
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, rest = mantissa.partition(".")
    digits = (whole + rest).lstrip("0")
    point = len(whole) + int(power or 0) - (len(whole + rest) - len(digits))
    digits = digits.rstrip("0")
    sign, most, least = "-" if value < 0 else "", 21, -6
    if len(digits) <= point <= most:
        return sign + digits.ljust(point, "0")
    if 0 < point <= most:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if least < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return f"{sign}{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e{point - 1:+d}"


# --- entries: what the log says of a fact, and the fields it commits to -----------------------------------------------

NO_LEAF = "0" * 64
REDACTED, ERASED, UNAVAILABLE = "redacted", "erased", "unavailable"
WITHHELD = {REDACTED: "[redacted]", ERASED: "[erased]", UNAVAILABLE: "[key not available]"}
"""What stands in the facts handed over where a value is not: it says why."""
PERSONAL = {
    "greffe.contact.designated": ("data.person.email", "data.person.name", "data.person.phone"),
    "greffe.contract.signed": ("data.account.email",),
    "greffe.deletion.certified": ("data.signatory", "data.title"),
    "greffe.notice.sent": ("data.to",),
}
"""The values by which a person is known, by the type of the fact: no figure rests on them."""
_FACT_ENTRY = ("at", "log", "nf", "pc", "tenant", "tprev", "tseq", "type", "v")


def field_leaf(path: str, value: Any, salt: bytes) -> bytes:
    """What the log committed to for one field: its dotted path and its value, behind a salt of its own."""
    return hashlib.sha256(b"\x00" + salt + b"[" + canonical(path) + b"," + canonical(value) + b"]").digest()


def commitment(paths: Sequence[str], leaves: Sequence[bytes]) -> bytes:
    """What an entry commits to: the paths of every field of the fact, in order, and the leaf of each.

    The paths are there by themselves, because a leaf alone does not say what is withheld.
    """
    named = hashlib.sha256(canonical(list(paths))).digest()
    return hashlib.sha256(b"\x01" + named + b"".join(leaves)).digest()


def personal_paths(topic: str) -> Sequence[str]:
    """The personal values that a fact of this type may have; the type ends in its version."""
    return PERSONAL.get(topic.rpartition(".v")[0], ())


def put_together(fields: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """The event whose fields these are. In a name ``~0`` is ``~`` and ``~1`` a dot. Raises NotProvenError."""
    event: dict[str, Any] = {}
    opened = {id(event)}
    for path, value in fields:
        *outer, last = [name.replace("~1", ".").replace("~0", "~") for name in path.split(".")]
        inside: Any = event
        for name in outer:
            if name not in inside:
                inside[name] = {}
                opened.add(id(inside[name]))
            inside = inside[name]
            if id(inside) not in opened:  # a value, an empty object among them
                raise NotProvenError("fields: one stands inside another")
        if last in inside or (isinstance(value, dict) and value):
            raise NotProvenError("fields: one stands inside another")
        inside[last] = value
    return event


# --- the archive: a zip written in one way only -----------------------------------------------------------------------

MOST_BYTES = 512 * 1024 * 1024
MOST_MEMBERS = 1_000
MEMBER_NAME = re.compile("(?:[a-z]{1,20}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_PLAIN_FILE = 0o100644 << 16
_FIRST_DAY = 33
"""1980-01-01, as zip writes it: the archive has no dates."""


def pack(members: Mapping[str, bytes]) -> bytes:
    """The zip of these members: in the order of their names, not compressed, without dates, the same everywhere."""
    body, central = [], []
    offset = 0
    for name in sorted(members):
        data, label = members[name], name.encode("ascii")
        sizes = (0, 0, 0, _FIRST_DAY, zlib.crc32(data), len(data), len(data), len(label), 0)
        head = _LOCAL.pack(b"PK\3\4", 10, *sizes)
        central.append(_CENTRAL.pack(b"PK\1\2", 0x314, 10, *sizes, 0, 0, 0, _PLAIN_FILE, offset) + label)
        body += [head, label, data]
        offset += len(head) + len(label) + len(data)
    listed = b"".join(central)
    return b"".join([*body, listed, _END.pack(b"PK\5\6", 0, 0, len(members), len(members), len(listed), offset, 0)])


def unpack(data: bytes) -> dict[str, bytes]:
    """The members of a zip that ``pack`` wrote; any other is refused, even one that holds the same members."""
    members: dict[str, bytes] = {}
    at = 0
    while data[at : at + 4] == b"PK\3\4" and len(data) - at >= _LOCAL.size:
        _, _, flags, method, _, _, _, size, whole, letters, extra = _LOCAL.unpack_from(data, at)
        start = at + _LOCAL.size + letters
        name = data[at + _LOCAL.size : start].decode("latin-1")
        if flags & 1:
            raise RefusedError("the zip holds an encrypted member", "le zip contient un membre chiffré")
        if method or size != whole or flags or extra:
            raise RefusedError(
                "the zip holds a compressed member, or one of a hidden size",
                "le zip contient un membre compressé, ou de taille cachée",
            )
        if not MEMBER_NAME.fullmatch(name):
            raise RefusedError(
                "the zip holds a member of a forbidden name", "le zip contient un membre au nom interdit"
            )
        if name in members or len(members) >= MOST_MEMBERS:
            raise RefusedError(
                "the zip holds a member twice, or too many", "le zip contient un membre en double, ou trop"
            )
        if start + size > len(data):
            raise RefusedError("the zip is cut short", "le zip est tronqué")
        members[name] = data[start : start + size]
        at = start + size
    if not members or pack(members) != data:
        raise RefusedError(
            "this is not a bundle, or the zip was written again: bytes before, between or after its members",
            "ce n'est pas un dossier, ou le zip a été réécrit : octets avant, entre ou après ses membres",
        )
    return members


# --- timestamps: what a token says (RFC 3161); its signature is for other tools ---------------------------------------


class Stamp(NamedTuple):
    """What a timestamp token says, its authority's signature not being checked: the digest stamped, and when."""

    algorithm: str
    digest: bytes
    time: str


_OIDS = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TIMESTAMP = bytes.fromhex("2a864886f70d0109100104")
MOST_HEAD = 6
_SEQUENCE, _INTEGER, _OCTETS, _OID, _TIME, _EXPLICIT = 0x30, 0x02, 0x04, 0x06, 0x18, 0xA0


def read_stamp(response: bytes) -> Stamp:
    """What the token in a timestamp response says. Raises NotProvenError."""
    try:
        status, rest = _value(_whole_value(response, _SEQUENCE), _SEQUENCE)
        if _value(status, _INTEGER)[0] not in (b"\0", b"\1"):
            raise NotProvenError("timestamp: the authority refused it")
        content = _whole_value(rest, _SEQUENCE)
        signed = _whole_value(_whole_value(_after(content, _OID, _SIGNED_DATA), _EXPLICIT), _SEQUENCE)
        inner = _value(_value(_value(signed, _INTEGER)[1], 0x31)[1], _SEQUENCE)[0]
        said = _whole_value(_whole_value(_after(inner, _OID, _TIMESTAMP), _EXPLICIT), _OCTETS)
        said = _value(_value(_whole_value(said, _SEQUENCE), _INTEGER)[1], _OID)[1]
        imprint, rest = _value(said, _SEQUENCE)
        algorithm, hashed = _value(imprint, _SEQUENCE)
        time = _value(_value(rest, _INTEGER)[1], _TIME)[0].decode("ascii")
        name = _OIDS[_value(algorithm, _OID)[0]]
        found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,6})?Z", time)
        if found is None:
            raise NotProvenError("timestamp: no instant")
        year, month, day, hour, minute, second, part = found.groups()
        return Stamp(name, _whole_value(hashed, _OCTETS), f"{year}-{month}-{day} {hour}:{minute}:{second}{part or ''}Z")
    except (IndexError, KeyError, UnicodeDecodeError):
        raise NotProvenError("timestamp: not a token of SHA-256, SHA-384 or SHA-512") from None


def _value(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """The value of the first DER element, which has this tag, and what follows it."""
    size, start = data[1], 2
    if size & 0x80:
        start = 2 + (size & 0x7F)
        size = int.from_bytes(data[2:start], "big")
    if data[0] != tag or start > MOST_HEAD or start + size > len(data):
        raise NotProvenError("timestamp: malformed")
    return data[start : start + size], data[start + size :]


def _whole_value(data: bytes, tag: int) -> bytes:
    value, rest = _value(data, tag)
    if rest:
        raise NotProvenError("timestamp: malformed")
    return value


def _after(data: bytes, tag: int, wanted: bytes) -> bytes:
    value, rest = _value(data, tag)
    if value != wanted:
        raise NotProvenError("timestamp: something else")
    return rest


# --- a bundle: what it must hold, and what it then proves -------------------------------------------------------------

FORMAT = 1
FIXED = frozenset(
    [
        "GUIDE.en.md",
        "GUIDE.fr.md",
        "bundle.json",
        "checkpoint",
        "entries.jsonl",
        "explanation.en.txt",
        "explanation.fr.txt",
        "facts.jsonl",
        "handovers.json",
        "heads.json",
        "readings.toml",
        "statement.json",
        "verify.py",
    ]
)
OPTIONAL = frozenset(["consistency.json"])
NUMBERED = re.compile(r"agreements/[A-Za-z0-9._-]+\.toml|timestamps/[1-9][0-9]?\.tsr")
GUIDES = {
    "GUIDE.en.md": ("68cf959c7a19a12e6ae05c510c110eea8796f08cbbd35fd44c5ac9bb038e0fce",),
    "GUIDE.fr.md": ("c88734fd38b4d54fab9f1a44052a2584efcd4205cf4f12ba47f69bacf8bf59ea",),
}
"""The digests of the reading guides, of this version and of those before: a guide that somebody else wrote may lie."""
EARLIER: tuple[str, ...] = ()
"""The digests of this file in the versions before."""
PROVIDER = "provider:"
SIGNED = "greffe.contract.signed"
_HEX = re.compile("[0-9a-f]{64}")
_INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)


class Record(NamedTuple):
    """One entry of a bundle, verified. ``event`` is None where the fact is not shown whole."""

    place: int
    subject: str
    tseq: int
    leaf: bytes
    previous: str
    at: str
    type: str
    shown: Mapping[str, Any]
    withheld: Sequence[tuple[str, str]]
    event: Mapping[str, Any] | None


class Verified(NamedTuple):
    """What a bundle proves. ``stamps`` are (member, what it says); ``receipt`` is the size that a receipt was made at.

    ``subjects`` are the contract, its provider and whatever else bears on it; ``absent`` those of which the log holds
    nothing; ``open`` the providers that nothing is proven of.
    """

    members: Mapping[str, bytes]
    claim: Mapping[str, Any]
    contract: str
    checkpoint: Checkpoint
    key: Key
    cosignatures: Sequence[Signature]
    strangers: int
    records: Sequence[Record]
    subjects: Sequence[str]
    absent: Sequence[str]
    named: bool
    facts: int
    cited: int
    stamps: Sequence[tuple[str, Stamp]]
    receipt: int | None


def check_bundle(data: bytes, key: Key, witnesses: Sequence[Key] = (), receipt: bytes | None = None) -> Verified:
    """What a bundle proves to somebody who believes the log's key. Raises NotProvenError where it proves nothing.

    Each of ``witnesses`` must have cosigned; ``receipt`` is one that the log gave earlier.
    """
    members = unpack(data)
    with _about("bundle.json", "bundle.json"):
        claim = read_claim(members)
    _ours(members)
    with _about("the checkpoint", "le point de contrôle"):
        handovers = [_text(one).encode() for one in _list(parse_canonical(members["handovers.json"]))]
        checkpoint, cosignatures, strangers = _signed(members["checkpoint"], claim["log"], key, handovers, witnesses)
    with _about("the list of heads", "la liste des têtes"):
        heads = _object(parse_canonical(members["heads.json"]), "absent", "entry", "index", "proof", "tenants")
        entry, index = _text(heads["entry"]), _count(heads["index"])
        root = open_heads(entry, index, _proof(heads["proof"]), checkpoint)
    records = _records(members["entries.jsonl"], claim, checkpoint)
    if _count(claim["withheld"]) != sum(record.event is None for record in records):
        raise RefusedError("bundle.json: it withholds otherwise", "bundle.json : il occulte autrement")
    ends = _chains(records, claim)
    with _about("completeness", "la complétude"):
        absent = _complete(ends, heads, root, claim)
    named = _providers(records, claim, absent)
    with _about("the facts handed over", "les faits remis"):
        events = _handed_over(members["facts.jsonl"], records)
    with _about("the statement", "le relevé"):
        cited = _cited(members["statement.json"], claim, events)
    stamps = []
    for name in claim["timestamps"]:
        with _about(name, name):
            stamps.append((name, _stamped(members[name], members["checkpoint"], claim["log"])))
    with _about("the earlier log", "le journal antérieur"):
        before = _before(members.get("consistency.json"), checkpoint)
    with _about("the receipt", "le reçu"):
        seen = (
            None
            if receipt is None
            else _continues(check_receipt(parse_json(receipt), key), before, checkpoint, chains=ends, claim=claim)
        )
    return Verified(
        members, claim, claim["contract"], checkpoint, key, cosignatures, strangers, records,
        [subject for subject, _ in claim["tenants"]], absent, named, len(events), cited, stamps, seen,
    )  # fmt: skip


@contextmanager
def _about(english: str, french: str) -> Iterator[None]:
    """Says of what a refusal speaks."""
    try:
        yield
    except NotProvenError as error:
        raise RefusedError(f"{english}: {error}", f"{french} : {getattr(error, 'french', error)}") from None


@contextmanager
def _or_else(english: str, french: str) -> Iterator[None]:
    """Says in words what a proof that fails means."""
    try:
        yield
    except NotProvenError as error:
        raise RefusedError(f"{english} ({error})", f"{french} ({error})") from None


def _object(value: Any, *names: str) -> dict[str, Any]:
    """The value, if it is an object of exactly these members."""
    if not isinstance(value, dict) or sorted(value) != sorted(names):
        raise RefusedError(f"expected an object of {', '.join(names)}", f"attendu : un objet de {', '.join(names)}")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise RefusedError("expected a list", "attendu : une liste")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise RefusedError("expected a text", "attendu : un texte")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise RefusedError("expected a whole number", "attendu : un nombre entier")
    return value


def _digest(value: Any) -> bytes:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise RefusedError("expected a hash in hexadecimal", "attendu : une empreinte en hexadécimal")
    return bytes.fromhex(value)


def _proof(value: Any) -> list[bytes]:
    return [_digest(one) for one in _list(value)]


def read_claim(members: Mapping[str, bytes]) -> dict[str, Any]:
    """What a bundle says of itself, once its members are those it lists. Nothing is proven by it."""
    for name in members:
        if name not in FIXED and name not in OPTIONAL and not NUMBERED.fullmatch(name):
            raise RefusedError(f"{name}: no bundle has such a member", f"{name} : aucun dossier n'a ce membre")
    missing = sorted(FIXED - set(members))
    if missing:
        raise RefusedError(f"{missing[0]} is missing", f"il manque {missing[0]}")
    claim = _object(
        parse_canonical(members["bundle.json"]),
        *("at", "contract", "figure", "format", "from", "known_at", "left_out", "log", "members", "readings", "rows"),
        *("tenants", "timestamps", "to", "withheld"),
    )
    if _count(claim["format"]) != FORMAT:
        raise RefusedError(
            "this bundle is of another format; use the verify.py of a newer version, from a source that you trust",
            "ce dossier est d'un autre format ; prenez verify.py d'une version plus récente, d'une source sûre",
        )
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in members.items() if name != "bundle.json"}
    listed = claim["members"]
    if listed != digests:
        odd = sorted(name for name in digests if not isinstance(listed, dict) or digests[name] != listed.get(name))
        raise RefusedError(
            f"what it lists is not what the zip holds: {', '.join(odd) or 'a member is missing'}",
            f"ce qu'il énumère n'est pas ce que contient le zip : {', '.join(odd) or 'il manque un membre'}",
        )
    claim["log"], claim["contract"] = _text(claim["log"]), _text(claim["contract"])
    claim["tenants"] = [_tenant(one) for one in _list(claim["tenants"])]
    subjects = [subject for subject, _ in claim["tenants"]]
    tenants = [tenant for _, tenant in claim["tenants"]]
    others = [subject for subject in subjects[1:] if not subject.startswith(PROVIDER)]
    if (
        subjects[:1] != [claim["contract"]]
        or others
        or len({*subjects}) < len(subjects)
        or len({*tenants}) < len(tenants)
    ):
        raise RefusedError("its tenants are not the contract's", "ses titulaires ne sont pas ceux du contrat")
    stamps = [name for name in members if name.startswith("timestamps/")]
    if sorted(_object(claim["timestamps"], *stamps)) != sorted(stamps):
        raise RefusedError("its timestamps are others", "ses horodatages sont autres")
    for authority in claim["timestamps"].values():
        _text(authority)
    for name in ("at", "known_at"):
        instant(_text(claim[name]))
    for name in ("from", "to"):
        if claim[name] is not None:
            instant(_text(claim[name]))
    if not isinstance(claim["readings"], dict):
        raise RefusedError("its readings are malformed", "ses lectures sont mal formées")
    for value in claim["readings"].values():
        _text(value)
    if claim["figure"] is not None:
        _text(claim["figure"])
    for row in [*_list(claim["left_out"]), *([] if claim["rows"] is None else _list(claim["rows"]))]:
        _text(row)
    return claim


def _ours(members: Mapping[str, bytes]) -> None:
    """Refuses a guide, or a copy of this file, that we did not write: it could lead its reader astray."""
    digests = {name: hashlib.sha256(members[name]).hexdigest() for name in (*GUIDES, "verify.py")}
    for name, known in GUIDES.items():
        if digests[name] not in known:
            raise RefusedError(
                f"{name} is not the guide that we wrote", f"{name} n'est pas le guide que nous avons écrit"
            )
    if members["verify.py"] != _myself() and digests["verify.py"] not in EARLIER:
        raise RefusedError(
            "its verify.py is another than this one: do not run it, and take verify.py from a source that you trust",
            "son verify.py est autre que celui-ci : ne l'exécutez pas, et prenez verify.py d'une source sûre",
        )


def _myself() -> bytes:
    try:
        return Path(__file__).read_bytes()
    except OSError:
        return b""


def _tenant(value: Any) -> tuple[str, str]:
    one = _object(value, "subject", "tenant")
    return _text(one["subject"]), _text(one["tenant"])


def _signed(
    note: bytes, log: str, key: Key, handovers: Sequence[bytes], witnesses: Sequence[Key]
) -> tuple[Checkpoint, list[Signature], int]:
    """The checkpoint, the cosignatures of the witnesses, and how many lines are by unknown keys."""
    if key.name != log:
        raise RefusedError(
            f"it is of the log {log}; the key given is of another",
            f"il est du journal {log} ; la clé donnée est celle d'un autre",
        )
    with _or_else("the key that you gave did not sign it", "la clé que vous avez donnée ne l'a pas signé"):
        checkpoint = open_checkpoint(note, key, handovers)
    known = [*(reign.key for reign in reigns(key, handovers)), *witnesses]
    found = open_note(note, known)[1]
    for witness in witnesses:
        if witness.algorithm != COSIGNATURE:
            raise RefusedError(
                f"the key given for the witness {witness.name} is not a witness's: it says no instant",
                f"la clé donnée pour le témoin {witness.name} n'est pas d'un témoin : elle ne dit pas d'instant",
            )
        if all(one.key != witness for one in found):
            raise RefusedError(
                f"the witness {witness.name} did not cosign it", f"le témoin {witness.name} ne l'a pas cosigné"
            )
    lines = [line for *_, line in split_note(note)[1]]
    if len(set(lines)) < len(lines):
        raise RefusedError("a signature stands twice", "une signature figure deux fois")
    others = len(lines) - len(found)
    return checkpoint, [one for one in found if one.key in witnesses], others


def _records(data: bytes, claim: Mapping[str, Any], checkpoint: Checkpoint) -> list[Record]:
    """Every entry of the bundle, each at its place in the log, with what is shown of it."""
    subjects = {tenant: subject for subject, tenant in claim["tenants"]}
    records: list[Record] = []
    lines = data.split(b"\n")
    if lines.pop() != b"":
        raise RefusedError("entries.jsonl: cut short", "entries.jsonl : tronqué")
    for number, line in enumerate(lines, 1):
        with _about(f"entry {number}", f"l'entrée {number}"):
            record = _record(line, subjects, claim["log"], checkpoint)
            if records and record.place <= records[-1].place:
                raise RefusedError("out of order", "n'est pas à sa place")
            records.append(record)
    return records


def _record(line: bytes, subjects: Mapping[str, str], log: str, checkpoint: Checkpoint) -> Record:
    said = parse_canonical(line)
    opened = isinstance(said, dict) and "fields" in said
    _object(said, *(("entry", "fields", "index", "proof") if opened else ("entry", "index", "proof")))
    text, index = _text(said["entry"]).encode(), _count(said["index"])
    entry = _object(parse_canonical(text), *_FACT_ENTRY)
    if entry["v"] != 1 or entry["log"] != log or _text(entry["tenant"]) not in subjects:
        raise RefusedError("of another log or contract", "d'un autre journal ou contrat")
    if index >= checkpoint.size - 1:
        raise RefusedError("after the list of heads", "après la liste des têtes")
    leaf = leaf_hash(text)
    with _or_else("its place in the signed log is not proven", "sa place dans le journal signé n'est pas prouvée"):
        check_inclusion(leaf, index, checkpoint.size, _proof(said["proof"]), checkpoint.root)
    shown: list[tuple[str, Any]] = []
    withheld: list[tuple[str, str]] = []
    if opened:
        _open(said["fields"], entry, shown, withheld)
    subject, topic = subjects[entry["tenant"]], _text(entry["type"])
    known = dict(shown)
    if opened and (known.get("subject"), known.get("type")) != (subject, topic):
        raise RefusedError("its subject or type is another", "son sujet ou son type est autre")
    personal = personal_paths(topic)
    event = None
    if opened and all(path in personal for path, _ in withheld):
        event = put_together([*shown, *((path, WITHHELD[why]) for path, why in withheld)])
        event["recordedtime"] = entry["at"]
    instant(_text(entry["at"]))
    previous = _digest(entry["tprev"]).hex()
    return Record(index, subject, _count(entry["tseq"]), leaf, previous, entry["at"], topic, known, withheld, event)


def _open(fields: Any, entry: Mapping[str, Any], shown: list[tuple[str, Any]], withheld: list[tuple[str, str]]) -> None:
    """Sorts the fields of a fact into shown and withheld, once they are those that the entry commits to."""
    leaves, paths = [], []
    for one in _list(fields):
        if isinstance(one, dict) and "salt" in one:
            field = _object(one, "path", "salt", "value")
            leaves.append(field_leaf(_text(field["path"]), field["value"], _digest(field["salt"])))
            shown.append((field["path"], field["value"]))
        else:
            field = _object(one, "leaf", "path", "why")
            if _text(field["why"]) not in WITHHELD:
                raise RefusedError("withheld without a reason", "occulté sans raison")
            leaves.append(_digest(field["leaf"]))
            withheld.append((_text(field["path"]), field["why"]))
        paths.append(field["path"])
    if sorted(set(paths)) != paths or entry["nf"] != len(paths):
        raise RefusedError(
            "its fields are not in order, or not all there", "ses champs ne sont pas en ordre, ou pas tous là"
        )
    if commitment(paths, leaves) != _digest(entry["pc"]):
        raise RefusedError(
            "its values or their names are not those that were recorded",
            "ses valeurs ou leurs noms ne sont pas ceux enregistrés",
        )


def _chains(records: Sequence[Record], claim: Mapping[str, Any]) -> dict[str, list[Record]]:
    """The records of each subject, from the first to the last without a gap, each sealed to the one before."""
    chains: dict[str, list[Record]] = {subject: [] for subject, _ in claim["tenants"]}
    for record in records:
        chains[record.subject].append(record)
    for subject, chain in chains.items():
        with _about(f"the record of {subject}", f"l'enregistrement de {subject}"):
            if [record.tseq for record in chain] != list(range(1, len(chain) + 1)):
                raise RefusedError("an entry is missing", "il manque une entrée")
            sealed = [NO_LEAF, *(record.leaf.hex() for record in chain)]
            if [record.previous for record in chain] != sealed[:-1]:
                raise RefusedError(
                    "an entry is not sealed to the one before", "une entrée n'est pas scellée à la précédente"
                )
            if not any(record.shown for record in chain):
                raise RefusedError("nothing of it is shown", "rien n'en est montré")
            instants = [instant(record.at) for record in chain]
            if instants != sorted(instants):
                raise RefusedError("it goes back in time", "il remonte le temps")
    return chains


def _complete(
    chains: Mapping[str, Sequence[Record]], heads: Mapping[str, Any], root: bytes, claim: Mapping[str, Any]
) -> list[str]:
    """Holds the last record of each subject against the map of heads; the subjects of which the log has nothing."""
    tenants = dict(claim["tenants"])
    proofs = _object(heads["tenants"], *tenants.values())
    for subject, chain in chains.items():
        with (
            _about(subject, subject),
            _or_else(
                "it does not end where the log says: facts are missing at its end",
                "il ne finit pas où le dit le journal : des faits manquent à la fin",
            ),
        ):
            check_head(tenants[subject], len(chain), chain[-1].leaf, proof=_proof(proofs[tenants[subject]]), root=root)
    if not isinstance(heads["absent"], dict):
        raise RefusedError("its absences are malformed", "ses absences sont mal formées")
    for subject, said in heads["absent"].items():
        with _about(subject, subject):
            absence = _object(said, "other", "proof")
            if not subject.startswith(PROVIDER) or subject in tenants:
                raise RefusedError(
                    "only a provider can be shown to be absent", "seul un prestataire peut être dit absent"
                )
            other = _text(absence["other"])
            if not re.fullmatch("(?:[0-9a-f]{128})?", other):
                raise RefusedError("malformed", "mal formé")
            tenant = provider_tenant(claim["log"], subject)
            check_absent(tenant, other=bytes.fromhex(other), proof=_proof(absence["proof"]), root=root)
    return sorted(heads["absent"])


def _providers(records: Sequence[Record], claim: Mapping[str, Any], absent: Sequence[str]) -> bool:
    """Whether the contract's provider is known. Raises NotProvenError where the provider's facts are left out."""
    tenants = dict(claim["tenants"])
    for subject, tenant in tenants.items():
        if subject.startswith(PROVIDER) and tenant != provider_tenant(claim["log"], subject):
            raise RefusedError(f"{subject}: its tenant is another", f"{subject} : son titulaire est un autre")
    signed = [record for record in records if record.subject == claim["contract"] and record.type.startswith(SIGNED)]
    told = [record.shown["data.provider"] for record in signed if "data.provider" in record.shown]
    names = {f"{PROVIDER}{name}" for name in told}
    for name in sorted(names):
        if name not in tenants and name not in absent:
            raise RefusedError(f"the facts of {name} are left out", f"les faits de {name} manquent")
    return 0 < len(told) == len(signed)


def _handed_over(data: bytes, records: Sequence[Record]) -> list[Mapping[str, Any]]:
    """The events that the facts handed over are, in order of time, once they are those shown of the log."""
    events = [record.event for record in records if record.event is not None]
    ordered = sorted(events, key=_order)
    if data != b"".join(canonical(event) + b"\n" for event in ordered):
        raise RefusedError("facts.jsonl is not what the log shows", "facts.jsonl n'est pas ce que le journal montre")
    if len({_ref(event) for event in ordered}) < len(ordered):
        raise RefusedError("a fact stands twice", "un fait figure deux fois")
    return ordered


def _order(event: Mapping[str, Any]) -> tuple[int, str, str]:
    return instant(_text(event.get("time"))), _text(event.get("source")), _text(event.get("id"))


def _ref(event: Mapping[str, Any]) -> str:
    return f"{event['source']}#{event['id']}"


def instant(text: str) -> int:
    """The microseconds since 1970 that a date-time of RFC 3339 says. Raises NotProvenError."""
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise RefusedError(f"{text[:40]!r} is no instant", f"{text[:40]!r} n'est pas un instant")
    year, month, day, hour, minute, second, part, sign, hours, minutes = found.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=timezone.utc)
    except ValueError:
        raise RefusedError(f"{text[:40]!r} is no instant", f"{text[:40]!r} n'est pas un instant") from None
    since = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    ahead = (int(hours or 0) * 60 + int(minutes or 0)) * (-60 if sign == "-" else 60)
    return (since.days * 86_400 + since.seconds - ahead) * 1_000_000 + int((part or "").ljust(6, "0"))


def _cited(data: bytes, claim: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> int:
    """How many facts the statement cites, once each is among those handed over, listed in their order."""
    statement, again = parse_json(data), ""
    with suppress(RecursionError):
        again = json.dumps(statement, ensure_ascii=False, separators=(",", ":"))
    if again.encode("utf-8", "replace") + b"\n" != data:
        raise RefusedError("it is written in another way than ours", "il est écrit autrement que par nous")
    said = _object(statement, "at", "contracts", "known_at", "readings")
    contracts = _object(said["contracts"], claim["contract"])
    readings = said["readings"] if isinstance(said["readings"], dict) else {}
    if (said["at"], said["known_at"]) != (claim["at"], claim["known_at"]) or any(
        readings.get(name) != value for name, value in claim["readings"].items()
    ):
        raise RefusedError("its dates or readings are others", "ses dates ou ses lectures sont autres")
    places = {_ref(event): place for place, event in enumerate(events)}
    cited: set[str] = set()
    for names in _citations(contracts):
        unknown = [name for name in names if name not in places]
        if unknown:
            raise RefusedError(
                f"it cites {unknown[0][:100]!r}, which is not among the facts",
                f"il cite {unknown[0][:100]!r}, qui n'est pas parmi les faits",
            )
        if [places[name] for name in names] != sorted({places[name] for name in names}):
            raise RefusedError("it lists facts out of their order", "il énumère des faits hors de leur ordre")
        cited.update(names)
    return len(cited)


def _citations(statement: Any) -> Iterator[list[str]]:
    """Each list of facts that a part of a statement cites."""
    left = [statement]
    while left:
        part = left.pop()
        if isinstance(part, list):
            left += part
        elif isinstance(part, dict):
            for name, value in part.items():
                if name == "events":
                    yield [_text(one) for one in _list(value)]
                elif name in ("event", "opened_by", "settled_by") and value is not None:
                    yield [_text(value)]
                else:
                    left.append(value)


def _stamped(response: bytes, checkpoint: bytes, log: str) -> Stamp:
    """What a timestamp says, once it is one of this checkpoint as the log signed it."""
    stamp = read_stamp(response)
    if hashlib.new(stamp.algorithm, as_signed(checkpoint, log)).digest() != stamp.digest:
        raise RefusedError("it is of something else", "il porte sur autre chose")
    return stamp


def _before(data: bytes | None, checkpoint: Checkpoint) -> tuple[int, bytes] | None:
    """The size and root of an earlier log, once it is shown to be the beginning of this one."""
    if data is None:
        return None
    said = _object(parse_canonical(data), "proof", "root", "size")
    size, root = _count(said["size"]), _digest(said["root"])
    check_consistency(size, checkpoint.size, _proof(said["proof"]), root, checkpoint.root)
    return size, root


def _continues(
    receipt: Receipt,
    shown: tuple[int, bytes] | None,
    checkpoint: Checkpoint,
    chains: Mapping[str, Sequence[Record]],
    claim: Mapping[str, Any],
) -> int:
    """The size of the log that a receipt is of, once the bundle's log continues it and has the receipt's entry."""
    before = receipt.checkpoint
    if before.size > checkpoint.size:
        raise RefusedError(
            "it is newer than this bundle: ask for a bundle made since",
            "il est plus récent que ce dossier : demandez-en un fait depuis",
        )
    mine = (checkpoint.size, checkpoint.root)
    same_size = [root for size, root in filter(None, (shown, mine)) if size == before.size]
    if not same_size:
        raise RefusedError(
            "the bundle was not made for it: ask for one with it (greffe bundle --receipt)",
            "le dossier n'a pas été fait pour lui : demandez-en un avec (greffe bundle --receipt)",
        )
    if any(root != before.root for root in same_size):
        raise RefusedError(
            "the log has shown two histories: keep this bundle and the receipt, they prove it",
            "le journal a montré deux histoires : gardez ce dossier et le reçu, ils le prouvent",
        )
    own = dict(claim["tenants"])[claim["contract"]] == receipt.tenant
    chain = chains[claim["contract"]] if own else ()
    if not 1 <= receipt.tseq <= len(chain) or chain[receipt.tseq - 1].leaf != receipt.leaf:
        raise RefusedError(
            "its entry is not among those of the bundle: another contract, or another history",
            "son entrée n'est pas parmi celles du dossier : un autre contrat, ou une autre histoire",
        )
    return before.size


# --- in plain words ---------------------------------------------------------------------------------------------------

SAID = {
    "file": ("Bundle: {file}", "Dossier : {file}"),
    "proven": ("PROVEN", "PROUVÉ"),
    "rotated": (
        (
            "The log {log} signed a checkpoint: {size} entries, by the key {key} that you gave, or by one that it"
            " handed over to."
        ),
        (
            "Le journal {log} a signé un point de contrôle : {size} entrées, par la clé {key} que vous avez donnée, ou"
            " par une à laquelle elle a passé la main."
        ),
    ),
    "signed": (
        "The log {log} signed a checkpoint: {size} entries, under the key {key} that you gave.",
        "Le journal {log} a signé un point de contrôle : {size} entrées, sous la clé {key} que vous avez donnée.",
    ),
    "cosigned": (
        "The witness {name} saw this checkpoint on {time} (UTC) and cosigned it: it has seen no other history.",
        "Le témoin {name} a vu ce point de contrôle le {time} (UTC) et l'a cosigné : il n'a vu aucune autre histoire.",
    ),
    "chain": (
        (
            "{subject}: {count} facts, recorded from {first} to {last}, numbered without a gap, each sealed to the one"
            " before, each in the signed log. No fact up to the checkpoint that the log signed for under this name is"
            " left out."
        ),
        (
            "{subject} : {count} faits, enregistrés du {first} au {last}, numérotés sans trou, chacun scellé au"
            " précédent, chacun dans le journal signé. Aucun fait que le journal a signé sous ce nom jusqu'au point de"
            " contrôle ne manque."
        ),
    ),
    "absent": (
        "{subject}: the signed log lists no fact under this name.",
        "{subject} : le journal signé n'a aucun fait sous ce nom.",
    ),
    "values": (
        (
            "Every value shown is the one recorded: {whole} facts are shown whole (personal values withheld:"
            " {personal}), {part} in part, {none} by their seal alone."
        ),
        (
            "Chaque valeur montrée est celle enregistrée : {whole} faits sont montrés entiers (valeurs"
            " personnelles cachées : {personal}), {part} en partie, {none} par leur seul sceau."
        ),
    ),
    "facts": (
        (
            "facts.jsonl holds exactly the {facts} facts shown whole, in order of time; every fact that the statement"
            " lists is one of them ({cited} are)."
        ),
        (
            "facts.jsonl contient exactement les {facts} faits montrés entiers, dans l'ordre du temps ; tout fait que"
            " le relevé énumère est l'un d'eux ({cited} le sont)."
        ),
    ),
    "receipt": (
        "Your receipt was given when the log had {size} entries: this log continues that one, and has its entry.",
        "Votre reçu a été donné quand le journal avait {size} entrées : ce journal le prolonge, et a son entrée.",
    ),
    "stamped": (
        "{name}: an answer over this very checkpoint says {time} (UTC); who wrote it, its signature alone proves.",
        "{name} : une réponse sur ce point de contrôle dit {time} (UTC) ; de qui elle est, seule sa signature le dit.",
    ),
    "unchecked": ("NOT CHECKED BY THIS FILE", "NON VÉRIFIÉ PAR CE FICHIER"),
    "figures": (
        (
            "The figures of the statement, the words of its explanation, and readings.toml. Recompute and compare them"
            " with: greffe verify {file} --key {key}"
        ),
        (
            "Les chiffres du relevé, les mots de son explication, et readings.toml. Recalculez et comparez-les par :"
            " greffe verify {file} --key {key}"
        ),
    ),
    "authority": (
        (
            "The signature of the timestamp authority. Check it against the authority's root certificate with:\n"
            "     greffe verify {file} --key {key} --tsa-root ROOT.pem\n"
            "   or, with {name} taken out of the zip and the checkpoint as the log signed it (--save-note NOTE):\n"
            "     openssl ts -verify -in {base} -data NOTE -CAfile ROOT.pem"
        ),
        (
            "La signature de l'autorité d'horodatage. Vérifiez-la sous le certificat racine de l'autorité par :\n"
            "     greffe verify {file} --key {key} --tsa-root ROOT.pem\n"
            "   ou, avec {name} sorti du zip et le point de contrôle tel que signé (--save-note NOTE) :\n"
            "     openssl ts -verify -in {base} -data NOTE -CAfile ROOT.pem"
        ),
    ),
    "agreement": (
        "That {name} says what was signed: compare it with the text (SHA-256 {digest}).",
        "Que {name} dit ce qui a été signé : comparez-le au texte (SHA-256 {digest}).",
    ),
    "strangers": (
        "Signatures of the checkpoint by keys that you did not give: {count}.",
        "Signatures du point de contrôle par des clés que vous n'avez pas données : {count}.",
    ),
    "unproven": ("NOT PROVEN, BY THIS OR ANY LOG", "NON PROUVÉ, PAR CE JOURNAL NI PAR AUCUN"),
    "truth": (
        "That what a fact says is true: the log proves what was recorded, and when at the latest.",
        "Que ce que dit un fait est vrai : le journal prouve ce qui a été enregistré, et quand au plus tard.",
    ),
    "unrecorded": (
        "That nothing else happened: a fact that nobody recorded leaves no trace here.",
        "Que rien d'autre n'est arrivé : un fait que personne n'a enregistré ne laisse ici aucune trace.",
    ),
    "clock": (
        "The instants of recording, which are the ledger's own clock; witnesses and timestamps date the checkpoint.",
        (
            "Les instants d'enregistrement, pris à l'horloge du registre ; témoins et horodatages datent le point de"
            " contrôle."
        ),
    ),
    "one_name": (
        (
            "That the ledger keeps this contract under one name only, and listed truly where each name ends: who holds"
            " the log's key could sign otherwise. Receipts that you hold bind it: check them with --receipt."
        ),
        (
            "Que le registre tient ce contrat sous un seul nom, et a dit vrai de la fin de chacun : le détenteur de la"
            " clé du journal pourrait signer autre chose. Vos reçus le lient : vérifiez-les par --receipt."
        ),
    ),
    "one_name_since": (
        (
            "The same of what was recorded after your receipt: that all of it stands under this name, and that the log"
            " listed truly where it ends. A newer receipt binds it further."
        ),
        (
            "De même pour ce qui a été enregistré après votre reçu : que tout est sous ce nom, et que le journal a dit"
            " vrai de sa fin. Un reçu plus récent le lie plus loin."
        ),
    ),
    "asked": (
        (
            "Anything of another question: the statement is that at {at}, from what was known at {known_at}; of the"
            " facts shown {later} are later than that, and do not count in it."
        ),
        (
            "Rien d'une autre question : le relevé est celui au {at}, d'après ce qui était connu au {known_at} ; parmi"
            " les faits montrés, {later} sont postérieurs et n'y comptent pas."
        ),
    ),
    "thief": (
        "That nobody but its owner held the log's key: whose it is, the contract's annex says.",
        "Que nul autre que son titulaire ne détenait la clé du journal : de qui elle est, l'annexe du contrat le dit.",
    ),
    "withheld": (
        (
            "What the {count} facts not shown whole say ({types}): a figure could rest on them. Their seals bind the"
            " ledger to show them if it is ordered to."
        ),
        (
            "Ce que disent les {count} faits non montrés entiers ({types}) : un chiffre pourrait en dépendre. Leurs"
            " sceaux obligent le registre à les montrer si cela lui est ordonné."
        ),
    ),
    "nameless": (
        "Who the provider is, and what was recorded of it: the signature of the contract is not shown.",
        "Qui est le prestataire, et ce qui a été enregistré de lui : la signature du contrat n'est pas montrée.",
    ),
    "holds": ("RESULT: the bundle holds.", "RÉSULTAT : le dossier tient."),
    "refused": (
        "RESULT: REFUSED. This bundle proves nothing.\nReason: {reason}",
        "RÉSULTAT : REFUSÉ. Ce dossier ne prouve rien.\nMotif : {reason}",
    ),
    "unusable": ("cannot be used: {reason}", "inutilisable : {reason}"),
}


MOST_LETTERS = 2_000


def words_of(found: Verified, lang: str, file: str, key: str, also: Sequence[tuple[str, str]] = ()) -> str:
    """What is proven, what is not checked and what nothing proves, one sentence to a line.

    ``also`` are (what, the sentence in this language) that somebody else checked: ``figures``, a timestamp's name.
    """
    lines = [_say("file", lang, file=file), "", _say("proven", lang)]
    lines += _numbered([*_proven(found, lang), *(sentence for _, sentence in also)])
    left = _numbered(_unchecked(found, lang, file, key, {what for what, _ in also}))
    lines += ["", _say("unchecked", lang), *left] if left else []
    lines += ["", _say("unproven", lang), *_numbered(_unproven(found, lang))]
    return "\n".join([*lines, "", _say("holds", lang), ""])


def _say(sentence: str, lang: str, /, **values: object) -> str:
    return SAID[sentence][lang == "fr"].format(**{name: plain(str(value)) for name, value in values.items()})


def plain(text: str) -> str:
    """A text that somebody else wrote, on one line: what could move, hide or turn letters is shown by its number."""
    shown = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text[:MOST_LETTERS]
    )
    return shown if len(text) <= MOST_LETTERS else f"{shown}…"


def _numbered(lines: Iterable[str]) -> list[str]:
    return [f"{number:2}. {line}" for number, line in enumerate(lines, 1)]


def _proven(found: Verified, lang: str) -> Iterator[str]:
    log, size, _ = found.checkpoint
    rotated = found.members["handovers.json"] != b"[]"
    yield _say("rotated" if rotated else "signed", lang, log=log, size=size, key=found.key.id.hex())
    for one in found.cosignatures:
        yield _say("cosigned", lang, name=one.key.name, time=_moment(one.time or 0))
    for subject in found.subjects:
        chain = [record for record in found.records if record.subject == subject]
        yield _say("chain", lang, subject=subject, count=len(chain), first=chain[0].at, last=chain[-1].at)
    for subject in found.absent:
        yield _say("absent", lang, subject=subject)
    whole = sum(record.event is not None for record in found.records)
    none = sum(not record.shown for record in found.records)
    personal = sum(len(record.withheld) for record in found.records if record.event is not None)
    part = len(found.records) - whole - none
    yield _say("values", lang, whole=whole, personal=personal, part=part, none=none)
    yield _say("facts", lang, facts=found.facts, cited=found.cited)
    if found.receipt is not None:
        yield _say("receipt", lang, size=found.receipt)
    for name, stamp in found.stamps:
        yield _say("stamped", lang, name=name, time=stamp.time)


def _unchecked(found: Verified, lang: str, file: str, key: str, done: Container[str]) -> Iterator[str]:
    if "figures" not in done:
        yield _say("figures", lang, file=file, key=key)
    for name, _ in found.stamps:
        if name not in done:
            yield _say("authority", lang, file=file, key=key, name=name, base=name.rpartition("/")[2])
    for name in sorted(found.members):
        if name.startswith("agreements/") and name not in done:
            yield _say("agreement", lang, name=name, digest=hashlib.sha256(found.members[name]).hexdigest())
    if found.strangers:
        yield _say("strangers", lang, count=found.strangers)


def _unproven(found: Verified, lang: str) -> Iterator[str]:
    yield _say("truth", lang)
    yield _say("unrecorded", lang)
    yield _say("clock", lang)
    hidden = [record.type for record in found.records if record.event is None]
    if hidden:
        types = ", ".join(f"{name} x {hidden.count(name)}" for name in sorted(set(hidden)))
        yield _say("withheld", lang, count=len(hidden), types=types)
    if not found.named:
        yield _say("nameless", lang)
    yield _say("one_name" if found.receipt is None else "one_name_since", lang)
    yield _say("thief", lang)
    at, known_at = found.claim["at"], found.claim["known_at"]
    whole = [record.event for record in found.records if record.event is not None]
    later = [
        event
        for event in whole
        if instant(event["time"]) > instant(at) or instant(event["recordedtime"]) > instant(known_at)
    ]
    yield _say("asked", lang, at=at, known_at=known_at, later=len(later))


def _moment(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    except (OverflowError, OSError, ValueError):
        return str(seconds)


# --- the command ------------------------------------------------------------------------------------------------------

HOLDS, REFUSED, UNUSABLE = 0, 1, 2


def main(words: Sequence[str] | None = None) -> int:
    """Verifies the bundle that the words name: 0 it holds, 1 it is refused, 2 it or a key cannot be used."""
    parser = argparse.ArgumentParser(
        prog="verify.py", description="Verify an evidence bundle. / Vérifier un dossier de preuve."
    )
    parser.add_argument("bundle", help="the bundle, a .zip file / le dossier, un fichier .zip")
    parser.add_argument("--key", required=True, help="the log's key, from the contract's annex")
    parser.add_argument("--witness", action="append", default=[], help="a key that must have cosigned; repeats")
    parser.add_argument("--receipt", help="a receipt of this log, given earlier")
    parser.add_argument("--save-note", metavar="NOTE", help="write what timestamps are over, for openssl")
    parser.add_argument("--lang", choices=("en", "fr"), default="en")
    chosen = parser.parse_args(words)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    status, said = _answer(chosen)
    (sys.stderr if status == UNUSABLE else sys.stdout).write(f"{said}\n")
    return status


def _answer(chosen: argparse.Namespace) -> tuple[int, str]:
    lang = chosen.lang
    try:
        key, witnesses = _given("--key", chosen.key), [_given("--witness", text) for text in chosen.witness]
        data = read_whole(chosen.bundle)
        receipt = None if chosen.receipt is None else read_whole(chosen.receipt)
    except OSError as error:
        return UNUSABLE, _say("unusable", lang, reason=f"{error.filename}: {error.strerror}")
    except NotProvenError as error:
        return UNUSABLE, _say("unusable", lang, reason=getattr(error, "french", error) if lang == "fr" else error)
    try:
        found = check_bundle(data, key, witnesses, receipt)
        if chosen.save_note is not None:
            Path(chosen.save_note).write_bytes(as_signed(found.members["checkpoint"], found.checkpoint.origin))
    except NotProvenError as error:
        return REFUSED, refused_words(error, lang)
    except MemoryError:
        return REFUSED, _say("refused", lang, reason="memory")
    except OSError as error:
        return UNUSABLE, _say("unusable", lang, reason=f"{error.filename}: {error.strerror}")
    return HOLDS, words_of(found, lang, chosen.bundle, chosen.key).rstrip("\n")


def _given(option: str, text: str) -> Key:
    try:
        return parse_key(text)
    except NotProvenError as error:
        raise RefusedError(
            f"{option} is not a key ({error}): copy the whole line, letter for letter, between quotes",
            f"{option} n'est pas une clé : copiez toute la ligne, lettre pour lettre, entre guillemets",
        ) from None


def refused_words(error: NotProvenError, lang: str) -> str:
    """Why a bundle was refused."""
    return _say("refused", lang, reason=getattr(error, "french", error) if lang == "fr" else error)


def read_whole(path: str) -> bytes:
    """The bytes of a file of a bundle's size at most. Raises OSError, NotProvenError."""
    with Path(path).open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise RefusedError("the file is too long", "le fichier est trop long")
    return data


if __name__ == "__main__":
    sys.exit(main())
