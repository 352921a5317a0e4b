"""Changes to a bundle as a file, to its claims, heads, checkpoints and keys, and the share of each class."""

import json
from collections.abc import Callable
from random import Random

from adapters.evidence.verify import canonical, pack, unpack
from tests.faults.changed_events import (
    dropped_events,
    dropped_subjects,
    duplicated_events,
    entries,
    foreign_events,
    swapped_events,
    truncated_events,
    values,
)
from tests.faults.forging import Forger
from tests.faults.handed_over import Given, flipped
from tests.support.bundles import WITNESS
from tests.support.histories import Histories

Kind = Callable[[Histories, Random], Given]


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


def heads(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    match random.randrange(6):
        case 0:
            said = json.loads(forger.heads["entry"])
            name = random.choice(["heads", "size", "tenants", "log", "type", "v", "at"])
            said[name] = flipped(said[name], random) if isinstance(said[name], str) else said[name] + 1
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
