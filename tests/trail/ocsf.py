"""What OCSF 1.6.0 asks of the classes and objects the trail uses, written down from https://schema.ocsf.io/1.6.0.

``needs``: required attributes. ``any_of``: at least one of them. ``may``: further attributes there are, as far as the
trail uses them; what is in neither list does not exist for the trail. ``ids``: the values of an enumeration.
"""

from dataclasses import dataclass, field
from typing import Any

STATUS = {0, 1, 2, 99}


@dataclass(frozen=True)
class Shape:
    needs: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    ids: dict[str, set[int]] = field(default_factory=dict)


BASE = ("activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid")
BASE_MAY = ("activity_name", "message", "status_code", "status_detail", "status_id", "unmapped")
FINDING_STATUS = {0, 1, 2, 3, 4, 5, 6, 99}


def of_class(
    category: int,
    class_uid: int,
    activities: set[int],
    *,
    needs: tuple[str, ...] = (),
    any_of: tuple[str, ...] = (),
    may: tuple[str, ...] = (),
    status: set[int] = STATUS,
) -> Shape:
    ids = {
        "category_uid": {category},
        "class_uid": {class_uid},
        "activity_id": {0, 99} | activities,
        "severity_id": {0, 1, 2, 3, 4, 5, 6, 99},
        "status_id": status,
    }
    return Shape((*BASE, *needs), any_of, (*BASE_MAY, *may), ids)


HTTP = ("http_request", "http_response", "src_endpoint")
CLASSES = {
    0: of_class(0, 0, set()),
    2003: of_class(2, 2003, {1, 2, 3}, needs=("finding_info", "compliance"), may=("resources",), status=FINDING_STATUS),
    3001: of_class(3, 3001, set(range(1, 13)), needs=("user",), may=("actor", *HTTP)),
    3002: of_class(
        3, 3002, set(range(1, 8)), needs=("user",), any_of=("service", "dst_endpoint"), may=("actor", *HTTP)
    ),
    3004: of_class(3, 3004, set(range(1, 14)), needs=("entity",), may=("actor", *HTTP)),
    6003: of_class(6, 6003, {1, 2, 3, 4}, needs=("actor", "api", "src_endpoint"), may=("resources", *HTTP)),
}
OBJECTS = {
    "metadata": Shape(("product", "version"), may=("uid", "log_name", "sequence", "event_code")),
    "product": Shape((), ("name", "uid"), ("version", "vendor_name")),
    "actor": Shape((), ("process", "user", "invoked_by", "session", "app_name", "app_uid")),
    "user": Shape((), ("account", "name", "uid"), ("type", "type_id"), {"type_id": {0, 1, 2, 3, 4, 99}}),
    "api": Shape(("operation",), may=("service", "response", "request", "version", "group")),
    "service": Shape((), ("name", "uid"), ("version",)),
    "response": Shape(may=("code", "error", "message")),
    "src_endpoint": Shape((), ("ip", "uid", "name", "hostname", "svc_name"), ("port", "type", "type_id")),
    "http_request": Shape(may=("http_method", "url", "user_agent", "version")),
    "http_response": Shape(("code",), may=("message", "status")),
    "url": Shape((), ("url_string", "path"), ("query_string", "hostname", "scheme")),
    "resources": Shape((), ("name", "uid"), ("type", "data", "labels")),
    "entity": Shape(
        (),
        ("name", "uid", "device", "group", "org", "policy", "user"),
        ("type", "type_id", "data", "version"),
        {"type_id": {0, 1, 2, 3, 4, 5, 6, 7, 99}},
    ),
    "finding_info": Shape(("uid",), may=("title", "desc", "types", "created_time")),
    "compliance": Shape(
        may=("control", "standards", "status_id", "status", "status_detail", "desc"),
        ids={"status_id": {0, 1, 2, 3, 99}},
    ),
}
OURS = {"unmapped"}
"""Objects whose attributes are the sender's own."""


def faults(event: dict[str, Any]) -> list[str]:
    """What OCSF does not allow in an event."""
    found = list(_faults("event", event, CLASSES[event["class_uid"]]))
    if event["type_uid"] != event["class_uid"] * 100 + event["activity_id"]:
        found.append("type_uid is not that of the class and the activity")
    if "type" in event.get("user", {}) and event["user"].get("type_id") != 99:
        found.append("a type of its own needs type_id 99")
    return found


def _faults(name: str, said: dict[str, Any], shape: Shape) -> list[str]:
    found = [f"{name}.{need} is missing" for need in shape.needs if said.get(need) is None]
    if shape.any_of and not any(one in said for one in shape.any_of):
        found.append(f"{name} has none of {', '.join(shape.any_of)}")
    known = {*shape.needs, *shape.any_of, *shape.may}
    found += [f"{name}.{one} does not exist" for one in said if one not in known]
    found += [f"{name}.{one} is null" for one, value in said.items() if value is None]
    found += [
        f"{name}.{one} is {said[one]}" for one, values in shape.ids.items() if one in said and said[one] not in values
    ]
    for one, value in said.items():
        if one in OURS:
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                found += _faults(f"{name}.{one}", part, OBJECTS[one])
    return found
