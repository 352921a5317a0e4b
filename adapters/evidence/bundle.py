"""Makes a bundle: what a ledger's signed log proves of one contract, in one file that anybody can verify.

The same log, checkpoint and question give the same bytes: nothing of the day, the machine or the program is in it.
``docs/bundle-format.md`` says what each member holds.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from adapters.cloudevents import decode_structured
from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import Entry
from adapters.evidence.bundled import AGREEMENTS, LANGUAGES, Bundled, BundleError, derived_of
from adapters.evidence.headmap import HeadMap
from adapters.evidence.leaf import Leaf, Log
from adapters.evidence.showing import (
    Hidden,
    Shown,
    Unseal,
    check_patterns,
    facts_lines,
    hiding,
    line_of,
    shown,
    subject_alone,
)
from adapters.evidence.verify import (
    FORMAT,
    NotProvenError,
    canonical,
    instant,
    pack,
    parse_checkpoint,
    parse_json,
    provider_tenant,
    split_note,
)
from domain.agreements.catalogue import Catalogue
from domain.events.contract import ContractSigned
from domain.fact import AnyFact
from domain.readings import Readings
from domain.time.instant import Instant, format_instant
from projections.claimed import Claim, cited, differing, missing, restricted, rows_named
from projections.clients import asks_for_all, selects_client_wide
from projections.replay import PROVIDER, Question
from projections.statement import Derived

FRAME = ("greffe.contract.", "greffe.reading.")
"""The facts without which no statement has a text or a reading: always opened."""
MOST_TRIED = 20_000
"""Above so many facts, those that a period or a figure needs are not looked for one type after the other."""


class Source(Log, Protocol):
    """The ledger, as far as a bundle needs it."""

    def entries_of(self, subject: str) -> list[Entry]:
        """The events of one subject, in the order of their commits."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a bundle is asked for: a contract, the dates and readings of its statement, and how much of it.

    ``start`` and ``end`` bound a period, ``figure`` names one figure; ``redact`` are patterns of paths to withhold.
    ``receipt`` is a receipt that the bundle's log must be shown to continue.
    """

    contract: str
    readings: Readings
    at: Instant | None = None
    known_at: Instant | None = None
    start: Instant | None = None
    end: Instant | None = None
    figure: str | None = None
    redact: tuple[str, ...] = ()
    receipt: bytes | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """The agreements and readings, as a catalogue and as the files it was read from."""

    catalogue: Catalogue
    agreements: Mapping[str, Sequence[bytes]]
    readings: bytes


class Signed(NamedTuple):
    """A checkpoint with its cosignatures, the timestamps over it (authority, response), and the log's hand-overs."""

    note: bytes
    timestamps: Sequence[tuple[str, bytes]] = ()
    handovers: Sequence[bytes] = ()


@dataclass(slots=True)
class _Row:
    """One stored event of the contract, or of what bears on it."""

    leaf: Leaf
    state: bytes
    fact: AnyFact
    shown: Shown
    opened: bool = field(default=True)

    @property
    def whole(self) -> bool:
        return self.opened and self.shown.event is not None


def bundle(source: Source, signed: Signed, asked: Asked, texts: Texts, unseal: Unseal) -> bytes:
    """The bundle. Raises BundleError, UnknownFigureError or PatternError where there is none to be made."""
    checkpoint = parse_checkpoint(split_note(signed.note)[0])
    size = checkpoint.size
    rows, subjects = _rows(source, asked, size, unseal)
    facts = [row.fact for row in rows]
    latest = [fact for fact in facts if fact.subject == asked.contract or fact.subject.startswith(PROVIDER)]
    at = max(fact.time for fact in latest) if asked.at is None else asked.at
    known_at = max(fact.recorded for fact in latest) if asked.known_at is None else asked.known_at
    question = Question(at, known_at, asked.readings, asked.contract)
    _, everything = derived_of(facts, question, texts.catalogue)
    claim = _claim(asked, everything)
    wanted = restricted(everything, claim, facts)

    def derive_from(kept: Iterable[_Row]) -> Derived:
        return derived_of([_handed_over(row) for row in kept if row.whole], question, texts.catalogue)[1]

    _choose(rows, asked, wanted, lambda kept: missing(wanted, restricted(derive_from(kept), claim, facts)))
    part = derive_from(rows)
    if part.documents != everything.documents:
        raise BundleError(
            "what is withheld says which documents were signed: show the facts of the contract itself",
            "ce qui est occulté dit quels documents furent signés : montrez les faits du contrat lui-même",
        )
    left_out = differing(wanted, restricted(part, claim, facts))
    if asked.figure is not None and missing(wanted, restricted(part, claim, facts)):
        raise BundleError(
            f"{asked.figure} rests on what is to be redacted: it cannot be shown without",
            f"{asked.figure} repose sur ce qui doit être occulté : il ne peut pas être montré sans",
        )
    said = {
        "at": format_instant(at),
        "contract": asked.contract,
        "figure": asked.figure,
        "format": FORMAT,
        "from": None if asked.start is None else format_instant(asked.start),
        "known_at": format_instant(known_at),
        "left_out": left_out,
        "log": source.log_origin(),
        "readings": dict(asked.readings.selected),
        "rows": None if claim.rows is None else sorted(claim.rows),
        "tenants": [{"subject": subject, "tenant": tenant} for subject, tenant in subjects.items()],
        "to": None if asked.end is None else format_instant(asked.end),
        "withheld": sum(not row.whole for row in rows),
    }
    members = {
        "checkpoint": signed.note,
        "entries.jsonl": _entries(source, rows, size, unseal),
        "facts.jsonl": facts_lines(
            sorted((row.shown.event for row in rows if row.whole and row.shown.event), key=_order)
        ),
        "handovers.json": canonical([note.decode() for note in signed.handovers]),
        "heads.json": _heads(source, subjects, asked, rows, size),
        "readings.toml": texts.readings,
        "verify.py": Path(str(files("adapters.evidence").joinpath("verify.py"))).read_bytes(),
        **_agreements(texts, rows),
    }
    for lang in LANGUAGES:
        guide = f"GUIDE.{lang}.md"
        members[guide] = Path(str(files("adapters.evidence").joinpath("guides", guide))).read_bytes()
    if asked.receipt is not None:
        members["consistency.json"] = _consistency(source, asked.receipt, size)
    stamps = {}
    for number, (authority, response) in enumerate(sorted(signed.timestamps), 1):
        name = f"timestamps/{number}.tsr"
        members[name], stamps[name] = response, authority
    bundled = Bundled(said, members)
    members["statement.json"] = bundled.statement(bundled.readings())
    for lang in LANGUAGES:
        members[f"explanation.{lang}.txt"] = bundled.explanation(lang).encode()
    digests = {name: sha256(data).hexdigest() for name, data in members.items()}
    members["bundle.json"] = canonical({**said, "members": digests, "timestamps": stamps})
    return pack(members)


def _rows(source: Source, asked: Asked, size: int, unseal: Unseal) -> tuple[list[_Row], dict[str, str]]:
    """The events that bear on the contract below a size of the log, in its order, and the tenants of their subjects."""
    hidden = hiding(asked.redact)
    own = list(_of_subject(source, asked.contract, size, unseal, hidden))
    if not own:
        raise BundleError(
            f"the signed log has no fact of {asked.contract}: is it the right one, and signed since?",
            f"le journal signé n'a aucun fait de {asked.contract} : est-ce le bon, et a-t-il été signé depuis ?",
        )
    signatures = [row.fact for row in own if isinstance(row.fact.data, ContractSigned)]
    if asks_for_all(asked.readings) or any(selects_client_wide(row.fact) for row in own):
        raise BundleError(
            "reading cacm.scope=B takes the invoices of the client's other contracts, which a bundle of this contract"
            " does not hold: choose cacm.scope=A",
            "la lecture cacm.scope=B prend les factures des autres contrats du client, qu'un dossier de ce contrat ne"
            " contient pas : choisissez cacm.scope=A",
        )
    rows = own
    for provider in sorted({f"{PROVIDER}{fact.data.provider}" for fact in signatures}):
        rows += _of_subject(source, provider, size, unseal, hidden)
    check_patterns(asked.redact, ((_type_of(row), row.shown) for row in rows))
    subjects = {row.fact.subject: str(row.leaf.tenant) for row in rows}
    return sorted(rows, key=lambda row: row.leaf.idx), subjects


def _of_subject(source: Source, subject: str, size: int, unseal: Unseal, hidden: Hidden) -> Iterable[_Row]:
    versions: Counter[str] = Counter()
    states: dict[tuple[str, int], bytes] = {}
    for entry in source.entries_of(subject):
        versions[entry.stream] += 1
        states[entry.stream, versions[entry.stream]] = entry.state
    for leaf in source.leaves_of(subject, size):
        state = states[str(leaf.stream), leaf.version or 0]
        yield _Row(leaf, state, fact_of(state), shown(leaf, state, unseal, hidden))


def _handed_over(row: _Row) -> AnyFact:
    """The fact as the bundle hands it over."""
    return decode_structured(canonical(row.shown.event))


def _claim(asked: Asked, everything: Derived) -> Claim:
    rows = None if asked.figure is None else rows_named(everything, asked.figure)
    return Claim(asked.start, asked.end, rows)


def _choose(
    rows: Sequence[_Row], asked: Asked, wanted: Derived, lacking: Callable[[Iterable[_Row]], list[str]]
) -> None:
    """Opens the facts of the period and those that the rows claimed rest on; the others are shown by their seal."""
    if asked.start is None and asked.end is None and asked.figure is None:
        return
    named = cited(wanted)
    rest: dict[type[Any], list[_Row]] = {}
    for row in rows:
        row.opened = (
            row.fact.ref in named or _type_of(row).startswith(FRAME) or (asked.figure is None and _inside(row, asked))
        )
        if not row.opened:
            rest.setdefault(type(row.fact.data), []).append(row)
    if not lacking(rows):
        return
    for same in rest.values():
        for row in same:
            row.opened = True
    least = lacking(rows)
    if len(rows) > MOST_TRIED:
        return
    for same in rest.values():
        for row in same:
            row.opened = False
        if lacking(rows) != least:
            for row in same:
                row.opened = True


def _type_of(row: _Row) -> str:
    return str(parse_json(row.leaf.entry)["type"])


def _inside(row: _Row, asked: Asked) -> bool:
    time = row.fact.time
    return (asked.start is None or time >= asked.start) and (asked.end is None or time < asked.end)


def _order(event: Mapping[str, Any]) -> tuple[int, str, str]:
    return instant(event["time"]), event["source"], event["id"]


def _entries(source: Source, rows: Sequence[_Row], size: int, unseal: Unseal) -> bytes:
    """A line for each entry. Of a subject of which nothing is opened, the first entry shows its name."""
    named = {row.fact.subject for row in rows if row.opened}
    lines = []
    for row in rows:
        fields = row.shown.fields if row.opened else None
        if row.fact.subject not in named:
            named.add(row.fact.subject)
            fields = subject_alone(row.leaf, row.state, unseal)
        lines.append(line_of(row.leaf, source.inclusion_proof(row.leaf.idx, size), fields))
    return b"".join(lines)


def _heads(source: Source, subjects: Mapping[str, str], asked: Asked, rows: Sequence[_Row], size: int) -> bytes:
    """The newest list of heads, with the proof of each subject's, and of the provider's absence."""
    index = size - 1
    leaf = source.leaf(index)
    if leaf is None or leaf.tenant is not None:
        raise BundleError(
            "the checkpoint has no list of heads: run greffe sign once",
            "le point de contrôle n'a pas de liste de têtes : lancez greffe sign once",
        )
    heads = HeadMap(source.heads(index))
    absent = {}
    for row in rows:
        if isinstance(row.fact.data, ContractSigned) and row.fact.subject == asked.contract:
            subject = f"{PROVIDER}{row.fact.data.provider}"
            if subject not in subjects:
                other, proof = heads.absence(provider_tenant(source.log_origin(), subject))
                absent[subject] = {"other": other.hex(), "proof": [one.hex() for one in proof]}
    return canonical(
        {
            "absent": absent,
            "entry": leaf.entry.decode(),
            "index": index,
            "proof": [one.hex() for one in source.inclusion_proof(index, size)],
            "tenants": {tenant: [one.hex() for one in heads.proof(tenant)] for tenant in subjects.values()},
        }
    )


def _agreements(texts: Texts, rows: Sequence[_Row]) -> dict[str, bytes]:
    """The agreement files of the contract's providers."""
    providers = {row.fact.data.provider for row in rows if isinstance(row.fact.data, ContractSigned)}
    found = {}
    for document, versions in texts.agreements.items():
        if texts.catalogue.agreement(document).provider in providers:
            for number, text in enumerate(versions, 1):
                name = f"{document}.toml" if len(versions) == 1 else f"{document}.{number:02}.toml"
                found[AGREEMENTS + name] = text
    return found


def _consistency(source: Source, receipt: bytes, size: int) -> bytes:
    """The proof that the log continues the one that a receipt is of."""
    try:
        before = parse_checkpoint(split_note(parse_json(receipt)["checkpoint"].encode())[0])
    except (NotProvenError, KeyError, TypeError, AttributeError):
        raise BundleError(
            "what was given as a receipt is none", "ce qui est donné comme reçu n'en est pas un"
        ) from None
    if before.origin != source.log_origin():
        raise BundleError(
            f"the receipt is of the log {before.origin}, not of this one",
            f"le reçu est du journal {before.origin}, non de celui-ci",
        )
    if before.size > size:
        raise BundleError(
            "the receipt is newer than the newest checkpoint here",
            "le reçu est plus récent que le dernier point de contrôle d'ici",
        )
    proof = source.consistency_proof(before.size, size)
    return canonical(
        {"proof": [one.hex() for one in proof], "root": source.log_root(before.size).hex(), "size": before.size}
    )
