"""The one JSON spelling of everything we print: compact, UTF-8, keys in the order of the wire."""

import json
from typing import Any


def dump(value: Any) -> str:
    """The value as JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
