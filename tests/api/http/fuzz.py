"""Requests nobody thought of, from the OpenAPI document, in every role: ``python -m tests.api.http.fuzz``.

The server is a real one over a real ledger with facts in it. The stream is left out: an answer without an end is
nothing to fuzz by; its own tests ask it for what it refuses.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from adapters.access.model import READERS, Role
from tests.support.arrivals import answered, opened, outage, reserve, signed
from tests.support.server import Api, api

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
STREAM = "/v1/stream"
PHASES = "examples,coverage,fuzzing"
KNOWN = '[parameters]\n"path.contract" = "C-1"\n'
SEED = "20260301"


def fuzzed(served: Api, role: Role, examples: int, phases: str = PHASES) -> subprocess.CompletedProcess[str]:
    """What schemathesis says of the server to one role; a reader asks about a contract that it may see."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "schemathesis.toml")
        config.write_text(KNOWN if role in READERS else "")
        return subprocess.run(  # noqa: S603 - our own interpreter
            [
                *(
                    sys.executable,
                    "-m",
                    "schemathesis.cli",
                    "--config-file",
                    str(config),
                    "run",
                    f"{served.url}/v1/openapi.json",
                ),
                *("--header", f"Authorization: Bearer {served.secret(role)}"),
                *("--checks", CHECKS, "--exclude-path", STREAM, "--max-examples", str(examples)),
                *("--seed", SEED, "--generation-database", "none", "--workers", "1", "--request-timeout", "60"),
                *("--phases", phases, "--continue-on-failure", "--no-color"),
            ],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )


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
            done = fuzzed(served, role, chosen.examples)
            failed += done.returncode != 0
            verdict = f"FAULTS\n{done.stdout}" if done.returncode else "no fault"
            sys.stdout.write(f"{role:<14} {cases(done.stdout):>8} requests  {verdict}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
