"""What a reader must know beside the deadlines: acts without effect, wrong forms, missing answers, void windows."""

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

from domain.agreements.section import Rule
from domain.events.contract import ContractEnded
from domain.events.deletion import DeletionPerformed, DeletionRequested
from domain.events.registry import PREFIX, topic_of
from domain.events.termination import TerminationNotified
from domain.fact import AnyFact
from domain.time.delay import compute
from domain.time.instant import format_instant
from projections.findings import Finding, refs
from projections.opening import Opening, state_of
from projections.rulebook import Applied, delay_of

if TYPE_CHECKING:
    from projections.docket import Docket


def deadline_findings(docket: "Docket") -> list[Finding]:
    """Every finding about the deadlines of a contract. The docket must have been read through."""
    openings = list(docket.all())
    found = [*_refusals(docket, openings), *_waiting(docket), *_forms(docket), *_levels(docket), *_silence(docket)]
    found += [_held_data(applied, fact) for applied, fact in docket.held_data_gone]
    found += [*_advice(docket), *_unannounced(docket), *_further_ends(docket)]
    for opening in openings:
        found += _further(opening)
        found += _windows(opening)
        found += _slow(docket, opening)
    return list(dict.fromkeys(found))


def _say(code: str, applied: Applied, rule: Rule, english: str, french: str, *facts: AnyFact) -> Finding:
    return Finding(code, applied.agreement.full_id(rule.id), rule.clause, english, french, refs(facts))


def _named(fact: AnyFact) -> str:
    """The type of a fact and the id it bears: ``termination.notified t-1``."""
    topic = topic_of(type(fact.data)).removeprefix(PREFIX).rpartition(".")[0]
    first = next(iter(fields(fact.data)), None)
    value = None if first is None else getattr(fact.data, first.name)
    return f"{topic} {value}" if isinstance(value, str) else topic


def _refusals(docket: "Docket", openings: list[Opening]) -> Iterator[Finding]:
    """Acts that no text gives any effect to."""
    effective = {opening.act.ref for opening in openings if opening.act is not None}
    effective |= {fact.ref for opening in openings for fact in opening.facts}
    for refused in docket.refused:
        fact, rule = refused.fact, refused.requirement
        if fact.ref not in effective:
            yield _say(
                "act-refused", refused.applied, rule,
                f"{_named(fact)} has no effect. {rule.title.en}.",
                f"{_named(fact)} est sans effet. {rule.title.fr}.",
                fact,
            )  # fmt: skip


def _advice(docket: "Docket") -> Iterator[Finding]:
    """Acts that stand, under conditions the facts do not tell."""
    for advised in docket.advised:
        rule = advised.requirement
        yield _say(
            "see-special-conditions", advised.applied, rule,
            f"{_named(advised.fact)}: {rule.title.en}.",
            f"{_named(advised.fact)} : {rule.title.fr}.",
            advised.fact,
        )  # fmt: skip


def _waiting(docket: "Docket") -> Iterator[Finding]:
    """Acts whose delay runs from an answer or a slip that has not come."""
    for applied, fact in docket.waiting:
        cancelled = applied.rule.cancelled_by
        if cancelled is not None and cancelled.by is not None:
            name = getattr(fact.data, cancelled.by)
            if name in docket.first_named(cancelled.kind, cancelled.by):
                continue
        starts = applied.rule.starts
        assert starts is not None
        yield _say(
            "delay-not-started", applied, applied.rule,
            f"{_named(fact)} waits for {starts.event}: until then its delay does not run.",
            f"{_named(fact)} attend {starts.event} : d'ici là son délai ne court pas.",
            fact,
        )  # fmt: skip


def _forms(docket: "Docket") -> Iterator[Finding]:
    for applied, how, fact in docket.misshapen:
        forms = ", ".join(how.channels)
        yield _say(
            "wrong-form", applied, applied.rule,
            f"{_named(fact)} was sent by {fact.data.channel}; the text asks for {forms}: the duty stays open.",
            f"{_named(fact)} a été envoyé par {fact.data.channel} ; le texte exige {forms} : l'obligation demeure.",
            fact,
        )  # fmt: skip


def _levels(docket: "Docket") -> Iterator[Finding]:
    for applied, fact, word in docket.unknown_levels:
        yield _say(
            "unknown-level", applied, applied.rule,
            f"Nothing tells which incidents the chosen level {word!r} means: it asks for no notice.",
            f"Rien ne dit quels incidents désigne le niveau choisi « {word} » : il ne demande aucune notification.",
            fact,
        )  # fmt: skip


def _silence(docket: "Docket") -> Iterator[Finding]:
    """Terminations on a ground, or by a party, of which no text in force speaks."""
    parties = {"client": "le client", "provider": "le prestataire"}
    for fact in docket.facts(TerminationNotified):
        if fact.ref not in docket.recognised:
            by, ground = fact.data.by, fact.data.ground
            yield Finding(
                "no-termination-rule", None, None,
                f"No text in force rules a termination by the {by} on ground {ground}: no effect is derived.",
                f"Aucun texte en vigueur ne règle une résiliation par {parties[by]} pour {ground} : sans effet déduit.",
                (fact.ref,),
            )  # fmt: skip


def _further_ends(docket: "Docket") -> Iterator[Finding]:
    """Ends recorded beside the one that governs."""
    recorded = docket.basis.facts.of(ContractEnded)
    for fact in recorded:
        governing = docket.facts(ContractEnded)[0]
        if fact is not governing:
            yield Finding(
                "ended-again", None, None,
                f"The contract ended on {governing.data.on}: its end on {fact.data.on} has no effect.",
                f"Le contrat a pris fin le {governing.data.on} : sa fin au {fact.data.on} est sans effet.",
                (fact.ref,),
            )  # fmt: skip


def _held_data(applied: Applied, fact: AnyFact) -> Finding:
    return _say(
        "deleted-under-hold", applied, applied.rule,
        f"{_named(fact)} names data that had to be kept: what is held is not taken to be gone.",
        f"{_named(fact)} vise des données à conserver : ce qui est retenu n'est pas tenu pour effacé.",
        fact,
    )  # fmt: skip


def _windows(opening: Opening) -> Iterator[Finding]:
    """Windows that close before the contract ends, and acts before the first instant allowed."""
    applied, rule = opening.applied, opening.applied.rule
    if opening.void and opening.act is not None and opening.due is not None:
        yield _say(
            "window-empty", applied, rule,
            f"{_named(opening.act)} opens no usable window: it closes at {format_instant(opening.due)}, before the "
            "contract has ended. A fresh notice is needed.",
            f"{_named(opening.act)} n'ouvre aucune fenêtre utile : elle se ferme le {format_instant(opening.due)}, "
            "avant la fin du contrat. Il faut un nouveau préavis.",
            opening.act,
        )  # fmt: skip
    if opening.earliest is None or opening.settled_at is None or opening.settled is None:
        return
    if opening.settled_at < opening.earliest:
        yield _say(
            "too-early", applied, rule,
            f"{_named(opening.settled)} came before {format_instant(opening.earliest)}, the first instant allowed.",
            f"{_named(opening.settled)} est venu avant le {format_instant(opening.earliest)}, premier instant permis.",
            opening.settled,
        )  # fmt: skip


def _unannounced(docket: "Docket") -> Iterator[Finding]:
    """Deletions at the end of a contract before any notice of them was given."""
    requested = docket.first_named(DeletionRequested, "deletion")
    for bound in docket.rulebook.bound:
        earliest = bound.written.earliest
        if earliest is None or not earliest.not_before_end:
            continue
        noticed = min((opening.opened for opening in docket.openings(bound)), default=docket.basis.at + 1)
        for fact in docket.facts(DeletionPerformed):
            applied = docket.rulebook.at(bound, fact.time)
            if (
                fact.time >= noticed
                or fact.data.deletion in requested
                or not bound.governs(fact.time, applied.readings)
            ):
                continue
            yield _say(
                "deletion-unannounced", applied, applied.rule,
                f"{_named(fact)} came before any notice that the text asks for.",
                f"{_named(fact)} est intervenu avant tout préavis exigé par le texte.",
                fact,
            )  # fmt: skip


def _further(opening: Opening) -> Iterator[Finding]:
    for rule in opening.applied.rule.further:
        yield _say("further-duty", opening.applied, rule, f"{rule.title.en}.", f"{rule.title.fr}.", *opening.facts[:1])


def _slow(docket: "Docket", opening: Opening) -> Iterator[Finding]:
    """Duties without a figure that have waited long enough to be worth a word; never a breach (``immediately``)."""
    rule = opening.applied.rule
    if rule.warn_after is None or state_of(opening, docket.basis.at) != "open-ended" or opening.shown_start is None:
        return
    limit = compute(opening.shown_start, delay_of(rule.warn_after), opening.applied.clock).due
    if docket.basis.at > limit:
        yield _say(
            "duty-waiting", opening.applied, rule,
            f"Not done since {format_instant(opening.shown_start)}: {rule.title.en}. The text gives no figure: "
            "no breach is asserted.",
            f"Pas encore fait depuis le {format_instant(opening.shown_start)} : {rule.title.fr}. Le texte ne "
            "chiffre aucun délai : aucun manquement n'est affirmé.",
            *opening.facts,
        )  # fmt: skip
