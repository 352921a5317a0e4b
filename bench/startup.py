"""How quickly a command starts, against Python itself plus importing pydantic.

python bench/startup.py

Prints the median wall time of each command over several runs, and its ratio to the baseline of the same run.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "bench"))
RUNS = 9


def seconds(command: list[str]) -> float:
    """The median wall time of a command, after one run that does not count."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Runs the bench and prints its figures."""
    import facts

    greffe = [sys.executable, "-m", "api.cli.main"]
    with tempfile.TemporaryDirectory() as folder:
        ten = Path(folder, "ten.jsonl")
        ten.write_bytes(b"".join(facts.lines(10, 1)))
        assert len(ten.read_text().splitlines()) == len([json.loads(line) for line in ten.read_text().splitlines()])
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "python -c 'import pydantic' (baseline)": [sys.executable, "-c", "import pydantic; pydantic.BaseModel"],
            "greffe --help": [*greffe, "--help"],
            "greffe due": [*greffe, "due", "2026-03-31", "5 clear days"],
            "greffe replay (ten facts)": [*greffe, "replay", str(ten), "--format", "json"],
        }
        times = {name: seconds(command) for name, command in commands.items()}
    baseline = times["python -c 'import pydantic' (baseline)"]
    for name, taken in times.items():
        print(f"{name:42} {taken * 1000:7.0f} ms   {taken / baseline:5.2f} x baseline")


if __name__ == "__main__":
    main()
