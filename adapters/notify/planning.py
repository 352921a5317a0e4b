"""Who is to be told what, now: rules over figures, given what was told before. Pure.

One series is one thing told to one recipient. Along it, only the furthest threshold that was passed is told, never one
behind what was told of the same date; a date that moved is told again, with what it was.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from adapters.notify.figures import Figure
from adapters.notify.moments import released
from adapters.notify.rows import Notification
from adapters.notify.rules import Escalation, Rule, Rules
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, format_instant
from projections.text import Titles

ID_DIGITS = 32
MISSED_RANK, SETTLED_RANK = 0, 10**9
MOVED = "moved#"
MOVED_RANK = -(10**12)
"""Below every threshold before a date: what follows a move is still told."""
TOLD = frozenset({"sent", "taken", "failed"})
PLANNED = TOLD | {"waiting"}
Series = tuple[str, str]
"""Thing, recipient."""
Since = Callable[[str, str], Instant | None]
"""Since when a rule is applied for a recipient; None before its first time."""


class Threshold(NamedTuple):
    """A threshold that was passed: its name, its place among those of its thing, and when it was."""

    name: str
    rank: int
    at: Instant


class Plan(NamedTuple):
    """What a look at a contract leads to: to be told, to be taken back, and when to look again without new facts."""

    found: list[Notification]
    withdrawn: list[str]
    again: Instant | None


def identity(contract: str, thing: str, due: Instant, threshold: str, recipient: str) -> str:
    """What tells a notification from every other; the same after every restart and rebuild."""
    name = json.dumps([contract, thing, due, threshold, recipient], ensure_ascii=False)
    return hashlib.sha256(name.encode()).hexdigest()[:ID_DIGITS]


class Planner:
    """Plans for one contract after another, at one instant."""

    def __init__(self, rules: Rules, since: Since, titles: Titles, now: Instant) -> None:
        self._rules = rules
        self._since = since
        self._titles = titles
        self._now = now
        self._again: list[Instant] = []

    def plan(self, figures: Sequence[Figure], told: Sequence[Notification]) -> Plan:
        """The plan for one contract, of which ``told`` is all that was planned before."""
        self._again = []
        told = _as_named_now(figures, told)
        before: dict[Series, list[Notification]] = defaultdict(list)
        for one in told:
            if one.state in PLANNED:
                before[one.thing, one.recipient].append(one)
        found: dict[str, Notification] = {}
        for figure in figures:
            for rule in self._rules.rules:
                if rule.about == figure.kind and rule.concerns(figure.contract, figure.id, figure.owed_by):
                    for one in self._of_rule(figure, rule, before):
                        if one.id not in found:
                            found[one.id] = one
        kept = self._furthest(found.values())
        standing = {figure.thing: figure for figure in figures}
        withdrawn = [one.id for one in told if one.state == "waiting" and self._is_over(one, standing, kept)]
        return Plan(kept, withdrawn, min((at for at in self._again if at > self._now), default=None))

    def _of_rule(
        self, figure: Figure, rule: Rule, before: Mapping[Series, Sequence[Notification]]
    ) -> Iterator[Notification]:
        threshold = self._passed(figure, rule)
        for name in rule.to:
            series = before.get((figure.thing, name), ())
            same = [one for one in series if one.due == figure.due]
            told = [one for one in series if one.state in TOLD]
            last = max(told, key=lambda one: one.sent or one.release, default=None)
            was = None if last is None or last.due == figure.due else last.due
            settles = threshold is not None and threshold.rank == SETTLED_RANK
            if threshold is not None and all(one.rank < threshold.rank for one in same) and (last or not settles):
                yield self._notification(figure, rule, name, threshold, was)
            elif was and rule.moved and figure.state == "pending" and all(one.state != "waiting" for one in same):
                yield self._notification(
                    figure, rule, name, Threshold(f"{MOVED}{len(told)}", MOVED_RANK, self._now), was
                )
        if threshold is not None:
            yield from self._escalated(figure, rule, before)

    def _passed(self, figure: Figure, rule: Rule) -> Threshold | None:
        """The furthest threshold of a rule that a figure has passed; notes when the next one is."""
        if figure.settled:
            return Threshold("settled", SETTLED_RANK, self._now) if rule.settled else None
        if figure.kind != "deadline":
            passed = [percent for percent in rule.percent if figure.used >= percent]
            return Threshold(f"{max(passed)}%", max(passed), self._now) if passed else None
        if figure.state == "missed":
            return Threshold("missed", MISSED_RANK, figure.due) if rule.missed else None
        found = []
        for span in rule.before:
            at = span.before(figure.due, figure.last_day, self._rules.morning, self._rules.zone)
            found.append(Threshold(str(span), -span.seconds, max(at, figure.start)))
        self._again += [one.at for one in found]
        return max((one for one in found if one.at <= self._now), key=lambda one: one.rank, default=None)

    def _escalated(
        self, figure: Figure, rule: Rule, before: Mapping[Series, Sequence[Notification]]
    ) -> Iterator[Notification]:
        if figure.settled:
            return
        self._again += [_after(self._now, step) for step in rule.escalate]  # of what is only now to be sent
        mine = [
            one
            for name in rule.to
            for one in before.get((figure.thing, name), ())
            if one.rule == rule.name and one.due == figure.due and one.sent is not None
        ]
        if not mine or any(one.acknowledged is not None for one in mine):
            return
        last = max(mine, key=lambda one: (one.rank, -(one.sent or 0)))
        for step in rule.escalate:
            at = _after(last.sent or self._now, step)
            self._again.append(at)
            if at > self._now:
                continue
            threshold = Threshold(f"{last.threshold}+{step.after}", last.rank, at)
            for name in step.to:
                told = before.get((figure.thing, name), ())
                if not any(one.due == figure.due and one.threshold == threshold.name for one in told):
                    raised = rule.model_copy(update={"severity": step.severity, "digest": None})
                    yield self._notification(figure, raised, name, threshold, None)

    def _notification(
        self, figure: Figure, rule: Rule, recipient: str, threshold: Threshold, was: Instant | None
    ) -> Notification:
        id_ = identity(figure.contract, figure.thing, figure.due, threshold.name, recipient)
        since = self._since(rule.name, recipient)
        if since is None or (threshold.at < since and threshold.rank != MOVED_RANK):
            release, grouped = self._now, f"before:{self._now}"
        elif rule.digest is not None:
            release = self._rules.digests[rule.digest].hours.following(self._now)
            grouped = f"digest:{rule.digest}:{release}"
        else:
            release, grouped = self._now, f"at-once:{id_}"
        release = released(release, self._rules.quiets(recipient, rule.severity))
        if self._rules.recipients[recipient].contact is not None:
            grouped = f"{grouped}:{figure.contract}"  # who holds a role is asked of each contract
        return Notification(
            *(id_, figure.contract, figure.thing, figure.due, threshold.name, threshold.rank, rule.name, recipient),
            *(rule.severity, grouped, threshold.at, release),
            _body(figure, rule, threshold, was, self._titles(figure.id)),
        )

    def _furthest(self, found: Iterable[Notification]) -> list[Notification]:
        """Of one series and date, the furthest alone; escalations beside it."""
        kept: dict[tuple[str, str, Instant, bool], Notification] = {}
        for one in found:
            key = (one.thing, one.recipient, one.due, "+" in one.threshold)
            if key not in kept or kept[key].rank < one.rank:
                kept[key] = one
        return list(kept.values())

    def _is_over(self, one: Notification, standing: Mapping[str, Figure], kept: Sequence[Notification]) -> bool:
        """Whether what waits is no longer true, or is said by what is to be told now."""
        figure = standing.get(one.thing)
        if figure is None:
            return not one.thing.startswith('["budget"')  # of a period that is over, it stays true
        if figure.due != one.due:
            return True
        if one.threshold == "settled":
            return not figure.settled
        if figure.settled or (one.threshold == "missed" and figure.state != "missed"):
            return True
        if figure.kind != "deadline" and one.rank > figure.used:
            return True
        newer = (new.thing == one.thing and new.recipient == one.recipient and new.rank > one.rank for new in kept)
        return "+" not in one.threshold and any(newer)


def _as_named_now(figures: Sequence[Figure], told: Sequence[Notification]) -> list[Notification]:
    """What was told, under the present name of its thing: a corrected fact opens the same deadline under another."""
    standing = {figure.thing for figure in figures}
    renamed = {name: figure.thing for figure in figures for name in figure.earlier if name not in standing}
    return [one._replace(thing=renamed.get(one.thing, one.thing)) for one in told]


def _after(at: Instant, step: Escalation) -> Instant:
    return Instant(at + step.after.seconds * MICROSECONDS_PER_SECOND)


def _body(
    figure: Figure, rule: Rule, threshold: Threshold, was: Instant | None, title: tuple[str, str] | None
) -> bytes:
    said = {
        "kind": figure.kind,
        "contract": figure.contract,
        "id": figure.id,
        "title": list(title or (figure.id, figure.id)),
        "owed_by": figure.owed_by,
        "state": figure.state,
        "due": format_instant(figure.due) if figure.due else None,
        "threshold": threshold.name,
        "rule": rule.name,
        "severity": rule.severity,
        "at": format_instant(threshold.at),
        **figure.said,
    }
    if was is not None:
        said["was"] = format_instant(was)
    if rule.note is not None:
        said["note"] = [rule.note.en, rule.note.fr]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def together(found: Sequence[Notification], most: int, now: Instant) -> list[Notification]:
    """What one look found; where one recipient would get more than ``most`` messages at once, one that says it all."""
    at_once: dict[str, int] = defaultdict(int)
    for one in found:
        at_once[one.recipient] += one.grouped.startswith("at-once:")
    return [
        one._replace(grouped=f"many:{now}")
        if one.grouped.startswith("at-once:") and at_once[one.recipient] > most
        else one
        for one in found
    ]
