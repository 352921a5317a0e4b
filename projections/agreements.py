"""What the agreement files promise, as rows and as words: the answer to ``greffe agreements list`` and ``show``."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from domain.agreements.catalogue import Catalogue
from domain.agreements.indicator import Basis, Indicator, Variant, Zones
from domain.agreements.model import Agreement
from domain.agreements.section import Rule, Section, Words
from domain.errors import InvalidDelayError
from domain.readings import Switches
from projections.due import delay_words
from projections.explain.fact_words import PHRASES
from projections.wording import FALSE, PERIODS, TRUE, Pair, colon, field_word, pick, value_word

HEADINGS = {
    "precedence": Words(en="Precedence", fr="Hiérarchie"),
    "sla": Words(en="Where the service levels are", fr="Où sont les niveaux de service"),
    "revision": Words(en="How a new version comes into force", fr="Entrée en vigueur d'une nouvelle version"),
    "rule": Words(en="Other rules", fr="Autres règles"),
    "indicator": Words(en="Service levels", fr="Niveaux de service"),
    "measurement": Words(en="How downtime is measured", fr="Comment l'indisponibilité se mesure"),
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
SKIPPED = {"id", "clause", "title", "name"}
RELATED = ("incorporates", "replaces")
PERCENTAGES = {"target", "percent", "below", "points"}
DELAYS = {"delay", "notice", "first", "validity", "new_zone_grace", "warn_after"}
READ_AS: Pair = ("if read as", "si on lit")
WITHOUT: Pair = ("without", "sans")
TRIGGERS: dict[str, Pair] = {
    "qualification-lost": ("a qualification is lost", "une qualification est perdue"),
    "agreement-ended": ("the contract ends", "le contrat prend fin"),
    "reversibility-over": ("the time to recover data is over", "le temps de récupération est écoulé"),
    "self": ("the very act that opens it", "l'acte même qui l'ouvre"),
}
KEYS: dict[str, Pair] = {
    "version": ("version", "version"),
    "incorporates": ("incorporates", "incorpore"),
    "replaces": ("replaces", "remplace"),
    "rank": ("rank (the lower prevails)", "rang (le plus petit l'emporte)"),
    "table": ("table of service levels", "tableau des niveaux de service"),
    "penalties": ("penalties", "pénalités"),
    "fixed_table": ("fixed table, under a reading", "tableau fixe, selon une lecture"),
    "mode": ("by", "par"),
    "metric": ("measured as", "mesuré en"),
    "target": ("target", "engagement"),
    "period": ("judged", "apprécié"),
    "period_stated": ("period stated", "période énoncée"),
    "counts": ("counts", "compte"),
    "zones": ("deployment needed to claim", "déploiement exigé pour réclamer"),
    "basis": ("measured by", "mesuré selon"),
    "conflict": ("another figure", "autre chiffre"),
    "assessable": ("can be computed", "calculable"),
    "of": ("of", "de"),
    "notice": ("warning needed", "préavis nécessaire"),
    "longer_notice": ("longer warning", "préavis plus long"),
    "first": ("never counted at the start", "jamais compté au début"),
    "applies": ("applies", "s'applique"),
    "start": ("starts with", "commence avec"),
    "end": ("ends with", "finit avec"),
    "performance": ("speaks of performance", "parle de la performance"),
    "new_zone_grace": ("a new zone is required after", "une nouvelle zone est exigée après"),
    "when": ("when", "si"),
    "unless": ("unless", "sauf si"),
    "any_of": ("either", "soit"),
    "deducts": ("deducts", "déduit"),
    "inclusive": ("the limit itself is in time", "la limite même est à temps"),
    "within": ("within", "au sein de"),
    "measures": ("measures", "mesure"),
    "delay": ("delay", "délai"),
    "clock": ("clock", "horloge"),
    "on_call": ("clock when on call", "horloge d'astreinte"),
    "objective": ("objective", "objectif"),
    "over": ("over", "sur"),
    "opens": ("opens", "ouvre"),
    "closes": ("closes", "ferme"),
    "days": ("days", "jours"),
    "holidays": ("closed on public holidays", "fermé les jours fériés"),
    "factor": ("factor", "coefficient"),
    "gap": ("gap", "écart"),
    "metrics": ("lines measured as", "lignes mesurées en"),
    "band": ("bands", "tranches"),
    "below": ("below", "sous"),
    "percent": ("percent", "pourcentage"),
    "base": ("of", "de"),
    "periods": ("periods that end together", "périodes closes ensemble"),
    "resources": ("resources", "ressources"),
    "one_service": ("one service under several headings", "un service sous plusieurs intitulés"),
    "months": ("months", "mois"),
    "window": ("window", "fenêtre"),
    "divisor": ("divided by", "divisé par"),
    "scope": ("scope", "périmètre"),
    "split": ("shared", "réparti"),
    "vat": ("VAT", "TVA"),
    "derogable": ("special conditions may change it", "modifiable par des conditions particulières"),
    "anchor": ("runs from", "court à partir de"),
    "notified": ("counts when", "compte quand"),
    "covers": ("covers", "couvre"),
    "validity": ("valid for", "valable"),
    "form": ("form", "forme"),
    "at_end": ("at the end of the contract", "à la fin du contrat"),
    "rounding": ("rounding", "arrondi"),
    "printed": ("the date on the invoice prevails", "la date de la facture prévaut"),
    "points": ("points", "points"),
    "year_days": ("days in a year", "jours par an"),
    "fixing": ("rate of", "taux du"),
    "times": ("times", "fois"),
    "at_most_days": ("at most, in days", "au plus, en jours"),
    "at_least_days": ("at least, in days", "au moins, en jours"),
    "seconds": ("seconds at least", "secondes au moins"),
    "minutes": ("minutes", "minutes"),
    "owed_by": ("owed by", "à la charge de"),
    "opened_by": ("opened when", "ouvert quand"),
    "also": ("or when", "ou quand"),
    "starts": ("the delay starts when", "le délai part quand"),
    "runs_from": ("the delay runs from", "le délai court de"),
    "settled_by": ("settled when", "réglé quand"),
    "cancelled_by": ("cancelled when", "annulé quand"),
    "requires": ("requires", "exige"),
    "held_by": ("held by", "suspendu par"),
    "overrides": ("displaces", "écarte"),
    "earliest": ("not before", "pas avant"),
    "warn_after": ("worth a word after", "à signaler après"),
    "named_date": ("or the date in", "ou la date de"),
    "midnight": ("at the midnight that", "au minuit de"),
    "clear": ("clear days counted as", "jours francs comptés comme"),
    "prior": ("acts before it count", "les actes antérieurs comptent"),
    "ends": ("ends", "met fin à"),
    "until": ("until", "jusqu'au"),
    "after": ("then", "ensuite"),
    "number": ("number", "numéro"),
    "needs": ("needs", "exige"),
    "fields": ("must say", "doit indiquer"),
    "channels": ("by", "par"),
    "binding": ("binding", "obligatoire"),
}


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
        name: [rule_row(agreement, rule) | {"at": path} for path, rule in rules_in(getattr(agreement, name))]
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


def show_words(agreement: Agreement, lang: str, switches: Switches | None = None) -> str:
    """The promises of one document as text: a heading per section; per rule its title, clause, id and terms.

    With ``switches``, each variant says in words which reading it belongs to.
    """
    lines = [agreement.title.model_dump()[lang]]
    about = [agreement.id, f"{pick(KEYS['version'], lang)} {agreement.version}", agreement.provider]
    about += [f"{pick(KEYS[name], lang)} {', '.join(names)}" for name in RELATED if (names := getattr(agreement, name))]
    lines.append(", ".join(about))
    for name, heading in HEADINGS.items():
        found = list(rules_in(getattr(agreement, name, None)))
        if not found:
            continue
        lines += ["", heading.model_dump()[lang]]
        for _, rule in found:
            lines.append(f"  {rule.title.model_dump()[lang]} ({rule.clause}, {rule.id})")
            lines += [f"      {line}" for line in rule_words(rule, lang, switches)]
    return "\n".join(lines)


def rule_words(rule: Rule, lang: str, switches: Switches | None = None) -> Iterator[str]:
    """The figures and conditions of one rule, one a line, its variants last."""
    variants: tuple[Variant, ...] = getattr(rule, "variant", ())
    for name, value in _set(rule):
        said = "" if name == "variant" else words_of(name, value, lang)
        if isinstance(rule, Indicator) and name == "target" and rule.metric == "latency":
            said = f"{format(value, 'f')} ms"
        if said:
            yield f"{_key(name, lang)}{colon(lang)}{said}"
    if isinstance(rule, Indicator) and rule.target is not None and rule.period == "month":
        yield f"{_key('period', lang)}{colon(lang)}{words_of('period', rule.period, lang)}"
    for variant in variants:
        yield _variant(variant, lang, switches)


def words_of(name: str, value: Any, lang: str) -> str:
    """A value of an agreement as people read it: delays and periods in words, percentages with their sign."""
    match value:
        case Rule() | None:
            return ""
        case bool():
            return pick(TRUE if value else FALSE, lang)
        case Decimal():
            return f"{format(value, 'f')}{' %' if name in PERCENTAGES else ''}"
        case str() if name in DELAYS:
            return _delay(value, lang)
        case str() if name == "period":
            return pick(PERIODS[value], lang)
        case str() if name in ("event", "trigger", "also"):
            return _event(value, lang)
        case Zones():
            return _zones(value, lang)
        case Basis():
            values = ", ".join(f"{letter} {meaning}" for letter, meaning in value.values.items())
            return f"{value.name.replace('_', ' ')} ({value.reading}{colon(lang)}{values})"
        case Section():
            given = [(part, words_of(part, item, lang)) for part, item in _set(value)]
            if given and given[0][0] in ("event", "trigger"):
                first = given.pop(0)[1]
                rest = ", ".join(_pair(part, text, lang) for part, text in given if text)
                return f"{first}{f' ({rest})' if rest else ''}"
            return ", ".join(_pair(part, text, lang) for part, text in given if text)
        case tuple() | list():
            joined = "; " if any(isinstance(item, Section) for item in value) else ", "
            return joined.join(filter(None, (words_of(name, item, lang) for item in value)))
        case dict():
            return ", ".join(_pair(str(part), words_of(str(part), item, lang), lang) for part, item in value.items())
        case _:
            return value_word(str(value), lang)


def _pair(name: str, text: str, lang: str) -> str:
    return _key(name, lang) if text == pick(TRUE, lang) else f"{_key(name, lang)} {text}"


def _set(value: Section) -> Iterator[tuple[str, Any]]:
    """What a section says beyond its defaults, but for the rules that stand below it."""
    for name in type(value).model_fields:
        if name in SKIPPED:
            continue
        given = getattr(value, name)
        default = type(value).model_fields[name].get_default(call_default_factory=True, validated_data={})
        if given is not None and given != default and not isinstance(given, Rule):
            yield name, given


def _variant(variant: Variant, lang: str, switches: Switches | None) -> str:
    """What a rule says instead under a reading, and what that reading means."""
    head = f"{variant.reading} = {variant.value}"
    if switches is not None and variant.reading in switches:
        head += f" ({pick(_meaning(switches, variant), lang).rstrip('.')})"
    changes = [
        f"{_key(name, lang)}{colon(lang)}{words_of(name, value, lang)}" for name, value in variant.change.items()
    ]
    changes += [f"{pick(WITHOUT, lang)} {_key(name, lang)}" for name in variant.drop]
    return f"{pick(READ_AS, lang)} {head}{colon(lang)}{'; '.join(changes)}"


def _meaning(switches: Switches, variant: Variant) -> Pair:
    words = switches[variant.reading].values.get(variant.value)
    return ("", "") if words is None else (words.en, words.fr)


def _delay(text: str, lang: str) -> str:
    try:
        return delay_words(text, lang)
    except InvalidDelayError:
        return text


def _event(name: str, lang: str) -> str:
    words = PHRASES.get(name) or TRIGGERS.get(name)
    return name if words is None else pick(words, lang)


def _zones(zones: Zones, lang: str) -> str:
    every = pick(("every zone of the region", "toutes les zones de la région"), lang)
    some = pick((f"at least {zones.at_least} zones", f"au moins {zones.at_least} zones"), lang)
    proof = pick((", with proof of equivalent resources", ", ressources équivalentes prouvées"), lang)
    return (every if zones.every else some) + (proof if zones.proof else "")


def _key(name: str, lang: str) -> str:
    name = name.rstrip("_")
    return pick(KEYS[name], lang) if name in KEYS else field_word(name, lang)


def rule_row(agreement: Agreement, rule: Rule) -> dict[str, Any]:
    """A rule of an agreement as JSON values, its figures exact."""
    return {
        "rule": agreement.full_id(rule.id),
        "clause": rule.clause,
        "title": rule.title.model_dump(),
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


def _terms(rule: Rule) -> Iterator[tuple[str, Any]]:
    """The figures and conditions of a rule, exact, but for the rules that stand below it."""
    for name, value in _set(rule):
        given = _plain(value)
        if given not in ((), {}, []):
            yield name.rstrip("_"), given


def _plain(value: Any) -> Any:
    """A value of an agreement as JSON: decimals as exact text, sections as objects."""
    match value:
        case Decimal():
            return format(value, "f")
        case Section():
            return {name.rstrip("_"): _plain(item) for name, item in _set(value)}
        case tuple() | list():
            return [_plain(item) for item in value if not isinstance(item, Rule)]
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case date():
            return value.isoformat()
        case _:
            return value
