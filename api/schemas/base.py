"""What every shape shares: names as they stand on the wire, no field that is not named, texts that have a form."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

When = Annotated[str, Field(description="RFC 3339, Europe/Paris.", json_schema_extra={"format": "date-time"})]
Day = Annotated[str, Field(description="A day in Europe/Paris.", json_schema_extra={"format": "date"})]
Exact = Annotated[
    str,
    Field(
        description="An exact number: a decimal, or `n/d` where no decimal is exact.",
        pattern=r"^-?\d+(\.\d+|/\d+)?$",
    ),
]
Events = Annotated[list[str], Field(description="`source#id` of every fact the figure rests on.")]
Clause = Annotated[str, Field(description="The clause of the text.")]
RuleId = Annotated[str, Field(description="The rule: `<document>/<id>`.")]


class Shape(BaseModel):
    """The base of every shape."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, json_schema_serialization_defaults_required=False)


Json = dict[str, Any]
