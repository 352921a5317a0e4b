"""The words people read, in one place: sections, states, parties, units and service names, in English and in French.

A word is a pair (English, French); ``pick`` chooses. Where the wire has a state, this is what a reader sees for it.
"""

from collections.abc import Mapping

Pair = tuple[str, str]

LANGUAGES = ("en", "fr")

SECTIONS: Mapping[str, Pair] = {
    "documents": ("documents", "documents"),
    "indicators": ("service level", "niveau de service"),
    "support": ("support", "support"),
    "support_objectives": ("support objective", "objectif de support"),
    "penalties": ("penalty", "pénalité"),
    "deadlines": ("deadline", "échéance"),
    "amounts": ("amount", "somme"),
    "qualification": ("qualification", "qualification"),
    "findings": ("finding", "constat"),
}
STATES: Mapping[str, Mapping[str, Pair]] = {
    "indicators": {
        "met": ("kept", "tenu"),
        "breached": ("breached", "non tenu"),
        "running": ("still open", "en cours"),
        "no-commitment": ("no commitment", "sans engagement"),
        "unmeasured": ("not measured", "non mesuré"),
    },
    "support": {
        "met": ("in time", "dans les temps"),
        "missed": ("too late", "hors délai"),
        "running": ("running", "en cours"),
        "not-applicable": ("not applicable", "sans objet"),
    },
    "support_objectives": {
        "met": ("reached", "atteint"),
        "missed": ("missed", "manqué"),
        "running": ("still open", "en cours"),
        "no-data": ("no ticket", "aucun ticket"),
    },
    "penalties": {
        "claimable": ("can be claimed", "réclamable"),
        "claimed": ("claimed", "réclamée"),
        "accepted": ("accepted", "acceptée"),
        "rejected": ("rejected", "rejetée"),
        "barred": ("barred", "forclose"),
        "suspended": ("suspended", "suspendue"),
        "cap-pending": (
            "waits for an invoice to know its cap",
            "dans l'attente d'une facture pour connaître le plafond",
        ),
        "no-rule": ("no rule in the texts", "aucune règle dans les textes"),
    },
    "deadlines": {
        "pending": ("pending", "à venir"),
        "met": ("done in time", "fait à temps"),
        "met-late": ("done late", "fait en retard"),
        "missed": ("no act in time", "aucun acte à temps"),
        "cancelled": ("cancelled", "annulé"),
        "open-ended": ("no figure in the text", "sans délai chiffré"),
    },
    "effects": {
        "pending": ("not yet in effect", "pas encore d'effet"),
        "met": ("in effect", "a pris effet"),
        "cancelled": ("cancelled", "annulé"),
    },
    "amounts": {
        "open": ("can be used", "utilisable"),
        "used": ("used up", "épuisé"),
        "expired": ("expired", "expiré"),
        "lapsed": ("lapsed with the contract", "éteint avec le contrat"),
        "cash": ("paid in cash", "versé en argent"),
        "paid-out": ("owed in cash", "dû en argent"),
    },
    "qualification": {
        "unknown": ("unknown", "inconnue"),
        "in-progress": ("in progress", "en cours"),
        "qualified": ("qualified", "qualifié"),
        "lapsed": ("lapsed", "expirée"),
        "lost": ("lost", "perdue"),
    },
}
PARTIES: Mapping[str, Pair] = {
    "client": ("client", "client"),
    "provider": ("provider", "prestataire"),
    "none": ("effect", "effet"),
}
FIELDS: Mapping[str, Pair] = {
    "target": ("target", "engagement"),
    "reference_seconds": ("reference time", "temps de référence"),
    "unavailable_seconds": ("unavailable", "indisponible"),
    "excluded_seconds": ("excluded", "exclu"),
    "unmeasured_seconds": ("unmeasured", "non mesuré"),
    "counted_seconds": ("counted", "compté"),
    "allowed_seconds": ("allowed", "autorisé"),
    "elapsed_seconds": ("elapsed", "écoulé"),
    "availability": ("availability", "disponibilité"),
    "value": ("measured", "mesuré"),
    "samples": ("samples", "relevés"),
    "state": ("state", "état"),
    "claimable": ("can be claimed", "réclamable"),
    "exclusions": ("excluded", "exclu"),
    "provisional": ("provisional", "provisoire"),
    "basis": ("convention of measurement", "convention de mesure"),
    "priority": ("priority", "priorité"),
    "from": ("from", "à partir de"),
    "to": ("to", "jusqu'à"),
    "due": ("due", "échéance"),
    "settled_at": ("done at", "fait le"),
    "settled_by": ("done by", "fait par"),
    "last_day": ("last day", "dernier jour"),
    "earliest": ("not before", "pas avant"),
    "safe_until": ("safe until", "sûr jusqu'au"),
    "ends": ("ends", "met fin à"),
    "owed_by": ("owed by", "à la charge de"),
    "opened_by": ("opened by", "ouvert par"),
    "not_applicable": ("not applicable under", "sans objet selon"),
    "met": ("in time", "dans les temps"),
    "total": ("tickets", "tickets"),
    "ratio": ("share in time", "part dans les temps"),
    "objective": ("objective", "objectif"),
    "lines": ("line", "ligne"),
    "gross": ("gross", "brut"),
    "average_monthly_revenue": ("average monthly revenue", "chiffre d'affaires mensuel moyen"),
    "caps": ("cap that binds", "plafond appliqué"),
    "payable": ("payable", "à payer"),
    "credit_note": ("credit note", "avoir"),
    "claim_by": ("to be claimed before", "à réclamer avant"),
    "claims": ("claims", "réclamations"),
    "rule": ("rule", "règle"),
    "clause": ("clause", "clause"),
    "amount": ("amount", "montant"),
    "unit": ("unit", "unité"),
    "decision": ("decision", "décision"),
    "valid_until": ("valid until", "valable jusqu'au"),
    "services": ("services", "services"),
    "service": ("service", "service"),
    "documents": ("documents", "documents"),
    "message": ("message", "message"),
    "readings": ("readings", "lectures"),
    "events": ("events", "événements"),
    "invoice": ("invoice", "facture"),
    "base": ("on", "sur"),
    "rates": ("yearly rates in percent", "taux annuels en pour cent"),
    "days": ("days", "jours"),
    "running": ("still running", "en cours"),
    "credit": ("credit", "avoir"),
    "granted": ("granted", "accordé"),
    "used": ("used", "utilisé"),
    "liability": ("liability", "responsabilité"),
    "monthly_amount": ("monthly amount", "montant mensuel"),
    "unlimited": ("unlimited", "sans plafond"),
    "resource_type": ("type of resource", "type de ressource"),
    "resource": ("resource", "ressource"),
    "month": ("month", "mois"),
    "metered": ("seconds metered", "secondes mesurées"),
    "minutes": ("minutes", "minutes"),
    "ticket": ("ticket", "ticket"),
    "period": ("period", "période"),
    "period_end": ("periods ended", "périodes closes le"),
    "outage": ("outage", "interruption"),
    "started_at": ("started at", "début"),
    "ended_at": ("ended at", "fin"),
    "detected_at": ("detected at", "détectée le"),
    "reported_at": ("reported at", "signalée le"),
    "extent": ("extent", "étendue"),
    "cause": ("cause", "cause"),
    "incident": ("incident", "incident"),
    "confirmed_by": ("confirmed by", "confirmé par"),
    "maintenance": ("maintenance", "maintenance"),
    "kind": ("kind", "nature"),
    "starts_at": ("starts at", "début"),
    "ends_at": ("ends at", "fin"),
    "resources": ("resources", "ressources"),
    "measure": ("measure", "mesure"),
    "complete": ("complete", "complet"),
    "severity": ("severity", "sévérité"),
    "impact": ("impact", "impact"),
    "criticality": ("criticality", "criticité"),
    "automatic": ("automatic", "automatique"),
    "due_on": ("due on", "exigible le"),
    "amount_incl_vat": ("amount including VAT", "montant TTC"),
    "reserve": ("reserve", "réserve"),
    "reserves": ("reserves", "réserves"),
    "documented": ("documented", "documentée"),
    "claim": ("claim", "réclamation"),
    "indicators": ("lines", "lignes"),
    "computation_attached": ("computation attached", "calcul joint"),
    "reason": ("reason", "motif"),
    "notice": ("notice", "avis"),
    "topic": ("topic", "objet"),
    "channel": ("channel", "canal"),
    "about": ("about", "au sujet de"),
    "by": ("by", "par"),
    "ground": ("ground", "motif"),
    "termination": ("termination", "résiliation"),
    "effective_on": ("effective on", "effet le"),
    "effective_at": ("effective at", "effet le"),
    "valid_from": ("valid from", "valable à partir du"),
    "document": ("document", "document"),
    "version": ("version", "version"),
    "provider": ("provider", "prestataire"),
    "term_end": ("term", "terme"),
    "region": ("region", "région"),
    "region_zones": ("zones of the region", "zones de la région"),
    "zones": ("zones", "zones"),
    "rate": ("rate", "taux"),
    "deletion": ("deletion", "effacement"),
    "scopes": ("data", "données"),
    "method": ("method", "méthode"),
    "via": ("by way of", "par"),
    "place": ("place", "lieu"),
    "signed": ("signed", "signé"),
    "stamped": ("stamped", "tamponné"),
    "signed_on": ("signed on", "signé le"),
    "on": ("on", "le"),
    "change": ("change", "changement"),
    "holder": ("holder", "détenteur"),
    "seat_country": ("seat", "siège"),
    "capital": ("capital", "capital"),
    "votes": ("votes", "droits de vote"),
    "nature": ("nature", "nature"),
    "risk": ("risk", "risque"),
    "personal_data": ("personal data", "données personnelles"),
    "known_at": ("known at", "connu le"),
    "beta": ("beta", "bêta"),
    "name": ("name", "nom"),
    "affects_security": ("affects security", "touche à la sécurité"),
    "parameter": ("reading", "lecture"),
    "order": ("order", "commande"),
    "indicator": ("line", "ligne"),
}
VALUES: Mapping[str, Pair] = {
    "own": ("in this text", "dans ce texte"),
    "none": ("none", "aucun"),
    "availability": ("availability", "disponibilité"),
    "durability": ("durability", "durabilité"),
    "time-share": ("share of the time", "part du temps"),
    "latency": ("latency", "latence"),
    "effect": ("effect", "effet"),
    "publication": ("publication", "publication"),
    "acceptance": ("acceptance", "acceptation"),
    "first-response": ("first response", "première réponse"),
    "recovery": ("recovery", "rétablissement"),
    "continuous": ("at all hours", "à toute heure"),
    "business-hours": ("business hours", "heures ouvrées"),
    "working-hours": ("working hours", "heures ouvrées"),
    "true": ("yes", "oui"),
    "false": ("no", "non"),
    "total": ("total", "totale"),
    "degraded": ("degraded", "dégradée"),
    "provider": ("provider", "prestataire"),
    "client": ("client", "client"),
    "third-party": ("third party", "tiers"),
    "force-majeure": ("force majeure", "force majeure"),
    "security-protection": ("security protection", "protection de sécurité"),
    "planned": ("planned", "planifiée"),
    "urgent": ("urgent", "urgente"),
    "protective": ("protective", "de protection"),
    "hypervisor": ("hypervisor", "hyperviseur"),
    "registered-letter": ("registered letter", "lettre recommandée"),
    "email": ("e-mail", "courriel"),
    "letter": ("letter", "lettre"),
    "phone": ("phone", "téléphone"),
    "convenience": ("convenience", "convenance"),
    "breach": ("breach", "manquement"),
    "monitoring": ("monitoring", "supervision"),
    "user": ("user", "utilisateur"),
    "on-demand": ("on demand", "à la demande"),
    "reservation": ("reservation", "réservation"),
}
PERIODS: Mapping[str, Pair] = {
    "month": ("per calendar month", "par mois civil"),
    "quarter": ("per calendar quarter", "par trimestre civil"),
    "year": ("over twelve months, each month", "sur douze mois, chaque mois"),
    "calendar-year": ("per calendar year", "par année civile"),
}
UNITS: Mapping[str, Pair] = {
    "minutes": ("minutes", "minutes"),
    "hours": ("hours", "heures"),
    "days": ("days", "jours"),
    "clear days": ("clear days", "jours francs"),
    "working days": ("working days", "jours ouvrés"),
    "working hours": ("working hours", "heures ouvrées"),
    "weeks": ("weeks", "semaines"),
    "months": ("months", "mois"),
    "years": ("years", "ans"),
}
ONE: Mapping[str, Pair] = {
    "minutes": ("minute", "minute"),
    "hours": ("hour", "heure"),
    "days": ("day", "jour"),
    "clear days": ("clear day", "jour franc"),
    "working days": ("working day", "jour ouvré"),
    "working hours": ("working hour", "heure ouvrée"),
    "weeks": ("week", "semaine"),
    "months": ("month", "mois"),
    "years": ("year", "an"),
}
SUMS: Mapping[str, Pair] = {
    "EUR": ("EUR", "EUR"),
    "seconds": ("seconds", "secondes"),
}
SLICES: Pair = ("slices of", "tranches de")
TRUE: Pair = ("yes", "oui")
FALSE: Pair = ("no", "non")


def pick(words: Pair, lang: str) -> str:
    """The word in a language: English unless it is French."""
    return words[1] if lang == "fr" else words[0]


def state_word(section: str, row: Mapping[str, object], lang: str) -> str:
    """The state of a row as a reader sees it; a state without a word is shown as it is."""
    state = str(row["state"])
    named = "effects" if section == "deadlines" and row.get("owed_by") == "none" else section
    words = STATES.get(named, {}).get(state) or STATES.get(section, {}).get(state)
    return state if words is None else pick(words, lang)


def party_word(party: str, lang: str) -> str:
    """Who owes a duty; an effect is owed by nobody."""
    return pick(PARTIES[party], lang) if party in PARTIES else party


def field_word(name: str, lang: str) -> str:
    """The label of a field of a row."""
    return pick(FIELDS[name], lang) if name in FIELDS else name.replace("_", " ")


def value_word(value: str, lang: str) -> str:
    """A value of a fact that the wire takes from a list, such as an extent or a cause; any other as it is."""
    return pick(VALUES[value], lang) if value in VALUES else value


def units_word(unit: str, amount: int, lang: str) -> str:
    """A unit of a delay, singular for one."""
    return pick((ONE if abs(amount) == 1 else UNITS)[unit], lang)


def unit_word(unit: str, lang: str) -> str:
    """The unit of a sum: ``EUR``, seconds, slices of so many minutes."""
    if unit in SUMS:
        return pick(SUMS[unit], lang)
    return unit.replace(SLICES[0], SLICES[1], 1) if lang == "fr" else unit


def colon(lang: str) -> str:
    """A colon as each language sets it."""
    return " : " if lang == "fr" else ": "
