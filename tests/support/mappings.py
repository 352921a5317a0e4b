"""Mappings for tests: the worked examples with their samples, and small ones written on the spot."""

import json
from pathlib import Path
from typing import Any

from adapters.mappings.apply import Mapped, map_message
from adapters.mappings.lint import lint
from adapters.mappings.load import load_mapping
from adapters.mappings.model import Mapping
from domain.errors import UndecodableEventError

ROOT = Path(__file__).parents[2]
WORKED = ROOT / "examples" / "mappings"
SAMPLES = WORKED / "samples"
TOOLS = (
    "alertmanager",
    "glpi",
    "jira-service-management",
    "statuspage",
    "zabbix-export",
    "zabbix-webhook",
    "zammad",
)

SMALL = """\
name = "small"
tool = "A tool"
version = "1"
source = "urn:tool"
match = "message.kind == 'trouble'"

[constants]
contract = "C-1"

[[ignore]]
when = "message.test"
reason = "a message to try the line"

[table.service]
values = { web = "load-balancer", api = ["command-api:vm", "command-api:network"] }
ignore = ["laboratory"]

[[rule]]
each = [
    { name = "part", in = "message.parts" },
    { name = "service", in = { expression = "part.component", table = "service" } },
]

[[rule.event]]
when = "part.state == 'down' || part.state == 'up'"
type = "greffe.outage.recorded.v1"
id = "join('/', [part.id, service, 'recorded'])"
subject = "constants.contract"
time = { expression = "part.since", format = "iso-8601" }

[rule.event.data]
outage = "join('/', [part.id, service])"
service = "service"
resource = { expression = "part.machine", optional = true }
started_at = { expression = "part.since", format = "iso-8601" }
extent = "'total'"

[[rule.event]]
when = "part.state == 'up'"
type = "greffe.outage.ended.v1"
id = "join('/', [part.id, service, 'ended'])"
subject = "constants.contract"
time = { expression = "part.until", format = "iso-8601" }

[rule.event.data]
outage = "join('/', [part.id, service])"
ended_at = { expression = "part.until", format = "iso-8601" }
confirmed_by = { constant = "monitoring" }
"""


def worked(tool: str) -> Mapping:
    """The worked mapping of a tool."""
    return load_mapping(WORKED / f"{tool}.toml")


def sample(name: str) -> bytes:
    """The bytes of a sample."""
    return (SAMPLES / name).read_bytes()


def samples(tool: str) -> list[Path]:
    """The samples of a tool."""
    return sorted(SAMPLES.glob(f"{tool}-*"))


def sample_messages(tool: str) -> list[bytes]:
    """Every message in the samples of a tool: a file, or each line of one."""
    bodies = []
    for path in samples(tool):
        whole = path.read_bytes()
        bodies += whole.splitlines() if path.suffix == ".ndjson" else [whole]
    return bodies


def small(*replaced: tuple[str, str]) -> Mapping:
    """The small mapping, with some words replaced."""
    mapping, faults = lint(edited(*replaced).encode(), "small.toml")
    assert mapping is not None
    assert faults == []
    return mapping


def edited(*replaced: tuple[str, str]) -> str:
    """The text of the small mapping, with some words replaced."""
    text = SMALL
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def part(**more: Any) -> dict[str, Any]:
    """One part of a message that the small mapping reads."""
    return {"id": "p-1", "component": "web", "state": "down", "since": "2026-03-02T10:00:00Z", **more}


def message(*parts: dict[str, Any], **more: Any) -> bytes:
    """A message that the small mapping reads."""
    return json.dumps({"kind": "trouble", "parts": list(parts), **more}).encode()


def mapped(mapping: Mapping, body: bytes) -> list[Mapped]:
    """What the mapping makes of the message."""
    return map_message([mapping], body)


def events(made: list[Mapped]) -> list[dict[str, Any]]:
    """The events, none refused."""
    assert [str(fact) for _, fact in made if isinstance(fact, UndecodableEventError)] == []
    return [json.loads(body) for body, _ in made]


def refusals(made: list[Mapped]) -> list[UndecodableEventError]:
    """The refusals among what was made."""
    return [fact for _, fact in made if isinstance(fact, UndecodableEventError)]
