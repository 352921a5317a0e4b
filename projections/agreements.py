"""What the agreement files promise, as rows and as words: the answer to ``greffe agreements list`` and ``show``."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from domain.agreements.catalogue import Catalogue
from domain.agreements.model import Agreement
from domain.agreements.section import Rule, Section, Words

HEADINGS = {
    "precedence": Words(en="Precedence", fr="Hiérarchie"),
    "sla": Words(en="Where the service levels are", fr="Où sont les niveaux de service"),
    "revision": Words(en="How a new version comes into force", fr="Entrée en vigueur d'une nouvelle version"),
    "rule": Words(en="Other rules", fr="Autres règles"),
    "indicator": Words(en="Service levels", fr="Niveaux de service"),
    "exclusion": Words(en="What is not downtime", fr="Ce qui n'est pas une indisponibilité"),
    "support": Words(en="Support", fr="Support"),
    "penalty": Words(en="Penalties", fr="Pénalités"),
    "payment": Words(en="Payment", fr="Paiement"),
    "amount": Words(en="Other amounts", fr="Autres sommes"),
    "deadline": Words(en="Deadlines and effects", fr="Délais et effets"),
    "qualification": Words(en="Qualification", fr="Qualification"),
    "certificate": Words(en="Deletion certificate", fr="Attestation de suppression"),
    "access": Words(en="Access", fr="Accès"),
}
SKIPPED = {"id", "clause", "title"}


def listing(catalogue: Catalogue) -> list[dict[str, Any]]:
    """One row per version of each document."""
    return [
        {
            "document": agreement.id,
            "version": agreement.version,
            "provider": agreement.provider,
            "language": agreement.language,
            "rank": agreement.precedence.rank,
            "rules": len(agreement.rules_by_id),
            "title": agreement.title.model_dump(),
        }
        for document in catalogue.documents
        for agreement in catalogue.versions(document)
    ]


def list_words(rows: Iterable[dict[str, Any]], lang: str) -> str:
    """The listing as aligned text."""
    table = [(r["document"], r["version"], r["provider"], str(r["rules"]), r["title"][lang]) for r in rows]
    head = ("document", "version", "provider", "rules", "title")
    if lang == "fr":
        head = ("document", "version", "prestataire", "règles", "titre")
    widths = [max(len(row[i]) for row in (head, *table)) for i in range(len(head) - 1)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in (head, *table)
    )


def promises(agreement: Agreement) -> dict[str, Any]:
    """Everything one document promises, section by section, figures as exact text."""
    sections = {
        name: [_row(agreement, path, rule) for path, rule in rules_in(getattr(agreement, name))]
        for name in HEADINGS
        if hasattr(agreement, name)
    }
    return {
        "document": agreement.id,
        "version": agreement.version,
        "provider": agreement.provider,
        "title": agreement.title.model_dump(),
        "incorporates": list(agreement.incorporates),
        "replaces": list(agreement.replaces),
        "sections": {name: rows for name, rows in sections.items() if rows},
    }


def show_words(agreement: Agreement, lang: str) -> str:
    """The promises of one document as text: a heading per section; per rule its clause, title, id and terms."""
    lines = [agreement.title.model_dump()[lang], f"{agreement.id}  {agreement.version}  {agreement.provider}"]
    for name, heading in HEADINGS.items():
        found = list(rules_in(getattr(agreement, name, None)))
        if not found:
            continue
        lines += ["", heading.model_dump()[lang]]
        for _, rule in found:
            lines.append(f"  {rule.clause} — {rule.title.model_dump()[lang]}  [{rule.id}]")
            lines += [f"      {key}: {value}" for key, value in _terms(rule)]
    return "\n".join(lines)


def _row(agreement: Agreement, path: str, rule: Rule) -> dict[str, Any]:
    return {
        "rule": agreement.full_id(rule.id),
        "clause": rule.clause,
        "title": rule.title.model_dump(),
        "at": path,
        "terms": dict(_terms(rule)),
    }


def rules_in(value: Any, path: str = "") -> Iterator[tuple[str, Rule]]:
    """Every rule below a value, with the key under which it stands."""
    if isinstance(value, Rule):
        yield path, value
    if isinstance(value, Section):
        for name in type(value).model_fields:
            yield from rules_in(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for item in value:
            yield from rules_in(item, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from rules_in(item, f"{path}.{key}" if path else str(key))


def _terms(rule: Rule) -> Iterator[tuple[str, str]]:
    """The figures and conditions of a rule, but for the rules that stand below it."""
    for name in type(rule).model_fields:
        value = getattr(rule, name)
        default = type(rule).model_fields[name].get_default(call_default_factory=True, validated_data={})
        if name in SKIPPED or value is None or value == default or isinstance(value, Rule):
            continue
        text = _plain(value)
        if text:
            yield name.rstrip("_").replace("_", " "), text


def _plain(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format(value, "f")
        case Rule():
            return ""
        case Section():
            parts = ((name.rstrip("_"), _plain(getattr(value, name))) for name in type(value).model_fields)
            return ", ".join(f"{name} {text}" for name, text in parts if text)
        case tuple():
            return "; ".join(filter(None, map(_plain, value)))
        case dict():
            return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
        case None:
            return ""
        case _:
            return str(value)
