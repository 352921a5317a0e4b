"""One event in CloudEvents form, the same with a fault, and the refusal it meets."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from adapters.cloudevents import decode_structured
from domain.errors import UndecodableEventError
from domain.time.instant import parse_instant

GOLDEN = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[2] / "domain" / "events" / "golden").glob("*.json"))
]
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "urn:monitoring",
    "type": "greffe.outage.recorded.v1",
    "subject": "C-1",
    "time": "2026-01-14T10:20:00+01:00",
    "data": {"outage": "o-1", "service": "vm", "started_at": "2026-01-14T10:00:00+01:00", "extent": "total"},
}
RAW = json.dumps(EVENT).encode()
LEDGER = parse_instant("2026-02-01T00:00:00+01:00")
FOREIGN = re.compile(r"pydantic|https?://|Error|Traceback|Input should|OutageRecorded|jiter", re.IGNORECASE)


def refusal(value: bytes | dict[str, Any], **options: Any) -> UndecodableEventError:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    with pytest.raises(UndecodableEventError) as caught:
        decode_structured(raw, **options)
    assert not FOREIGN.search(str(caught.value))
    assert not FOREIGN.search(caught.value.french)
    return caught.value


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in EVENT.items() if key != name}


def with_data(**fields: Any) -> dict[str, Any]:
    return EVENT | {"data": EVENT["data"] | fields}
