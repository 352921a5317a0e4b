"""What a dishonest operator does, who has the log's key: writes another log from the same facts, and signs it."""

import json
from collections.abc import Sequence

from adapters.evidence.entry import heads_entry
from adapters.evidence.headmap import HeadMap
from adapters.evidence.merkle import inclusion_proof, root
from adapters.evidence.notes import Signer, checkpoint_text, signed
from adapters.evidence.tiles import Tiles, grow
from adapters.evidence.verify import NO_LEAF, Checkpoint, canonical, leaf_hash
from tests.faults.forging import Forger, Line

AT = "2026-06-01T00:00:00+02:00"


def signed_anew(
    forger: Forger, signer: Signer, aside: Sequence[Line] = (), *, listed: dict[str, int] | None = None
) -> bytes:
    """The bundle of a log of its own: the lines of the forger, chained again, and the lines kept ``aside``.

    ``listed`` says for a tenant how many of its entries the list of heads admits. Where there is none, all.
    """
    leaves: list[bytes] = []
    chains: dict[str, list[bytes]] = {}
    for line in [*forger.lines, *aside]:
        entry = json.loads(line["entry"])
        chain = chains.setdefault(entry["tenant"], [])
        entry |= {"tseq": len(chain) + 1, "tprev": chain[-1].hex() if chain else NO_LEAF}
        line["entry"], line["index"] = canonical(entry).decode(), len(leaves)
        leaves.append(leaf_hash(line["entry"].encode()))
        chain.append(leaves[-1])
    counts = {tenant: len(chain) for tenant, chain in chains.items()} | (listed or {})
    heads = HeadMap({tenant: (count, chains[tenant][count - 1]) for tenant, count in counts.items()})
    origin = signer.key.name
    last = heads_entry(at=AT, log=origin, heads=heads.root(), size=len(leaves), tenants=len(heads))
    leaves.append(leaf_hash(last))
    size = len(leaves)
    kept = {(level, at): hash_ for level, at, hash_ in grow(0, [], leaves)[1]}
    tiles = Tiles(
        lambda level, start, end: [kept[level, at] for at in range(start, end)] if level else leaves[start:end]
    )
    text = checkpoint_text(Checkpoint(origin, size, root(size, tiles.node)))

    def proof(index: int) -> list[str]:
        return [one.hex() for one in inclusion_proof(index, size, tiles.node)]

    for line in [*forger.lines, *aside]:
        line["proof"] = proof(line["index"])
    forger.members["checkpoint"] = signed(text, signer.line(text))
    forger.heads |= {
        "entry": last.decode(),
        "index": size - 1,
        "proof": proof(size - 1),
        "tenants": {
            one["tenant"]: [hash_.hex() for hash_ in heads.proof(one["tenant"])] for one in forger.claim["tenants"]
        },
    }
    return forger.made(figures=True)
