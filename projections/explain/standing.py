"""How the state of a qualification was reached: each service, its decision, and the facts behind it."""

from collections.abc import Iterator, Mapping
from typing import Any

from projections.basis import Basis
from projections.explain.voice import in_lang, say, told
from projections.qualification import qualified_services
from projections.shown import moment
from projections.wording import state_word


def qualification_steps(basis: Basis, row: Mapping[str, Any], lang: str) -> Iterator[str]:
    """The sentences of the qualification of a contract."""
    services = qualified_services(basis, basis.at)
    if not services:
        yield say(
            lang,
            "No text in force speaks of a qualification.",
            "Aucun texte en vigueur ne parle de qualification.",
        )
        return
    for service in services:
        standing = service.standing
        word = state_word("qualification", {"state": standing.state}, lang)
        text = in_lang(service.agreement, lang)
        initial = service.terms.initial
        declared = state_word("qualification", {"state": initial.state}, lang)
        yield say(
            lang,
            f"Service {service.label}, under {text}: at signature the text says {declared} ({initial.clause}).",
            f"Service {service.label}, selon {text} : à la signature, le texte dit {declared} ({initial.clause}).",
        )
        yield from (f"  {told(basis, fact.ref, lang)}" for fact in standing.facts)
        if standing.valid_until is not None:
            until = standing.valid_until
            yield say(lang, f"Valid until {until}, that day included.", f"Valable jusqu'au {until} inclus.")
        at = moment(basis.at)
        yield say(lang, f"State at {at}: {word}.", f"État au {at} : {word}.")
    if len(services) > 1:
        worst = state_word("qualification", row, lang)
        yield say(lang, f"The worst of them: {worst}.", f"La moins bonne : {worst}.")
