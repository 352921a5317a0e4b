"""The OpenAPI document: published as it is served, examples and answers that keep to it, callable as it says."""

import copy
import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adapters import bootstrap
from adapters.access.model import Role
from api import openapi
from domain.time.instant import parse_instant
from tests.support.arrivals import answered, event, opened, outage, raw, reserve, signed
from tests.support.described import document
from tests.support.notified import Outcome, carried, planned
from tests.support.server import Api

ROOT = Path(__file__).parents[3]
DOCUMENT = document()
OPERATIONS = [
    pytest.param(path, method, operation, id=f"{method} {path}")
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
OPEN = {"/health", "/ready", "/problems", "/problems/{code}"}


@pytest.fixture(scope="module", autouse=True)
def facts(served: Api) -> None:
    """A contract with a breach, a penalty claim, tickets, an invoice and something held."""
    long = outage("long", "o-long")
    long["data"] |= {"started_at": "2026-03-01T01:00:00+01:00", "ended_at": "2026-03-01T09:10:00+01:00"}
    invoices = [
        event(f"i-{month}", "invoice.issued", {"invoice": f"i-{month}", "month": month, "amount": "1000.00"},
              f"{month}-28T10:00:00+01:00")
        for month in ("2026-01", "2026-02", "2026-03")
    ]  # fmt: skip
    served.post(
        signed(), outage(1), reserve(2), long, opened(3), answered(4), *invoices, answered("waits", "t-none"),
        event("holder", "shareholding.recorded", {
            "holder": "H", "seat_country": "FR", "eu": True, "capital": "10", "votes": "10",
        }),
    )  # fmt: skip
    with bootstrap.opened(served.address) as store:
        stories: tuple[tuple[str, Outcome], ...] = (("01T10:00", "doubtful"), ("02T12:00", "failed"))
        for told, outcome in stories:
            at = parse_instant(f"2026-03-{told}:00+01:00")
            assert planned(store, at)
            assert carried(store, at, (outcome,))


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def test_the_published_document_is_the_one_that_is_served(served: Api) -> None:
    assert json.loads((ROOT / "docs" / openapi.FILE).read_text("utf-8")) == DOCUMENT
    assert served.get("/v1/openapi.json").json() == DOCUMENT
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for operations in DOCUMENT["paths"].values() for operation in operations.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_route_says_what_it_does_with_an_example_of_each_answer(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert operation["description"]
    statuses = operation["responses"]
    assert {"200", "201"} & statuses.keys()
    wanted = {"400", "413", "429", "503"} | ({"401"} if path not in OPEN else set())
    assert wanted <= statuses.keys()
    assert ("{contract}" not in path) or "404" in statuses
    for status, answer in statuses.items():
        for media, content in answer["content"].items():
            examples = (
                [content["example"]] if "example" in content else [e["value"] for e in content["examples"].values()]
            )
            assert examples, f"{method} {path} {status} {media}"
            for example in examples:
                validator(content["schema"]).validate(example)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if "example" in content:
            validator(content["schema"]).validate(content["example"])


@pytest.mark.parametrize("at", [None, "2026-05-04T10:00:00+02:00"])
@pytest.mark.parametrize(
    "path",
    [
        "/v1/contracts", "/v1/contracts/{contract}", "/v1/contracts/{contract}/statement",
        "/v1/contracts/{contract}/indicators", "/v1/contracts/{contract}/support", "/v1/contracts/{contract}/penalties",
        "/v1/contracts/{contract}/amounts", "/v1/contracts/{contract}/qualification",
        "/v1/contracts/{contract}/findings", "/v1/contracts/{contract}/deadlines", "/v1/deadlines", "/v1/facts",
        "/v1/contracts/{contract}/facts", "/v1/readings", "/v1/agreements", "/v1/quarantine", "/problems", "/ready",
        "/v1/access", "/v1/notifications",
    ],
)  # fmt: skip
def test_an_answer_has_the_shape_that_is_documented(served: Api, path: str, at: str | None) -> None:
    operation = DOCUMENT["paths"][path]["get"]
    dated = any(parameter["name"] == "at" for parameter in operation.get("parameters", ()))
    answer = served.get(path.format(contract="C-1"), params={"at": at} if dated and at else {})
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    validator(schema).validate(answer.json())


@pytest.mark.parametrize("section", ["penalties", "indicators", "deadlines", "support", "findings"])
def test_an_explanation_and_a_comparison_have_the_shape_that_is_documented(served: Api, section: str) -> None:
    at = "2026-05-04T10:00:00+02:00"
    answer = served.get("/v1/contracts/C-1/explain", params={"path": f"{section}.0", "at": at})
    assert answer.status_code == 200, answer.text
    schema = DOCUMENT["paths"]["/v1/contracts/{contract}/explain"]["get"]["responses"]["200"]
    validator(schema["content"]["application/json"]["schema"]).validate(answer.json())
    answer = served.get("/v1/contracts/C-1/diff", params={"against": f"at={at}"})
    schema = DOCUMENT["paths"]["/v1/contracts/{contract}/diff"]["get"]["responses"]["200"]
    validator(schema["content"]["application/json"]["schema"]).validate(answer.json())
    assert answer.json()["contracts"]["C-1"]["changes"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client generated from the document, as a user would.

    Without the batch: the generator writes ``isinstance(body, list[Event])``, which Python refuses, where one of
    several bodies is a list. And a zip or a PDF as what it knows, bytes.
    """
    told = copy.deepcopy(DOCUMENT)
    for operation in told["paths"]["/v1/contracts/{contract}/bundle"].values():
        content = operation["responses"]["200"]["content"]
        content["application/octet-stream"] = content.pop("application/zip")
    content = told["paths"]["/v1/contracts/{contract}/documents/{kind}"]["get"]["responses"]["200"]["content"]
    content["application/octet-stream"] = content.pop("application/pdf")
    del told["paths"]["/v1/events"]["post"]["requestBody"]["content"]["application/cloudevents-batch+json"]
    folder = tmp_path_factory.mktemp("client")
    document, made = folder / "openapi.json", folder / "greffe_client"
    document.write_text(json.dumps(told), "utf-8")
    config = folder / "config.yml"
    config.write_text("post_hooks: []\npackage_name_override: greffe_client\nliteral_enums: true\n", "utf-8")
    generate = ("-m", "openapi_python_client", "generate", "--path", document, "--output-path", made, "--meta", "none")
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *map(str, generate), "--config", str(config), "--fail-on-warning"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("greffe_client")
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.startswith("greffe_client")]:
            del sys.modules[name]


def dated(statement: dict[str, Any]) -> dict[str, Any]:
    """The statement with its own dates as instants: the client writes every digit of a second, we none that is 0."""
    return statement | {name: parse_instant(statement[name]) for name in ("at", "known_at")}


def test_a_generated_client_records_a_fact_and_reads_the_statement(served: Api, client: Any) -> None:
    models = importlib.import_module("greffe_client.models")
    calls = {
        name: importlib.import_module(f"greffe_client.api.{name}")
        for name in ("facts.record", "statements.statement", "contracts.contracts", "deadlines.all_deadlines")
    }
    event = models.Event.from_dict(json.loads(raw(outage("by-client", "o-by-client"))))
    with client.AuthenticatedClient(base_url=served.url, token=served.secret(Role.OPERATOR)) as operator:
        outcome = calls["facts.record"].sync(client=operator, body=event)
    assert [item.state for item in outcome.items] == ["recorded"]
    with client.AuthenticatedClient(base_url=served.url, token=served.secret(Role.AUDITOR)) as auditor:
        statement = calls["statements.statement"].sync("C-1", client=auditor)
        listed = calls["contracts.contracts"].sync(client=auditor)
        due = calls["deadlines.all_deadlines"].sync(client=auditor, state=["missed"], owed_by=["client"])
        refused = calls["statements.statement"].sync("C-none", client=auditor)
    assert isinstance(statement, models.Statement)
    assert dated(statement.to_dict()) == dated(served.get("/v1/contracts/C-1/statement").json())
    assert "C-1" in [row.contract for row in listed.contracts]
    assert {row.state for row in due.deadlines} == {"missed"}
    assert isinstance(refused, models.ProblemDetails)
    assert refused.type_ == "/problems/not-found"
