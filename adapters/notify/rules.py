"""Who is told what, when and by which channel: the model of the file that a user writes."""

from collections.abc import Iterable
from datetime import datetime, time
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, NamedTuple, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from adapters.notify.addresses import mail_fault, url_fault
from adapters.notify.moments import DAYS, Digest, Quiet, Span, never

SEVERITIES = ("low", "normal", "high")
PERCENTS = 10_000
PARIS = "Europe/Paris"

Severity = Literal["low", "normal", "high"]
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Lang = Literal["en", "fr"]


def fault(english: str, french: str) -> PydanticCustomError:
    """A fault of a file, in both languages."""
    return PydanticCustomError("rules", "{en}", {"en": english, "fr": french})


def _span(value: Any) -> Any:
    span = Span.parse(value) if isinstance(value, str) else None
    if span is None:
        raise fault("expected a span such as 30d, 12h, 45m or 2w", "attendu : une durée telle que 30d, 12h, 45m ou 2w")
    return span


def _hour(value: Any) -> Any:
    try:
        return datetime.strptime(value, "%H:%M").time() if len(value) == len("08:00") else time(99)  # noqa: DTZ007
    except (TypeError, ValueError):
        raise fault("expected an hour such as 08:00", "attendu : une heure telle que 08:00") from None


def _zone(value: Any) -> Any:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, TypeError, ValueError, OSError):
        raise fault("expected a time zone such as Europe/Paris", "attendu : un fuseau tel que Europe/Paris") from None


def _secret_name(value: str) -> str:
    if value.startswith("GREFFE_"):
        raise fault(
            "variables that start with GREFFE_ are settings: choose another name",
            "les variables qui commencent par GREFFE_ sont des réglages : choisissez un autre nom",
        )
    return value


Name = Annotated[str, Field(min_length=1, max_length=200)]
Variable = Annotated[str, Field(min_length=1), AfterValidator(_secret_name)]
Spans = Annotated[Span, BeforeValidator(_span)]
Hour = Annotated[time, BeforeValidator(_hour)]
Zone = Annotated[Any, BeforeValidator(_zone)]
Percent = Annotated[int, Field(ge=1, le=PERCENTS)]


class Part(BaseModel):
    """A part of the file: frozen, and no field that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True)


class Channel(Part):
    """A way to reach people or programs. Secrets are named, never written: by a variable, or by a file."""

    kind: Literal["email", "webhook", "slack", "teams", "mattermost"]
    url: str | None = None
    url_env: Variable | None = None
    url_file: Name | None = None
    secret_env: Variable | None = None
    secret_file: Name | None = None
    insecure: bool = False
    on_doubt: Literal["tell", "resend"] = "tell"

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        addresses = [one for one in (self.url, self.url_env, self.url_file) if one is not None]
        secrets = [one for one in (self.secret_env, self.secret_file) if one is not None]
        if self.kind == "email":
            if addresses or secrets:
                raise fault(
                    "an e-mail channel takes no address and no secret: the server is in the settings (notify.smtp_…)",
                    "un canal e-mail ne prend ni adresse ni secret : le serveur est dans les réglages (notify.smtp_…)",
                )
            return self
        if len(addresses) != 1:
            raise fault(
                "give one of url, url_env and url_file",
                "donnez l'un de url, url_env et url_file",
            )
        if self.url is not None and (wrong := url_fault(self.url, insecure=self.insecure)) is not None:
            raise fault(f"url: {wrong[0]}", f"url : {wrong[1]}")
        if (self.kind == "webhook") != (len(secrets) == 1):
            raise fault(
                "a webhook is signed: give one of secret_env and secret_file; other channels have none",
                "un webhook est signé : donnez l'un de secret_env et secret_file ; les autres canaux n'en ont pas",
            )
        return self


class QuietHours(Part):
    """Hours in which nothing is sent; it is sent after."""

    start: Hour = Field(alias="from")
    end: Hour = Field(alias="to")
    days: frozenset[Day] = Field(frozenset(get_args(Day)), min_length=1)
    zone: Zone = Field(default_factory=lambda: ZoneInfo(PARIS))
    passes: frozenset[Severity] = frozenset()

    @property
    def hours(self) -> Quiet:
        """The hours, with days as numbers."""
        return Quiet(self.start, self.end, frozenset(map(DAYS.index, self.days)), self.zone, frozenset(self.passes))


class DigestHour(Part):
    """When a digest goes out."""

    every: Literal["day", "week"]
    at: Hour
    on: Day | None = None
    zone: Zone = Field(default_factory=lambda: ZoneInfo(PARIS))

    @model_validator(mode="after")
    def _has_its_day(self) -> Self:
        if (self.every == "week") != (self.on is not None):
            raise fault(
                "a weekly digest needs on = a day; a daily one has none",
                "une synthèse hebdomadaire veut on = un jour ; une quotidienne n'en a pas",
            )
        return self

    @property
    def hours(self) -> Digest:
        """The hours, with days as numbers."""
        days = range(len(DAYS)) if self.on is None else [DAYS.index(self.on)]
        return Digest(self.at, frozenset(days), self.zone)


class Recipient(Part):
    """Who is told. The ledger knows the name alone; the address stays in this file or beside it."""

    channel: Name
    address: str | None = None
    address_env: Variable | None = None
    address_file: Name | None = None
    contact: Name | None = None
    lang: tuple[Lang, ...] = Field(("en", "fr"), min_length=1)
    quiet: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _has_one_address(self) -> Self:
        if self.address is not None and (wrong := mail_fault(self.address)) is not None:
            raise fault(f"address: {wrong[0]}", f"address : {wrong[1]}")
        return self

    @property
    def ways(self) -> list[str]:
        """The fields that say where an e-mail goes."""
        names = ("address", "address_env", "address_file", "contact")
        return [name for name in names if getattr(self, name) is not None]


class Escalation(Part):
    """Who is told next, where so long after a notification the matter stands and nobody acknowledged it."""

    after: Spans
    to: tuple[Name, ...] = Field(min_length=1)
    severity: Severity = "high"


class Words(Part):
    """What is added to the text, in both languages."""

    en: Name
    fr: Name


class Rule(Part):
    """What some recipients are told. Patterns are shell patterns (``outscale-cgv-2019/*``)."""

    name: Name
    about: Literal["deadline", "budget", "support"]
    to: tuple[Name, ...] = Field(min_length=1)
    contracts: tuple[Name, ...] = Field(("*",), min_length=1)
    ids: tuple[Name, ...] = Field(("*",), min_length=1)
    owed_by: frozenset[Literal["client", "provider", "none"]] = frozenset()
    before: tuple[Spans, ...] = ()
    percent: tuple[Percent, ...] = ()
    missed: bool = True
    moved: bool = True
    settled: bool = False
    severity: Severity = "normal"
    digest: Name | None = None
    escalate: tuple[Escalation, ...] = ()
    note: Words | None = None

    @model_validator(mode="after")
    def _is_about_what_it_says(self) -> Self:
        if self.about == "deadline" and self.percent:
            raise fault("percent: is for budgets and support clocks", "percent : vaut pour les budgets et le support")
        if self.about != "deadline" and (self.before or self.owed_by):
            raise fault(
                "before and owed_by are for deadlines; a budget or a support clock takes percent",
                "before et owed_by valent pour les échéances ; un budget ou un délai de support prend percent",
            )
        if self.about != "deadline" and not self.percent:
            raise fault("percent: is required", "percent : est obligatoire")
        if self.about == "deadline" and not (self.before or self.missed or self.settled):
            raise fault("nothing to tell: give before, missed or settled", "rien à dire : before, missed ou settled")
        return self

    def concerns(self, contract: str, id_: str, owed_by: str | None) -> bool:
        """Whether a figure is one of those that it is about."""
        return (
            any(fnmatchcase(contract, pattern) for pattern in self.contracts)
            and any(fnmatchcase(id_, pattern) for pattern in self.ids)
            and (not self.owed_by or owed_by in self.owed_by)
        )


class Rules(Part):
    """The whole file."""

    version: Literal[1]
    morning: Hour = time(9)
    zone: Zone = Field(default_factory=lambda: ZoneInfo(PARIS))
    together: int = Field(20, ge=1)
    look_back: Spans = Span(35, "d")
    channels: dict[Name, Channel] = Field(min_length=1)
    recipients: dict[Name, Recipient] = Field(min_length=1)
    quiet: dict[Name, QuietHours] = Field(default_factory=dict)
    digests: dict[Name, DigestHour] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = Field(min_length=1)

    def channel_of(self, recipient: str) -> Channel | None:
        """The channel of a recipient; None for one that is not in the file."""
        found = self.recipients.get(recipient)
        return None if found is None else self.channels[found.channel]

    def quiets(self, recipient: str, severity: str) -> list[Quiet]:
        """The quiet of a recipient that holds a severity back."""
        hours = (self.quiet[name].hours for name in self.recipients[recipient].quiet)
        return [one for one in hours if severity not in one.passes]


class Reference(NamedTuple):
    """A name that one part of the file uses of another: where, the name, the kind in both languages, what there is."""

    place: str
    name: str
    kind: tuple[str, str]
    known: list[str]


def references(rules: Rules) -> Iterable[Reference]:
    """Every name that a part of the file uses of another."""
    channels, quiets = ("channel", "canal"), ("quiet hours", "plage de calme")
    recipients, digests = ("recipient", "destinataire"), ("digest", "synthèse")
    for name, recipient in rules.recipients.items():
        yield Reference(f"recipients.{name}.channel", recipient.channel, channels, [*rules.channels])
        for quiet in recipient.quiet:
            yield Reference(f"recipients.{name}.quiet", quiet, quiets, [*rules.quiet])
    for number, rule in enumerate(rules.rules):
        place = f"rules[{number}]"
        for name in rule.to:
            yield Reference(f"{place}.to", name, recipients, [*rules.recipients])
        if rule.digest is not None:
            yield Reference(f"{place}.digest", rule.digest, digests, [*rules.digests])
        for step, escalation in enumerate(rule.escalate):
            for name in escalation.to:
                yield Reference(f"{place}.escalate[{step}].to", name, recipients, [*rules.recipients])


def contradictions(rules: Rules) -> Iterable[tuple[str, tuple[str, str]]]:
    """(place, what is wrong) of parts that do not go together; every name must be known."""
    for name, recipient in rules.recipients.items():
        wanted = 1 if rules.channels[recipient.channel].kind == "email" else 0
        if len(recipient.ways) != wanted:
            yield (
                f"recipients.{name}",
                (
                    "by e-mail, give one of address, address_env, address_file and contact; by another channel, none",
                    (
                        "par e-mail, donnez l'un de address, address_env, address_file et contact ; par un autre"
                        " canal, aucun"
                    ),
                ),
            )
        if never(rules.quiet[quiet].hours for quiet in recipient.quiet):
            yield (
                f"recipients.{name}.quiet",
                ("these quiet hours leave no hour of the week", "ces plages de calme ne laissent aucune heure"),
            )
    seen: set[str] = set()
    for number, rule in enumerate(rules.rules):
        if rule.name in seen:
            yield (
                f"rules[{number}].name",
                (f"{rule.name!r} names two rules", f"{rule.name!r} nomme deux règles"),
            )
        seen.add(rule.name)
