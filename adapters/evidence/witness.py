"""A witness (C2SP tlog-witness): cosigns the checkpoints of logs it knows, and never two that contradict each other."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from adapters.evidence.notes import Signer
from adapters.evidence.verify import (
    EMPTY_ROOT,
    Checkpoint,
    Key,
    NotProvenError,
    check_consistency,
    open_note,
    parse_checkpoint,
    split_note,
)

MOST_PROOF_LINES = 63
MOST_BYTES = 64 * 1024


class Answer(NamedTuple):
    """The answer of a witness: an HTTP status, a body, and the checkpoint to remember before it is sent, if any."""

    status: int
    body: str
    seen: Checkpoint | None = None


def add_checkpoint(
    request: bytes, logs: Mapping[str, Sequence[Key]], seen: Mapping[str, Checkpoint], signer: Signer, now: int
) -> Answer:
    """Answers ``POST /add-checkpoint``.

    ``logs`` are the keys of each log by its origin, ``seen`` the newest checkpoint cosigned for each, ``now`` is POSIX
    seconds. The caller makes ``seen`` durable before it answers, in one step with the look at the one before.
    """
    try:
        old, proof, note = _parsed(request)
        said = parse_checkpoint(split_note(note)[0])
    except NotProvenError as error:
        return Answer(400, f"{error}\n")
    if said.origin not in logs:
        return Answer(404, "unknown log\n")
    try:
        text, _ = open_note(note, logs[said.origin])
    except NotProvenError as error:
        return Answer(403, f"{error}\n")
    if old > said.size:
        return Answer(400, "the old size is greater than the checkpoint's\n")
    before = seen.get(said.origin, Checkpoint(said.origin, 0, EMPTY_ROOT))
    if old != before.size or (old == said.size and said.root != before.root):
        return Answer(409, f"{before.size}\n")
    if old == 0 and proof:
        return Answer(422, "consistency proof: nothing is to be proven of an empty tree\n")
    try:
        if old:
            check_consistency(old, said.size, proof, before.root, said.root)
    except NotProvenError as error:
        return Answer(422, f"consistency proof: {error}\n")
    return Answer(200, signer.line(text, now), said)


def _parsed(request: bytes) -> tuple[int, list[bytes], bytes]:
    head, separator, note = request.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    word, _, number = first.partition(b" ")
    if not separator or word != b"old" or not number.isdigit() or (number != b"0" and number.startswith(b"0")):
        raise NotProvenError("malformed request: it starts with old and a size")
    if len(lines) > MOST_PROOF_LINES:
        raise NotProvenError("malformed request: the proof is too long")
    try:
        return int(number), [base64.b64decode(line, validate=True) for line in lines], note
    except binascii.Error:
        raise NotProvenError("malformed request: a line of the proof is not base64") from None
