"""What lasted in a stretch of a contract's life: texts in force, outages, maintenance, delays until they are due."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import Search
from api.console.frame import Frame
from api.console.rows import Row
from domain.events.maintenance import MaintenanceAnnounced, MaintenanceCancelled, MaintenancePerformed
from domain.events.registry import PREFIX, known_topics
from domain.readings import select
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, parse_instant
from projections.basis import Basis
from projections.intake import Intake
from projections.outages import resolve_outages
from projections.replay import PROVIDER, Question, bases
from projections.wording import Pair

DAY = 86_400 * MICROSECONDS_PER_SECOND
AROUND = 35 * DAY
"""How long before and after a stretch the facts of what lasted in it are looked for."""
MOST = 20_000
ALWAYS = ("contract", "reading")
LASTING = ("outage", "maintenance")
STATES: dict[str, Pair] = {
    "announced": ("announced", "annoncée"),
    "performed": ("performed", "effectuée"),
    "cancelled": ("cancelled", "annulée"),
}


class Span(NamedTuple):
    """Something that lasted, half-open; ``end`` is None while it does. ``more`` is said beside its name.

    ``address`` finds the address of what explains it.
    """

    lane: str
    start: int
    end: int | None
    name: Pair
    more: Pair
    tone: str
    address: Callable[[], str]

    def until(self, now: int) -> int:
        """Where it ends, as seen at an instant."""
        return max(now, self.start) if self.end is None else self.end


def lasting(frame: Frame, start: int | None, end: int) -> list[Span]:
    """Texts, outages and maintenance of the contract that touch a stretch; from its beginning where ``start`` is None.

    Read from the facts around the stretch alone, the provider's own among them, so that a long contract costs no more.
    """
    basis = _basis(frame, start, end)
    if basis is None:
        return []
    found = [*_texts(basis), *_outages(basis), *_maintenance(basis)]
    return [one for one in found if one.start < end and (start is None or one.until(frame.now) > start)]


def due(frame: Frame, rows: Iterable[Row], start: int | None, end: int) -> list[Span]:
    """The delays of these rows that touch a stretch, from what opens each to its end."""
    found = []
    for row in rows:
        if row["due"] is None:
            continue
        at = parse_instant(row["due"])
        opened = min(at, parse_instant(row["from"])) if row["from"] else at
        if opened < end and (start is None or at >= start):
            title, clause = frame.promises.title(row["rule"]), row["clause"] or ""
            name = title["en"], title["fr"]
            address = partial(frame.figure, "deadlines", row)
            found.append(Span("deadline", opened, at, name, (clause, clause), row["state"], address))
    return found


def _basis(frame: Frame, start: int | None, end: int) -> Basis | None:
    parts, asked = frame.parts, frame.asked
    contract = frame.contract
    subjects = frozenset({contract, *(f"{PROVIDER}{name}" for name in parts.catalogue.providers)})
    until = None if asked.known_at is None else Instant(asked.known_at + 1)
    always = Search(subjects=subjects, types=_topics(*ALWAYS), recorded_until=until, newest_first=True)
    around = Search(
        subjects=subjects,
        types=_topics(*LASTING),
        since=None if start is None else Instant(start - AROUND),
        until=Instant(end + AROUND),
        recorded_until=until,
        newest_first=True,
    )
    entries = [entry for wanted in (always, around) for entry in parts.store.search(wanted, None, MOST)]
    intake = Intake()
    for fact in sorted((fact_of(entry.state) for entry in entries), key=lambda fact: fact.recorded):
        intake.add(fact)
    known = asked.known_at or intake.latest_recorded or frame.now
    question = Question(frame.now, Instant(known), select(parts.switches, asked.readings), contract)
    return next((basis for _, basis, _ in bases(intake, question, parts.catalogue)), None)


def _topics(*nouns: str) -> tuple[str, ...]:
    return tuple(sorted(one for one in known_topics() if one.removeprefix(PREFIX).partition(".")[0] in nouns))


def _texts(basis: Basis) -> Iterator[Span]:
    """Each text as long as it governs without a break."""
    running: dict[str, Span] = {}
    for segment in basis.terms.segments:
        for text in segment.agreements:
            before = running.pop(text.id, None)
            joined = before is not None and before.end == segment.start
            if before is not None and not joined:
                yield before
            title = text.title.en, text.title.fr
            end = segment.end if segment.end is not None else basis.terms.end
            begin = before.start if before is not None and joined else segment.start
            version = text.version, text.version
            running[text.id] = Span(
                "terms", begin, end, title, version, "terms", partial(str, f"/agreements/{text.id}")
            )
    yield from running.values()


def _outages(basis: Basis) -> Iterator[Span]:
    for one in resolve_outages(basis):
        name = f"{one.service} {one.resource}" if one.resource else one.service
        told = f"{one.id}, {one.extent}"
        yield Span(
            "outage", one.start, one.end, (name, name), (told, told), one.extent, partial(_fact, one.facts[0].ref)
        )


def _maintenance(basis: Basis) -> Iterator[Span]:
    """Each window as it was performed, else as it was announced."""
    done = {fact.data.maintenance: fact.data for fact in basis.facts.of(MaintenancePerformed)}
    cancelled = {fact.data.maintenance for fact in basis.facts.of(MaintenanceCancelled)}
    for fact in basis.facts.of(MaintenanceAnnounced):
        window = done.get(fact.data.maintenance, fact.data)
        announced = "performed" if window is not fact.data else "announced"
        state = "cancelled" if fact.data.maintenance in cancelled else announced
        about = f"{fact.data.maintenance}, {', '.join(fact.data.services)}"
        start, end = window.starts_at, window.ends_at
        yield Span("maintenance", start, end, (about, about), STATES[state], state, partial(_fact, fact.ref))


def _fact(ref: str) -> str:
    return f"/facts?ref={quote(ref, safe='')}"
