"""The gate: from what a request presents to who calls. Nobody passes unknown, and failures are counted by address."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from adapters.access.directory import Directory
from adapters.access.journal import Journal
from adapters.access.model import Caller, Grant, Key, Role, Scope, Session
from adapters.access.secret import PREFIX, digest_of, same, well_formed
from adapters.access.store import AccessStore
from domain.errors import GreffeError
from domain.time.instant import Instant

FRESH = 1_000_000
"""Microseconds for which a key, or a caller's grants, are remembered: what another process revokes ends by then."""
MOST_REMEMBERED = 10_000


class UnidentifiedError(GreffeError):
    """What was presented identifies nobody; the words tell no more than a caller may know."""


class TooManyAttemptsError(GreffeError):
    """Too many failed attempts came from this address; ``seconds`` says after how many to come back."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many failed attempts from this address", "trop d'échecs depuis cette adresse")
        self.seconds = seconds


class ProviderDownError(GreffeError):
    """The identity provider cannot be reached, and its keys are not known."""

    def __init__(self) -> None:
        super().__init__("the identity provider cannot be reached", "le fournisseur d'identité ne répond pas")


class Provider(Protocol):
    """An identity provider: who a bearer token speaks for."""

    async def identify(self, token: str) -> tuple[str, str, Role, Scope]:
        """(id, name, role, scope) of the token's subject. Raises UnidentifiedError, ProviderDownError."""


class Gate:
    """Who calls, and what they may see now. One for each process; ``now`` is its clock."""

    def __init__(
        self,
        store: AccessStore,
        directory: Directory,
        now: Callable[[], Instant],
        failures: RateLimitItem,
        provider: Provider | None = None,
    ) -> None:
        self.store = store
        self.directory = directory
        self.now = now
        self.journal = Journal(store)
        self._provider = provider
        self._failures = failures
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._keys: dict[bytes, tuple[Instant, Key]] = {}
        self._grants: dict[str, tuple[Instant, list[Grant]]] = {}
        self._ends: dict[str, tuple[Instant, bool]] = {}

    async def identify(self, credential: str | None, address: str) -> Caller:
        """The caller that a credential stands for, at this instant.

        Raises UnidentifiedError, ProviderDownError, and TooManyAttemptsError once an address failed too often: then
        only a key that passed before is looked at.
        """
        if credential is None:
            raise UnidentifiedError(
                "A key or a token is needed: Authorization: Bearer …",
                "Il faut une clé ou un jeton : Authorization: Bearer …",
            )
        if digest_of(credential) not in self._keys and not self._limiter.test(self._failures, address):
            raise TooManyAttemptsError(self._failures.get_expiry())
        try:
            return await (self._by_key if credential.startswith(PREFIX) else self._by_token)(credential)
        except UnidentifiedError:
            self._limiter.hit(self._failures, address)
            raise

    async def identify_feed(self, secret: str, address: str) -> tuple[Caller, str]:
        """The caller whose calendar a secret address is, and the address's id, at this instant.

        Raises UnidentifiedError, and TooManyAttemptsError once this network address failed too often.
        """
        if not self._limiter.test(self._failures, address):
            raise TooManyAttemptsError(self._failures.get_expiry())
        try:
            return await self._by_feed(secret)
        except UnidentifiedError:
            self._limiter.hit(self._failures, address)
            raise

    async def identify_session(self, session: Session) -> Caller:
        """The caller of a session that the identity provider opened. Raises UnidentifiedError where it has ended."""
        at = self.now()
        if session.until <= at or await self._ended(session, at):
            raise UnidentifiedError("This session has ended.", "Cette session est terminée.")
        return await self._caller(session.id, session.name, session.role, session.scope, at)

    async def end_session(self, session: Session) -> None:
        """Ends one session now, whoever else holds its cookie."""
        await asyncio.to_thread(self.store.end_sessions, session.number, self.now())
        self._ends.pop(session.number, None)

    async def _ended(self, session: Session, at: Instant) -> bool:
        remembered = self._ends.get(session.number)
        if remembered is None or not at - FRESH < remembered[0] <= at:
            ends = await asyncio.to_thread(self.store.sessions_ended, session.number, session.id)
            over = session.number in ends or ends.get(session.id, session.began - 1) >= session.began
            _make_room(self._ends)
            remembered = self._ends[session.number] = at, over
        return remembered[1]

    def forget(self) -> None:
        """Forgets what is remembered: what was revoked here ends here at once."""
        self._keys.clear()
        self._grants.clear()
        self._ends.clear()

    def close(self) -> None:
        """Writes what waits, and closes the access store."""
        self.journal.close()
        self.store.close()

    async def _by_key(self, secret: str) -> Caller:
        if not well_formed(secret):
            raise UnidentifiedError(
                "This is not a key of greffe: it is incomplete or mistyped.",
                "Ce n'est pas une clé de greffe : elle est incomplète ou mal recopiée.",
            )
        digest, at = digest_of(secret), self.now()
        remembered = self._keys.get(digest)
        if remembered is None or not at - FRESH < remembered[0] <= at:
            key = await asyncio.to_thread(self.store.key_of, digest)
            self._keys.pop(digest, None)
            if key is None or not same(key.digest, digest):
                raise _invalid()
        else:
            key = remembered[1]
        if key.state(at) != "active":
            self._keys.pop(digest, None)
            raise _invalid()
        if remembered is None or remembered[1] is not key:
            _make_room(self._keys)
            self._keys[digest] = (at, key)
        self.journal.used(key.id, at)
        return await self._caller(key.id, key.name, key.role, key.scope, at)

    async def _by_feed(self, secret: str) -> tuple[Caller, str]:
        at = self.now()
        feed = await asyncio.to_thread(self.store.feed_of, digest_of(secret)) if well_formed(secret) else None
        key = None if feed is None else await asyncio.to_thread(self.store.key, feed.owner)
        if feed is None or key is None or {feed.state(at), key.state(at)} != {"active"}:
            raise UnidentifiedError(
                "This address is not, or no longer, valid.", "Cette adresse n'est pas valable, ou ne l'est plus."
            )
        return await self._caller(key.id, key.name, key.role, key.scope, at), feed.id

    async def _by_token(self, token: str) -> Caller:
        if self._provider is None:
            raise UnidentifiedError(
                "This is not a key of greffe, and no identity provider is configured.",
                "Ce n'est pas une clé de greffe, et aucun fournisseur d'identité n'est configuré.",
            )
        return await self._caller(*await self._provider.identify(token), self.now())

    async def _caller(self, caller: str, name: str, role: Role, scope: Scope, at: Instant) -> Caller:
        if role in {Role.AUDITOR, Role.OPERATOR, Role.ADMINISTRATOR}:
            return Caller(caller, name, role, None)
        if role is Role.COUNSEL:
            grants = await self._granted(caller, at)
            return Caller(caller, name, role, frozenset(g.contract for g in grants if g.state(at) == "active"))
        if not self.directory.is_current():
            await asyncio.to_thread(self.directory.follow)
        return Caller(caller, name, role, self.directory.within(scope))

    async def _granted(self, caller: str, at: Instant) -> list[Grant]:
        remembered = self._grants.get(caller)
        if remembered is None or not at - FRESH < remembered[0] <= at:
            remembered = at, await asyncio.to_thread(self.store.grants, caller)
            _make_room(self._grants)
            self._grants[caller] = remembered
        return remembered[1]


def _make_room(remembered: dict[Any, Any]) -> None:
    if len(remembered) >= MOST_REMEMBERED:
        remembered.clear()


def _invalid() -> UnidentifiedError:
    return UnidentifiedError("This key is not, or no longer, valid.", "Cette clé n'est pas valable, ou ne l'est plus.")
