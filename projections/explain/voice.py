"""What every explanation shares: sentences in one language, and the text that governs a figure."""

from domain.agreements.model import Agreement
from domain.agreements.section import Rule
from domain.errors import UnknownDocumentError
from domain.fact import AnyFact
from domain.time.instant import Instant
from projections.basis import Basis
from projections.explain.fact_words import phrase
from projections.shown import moment


def say(lang: str, english: str, french: str) -> str:
    """The sentence in a language."""
    return french if lang == "fr" else english


def text_of(basis: Basis, rule: str, instant: int) -> Agreement | None:
    """The document a rule belongs to, in the version in force at an instant; None for what no document says."""
    document = rule.partition("/")[0]
    for agreement in basis.terms.governing(max(instant, basis.terms.start)):
        if agreement.id == document:
            return agreement
    try:
        return basis.catalogue.agreement(document)
    except UnknownDocumentError:
        return None


def rule_of(basis: Basis, rule: str, instant: int) -> Rule | None:
    """The rule ``<document>/<rule>`` as the version in force writes it."""
    agreement = text_of(basis, rule, instant)
    return None if agreement is None else agreement.rules_by_id.get(rule.partition("/")[2])


def title_of(basis: Basis, rule: str, instant: int, lang: str) -> str:
    """The title of a rule, or its id where no file has it."""
    found = rule_of(basis, rule, instant)
    return rule if found is None else in_lang(found, lang)


def in_lang(rule: Rule | Agreement, lang: str) -> str:
    """The title of a rule or of a document."""
    return say(lang, rule.title.en, rule.title.fr)


def fact_named(basis: Basis, ref: str) -> AnyFact | None:
    """The fact ``source#id``."""
    return next((fact for fact in basis.facts.everything() if fact.ref == ref), None)


def told(basis: Basis, ref: str, lang: str) -> str:
    """A fact in a sentence: when it happened, what it was, and its reference."""
    fact = fact_named(basis, ref)
    if fact is None:
        return ref
    return f"{moment(Instant(fact.time))}, {phrase(fact, lang)} [{ref}]"
