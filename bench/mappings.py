"""How fast the messages of operations tools become facts, against decoding the same facts.

python bench/mappings.py

Prints, for each worked mapping, messages and events a second, and the time of mapping over that of decoding the events
it made, in turns in the same run: what a tool's own form costs beside facts sent as such.
"""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
TURNS = 5
SECONDS = 0.4


def rate(work: Callable[[], None]) -> float:
    """How many times a second the work is done."""
    start, done = time.perf_counter(), 0
    while (taken := time.perf_counter() - start) < SECONDS:
        work()
        done += 1
    return done / taken


def main() -> None:
    """Runs the bench and prints its figures."""
    from adapters.cloudevents import decode_structured
    from adapters.mappings.apply import map_message
    from adapters.mappings.load import load_mapping

    for path in sorted((ROOT / "examples" / "mappings").glob("*.toml")):
        mapping = load_mapping(path)
        bodies = messages(path.stem)
        made = [event for body in bodies for event, _ in map_message([mapping], body)]

        def mapped(mapping: object = mapping, bodies: Sequence[bytes] = bodies) -> None:
            for body in bodies:
                map_message([mapping], body)

        def decoded(made: Sequence[bytes] = made) -> None:
            for event in made:
                decode_structured(event)

        turns = [(rate(mapped), rate(decoded)) for _ in range(TURNS)]
        own, plain = (max(turn[place] for turn in turns) for place in (0, 1))
        print(
            f"{mapping.name:26} {own * len(bodies):7.0f} messages/s {own * len(made):7.0f} events/s "
            f"{plain / own:6.1f} x decoding"
        )


def messages(tool: str) -> list[bytes]:
    """The messages in the samples of a tool."""
    bodies = []
    for path in sorted((ROOT / "examples" / "mappings" / "samples").glob(f"{tool}-*")):
        whole = path.read_bytes()
        bodies += whole.splitlines() if path.suffix == ".ndjson" else [whole]
    return bodies


if __name__ == "__main__":
    main()
