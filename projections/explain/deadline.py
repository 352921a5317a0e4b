"""How a deadline was reached: what opened it, the delay of the text step by step, the date, and what settled it."""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.agreements.deadline import Deadline
from domain.agreements.indicator import Varying
from domain.errors import GreffeError
from domain.time.delay import Clear, Due, TimeRules, compute, parse_delay
from domain.time.instant import Instant, paris_date
from projections.basis import Basis
from projections.deadline_row import DeadlineRow
from projections.due import delay_words, step_json, steps_words
from projections.explain.voice import in_lang, rule_of, say, told
from projections.rulebook import clear_of
from projections.shown import microseconds, moment
from projections.wording import party_word, state_word


def deadline_steps(basis: Basis, row: DeadlineRow, lang: str) -> Iterator[str]:
    """The sentences of one deadline row."""
    start = basis.at if row.start is None else row.start
    rule = rule_of(basis, row.rule, start)
    effect = row.owed_by == "none"
    title = row.rule if rule is None else in_lang(rule, lang)
    if effect:
        yield say(
            lang, f"The text ({row.clause}), an effect: {title}.", f"Le texte ({row.clause}), un effet : {title}."
        )
    else:
        party = party_word(row.owed_by, lang)
        yield say(
            lang,
            f"The text ({row.clause}), a duty of the {party}: {title}.",
            f"Le texte ({row.clause}), à la charge du {party} : {title}.",
        )
    if row.opened_by is None:
        yield say(lang, "Opened by the end of a period.", "Ouverte par la fin d'une période.")
    else:
        opener = told(basis, row.opened_by, lang)
        yield say(lang, f"Opened by: {opener}.", f"Ouverte par : {opener}.")
    yield from _counted(basis, row, rule, lang)
    if row.earliest is not None:
        yield say(lang, f"Not before {moment(row.earliest)}.", f"Pas avant le {moment(row.earliest)}.")
    if row.safe_until is not None:
        safe = moment(row.safe_until)
        yield say(
            lang,
            f"Under the stricter way to count clear days it ends at {safe}: act before.",
            f"Selon le décompte le plus strict des jours francs, elle expire le {safe} : agir avant.",
        )
    yield from _outcome(basis, row, lang, effect=effect)


def recomputed(basis: Basis, row: DeadlineRow) -> tuple[str, Due] | None:
    """The delay of the text and the computation that gives the row's date; None where another rule set the date."""
    if row.due is None or row.start is None:
        return None
    rule = rule_of(basis, row.rule, row.start)
    if not isinstance(rule, Varying):
        return None
    document = row.rule.partition("/")[0]
    readings = basis.readings.at(row.start)
    reads = rule.under(lambda name: readings.get(name, document))
    delay = getattr(reads, "delay", None) or getattr(reads, "validity", None)
    if not delay:
        return None
    clear: Clear = (reads.clear or clear_of(reads)) if isinstance(reads, Deadline) else "act_window"
    day = paris_date(row.start)
    eve = paris_date(row.start - 1)
    starts: list[Instant | date] = [row.start, day, eve, eve - timedelta(days=1)]
    for start in starts:
        try:
            found = compute(start, parse_delay(delay), TimeRules.of(readings), clear)
        except GreffeError:
            return None
        if found.due == row.due and found.last_day == row.last_day:
            return delay, found
    return None


def _counted(basis: Basis, row: DeadlineRow, rule: object, lang: str) -> Iterator[str]:
    if row.due is None:
        yield say(
            lang,
            "The text gives no figure: the time that passes is told, a breach is never asserted.",
            "Le texte ne donne aucun délai chiffré : le temps écoulé est dit, aucun manquement n'est affirmé.",
        )
        if row.elapsed_us is not None:
            gone = microseconds(row.elapsed_us, lang)
            yield say(lang, f"Elapsed: {gone}.", f"Écoulé : {gone}.")
        return
    if row.start is not None:
        yield say(lang, f"It runs from {moment(row.start)}.", f"Elle court à partir du {moment(row.start)}.")
    found = recomputed(basis, row)
    if found is not None:
        delay, due = found
        said = delay_words(delay, lang)
        yield say(lang, f"The text says: {said}.", f"Le texte dit : {said}.")
        yield from (f"  {line}" for line in steps_words([step_json(step) for step in due.steps], lang))
    elif getattr(rule, "delay", None) is not None:
        yield say(
            lang,
            "Its date is the one that the fact itself names, or that the text sets otherwise.",
            "Sa date est celle que le fait lui-même indique, ou que le texte fixe autrement.",
        )
    due_at = moment(row.due)
    if row.last_day is None:
        yield say(lang, f"Due: {due_at}, the last instant in time.", f"Échéance : {due_at}, dernier instant utile.")
    else:
        yield say(
            lang,
            f"Due: {due_at}; the last day is {row.last_day}.",
            f"Échéance : {due_at} ; le dernier jour est le {row.last_day}.",
        )


def _outcome(basis: Basis, row: DeadlineRow, lang: str, *, effect: bool) -> Iterator[str]:
    word = state_word("deadlines", {"state": row.state, "owed_by": row.owed_by}, lang)
    if row.settled_by is not None:
        act = told(basis, row.settled_by, lang)
        yield say(lang, f"Settled by: {act}.", f"Réglée par : {act}.")
    elif not effect:
        at = moment(basis.at)
        yield say(lang, f"No known act settles it by {at}.", f"Aucun acte connu ne la règle au {at}.")
    yield say(lang, f"State: {word}.", f"État : {word}.")
