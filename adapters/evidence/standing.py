"""How far a ledger's log is signed, cosigned and dated, and what lags behind."""

from typing import Any

from adapters.eventstore.store import Store
from adapters.evidence.signed import Signed
from adapters.settings.evidence import EvidenceSettings, authority_of, witness_of
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, format_instant

MOST = 100
PATIENCE = 2
"""After so many intervals, what is still to be done lags behind."""
_WORDS = {
    "en": {
        "log": "log: {log}, {entries} entries",
        "key": "key {number}: {key}, from entry {since} on{handed}",
        "handed": ", by hand-over of the one before",
        "checkpoint": "newest checkpoint: {size} entries, {made}, root {root}",
        "none": "newest checkpoint: none",
        "witness": "witness {name}: cosigned {size} entries",
        "authority": "authority {name}: dated {size} entries, {made}",
        "keyless": "key: none; greffe sign init makes it",
        "unsigned": "lags behind: entries were recorded and not signed",
        "uncosigned": "lags behind: {name} has not cosigned the newest checkpoint",
        "undated": "lags behind: {name} has dated no checkpoint of late",
    },
    "fr": {
        "log": "journal : {log}, {entries} entrées",
        "key": "clé {number} : {key}, à partir de l'entrée {since}{handed}",
        "handed": ", par passation de la précédente",
        "checkpoint": "dernier point de contrôle : {size} entrées, {made}, racine {root}",
        "none": "dernier point de contrôle : aucun",
        "witness": "témoin {name} : {size} entrées contresignées",
        "authority": "autorité {name} : {size} entrées datées, {made}",
        "keyless": "clé : aucune ; greffe sign init la fait",
        "unsigned": "en retard : des entrées sont enregistrées et pas signées",
        "uncosigned": "en retard : {name} n'a pas contresigné le dernier point de contrôle",
        "undated": "en retard : {name} n'a daté aucun point de contrôle depuis longtemps",
    },
}


def standing(store: Store, settings: EvidenceSettings, at: Instant) -> dict[str, Any]:
    """What is signed, by which keys, cosigned and dated by whom; ``lagging`` names what should be done by now."""
    newest, entries = store.checkpoint(), store.log_size()
    lagging: list[dict[str, str]] = []
    if _waits(store, newest, entries, at, settings):
        lagging.append({"what": "unsigned"})
    witnesses = {}
    for key, _ in map(witness_of, settings.witnesses):
        name = key.partition("+")[0]
        witnesses[name] = store.cosigned_last(key)
        if newest is not None and witnesses[name] < newest.size:
            lagging.append({"what": "uncosigned", "name": name})
    authorities: dict[str, Any] = {}
    for url, _, _ in map(authority_of, settings.authorities):
        last = store.dated_last(url)
        authorities[url] = None if last is None else {"size": last.size, "made": format_instant(last.made)}
        if newest and (last is None or newest.made - last.made > _microseconds(PATIENCE * settings.dating_seconds)):
            lagging.append({"what": "undated", "name": url})
    return {
        "log": store.log_origin(),
        "entries": entries,
        "keys": [
            {"number": one.number, "key": one.key, "since": one.since, "handed_over": one.note is not None}
            for one in store.signing_keys()
        ],
        "checkpoint": None
        if newest is None
        else {"size": newest.size, "root": newest.root.hex(), "made": format_instant(newest.made)},
        "witnesses": witnesses,
        "authorities": authorities,
        "lagging": lagging,
    }


def words(found: dict[str, Any], lang: str) -> str:
    """The standing for a person, one thing to a line."""
    said = _WORDS[lang]
    lines = [said["log"].format(**found)]
    lines += [said["key"].format(**key, handed=said["handed"] if key["handed_over"] else "") for key in found["keys"]]
    lines += [] if found["keys"] else [said["keyless"]]
    lines.append(said["checkpoint"].format(**found["checkpoint"]) if found["checkpoint"] else said["none"])
    lines += [said["witness"].format(name=name, size=size) for name, size in found["witnesses"].items()]
    lines += [said["authority"].format(name=name, **last) for name, last in found["authorities"].items() if last]
    lines += [said[one["what"]].format(name=one.get("name")) for one in found["lagging"]]
    return "".join(f"{line}\n" for line in lines)


def _waits(store: Store, newest: Signed | None, entries: int, at: Instant, settings: EvidenceSettings) -> bool:
    """Whether something was recorded after the newest checkpoint, which is older than two intervals."""
    if newest is not None and at - newest.made < _microseconds(PATIENCE * settings.interval_seconds):
        return False
    start = newest.size if newest else 0
    return any(leaf.tenant for leaf in store.leaves(start, min(start + MOST, entries)))


def _microseconds(seconds: int) -> int:
    return seconds * MICROSECONDS_PER_SECOND
