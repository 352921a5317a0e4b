"""Runs schemathesis several times in one process, which loads it once: the arguments of each run as JSON on stdin.

After each run a line says how it ended.
"""

import json
import sys

from schemathesis.cli import schemathesis

ENDED = "=== ended with"


def run(words: list[str]) -> int:
    """One run; its exit status."""
    try:
        return int(schemathesis.main(words, standalone_mode=False) or 0)
    except SystemExit as end:
        return int(end.code or 0)


if __name__ == "__main__":
    for words in json.load(sys.stdin):
        status = run(words)
        sys.stdout.write(f"\n{ENDED} {status}\n")
        sys.stdout.flush()
