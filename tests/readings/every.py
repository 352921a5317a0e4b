"""Every scenario of every reading."""

from tests.readings import availability, deadlines, endings, internet, penalties, periods, support, texts
from tests.readings.scenario import Scenario

SCENARIOS: list[Scenario] = [
    *texts.SCENARIOS,
    *availability.SCENARIOS,
    *internet.SCENARIOS,
    *periods.SCENARIOS,
    *support.SCENARIOS,
    *deadlines.SCENARIOS,
    *endings.SCENARIOS,
    *penalties.SCENARIOS,
]


def name_of(one: object) -> str | None:
    """How a test names a scenario: by its parameter."""
    return one.parameter if isinstance(one, Scenario) else None
