"""``greffe config``: whether the settings can be used, and what they are."""

import json
from pathlib import Path

import pytest

from tests.api.cli.conftest import Greffe


def test_check_says_that_the_settings_can_be_used(greffe: Greffe) -> None:
    assert greffe("config", "check") == (0, "the settings can be used\n", "")
    assert greffe("config", "check", "--lang", "fr") == (0, "la configuration est utilisable\n", "")


def test_check_names_the_variable_and_exits_2(greffe: Greffe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREFFE_SERVER__PORT", "http")
    status, out, err = greffe("config", "check", "--lang", "fr")
    assert (status, out) == (2, "")
    assert err == "GREFFE_SERVER__PORT : attendu : un nombre entier, au moins 0, au plus 65535 ; reçu : 'http'\n"
    status, out, _ = greffe("config", "check", "--format", "json")
    assert status == 2
    assert json.loads(out)["faults"][0]["en"].startswith("GREFFE_SERVER__PORT: expected a whole number")


def test_show_prints_values_their_origin_and_no_secret(greffe: Greffe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREFFE_LEDGER", "postgresql://greffe:swordfish@db/greffe")
    status, out, _ = greffe("config", "show")
    assert status == 0
    assert 'ledger.address = "postgresql://greffe:••••••@db/greffe"  # GREFFE_LEDGER\n' in out
    assert 'kafka.topic = "greffe.events"  # default\n' in out


def test_a_command_takes_the_ledger_of_the_settings(
    greffe: Greffe, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = tmp_path / "greffe.toml"
    settings.write_text(f'[ledger]\naddress = "{tmp_path}/one.db"\n', encoding="utf-8")
    monkeypatch.setenv("GREFFE_CONFIG", str(settings))
    status, _, err = greffe("quarantine", "list")
    assert (status, err) == (2, f"greffe: {tmp_path}/one.db: there is no ledger here; greffe ingest makes one\n")
    status, _, err = greffe("quarantine", "list", "--ledger", f"{tmp_path}/two.db")
    assert err == f"greffe: {tmp_path}/two.db: there is no ledger here; greffe ingest makes one\n"
