"""Requests nobody thought of, from the OpenAPI document, in every role: ``python -m tests.api.http.fuzz``.

The server is a real one over a real ledger with facts in it. The stream is left out: an answer without an end is
nothing to fuzz by; its own tests ask it for what it refuses.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from adapters.access.model import READERS, Role
from tests.support.arrivals import answered, opened, outage, reserve, signed
from tests.support.server import Api, api

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
STREAM = "/v1/stream"
PHASES = "examples,coverage,fuzzing"
KNOWN = '[parameters]\n"path.contract" = "C-1"\n'
SEED = "20260301"
RUNS = Path(__file__).with_name("schemathesis_runs.py")
Plan = tuple[Role, int]
"""A role, and how many examples of each operation."""


class Fuzzed(NamedTuple):
    """What schemathesis said to one role: how many requests it made, and what it found."""

    requests: int
    said: str
    sound: bool


def fuzzed(served: Api, plans: Sequence[Plan], phases: str = PHASES) -> dict[Role, Fuzzed]:
    """What schemathesis says of the server to these roles; a reader asks about a contract that it may see."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, str(RUNS)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": ""},
            input=json.dumps([_words(served, Path(folder), role, examples, phases) for role, examples in plans]),
            capture_output=True,
            text=True,
            check=False,
        )
    ended = re.split(r"^=== ended with (\d+)$", done.stdout, flags=re.MULTILINE)
    said, statuses = ended[:-1:2], ended[1::2]
    assert len(said) == len(plans), done.stdout + done.stderr
    return {
        role: Fuzzed(cases(text), text, status == "0")
        for (role, _), text, status in zip(plans, said, statuses, strict=True)
    }


def _words(served: Api, folder: Path, role: Role, examples: int, phases: str) -> list[str]:
    config = folder / f"{role}.toml"
    config.write_text(KNOWN if role in READERS else "")
    return [
        *("--config-file", str(config), "run", f"{served.url}/v1/openapi.json"),
        *("--header", f"Authorization: Bearer {served.secret(role)}"),
        *("--checks", CHECKS, "--exclude-path", STREAM, "--max-examples", str(examples)),
        *("--seed", SEED, "--generation-database", "none", "--workers", "1", "--request-timeout", "60"),
        *("--phases", phases, "--continue-on-failure", "--no-color"),
    ]


def prepared(served: Api) -> None:
    """Facts to find, so that not every answer is a refusal."""
    served.post(signed(), outage(1), reserve(2), opened(3), answered(4), answered("waits", "t-none"), {"no": "event"})


def cases(said: str) -> int:
    """How many requests were made, as schemathesis says."""
    found = re.search(r"(\d+) generated", said)
    return int(found[1]) if found else 0


def main() -> int:
    """Every role in turn; the counts, and what failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=300, help="examples for each operation (default: 300)")
    parser.add_argument("--ledger", help="the ledger to serve (default: a new SQLite file)")
    chosen = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder, api(chosen.ledger or str(Path(folder, "greffe.db"))) as served:
        prepared(served)
        for role in Role:
            done = fuzzed(served, [(role, chosen.examples)])[role]
            failed += not done.sound
            verdict = "no fault" if done.sound else f"FAULTS\n{done.said}"
            sys.stdout.write(f"{role:<14} {done.requests:>8} requests  {verdict}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
