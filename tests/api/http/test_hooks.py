"""A tool's webhook becomes facts by a mapping; what cannot be mapped is held."""

from pathlib import Path

from adapters.access.model import Role
from tests.support.server import api

ROOT = Path(__file__).parents[3]
MAPPINGS = ROOT / "examples" / "mappings"
SAMPLE = MAPPINGS / "samples" / "alertmanager-firing.json"


def test_a_message_of_a_tool_is_recorded_by_its_mapping_and_once(ledger_file: str) -> None:
    with api(ledger_file, mappings=(MAPPINGS / "alertmanager.toml",)) as served:
        operator = served.as_(Role.OPERATOR)
        body = SAMPLE.read_bytes()
        first = operator.post("/v1/hooks/alertmanager", content=body).json()
        assert first["items"]
        states = {item["state"] for item in first["items"]}
        assert states <= {"recorded", "waiting"}
        again = operator.post("/v1/hooks/alertmanager", content=body).json()
        assert {item["state"] for item in again["items"]} == {"duplicate"}
        [held] = operator.post("/v1/hooks/alertmanager", content=b"not JSON").json()["items"]
        entry = operator.get(f"/v1/quarantine/{held['entry']}").json()
        assert entry["origin"].endswith(":alertmanager")
        assert entry["event"] == "not JSON"
        assert operator.post("/v1/hooks/zabbix", content=body).status_code == 404
        assert served.as_(Role.AUDITOR).post("/v1/hooks/alertmanager", content=body).status_code == 403
