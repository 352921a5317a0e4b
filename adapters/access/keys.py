"""Making API keys: the secret is shown once, to whoever made it, and only its digest stays."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from adapters.access.model import AccessError, Key, Role, Scope
from adapters.access.secret import RANDOM_BYTES, digest_of, secret_from
from adapters.access.store import AccessStore
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant

DAY = 86_400 * MICROSECONDS_PER_SECOND
DEFAULT_DAYS, MOST_DAYS = 90, 366
FIRST_KEY_DAYS = 30


@dataclass(frozen=True, slots=True)
class Order:
    """The key that someone asks for. Without ``expires`` it lives 90 days; it never lives more than 366."""

    name: str
    role: Role
    scope: Scope = field(default_factory=Scope)
    expires: Instant | None = None


def create_key(store: AccessStore, order: Order, created: Instant, created_by: str) -> tuple[Key, str]:
    """A new key, kept, and its secret.

    Raises AccessError where the role does not go with the scope, or the key would be expired or live too long.
    """
    key, secret = _made(order, created, created_by)
    store.add_key(key)
    return key, secret


def first_key(store: AccessStore, file: Path, created: Instant) -> Path | None:
    """At the first start, an administrator's key in a file that only its owner reads; None where keys exist.

    It lives 30 days: time to make the keys that people will use. Raises AccessError where the file exists already,
    and OSError where it cannot be written.
    """
    expires = Instant(created + FIRST_KEY_DAYS * DAY)
    key, secret = _made(Order("first administrator", Role.ADMINISTRATOR, expires=expires), created, "greffe")
    if store.every_key():
        return None
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise AccessError(
            f"{file} is there, but this ledger has no key yet: move it away and start again",
            f"{file} existe, mais ce registre n'a encore aucune clé : déplacez-le et recommencez",
        ) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(secret + "\n")
    if store.add_first_key(key):
        return file
    file.unlink()
    return None


def _made(order: Order, created: Instant, created_by: str) -> tuple[Key, str]:
    order.scope.check(order.role)
    if not order.name.strip() or not order.name.isprintable():
        raise AccessError(
            "a key has a name, on one line, that says whose it is",
            "une clé a un nom, sur une ligne, qui dit à qui elle est",
        )
    expires = order.expires or Instant(created + DEFAULT_DAYS * DAY)
    if not created < expires <= created + MOST_DAYS * DAY:
        raise AccessError(
            f"a key expires after now and within {MOST_DAYS} days",
            f"une clé expire dans l'avenir, et dans les {MOST_DAYS} jours",
        )
    secret = secret_from(secrets.token_bytes(RANDOM_BYTES))
    return Key(
        id=f"key-{secrets.token_hex(6)}",
        digest=digest_of(secret),
        name=order.name,
        role=order.role,
        scope=order.scope,
        created=created,
        created_by=created_by,
        expires=expires,
    ), secret
