"""Replay against decode: statements from N facts over C contracts, against only decoding the same bytes.

python bench/replay.py [--facts 1000000] [--contracts 200]

Prints the ratio of the two rates, the peak memory of the replay, and the time for ten times fewer facts. Each measure
runs in a process of its own.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))


def decode_only(path: str) -> float:
    """Seconds to decode every line, keeping nothing."""
    from adapters.cloudevents import read_jsonl
    from adapters.files import collection_paused

    start = time.perf_counter()
    with collection_paused(), Path(path).open("rb") as stream:
        for _line in read_jsonl(stream):
            pass
    return time.perf_counter() - start


def replay_all(path: str, processes: int | None) -> float:
    """Seconds from bytes to the text of every statement."""
    from adapters.catalogue import load_catalogue, load_switches
    from adapters.files import collection_paused, read_facts
    from adapters.parallel import contract_texts
    from domain.readings import select
    from projections.replay import Question
    from projections.statement import joined_text

    start = time.perf_counter()
    with collection_paused():
        reading = read_facts([path])
        assert not reading.faults
        assert reading.intake.latest_time is not None
        assert reading.intake.latest_recorded is not None
        question = Question(reading.intake.latest_time, reading.intake.latest_recorded, select(load_switches(), []))
        texts = contract_texts(reading.intake, question, load_catalogue(), processes)
        size = sum(len(piece) for piece in joined_text(texts, question.at, question.known_at, {}))
    assert size > 0
    return time.perf_counter() - start


def measured(what: str, path: Path) -> tuple[float, float]:
    """(seconds, peak MB) of one measure in its own process."""
    done = subprocess.run(  # noqa: S603 - this script, with files it made itself
        [sys.executable, __file__, "--measure", what, str(path)], capture_output=True, text=True, check=True
    )
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def main() -> None:
    """Runs the bench and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--contracts", type=int, default=200)
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        what, path = chosen.measure
        seconds = decode_only(path) if what == "decode" else replay_all(path, 1 if what == "one" else None)
        peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        print(seconds, max(peaks) / 1000)
        return
    import facts

    with tempfile.TemporaryDirectory() as folder:
        big, small = Path(folder, "big.jsonl"), Path(folder, "small.jsonl")
        size = facts.write(big, chosen.facts, chosen.contracts)
        facts.write(small, chosen.facts // 10, chosen.contracts)
        decoded, _ = measured("decode", big)
        alone, _ = measured("one", big)
        replayed, peak = measured("replay", big)
        tenth, _ = measured("replay", small)
    print(f"facts {chosen.facts}  contracts {chosen.contracts}  bytes {size}")
    print(f"decode only   {decoded:8.1f} s  {chosen.facts / decoded:10.0f} facts/s")
    print(f"replay        {replayed:8.1f} s  {chosen.facts / replayed:10.0f} facts/s  peak of a process {peak:.0f} MB")
    print(f"on one core   {alone:8.1f} s  {chosen.facts / alone:10.0f} facts/s")
    print(
        f"ratio of rates, replay / decode: {decoded / replayed:.2f} (at least 0.3 wanted), "
        f"on one core {decoded / alone:.2f}"
    )
    print(f"ten times the facts: {replayed / tenth:.1f} times the time (at most 11 wanted)")


if __name__ == "__main__":
    main()
