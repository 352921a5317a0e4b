"""Requests nobody thought of: no fault of the server, no status that is not documented, in every role."""

from collections.abc import Iterator

import pytest

from adapters.access.model import Role
from tests.api.http.fuzz import cases, fuzzed, prepared
from tests.support.server import Api, api

EXAMPLES = 4
"""A sample; ``python -m tests.api.http.fuzz`` goes on for as long as is wanted."""


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server with facts in it."""
    with api(str(tmp_path_factory.mktemp("fuzz") / "greffe.db")) as served:
        prepared(served)
        yield served


@pytest.mark.parametrize("role", Role)
def test_every_role_gets_documented_answers_alone(busy: Api, role: Role) -> None:
    done = fuzzed(busy, role, EXAMPLES, "examples,fuzzing")
    assert done.returncode == 0, done.stdout + done.stderr
    assert cases(done.stdout) > 100
