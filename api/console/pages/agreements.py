"""Each text's promises as a page, and how every statement of the text is answered."""

from functools import cache
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Query, Request
from starlette.responses import Response

from adapters.register import coverage_report
from api.asking import LONGEST
from api.console.downloads import Format, csv_file, json_file
from api.console.render import packed, page
from api.console.router import Pages
from api.errors import Problem
from api.identity import caller
from api.language import Lang, language
from api.parts import Having, Parts
from api.routers.texts import Document
from domain.agreements.model import Agreement
from domain.readings import Switches
from projections.agreements import HEADINGS, listing, promises, rule_words, rules_in
from projections.coverage import ANSWERS, Coverage
from projections.texts import VERSION, as_json, compared_texts, lines, sides

router = Pages(dependencies=[Depends(caller)])
LISTED = ("document", "version", "provider", "language", "rank", "rules", "title.en", "title.fr")
PROMISED = ("section", "rule", "clause", "title.en", "title.fr", "terms")
ANSWERED = ("id", "clause", "actor", "title.en", "title.fr", "answer", "by", "says", "why.en", "why.fr")
DIFFERING = (
    "section", "one_rule", "one_clause", "one_title", "one_title_fr", "one_terms", "other_rule", "other_clause",
    "other_title", "other_title_fr", "other_terms",
)  # fmt: skip
Named = Annotated[str, Query(max_length=LONGEST)]
Whole = Annotated[bool, Query()]


@router.get("/agreements")
def agreements(request: Request, parts: Having, format: Format = "html") -> Response:  # noqa: A002
    """Every document the catalogue knows, and how much of each is computed."""
    rows = listing(parts.catalogue)
    if format == "csv":
        return csv_file("agreements", LISTED, rows)
    if format == "json":
        return json_file("agreements", {"agreements": rows})
    report = _coverage()
    answered = {document: report.split(document) for document in report.documents}
    return page(request, "agreements.html", {"rows": rows, "answered": answered, "answers": _answers()})


@router.get("/agreements/compare")
def compare(
    request: Request,
    parts: Having,
    one: Named = "",
    other: Named = "",
    whole: Whole = False,
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """Two texts side by side, matched by what they promise: only what differs, and where one is silent.

    ``whole``: each along with the texts that it incorporates.
    """
    names = [
        _name(parts, text) for document in parts.catalogue.documents for text in parts.catalogue.versions(document)
    ]
    found = compared_texts(*sides(parts.catalogue, one, other, whole=whole)) if one and other else None
    if format != "html":
        if found is None:
            raise Problem("invalid-parameter", ("Two texts are needed.", "Il faut deux textes."))
        told = as_json(found)
        if format == "json":
            return json_file("agreements-compared", told)
        return csv_file("agreements-compared", DIFFERING, [_flat(row) for row in told["differences"]])
    lang = language(request)
    rows: dict[str, list[Any]] = {}
    for row in () if found is None else found.rows:
        rows.setdefault(row.section, []).append((row, lines(row, lang, parts.switches)))
    values = {
        "names": names,
        "one": one,
        "other": other,
        "whole": whole,
        "found": found,
        "rows": rows,
        "headings": {name: words.model_dump() for name, words in HEADINGS.items()},
    }
    return page(request, "agreements_compared.html", values)


class Told(NamedTuple):
    """The promises of a text: how many in each section that has any, and all of them as a page's part takes them."""

    sections: dict[str, int]
    part: str


class Worded:
    """The promises of texts, put into words once each: a text stays as it is while the server runs."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._kept: dict[tuple[str, str, Lang], Told] = {}

    def of(self, text: Agreement, lang: Lang) -> Told:
        """The promises of a text in a language."""
        key = text.id, text.version, lang
        if key not in self._kept:
            self._kept[key] = self._told(text, lang)
        return self._kept[key]

    def _told(self, text: Agreement, lang: Lang) -> Told:
        every = {name: [rule for _, rule in rules_in(getattr(text, name, None))] for name in HEADINGS}
        found = {
            name: [
                {
                    "id": rule.id,
                    "clause": rule.clause,
                    "title": rule.title.model_dump(),
                    "terms": list(rule_words(rule, lang, self._switches)),
                }
                for rule in rules
            ]
            for name, rules in every.items()
            if rules
        }
        headings = {name: words.model_dump() for name, words in HEADINGS.items()}
        return Told(
            {name: len(rules) for name, rules in found.items()}, packed({"sections": found, "headings": headings})
        )


@router.get("/agreements/{document}")
def agreement(request: Request, parts: Having, document: Document, format: Format = "html") -> Response:  # noqa: A002
    """The promises of the newest version, section by section."""
    text = parts.catalogue.agreement(document)
    if format == "csv":
        found = promises(text)["sections"]
        return csv_file(
            document, PROMISED, [{"section": name, **row} for name, rules in found.items() for row in rules]
        )
    if format == "json":
        return json_file(document, promises(text))
    worded: Worded = request.app.state.worded
    values = {
        "text": text,
        "title": text.title.model_dump(),
        "worded": worded.of(text, language(request)),
        "headings": {name: words.model_dump() for name, words in HEADINGS.items()},
        "covered": document in _coverage().documents,
    }
    return page(request, "agreement.html", values)


@router.get("/agreements/{document}/coverage")
def coverage(request: Request, parts: Having, document: Document, format: Format = "html") -> Response:  # noqa: A002
    """Every statement of the text with its answer: computed, tracked, recorded, silent, out of reach."""
    text = parts.catalogue.agreement(document)
    report = _coverage()
    rows = [row.as_json() for row in report.rows if row.document == document]
    if format == "csv":
        return csv_file(f"{document}-coverage", ANSWERED, rows)
    if format == "json":
        return json_file(f"{document}-coverage", {"document": document, "rows": rows})
    values = {"text": text, "rows": rows, "split": report.split(document), "answers": _answers()}
    return page(request, "coverage.html", values)


def _name(parts: Parts, text: Agreement) -> tuple[str, dict[str, str]]:
    """What a text is called among all: its id, and its version where there are several."""
    several = len(parts.catalogue.versions(text.id)) > 1
    return f"{text.id}{VERSION}{text.version}" if several else text.id, text.title.model_dump()


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A difference as a row of a spreadsheet; empty where a text is silent."""
    told = {"section": row["section"]}
    for side in ("one", "other"):
        given = row[side] or {"rule": None, "clause": None, "title": {"en": None, "fr": None}, "terms": None}
        told |= {f"{side}_{name}": given[name] for name in ("rule", "clause", "terms")}
        told |= {f"{side}_title": given["title"]["en"], f"{side}_title_fr": given["title"]["fr"]}
    return told


@cache
def _coverage() -> Coverage:
    return coverage_report()


def _answers() -> dict[str, Any]:
    return {name: words.model_dump() for name, words in ANSWERS.items()}
