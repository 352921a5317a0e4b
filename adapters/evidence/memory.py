"""What a signing key signed last, in a file beside it: a log that does not go on from there is not signed.

The file is the last signed note itself, so it proves itself; it is on the disk before that note is shown to anyone.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from adapters.evidence import keyfile
from adapters.evidence.keyfile import KeyFileError
from adapters.evidence.notes import Signer, checkpoint_text, signed
from adapters.evidence.verify import ED25519, EMPTY_ROOT, Checkpoint, NotProvenError, open_checkpoint
from adapters.saying import french_of

SUFFIX = ".signed"


class SigningKeyFile:
    """A key file with its memory, while no other process signs with it on this machine."""

    def __init__(self, path: Path, signer: Signer) -> None:
        self.signer = signer
        self._memory = path.with_name(f"{path.name}{SUFFIX}")

    def last(self) -> tuple[Checkpoint, bytes]:
        """The checkpoint that was signed last, and its note; of size 0 where none was.

        Raises KeyFileError where that is not known: then nothing may be signed.
        """
        try:
            note = self._memory.read_bytes()
            return open_checkpoint(note, self.signer.key), note
        except OSError as error:
            raise KeyFileError(
                f"{self._memory}: what this key signed last cannot be read ({error.strerror}); put the newest of its"
                " checkpoints there, from a copy",
                f"{self._memory} : ce que cette clé a signé en dernier est illisible ({french_of(error)}) ; mettez-y"
                " le plus récent de ses points de contrôle, pris d'une copie",
            ) from None
        except NotProvenError as error:
            raise KeyFileError(
                f"{self._memory}: not a checkpoint that this key signed ({error}); put the newest of its checkpoints"
                " there, from a copy",
                f"{self._memory} : n'est pas un point de contrôle que cette clé a signé ({french_of(error)}) ;"
                " mettez-y le plus récent de ses points de contrôle, pris d'une copie",
            ) from None

    def sign(self, checkpoint: Checkpoint) -> bytes:
        """The note of a checkpoint, which is remembered before it is returned."""
        text = checkpoint_text(checkpoint)
        note = signed(text, self.signer.line(text))
        write_whole(self._memory, note)
        return note


def make(path: Path, origin: str, last: Checkpoint | None = None) -> Signer:
    """A new key of a log, which goes on from ``last``. Raises KeyFileError where the file exists or cannot be made."""
    signer = keyfile.make(path, origin, ED25519)
    SigningKeyFile(path, signer).sign(last or Checkpoint(origin, 0, EMPTY_ROOT))
    return signer


@contextmanager
def held(path: Path) -> Iterator[SigningKeyFile]:
    """The key in a file, for one process at a time: others wait. Raises KeyFileError for one that cannot be used."""
    with ExitStack() as stack:
        while True:
            try:
                file = stack.enter_context(path.open("rb"))
                fcntl.flock(file, fcntl.LOCK_EX)
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    break  # else another key took its place while we waited
            except OSError as error:
                raise KeyFileError(
                    f"{path}: {error.strerror}; greffe sign init makes a key",
                    f"{path} : {french_of(error)} ; greffe sign init fait une clé",
                ) from None
        signer = keyfile.read(path)
        if signer.key.algorithm != ED25519:
            raise KeyFileError(
                f"{path}: the key of a witness, not of a log; greffe sign init makes one",
                f"{path} : la clé d'un témoin, non d'un journal ; greffe sign init en fait une",
            )
        yield SigningKeyFile(path, signer)


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file that is never seen in part, and is on the disk when this returns. Raises OSError."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None  # named as the caller knows it
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
