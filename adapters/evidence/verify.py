"""Verifies what a ledger proves, with the standard library of Python 3.9 or later and nothing else.

This one file is handed to the other party and read by its expert, so it imports nothing of ours; our own code imports
it, so that there is one rule for a proof and not two. A tree is that of RFC 6962 (SHA-256), a note and its keys are
those of C2SP signed-note, a checkpoint that of C2SP tlog-checkpoint. Sizes and indexes count leaves from zero. What is
not exactly right raises ``NotProvenError``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Any, NamedTuple

HASH_BYTES = 32
KEY_ID_BYTES = 4
ED25519 = 1
COSIGNATURE = 4
MOST_SIGNATURES = 100


class NotProvenError(Exception):
    """Something is not what it should be; the text says what."""


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
    """What a receipt proves: at this checkpoint, the tenant had ``tseq`` entries; the last one's leaf hash is given."""

    checkpoint: Checkpoint
    tenant: str
    tseq: int
    leaf: bytes


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
    return Receipt(checkpoint, tenant, tseq, leaf)


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
        return json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
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
