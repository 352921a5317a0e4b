"""What each type of fact says, in English and in French."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from domain.events.registry import topic_of
from domain.fact import AnyFact
from domain.time.instant import Instant, format_instant

PHRASES: dict[str, tuple[str, str]] = {
    "contract.signed": ("the contract was signed", "le contrat a été signé"),
    "contract.document-signed": ("a document was signed", "un document a été signé"),
    "contract.revision-notified": ("a new version was notified", "une nouvelle version a été notifiée"),
    "contract.revision-accepted": ("the client accepted a new version", "le client a accepté une nouvelle version"),
    "contract.revision-refused": ("the client refused a new version", "le client a refusé une nouvelle version"),
    "contract.ended": ("the contract ended", "le contrat a pris fin"),
    "reading.selected": ("a reading was chosen", "une lecture a été choisie"),
    "deployment.declared": ("a deployment was declared", "un déploiement a été déclaré"),
    "service.flagged": ("a service was flagged", "un service a été signalé"),
    "region.zone-opened": ("an availability zone opened", "une zone de disponibilité a ouvert"),
    "derogation.recorded": ("a derogation was agreed", "une dérogation a été convenue"),
    "outage.recorded": ("an outage was recorded", "une interruption a été constatée"),
    "outage.ended": ("an outage ended", "une interruption a pris fin"),
    "outage.cause-established": ("the cause of an outage was established", "la cause d'une interruption a été établie"),
    "outage.corrected": ("the record of an outage was corrected", "le relevé d'une interruption a été corrigé"),
    "outage.retracted": ("the record of an outage was withdrawn", "le relevé d'une interruption a été retiré"),
    "maintenance.announced": ("a maintenance was announced", "une maintenance a été annoncée"),
    "maintenance.performed": ("a maintenance was performed", "une maintenance a été réalisée"),
    "maintenance.cancelled": ("a maintenance was cancelled", "une maintenance a été annulée"),
    "countermeasure.applied": ("a counter-measure was applied", "une contre-mesure a été appliquée"),
    "misuse.recorded": ("a misuse was recorded", "un mauvais usage a été constaté"),
    "monitoring.gap-recorded": ("nothing was measured for a while", "rien n'a été mesuré pendant un temps"),
    "snapshot.taken": ("a snapshot was taken", "un instantané a été pris"),
    "measure.recorded": ("a measure was recorded", "une mesure a été relevée"),
    "ticket.opened": ("a ticket was opened", "un ticket a été ouvert"),
    "ticket.completed": ("the ticket's information was completed", "les informations du ticket ont été complétées"),
    "ticket.qualified": ("the ticket was qualified", "le ticket a été qualifié"),
    "ticket.answered": ("the ticket was answered", "le ticket a reçu une réponse"),
    "ticket.waiting-for-client": ("support waited for the client", "le support attend le client"),
    "ticket.client-replied": ("the client replied", "le client a répondu"),
    "ticket.resolved": ("the ticket was resolved", "le ticket a été résolu"),
    "ticket.reopened": ("the ticket was reopened", "le ticket a été rouvert"),
    "incident.opened": ("an incident was opened", "un incident a été ouvert"),
    "incident.closed": ("an incident was closed", "un incident a été clos"),
    "notification-levels.chosen": ("notification levels were chosen", "les niveaux de notification ont été choisis"),
    "personal-data-request.received": (
        "a personal-data request arrived",
        "une demande relative à des données personnelles est arrivée",
    ),
    "personal-data-request.answered": (
        "a personal-data request was answered",
        "une demande relative à des données personnelles a reçu réponse",
    ),
    "key-rotation.requested": ("a key rotation was requested", "une rotation de clé a été demandée"),
    "key-rotation.performed": ("a key was rotated", "une clé a été changée"),
    "contact.designated": ("a contact was designated", "un contact a été désigné"),
    "contact.withdrawn": ("a contact was withdrawn", "un contact a été retiré"),
    "person.erased": ("a person's data were erased", "les données d'une personne ont été effacées"),
    "invoice.issued": ("an invoice was issued", "une facture a été émise"),
    "invoice.paid": ("an invoice was paid", "une facture a été payée"),
    "invoice.disputed": ("an invoice was disputed", "une facture a été contestée"),
    "rate.recorded": ("an interest rate was recorded", "un taux d'intérêt a été relevé"),
    "reserve.notified": ("the client notified a reserve", "le client a notifié une réserve"),
    "penalty.claimed": ("a penalty was claimed", "une pénalité a été réclamée"),
    "penalty.accepted": ("a claim was accepted", "une réclamation a été acceptée"),
    "penalty.rejected": ("a claim was rejected", "une réclamation a été rejetée"),
    "credit.used": ("a credit was used", "un avoir a été utilisé"),
    "consumption.metered": ("consumption was metered", "une consommation a été mesurée"),
    "liability.recorded": ("a liability was recorded", "une responsabilité a été mise en cause"),
    "professional-services.agreed": ("professional services were agreed", "des prestations ont été convenues"),
    "qualification.granted": ("a qualification was granted", "une qualification a été accordée"),
    "qualification.renewed": ("a qualification was renewed", "une qualification a été renouvelée"),
    "qualification.modified": ("a qualification was modified", "une qualification a été modifiée"),
    "qualification.lost": ("a qualification was lost", "une qualification a été perdue"),
    "compliance.changed": ("a change may affect compliance", "un changement peut affecter la conformité"),
    "third-party.changed": ("a third party changed", "un tiers a changé"),
    "shareholding.recorded": ("a shareholding was recorded", "une participation a été relevée"),
    "formal-notice.sent": ("a formal notice was sent", "une mise en demeure a été envoyée"),
    "breach.remedied": ("a breach was remedied", "un manquement a été réparé"),
    "identity-anomaly.notified": ("an identity anomaly was notified", "une anomalie d'identité a été notifiée"),
    "identity-anomaly.answered": ("an identity anomaly was answered", "une anomalie d'identité a reçu réponse"),
    "resources.blocked": ("resources were blocked", "des ressources ont été bloquées"),
    "resources.unblocked": ("resources were unblocked", "des ressources ont été débloquées"),
    "access.requested": ("access was requested", "un accès a été demandé"),
    "access.consented": ("access was consented to", "un accès a été autorisé"),
    "termination.notified": ("a termination was notified", "une résiliation a été notifiée"),
    "termination.acknowledged": ("a termination was acknowledged", "il a été accusé réception d'une résiliation"),
    "termination.withdrawn": ("a termination was withdrawn", "une résiliation a été retirée"),
    "account.deactivated": ("an account was deactivated", "un compte a été désactivé"),
    "account.closed": ("an account was closed", "un compte a été clos"),
    "recovery-report.received": ("the recovery report was received", "le rapport de récupération a été reçu"),
    "paid-storage.started": ("paid storage started", "le stockage payant a commencé"),
    "paid-storage.ended": ("paid storage ended", "le stockage payant a pris fin"),
    "recovery-service.ordered": ("a recovery service was ordered", "une prestation de récupération a été commandée"),
    "recovery-service.paid": ("a recovery service was paid", "une prestation de récupération a été payée"),
    "recovery-service.delivered": ("recovered data were delivered", "les données récupérées ont été livrées"),
    "deletion.requested": ("a deletion was requested", "un effacement a été demandé"),
    "deletion.performed": ("data were deleted", "des données ont été effacées"),
    "deletion.certified": ("a deletion was certified", "un effacement a été attesté"),
    "image.shared": ("an image was shared", "une image a été partagée"),
    "image.share-ended": ("the sharing of an image ended", "le partage d'une image a pris fin"),
    "hold.placed": ("a hold was placed", "une conservation a été ordonnée"),
    "hold.released": ("a hold was released", "une conservation a été levée"),
    "notice.sent": ("a notice was sent", "un avis a été envoyé"),
    "notice.received": ("a notice was received", "un avis a été reçu"),
}
PERSONAL = {"person", "person_id", "client", "account", "signatory", "title"}
"""Fields that may name a person, a client or an account."""
PARTY = {"client", "provider"}


def type_of(fact: AnyFact) -> str:
    """The short type of a fact: ``outage.recorded``."""
    return topic_of(type(fact.data)).removeprefix("greffe.").rpartition(".")[0]


def phrase(fact: AnyFact, lang: str) -> str:
    """What happened, in a few words."""
    name = type_of(fact)
    english, french = PHRASES.get(name, (name, name))
    return french if lang == "fr" else english


def details(fact: AnyFact) -> dict[str, str]:
    """The fields of a fact as text; persons and accounts are named nowhere in an explanation."""
    found = {}
    for field in fields(fact.data):
        value = getattr(fact.data, field.name)
        if value is None or value == () or _personal(field.name, value):
            continue
        found[field.name.rstrip("_")] = _text(value)
    return found


def _personal(name: str, value: Any) -> bool:
    """Whether a field may name a person: an addressee, who acted unless it is a party, or one of the fields above."""
    if name == "to":
        return not isinstance(value, Instant)
    return name in PERSONAL or (name == "by" and value not in PARTY)


def _text(value: Any) -> str:
    match value:
        case Instant():
            return format_instant(value)
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case tuple():
            return ", ".join(map(_text, value))
        case _:
            return str(value)
