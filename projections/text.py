"""The statement as text for a lawyer: contract by contract, what matters first, every figure with its clause."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from domain.readings import Readings
from domain.time.instant import Instant, format_instant
from projections.statement import Derived

HEADINGS = {
    "en": {
        "statement": "Statement at", "known": "as known at", "readings": "Readings chosen", "documents": "Documents in force",
        "qualification": "Qualification", "indicators": "Service levels", "penalties": "Penalties", "deadlines": "Deadlines and effects",
        "support": "Support", "support_objectives": "Support objectives", "amounts": "Other amounts", "findings": "Findings",
        "none": "none", "kept": "periods kept", "breached": "breached", "running": "still open", "other": "without commitment or measure",
        "available": "availability", "target": "target", "down": "s counted", "allowed": "s allowed", "claimable": "claimable",
        "not_claimable": "not claimable", "payable": "payable", "gross": "gross", "claim_by": "claim by", "due": "due",
        "last_day": "last day", "owed_by": "owed by", "done": "done", "open": "no figure in the text", "default": "defaults",
        "earliest": "not before", "no_contract": "No contract.",
    },
    "fr": {
        "statement": "Relevé au", "known": "tel que connu au", "readings": "Lectures choisies", "documents": "Documents en vigueur",
        "qualification": "Qualification", "indicators": "Niveaux de service", "penalties": "Pénalités", "deadlines": "Délais et effets",
        "support": "Support", "support_objectives": "Objectifs de support", "amounts": "Autres sommes", "findings": "Constats",
        "none": "néant", "kept": "périodes tenues", "breached": "non tenues", "running": "en cours",
        "other": "sans engagement ou sans mesure", "available": "disponibilité", "target": "engagement", "down": "s comptées",
        "allowed": "s autorisées", "claimable": "réclamable", "not_claimable": "non réclamable", "payable": "à payer", "gross": "brut",
        "claim_by": "à réclamer avant", "due": "échéance", "last_day": "dernier jour", "owed_by": "à la charge de", "done": "fait le",
        "open": "sans délai chiffré", "default": "par défaut", "earliest": "pas avant", "no_contract": "Aucun contrat.",
    },
}
STATES_FR = {
    "met": "tenu", "breached": "non tenu", "running": "en cours", "no-commitment": "sans engagement", "unmeasured": "non mesuré",
    "missed": "manqué", "not-applicable": "sans objet", "no-data": "sans donnée", "claimable": "réclamable", "claimed": "réclamée",
    "accepted": "acceptée", "rejected": "rejetée", "barred": "forclose", "suspended": "suspendue", "cap-pending": "plafond à venir",
    "no-rule": "aucune règle dans le texte", "pending": "en attente", "met-late": "tenu en retard", "cancelled": "annulé",
    "open-ended": "sans délai chiffré", "unknown": "inconnue", "in-progress": "en cours", "qualified": "qualifié", "lapsed": "expirée",
    "lost": "perdue",
}
PARTIES_FR = {"client": "client", "provider": "prestataire", "none": "personne (effet)"}


def statement_words(
    contracts: Iterable[tuple[str, Derived]], at: Instant, known_at: Instant, readings: Readings, lang: str
) -> Iterator[str]:
    """The statement in pieces, one contract at a time."""
    words = HEADINGS[lang]
    yield f"{words['statement']} {format_instant(at)}, {words['known']} {format_instant(known_at)}\n"
    chosen = ", ".join(f"{name} = {value}" for name, value in readings.selected.items())
    yield f"{words['readings']}: {chosen or words['default']}\n"
    number = 0
    for number, (contract, derived) in enumerate(contracts, start=1):
        yield "\n" + "\n".join(_contract(contract, derived.as_json(), lang)) + "\n"
    if number == 0:
        yield words["no_contract"]


def _contract(contract: str, statement: Mapping[str, Any], lang: str) -> Iterator[str]:
    words = HEADINGS[lang]
    yield contract
    yield "=" * len(contract)
    yield f"{words['documents']}: {', '.join(statement['documents']) or words['none']}"
    state = statement["qualification"]
    if state is not None:
        until = f" ({state['valid_until']})" if state.get("valid_until") else ""
        yield f"{words['qualification']}: {_state(state['state'], lang)}{until}"
    for section, lines in (
        ("indicators", _indicators),
        ("penalties", _penalties),
        ("deadlines", _deadlines),
        ("support", _support),
        ("support_objectives", _objectives),
        ("amounts", _amounts),
        ("findings", _findings),
    ):
        rows = statement[section]
        if rows:
            yield ""
            yield words[section]
            yield from (f"  {line}" for line in lines(rows, lang))


def _indicators(rows: Sequence[Mapping[str, Any]], lang: str) -> Iterator[str]:
    """The periods kept are counted; those breached or still open with downtime are told one by one."""
    words = HEADINGS[lang]
    counts = {"met": 0, "breached": 0, "running": 0}
    for row in rows:
        counts[row["state"]] = counts.get(row["state"], 0) + 1
    others = len(rows) - counts["met"] - counts["breached"] - counts["running"]
    yield (
        f"{counts['met']} {words['kept']}, {counts['breached']} {words['breached']},"
        f" {counts['running']} {words['running']}, {others} {words['other']}"
    )
    for row in rows:
        if row["state"] != "breached":
            continue
        resource = f" {row['resource']}" if row["resource"] else ""
        period = f"{row['period']['from'][:10]} – {row['period']['to'][:10]}"
        figure = f"{row.get('value') or row['availability']}, {words['target']} {row['target']}"
        spent = f", {row['counted_seconds']} {words['down']}, {row['allowed_seconds']} {words['allowed']}" if row["counted_seconds"] else ""
        claim = words["claimable"] if row["claimable"] else words["not_claimable"]
        yield f"{row['indicator']}{resource}  {period}  {figure}{spent}  {claim}  ({row['clause']})"


def _penalties(rows: Sequence[Mapping[str, Any]], lang: str) -> Iterator[str]:
    words = HEADINGS[lang]
    for row in rows:
        payable = "—" if row["payable"] is None else f"{row['payable']} EUR"
        gross = "" if row["gross"] is None else f", {words['gross']} {row['gross']} EUR"
        claim = "" if row["claim_by"] is None else f", {words['claim_by']} {row['claim_by']}"
        yield f"{row['period_end']}  {_state(row['state'], lang)}  {words['payable']} {payable}{gross}{claim}  ({row['clause']})"


def _deadlines(rows: Sequence[Mapping[str, Any]], lang: str) -> Iterator[str]:
    words = HEADINGS[lang]
    for row in rows:
        if row["due"] is None:
            when = words["open"]
        elif row["last_day"] is None:
            when = f"{words['due']} {row['due']}"
        else:
            when = f"{words['last_day']} {row['last_day']}"
        earliest = "" if row["earliest"] is None else f", {words['earliest']} {row['earliest']}"
        done = "" if row["settled_at"] is None else f", {words['done']} {row['settled_at']}"
        party = PARTIES_FR.get(row["owed_by"], row["owed_by"]) if lang == "fr" else row["owed_by"]
        yield f"{row['rule']}  {words['owed_by']} {party}  {when}{earliest}{done}  {_state(row['state'], lang)}  ({row['clause']})"


def _support(rows: Sequence[Mapping[str, Any]], lang: str) -> Iterator[str]:
    words = HEADINGS[lang]
    for row in rows:
        due = "" if row["due"] is None else f"  {words['due']} {row['due']}"
        yield f"{row['ticket']}  {row['commitment']}{due}  {row['elapsed_seconds']} s  {_state(row['state'], lang)}  ({row['clause']})"


def _objectives(rows: Sequence[Mapping[str, Any]], lang: str) -> Iterator[str]:
    for row in rows:
        if row["state"] != "no-data":
            share = f"{row['met']}/{row['total']}, {HEADINGS[lang]['target']} {row['objective']} %"
            yield f"{row['commitment']}  {row['month']}  {share}  {_state(row['state'], lang)}  ({row['clause']})"


def _amounts(rows: Sequence[Mapping[str, Any]], lang: str) -> Iterator[str]:
    del lang
    for row in rows:
        amount = "—" if row["amount"] is None else f"{row['amount']}"
        unit = row.get("unit") or "EUR"
        yield f"{row['rule']}  {amount} {unit}  ({row['clause']})"


def _findings(rows: Sequence[Mapping[str, Any]], lang: str) -> Iterator[str]:
    for row in rows:
        message = row["message_fr"] if lang == "fr" else row["message"]
        about = "" if row["rule"] is None else f"  [{row['rule']}, {row['clause']}]"
        yield f"{message}{about}"


def _state(state: str, lang: str) -> str:
    return STATES_FR.get(state, state) if lang == "fr" else state
