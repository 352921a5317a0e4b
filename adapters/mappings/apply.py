"""From a tool's message to facts. Pure: the same bytes and mappings give the same events, in the same bytes.

What a mapping cannot turn into an event is refused with its reason; the rest of the message is still mapped, and since
every id is made from the message alone, the whole message may come again once the mapping is put right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from adapters.cloudevents import canonical, parse_object
from adapters.mappings.expression import EvaluationError, Expression
from adapters.mappings.model import Event, Mapping, Reasoned, Rule, Step, Value
from adapters.mappings.refusal import Said, UnmappableMessageError
from adapters.mappings.value import MISSING, Missing, RefusedError, Skipped, value_of
from domain.errors import UndecodableEventError
from domain.events.decode import decode
from domain.events.model import shown
from domain.fact import AnyFact
from domain.time.instant import Instant

MOST_PARTS = 10_000
"""A message of a megabyte can name billions of combinations of its lists: one with more than these is refused."""

Names = dict[str, Any]


class Mapped(NamedTuple):
    """One event in its canonical bytes with the fact it states, or the message as it came and why it was refused."""

    body: bytes
    fact: AnyFact | UndecodableEventError


@dataclass(slots=True)
class Result:
    """What a message gave: events, then at most one refusal; ``ignored`` holds the reasons of what was left out."""

    mapped: list[Mapped] = field(default_factory=list)
    ignored: list[Said] = field(default_factory=list)


def map_message(mappings: Sequence[Mapping], body: bytes, recorded: Instant | None = None) -> list[Mapped]:
    """The events of the message of a tool, and a refusal for what could not be mapped; empty if all is ignored.

    ``recorded`` is the ledger's stamp, None in a replay. Raises nothing, whatever the bytes.
    """
    return mapping_result(mappings, body, recorded).mapped


def mapping_result(mappings: Sequence[Mapping], body: bytes, recorded: Instant | None = None) -> Result:
    """As ``map_message``, with the reasons of what a mapping ignores."""
    try:
        return _result(mappings, parse_object(body), body, recorded)
    except UndecodableEventError as error:
        lines = [line for line in body.splitlines() if line.strip()]
        if not any(mapping.lines for mapping in mappings) or not _is_object(lines):
            return Result([Mapped(body, error)])
    whole = Result()
    for line in lines:
        part = mapping_result(mappings, line, recorded)
        whole.mapped += part.mapped
        whole.ignored += part.ignored
    return whole


def _is_object(lines: Sequence[bytes]) -> bool:
    """Whether the first of several lines is a whole message by itself."""
    try:
        return len(lines) > 1 and bool(parse_object(lines[0]))
    except UndecodableEventError:
        return False


def _result(mappings: Sequence[Mapping], message: Names, body: bytes, recorded: Instant | None) -> Result:
    try:
        mapping = _of(mappings, message)
    except UnmappableMessageError as error:
        return Result([Mapped(body, error)])
    making = _Making(mapping, recorded)
    making.make(message)
    result = Result([Mapped(made, fact) for made, fact in making.events.values()], making.ignored)
    if making.refused:
        result.mapped.append(Mapped(body, making.refused[0].among(len(making.refused))))
    return result


def _of(mappings: Sequence[Mapping], message: Names) -> Mapping:
    """The one mapping that knows the message. Raises UnmappableMessageError where none does, or several."""
    found = []
    for mapping in mappings:
        try:
            if mapping.match.holds({"message": message, "constants": mapping.constants}):
                found.append(mapping)
        except EvaluationError as error:
            said = Said(str(error), f"erreur d'évaluation : {error}")
            raise UnmappableMessageError(said, mapping.name, "match", mapping.match.text) from None
    if len(found) == 1:
        return found[0]
    names = ", ".join(mapping.name for mapping in found or mappings)
    if found:
        said = Said(
            f"several mappings match the message: {names}", f"plusieurs tables reconnaissent le message : {names}"
        )
    else:
        said = Said(
            f"no mapping matches the message (tried: {names})", f"aucune table ne reconnaît le message ({names})"
        )
    raise UnmappableMessageError(said, None)


class _Making:
    """The events of one message under one mapping."""

    def __init__(self, mapping: Mapping, recorded: Instant | None) -> None:
        self.mapping = mapping
        self.recorded = recorded
        self.parts = 0
        self.events: dict[str, tuple[bytes, AnyFact]] = {}
        self.refused: list[UnmappableMessageError] = []
        self.ignored: list[Said] = []

    def make(self, message: Names) -> None:
        """Applies every rule that holds; refuses a message to which none applies, or that gives nothing."""
        names = {"message": message, "constants": self.mapping.constants}
        try:
            if self._is_ignored(self.mapping.ignore, names, "ignore"):
                return
            for number, reason in enumerate(self.mapping.refuse):
                if self._holds(reason.when, names, f"refuse[{number}].when"):
                    self._refuse(reason.said, f"refuse[{number}]", reason.when.text)
            applied = False
            for number, rule in enumerate(self.mapping.rule):
                place = f"rule[{number}]"
                if rule.when is None or self._holds(rule.when, names, f"{place}.when"):
                    applied = True
                    self._apply(rule, names, place)
        except UnmappableMessageError as error:
            self.refused.append(error)
            return
        if not applied:
            self._refuse(Said("no rule applies to the message", "aucune règle ne s'applique au message"), "rule", None)
        elif not (self.events or self.refused or self.ignored):
            self._refuse(Said("the message gives no event", "le message ne donne aucun événement"), "rule", None)

    def _apply(self, rule: Rule, names: Names, place: str) -> None:
        for bound in self._combinations(rule.each, names, f"{place}.each"):
            try:
                if self._is_ignored(rule.ignore, bound, f"{place}.ignore"):
                    continue
                self._events(rule, bound, place)
            except UnmappableMessageError as error:
                self.refused.append(error)

    def _combinations(self, steps: Sequence[Step], names: Names, place: str, number: int = 0) -> Iterator[Names]:
        """The names with each step bound in turn; what a step cannot bind is refused, or ignored if a table says so."""
        self.parts += 1
        if self.parts > MOST_PARTS:
            said = Said(f"the message has more than {MOST_PARTS} parts", f"le message a plus de {MOST_PARTS} parties")
            raise UnmappableMessageError(said, self.mapping.name, place)
        if number == len(steps):
            yield names
            return
        step = steps[number]
        here = f"{place}[{number}].{step.name}"
        try:
            found = self._value(step.value, names, here)
        except UnmappableMessageError as error:
            self.refused.append(error)
            return
        except Skipped as skipped:
            self.ignored.append(skipped.said)
            return
        if found is MISSING:
            return
        for element in found if isinstance(found, list) else [found]:
            yield from self._combinations(steps, {**names, step.name: element}, place, number + 1)

    def _events(self, rule: Rule, names: Names, place: str) -> None:
        made = 0
        for number, event in enumerate(rule.event):
            here = f"{place}.event[{number}]"
            if event.when is None or self._holds(event.when, names, f"{here}.when"):
                made += 1
                try:
                    self._event(event, names, here)
                except Skipped as skipped:
                    self.ignored.append(skipped.said)
                except UnmappableMessageError as error:
                    self.refused.append(error)
        if not made:
            steps = {step.name: names[step.name] for step in rule.each}
            bound = ", ".join(f"{name} = {shown(value)}" for name, value in steps.items())
            liste = ", ".join(f"{name} = {shown(value, 'fr')}" for name, value in steps.items())
            said = Said(f"no event applies (with {bound})", f"aucun événement ne s'applique (avec {liste})")
            if not steps:
                said = Said("no event applies", "aucun événement ne s'applique")
            self._refuse(said, f"{place}.event", None)

    def _event(self, event: Event, names: Names, place: str) -> None:
        data = {}
        for name, given in event.data.items():
            found = self._value(given, names, f"{place}.data.{name}")
            if found is not MISSING:
                data[name] = found
        made: Names = {"specversion": "1.0", "type": event.type, "source": self.mapping.source, "data": data}
        envelope = {"id": event.id, "subject": event.subject, "time": event.time}
        if event.correlation is not None:
            envelope["correlation"] = event.correlation
        for name, given in envelope.items():
            found = self._value(given, names, f"{place}.{name}")
            if found is not MISSING:
                made["correlationid" if name == "correlation" else name] = found
        self._keep(made, event, place)

    def _keep(self, made: Names, event: Event, place: str) -> None:
        try:
            fact = decode(made, self.recorded)
            body = canonical(made)
        except UndecodableEventError as error:
            where = f"{place}.{error.field}" if error.field else place
            expression = _said(event, error.field)
            french = error.french.removeprefix(f"{error.field} : ")
            raise UnmappableMessageError(Said(error.reason, french), self.mapping.name, where, expression) from None
        first = self.events.setdefault(fact.id, (body, fact))
        if first[0] != body:
            said = Said(
                f"two events of the message have the id {shown(fact.id)}",
                f"deux événements du message ont l'id {shown(fact.id)}",
            )
            raise UnmappableMessageError(said, self.mapping.name, f"{place}.id", event.id.said)

    def _is_ignored(self, reasons: Sequence[Reasoned], names: Names, place: str) -> bool:
        for number, reason in enumerate(reasons):
            if self._holds(reason.when, names, f"{place}[{number}].when"):
                self.ignored.append(reason.said)
                return True
        return False

    def _holds(self, expression: Expression, names: Names, place: str) -> bool:
        try:
            return expression.holds(names)
        except EvaluationError as error:
            said = Said(str(error), f"erreur d'évaluation : {error}")
            raise UnmappableMessageError(said, self.mapping.name, place, expression.text) from None

    def _value(self, given: Value, names: Names, place: str) -> Any | Missing:
        try:
            return value_of(given, names, self.mapping.table)
        except RefusedError as error:
            raise UnmappableMessageError(error.said, self.mapping.name, place, given.said) from None

    def _refuse(self, said: Said, place: str, expression: str | None) -> None:
        self.refused.append(UnmappableMessageError(said, self.mapping.name, place, expression))


def _said(event: Event, path: str | None) -> str | None:
    """The expression of the field that was refused."""
    root, _, rest = (path or "").partition(".")
    if root == "data":
        given = event.data.get(rest.partition(".")[0].partition("[")[0])
    else:
        given = {"id": event.id, "subject": event.subject, "time": event.time}.get(root)
    return given.said if given else None
