"""Which facts of a closed set (a file, a dispute) are admitted: the same for any order of its lines.

Each stream is read as it came to be known: in the order (recorded, time, source, id), so that of two facts that exclude
each other the first recorded stands, as in a live ledger. A fact that waits, or that a further fact may make true,
is decided again whenever its stream has grown; what is left at the end waits or is refused for good.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from domain.aggregates.magnitude import COUNTED, too_great
from domain.aggregates.moment import wrong_moment
from domain.aggregates.registry import PROVIDER, Aggregate, aggregate_of, of_providers_alone, wrong_subject
from domain.aggregates.verdict import NOTHING_KNOWN, Accept, Known, Refuse, Wait
from domain.events.registry import topic_of
from domain.fact import AnyFact, as_recorded, by_order
from domain.time.instant import Instant

__all__ = ["Admission", "Known", "admit", "known_since"]

ERASURE = "erasure"
"""The kind of what depends on other streams of its subject, and is decided after them."""
Things = Mapping[tuple[str, str], Instant]
"""(kind, id) of what is known for a provider as a whole, and since when on the recorded axis."""


Streams = dict[tuple[str, str], list[AnyFact]]
"""The facts of one kind of thing, by subject and id."""


@dataclass(slots=True)
class Admission:
    """The facts admitted, those that wait for another, and those refused."""

    accepted: list[AnyFact] = field(default_factory=list)
    waiting: list[tuple[AnyFact, Wait]] = field(default_factory=list)
    refused: list[tuple[AnyFact, Refuse]] = field(default_factory=list)


def admit(facts: Iterable[AnyFact], known: Known = NOTHING_KNOWN, shared: Things = MappingProxyType({})) -> Admission:
    """The admission of facts no two of which share source and id. Pure; about linear in their number.

    ``shared`` is what contracts' facts may speak of, beside what their own stream makes known.
    ``accepted`` comes in the order given; what waits or is refused in the order (time, source, id).
    """
    given = list(facts)
    by_kind: dict[str, tuple[Aggregate, Streams]] = {}
    held: dict[int, Wait | Refuse] = {}
    rules: dict[type[Any], tuple[Aggregate | None, Streams, bool, bool]] = {}
    subject, of_provider = "", False
    for fact in given:
        model = type(fact.data)
        rule = rules.get(model)
        if rule is None:
            aggregate, streams = aggregate_of(model), dict[tuple[str, str], list[AnyFact]]()
            if aggregate is not None:
                aggregate, streams = by_kind.setdefault(aggregate.kind, (aggregate, streams))
            rule = rules[model] = (aggregate, streams, of_providers_alone(model), topic_of(model) in COUNTED)
        aggregate, streams, subject_matters, counted = rule
        if fact.subject is not subject:
            subject, of_provider = fact.subject, fact.subject.startswith(PROVIDER)
        wrong = wrong_moment(fact) if fact.recorded != fact.time else None
        if wrong is None and (subject_matters or of_provider):
            wrong = wrong_subject(fact, known)
        if wrong is None and counted:
            wrong = too_great(fact)
        if wrong is not None:
            held[id(fact)] = wrong
            continue
        if aggregate is not None:
            streams.setdefault((subject, aggregate.key(fact.data)), []).append(fact)
    _, erasures = by_kind.pop(ERASURE, (None, {}))
    for aggregate, streams in by_kind.values():
        for (said_of, name), stream in streams.items():
            since = None if said_of.startswith(PROVIDER) else shared.get((aggregate.kind, name))
            _settle(aggregate, stream, known, since, held)
    for (said_of, _), stream in erasures.items():
        _settle_erasures(stream, [fact for fact in given if fact.subject == said_of], known, held)
    if not held:
        return Admission(given)
    admission = Admission([fact for fact in given if id(fact) not in held])
    for fact in sorted((fact for fact in given if id(fact) in held), key=by_order):
        match held[id(fact)]:
            case Wait() as verdict:
                admission.waiting.append((fact, verdict))
            case Refuse() as verdict:
                admission.refused.append((fact, verdict))
    return admission


def known_since(accepted: Iterable[AnyFact], known: Known = NOTHING_KNOWN) -> dict[tuple[str, str], Instant]:
    """Since when each thing is known: the recorded instant of the admitted fact that its stream began with."""
    since: dict[tuple[str, str], Instant] = {}
    for fact in accepted:
        aggregate = aggregate_of(type(fact.data))
        if aggregate is None:
            continue
        thing = (aggregate.kind, aggregate.key(fact.data))
        earlier = thing not in since or fact.recorded < since[thing]
        if earlier and isinstance(aggregate.decide(aggregate.initial, fact, known), Accept):
            since[thing] = fact.recorded
    return since


def _settle(
    aggregate: Aggregate, stream: list[AnyFact], known: Known, since: Instant | None, held: dict[int, Wait | Refuse]
) -> None:
    """Decide a stream's facts as they came to be known; hold what is left. ``since``: its thing is known elsewhere."""
    wider = known
    if since is not None:
        wider = replace(known, shared=frozenset({(aggregate.kind, aggregate.key(stream[0].data))}))
    if len(stream) == 1:
        verdict = aggregate.decide(aggregate.initial, stream[0], wider)
        if not isinstance(verdict, Accept):
            held[id(stream[0])] = verdict
        return
    ordered = sorted(stream, key=as_recorded)
    if _all_accepted(ordered, aggregate, known):
        return
    turn = _Turn(aggregate, known, held)
    for recorded, together in groupby(ordered, key=attrgetter("recorded")):
        now_known = since is not None and since <= recorded and turn.known is not wider
        if now_known:
            turn.known = wider
            if since != recorded:
                turn.let_in()
        if turn.take(together) or now_known:
            turn.let_in()
    if turn.known is not wider:
        turn.known = wider
        turn.let_in()


def _settle_erasures(
    stream: list[AnyFact], beside: list[AnyFact], known: Known, held: dict[int, Wait | Refuse]
) -> None:
    """Decide the erasures of a subject, each by what the other facts of the subject said by then."""
    from domain.aggregates.erasure import Said  # noqa: PLC0415 - few files hold an erasure
    from domain.events.personal import person_of  # noqa: PLC0415

    mine = frozenset(map(id, stream))
    others = [fact for fact in beside if id(fact) not in mine and (id(fact) not in held or person_of(fact) is not None)]
    aggregate = aggregate_of(type(stream[0].data))
    assert aggregate is not None
    turn = _Turn(aggregate, known, held)
    for recorded, together in groupby(sorted([*others, *stream], key=as_recorded), key=attrgetter("recorded")):
        now = [fact for fact in together if id(fact) in mine]
        turn.known = replace(known, beside=Said([fact for fact in others if fact.recorded <= recorded], recorded))
        turn.take(now)
        turn.let_in()


def _all_accepted(ordered: list[AnyFact], aggregate: Aggregate, known: Known) -> bool:
    """Whether each fact is accepted when its turn comes, as most are."""
    state = aggregate.initial
    for fact in ordered:
        if not isinstance(aggregate.decide(state, fact, known), Accept):
            return False
        state = aggregate.evolve(state, fact)
    return True


class _Turn:
    """The decisions on one stream: its state, and the facts that may still come in, in the order they came."""

    def __init__(self, aggregate: Aggregate, known: Known, held: dict[int, Wait | Refuse]) -> None:
        self.known = known
        self._aggregate = aggregate
        self._held = held
        self._state = aggregate.initial
        self._undecided: list[AnyFact] = []

    def take(self, facts: Iterable[AnyFact]) -> bool:
        """Decides facts in turn; says whether one was accepted."""
        grew = False
        for fact in facts:
            verdict = self._aggregate.decide(self._state, fact, self.known)
            if isinstance(verdict, Accept):
                self._state = self._aggregate.evolve(self._state, fact)
                self._held.pop(id(fact), None)
                grew = True
                continue
            self._held[id(fact)] = verdict
            if isinstance(verdict, Wait) or verdict.correctable:
                self._undecided.append(fact)
        return grew

    def let_in(self) -> None:
        """Decides again what may still come in, until nothing more does."""
        grew = True
        while self._undecided and grew:
            undecided, self._undecided = self._undecided, []
            grew = self.take(undecided)
