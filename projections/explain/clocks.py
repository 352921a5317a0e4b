"""How a support commitment or objective was reached: the clock, its pauses, the days it was closed, the tickets."""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.exact import exact_text, seconds_text
from domain.time.calendar import Calendar
from domain.time.instant import paris_date
from domain.time.interval import clip, total
from projections.basis import Basis
from projections.explain.voice import in_lang, rule_of, say, text_of, title_of
from projections.objectives import WHOLE, ObjectiveRow
from projections.shown import microseconds, moment, percent, span
from projections.statement import Derived
from projections.support import SupportRow
from projections.support_plan import plan
from projections.tickets import Ticket, tickets_of
from projections.wording import state_word

MINUTES = 60
MOST_DAYS = 400


def support_steps(basis: Basis, row: SupportRow, lang: str) -> Iterator[str]:
    """The sentences of one support row."""
    shown = row.measured
    title = title_of(basis, row.commitment, row.opened, lang)
    priority = "" if row.priority is None else say(lang, f" Priority {row.priority}.", f" Priorité {row.priority}.")
    allowed = microseconds(row.allowed_us, lang)
    yield say(
        lang,
        f"The text ({row.clause}): {title}. Allowed: {allowed}.{priority}",
        f"Le texte ({row.clause}) : {title}. Autorisé : {allowed}.{priority}",
    )
    opened = moment(row.opened)
    yield say(lang, f"Ticket {row.ticket}, opened {opened}.", f"Ticket {row.ticket}, ouvert le {opened}.")
    if row.because is not None:
        rule, clause = row.because
        why = title_of(basis, rule, row.opened, lang)
        yield say(
            lang,
            f"The commitment does not apply: {why} ({clause}, {rule}).",
            f"L'engagement ne s'applique pas : {why} ({clause}, {rule}).",
        )
        return
    if shown.start is None:
        yield say(
            lang,
            "The ticket is not complete: the clock has not started.",
            "Le ticket n'est pas complet : le délai n'a pas commencé à courir.",
        )
        return
    yield say(lang, f"The clock starts at {moment(shown.start)}.", f"Le délai court à partir du {moment(shown.start)}.")
    yield from _stops(basis, row, lang)
    if shown.due is not None:
        yield say(
            lang, f"It runs out at {moment(shown.due)}, the last instant in time.",
            f"Il expire le {moment(shown.due)}, dernier instant utile.",
        )  # fmt: skip
    if shown.settled is not None:
        done = moment(shown.settled)
        yield say(lang, f"The provider acted at {done}.", f"Le prestataire a agi le {done}.")
    yield from _elapsed(row, lang)


def objective_steps(basis: Basis, derived: Derived, row: ObjectiveRow, lang: str) -> Iterator[str]:
    """The sentences of one objective row: the tickets that count, then the share."""
    about = rule_of(basis, row.commitment, basis.at)
    title = row.commitment if about is None else in_lang(about, lang)
    objective = exact_text(row.objective)
    yield say(
        lang,
        f"The text ({row.clause}) asks that {objective} % be in time: {title}.",
        f"Le texte ({row.clause}) demande {objective} % dans les temps : {title}.",
    )
    tickets = [t for t in derived.support if t.commitment == row.commitment and t.state != "not-applicable"]
    of_month = [t for t in tickets if paris_date(t.opened).isoformat()[:7] == row.month]
    counted = of_month if len(of_month) == row.total else [
        t for t in tickets if paris_date(t.opened).isoformat()[:7] <= row.month
    ]  # fmt: skip
    for ticket in counted:
        word = state_word("support", {"state": ticket.state}, lang)
        opened = moment(ticket.opened)
        yield say(
            lang,
            f"Ticket {ticket.ticket}, opened {opened}: {word}.",
            f"Ticket {ticket.ticket}, ouvert le {opened} : {word}.",
        )
    word = state_word("support_objectives", {"state": row.state}, lang)
    if not row.total:
        yield say(lang, f"No ticket counts in {row.month}.", f"Aucun ticket ne compte en {row.month}.")
        return
    if row.undecided:
        yield say(lang, f"Not decided yet: {row.undecided}.", f"Pas encore décidés : {row.undecided}.")
    sign = ">=" if row.met * WHOLE >= row.objective * row.total else "<"
    share = percent(f"{row.met}/{row.total}")
    yield say(lang, f"In time: {row.met} of {row.total}.", f"Dans les temps : {row.met} sur {row.total}.")
    yield f"{row.met}/{row.total} = {share} {sign} {objective} %{say(lang, ': ', ' : ')}{word}."


def _stops(basis: Basis, row: SupportRow, lang: str) -> Iterator[str]:
    """When the clock stood still between its start and its end: closed days, closed hours, the client's own time."""
    found = _clock(basis, row)
    if found is None or row.measured.start is None:
        return
    calendar, ticket, recovery = found
    start, end = row.measured.start, row.measured.settled or row.measured.due or basis.at
    if not calendar.always_open:
        if calendar.opens is not None and calendar.closes is not None:
            hours = f"{_hour(calendar.opens)}-{_hour(calendar.closes)}"
            yield say(lang, f"It runs {hours} on working days.", f"Il court de {hours} les jours ouvrés.")
        closed = ", ".join(_closed(calendar, paris_date(start), paris_date(max(end, start)), lang))
        if closed:
            yield say(lang, f"Closed: {closed}.", f"Fermé : {closed}.")
    if not recovery:
        return
    waits = list(ticket.pauses)
    if ticket.paused_since is not None and ticket.resolved is None:
        waits.append((ticket.paused_since, basis.at))
    for part in clip(tuple(waits), start, max(end, start)):
        lasted = microseconds(total((part,)), lang)
        yield say(
            lang,
            f"The client was waited for, {span(*part, lang)}: {lasted} out of the clock.",
            f"Attente du client, du {span(*part, lang)} : {lasted} hors du délai.",
        )


def _clock(basis: Basis, row: SupportRow) -> tuple[Calendar, Ticket, bool] | None:
    agreement = text_of(basis, row.commitment, row.opened)
    ticket = next((one for one in tickets_of(basis) if one.id == row.ticket), None)
    if agreement is None or agreement.support is None or ticket is None:
        return None
    terms = plan(agreement, basis.readings.at(row.opened), basis.readings).terms
    term = next((one for group in terms.values() for one in group if one.commitment == row.commitment), None)
    return None if term is None else (term.clock(ticket), ticket, term.recovery)


def _closed(calendar: Calendar, day: date, last: date, lang: str) -> Iterator[str]:
    weekend = say(lang, "closed", "fermé")
    for _ in range(MOST_DAYS):
        if day > last:
            return
        if not calendar.is_working_day(day):
            names = calendar.holiday(day)
            yield f"{day.isoformat()} {weekend if names is None else say(lang, *names)}"
        day += timedelta(days=1)
    yield "…"


def _hour(minutes: int) -> str:
    return f"{minutes // MINUTES:02}:{minutes % MINUTES:02}"


def _elapsed(row: SupportRow, lang: str) -> Iterator[str]:
    used, allowed = seconds_text(row.measured.elapsed_us), seconds_text(row.allowed_us)
    sign = "<=" if row.measured.elapsed_us <= row.allowed_us else ">"
    word = state_word("support", {"state": row.state}, lang)
    shown = microseconds(row.measured.elapsed_us, lang)
    yield say(lang, f"On the commitment's own clock: {shown}.", f"Sur l'horloge de l'engagement : {shown}.")
    yield say(lang, f"{used} {sign} {allowed} s: {word}.", f"{used} {sign} {allowed} s : {word}.")
