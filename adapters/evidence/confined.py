"""Runs a Python file with little: so much memory and time, no file written, no child, no network where that can be.

``python -I confined.py BYTES SECONDS FILE ARGUMENT…``: imports nothing of ours, as it is run apart from everything.
"""

import ctypes
import resource
import runpy
import sys

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
MOST_FILES = 16


def main() -> None:
    """Takes away what the file does not need, and runs it."""
    memory, seconds, file, *arguments = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK)  # where the system refuses, the file still asks for none
    sys.argv = [file, *arguments]
    for what, most in (
        (resource.RLIMIT_AS, int(memory)),
        (resource.RLIMIT_CPU, int(seconds)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
    runpy.run_path(file, run_name="__main__")


if __name__ == "__main__":
    main()
