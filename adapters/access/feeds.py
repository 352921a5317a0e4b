"""Secret addresses of calendars: a credential that a calendar program can hold, good for one key's calendar alone."""

import secrets

from adapters.access.keys import DAY, DEFAULT_DAYS, MOST_DAYS
from adapters.access.model import READERS, AccessError, Feed, Key
from adapters.access.secret import RANDOM_BYTES, digest_of, secret_from
from adapters.access.store import AccessStore
from domain.time.instant import Instant

KEY = "key-"


def has_addresses(owner: str) -> bool:
    """Whether a caller may have addresses: it takes an API key, which they end with."""
    return owner.startswith(KEY)


def owner_of(store: AccessStore, name: str, at: Instant) -> Key:
    """The key whose calendar is to be shown. Raises AccessError for one that is none, has ended, or reads nothing."""
    key = store.key(name)
    if key is None:
        raise AccessError(f"there is no key {name!r}", f"il n'y a pas de clé {name!r}")
    if key.state(at) != "active":
        raise AccessError(f"the key {name} has ended: no address may outlive it", f"la clé {name} a pris fin")
    if key.role not in READERS:
        raise AccessError(
            f"a key of the role {key.role} reads no contract, and has no calendar",
            f"une clé du rôle {key.role} ne lit aucun contrat, et n'a pas d'agenda",
        )
    return key


def create_feed(store: AccessStore, owner: str, created: Instant, days: int = DEFAULT_DAYS) -> tuple[Feed, str]:
    """A new address of a key's calendar, kept by its digest, and its secret, which is shown this once.

    Raises AccessError where the owner is no key, or the address would live too long.
    """
    if not has_addresses(owner):
        raise AccessError(
            "the address of a calendar goes with an API key: a token of the identity provider ends too soon",
            "l'adresse d'un calendrier va avec une clé d'API : un jeton du fournisseur d'identité finit trop tôt",
        )
    if not 1 <= days <= MOST_DAYS:
        raise AccessError(f"an address lives for 1 to {MOST_DAYS} days", f"une adresse vit de 1 à {MOST_DAYS} jours")
    secret = secret_from(secrets.token_bytes(RANDOM_BYTES))
    feed = Feed(f"feed-{secrets.token_hex(6)}", digest_of(secret), owner, created, Instant(created + days * DAY))
    store.add_feed(feed)
    return feed, secret
