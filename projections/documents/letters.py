"""Letters ready for registered delivery: a formal notice, and the notice of a lost qualification.

What no fact says (an address, a signatory) is left to fill in, and shown as such.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.agreements.deadline import Deadline
from domain.agreements.model import Agreement
from domain.errors import InvalidDelayError
from domain.events.notice import NoticeSent
from domain.events.qualification import QualificationLost
from domain.events.termination import FormalNoticeSent
from domain.fact import Fact
from domain.time.delay import Due, TimeRules, compute, parse_delay
from domain.time.instant import Instant
from projections.deadline_row import DeadlineRow
from projections.documents.blocks import LEFT, Block, Cell, addresses, blanks, cell, heading, pairs, points, table, text
from projections.documents.drawing import Asked, Drawing, NotDrawnError, Sheet, Voice
from projections.documents.matter import duty, titled
from projections.documents.parties import client, provider
from projections.due import delay_words, step_json, steps_words
from projections.explain.fact_words import phrase
from projections.figures import day, measured, moment, target
from projections.indicator_row import BREACHED, IndicatorRow
from projections.payment import PaymentDue, payment_due
from projections.qualification import loss_opens_duty
from projections.rulebook import clear_of
from projections.wording import Pair, party_word, value_word

WORDS: Mapping[str, Pair] = {
    "formal": ("Formal notice", "Mise en demeure"),
    "formal_about": ("draft as of {day}", "projet au {day}"),
    "formal_sent": ("sent on {day}", "envoyée le {day}"),
    "lost": ("Notice of the loss of a qualification", "Notification de la perte d'une qualification"),
    "registered": (
        "By registered letter with acknowledgment of receipt, No. ____________________",
        "Lettre recommandée avec avis de réception n° ____________________",
    ),
    "date": ("Done at ____________________, {day}", "Fait à ____________________, le {day}"),
    "formal_object": (
        "Object: formal notice to remedy breaches of contract {contract}.",
        "Objet : mise en demeure de remédier aux manquements au contrat {contract}.",
    ),
    "reference": ("Our reference: {name}", "Notre référence : {name}"),
    "formal_opening": (
        "Under the contract named above and the texts that govern it, the following has not been done or kept:",
        "Au titre du contrat cité ci-dessus et des textes qui le régissent, ce qui suit n'a pas été fait ou tenu :",
    ),
    "ground": (
        "Under the contract named above and the texts that govern it, the ground of this notice is: {ground}",
        "Au titre du contrat cité ci-dessus et des textes qui le régissent, le motif de la présente est : {ground}",
    ),
    "duty": ("Duty or promise", "Obligation ou engagement"),
    "clause": ("Clause", "Clause"),
    "found": ("What is found", "Constat"),
    "was_due": ("due {day}, not done by {at}", "échéance le {day}, non fait au {at}"),
    "not_kept": (
        "{reached} for {promised}, periods ended {day}",
        "{reached} pour {promised}, périodes closes le {day}",
    ),
    "invoice": ("Invoice {name}", "Facture {name}"),
    "unpaid": ("due {day}, not paid by {at}", "exigible le {day}, impayée au {at}"),
    "demand": (
        (
            "You are therefore given formal notice to remedy this within {delay} ({clause}). For a notice given"
            " on {day},"
            " the last day is {last}."
        ),
        (
            "Vous êtes en conséquence mis en demeure d'y remédier dans un délai de {delay} ({clause}). Pour une mise en"
            " demeure du {day}, le dernier jour est le {last}."
        ),
    ),
    "demand_free": (
        (
            "You are therefore given formal notice to remedy this within [delay: to be filled in]. The texts in"
            " force set"
            " no delay for it."
        ),
        (
            "Vous êtes en conséquence mis en demeure d'y remédier dans un délai de [délai : à compléter]. Les textes en"
            " vigueur n'en fixent aucun."
        ),
    ),
    "else": ("Failing this, the text opens:", "À défaut, le texte ouvre :"),
    "count": ("How the delay is counted:", "Comment le délai est compté :"),
    "reserve": (
        "This letter is sent without prejudice to any other right under the contract.",
        "La présente est adressée sans préjudice de tout autre droit au titre du contrat.",
    ),
    "before": ("Before sending", "Avant l'envoi"),
    "before_fill": (
        "Fill in what stands in brackets; no fact of the ledger says it.",
        "Compléter ce qui figure entre crochets : aucun fait du registre ne le dit.",
    ),
    "before_channel": (
        "Read the form in the clause cited: where it names another channel, such as e-mail, use that one too.",
        "Relire la forme dans la clause citée : si elle nomme un autre canal, comme le courriel, l'employer aussi.",
    ),
    "before_record": (
        "Record the sending, and the date on the slip, as facts: the delay runs from them.",
        "Enregistrer l'envoi, puis la date de l'avis de réception, comme faits : le délai court à partir d'eux.",
    ),
    "sign_client": ("For the client: name, quality, signature", "Pour le client : nom, qualité, signature"),
    "sign_provider": ("For the provider: name, quality, signature", "Pour le prestataire : nom, qualité, signature"),
    "state": ("What became of it", "Ce qu'il en est"),
    "lost_object": (
        "Object: loss of the qualification of the service {service}, contract {contract}.",
        "Objet : perte de la qualification du service {service}, contrat {contract}.",
    ),
    "lost_body": (
        "We notify you that the service {service} lost its qualification on {day}.",
        "Nous vous notifions que le service {service} a perdu sa qualification le {day}.",
    ),
    "decision": ("Decision", "Décision"),
    "no_decision": ("[decision: not recorded]", "[décision : non enregistrée]"),
    "lost_on": ("Lost on", "Perdue le"),
    "service": ("Service", "Service"),
    "this_notice": ("This notice", "La présente notification"),
    "rights": ("What the text gives you", "Ce que le texte vous ouvre"),
    "sent": ("Recorded as sent", "Envoi enregistré"),
    "sent_by": ("{day}, by {channel}", "{day}, par {channel}"),
    "not_sent": ("No sending is recorded by this date.", "Aucun envoi n'est enregistré à cette date."),
    "to": ("[for the attention of: to be filled in]", "[à l'attention de : à compléter]"),
}
NOTHING: Pair = (
    "Nothing is found that the {party} failed to do by this date, and no formal notice of the other party is recorded.",
    (
        "Rien n'est constaté que le {party} ait manqué de faire à cette date, et aucune mise en demeure de"
        " l'autre partie"
        " n'est enregistrée."
    ),
)
NO_NOTICE: Pair = (
    "No formal notice is called {name!r}; there is {known}.",
    "Aucune mise en demeure ne s'appelle {name!r} ; il y a {known}.",
)
NOT_LOST: Pair = (
    "No loss of a qualification that the contract rests on is recorded by this date.",
    "Aucune perte d'une qualification sur laquelle repose le contrat n'est enregistrée à cette date.",
)
FORMAL, LOSS = "formal-notice.sent", "qualification-lost"
TOPIC = "qualification-loss"
OTHER = {"client": "provider", "provider": "client"}


class Failure(NamedTuple):
    """One thing that was not done or kept: what, its clause, what is found, the facts that show it."""

    what: str
    clause: str
    found: str
    events: tuple[str, ...]


class Cure(NamedTuple):
    """The delay that a text gives to remedy after formal notice, computed for a notice given at the document's date."""

    agreement: Agreement
    rule: Deadline
    delay: str
    due: Due


def why_no_notice(drawing: Drawing, by: str = "client") -> Pair | None:
    """Why there is no formal notice to draw up for a party; None where there is."""
    if _notices(drawing, by) or _failures(drawing, by):
        return None
    party = OTHER[by]
    return NOTHING[0].format(party=party_word(party, "en")), NOTHING[1].format(party=party_word(party, "fr"))


def formal_notice(drawing: Drawing, asked: Asked) -> Sheet:
    """The notice of that name as recorded, else a draft of what the other party has not done, else the newest sent."""
    sent = None if asked.about is None else _named(drawing, asked.about)
    by = asked.by if sent is None else str(sent.data.by)
    if sent is None and (why := why_no_notice(drawing, by)) is not None:
        raise NotDrawnError(*why)
    failures = [] if sent is not None else _failures(drawing, by)
    if sent is None and not failures:
        sent = _notices(drawing, by)[-1]
    say, lang = Voice(WORDS, drawing.lang), drawing.lang
    sender, to = (client(drawing), provider(drawing)) if by == "client" else (provider(drawing), client(drawing))
    when = day(drawing.at if sent is None else sent.time, lang)
    blocks: list[Block] = [addresses(sender, to, say("registered")), text(say("date", day=when))]
    blocks.append(text(say("formal_object", contract=drawing.basis.contract), "strong"))
    rows = [] if sent is None else [row for row in drawing.derived.deadlines if row.opened_by == sent.ref]
    if sent is not None:
        blocks.append(text(say("reference", name=sent.data.notice)))
        blocks.append(text(say("ground", ground=sent.data.ground)))
    else:
        blocks.append(text(say("formal_opening")))
        blocks.append(_table(say, failures))
    blocks += _demand(drawing, say, sent)
    blocks.append(text(say("reserve")))
    blocks.append(blanks([(say(f"sign_{by}"), "box")]))
    annex: list[Block] = []
    if rows:
        annex += [heading(say("state")), pairs((row.clause, duty(drawing, row)) for row in rows)]
    if sent is None:
        annex += _before(say)
    events = {ref for one in failures for ref in one.events} | {ref for row in rows for ref in row.events}
    about = say("formal_about", day=when) if sent is None else say("formal_sent", day=when)
    return Sheet(
        say("formal"), about, tuple(blocks), tuple(sorted(events | ({sent.ref} if sent else set()))), (), tuple(annex)
    )


def _notices(drawing: Drawing, by: str) -> list[Fact[FormalNoticeSent]]:
    return [fact for fact in drawing.basis.facts.own(FormalNoticeSent) if fact.data.by == by]


def _named(drawing: Drawing, name: str) -> Fact[FormalNoticeSent]:
    every = drawing.basis.facts.own(FormalNoticeSent)
    for fact in every:
        if fact.data.notice == name:
            return fact
    known = ", ".join(fact.data.notice for fact in every) or "–"
    raise NotDrawnError(*(words.format(name=name, known=known) for words in NO_NOTICE))


def _failures(drawing: Drawing, by: str) -> list[Failure]:
    """What the other party has not done: duties that texts declare, invoices, and lines of the last closed month."""
    say, lang, basis = Voice(WORDS, drawing.lang), drawing.lang, drawing.basis
    party, at = OTHER[by], moment(drawing.at, lang)
    declared = {text_.full_id(rule.id) for text_ in basis.terms.governing(drawing.at) for rule in text_.deadline}
    found = [
        Failure(titled(drawing, row.rule), row.clause, say("was_due", day=_due(drawing, row), at=at), row.events)
        for row in drawing.derived.deadlines
        if row.owed_by == party and row.state == "missed" and row.rule in declared
    ]
    if party == "client":
        return found + [_unpaid(drawing, say, one) for one in payment_due(basis) if one.late_at(drawing.at)]
    rows = [row for row in drawing.derived.indicators if row.closed and row.state == BREACHED]
    last = max((row.end for row in drawing.derived.indicators if row.closed), default=0)
    return found + [_breach(drawing, say, row) for row in rows if row.end == last]


def _due(drawing: Drawing, row: DeadlineRow) -> str:
    if row.last_day is not None:
        return day(row.last_day, drawing.lang)
    return moment(row.due, drawing.lang)


def _unpaid(drawing: Drawing, say: Voice, one: PaymentDue) -> Failure:
    lang = drawing.lang
    found = say("unpaid", day=day(one.due, lang), at=moment(drawing.at, lang))
    return Failure(say("invoice", name=one.invoice), one.terms.clause, found, (one.issued.ref,))


def _breach(drawing: Drawing, say: Voice, row: IndicatorRow) -> Failure:
    lang, printed, metric = drawing.lang, row.as_json(), row.terms.metric
    found = say(
        "not_kept",
        reached=measured(printed, metric, lang),
        promised=target(printed["target"], metric, lang),
        day=day(row.end - 1, lang),
    )
    name = titled(drawing, row.indicator)
    return Failure(name if row.resource is None else f"{name} ({row.resource})", row.clause or "", found, row.refs)


def _table(say: Voice, failures: Sequence[Failure]) -> Block:
    columns = [(say("duty"), LEFT, 6), (say("clause"), LEFT, 3), (say("found"), LEFT, 5)]
    rows: list[tuple[Cell, ...]] = [(one.what, one.clause, one.found) for one in failures]
    return table(say("found"), columns, rows)


def cure_of(drawing: Drawing, given: int) -> Cure | None:
    """The delay to remedy after a formal notice given at an instant, under the text that prevails."""
    basis = drawing.basis
    readings = basis.readings.at(max(given, basis.terms.start))
    for agreement in basis.terms.governing(max(given, basis.terms.start)):
        for written in agreement.deadline:
            rule = written.under(lambda name, document=agreement.id: readings.get(name, document))  # type: ignore[misc]
            if rule.opened_by.event == FORMAL and rule.delay is not None:
                try:
                    due = compute(
                        Instant(given), parse_delay(rule.delay), TimeRules.of(readings), rule.clear or clear_of(rule)
                    )
                except InvalidDelayError:
                    return None
                return Cure(agreement, rule, rule.delay, due)
    return None


def _demand(drawing: Drawing, say: Voice, sent: Fact[FormalNoticeSent] | None) -> Iterator[Block]:
    lang = drawing.lang
    given = drawing.at if sent is None else sent.time
    cure = cure_of(drawing, given)
    if cure is None:
        yield text(say("demand_free"), "strong")
        return
    last = moment(cure.due.due, lang) if cure.due.last_day is None else day(cure.due.last_day, lang)
    delay = delay_words(cure.delay, lang)
    yield text(say("demand", delay=delay, clause=cure.rule.clause, day=day(given, lang), last=last), "strong")
    opens = [
        rule.title.fr if lang == "fr" else rule.title.en
        for rule in cure.agreement.deadline
        if any(one.test == "expired" and one.deadline == cure.rule.id for one in rule.requires)
    ]
    if opens:
        yield text(say("else"))
        yield points(opens)
    yield text(say("count"), "quiet")
    yield points(steps_words([step_json(step) for step in cure.due.steps], lang))


def _before(say: Voice) -> Iterator[Block]:
    yield heading(say("before"))
    yield points([say("before_fill"), say("before_channel"), say("before_record")])


def losses(drawing: Drawing) -> list[Fact[QualificationLost]]:
    """The losses that open duties for the contract."""
    return [fact for fact in drawing.basis.facts.of(QualificationLost) if loss_opens_duty(drawing.basis, fact)]


def why_not_lost(drawing: Drawing) -> Pair | None:
    """Why there is no notice of a loss to draw up; None where there is."""
    return None if losses(drawing) else NOT_LOST


def qualification_loss(drawing: Drawing, asked: Asked) -> Sheet:
    """The letter that the text asks for once a qualification is lost: the newest loss, or that of the service asked."""
    found = [fact for fact in losses(drawing) if asked.about in (None, fact.data.service)]
    if not found:
        raise NotDrawnError(*NOT_LOST)
    loss = found[-1]
    say, lang, basis = Voice(WORDS, drawing.lang), drawing.lang, drawing.basis
    service, contract = loss.data.service, basis.contract
    texts = basis.terms.governing(max(loss.time, basis.terms.start))
    rules = {text_.full_id(rule.id) for text_ in texts for rule in text_.deadline if rule.opened_by.trigger == LOSS}
    rows = [row for row in drawing.derived.deadlines if row.rule in rules and loss.ref in row.events]
    notices = [one for one in basis.facts.of(NoticeSent) if one.data.topic == TOPIC and one.time >= loss.time]
    to = client(drawing)
    if notices:
        to.insert(1, drawing.private(notices[-1], ("to",), WORDS["to"]))
    blocks: list[Block] = [addresses(provider(drawing), to, say("registered"))]
    blocks.append(text(say("date", day=day(drawing.at, lang))))
    blocks.append(text(say("lost_object", service=service, contract=contract), "strong"))
    blocks.append(text(say("lost_body", service=service, day=day(loss.time, lang))))
    decision: Cell = cell(say("no_decision"), tone="fill") if loss.data.decision is None else loss.data.decision
    blocks.append(
        pairs([(say("service"), service), (say("lost_on"), moment(loss.time, lang)), (say("decision"), decision)])
    )
    rights = [text_.qualification.loss for text_ in texts if text_.qualification is not None]
    if rights:
        blocks.append(heading(say("rights")))
        blocks.append(points(f"{rule.title.fr if lang == 'fr' else rule.title.en} ({rule.clause})." for rule in rights))
    blocks.append(blanks([(say("sign_provider"), "box")]))
    annex: list[Block] = [heading(say("this_notice")), pairs(_notice_rows(drawing, say, rows, notices))]
    if not notices:
        annex += _before(say)
    events = {loss.ref} | {ref for row in rows for ref in row.events} | {one.ref for one in notices}
    return Sheet(say("lost"), service, tuple(blocks), tuple(sorted(events)), (), tuple(annex))


def _notice_rows(
    drawing: Drawing, say: Voice, rows: Sequence[DeadlineRow], notices: Sequence[Fact[NoticeSent]]
) -> Iterator[tuple[str, Cell]]:
    lang = drawing.lang
    for row in rows:
        yield row.clause, duty(drawing, row)
    for one in notices:
        channel = value_word(one.data.channel, lang)
        told = say("sent_by", day=day(one.time, lang), channel=channel)
        yield say("sent"), cell(told, f"{phrase(one, lang)}, {one.data.notice}")
    if not notices:
        yield say("sent"), say("not_sent")
