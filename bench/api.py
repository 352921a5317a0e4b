"""Measures the statement and deadline routes against a bare route that returns the same bytes, on one running server.

The server is ``greffe serve``'s application under uvicorn, in a process of its own, over a ledger with many facts; the
callers are a second process, some at a time, on connections kept open. Each route is asked in turns with its baselines:

- bare: the same bytes, nothing asked of the caller, nothing kept;
- entered: the same bytes by a caller who is identified, counted, and written into the access log before the answer.

Callers and server share the machine, and a caller costs more than a bare answer does: the server's own processor time
for a request is told beside the rates.

usage: python bench/api.py [--facts 1000000] [--contracts 200] [--callers 16] [--requests 1000]
       [--ledger ADDRESS]
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent)]

TURNS = 3
CONTRACT = "C-0001"
STATEMENT = f"/v1/contracts/{CONTRACT}/statement"
OF_CONTRACT = f"/v1/contracts/{CONTRACT}/deadlines?state=missed"
DEADLINES = "/v1/deadlines?state=pending&limit=100"


async def ask(url: str, key: str, path: str, callers: int, requests: int) -> list[float]:
    """How long each request took, in seconds; so many callers ask at once."""
    import httpx

    left = iter(range(requests))
    taken: list[float] = []
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
    limits = httpx.Limits(max_connections=callers, max_keepalive_connections=callers)
    async with httpx.AsyncClient(base_url=url, headers=headers, limits=limits, timeout=600) as client:

        async def caller() -> None:
            for _ in left:
                begun = time.perf_counter()
                answer = await client.get(path)
                taken.append(time.perf_counter() - begun)
                assert answer.status_code == 200, answer.text  # noqa: PLR2004 - a status

        await asyncio.gather(*(caller() for _ in range(callers)))
    return taken


def measure(url: str, key: str, name: str, path: str, chosen: argparse.Namespace) -> None:
    """One route against its baselines, in turns; prints the ratios of the best turns and the tail of all."""
    import httpx

    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
    body = httpx.get(url + path, headers=headers, timeout=600).content
    httpx.post(f"{url}/bench/{name}", content=body)
    paths = {"route": path, "bare": f"/bench/bare/{name}", "entered": f"/bench/entered/{CONTRACT}/{name}"}
    best: dict[str, float] = {}
    every: dict[str, list[float]] = {kind: [] for kind in paths}
    spent: dict[str, float] = {}
    for _ in range(TURNS):
        for kind, one in paths.items():
            begun, before = time.perf_counter(), httpx.get(f"{url}/bench/time").json()
            every[kind] += asyncio.run(ask(url, key, one, chosen.callers, chosen.requests))
            rate = chosen.requests / (time.perf_counter() - begun)
            best[kind] = max(best.get(kind, 0), rate)
            cost = (httpx.get(f"{url}/bench/time").json() - before) / chosen.requests
            spent[kind] = min(spent.get(kind, cost), cost)
    route = sorted(every["route"])
    p50, p99 = (route[int(len(route) * share)] * 1e3 for share in (0.5, 0.99))
    print(
        f"{name:<12} {len(body):>8} bytes  {best['route']:7.0f}/s  bare {best['bare']:7.0f}/s"
        f"  entered {best['entered']:7.0f}/s  ratio to bare {best['route'] / best['bare']:.2f} (0.7 wanted),"
        f" to entered {best['route'] / best['entered']:.2f}  p50 {p50:.1f} ms  p99 {p99:.1f} ms"
        f"  server's time {spent['route'] * 1e3:.2f} ms, bare {spent['bare'] * 1e3:.2f},"
        f" entered {spent['entered'] * 1e3:.2f}",
        flush=True,
    )


def main() -> None:
    """Runs the bench and prints its figures."""
    import served

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    served.options(parser)
    parser.add_argument("--callers", type=int, default=16)
    parser.add_argument("--requests", type=int, default=1_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        address = chosen.ledger or str(Path(folder, "greffe.db"))
        served.fill(address, chosen.facts, chosen.contracts)
        with served.running(address) as (url, key):
            for name, one in (("statement", STATEMENT), ("of contract", OF_CONTRACT), ("deadlines", DEADLINES)):
                measure(url, key, name.replace(" ", "-"), one, chosen)


if __name__ == "__main__":
    main()
