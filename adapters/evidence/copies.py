"""Copies of checkpoints off the ledger's machine: a folder that holds each checkpoint as it stands, day by day (Paris).

``2026-11-21/000000001234.checkpoint`` is the note with its cosignatures, ``….1.tsr`` its first timestamp, ``keys`` the
log's keys with their hand-overs. A file is never seen in part; one that is there already is replaced by one that says
more.
"""

from pathlib import Path

from adapters.eventstore.store import Store
from adapters.evidence.memory import write_whole
from adapters.evidence.signed import Signed
from adapters.saying import french_of
from domain.errors import GreffeError
from domain.time.instant import format_instant

PAGE = 100
KIND = ".checkpoint"


class CopyError(GreffeError):
    """A folder cannot be written; the text says which and why."""


def copy_checkpoints(store: Store, folder: Path) -> int:
    """Copies the checkpoints that the folder has not, and the newest one as it stands now; returns how many.

    Raises CopyError.
    """
    done = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "keys", keys_of(store))
        after = max(0, _newest(folder) - 1)
        while page := store.checkpoints(after, PAGE):
            for made in page:
                done += _copy(store, made, folder)
            after = page[-1].size
    except OSError as error:
        raise CopyError(
            f"{error.filename or folder}: the copy cannot be written: {error.strerror}",
            f"{error.filename or folder} : la copie ne peut pas être écrite : {french_of(error)}",
        ) from None
    return done


def cosigned(store: Store, made: Signed) -> bytes:
    """The note of a checkpoint with the cosignatures it has."""
    return made.note + "".join(one.line for one in store.cosignatures(made.size)).encode()


def keys_of(store: Store) -> bytes:
    """The keys of the log, one to a line, each followed by the note by which the one before handed over."""
    keys = store.signing_keys()
    return b"\n".join(b"%b\n%b" % (one.key.encode(), one.note or b"") for one in keys)


def _copy(store: Store, made: Signed, folder: Path) -> int:
    day = folder / format_instant(made.made)[:10]
    day.mkdir(exist_ok=True)
    name = f"{made.size:012}"
    done = _write(day / f"{name}{KIND}", cosigned(store, made))
    for number, one in enumerate(store.timestamps(made.size), 1):
        done |= _write(day / f"{name}.{number}.tsr", one.token)
    return done


def _newest(folder: Path) -> int:
    """The size of the newest checkpoint of the folder; 0 for none."""
    for day in sorted((one for one in folder.iterdir() if one.is_dir()), reverse=True):
        found = [int(one.stem) for one in day.glob(f"*{KIND}") if one.stem.isdecimal()]
        if found:
            return max(found)
    return 0


def _write(path: Path, content: bytes) -> bool:
    """Whether there was something to write."""
    if path.exists() and path.read_bytes() == content:
        return False
    write_whole(path, content)
    return True
