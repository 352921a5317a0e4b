"""Requests nobody thought of: no fault of the server, no status that is not documented, in every role."""

import pytest

from adapters.access.model import Role
from tests.api.http.fuzz import Fuzzed, fuzzed, prepared
from tests.support.server import api

EXAMPLES = {Role.AUDITOR: 2, Role.OPERATOR: 2}
"""Of each operation, for who may read and who may write everything; one for those who may do less.

A sample; ``python -m tests.api.http.fuzz`` goes on for as long as is wanted.
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> dict[Role, Fuzzed]:
    """What was asked of a server with facts in it."""
    with api(str(tmp_path_factory.mktemp("fuzz") / "greffe.db")) as served:
        prepared(served)
        return fuzzed(served, [(role, EXAMPLES.get(role, 1)) for role in Role], "examples,fuzzing")


@pytest.mark.parametrize("role", Role)
def test_every_role_gets_documented_answers_alone(done: dict[Role, Fuzzed], role: Role) -> None:
    assert done[role].sound, done[role].said
    assert done[role].requests > 25 * EXAMPLES.get(role, 1)
