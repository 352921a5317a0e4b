"""Every page that the guides picture is still there, with the part of it that the picture shows."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from adapters.access.model import Role
from domain.time.instant import parse_instant
from examples.demo.make_facts import load_scenario
from tests.support.portfolio import story
from tests.support.server import api
from tools.console import signed_ledger
from tools.pictures import PICTURES, WIDTH, opened, visitor


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    """The ledger of the demo's console; its address."""
    return signed_ledger(tmp_path, story(), parse_instant(load_scenario()["at"]))[0]


def test_every_picture_of_the_guides_can_be_taken_again(chromium: Browser, ledger: str) -> None:
    at = parse_instant(load_scenario()["at"])
    with api(ledger, lambda: at) as running:
        page = visitor(chromium, running.url, running.secret(Role.AUDITOR), "en")
        try:
            clips = {name: opened(page, running.url, picture) for name, picture in PICTURES.items()}
        finally:
            page.context.close()
    assert {clip["width"] for clip in clips.values()} == {WIDTH}
    assert [name for name, clip in clips.items() if clip["height"] < 100] == []
