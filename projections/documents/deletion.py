"""The deletion certificate, field by field of the model that the text annexes; what nobody recorded is said missing."""

from collections.abc import Iterable, Iterator, Mapping

from domain.agreements.certificate import Certificate
from domain.agreements.model import Agreement
from domain.events.deletion import DeletionCertified, DeletionPerformed, DeletionRequested
from domain.fact import Fact
from projections.certificate import EVERYTHING, missing_fields
from projections.documents.blocks import LEFT, Block, Cell, blanks, cell, heading, pairs, table, text, verdict
from projections.documents.drawing import Asked, Drawing, NotDrawnError, Sheet, Voice
from projections.documents.matter import duty
from projections.figures import day, moment
from projections.wording import Pair

WORDS: Mapping[str, Pair] = {
    "title": ("Data deletion certificate", "Attestation de suppression des données"),
    "attests": (
        (
            "The provider {provider} certifies that the data of the account below were deleted, as it was"
            " recorded in the"
            " ledger of this contract."
        ),
        (
            "Le prestataire {provider} atteste que les données du compte ci-dessous ont été supprimées, comme il a été"
            " enregistré au registre de ce contrat."
        ),
    ),
    "uncertified": (
        (
            "No deletion certificate is recorded. This sheet shows what the certificate must state and what the facts"
            " already say; it certifies nothing."
        ),
        (
            "Aucune attestation de suppression n'est enregistrée. Cette feuille montre ce que l'attestation"
            " doit porter et"
            " ce que les faits disent déjà ; elle n'atteste rien."
        ),
    ),
    "fields": ("What the certificate states", "Ce que porte l'attestation"),
    "field": ("Field", "Champ"),
    "stated": ("Stated", "Mention"),
    "account": ("Account", "Compte"),
    "ticket_on": ("Closing ticket received on", "Ticket de fermeture reçu le"),
    "instances": ("Instances checked", "Instances vérifiées"),
    "volumes": ("Storage volumes checked", "Volumes de stockage vérifiés"),
    "snapshots": ("Snapshots checked", "Snapshots vérifiés"),
    "objects": ("Objects checked", "Objets vérifiés"),
    "backups": ("Backups checked", "Sauvegardes vérifiées"),
    "technical-data": ("Technical data checked", "Données techniques vérifiées"),
    "place": ("Done at", "Fait à"),
    "on": ("Date", "Le"),
    "signatory": ("Name of the signatory", "Nom du signataire"),
    "title_field": ("Title of the signatory", "Titre du signataire"),
    "signed": ("Signature", "Signature"),
    "stamped": ("Company stamp", "Cachet de l'entreprise"),
    "missing": ("[missing: nobody recorded it]", "[manquant : personne ne l'a enregistré]"),
    "deleted": ("deleted, as certified", "supprimés, selon l'attestation"),
    "yes": ("yes, on the original", "oui, sur l'original"),
    "no": ("no, as recorded", "non, selon l'enregistrement"),
    "complete": (
        "Complete: every field that the text asks for is stated.",
        "Complète : tous les champs exigés par le texte y sont.",
    ),
    "incomplete": (
        "Incomplete: {count} of the fields that the text asks for are missing: {names}.",
        "Incomplète : {count} des champs exigés par le texte manquent : {names}.",
    ),
    "clause": ("{title} ({clause})", "{title} ({clause})"),
    "no_model": (
        "No text in force annexes a model: no field can be said to be missing.",
        "Aucun texte en vigueur n'annexe de modèle : aucun champ ne peut être dit manquant.",
    ),
    "history": ("The deletion in the ledger", "La suppression au registre"),
    "when": ("When", "Quand"),
    "what": ("What", "Quoi"),
    "scopes": ("Data", "Données"),
    "requested": ("Deletion {name} requested ({via})", "Suppression {name} demandée ({via})"),
    "performed": ("Deletion performed", "Suppression réalisée"),
    "certified": ("Certificate recorded", "Attestation enregistrée"),
    "method": ("method: {method}", "méthode : {method}"),
    "all": ("all data", "toutes les données"),
    "api": ("API", "API"),
    "ticket": ("ticket", "ticket"),
    "duties": ("What the text asks for", "Ce que le texte demande"),
    "signature": (
        "The original carries the signature and the stamp; without them this sheet is a report of what was recorded.",
        "L'original porte la signature et le cachet ; sans eux, cette feuille rend compte de ce qui a été enregistré.",
    ),
    "by_hand": ("Signature of the provider", "Signature du prestataire"),
    "stamp": ("Stamp of the company", "Cachet de l'entreprise"),
}
SCOPES: Mapping[str, Pair] = {
    "instances": ("instances", "instances"),
    "volumes": ("storage volumes", "volumes de stockage"),
    "snapshots": ("snapshots", "snapshots"),
    "objects": ("objects", "objets"),
    "backups": ("backups", "sauvegardes"),
    "technical-data": ("technical data", "données techniques"),
    "all": ("all data", "toutes les données"),
}
NONE: Pair = (
    "No deletion was performed or certified by this date.",
    "Aucune suppression n'a été réalisée ni attestée à cette date.",
)
UNKNOWN: Pair = (
    "No deletion is called {name!r}; there is {known}.",
    "Aucune suppression ne s'appelle {name!r} ; il y a {known}.",
)
FIELDS = (
    "account", "ticket_on", "instances", "volumes", "snapshots", "objects", "place", "on", "signatory", "title",
    "signed", "stamped",
)  # fmt: skip
"""In the order of the annexed models; what a text asks for beyond them comes after."""
DATES, FLAGS, PERSONAL = {"ticket_on", "on"}, {"signed", "stamped"}, {"signatory", "title"}


def why_not(drawing: Drawing) -> Pair | None:
    """Why there is no certificate to draw up; None where there is."""
    facts = drawing.basis.facts
    known = bool(facts.own(DeletionCertified)) or bool(facts.own(DeletionPerformed))
    return None if known else NONE


def deletion_certificate(drawing: Drawing, asked: Asked) -> Sheet:
    """The newest certificate, or that of the deletion asked for; a sheet to be filled in where none is recorded."""
    if (why := why_not(drawing)) is not None:
        raise NotDrawnError(*why)
    say = Voice(WORDS, drawing.lang)
    certified, performed = _chosen(drawing, asked)
    names = {fact.data.deletion for fact in performed} | ({certified.data.deletion} if certified else set())
    requested = [fact for fact in drawing.basis.facts.own(DeletionRequested) if fact.data.deletion in names]
    when = certified.time if certified is not None else drawing.at
    models = [(text_, text_.certificate) for text_ in drawing.basis.terms.governing(when) if text_.certificate]
    blocks: list[Block] = []
    provider = drawing.basis.terms.provider
    blocks.append(
        text(say("attests", provider=provider) if certified else say("uncertified"), "" if certified else "strong")
    )
    blocks += _verdicts(drawing, say, certified, models)
    blocks.append(_fields(drawing, say, certified, [model for _, model in models]))
    blocks += _history(drawing, say, requested, performed, certified)
    facts = [*requested, *performed, *([certified] if certified else [])]
    refs = {fact.ref for fact in facts}
    duties = [row for row in drawing.derived.deadlines if refs.intersection((row.opened_by, row.settled_by))]
    if duties:
        blocks.append(heading(say("duties")))
        blocks.append(pairs((row.clause, duty(drawing, row)) for row in duties))
    blocks.append(text(say("signature"), "quiet"))
    blocks.append(blanks([(say("by_hand"), "box"), (say("stamp"), "box")]))
    return Sheet(say("title"), provider, tuple(blocks), tuple(sorted(refs)))


def _chosen(drawing: Drawing, asked: Asked) -> tuple[Fact[DeletionCertified] | None, list[Fact[DeletionPerformed]]]:
    """The certificate and the deletions it is about."""
    facts = drawing.basis.facts
    certificates, performed = facts.own(DeletionCertified), facts.own(DeletionPerformed)
    if asked.about is None:
        newest = certificates[-1] if certificates else None
        name = newest.data.deletion if newest is not None else performed[-1].data.deletion
    else:
        name = asked.about
        newest = next((one for one in reversed(certificates) if one.data.deletion == name), None)
        if newest is None and all(one.data.deletion != name for one in performed):
            known = {one.data.deletion or "" for one in certificates} | {one.data.deletion or "" for one in performed}
            told = ", ".join(sorted(known - {""})) or "–"
            raise NotDrawnError(*(words.format(name=name, known=told) for words in UNKNOWN))
    if name is not None:
        return newest, [one for one in performed if one.data.deletion in (name, None)]
    return newest, [one for one in performed if newest is None or one.time <= newest.time]


def _verdicts(
    drawing: Drawing,
    say: Voice,
    certified: Fact[DeletionCertified] | None,
    models: Iterable[tuple[Agreement, Certificate]],
) -> Iterator[Block]:
    if certified is None:
        return
    found = list(models)
    if not found:
        yield verdict(say("no_model"), "quiet")
    for _, model in found:
        missing = missing_fields(model, certified.data)
        title = model.title.fr if drawing.lang == "fr" else model.title.en
        clause = say("clause", title=title, clause=model.clause)
        if missing:
            names = ", ".join(say(_label(name)).lower() for name in missing)
            yield verdict(say("incomplete", count=len(missing), names=names), "bad", clause)
        else:
            yield verdict(say("complete"), "good", clause)


def _fields(
    drawing: Drawing, say: Voice, certified: Fact[DeletionCertified] | None, models: Iterable[Certificate]
) -> Block:
    asked = [name for model in models for name in (*model.fields, *model.scopes)]
    stated = () if certified is None else certified.data.scopes
    further = [name for name in (*asked, *stated) if name not in FIELDS and name != EVERYTHING]
    rows = [(say(_label(name)), _stated(drawing, say, certified, name)) for name in (*FIELDS, *dict.fromkeys(further))]
    return table(say("fields"), [(say("field"), LEFT, 4), (say("stated"), LEFT, 6)], rows)


def _stated(drawing: Drawing, say: Voice, certified: Fact[DeletionCertified] | None, name: str) -> Cell:
    missing = cell(say("missing"), tone="fill")
    if certified is None:
        return missing
    if name in SCOPES:
        return say("deleted") if name in certified.data.scopes or EVERYTHING in certified.data.scopes else missing
    if name in PERSONAL:
        return drawing.private(certified, (name,), WORDS["missing"])
    value = getattr(certified.data, name)
    if value is None:
        return missing
    if name in DATES:
        return day(value, drawing.lang)
    return say("yes" if value else "no") if name in FLAGS else str(value)


def _history(
    drawing: Drawing,
    say: Voice,
    requested: Iterable[Fact[DeletionRequested]],
    performed: Iterable[Fact[DeletionPerformed]],
    certified: Fact[DeletionCertified] | None,
) -> Iterator[Block]:
    lang = drawing.lang

    def scopes(names: Iterable[str]) -> str:
        return ", ".join(drawing.pick(SCOPES[name]) for name in names)

    rows: list[tuple[int, tuple[Cell, Cell, Cell]]] = []
    for asked in requested:
        what = say("requested", name=asked.data.deletion, via=say(asked.data.via))
        rows.append((asked.time, (moment(asked.time, lang), what, scopes(asked.data.scopes))))
    for done in performed:
        method = "" if done.data.method is None else say("method", method=done.data.method)
        rows.append((done.time, (moment(done.time, lang), cell(say("performed"), method), scopes(done.data.scopes))))
    if certified is not None:
        rows.append((certified.time, (moment(certified.time, lang), say("certified"), scopes(certified.data.scopes))))
    columns = [(say("when"), LEFT, 3), (say("what"), LEFT, 4), (say("scopes"), LEFT, 4)]
    yield table(say("history"), columns, [row for _, row in sorted(rows, key=lambda one: one[0])])


def _label(name: str) -> str:
    return "title_field" if name == "title" else name
