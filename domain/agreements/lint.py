"""Whether one agreement says what it means: what a model cannot see because it looks at one section at a time.

Pure: the readings, the other documents and the vocabulary of services are arguments. A fault is wrong; a warning is
worth a look, and may be right.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from domain.agreements.deadline import Deadline
from domain.agreements.indicator import Basis, Indicator, Variant
from domain.agreements.model import Agreement
from domain.agreements.penalty import Tiers
from domain.agreements.section import Rule, Section, Words
from domain.errors import InvalidDelayError
from domain.readings import Switches
from domain.time.delay import parse_delay

SERVICES = frozenset(
    {
        "region", "availability-zone", "internal-network", "dns-ntp-dhcp", "metadata", "internet", "firewall",
        "load-balancer", "object-publish-api", "object-access-api", "object", "volume", "snapshot",
        "ephemeral-storage", "vm", "hardware", "command-api:vm", "command-api:network", "command-api:load-balancer",
        "compute", "storage", "backup", "network", "console", "api", "s3-api",
    }
)  # fmt: skip
"""The service names that senders know; another one works, if the senders of facts use it."""
DELAYS = frozenset({"delay", "notice", "first", "validity", "new_zone_grace", "warn_after"})
"""Keys whose text is a delay."""
LISTS = frozenset({"indicator", "support.commitment", "deadline", "amount", "penalty.rule", "penalty.cap", "rule"})
"""Lists in which an id stands once. Elsewhere one rule may be told from several sides."""
OWN, NONE = "own", "none"
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing amiss: the key under which it stands and a sentence in both languages."""

    key: str
    words: Words
    level: Literal["fault", "warning"] = "fault"


@dataclass(frozen=True, slots=True)
class Known:
    """What the text may refer to: readings, documents, the full ids of the rules of other documents, services."""

    switches: Switches
    documents: Collection[str]
    rules: Collection[str]
    services: Collection[str] = SERVICES


def lint(agreement: Agreement, known: Known) -> list[Fault]:
    """Everything amiss with one agreement, in the order of its keys."""
    faults = [
        *_twice(agreement),
        *(fault for key, value in walk(agreement) for fault in _each(key, value, known)),
        *_references(agreement, known),
        *_services(agreement, known),
        *_measured(agreement),
    ]
    return list(dict.fromkeys(faults))


def walk(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every section and value below a section, with its key: ``indicator.3.variant.0.reading``."""
    yield key, value
    if isinstance(value, Section):
        for name in type(value).model_fields:
            yield from walk(getattr(value, name), f"{key}.{name}" if key else name)
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from walk(item, f"{key}.{number}")
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from walk(item, f"{key}.{name}")


def _fault(key: str, english: str, french: str, level: Literal["fault", "warning"] = "fault") -> Fault:
    return Fault(key, Words(en=english, fr=french), level)


def _twice(agreement: Agreement) -> Iterator[Fault]:
    """An id names one rule of its list, and one clause wherever the rule stands: statements print both."""
    first: dict[str, tuple[str, str]] = {}
    listed: dict[tuple[str, str], str] = {}
    for key, value in walk(agreement):
        if not isinstance(value, Rule):
            continue
        name, found_in = value.id, key.rpartition(".")[0]
        if found_in in LISTS and (found_in, name) in listed:
            there = listed[found_in, name]
            yield _fault(f"{key}.id", f"{name} is already the id of {there}", f"{name} est déjà l'id de {there}")
        listed.setdefault((found_in, name), key)
        there, clause = first.setdefault(name, (key, value.clause))
        if value.clause != clause:
            yield _fault(
                f"{key}.clause",
                f"{name} has the clause {clause!r} in {there} and {value.clause!r} here",
                f"{name} a la clause {clause!r} dans {there} et {value.clause!r} ici",
            )


def _each(key: str, value: Any, known: Known) -> Iterator[Fault]:
    """What is amiss with one value, whatever section it stands in."""
    match value:
        case Variant(reading=reading, value=chosen):
            yield from _reading(key, reading, [chosen], known.switches)
        case Basis(reading=reading, values=values):
            yield from _reading(key, reading, list(values), known.switches)
        case Words(fr=french, en=english):
            if not french.strip():
                yield _fault(f"{key}.fr", "the French is missing", "le français manque")
            if not english.strip():
                yield _fault(f"{key}.en", "the English is missing", "l'anglais manque")
        case Tiers():
            yield from _bands(key, value)
        case Indicator(target=Decimal() as target, metric=metric) if metric != "latency" and target in (0, HUNDRED):
            said = f"a target of {target} % leaves nothing to breach or to keep"
            french = f"un engagement de {target} % ne laisse rien à manquer ou à tenir"
            yield _fault(f"{key}.target", said, french, "warning")
        case str() if key.rpartition(".")[2] in DELAYS:
            try:
                parse_delay(value)
            except InvalidDelayError as error:
                yield _fault(key, error.english, error.french)


def _reading(key: str, name: str, values: list[str], switches: Switches) -> Iterator[Fault]:
    if name not in switches:
        unknown = switches.unknown(name)
        yield _fault(f"{key}.reading", unknown.english, unknown.french)
        return
    for value in values:
        if value not in switches[name].values:
            has = ", ".join(switches[name].values)
            english, french = f"{name} has no reading {value!r}; it has {has}", f"{name} n'a pas de lecture {value!r}"
            yield _fault(f"{key}.value", english, f"{french} ; il y a {has}")


def _bands(key: str, tiers: Tiers) -> Iterator[Fault]:
    limits = [band.below for band in tiers.band]
    for number, band in enumerate(tiers.band):
        for name in ("below", "percent"):
            figure = getattr(band, name)
            if not 0 <= figure <= HUNDRED:
                at = f"{key}.band.{number}.{name}"
                yield _fault(at, f"{figure} is no percentage", f"{figure} n'est pas un pourcentage")
        if limits.index(band.below) != number:
            yield _fault(
                f"{key}.band.{number}.below",
                f"{band.below} is already the limit of another band",
                f"{band.below} est déjà la limite d'une autre tranche",
            )


def _references(agreement: Agreement, known: Known) -> Iterator[Fault]:
    """Documents and rules that the text names must exist."""
    named = [(f"incorporates.{n}", name) for n, name in enumerate(agreement.incorporates)]
    named += [(f"replaces.{n}", name) for n, name in enumerate(agreement.replaces)]
    named += [(f"sla.{key}", name) for key in ("table", "penalties", "fixed_table") if (name := _sla(agreement, key))]
    named += [(f"borrowed.{n}.document", loan.document) for n, loan in enumerate(agreement.borrowed)]
    if agreement.penalty is not None and agreement.penalty.reference is not None:
        document = agreement.penalty.reference.document
        named += [("penalty.reference.document", document)] if document not in (None, OWN, NONE) else []
    for key, name in named:
        if name not in known.documents:
            yield _fault(key, f"no agreement file has the document {name!r}", f"aucun fichier n'a le document {name!r}")
    for number, loan in enumerate(agreement.borrowed):
        yield from _reading(f"borrowed.{number}", loan.reading, [loan.value], known.switches)
        for short in loan.deadlines:
            if loan.document in known.documents and f"{loan.document}/{short}" not in known.rules:
                yield _no_rule(f"borrowed.{number}.deadlines", f"{loan.document}/{short}")
    own = {deadline.id for deadline in agreement.deadline} | set(agreement.rules_by_id)
    for number, deadline in enumerate(agreement.deadline):
        for key, short in _named_by(deadline):
            if short not in own:
                yield _no_rule(f"deadline.{number}.{key}", agreement.full_id(short))
        for full in deadline.overrides:
            if full not in known.rules:
                yield _no_rule(f"deadline.{number}.overrides", full)


def _sla(agreement: Agreement, key: str) -> str | None:
    name: str | None = getattr(agreement.sla, key)
    return None if name in (None, OWN, NONE) else name


def _named_by(deadline: Deadline) -> Iterator[tuple[str, str]]:
    """The other deadlines of its text that a deadline names."""
    if deadline.after is not None:
        yield "after", deadline.after
    phases = deadline.opened_by.phases
    if phases is not None:
        for name in (phases.access, phases.demand, phases.storage):
            if name is not None:
                yield "opened_by.phases", name
    for settled in deadline.settled_by:
        if settled.opens is not None:
            yield "settled_by.opens", settled.opens
    for requirement in deadline.requires:
        if requirement.deadline is not None:
            yield "requires.deadline", requirement.deadline


def _no_rule(key: str, rule: str) -> Fault:
    return _fault(key, f"no agreement file has the rule {rule}", f"aucun fichier n'a la règle {rule}")


def _services(agreement: Agreement, known: Known) -> Iterator[Fault]:
    """A service that no sender knows, or that no line of the text takes, is most often a misspelling."""
    fed = {service for indicator in agreement.indicator for service in indicator.services}
    for number, indicator in enumerate(agreement.indicator):
        for service in indicator.services:
            if service not in known.services:
                yield _fault(
                    f"indicator.{number}.services",
                    f"{service!r} is not in the vocabulary of services: senders of facts must use that very name",
                    f"{service!r} n'est pas au vocabulaire des services : les faits devront porter ce nom même",
                    "warning",
                )
    for number, exclusion in enumerate(agreement.exclusion):
        for service in exclusion.services:
            if agreement.indicator and service not in fed:
                yield _fault(
                    f"exclusion.{number}.services",
                    f"no line of this text takes {service!r}",
                    f"aucune ligne de ce texte ne concerne {service!r}",
                    "warning",
                )


def _measured(agreement: Agreement) -> Iterator[Fault]:
    if agreement.indicator and agreement.measurement is None:
        yield _fault(
            "measurement",
            "the text promises service levels and has no [measurement]: say when an outage starts and ends",
            "le texte promet des niveaux de service et n'a pas de [measurement] : dire quand une interruption commence"
            " et finit",
            "warning",
        )
    if agreement.sla.table == OWN and not agreement.indicator:
        yield _fault(
            "sla.table", 'the table is "own" and there is no [[indicator]]', "aucun [[indicator]] dans le texte"
        )
    if agreement.sla.penalties == OWN and (agreement.penalty is None or not agreement.penalty.rule):
        yield _fault(
            "sla.penalties", 'penalties are "own" and there is no rule', "aucune [[penalty.rule]] dans le texte"
        )
