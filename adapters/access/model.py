"""Who calls and what they may see: roles, scopes, keys, grants, and the entries of the access log."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import GreffeError
from domain.time.instant import Instant

EVERY = "*"
"""Stands in the access log for every contract that the caller may see."""


class Role(StrEnum):
    """What a caller is there for; ``docs/access.md`` says what each may do."""

    OPERATOR = "operator"
    DESK = "desk"
    CLIENT = "client"
    COUNSEL = "counsel"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


READERS = (Role.DESK, Role.CLIENT, Role.COUNSEL, Role.AUDITOR)
"""The roles that may read contracts at all."""
_UNLIMITED = ("is not limited to contracts", "n'est pas limité à des contrats")
_GRANTED = ("sees what it was granted", "voit ce qu'on lui a ouvert")


class AccessError(GreffeError):
    """A key, a grant or a scope that cannot be; the message says why."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which contracts: those that every restriction given allows. None does not restrict."""

    providers: frozenset[str] | None = None
    clients: frozenset[str] | None = None
    contracts: frozenset[str] | None = None

    @classmethod
    def of(cls, providers: Iterable[str] = (), clients: Iterable[str] = (), contracts: Iterable[str] = ()) -> "Scope":
        """The scope of these names; no name of a kind does not restrict by it."""
        return cls(frozenset(providers) or None, frozenset(clients) or None, frozenset(contracts) or None)

    def check(self, role: Role) -> None:
        """Raises AccessError where the role needs another scope: nobody sees everything by omission."""
        if role is Role.CLIENT and self.clients is None and self.contracts is None:
            raise AccessError(
                "a client's access names its client id, or its contracts",
                "l'accès d'un client nomme son identifiant de client, ou ses contrats",
            )
        if role is Role.DESK and self.providers is None:
            raise AccessError("a desk's access names its provider", "l'accès d'un bureau (desk) nomme son prestataire")
        if role in {Role.OPERATOR, Role.COUNSEL, Role.AUDITOR, Role.ADMINISTRATOR} and self != Scope():
            reason, french = _UNLIMITED if role is not Role.COUNSEL else _GRANTED
            raise AccessError(
                f"the role {role} {reason}: it takes no provider, client or contract",
                f"le rôle {role} {french} : il ne prend ni prestataire, ni client, ni contrat",
            )


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request. ``contracts`` are those the caller may see at this instant; None is every contract."""

    id: str
    name: str
    role: Role
    contracts: frozenset[str] | None

    def sees(self, contract: str) -> bool:
        """Whether the contract is one of the caller's; says nothing of whether it exists."""
        return self.contracts is None or contract in self.contracts


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody whom the identity provider let in, until ``until`` at most; ``number`` names this session alone.

    ``token`` is the provider's own proof of it, to sign out there with; empty where it was too long to be kept.
    """

    number: str
    id: str
    name: str
    role: Role
    scope: Scope
    began: Instant
    until: Instant
    token: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """An API key as it is kept: the secret's digest, never the secret. Instants are UTC microseconds."""

    id: str
    digest: bytes
    name: str
    role: Role
    scope: Scope
    created: Instant
    created_by: str
    expires: Instant
    revoked: Instant | None = None
    last_used: Instant | None = None

    def state(self, at: Instant) -> str:
        """``active``, ``revoked`` or ``expired`` at an instant."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires <= at else "active"


@dataclass(frozen=True, slots=True)
class Feed:
    """A secret address of a key's calendar as it is kept: the secret's digest. Instants are UTC microseconds."""

    id: str
    digest: bytes
    owner: str
    created: Instant
    expires: Instant
    revoked: Instant | None = None

    def state(self, at: Instant) -> str:
        """``active``, ``revoked`` or ``expired`` at an instant; it ends with its owner's key as well."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires <= at else "active"


@dataclass(frozen=True, slots=True)
class Grant:
    """A contract that a caller of the role counsel may see, until an instant."""

    number: int
    caller: str
    contract: str
    until: Instant
    created: Instant
    created_by: str
    revoked: Instant | None = None

    def state(self, at: Instant) -> str:
        """``active``, ``revoked`` or ``ended`` at an instant."""
        if self.revoked is not None:
            return "revoked"
        return "ended" if self.until <= at else "active"


@dataclass(frozen=True, slots=True)
class Access:
    """One entry of the access log: who asked what, from where, and the status of the answer.

    ``caller``, ``name`` and ``role`` are None where nobody was identified. ``contract`` is None where the route is
    about none, and EVERY where the answer may hold any contract of the caller's. ``number`` is the log's.
    """

    at: Instant
    caller: str | None
    name: str | None
    role: str | None
    route: str
    asked: str
    contract: str | None
    address: str | None
    status: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit of the ledger against its log: of the leaves from ``since`` (0: all) to ``size``, whose root it found.

    ``report`` is what it found, as JSON; ``faults`` how many things were not as the log says.
    """

    at: Instant
    caller: str
    since: int
    size: int
    root: bytes
    faults: int
    report: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Dispute:
    """A comparison of two sides that somebody named and kept. Instants are UTC microseconds.

    ``first`` and ``second`` are the sides in the words of ``greffe diff``, their dates among them, so that it says the
    same later. ``difference`` is what it came to in euros, exact; ``digest`` the SHA-256 of the rows that differed.
    It is its maker's (``owner``) alone, until they share it with whoever may read the contract.
    """

    id: str
    contract: str
    owner: str
    owner_name: str
    name: str
    note: str
    shared: bool
    first: str
    second: str
    difference: str
    digest: str
    created: Instant
    changed: Instant

    def open_to(self, known: Caller) -> bool:
        """Whether a caller may open it."""
        return known.sees(self.contract) and (self.shared or self.owner == known.id)
