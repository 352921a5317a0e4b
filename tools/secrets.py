"""Draw the passwords that docker-compose.yml asks for, into ./secrets: ``python -m tools.secrets [FOLDER]``.

A file that exists is left as it is. The folder is its owner's alone; the files in it can be read by the users of the
containers, who see only those that are handed to them.
"""

import secrets
import sys
from pathlib import Path

NAMES = tuple(f"{name}_password" for name in ("postgres", "owner", "ingest", "api", "sign", "notify"))
BYTES = 32


def draw(folder: Path) -> list[Path]:
    """The files that were written."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for name in NAMES:
        path = folder / name
        if not path.exists():
            path.write_text(secrets.token_urlsafe(BYTES), encoding="ascii")
            path.chmod(0o444)
            written.append(path)
    return written


def main() -> int:
    """Print what was written."""
    written = draw(Path(sys.argv[1] if len(sys.argv) > 1 else "secrets"))
    print("\n".join(f"drawn: {path}" for path in written) or "nothing to draw: every password is there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
