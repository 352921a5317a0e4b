"""The keys that sign a ledger's log: the first one, and the next, to which the one before hands over."""

import os
from pathlib import Path

from adapters.eventstore.store import Store
from adapters.evidence import keyfile, memory
from adapters.evidence.keyfile import KeyFileError
from adapters.evidence.memory import SUFFIX
from adapters.evidence.notes import signed, verifier
from adapters.evidence.signed import SigningKey
from adapters.evidence.signing import check_is_current
from adapters.evidence.verify import EMPTY_ROOT, HANDOVER, Checkpoint
from domain.time.instant import Instant

NEXT = ".next"


def begin(store: Store, path: Path, at: Instant, *, without_hand_over: bool = False) -> SigningKey:
    """Makes the key of a log that has none, in a file that must not exist yet.

    ``without_hand_over``: though it has one, which is lost; who has the lost key's name in a contract must be given the
    new one. Raises KeyFileError.
    """
    keys = store.signing_keys()
    if keys and not without_hand_over:
        raise KeyFileError(
            f"this ledger's log is signed with {keys[-1].key}; greffe sign rotate has it hand over to another. Where it"
            " is lost, add --without-hand-over",
            f"le journal de ce registre est signé par {keys[-1].key} ; greffe sign rotate lui fait passer la main à"
            " une autre. Si elle est perdue, ajoutez --without-hand-over",
        )
    newest = store.checkpoint()
    last = Checkpoint(store.log_origin(), *((newest.size, newest.root) if newest else (0, EMPTY_ROOT)))
    signer = memory.make(path, store.log_origin(), last)
    made = SigningKey(len(keys) + 1, verifier(signer.key), last.size, None, at)
    with store.writing() as writing:
        writing.add_key(made)
    return made


def rotate(store: Store, path: Path, at: Instant) -> tuple[SigningKey, Path]:
    """Makes the next key, to which this one hands over; it takes the place of the file.

    Returns it and where the key before is now. What was interrupted is finished when it is asked for again. Raises
    KeyFileError.
    """
    following = path.with_name(f"{path.name}{NEXT}")
    with memory.held(path) as key:
        if not _is_listed(store, following):
            before = check_is_current(store, key.signer, path)
            last, _ = key.last()
            if following.exists():
                following.unlink()  # made by a rotation that ended before the ledger knew of it
            signer = memory.make(following, store.log_origin(), last)
            text = f"{HANDOVER}\n{store.log_origin()}\n{last.size}\n{verifier(signer.key)}\n"
            note = signed(text, key.signer.line(text), signer.line(text))
            with store.writing() as writing:
                writing.add_key(SigningKey(before.number + 1, verifier(signer.key), last.size, note, at))
        made = store.signing_keys()[-1]
        old = path.with_name(f"{path.name}.{made.number - 1}")
        for suffix in (SUFFIX, ""):
            mine, theirs = Path(f"{path}{suffix}"), Path(f"{following}{suffix}")
            if not Path(f"{old}{suffix}").exists():
                os.link(mine, f"{old}{suffix}")
            if theirs.exists():
                theirs.replace(mine)
    return made, old


def _is_listed(store: Store, path: Path) -> bool:
    """Whether the ledger knows the key in this file as the one that signs."""
    try:
        signer = keyfile.read(path)
    except KeyFileError:
        return False
    keys = store.signing_keys()
    return bool(keys) and keys[-1].key == verifier(signer.key)
