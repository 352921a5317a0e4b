"""Fixtures that every folder of tests may use."""

import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.support.postgres import PostgresServer, PostgresUnavailableError, postgres_server
from tools.broker import Broker, BrokerUnavailableError, broker_server

HERE = Path(__file__).parent
FIRST = [
    HERE / name
    for name in (
        *(
            "faults",
            "kafka",
            "live",
            "api/http",
            "contracts",
            "browser",
            "properties",
            "examples",
            "readings",
            "access",
        ),
        *("adapters/evidence", "documents", "scenarios", "frozen", "audit", "deploy", ""),
    )
]
"""What takes longest, and waits most: begun first, so that no process is left with it at the end."""
UNTRACED = {
    HERE / name
    for name in (
        *("bad_input", "browser", "examples", "faults", "frozen", "live", "properties", "readings", "scenarios"),
        *("access/test_identity.py", "access/test_isolation.py", "access/test_log.py"),
        *("adapters/evidence/test_bundle.py", "adapters/evidence/test_headmap.py"),
        *("adapters/evidence/test_tampering.py", "adapters/test_schemas.py", "adapters/test_views.py"),
        *("adapters/mappings/test_properties.py", "adapters/mappings/test_worked_mappings.py"),
        *("api/cli/test_letters.py", "api/http/test_fuzz.py", "contracts/test_stores.py"),
        *("documents/test_documents.py", "documents/test_letters_of_names.py"),
        *("domain/time/test_holidays.py", "domain/time/test_interval.py", "kafka/test_mapped_messages.py"),
        *("projections/deadlines/test_discharge.py", "test_guides.py"),
    )
}
"""What takes long and goes ways that others go too: without them all, the coverage is less than a hundredth lower."""
STORES = HERE / "contracts"


settings.register_profile(
    "any machine",
    settings(),  # what hypothesis takes here: under CI the same examples every time
    deadline=None,  # how long an example takes says how busy the machine is
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def warnings_alone() -> None:
    """Where no log was started, warnings are told, in a few lines: half a minute of colours serves nobody."""
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[*structlog.get_config()["processors"][:-1], renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )


@pytest.fixture(autouse=True)
def logging_as_it_was(warnings_alone: None) -> Iterator[None]:  # noqa: ARG001 - what is put back
    """What a command that starts the log did to it ends with the test: its stream is closed then, and others log on."""
    loggers = [logging.getLogger(), logging.getLogger("greffe")]
    before = [(one.handlers[:], one.level) for one in loggers]
    configured = structlog.get_config()
    yield
    for one, (handlers, level) in zip(loggers, before, strict=True):
        one.handlers[:] = handlers
        one.setLevel(level)
    structlog.configure(**configured)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Our own modules are traced while they are imported; reading the tests, which takes longer, is not."""
    coverage = session.config.pluginmanager.getplugin("_cov")
    if coverage is None or not coverage.cov_controller.started:
        return (yield)
    for package in ("domain", "projections", "adapters", "api"):
        for module in walk_packages([str(HERE.parent / package)], f"{package}."):
            if ".migrations." not in module.name:  # they are run, not imported
                import_module(module.name)
    coverage.cov_controller.pause()
    try:
        return (yield)
    finally:
        coverage.cov_controller.resume()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first; what goes the same way again is not traced.

    Tracing for coverage more than doubles the time, and the others must reach the figure asked for without them: the
    second store of a test is one of them, but for the contracts of the stores themselves.
    """
    place = {folder: number for number, folder in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(item.path.parent, len(place)))
    for item in items:
        again = "postgres" in item.name and item.path.parent != STORES
        many = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if (again or many) and traced(item):
            item.add_marker(pytest.mark.no_cover)


def traced(item: pytest.Item) -> bool:
    """Whether anything in the file of a test is traced."""
    return UNTRACED.isdisjoint((item.path, item.path.parent))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """From the first test of a file that is not traced to its last one, fixtures included, coverage rests.

    Not from test to test: what a server's threads do after a rest is not traced any more.
    """
    coverage = item.config.pluginmanager.getplugin("_cov")
    if coverage is not None and coverage.cov_controller.started and not traced(item):
        coverage.cov_controller.pause()
    try:
        return (yield)
    finally:
        if coverage is not None and not traced(item) and (nextitem is None or traced(nextitem)):
            coverage.cov_controller.resume()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL server, one for each test process; started by the first test that asks for it."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres_server(in_memory=True))
        except PostgresUnavailableError as error:
            if os.environ.get("CI"):
                pytest.fail(f"PostgreSQL is required here and cannot be started: {error}", pytrace=False)
            pytest.skip(f"NOT TESTED ON POSTGRESQL: {error}")
        yield server


@pytest.fixture
def own_postgres(postgres: PostgresServer) -> Iterator[PostgresServer]:  # noqa: ARG001 - says where there can be none
    """A server that a test may stop: the others have theirs."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def postgres_dsn(postgres: PostgresServer) -> Iterator[str]:
    """The connection string of a database of the test's own."""
    name = postgres.create_database()
    try:
        yield postgres.dsn(name)
    finally:
        postgres.drop_database(name)


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    """A real Apache Kafka broker for a file of tests: left running for all the others it would take their time."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(broker_server("-XX:TieredStopAtLevel=1"))  # starts sooner
        except BrokerUnavailableError as error:
            if os.environ.get("CI"):
                pytest.fail(f"Apache Kafka is required here and cannot be started: {error}", pytrace=False)
            pytest.skip(f"NOT TESTED ON KAFKA: {error}")
        yield server
