"""``greffe serve`` as a process: says where it listens and where the first key is, answers, stops when asked."""

import re
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from api.cli.main import main

ROOT = Path(__file__).parents[3]


def test_a_new_ledger_is_served_and_its_first_key_written_for_its_owner(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "api.cli.main", "serve", "--ledger", str(tmp_path / "greffe.db"), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stderr is not None
        try:
            said = process.stderr.readline() + process.stderr.readline()
            found = re.search(r"listening on (http://\S+)", said)
            assert found, said
            key = tmp_path / "greffe-administrator.key"
            assert str(key) in said
            assert stat.S_IMODE(key.stat().st_mode) == 0o600
            headers = {"Authorization": f"Bearer {key.read_text('ascii').strip()}"}
            assert httpx.get(f"{found[1]}/ready").status_code == 200
            assert httpx.get(f"{found[1]}/v1/readings", headers=headers).status_code == 200
            assert httpx.get(f"{found[1]}/v1/readings").status_code == 401
        finally:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode in (0, -signal.SIGTERM)


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--ledger", str(tmp_path / "greffe.db"), "--port", port]) == 2
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in capsys.readouterr().err
