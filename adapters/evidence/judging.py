"""Judging a bundle that somebody hands us: ``verify.py`` in a process of its own, with little memory, time and rights.

The bundle goes in by a pipe and is never written down; what comes out are the words of ``verify.py``. A receipt is
small, and judged here: whether it holds, and whether our log continues the one that it was given of.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import BoundedSemaphore
from typing import Literal, NamedTuple

from adapters.eventstore.store import Store
from adapters.evidence import verify
from adapters.evidence.copies import cosigned
from adapters.evidence.forks import Shown, fork_among
from adapters.evidence.verify import Key, NotProvenError, check_receipt, decoded, open_checkpoint, parse_key

MOST_MEMORY = 1 << 30
MOST_SECONDS, LONGEST_WAIT = 20, 25
"""Seconds of work, and until its end."""
MOST_AT_ONCE = 2
MOST_RECEIPT = 1 << 20
STDIN = "/dev/stdin"
VERIFIER = Path(verify.__file__)
CONFINED = Path(__file__).with_name("confined.py")
HOLDS, REFUSED, UNUSABLE = verify.HOLDS, verify.REFUSED, verify.UNUSABLE
_LINE = re.compile(r" ?\d+\. (.*)")
Outcome = Literal["holds", "refused", "fork", "unusable", "exhausted"]


class Judgement(NamedTuple):
    """What became of one file: ``said`` is (heading, sentences), ``why`` the reason of a refusal."""

    outcome: Outcome
    said: Sequence[tuple[str, Sequence[str]]] = ()
    why: str = ""


class Judge:
    """Judges bundles, so many at once; the rest wait."""

    def __init__(self) -> None:
        self._free = BoundedSemaphore(MOST_AT_ONCE)

    def bundle(self, data: bytes, name: str, key: str, lang: str) -> Judgement:
        """What ``verify.py`` says of a bundle under a key. ``name`` is what the words call the file."""
        with self._free:
            status, out, wrong = _run(data, [STDIN, "--key", key, "--lang", lang])
        text = (out or wrong).decode("utf-8", "replace").replace(STDIN, verify.plain(name))
        if status == HOLDS:
            return Judgement("holds", _sections(text))
        if status == REFUSED and out:
            return Judgement("refused", why=text.partition("\n")[2].partition(":")[2].strip())
        return Judgement("unusable", why=text.strip()) if status == UNUSABLE else Judgement("exhausted")


def _run(data: bytes, words: Sequence[str]) -> tuple[int | None, bytes, bytes]:
    """The status and the words of ``verify.py``; no status where it took too long."""
    line = [sys.executable, "-I", "-B", str(CONFINED), str(MOST_MEMORY), str(MOST_SECONDS), str(VERIFIER), *words]
    try:
        done = subprocess.run(  # noqa: S603 - our own files, and words that argparse reads
            line, input=data, capture_output=True, cwd="/", env={"PYTHONUTF8": "1"}, timeout=LONGEST_WAIT, check=False
        )
    except subprocess.TimeoutExpired:
        return None, b"", b""
    return done.returncode, done.stdout, done.stderr


def judge_receipt(data: bytes, key: Key, store: Store, lang: str) -> Judgement:
    """Whether a receipt holds under a key, and whether this ledger's log, as it was last signed, continues its log."""
    if len(data) > MOST_RECEIPT:
        return Judgement("unusable", why="> 1 MB")
    try:
        found = check_receipt(decoded(data.decode()), key)
    except (NotProvenError, UnicodeDecodeError, RecursionError) as error:
        return Judgement("refused", why=str(getattr(error, "french", error) if lang == "fr" else error))
    shown = Shown("receipt", found.checkpoint, found)
    newest = store.checkpoint()
    if newest is None or found.checkpoint.origin != store.log_origin():
        return Judgement("holds", [("stranger", [found.checkpoint.origin, str(found.checkpoint.size)])])
    handed = [one.note for one in store.signing_keys() if one.note is not None]
    ours = Shown("ledger", open_checkpoint(cosigned(store, newest), parse_key(store.signing_keys()[0].key), handed))
    fork = fork_among([shown, ours], {}, store.consistency_proof)
    if fork is not None:
        return Judgement("fork", [("fork", [str(found.checkpoint.size), str(ours.checkpoint.size)])])
    return Judgement("holds", [("continued", [str(found.checkpoint.size), str(ours.checkpoint.size)])])


def _sections(text: str) -> list[tuple[str, list[str]]]:
    """The numbered sentences under each heading; a sentence may go on over several lines."""
    found: list[tuple[str, list[str]]] = []
    for block in text.strip().split("\n\n")[1:]:
        heading, *lines = block.split("\n")
        sentences: list[str] = []
        for line in lines:
            numbered = _LINE.match(line)
            if numbered:
                sentences.append(numbered[1])
            elif sentences:
                sentences[-1] += f"\n{line.strip()}"
        if sentences:
            found.append((heading, sentences))
    return found
