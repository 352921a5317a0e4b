"""Changes to the facts of a bundle, and to what is said of them: each function draws one."""

import json
from random import Random

from adapters.evidence.verify import NO_LEAF, canonical, leaf_hash
from tests.faults.forging import Forger
from tests.faults.handed_over import Given, flipped
from tests.support.histories import Histories


def dropped_events(world: Histories, random: Random) -> Given:
    forger = Forger(world.bundle)
    many = random.choice([1, 1, 1, 2, 5, 50])
    for _ in range(many):
        forger.lines.pop(random.choice([0, -1, random.randrange(len(forger.lines))]))
    if random.random() < 0.5:
        renumbered(forger)
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
        renumbered(forger)
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
        renumbered(forger)
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
            field["salt"] = flipped(field["salt"], random)
        case "leaf" if "leaf" in field:
            field["leaf"] = flipped(field["leaf"], random)
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
    change = (value + random.choice([-1, 1])) if isinstance(value, int) else flipped(value, random)
    forger.say(number, **{name: random.choice([change, random.choice(others)])})
    if name not in {"tseq", "tprev"} and random.random() < 0.5:
        renumbered(forger)
    return Given(f"an entry says another {name}", forger.made(), world.key)


def renumbered(forger: Forger) -> None:
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
