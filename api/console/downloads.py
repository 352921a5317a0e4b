"""The table of a page as a file: CSV for a spreadsheet, JSON exact."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.responses import Response

from api.answering import JSON
from projections.explain.path import value_at
from projections.spelling import dump

Format = Annotated[Literal["html", "csv", "json"], Query(description="The page, or its table as a file.")]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Response:
    """Rows as CSV, exact values, one column per (dotted) field. What a spreadsheet would compute is kept as text."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(value_at(row, column)) for column in columns] for row in rows)
    return _file(f"{name}.csv", "text/csv; charset=utf-8", out.getvalue())


def json_file(name: str, value: Any) -> Response:
    """A value as JSON, in the spelling of the house."""
    return _file(f"{name}.json", JSON, dump(value))


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list() | dict():
            return " ".join(map(str, value)) if isinstance(value, list) and not _nested(value) else dump(value)
        case str() if value.startswith(FORMULA) and not _number(value):
            return f"'{value}"
        case _:
            return str(value)


def _nested(value: list[Any]) -> bool:
    return any(isinstance(item, (list, dict)) for item in value)


def _number(text: str) -> bool:
    return text[1:].replace("/", "").replace(".", "").isdecimal()


def _file(name: str, kind: str, text: str) -> Response:
    return Response(text, media_type=kind, headers={"Content-Disposition": saved_as(name)})


def saved_as(name: str) -> str:
    """The header that has an answer saved under a name, in letters that every system takes."""
    safe = "".join(c if (c.isalnum() and c.isascii()) or c in "-_." else "-" for c in name)
    return f'attachment; filename="{safe}"'
