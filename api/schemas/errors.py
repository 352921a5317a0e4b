"""Problem details."""

from pydantic import Field

from api.schemas.base import Shape


class Fault(Shape):
    """One field at fault."""

    field: str
    detail: str


class ProblemDetails(Shape):
    """An error (RFC 9457). `title` and `detail` are in the language of `Accept-Language`, English or French."""

    type: str = Field(description="What kind of problem: an address of this API that says more.")
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[Fault] | None = None


class ProblemKind(Shape):
    """One kind of problem."""

    type: str
    status: int
    title: str
    meaning: str


class ProblemKinds(Shape):
    """Every kind of problem."""

    problems: list[ProblemKind]


class Alive(Shape):
    """The process answers."""

    status: str = Field(examples=["alive"])


class Ready(Shape):
    """Whether requests can be served."""

    status: str = Field(examples=["ready"])
