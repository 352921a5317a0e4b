"""What an administrator does, the same from the command line and from the API."""

from adapters.access.keys import DAY, MOST_DAYS
from adapters.access.model import AccessError, Grant, Role
from adapters.access.store import AccessStore
from domain.time.instant import Instant

OIDC = "oidc:"


def grant(store: AccessStore, wanted: Grant) -> Grant:
    """Lets a counsel see a contract until an instant; returns the grant with its number.

    Raises AccessError where the caller is no counsel, the contract has no name, or the end is past or over a year away.
    """
    if not wanted.caller.startswith(OIDC):
        role = next((key.role for key in store.every_key() if key.id == wanted.caller), None)
        if role is None:
            raise AccessError(
                f"there is no key {wanted.caller!r}; a person of the identity provider is oidc:SUBJECT",
                f"aucune clé {wanted.caller!r} ; une personne du fournisseur d'identité s'écrit oidc:SUJET",
            )
        if role is not Role.COUNSEL:
            raise AccessError(
                f"{wanted.caller} is a key of the role {role}: only a counsel is granted contracts",
                f"{wanted.caller} est une clé du rôle {role} : on n'ouvre de contrats qu'à un conseil",
            )
    if not wanted.contract.strip():
        raise AccessError("a grant names a contract", "une autorisation nomme un contrat")
    if not wanted.created < wanted.until <= wanted.created + MOST_DAYS * DAY:
        raise AccessError(
            f"a grant ends after now and within {MOST_DAYS} days; it may be made again",
            f"une autorisation finit dans l'avenir, et dans les {MOST_DAYS} jours ; elle peut être refaite",
        )
    return store.add_grant(wanted)


def end_sessions(store: AccessStore, caller: str, at: Instant) -> None:
    """Ends every session that a person opened until now. Raises AccessError for who opens none."""
    if not caller.startswith(OIDC):
        raise AccessError(
            "a session that ends is one of a person of the identity provider, oidc:SUBJECT; a key is revoked",
            "on termine les sessions d'une personne du fournisseur d'identité, oidc:SUJET ; une clé se révoque",
        )
    store.end_sessions(caller, at)


def forget(store: AccessStore, before: Instant, at: Instant, kept_days: int) -> int:
    """Deletes the entries of the access log older than an instant; returns how many there were.

    Raises AccessError where some of them must still be kept.
    """
    if before > at - kept_days * DAY:
        raise AccessError(
            f"the access log is kept for {kept_days} days (identity.log_kept_days)",
            f"le journal des accès est gardé {kept_days} jours (identity.log_kept_days)",
        )
    return store.forget(before)
