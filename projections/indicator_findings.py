"""placeholder"""
from collections.abc import Sequence
from typing import Any

from projections.findings import Finding


def indicator_findings(basis: Any, outages: Any, rows: Any, workshops: Sequence[Any]) -> list[Finding]:
    return []
