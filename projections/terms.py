"""The texts in force over time: which documents, in which version, govern a contract at an instant.

Sources: ``contract.signed``, ``contract.document-signed``, ``contract.revision-*``, ``contract.ended``; and for each
document the way it says a new version comes into force. All intervals are half-open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from domain.agreements.catalogue import Catalogue
from domain.agreements.model import Agreement
from domain.errors import UnknownDocumentError
from domain.events.contract import (
    ContractDocumentSigned,
    ContractEnded,
    ContractRevisionAccepted,
    ContractRevisionNotified,
    ContractRevisionRefused,
    ContractSigned,
)
from domain.fact import Fact
from domain.readings import Readings, ReadingTimeline
from domain.time.delay import compute, parse_delay, time_rules
from domain.time.instant import Instant, end_of_day, paris_date, start_of_day
from projections.facts import FactBook
from projections.findings import Finding


@dataclass(frozen=True, slots=True)
class Segment:
    """A span in which the same texts govern; ``end`` is None while it is open.

    ``agreements`` are ordered by precedence within their provider, the prevailing text first, documents incorporated by
    reference included; ``signed`` are the ids of those that were signed, in the order of signature.
    """

    start: Instant
    end: Instant | None
    agreements: tuple[Agreement, ...]
    signed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one contract over time. ``end`` is 24:00 of the last day in force, None while it runs."""

    signed: Fact[ContractSigned]
    start: Instant
    end: Instant | None
    segments: tuple[Segment, ...]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def provider(self) -> str:
        """The provider's name, as in ``provider:<name>``."""
        return self.signed.data.provider

    def governing(self, instant: int) -> tuple[Agreement, ...]:
        """The texts that govern at an instant; none before the start, the last ones after the end."""
        if instant < self.start:
            return ()
        for segment in reversed(self.segments):
            if segment.start <= instant:
                return segment.agreements
        return ()

    def signed_documents(self, instant: int) -> tuple[str, ...]:
        """The ids of the signed documents in force at an instant, in the order of signature."""
        for segment in reversed(self.segments):
            if segment.start <= instant:
                return segment.signed
        return ()

    def in_force(self, instant: int) -> bool:
        """Whether the contract is in force at an instant."""
        return self.start <= instant and (self.end is None or instant < self.end)

    def sla_segments(self, readings: Readings, catalogue: Catalogue) -> tuple[Segment, ...]:
        """The service-level tables over time, under ``sla.source`` and ``hierarchy.002_vs_004``.

        Neighbouring spans with the same tables are one; ``agreements`` are the documents whose own table applies.
        """
        spans = [Segment(s.start, s.end, sla_tables(s.agreements, readings, catalogue)) for s in self.segments]
        joined: list[Segment] = []
        for span in spans:
            if joined and joined[-1].agreements == span.agreements:
                joined[-1] = Segment(joined[-1].start, span.end, span.agreements)
            else:
                joined.append(span)
        return tuple(joined)


def sla_tables(agreements: Sequence[Agreement], readings: Readings, catalogue: Catalogue) -> tuple[Agreement, ...]:
    """The documents whose service-level table applies among the texts in force, the prevailing one first."""
    chosen: list[Agreement] = []
    source = readings.get("sla.source")
    for agreement in agreements:
        table = agreement.sla.table
        if source == "B" and agreement.incorporates:
            table = agreement.incorporates[-1]
        elif source == "C" and agreement.sla.fixed_table is not None:
            table = agreement.sla.fixed_table
        if table == "none":
            continue
        holder = agreement if table == "own" else _named(table, agreements, catalogue)
        if holder not in chosen:
            chosen.append(holder)
    incorporated = {name for agreement in chosen for name in agreement.incorporates}
    tables = tuple(a for a in chosen if a.id not in incorporated)
    return tables[:1] if readings.get("hierarchy.002_vs_004") == "A" else tables


def terms_of(facts: FactBook, catalogue: Catalogue, readings: ReadingTimeline) -> Terms | None:
    """The terms of the contract, or None while no known fact says it was signed."""
    signatures = facts.own(ContractSigned)
    if not signatures:
        return None
    signed = signatures[0]
    findings: list[Finding] = []
    start = _signature_instant(signed.time, signed.data.documents, catalogue, readings.at(signed.time))
    changes: dict[int, list[Fact[ContractDocumentSigned] | tuple[str, str]]] = {}
    for fact in facts.own(ContractDocumentSigned):
        at = _signature_instant(fact.time, (fact.data.document,), catalogue, readings.at(fact.time))
        changes.setdefault(max(at, start), []).append(fact)
    ever = _ever_in_force(signed, facts.own(ContractDocumentSigned), catalogue)
    for at, document, version in _revisions(facts, catalogue, readings, start=start, documents=ever, findings=findings):
        changes.setdefault(max(at, start), []).append((document, version))
    end = _end(facts)
    documents = dict.fromkeys(signed.data.documents)
    versions: dict[str, str] = {}
    segments: list[Segment] = []
    for instant in sorted({start, *changes}):
        for change in changes.get(instant, []):
            if isinstance(change, Fact):
                for replaced in _replaced(change, catalogue):
                    documents.pop(replaced, None)
                documents[change.data.document] = None
            else:
                versions[change[0]] = change[1]
        segments.append(Segment(Instant(instant), None, _texts(documents, versions, catalogue), tuple(documents)))
    if end is not None:
        segments = [segment for segment in segments if segment.start < end] or segments[:1]
    closed = [replace(a, end=b.start) for a, b in pairwise(segments)]
    last = replace(segments[-1], end=end)
    return Terms(signed, start, end, (*closed, last), tuple(findings))


def _ever_in_force(
    signed: Fact[ContractSigned], later: Sequence[Fact[ContractDocumentSigned]], catalogue: Catalogue
) -> frozenset[str]:
    """Every document that governs at some time, by signature or by reference."""
    names = {*signed.data.documents, *(fact.data.document for fact in later)}
    return frozenset(names.union(*(catalogue.agreement(name).incorporates for name in names)))


def _replaced(fact: Fact[ContractDocumentSigned], catalogue: Catalogue) -> tuple[str, ...]:
    """The documents a newly signed one replaces: those its text names, and the one the fact names."""
    named = () if fact.data.replaces is None else (fact.data.replaces,)
    return (*catalogue.agreement(fact.data.document).replaces, *named)


def _named(document: str, agreements: Sequence[Agreement], catalogue: Catalogue) -> Agreement:
    for agreement in agreements:
        if agreement.id == document:
            return agreement
    return catalogue.agreement(document)


def _texts(documents: dict[str, None], versions: dict[str, str], catalogue: Catalogue) -> tuple[Agreement, ...]:
    """The agreements in force, with what they incorporate, the prevailing one first."""
    names = dict(documents)
    for document in documents:
        names |= dict.fromkeys(catalogue.agreement(document).incorporates)
    texts = [catalogue.agreement(name, versions.get(name)) for name in names]
    return tuple(sorted(texts, key=lambda text: (text.precedence.rank, text.id)))


def _signature_instant(time: Instant, documents: Sequence[str], catalogue: Catalogue, readings: Readings) -> Instant:
    """When a signature takes effect: at its instant, or from 00:00 of its day (``convention.signature_instant`` B)."""
    lead = catalogue.agreement(documents[0])
    by_day = readings.get("convention.signature_instant", lead.id) == "B"
    return start_of_day(paris_date(time)) if by_day else time


def governing_end(ended: Sequence[Fact[ContractEnded]]) -> Fact[ContractEnded]:
    """The end that governs of one or more that were recorded: the earliest, for a contract ends once."""
    return min(ended, key=lambda fact: (fact.data.on, fact.order))


def _end(facts: FactBook) -> Instant | None:
    ended = facts.own(ContractEnded)
    return end_of_day(governing_end(ended).data.on) if ended else None


def _revisions(
    facts: FactBook,
    catalogue: Catalogue,
    readings: ReadingTimeline,
    *,
    start: Instant,
    documents: frozenset[str],
    findings: list[Finding],
) -> list[tuple[Instant, str, str]]:
    """(instant, document, version) of every revision that comes into force and whose text the catalogue has."""
    accepted = {(f.data.document, f.data.version): f for f in reversed(facts.own(ContractRevisionAccepted))}
    refused = {(f.data.document, f.data.version): f for f in reversed(facts.own(ContractRevisionRefused))}
    in_force: list[tuple[Instant, str, str]] = []
    for fact in facts.of(ContractRevisionNotified):
        document, version = fact.data.document, fact.data.version
        if document not in documents:
            continue
        text = catalogue.agreement(document)
        chosen = readings.at(fact.time)
        at = _revision_instant(fact, text, accepted.get((document, version)), chosen)
        attached = text.revision.mode == "publication" and chosen.get("cgv.version", document) == "B"
        if text.revision.mode != "acceptance" and (document, version) in refused:
            findings.append(_refusal_without_effect(text, version, refused[document, version]))
        if text.revision.mode == "notice" and fact.data.lowers_security:
            findings.append(_lowers_security(text, version, fact))
        if at is None or (attached and at > start):
            continue
        try:
            catalogue.agreement(document, version)
        except UnknownDocumentError:
            findings.append(_text_missing(text, version, at, fact))
            continue
        in_force.append((at, document, version))
    return in_force


def _refusal_without_effect(text: Agreement, version: str, refusal: Fact[ContractRevisionRefused]) -> Finding:
    return Finding(
        "revision-refusal-without-effect",
        text.full_id(text.revision.id),
        text.revision.clause,
        f"{text.id} {version}: this text changes without the client's acceptance; a refusal does not stop it.",
        f"{text.id} {version} : ce texte évolue sans l'accord du client ; un refus ne l'arrête pas.",
        (refusal.ref,),
    )


def _lowers_security(text: Agreement, version: str, notified: Fact[ContractRevisionNotified]) -> Finding:
    rule = text.revision.floor or text.revision
    return Finding(
        "revision-without-effect",
        text.full_id(rule.id),
        rule.clause,
        f"{text.id} {version} lowers the level of security: it cannot come into force; the earlier text still applies.",
        f"{text.id} {version} abaisse la sécurité et ne peut entrer en vigueur ; le texte antérieur s'applique.",
        (notified.ref,),
    )


def _text_missing(text: Agreement, version: str, at: Instant, notified: Fact[ContractRevisionNotified]) -> Finding:
    day = paris_date(at).isoformat()
    return Finding(
        "terms-missing",
        text.full_id(text.revision.id),
        text.revision.clause,
        f"{text.id} {version} applies from {day} but its text is not in the catalogue; the earlier text was applied.",
        f"{text.id} {version} s'applique dès le {day} mais son texte manque au catalogue ; le texte antérieur a servi.",
        (notified.ref,),
    )


def _revision_instant(
    fact: Fact[ContractRevisionNotified],
    text: Agreement,
    accepted: Fact[ContractRevisionAccepted] | None,
    readings: Readings,
) -> Instant | None:
    """When the notified version comes into force, as its document says; None while it does not."""
    wanted = start_of_day(fact.data.effective_on)
    match text.revision.mode:
        case "publication":
            return wanted
        case "acceptance":
            return None if accepted is None else max(wanted, accepted.time)
        case "notice":
            if fact.data.lowers_security:
                return None
            assert text.revision.delay is not None
            due = compute(fact.time, parse_delay(text.revision.delay), time_rules(readings.get))
            return max(wanted, due.due if due.last_day is None else start_of_day(due.last_day))
