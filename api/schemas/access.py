"""Keys, grants and the access log."""

from typing import Annotated, Literal

from pydantic import Field

from adapters.access.keys import DEFAULT_DAYS, MOST_DAYS
from adapters.access.model import Role
from api.schemas.base import Shape, When
from domain.time.instant import Instant

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Names = Annotated[list[Name], Field(max_length=1_000)]


class Key(Shape):
    """One API key, without its secret."""

    id: str
    name: str
    role: Role
    providers: list[str] | None = Field(description="Only contracts of these providers; null: no such restriction.")
    clients: list[str] | None = Field(description="Only contracts of these client ids; null: no such restriction.")
    contracts: list[str] | None = Field(description="Only these contracts; null: no such restriction.")
    state: Literal["active", "revoked", "expired"]
    created: When
    created_by: str
    expires: When
    revoked: When | None
    last_used: When | None = Field(description="To the minute.")


class NewKey(Key):
    """A key that was just made, with its secret: shown this once, and kept nowhere."""

    secret: str


class Keys(Shape):
    """Every key ever made, oldest first."""

    keys: list[Key]


class KeyOrder(Shape):
    """The key that is wanted; every restriction must allow a contract for the key to show it."""

    name: Name = Field(description="Whose it is, in words.", examples=["billing reports"])
    role: Role = Field(examples=["desk"])
    providers: Names = Field(default=[], examples=[["outscale"]])
    clients: Names = Field(default=[], examples=[[]])
    contracts: Names = Field(default=[], examples=[[]])
    days: int = Field(default=DEFAULT_DAYS, ge=1, le=MOST_DAYS, description="How long it lives.")


class Feed(Shape):
    """One secret address of a key's calendar, without its secret."""

    id: str
    owner: str = Field(description="The key whose calendar it is; the address ends with it.")
    state: Literal["active", "revoked", "expired"]
    created: When
    expires: When
    revoked: When | None


class NewFeed(Feed):
    """An address that was just made, with its secret: shown this once, and kept nowhere."""

    path: str = Field(description="The path of the address on this server.")


class Feeds(Shape):
    """Addresses of calendars, oldest first."""

    feeds: list[Feed]


class FeedOrder(Shape):
    """The address that is wanted."""

    days: int = Field(default=DEFAULT_DAYS, ge=1, le=MOST_DAYS, description="How long it lives.")


class Grant(Shape):
    """One contract that a counsel may see until an instant."""

    number: int
    caller: str
    contract: str
    until: When
    state: Literal["active", "revoked", "ended"]
    created: When
    created_by: str
    revoked: When | None


class Grants(Shape):
    """Every grant ever made, oldest first."""

    grants: list[Grant]


class GrantOrder(Shape):
    """The grant that is wanted."""

    caller: Name = Field(description="A counsel: a key's id, or `oidc:SUBJECT`.", examples=["oidc:counsel-7"])
    contract: Name = Field(examples=["C-2026-0042"])
    until: Instant = Field(description="Its end, within 366 days.", examples=["2026-12-31T18:00:00+01:00"])


class Access(Shape):
    """One entry of the access log."""

    number: int
    at: When
    caller: str | None = Field(description="Null where nobody was identified.")
    name: str | None
    role: str | None
    route: str
    asked: str = Field(description="The address as it was asked, with its parameters.")
    contract: str | None = Field(description="`*`: any contract that the caller may see.")
    address: str | None
    status: int = Field(description="The HTTP status; 0 for what the command line did.")


class AccessLog(Shape):
    """One page of the access log, oldest first."""

    entries: list[Access]
    next: int | None = Field(description="`after` of the next page; null on the last one.")
