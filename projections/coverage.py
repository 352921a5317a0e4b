"""How every statement of the documents is answered (computed, tracked, recorded, silent, out of reach); what is amiss.

Nothing is left unaccounted for: a row that is missing, unknown or answered by something that does not exist is a fault.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.agreements.obligation import Answer, Obligation, Register
from domain.agreements.section import Words

MODULES = frozenset(
    f"projections.{name}"
    for name in (
        "access", "amounts", "certificate", "deadlines", "indicators", "objectives", "penalties", "qualification",
        "support", "terms",
    )
)  # fmt: skip
"""The modules that may answer a row."""

ANSWERS: Mapping[Answer, Words] = {
    "computed": Words(en="computed", fr="calculé"),
    "duty": Words(en="tracked as a deadline", fr="suivi comme délai"),
    "fact": Words(en="recorded as a fact", fr="enregistré comme fait"),
    "silence": Words(en="silence of the text", fr="silence du texte"),
    "not-computable": Words(en="not computable", fr="non calculable"),
}


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One statement of a document with its answer; ``id`` is ``<document>/<id>``."""

    id: str
    document: str
    obligation: Obligation

    def as_json(self) -> dict[str, Any]:
        """The row as JSON values; what does not apply is null."""
        row = self.obligation
        return {
            "id": self.id,
            "clause": row.clause,
            "actor": row.actor,
            "title": row.title.model_dump(),
            "answer": row.answer,
            "by": list(row.by),
            "says": row.says,
            "why": None if row.why is None else row.why.model_dump(),
        }


@dataclass(frozen=True, slots=True)
class Fault:
    """What is amiss with one row, in English and French."""

    row: str
    words: Words

    def as_json(self) -> dict[str, Any]:
        """The fault as JSON values."""
        return {"row": self.row, **self.words.model_dump()}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every row in the order of the documents, and every fault."""

    rows: tuple[CoverageRow, ...]
    faults: tuple[Fault, ...]

    def split(self, document: str | None = None) -> dict[Answer, int]:
        """How many rows each answer has, over all documents or in one."""
        counted = Counter(row.obligation.answer for row in self.rows if document in (None, row.document))
        return {answer: counted[answer] for answer in ANSWERS}

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents, in the order of the rows."""
        return tuple(dict.fromkeys(row.document for row in self.rows))

    def as_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "total": len(self.rows),
            "split": self.split(),
            "documents": {document: self.split(document) for document in self.documents},
            "faults": [fault.as_json() for fault in self.faults],
            "rows": [row.as_json() for row in self.rows],
        }


def coverage(
    registers: Iterable[Register],
    rules: Collection[str],
    topics: Collection[str],
    expected: Mapping[str, Collection[str]] | None = None,
) -> Coverage:
    """The report on the registers.

    ``rules`` are the full ids of the rules that the agreement files hold, ``topics`` the event types there are,
    ``expected`` the short ids of the rows that every document must have (None: not checked).
    """
    read = tuple(registers)
    rows = tuple(CoverageRow(r.full_id(o), r.document, o) for r in read for o in r.obligation)
    faults = [*_presence(rows, expected), *(fault for row in rows for fault in _answers(row, rules, topics))]
    return Coverage(rows, tuple(faults))


def _presence(rows: tuple[CoverageRow, ...], expected: Mapping[str, Collection[str]] | None) -> Iterator[Fault]:
    counted = Counter(row.id for row in rows)
    for name, times in counted.items():
        if times > 1:
            yield Fault(name, Words(en=f"answered {times} times", fr=f"répondu {times} fois"))
    if expected is None:
        return
    wanted = [f"{document}/{name}" for document, names in expected.items() for name in names]
    for name in wanted:
        if name not in counted:
            yield Fault(name, Words(en="not answered", fr="sans réponse"))
    for name in sorted(counted.keys() - set(wanted)):
        yield Fault(name, Words(en="no such row in the documents", fr="aucune ligne de ce nom dans les documents"))


def _answers(row: CoverageRow, rules: Collection[str], topics: Collection[str]) -> Iterator[Fault]:
    """A rule, a module or an event type named by a row must exist, and be of the kind its answer speaks of."""
    answer = row.obligation.answer
    for name in row.obligation.by:
        if "/" in name:
            known, kind, fits = name in rules, Words(en="a rule", fr="une règle"), answer != "fact"
        elif name.startswith("projections."):
            known, kind, fits = name in MODULES, Words(en="a module", fr="un module"), answer in ("computed", "silence")
        else:
            known, kind, fits = name in topics, Words(en="an event type", fr="un type d'événement"), answer == "fact"
        if not known:
            en, fr = f"names {kind.en} that does not exist: {name}", f"nomme {kind.fr} qui n'existe pas : {name}"
            yield Fault(row.id, Words(en=en, fr=fr))
        elif not fits:
            en = f"the answer {answer} cannot be by {kind.en}: {name}"
            fr = f"la réponse « {ANSWERS[answer].fr} » ne peut venir d'{kind.fr} : {name}"
            yield Fault(row.id, Words(en=en, fr=fr))


def coverage_text(report: Coverage, lang: str, *, rows: bool = False) -> str:
    """The split by document and answer, then the faults; with ``rows``, each row with what answers it."""
    return "\n".join(_lines(report, lang, rows=rows))


def _lines(report: Coverage, lang: str, *, rows: bool) -> Iterator[str]:
    splits = [(document, report.split(document)) for document in report.documents]
    every = {"en": "all", "fr": "tous"}[lang]
    wide = max(len(name) for name in (every, *report.documents))
    labels = {answer: _in(lang, words) for answer, words in ANSWERS.items()}
    yield "  ".join([" " * wide, *labels.values(), "total"])
    for name, split in [*splits, (every, report.split())]:
        cells = (str(split[answer]).rjust(len(label)) for answer, label in labels.items())
        yield "  ".join([name.ljust(wide), *cells, str(sum(split.values())).rjust(len("total"))])
    for document in report.documents if rows else ():
        yield ""
        yield document
        for row in report.rows:
            if row.document == document:
                yield from _row(row.obligation, lang)
    if report.faults:
        yield ""
        yield from (f"{fault.row}{_colon(lang)}{_in(lang, fault.words)}" for fault in report.faults)


def _row(row: Obligation, lang: str) -> Iterator[str]:
    yield f"  {row.clause}  {_in(lang, row.title)}  [{row.id}]"
    told = ", ".join(part for part in (row.says, *row.by) if part)
    yield f"    {_in(lang, ANSWERS[row.answer])}{_colon(lang) + told if told else ''}"
    if row.why is not None:
        yield f"    {_in(lang, row.why)}"


def _colon(lang: str) -> str:
    return " : " if lang == "fr" else ": "


def _in(lang: str, words: Words) -> str:
    return words.fr if lang == "fr" else words.en
