"""What a decider answers: accept, wait or refuse, with the reason in the words of a person, in English and French."""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.time.instant import Instant, format_instant, paris_date


@dataclass(frozen=True, slots=True)
class Accept:
    """The fact can be true: record it."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The fact speaks of something not known yet: keep it, and decide again when the stream it belongs to grows."""

    reason: str
    reason_fr: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """The fact cannot be true beside those already accepted.

    ``correctable``: a further fact of the same stream may still make it true (a correction that arrives before the
    one it builds on), so it is worth deciding again when the stream grows.
    """

    reason: str
    reason_fr: str
    correctable: bool = False


Verdict = Accept | Wait | Refuse
ACCEPT = Accept()


class Beside(Protocol):
    """What other streams of a subject say by now: which persons they name, and which holds are in force."""

    def named(self, subject: str, person: str) -> Instant | None:
        """When the last fact that holds values of a person came to be known; None where there is none."""

    def holds(self, subject: str) -> Collection[str]:
        """The ids of the holds in force."""


@dataclass(frozen=True, slots=True)
class Known:
    """The names a fact may refer to. A field left None is not checked.

    ``readings``: parameter to its values. ``shared``: (kind, id) of what is known for a provider as a whole; a
    contract's fact may speak of it (a reserve on an outage that hit every client). ``beside``: what an erasure depends
    on.
    """

    documents: Collection[str] | None = None
    providers: Collection[str] | None = None
    readings: Mapping[str, Collection[str]] | None = None
    shared: Container[tuple[str, str]] = frozenset()
    beside: Beside | None = None


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing that facts speak of: its name in English, and in French with its article."""

    kind: str
    en: str
    fr: str
    the: str
    feminine: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Since when a thing is known; None while it is not."""

    since: Instant | None = None


UNKNOWN = State()


def begin(state: State, time: Instant) -> State:
    """The state once a fact made the thing known; the first such fact counts."""
    return State(time) if state.since is None else state


def once(since: Instant | None, thing: Thing, name: str) -> Verdict:
    """Accept the fact that makes a thing known, refuse a second one: an id names one thing."""
    if since is None:
        return ACCEPT
    other = "une autre" if thing.feminine else "un autre"
    return Refuse(
        f"The id '{name}' already names another {thing.en}.",
        f"L'identifiant « {name} » désigne déjà {other} {thing.fr}.",
    )


def follows(since: Instant | None, thing: Thing, name: str, known: Known) -> Verdict:
    """Accept a fact about a known thing, wait while the thing is unknown."""
    if since is not None or (thing.kind, name) in known.shared:
        return ACCEPT
    none, met = ("Aucune", "connue") if thing.feminine else ("Aucun", "connu")
    return Wait(
        f"No {thing.en} '{name}' is known yet: this fact waits for it.",
        f"{none} {thing.fr} « {name} » n'est encore {met} : ce fait l'attend.",
    )


def follows_in_time(since: Instant | None, thing: Thing, name: str, known: Known, time: Instant) -> Verdict:
    """As ``follows``, and refuse a fact that happened before the thing itself."""
    if since is not None and time < since:
        return _too_early(since, thing, name, time)
    return follows(since, thing, name, known)


def follows_in_days(since: Instant | None, thing: Thing, name: str, known: Known, time: Instant) -> Verdict:
    """As ``follows_in_time``, by Paris date: letters and e-mails are often dated to the day."""
    if since is not None and time < since and paris_date(time) < paris_date(since):
        return _too_early(since, thing, name, time)
    return follows(since, thing, name, known)


def _too_early(since: Instant, thing: Thing, name: str, time: Instant) -> Refuse:
    then, now = format_instant(since), format_instant(time)
    return Refuse(
        f"This fact is dated {now}, before the {thing.en} '{name}' it speaks of ({then}).",
        f"Ce fait est daté du {now}, avant {thing.the} « {name} » dont il parle ({then}).",
    )
