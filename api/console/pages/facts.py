"""The facts themselves: searched by what, when, which id; both times; what corrected what."""

from datetime import date
from functools import cache, lru_cache
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.responses import Response

from adapters.access.model import READERS
from adapters.eventstore.ledger import DISCARDED
from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import Search, subject_of
from api.asking import LONGEST, Position
from api.console.downloads import Format, csv_file, json_file
from api.console.render import packed, page
from api.console.router import Pages
from api.console.story import Node, tree
from api.errors import Problem, unreadable
from api.identity import EVERY, Caller, allow, reads
from api.language import Lang, language
from api.parts import Having, Parts
from api.routers.facts import facts_json
from domain.events.registry import PREFIX, known_topics
from domain.fact import AnyFact
from domain.time.instant import Instant, end_of_day, start_of_day
from projections.explain.fact_words import details, phrase, type_of
from projections.wording import Pair, pick

router = Pages()
SHOWN = 50
MOST_ROWS = 2_000
"""As many rows as are kept; each is about a kilobyte."""
STORY = 200
"""As many facts of one story as its tree shows."""
COLUMNS = (
    "position", "event.type", "event.subject", "event.time", "event.recordedtime", "event.source", "event.id",
    "event.correlationid", "event.causationid", "event.data",
)  # fmt: skip
Words = Annotated[str, Query(max_length=LONGEST)]
Day = Annotated[str, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]
Before = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
Reads = Annotated[Caller, Depends(allow(*READERS))]
CORRECTING = ("corrected", "retracted", "withdrawn", "cause-established")
KINDS: dict[str, Pair] = {
    "outage": ("outages", "interruptions"), "maintenance": ("maintenance", "maintenances"),
    "ticket": ("tickets", "tickets"), "incident": ("incidents", "incidents"), "notice": ("notices", "avis"),
    "reserve": ("reserves", "réserves"), "penalty": ("claims and answers", "réclamations et réponses"),
    "invoice": ("invoices", "factures"), "contract": ("the contract", "le contrat"),
    "termination": ("termination", "résiliation"), "deletion": ("deletion", "effacement"),
    "measure": ("measures", "mesures"), "qualification": ("qualification", "qualification"),
}  # fmt: skip
"""What a reader looks for first, by the first word of the type."""


@router.get("/facts")
def facts(
    request: Request,
    parts: Having,
    known: Reads,
    subject: Words = "",
    type: Words = "",  # noqa: A002 - the attribute's name
    ref: Words = "",
    correlation: Words = "",
    since: Day = "",
    until: Day = "",
    recorded_since: Day = "",
    recorded_until: Day = "",
    before: Before = None,
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """The newest first; the filters add up."""
    reads(request, [subject] if subject else [EVERY])
    source, _, name = ref.partition("#")
    wanted = Search(
        subjects=_subjects(known, subject),
        types=_types(type),
        since=_day(since),
        until=_day(until, after=True),
        recorded_since=_day(recorded_since),
        recorded_until=_day(recorded_until, after=True),
        correlation=correlation or None,
        source=source if name else None,
        id=(name or ref) or None,
        newest_first=True,
    )
    found = parts.store.search(wanted, before, SHOWN + 1)
    if format != "html":
        rows = facts_json(parts, found[:SHOWN], known)
        return csv_file("facts", COLUMNS, rows) if format == "csv" else json_file("facts", {"facts": rows})
    lang = language(request)
    asked = {
        "subject": subject, "type": type, "ref": ref, "correlation": correlation, "since": since, "until": until,
        "recorded_since": recorded_since, "recorded_until": recorded_until,
    }  # fmt: skip
    values = {
        "rows": [_drawn(lang, entry.position, entry.state) for entry in found[:SHOWN]],
        "asked": {name: value for name, value in asked.items() if value},
        "every": asked,
        "following": found[SHOWN - 1].position if len(found) > SHOWN else None,
        "kinds": [(name, pick(words, lang)) for name, words in KINDS.items()],
        "topics": _every_type(),
        "contracts": [name for name in parts.store.views() if known.sees(name)][:200],
    }
    return page(request, "facts.html", values)


@router.get("/facts/{position}")
def one_fact(
    request: Request,
    parts: Having,
    known: Reads,
    position: Position,
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """One fact whole, beside what was said of the same thing before and after, and what it caused."""
    entry = next((one for one in parts.store.entries(position - 1, 1) if one.position == position), None)
    subject = "" if entry is None else subject_of(entry.stream)
    reads(request, [subject or EVERY])
    if entry is None or entry.topic == DISCARDED or not known.sees(subject):
        raise Problem("not-found")
    (whole,) = facts_json(parts, [entry], known)
    if format != "html":
        return json_file(f"fact-{position}", whole)
    lang = language(request)
    fact = fact_of(entry.state)
    story, number = _story(parts, known, fact, position)
    thing = [fact_of(state) for state in parts.store.states(entry.stream)]
    values = {
        "fact": fact,
        "told": {"position": position} | told_of(fact, lang),
        "data": details(fact),
        "event": whole["event"],
        "same": [told_of(one, lang) | {"this": one.ref == fact.ref} for one in thing],
        "story": story if number > 1 or fact.causation is not None else [],
        "cut": STORY if number > STORY else None,
        "tell": lambda one: told_of(one, lang),
    }
    return page(request, "fact.html", values)


def _story(parts: Parts, known: Caller, fact: AnyFact, position: int) -> tuple[list[Node], int]:
    """The facts of the same story, as a tree of causes, and how many: by their correlation, or up the chain of causes.

    Only what the caller may see.
    """
    if fact.correlation is not None:
        found = parts.store.search(Search(subjects=known.contracts, correlation=fact.correlation), None, STORY + 1)
        return tree([(entry.position, fact_of(entry.state)) for entry in found[:STORY]]), len(found)
    chain = {position: fact}
    named = fact.causation
    while named is not None and len(chain) < STORY:
        source, _, name = named.rpartition("#")
        wanted = Search(subjects=known.contracts, source=source or None, id=name)
        entry = next((one for one in parts.store.search(wanted, None, 1) if one.position not in chain), None)
        if entry is None:
            break
        chain[entry.position] = fact_of(entry.state)
        named = chain[entry.position].causation
    return tree(list(chain.items())), len(chain)


@lru_cache(maxsize=MOST_ROWS)
def _drawn(lang: Lang, position: int, state: bytes) -> str:
    """A fact as its row of the list takes it: what was recorded reads the same for ever."""
    return packed({"row": {"position": position} | told_of(fact_of(state), lang)})


def told_of(fact: AnyFact, lang: Lang) -> dict[str, Any]:
    """A fact as a row of a list tells it."""
    name = type_of(fact)
    return {
        "ref": fact.ref,
        "id": fact.id,
        "source": fact.source,
        "subject": fact.subject,
        "type": name,
        "what": phrase(fact, lang),
        "time": fact.time,
        "recorded": fact.recorded,
        "correlation": fact.correlation,
        "causation": fact.causation,
        "data": details(fact),
        "correcting": any(word in name for word in CORRECTING),
    }


def _subjects(known: Caller, subject: str) -> frozenset[str] | None:
    if not subject:
        return known.contracts
    return frozenset({subject}) if known.sees(subject) else frozenset()


def _types(wanted: str) -> tuple[str, ...]:
    """Every topic of a noun (``outage``), or one type (``outage.recorded``); an unknown one finds nothing."""
    if not wanted:
        return ()
    bare = wanted.removeprefix(PREFIX)
    every = (topic for topic in known_topics() if topic.removeprefix(PREFIX).startswith(f"{bare}."))
    return tuple(sorted(every)) or (wanted,)


@cache
def _every_type() -> list[str]:
    return sorted(topic.removeprefix(PREFIX).rpartition(".")[0] for topic in known_topics())


def _day(text: str, *, after: bool = False) -> Instant | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise unreadable("date", f"{text} is no day", f"{text} n'est pas un jour") from None
    return end_of_day(day) if after else start_of_day(day)
