"""Measures the pages of the console against the routes of the API that feed them, on one running server.

The server is ``greffe serve``'s application over a ledger with many facts. A page that draws what several routes tell
(the timeline every fact and every deadline of a contract) is measured against all of them. Page and routes are asked in
turns, by one caller on one connection, each at least a second after the last time so that nothing is answered from
memory that a person would not find there; then at once again, as somebody who clicks does. Told are the medians, in
milliseconds, the ratio of page to route, and the bytes of the first page with all it needs.

usage: python bench/console.py [--facts 1000000] [--contracts 200] [--rounds 5] [--ledger ADDRESS]
"""

import argparse
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent)]

WANTED = 1.5
CONTRACT = "C-0001"
FRESH_SECONDS = 1.1
OWN, API = f"/contracts/{CONTRACT}", f"/v1/contracts/{CONTRACT}"
READING = "maintenance.mode=B"
PAGES = {
    "portfolio": ("/", "/v1/contracts?limit=50", "/v1/deadlines?state=pending&limit=100"),
    "contract": (OWN, f"{API}/statement"),
    "service levels": (f"{OWN}/service-levels", f"{API}/indicators"),
    "penalties": (f"{OWN}/penalties", f"{API}/penalties"),
    "deadlines": (f"{OWN}/deadlines", f"{API}/deadlines"),
    "support": (f"{OWN}/support", f"{API}/support"),
    "findings": (f"{OWN}/findings", f"{API}/findings"),
    "timeline": (f"{OWN}/timeline", f"{API}/facts?limit=500", f"{API}/deadlines"),
    "a figure": (f"{OWN}/figure?path=indicators.0.availability", f"{API}/explain?path=indicators.0.availability"),
    "dispute": (f"{OWN}/dispute?second={READING}", f"{API}/diff?against={READING}"),
    "facts": ("/facts", "/v1/facts?limit=50"),
    "quarantine": ("/quarantine", "/v1/quarantine"),
    "an agreement": ("/agreements/outscale-snc-fr", "/v1/agreements/outscale-snc-fr"),
    "evidence": ("/evidence", "/v1/log/checkpoints", "/v1/audits"),
}


def visitor(url: str, key: str) -> Any:
    """A browser that is signed in, as far as HTTP goes."""
    import httpx

    client = httpx.Client(base_url=url, timeout=600)
    answer = client.post("/sign-in", data={"key": key, "next": "/"}, headers={"Origin": url})
    assert answer.status_code == 303, answer.text  # noqa: PLR2004 - a status
    return client


def took(client: Any, *paths: str) -> float:
    """How long the whole of the answers took, in seconds; of a list, every page."""
    begun = time.perf_counter()
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"  # noqa: PLR2004 - a status
        while "limit=500" in path and (said := answer.json())["more"]:
            answer = client.get(path, params={"limit": 500, "after": said["cursor"]})
    return time.perf_counter() - begun


def weight(client: Any) -> int:
    """The bytes on the wire of the first page and of all it is dressed with."""
    page = client.get("/")
    parts = [page, *map(client.get, sorted(set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.text))))]
    return sum(int(one.headers.get("content-length", len(one.content))) for one in parts)


def main() -> None:
    """Runs the bench and prints its figures."""
    import httpx
    import served

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    served.options(parser)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        address = chosen.ledger or str(Path(folder, "greffe.db"))
        served.fill(address, chosen.facts, chosen.contracts)
        with served.running(address) as (url, key):
            person = visitor(url, key)
            program = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=600)
            taken: dict[tuple[str, str, str], list[float]] = {}
            for turn in range(chosen.rounds + 1):
                for when, pause in (("first", FRESH_SECONDS), ("again", 0.0)):
                    for name, (page, *routes) in PAGES.items():
                        time.sleep(pause)
                        of_page = took(person, page)
                        time.sleep(pause)
                        of_route = took(program, *routes)
                        if turn:  # the first turn warms
                            taken.setdefault((name, when, "page"), []).append(of_page)
                            taken.setdefault((name, when, "route"), []).append(of_route)
            middle = {key: statistics.median(values) * 1e3 for key, values in taken.items()}
            print(f"{'':16}{'page ms':>10}{'route ms':>10}{'ratio':>8}{'again: page':>14}{'route':>8}{'ratio':>8}")
            for name in PAGES:
                page, route, fast, near = (
                    middle[name, when, kind] for when in ("first", "again") for kind in ("page", "route")
                )
                print(f"{name:16}{page:10.1f}{route:10.1f}{page / route:8.2f}{fast:14.1f}{near:8.1f}{fast / near:8.2f}")
            print(f"at most {WANTED} wanted; the first page with all it needs: {weight(person) / 1e3:.0f} KB")


if __name__ == "__main__":
    main()
