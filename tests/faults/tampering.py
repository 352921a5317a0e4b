"""Bundles that somebody changed: each is refused, and nothing crashes, whoever changed it, if only without the key.

Run as ``python -m tests.faults.tampering [--mutations 10000] [--seed 1]``; exit status 1 when one is accepted or breaks
anything. A bundle of 100 facts of a contract and 6 of its provider is changed in its bytes, members, events, heads,
checkpoints, keys and zip. A forger makes facts, counts, digests and statement fit what was changed; what ``verify.py``
says it does not check (the figures, the texts) is held against ``greffe verify``. Of a timestamp's bytes only those
that the checkpoint's digest and the instant are read from bind: the rest is the authority's signature to check.
"""

import argparse
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from adapters.evidence.recomputed import recomputed
from adapters.evidence.verify import NO_LEAF, Key, NotProvenError, canonical, check_bundle, leaf_hash, pack, unpack
from tests.faults.forging import Forger
from tests.faults.zip_tricks import tricks
from tests.support.bundles import WITNESS
from tests.support.histories import Histories, histories

REFUSED, UNCHECKED, ACCEPTED, BROKEN = "refused", "refused by greffe verify", "accepted", "tracebacks"


class Given(NamedTuple):
    """A bundle somebody hands over, and what the other party has: the key, the witnesses' keys, a receipt."""

    what: str
    data: bytes
    key: Key
    witnesses: tuple[Key, ...] = (WITNESS.key,)
    receipt: bytes | None = None


Kind = Callable[[Histories, Random], Given]


def judged(given: Given) -> str:
    """What became of it."""
    try:
        found = check_bundle(given.data, given.key, given.witnesses, given.receipt)
    except NotProvenError:
        return REFUSED
    except Exception:  # noqa: BLE001 - anything else is what is looked for here
        return BROKEN
    try:
        recomputed(found, "en")
    except NotProvenError:
        return UNCHECKED
    except Exception:  # noqa: BLE001
        return BROKEN
    return ACCEPTED


# One function for each class of changes; each draws one change.


def bits_of_the_zip(world: Histories, random: Random) -> Given:
    changed = bytearray(world.bundle)
    place = random.randrange(len(changed))
    changed[place] ^= 1 << random.randrange(8)
    return Given(f"a bit of byte {place}", bytes(changed), world.key)


def bytes_of_the_zip(world: Histories, random: Random) -> Given:
    return Given("some bytes", _edited(world.bundle, random), world.key)


def bytes_of_a_member(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    name = random.choice(sorted(forger.members))
    forger.members[name] = _edited(forger.members[name], random)
    return Given(f"{name} edited", pack(forger.members), world.key)


def bytes_of_a_listed_member(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    name = random.choice([name for name in sorted(forger.members) if name != "bundle.json"])
    forger.members[name] = _edited(forger.members[name], random)
    return Given(f"{name} edited, and listed", forger.listed(), world.key)


def claims(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    claim = forger.claim
    name = random.choice([name for name in sorted(claim) if name != "members"])
    other: dict[str, object] = {
        "at": "2026-06-01T00:00:00+02:00",
        "known_at": "2026-05-01T03:00:00+02:00",
        "contract": "C-2",
        "format": random.choice([0, 2, True, "1", None]),
        "from": "2026-04-01T00:00:00+02:00",
        "to": "2026-04-01T00:00:00+02:00",
        "figure": "penalties.0",
        "left_out": ["qualification"],
        "rows": ["qualification"],
        "log": world.other_log,
        "readings": {"maintenance.mode": "B"},
        "withheld": random.choice([1, -1, 0.5, "0"]),
        "tenants": random.choice([[], claim["tenants"][:1], claim["tenants"][::-1], claim["tenants"] * 2, {}, None]),
        "timestamps": random.choice([{"timestamps/1.tsr": "x"}, [], None, {"checkpoint": "x"}]),
    }
    if random.random() < 0.3:
        claim[random.choice(["more", "Members", ""])] = 1
    elif random.random() < 0.3:
        del claim[name]
    else:
        claim[name] = random.choice([other[name], None, [], {}, 2**70, "\u0000", "x" * 10_000])
        if claim[name] == json.loads(unpack(world.bundle)["bundle.json"])[name]:
            claim[name] = other[name]
    return Given(f"bundle.json says another {name}", forger.listed(), world.key)


def dropped_events(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    many = random.choice([1, 1, 1, 2, 5, 50])
    for _ in range(many):
        forger.lines.pop(random.choice([0, -1, random.randrange(len(forger.lines))]))
    if random.random() < 0.5:
        _renumbered(forger)
    return Given(f"{many} events dropped", _with_heads(forger, random).made(figures=random.random() < 0.05), world.key)


def dropped_subjects(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    tenant = forger.claim["tenants"][random.randrange(2)]["tenant"]
    forger.lines = [line for line in forger.lines if json.loads(line["entry"])["tenant"] != tenant]
    forger.claim["tenants"] = [one for one in forger.claim["tenants"] if one["tenant"] != tenant]
    forger.heads["tenants"].pop(tenant)
    if random.random() < 0.5:
        proof = random.choice([[], next(iter(forger.heads["tenants"].values())), [["0" * 64]]])
        forger.heads["absent"]["provider:outscale"] = {"other": random.choice(["", "0" * 128]), "proof": proof}
    return Given("a subject dropped", forger.made(figures=random.random() < 0.1), world.key)


def swapped_events(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    one, other = random.sample(range(len(forger.lines)), 2)
    lines = forger.lines
    if random.random() < 0.3:
        lines[one], lines[other] = lines[other], lines[one]
    elif (name := random.choice(["entry", "index", "proof", "fields"])) == "fields":
        lines[one]["fields"], lines[other]["fields"] = lines[other]["fields"], lines[one]["fields"]
    else:
        lines[one][name], lines[other][name] = lines[other][name], lines[one][name]
    return Given("two events swapped", forger.made(), world.key)


def duplicated_events(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    line = json.loads(json.dumps(random.choice(forger.lines)))
    if random.random() < 0.5:
        line["index"] = random.randrange(world.size + 5)
    forger.lines.insert(random.randrange(len(forger.lines) + 1), line)
    if random.random() < 0.3:
        _renumbered(forger)
    return Given("an event twice", forger.made(figures=random.random() < 0.05), world.key)


def foreign_events(world: Histories, random: Random) -> Given:
    forger, other = (
        Forger(world.bundle),
        Forger(random.choice([world.other_bundle, world.fork_bundle, world.neighbour])),
    )
    line = random.choice(other.lines)
    place = random.randrange(len(forger.lines))
    if random.random() < 0.5:
        forger.lines[place] = line
    else:
        forger.lines.insert(place, line)
    if random.random() < 0.5:
        entry = json.loads(line["entry"]) | {"tenant": forger.claim["tenants"][0]["tenant"], "log": forger.claim["log"]}
        line["entry"] = canonical(entry).decode()
    if random.random() < 0.5:
        _renumbered(forger)
    if line in Forger(world.bundle).lines:  # the fork shares its beginning with the log
        line["index"] += 1
    return Given("an event of elsewhere", forger.made(), world.key)


def truncated_events(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    if random.random() < 0.5:
        del forger.lines[random.randrange(len(forger.lines)) :]
        return Given("the last events cut", _with_heads(forger, random).made(), world.key)
    line = random.choice(forger.lines)
    name = random.choice(["entry", "proof", "fields"])
    line[name] = line[name][: random.randrange(len(line[name]))]
    return Given(f"an event's {name} cut", forger.made(), world.key)


def values(world: Histories, random: Random) -> Given:
    forger = Forger(random.choice([world.bundle, world.part]))
    line = random.choice([line for line in forger.lines if "fields" in line])
    field = random.choice(line["fields"])
    match random.choice(["value", "salt", "path", "leaf", "hide", "show", "drop", "twice", "type", "reason"]):
        case "value" if "value" in field:
            field["value"] = random.choice(
                [f"{field['value']} ", None, 1, True, [field["value"]], {"a": field["value"]}]
            )
        case "salt" if "salt" in field:
            field["salt"] = _flipped(field["salt"], random)
        case "leaf" if "leaf" in field:
            field["leaf"] = _flipped(field["leaf"], random)
        case "path":
            field["path"] = random.choice(
                [f"{field['path']}.x", "data", "", "data.amount", field["path"].upper(), "~1"]
            )
        case "hide":
            hidden = {
                "leaf": "0" * 64,
                "path": field["path"],
                "why": random.choice(["redacted", "erased", "unavailable"]),
            }
            line["fields"][line["fields"].index(field)] = hidden
        case "show":
            line["fields"].append({"path": "zzz", "salt": "0" * 64, "value": "more"})
        case "drop":
            line["fields"].remove(field)
        case "twice":
            line["fields"].append(field)
        case "reason":
            field["why"] = random.choice(["lost", "", 1, None, ["erased"]])
        case _:
            forger.say(forger.lines.index(line), type=random.choice(["greffe.x.v1", "", "greffe.heads.v1"]))
    return Given("a value changed", forger.made(figures=random.random() < 0.05), world.key)


def entries(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    number = random.randrange(len(forger.lines))
    entry = forger.entry(number)
    name = random.choice(sorted(entry))
    value = entry[name]
    others = [None, True, [], {}, f"{value}0", 2**60, -1, 1.5]
    change = (value + random.choice([-1, 1])) if isinstance(value, int) else _flipped(value, random)
    forger.say(number, **{name: random.choice([change, random.choice(others)])})
    if name not in {"tseq", "tprev"} and random.random() < 0.5:
        _renumbered(forger)
    return Given(f"an entry says another {name}", forger.made(), world.key)


def heads(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    match random.randrange(6):
        case 0:
            said = json.loads(forger.heads["entry"])
            name = random.choice(["heads", "size", "tenants", "log", "type", "v", "at"])
            said[name] = _flipped(said[name], random) if isinstance(said[name], str) else said[name] + 1
            forger.heads["entry"] = canonical(said).decode()
        case 1:
            tenant = random.choice(sorted(forger.heads["tenants"]))
            proof = forger.heads["tenants"][tenant]
            forger.heads["tenants"][tenant] = random.choice(
                [proof[1:], [*proof, "0" * 64], [*proof[::-1], "1" * 64], None]
            )
        case 2:
            forger.heads["index"] += random.choice([-1, 1, -5])
        case 3:
            forger.heads["proof"] = random.choice([[], forger.heads["proof"][1:], [*forger.heads["proof"], "0" * 64]])
        case 4:
            forger.heads = Forger(random.choice([world.old_bundle, world.fork_bundle, world.other_bundle])).heads
        case _:
            forger.heads["absent"]["provider:cloud-temple"] = {
                "other": "",
                "proof": [["0" * 64], []][random.randrange(2)],
            }
    return Given("the heads forged", forger.made(), world.key)


def checkpoints(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    old = Forger(random.choice([world.old_bundle, world.fork_bundle, world.other_bundle]))
    note = forger.members["checkpoint"].decode()
    match random.randrange(6):
        case 0:
            forger.members["checkpoint"] = old.members["checkpoint"]
        case 1:
            forger.members["checkpoint"], forger.heads = old.members["checkpoint"], old.heads
        case 2:
            head = old.members["checkpoint"].decode().partition("\n\n")[0]
            forger.members["checkpoint"] = f"{head}\n\n{note.partition(chr(10) * 2)[2]}".encode()
        case 3:
            lines = note.splitlines(keepends=True)
            lines.remove(random.choice([line for line in lines if line.startswith("\u2014")]))
            forger.members["checkpoint"] = "".join(lines).encode()
        case 4:
            forger.members["checkpoint"] = note.replace(
                f"\n{world.size}\n", f"\n{world.size + random.choice([-1, 1])}\n"
            ).encode()
        case _:
            forger.members["checkpoint"] = note.encode() + note.splitlines(keepends=True)[-1].encode()
    return Given("another checkpoint", forger.made(), world.key)


def keys(world: Histories, random: Random) -> Given:
    match random.randrange(4):
        case 0:
            return Given("another key", world.bundle, world.stranger(random))
        case 1:
            wrong = world.key._replace(public=bytes(byte ^ 1 for byte in world.key.public))
            return Given("the key's name, another's letters", world.bundle, wrong)
        case 2:
            return Given("a witness that did not cosign", world.bundle, world.key, (WITNESS.key, world.witness(random)))
        case _:
            return Given("signed again by another key", world.signed_again(random), world.key, ())


def receipts(world: Histories, random: Random) -> Given:
    what, data, receipt = random.choice(world.contradictions())
    if random.random() < 0.5:
        return Given(what, data, world.key, receipt=receipt)
    forger = Forger(data)
    size, root = random.choice([(world.old_size, world.old_root), (world.fork_size, world.fork_root)])
    proof = [random.choice(["0" * 64, *forger.heads["proof"]]) for _ in range(random.randrange(8))]
    forger.members["consistency.json"] = canonical({"proof": proof, "root": root.hex(), "size": size})
    return Given(f"{what}, with a proof made up", forger.made(), world.key, receipt=receipt)


def spellings(world: Histories, random: Random) -> Given:
    """The same JSON, or nearly, spelt otherwise."""
    forger = Forger(world.bundle)
    name = random.choice(
        ["entries.jsonl", "heads.json", "bundle.json", "facts.jsonl", "statement.json", "handovers.json"]
    )
    text = forger.members[name].decode()
    changes = [
        text.replace(":", ": ", 1) if ":" in text else f" {text}",
        text.replace('"', '"\\u0000', 1),
        text + "\n",
        " " + text,
        "\ufeff" + text,
        text.rstrip("\n"),
        text.replace("\n", "\r\n") if "\n" in text else f"{text}\r",
        text.replace("{", '{"":0,', 1) if "{" in text else "[[]]",
        "[" * 100_000 + "]" * 100_000,
        "{" + '"a":{' * 5_000 + "}" * 5_001,
        "9" * 10_000,
        "1e400",
        "NaN",
        "null",
        '"\\ud800"',
        text.replace("e", "\\u0065", 1),
        text.replace("1", "1.0", 1),
        text.replace("1", "1e0", 1),
    ]
    changed = random.choice([change for change in changes if change != text])
    forger.members[name] = changed.encode("utf-8", "surrogatepass")
    if name == "bundle.json":
        return Given("bundle.json spelt otherwise", pack(forger.members), world.key)
    return Given(f"{name} spelt otherwise", forger.listed(), world.key)


def figures(world: Histories, random: Random) -> Given:
    """A statement whose figures were changed, in its own spelling."""
    forger = Forger(world.bundle)
    said = json.loads(forger.members["statement.json"])
    part = said["contracts"]["C-1"]
    section = random.choice(["indicators", "penalties", "support", "deadlines", "findings"])
    rows = part[section]
    row = random.choice(rows)
    match random.randrange(4):
        case 0:
            rows.remove(row)
        case 1:
            rows.append(row)
        case 2 if row["events"]:
            row["events"] = random.choice([[], [*row["events"][::-1], "urn:test#none"], ["urn:test#none"]])
        case _:
            name = random.choice([name for name in row if isinstance(row[name], str)])
            row[name] = f"{row[name]}0"
    forger.members["statement.json"] = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return Given(f"{section} of the statement changed", forger.listed(), world.key)


CLASSES: dict[Kind, int] = {
    bits_of_the_zip: 25,
    bytes_of_the_zip: 8,
    bytes_of_a_member: 12,
    bytes_of_a_listed_member: 14,
    claims: 4,
    dropped_events: 5,
    dropped_subjects: 1,
    swapped_events: 4,
    duplicated_events: 3,
    foreign_events: 4,
    truncated_events: 3,
    values: 6,
    entries: 4,
    heads: 3,
    checkpoints: 3,
    keys: 1,
    receipts: 1,
    spellings: 3,
    figures: 1,
}
"""Each class of changes and its share."""


def changes(world: Histories, seed: int, count: int) -> Iterator[tuple[str, Given]]:
    """(class, what is handed over), as many as asked for at least, the tricks with zips among them."""
    random = Random(seed)  # noqa: S311 - chance that can be had again, not a secret
    done = 0
    for what, data in tricks(world.bundle):
        yield "zip tricks", Given(what, data, world.key)
        done += 1
    whole = sum(CLASSES.values())
    for kind, share in CLASSES.items():
        for _ in range(max(3, -(-(count - done) * share // whole))):
            given = kind(world, random)
            while given == Given(given.what, world.bundle, world.key):  # one change undid another: nothing was changed
                given = kind(world, random)
            yield kind.__name__.replace("_", " "), given


def run(
    world: Histories, count: int, seed: int, tell: Callable[[str, Counter[str]], object] = lambda *_: None
) -> tuple[dict[str, Counter[str]], list[str]]:
    """Hands over every change: what became of them by class, and those that were accepted or broke something.

    ``tell`` is called with each class that is done.
    """
    told: dict[str, Counter[str]] = {}
    wrong = []
    for name, same in itertools.groupby(changes(world, seed, count), key=itemgetter(0)):
        told[name] = Counter()
        for _, given in same:
            became = judged(given)
            told[name][became] += 1
            if became in {ACCEPTED, BROKEN}:
                wrong.append(f"{became}: {name}: {given.what}")
        tell(name, told[name])
    if judged(Given("the bundle as it was made", world.bundle, world.key)) != ACCEPTED:
        wrong.append("the bundle as it was made is refused")
    return told, wrong


def main(words: Sequence[str] | None = None) -> int:
    """Prints the counts; 1 when a change was accepted or broke something."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.tampering", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(words)
    started = time.monotonic()
    sys.stdout.write(f"{'':28}{'tried':>8}{'verify.py':>11}{'greffe':>8}{'accepted':>10}{'tracebacks':>12}\n")
    with TemporaryDirectory() as folder, histories(Path(folder)) as world:
        told, wrong = run(world, chosen.mutations, chosen.seed, _tell)
    _tell("in all", sum(told.values(), Counter()))
    sys.stdout.write(f"refused by verify.py, or by greffe verify alone; seconds: {time.monotonic() - started:.0f}\n")
    sys.stdout.write("".join(f"WRONG: {one}\n" for one in itertools.islice(wrong, 50)))
    return 1 if wrong else 0


def _tell(name: str, counts: Counter[str]) -> None:
    numbers = [counts[column] for column in (REFUSED, UNCHECKED, ACCEPTED, BROKEN)]
    sys.stdout.write(f"{name:28}{sum(numbers):8}{numbers[0]:11}{numbers[1]:8}{numbers[2]:10}{numbers[3]:12}\n")
    sys.stdout.flush()


def _edited(data: bytes, random: Random) -> bytes:
    """The bytes with one edit: flipped, dropped, inserted, swapped, cut or doubled."""
    changed = bytearray(data)
    place = random.randrange(len(changed))
    length = random.choice([1, 1, 1, 2, 16, 1_000])
    match random.randrange(6):
        case 0 | 1:
            changed[place] ^= random.randrange(1, 256)
        case 2:
            del changed[place : place + length]
        case 3:
            changed[place:place] = random.randbytes(length)
        case 4:
            del changed[place:]
        case _:
            changed[place:place] = changed[place : place + length]
    return bytes(changed) if bytes(changed) != data else bytes(changed) + b" "


def _flipped(text: object, random: Random) -> str:
    """A text with another letter somewhere, a hexadecimal one where it was one."""
    letters = list(str(text) or "x")
    place = random.randrange(len(letters))
    letters[place] = random.choice([letter for letter in "0123456789abcdef" if letter != letters[place]])
    return "".join(letters)


def _renumbered(forger: Forger) -> None:
    """Numbers each subject's entries from 1 again, and chains them: what a forger can do but for the tree above."""
    last: dict[str, tuple[int, str]] = {}
    for number in range(len(forger.lines)):
        entry = forger.entry(number)
        if not isinstance(entry.get("tenant"), str):
            continue
        tseq, leaf = last.get(entry["tenant"], (0, NO_LEAF))
        forger.say(number, tseq=tseq + 1, tprev=leaf)
        last[entry["tenant"]] = tseq + 1, leaf_hash(forger.lines[number]["entry"].encode()).hex()


def _with_heads(forger: Forger, random: Random) -> Forger:
    """Heads that say nothing of what was dropped, in some of the cases."""
    if random.random() < 0.3:
        tenant = random.choice(sorted(forger.heads["tenants"]))
        forger.heads["tenants"][tenant] = []
    return forger


if __name__ == "__main__":
    sys.exit(main())
