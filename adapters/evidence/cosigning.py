"""Asking witnesses to cosign a checkpoint (C2SP tlog-witness, from the log's side)."""

import base64
from collections.abc import Callable, Sequence

import httpx

from adapters.evidence.verify import Key, NotProvenError, Signature, open_note
from adapters.saying import french_of
from domain.errors import GreffeError

Consistency = Callable[[int], Sequence[bytes]]
"""The proof that the tree of so many leaves is the beginning of the checkpoint's."""
CONFLICT, DONE = 409, 200
MOST_BYTES = 4 * 1024


class CosigningError(GreffeError):
    """A witness gave no cosignature that holds; the text says which and why."""


def cosign(
    client: httpx.Client, url: str, witness: Key, note: bytes, *, old: int, consistency: Consistency
) -> Signature:
    """The cosignature of the witness at ``url`` on a signed checkpoint, verified.

    ``old`` is the size it cosigned last as far as we know; where it says another, it is asked once more from there.
    Raises CosigningError.
    """
    answer = _ask(client, url, note, old, consistency)
    if answer.status_code == CONFLICT and answer.text.strip().isascii() and answer.text.strip().isdigit():
        answer = _ask(client, url, note, int(answer.text), consistency)
    if answer.status_code != DONE or len(answer.content) > MOST_BYTES:
        raise CosigningError(
            f"{witness.name} did not cosign: {answer.status_code} {answer.text[:200].strip()}",
            f"{witness.name} n'a pas cosigné : {answer.status_code} {answer.text[:200].strip()}",
        )
    try:
        _, found = open_note(note + answer.content, [witness])
    except NotProvenError as error:
        raise CosigningError(
            f"{witness.name} answered with no signature of its own: {error}",
            f"{witness.name} a répondu sans signature à lui : {french_of(error)}",
        ) from None
    return found[0]


def _ask(client: httpx.Client, url: str, note: bytes, old: int, consistency: Consistency) -> httpx.Response:
    try:
        proof = consistency(old) if old else ()
    except ValueError as error:
        raise CosigningError(
            f"{url} has seen another log than this one: {error}", f"{url} a vu un autre journal que celui-ci : {error}"
        ) from None
    lines = [f"old {old}\n", *(base64.b64encode(one).decode() + "\n" for one in proof), "\n"]
    try:
        return client.post(f"{url.rstrip('/')}/add-checkpoint", content="".join(lines).encode() + note)
    except httpx.HTTPError as error:
        raise CosigningError(f"{url}: {error}", f"{url} : {error}") from None
