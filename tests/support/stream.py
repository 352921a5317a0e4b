"""The stream of the API, listened to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from adapters.access.model import Role
from tests.support.server import Api

STREAM = "/v1/stream"


class Said(NamedTuple):
    """One event of a stream."""

    event: str
    id: str
    data: Any

    @property
    def name(self) -> str:
        return str(self.data["event"]["id"]) if self.event == "fact" else str(self.data["after"]["rule"])


@contextmanager
def listening(served: Api, role: Role = Role.AUDITOR, **more: Any) -> Iterator[Iterator[Said]]:
    """The events of a stream, from the moment it is open."""
    with served.as_(role).stream("GET", STREAM, **more) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(lines).startswith(": listening")
        yield events(lines)


def events(lines: Iterator[str]) -> Iterator[Said]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line and name:
            fields[name] = value
        elif not line and "data" in fields:
            yield Said(fields["event"], fields["id"], json.loads(fields["data"]))
            fields = {}
