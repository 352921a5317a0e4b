"""The master key: wraps the keys of persons, and is kept in a file of its own, apart from them and from the ledger."""

import base64
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from adapters.saying import french_of
from domain.errors import LedgerError

PREFIX = "greffe-master-key:"
KEY_BYTES = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read(path: Path) -> bytes:
    """The master key in a file. Raises LedgerError for a file that is missing, that others may read, or holds none."""
    try:
        with path.open(encoding="ascii") as file:
            if os.fstat(file.fileno()).st_mode & OTHERS:
                raise LedgerError(
                    f"{path}: others may read this master key; chmod 600 {path}",
                    f"{path} : d'autres peuvent lire cette clé maîtresse ; chmod 600 {path}",
                )
            text = file.read().strip()
    except OSError as error:
        raise LedgerError(
            f"{path}: the master key of the persons' keys: {error.strerror}",
            f"{path} : la clé maîtresse des clés des personnes : {french_of(error)}",
        ) from None
    except UnicodeDecodeError:
        raise LedgerError(f"{path}: not a master key", f"{path} : n'est pas une clé maîtresse") from None
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES or not text.startswith(PREFIX):
        raise LedgerError(f"{path}: not a master key", f"{path} : n'est pas une clé maîtresse")
    return key


def coming(path: Path) -> Path:
    """Where the key that is to take the place of one stands until it has."""
    return path.with_name(f"{path.name}.new")


def before(path: Path) -> Path:
    """Where the key that was there before is kept: copies of the key store that are older need it."""
    return path.with_name(f"{path.name}.old")


def kept(path: Path) -> None:
    """Keeps the key of a file beside it. Raises OSError."""
    before(path).unlink(missing_ok=True)
    os.link(path, before(path))


def take_over(path: Path) -> None:
    """Puts the coming key in the place of the one there, at once and for good; nothing where another did. OSError."""
    with suppress(FileNotFoundError):
        coming(path).replace(path)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """What was done in a folder is on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make(path: Path) -> bytes:
    """The master key of a file, made (mode 0600) where there is none; of several at once the first one's counts."""
    text = f"{PREFIX}{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n"
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial, path)  # whole at once, and never over another
        except FileExistsError:
            pass
        finally:
            partial.unlink()
        _settle(path.parent)
    except OSError as error:
        raise LedgerError(
            f"{path}: the master key cannot be made: {error.strerror}",
            f"{path} : la clé maîtresse ne peut pas être faite : {french_of(error)}",
        ) from None
    return read(path)
