"""Who may use which route: one line for each that names no contract in its path.

A route with ``{contract}`` in its path is judged as such by itself.
"""

from dataclasses import dataclass, field
from typing import Any

from adapters.access.model import READERS, Role
from adapters.evidence.notes import verifier
from tests.support.bundles import log_signer

WORD = "zq7secret"
MINE, THEIRS, NONE = "C-1", f"C-{WORD}", "C-not-there"
THEIR_NOTIFICATION = f"{1:032x}"
EVERYBODY = tuple(Role)
LIMITED = (Role.CLIENT, Role.DESK, Role.COUNSEL)
BLIND = (Role.OPERATOR, Role.ADMINISTRATOR)
Route = tuple[str, str]


@dataclass(frozen=True)
class Rule:
    """Who may use a route that names no contract in its path; nobody at all is known to an ``open`` one.

    ``asks`` are query parameters that another's contract may be asked by; ``body`` is sent with a request, ``form``
    from a page, with a file where ``files`` says so. ``elsewhere``: the path names a thing of another's contract.
    """

    roles: tuple[Role, ...] = ()
    open: bool = False
    asks: tuple[str, ...] = ()
    body: dict[str, Any] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    elsewhere: bool = False
    files: bool = False

    @property
    def sent(self) -> dict[str, Any]:
        """What goes with a request."""
        given = {"files": {"files": ("x.json", b"{}")}} if self.files else {}
        return {"json": self.body} if self.body else {"data": self.form, **given} if self.form else {}


KEEPERS = (Role.ADMINISTRATOR, Role.AUDITOR)
PARTIES = (Role.DESK, Role.CLIENT)
TAKERS = (*PARTIES, Role.OPERATOR)
RULES: dict[Route, Rule] = {
    ("get", "/health"): Rule(open=True),
    ("get", "/ready"): Rule(open=True),
    ("get", "/problems"): Rule(open=True),
    ("get", "/problems/{code}"): Rule(open=True),
    ("get", "/v1/openapi.json"): Rule(open=True),
    ("get", "/metrics"): Rule((Role.OPERATOR, Role.AUDITOR, Role.ADMINISTRATOR)),
    ("get", "/v1/contracts"): Rule(READERS),
    ("get", "/v1/deadlines"): Rule(READERS),
    ("get", "/v1/calendar.ics"): Rule(READERS, asks=("contract",)),
    ("get", "/v1/calendar/feeds"): Rule((*READERS, Role.ADMINISTRATOR)),
    ("post", "/v1/calendar/feeds"): Rule(READERS, body={"days": 1}),
    ("post", "/v1/calendar/feeds/{feed}/revoke"): Rule((*READERS, Role.ADMINISTRATOR), elsewhere=True),
    ("get", "/v1/notifications"): Rule(READERS, asks=("contract",)),
    ("post", "/v1/notifications/{notification}/acknowledge"): Rule(TAKERS, elsewhere=True),
    ("get", "/v1/facts"): Rule(READERS, asks=("subject",)),
    ("get", "/v1/stream"): Rule(READERS, asks=("contract",)),
    ("post", "/v1/events"): Rule((Role.OPERATOR,)),
    ("post", "/v1/hooks/{mapping}"): Rule((Role.OPERATOR,)),
    ("get", "/v1/quarantine"): Rule((Role.OPERATOR, Role.AUDITOR)),
    ("get", "/v1/quarantine/{number}"): Rule((Role.OPERATOR, Role.AUDITOR)),
    ("post", "/v1/quarantine/retry"): Rule((Role.OPERATOR,)),
    ("post", "/v1/quarantine/{number}/retry"): Rule((Role.OPERATOR,)),
    ("post", "/v1/quarantine/{number}/discard"): Rule((Role.OPERATOR,), body={"reason": "a test"}),
    ("get", "/v1/log/checkpoint"): Rule(EVERYBODY),
    ("get", "/v1/log/checkpoints"): Rule(EVERYBODY),
    ("get", "/v1/log/consistency"): Rule(EVERYBODY),
    ("get", "/v1/readings"): Rule(EVERYBODY),
    ("get", "/v1/agreements"): Rule(EVERYBODY),
    ("get", "/v1/agreements/{document}"): Rule(EVERYBODY),
    ("get", "/v1/keys"): Rule(KEEPERS),
    ("post", "/v1/keys"): Rule((Role.ADMINISTRATOR,), body={"name": "x", "role": "auditor"}),
    ("post", "/v1/keys/{key}/revoke"): Rule((Role.ADMINISTRATOR,)),
    ("get", "/v1/grants"): Rule(KEEPERS, asks=("caller",)),
    ("post", "/v1/grants"): Rule(
        (Role.ADMINISTRATOR,), body={"caller": "oidc:x", "contract": THEIRS, "until": "2030-01-01T00:00:00Z"}
    ),
    ("post", "/v1/grants/{number}/revoke"): Rule((Role.ADMINISTRATOR,)),
    ("get", "/v1/audits"): Rule(KEEPERS),
    ("get", "/v1/access"): Rule((Role.AUDITOR,), asks=("contract", "caller")),
    ("get", "/"): Rule(READERS),
    ("get", "/facts"): Rule(READERS, asks=("subject",)),
    ("get", "/facts/{position}"): Rule(READERS, elsewhere=True),
    ("get", "/quarantine"): Rule((Role.OPERATOR, Role.AUDITOR)),
    ("get", "/quarantine/{number}"): Rule((Role.OPERATOR, Role.AUDITOR)),
    ("post", "/quarantine/{number}/retry"): Rule((Role.OPERATOR,), form={"token": "x"}),
    ("post", "/quarantine/{number}/discard"): Rule((Role.OPERATOR,), form={"reason": "a test"}),
    ("get", "/notifications"): Rule(READERS, asks=("contract",)),
    ("post", "/notifications/{notification}/acknowledge"): Rule(PARTIES, elsewhere=True, form={"token": "x"}),
    ("get", "/disputes"): Rule(READERS),
    ("get", "/agreements"): Rule(EVERYBODY),
    ("get", "/evidence"): Rule(EVERYBODY),
    ("get", "/agreements/compare"): Rule(EVERYBODY),
    ("get", "/calendar"): Rule(READERS),
    ("post", "/calendar"): Rule(READERS, form={"days": "1"}),
    ("post", "/calendar/{feed}/revoke"): Rule(READERS, elsewhere=True, form={"token": "x"}),
    ("get", "/evidence/verify"): Rule(EVERYBODY),
    ("get", "/evidence/verify.py"): Rule(EVERYBODY),
    ("post", "/evidence/verify"): Rule(
        EVERYBODY, form={"by": "given", "key": verifier(log_signer("greffe/other").key)}, files=True
    ),
    ("get", "/agreements/{document}"): Rule(EVERYBODY),
    ("get", "/agreements/{document}/coverage"): Rule(EVERYBODY),
}
DOOR = {
    ("get", "/sign-in"),
    ("post", "/sign-in"),
    ("get", "/sign-in/provider"),
    ("get", "/sign-in/back"),
    ("post", "/sign-out"),
    ("post", "/preferences"),
    ("get", "/assets/{version}/{name}"),
}
"""The door of the console: open to all, about nobody; tests/console tells what it does."""
BY_ADDRESS = {("get", "/v1/calendar/{secret}.ics")}
"""The address is the credential, whoever asks: tests/api/http/test_calendar.py tells what it opens."""
STREAMS = {("get", "/v1/stream")}
QUERY: dict[str, dict[str, Any]] = {
    "/v1/contracts/{contract}/explain": {"path": "deadlines"},
    "/v1/log/consistency": {"from": 1, "to": 1},
    "/contracts/{contract}/figure": {"path": "deadlines"},
}
"""Query parameters that a route cannot do without."""
FORMS: dict[Route, dict[str, str]] = {
    ("post", "/contracts/{contract}/disputes"): {"name": "x", "second": "at=2026-04-01T00:00:00+02:00"},
    ("post", "/contracts/{contract}/disputes/{dispute}"): {"name": "x"},
    ("post", "/contracts/{contract}/disputes/{dispute}/remove"): {"name": "x"},
}
"""What the forms of a contract's pages send."""
