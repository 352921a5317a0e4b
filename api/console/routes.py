"""The addresses of the console."""

from typing import Any

from api.console.pages import (
    agreements,
    bundle,
    calendar,
    contract,
    dispute,
    disputes,
    documents,
    entry,
    evidence,
    facts,
    figure,
    notifications,
    obligations,
    portfolio,
    provider,
    quarantine,
    service_levels,
    timeline,
    verify,
)

PAGES: dict[str, Any] = {
    "include_in_schema": False,
    "generate_unique_id_function": lambda route: f"console-{route.name}",
}
"""How pages are told apart from routes of the API."""
DOORS = (entry, provider)
"""The ways in and out, for people who have not signed in yet."""
SUBJECTS = (
    portfolio,
    contract,
    service_levels,
    obligations,
    timeline,
    figure,
    dispute,
    disputes,
    documents,
    facts,
    quarantine,
    agreements,
    verify,
    bundle,
    calendar,
    notifications,
    evidence,
)
"""What people look at once they have signed in."""
