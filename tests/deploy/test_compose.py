"""The deployment file: what it starts is confined, has no password of its own, and has settings greffe accepts."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from adapters.settings.load import load
from api.cli.main import build_parser
from tools.secrets import NAMES, draw

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "ingest", "api", "sign", "notify")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def test_the_file_is_well_formed_by_the_schema_of_the_compose_specification() -> None:
    """The schema is that of Compose 1.29, which `name` is younger than."""
    schema = json.loads((ROOT / "tests" / "vectors" / "compose-spec" / "compose_spec.json").read_text("utf-8"))
    younger = {"name"}
    told = {name: value for name, value in COMPOSE.items() if name not in younger}
    faults = [
        f"{'.'.join(map(str, fault.path))}: {fault.message}" for fault in Draft7Validator(schema).iter_errors(told)
    ]
    assert faults == []
    misspelt = {**told, "services": {**SERVICES, "api": {**SERVICES["api"], "helthcheck": {}}}}
    assert not Draft7Validator(schema).is_valid(misspelt)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & service.keys()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_reached_from_this_machine_alone(name: str) -> None:
    assert [port for port in SERVICES[name].get("ports", ()) if not str(port).startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_is_of_a_fixed_version(name: str) -> None:
    image = SERVICES[name]["image"]
    assert name in OURS or re.search(r":\d+\.\d+", image), image


@pytest.mark.parametrize("name", SERVICES)
def test_no_password_is_written_down(name: str) -> None:
    for variable, value in SERVICES[name]["environment"].items():
        if "PASSWORD" in variable:
            assert variable.endswith("_FILE"), variable
            assert str(value).startswith("/run/secrets/")
            assert str(value).removeprefix("/run/secrets/") in SERVICES[name]["secrets"]
        assert not re.search(r"://[^/@]*:[^/@]*@", str(value)), variable


def test_every_secret_is_a_file_that_is_drawn(tmp_path: Path) -> None:
    assert COMPOSE["secrets"] == {name: {"file": f"./secrets/{name}"} for name in NAMES}
    written = draw(tmp_path / "secrets")
    passwords = {path.read_text("ascii") for path in written}
    assert len(passwords) == len(NAMES)
    assert min(map(len, passwords)) > 40
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    assert draw(tmp_path / "secrets") == [], "a password that is there is left as it is"


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_commands_that_exist_with_settings_that_hold(name: str, tmp_path: Path) -> None:
    draw(tmp_path)
    service = SERVICES[name]
    build_parser(service["command"][0]).parse_args(service["command"])
    defaults = {key: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for key, value in service["environment"].items()}
    environ = {key: value.replace("/run/secrets", str(tmp_path)) for key, value in defaults.items()}
    ledger = load(environ).settings.ledger
    assert re.fullmatch(r"postgresql://greffe_\w+:[\w-]+@postgres:5432/greffe", ledger.dsn)


def test_what_a_service_stands_on_is_healthy_or_done_first() -> None:
    conditions = {
        (name, on): how["condition"]
        for name, service in SERVICES.items()
        for on, how in service.get("depends_on", {}).items()
    }
    assert conditions == {
        ("migrate", "postgres"): "service_healthy",
        ("ingest", "kafka"): "service_healthy",
        ("ingest", "migrate"): "service_completed_successfully",
        ("api", "migrate"): "service_completed_successfully",
        ("sign", "migrate"): "service_completed_successfully",
        ("notify", "migrate"): "service_completed_successfully",
    }
    checked = [name for name, service in SERVICES.items() if "test" in service.get("healthcheck", {})]
    assert sorted(checked) == ["ingest", "kafka", "notify", "postgres", "sign"]
    assert "HEALTHCHECK" in DOCKERFILE, "the image checks the API"


def test_the_image_runs_as_a_user_without_rights_and_without_an_installer() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "pip uninstall" in last
    assert re.search(r"^ARG PYTHON_IMAGE=python:3\.11\.\d+-slim-\w+$", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes --no-deps -r requirements/run.txt" in DOCKERFILE


def test_everything_the_image_copies_is_sent_to_the_engine() -> None:
    sent = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    copied = [word for line in re.findall(r"^COPY ([^-].*) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()]
    assert sorted(copied) == sorted(sent)
