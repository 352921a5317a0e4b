"""The trail in the classes of OCSF 1.6.0 (https://schema.ocsf.io), for a SIEM.

What a class has no attribute for stands in ``unmapped`` under the names of our own lines, and nowhere else.
"""

from collections.abc import Callable, Mapping
from typing import Any

from adapters.trail.happened import ACCESS, ERASED, Happened

VERSION = "1.6.0"
INFORMATIONAL, CRITICAL = 1, 5
PASS, FAIL = 1, 3
SUCCESS, FAILURE = 1, 2
OTHER = 99
BASE_EVENT = (0, 0)
COMPLIANCE_FINDING = (2, 2003)
ENTITY_MANAGEMENT, ACCOUNT_CHANGE, AUTHENTICATION, API_ACTIVITY = (3, 3004), (3, 3001), (3, 3002), (6, 6003)
CREATE, READ, UPDATE, DELETE = 1, 2, 3, 4
LOGON = 1
ACCOUNT_CREATED, ACCOUNT_DISABLED = 1, 5
ACTIVITIES = {"GET": READ, "HEAD": READ, "POST": CREATE, "PUT": UPDATE, "PATCH": UPDATE, "DELETE": DELETE}
REFUSED_FROM = 400
UNIDENTIFIED = {401, 429}
UNKNOWN = {"name": "unknown", "type_id": 0}
SERVICE = {"name": "greffe"}

Class = tuple[int, int]


def ocsf(happened: Happened, version: str) -> dict[str, Any]:
    """One thing of the trail as an OCSF event; ``version`` is the program's."""
    if happened.source == ACCESS:
        return _access(happened, version)
    return _OTHERS.get(happened.kind, _base)(happened, version)


def _access(happened: Happened, version: str) -> dict[str, Any]:
    said = happened.said
    account = _account(said)
    if said["caller"] is None and said["status"] in UNIDENTIFIED:
        more = {"user": UNKNOWN, "service": SERVICE, **_request(said)}
        return _event(happened, version, AUTHENTICATION, LOGON, more)
    if account is not None:
        activity, changed = account
        more = {"user": {"uid": changed}, "actor": {"user": _user(said)}, **_request(said)}
        return _event(happened, version, ACCOUNT_CHANGE, activity, more)
    contract = said["contract"]
    more = {
        "actor": {"user": _user(said)},
        "api": {"operation": said["route"], "service": SERVICE, "response": {"code": said["status"]}},
        **_request(said),
        **({} if contract is None else {"resources": [{"uid": contract, "type": "contract"}]}),
    }
    return _event(happened, version, API_ACTIVITY, _activity(said["route"]), more)


def _activity(route: str) -> int:
    method, _, path = route.partition(" ")
    if path.endswith(("/revoke", "/retry", "/discard")):
        return UPDATE
    return ACTIVITIES.get(method, OTHER)


def _account(said: Mapping[str, Any]) -> tuple[int, str] | None:
    """What became of which key, where the entry says it."""
    route, asked = said["route"], said["asked"]
    if route == "greffe keys create":
        return ACCOUNT_CREATED, asked.partition(" ")[0]
    if route == "greffe keys revoke":
        return ACCOUNT_DISABLED, asked
    if route == "POST /v1/keys/{key}/revoke" and said["status"] < REFUSED_FROM:
        return ACCOUNT_DISABLED, asked.split("/")[3]
    return None


def _user(said: Mapping[str, Any]) -> dict[str, Any]:
    if said["caller"] is None:
        return UNKNOWN
    user = {"uid": said["caller"], "name": said["name"]}
    return user if said["role"] is None else {**user, "type_id": OTHER, "type": said["role"]}


def _request(said: Mapping[str, Any]) -> dict[str, Any]:
    """Where it came from, and how it was asked over HTTP; what was done at a machine of the ledger's has no address."""
    method, _, path = said["route"].partition(" ")
    if not path.startswith("/"):
        return {"src_endpoint": {"name": "local"}}
    return {
        "src_endpoint": {"ip": said["address"]},
        "http_request": {"http_method": method, "url": {"path": said["asked"].partition("?")[0]}},
        "http_response": {"code": said["status"]},
    }


def _erased(happened: Happened, version: str) -> dict[str, Any]:
    person = happened.said["event"]["data"]["person_id"]
    entity = {"type_id": OTHER, "type": "person", "uid": str(person)}
    return _event(happened, version, ENTITY_MANAGEMENT, DELETE, {"entity": entity})


def _audit(happened: Happened, version: str) -> dict[str, Any]:
    said = happened.said
    found = _event(
        happened,
        version,
        COMPLIANCE_FINDING,
        CREATE,
        {
            "finding_info": {"uid": f"{happened.source}-{happened.number}", "title": "Audit of the ledger"},
            "compliance": {
                "control": "The ledger is what its signed log says",
                "status_id": FAIL if said["faults"] else PASS,
                "status_detail": f"{said['faults']} faults in {said['events']} events and {said['leaves']} leaves",
            },
        },
    )
    return found | {"severity_id": CRITICAL if said["faults"] else INFORMATIONAL}


def _base(happened: Happened, version: str) -> dict[str, Any]:
    return _event(happened, version, BASE_EVENT, OTHER, {"activity_name": happened.kind})


_OTHERS: dict[str, Callable[[Happened, str], dict[str, Any]]] = {ERASED: _erased, "audit": _audit}


def _event(happened: Happened, version: str, kind: Class, activity: int, more: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that every class has."""
    category, class_uid = kind
    status = happened.said.get("status")
    return {
        "category_uid": category,
        "class_uid": class_uid,
        "activity_id": activity,
        "type_uid": class_uid * 100 + activity,
        "severity_id": INFORMATIONAL,
        "time": happened.at // 1_000,
        "metadata": {
            "version": VERSION,
            "product": {"name": "Greffe", "version": version},
            "uid": f"{happened.source}-{happened.number}",
            "log_name": happened.source,
            "sequence": happened.number,
            "event_code": happened.kind,
        },
        **({} if status is None else _outcome(status)),
        **more,
        "unmapped": happened.said,
    }


def _outcome(status: int) -> dict[str, Any]:
    return {"status_id": SUCCESS if status < REFUSED_FROM else FAILURE, "status_code": str(status)}
