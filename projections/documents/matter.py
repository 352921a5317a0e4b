"""What every document has in common: of which contract, at which date, and on what it rests, down to the proof."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from domain.errors import UnknownDocumentError
from domain.fact import AnyFact
from projections.deadline_row import DeadlineRow
from projections.documents.blocks import LEFT, Block, Cell, cell, heading, pairs, table, text
from projections.documents.drawing import Drawing, Voice
from projections.explain.bearing import Bearing
from projections.explain.fact_words import phrase
from projections.figures import day, moment
from projections.wording import Pair, state_word

WORDS: Mapping[str, Pair] = {
    "contract": ("Contract", "Contrat"),
    "client": ("Client", "Client"),
    "provider": ("Provider", "Prestataire"),
    "at": ("Drawn up as of", "Établi à la date du"),
    "at_note": ("Paris time, with what was known on {known}", "heure de Paris, avec ce qui était connu le {known}"),
    "texts": ("Texts in force", "Textes en vigueur"),
    "version": ("{title}, version {version}", "{title}, version {version}"),
    "rests": ("What this document rests on", "Sur quoi repose ce document"),
    "readings": ("How the texts are read", "Comment les textes sont lus"),
    "reading": ("Reading, by default unless chosen", "Lecture, par défaut sauf choix"),
    "meaning": ("What it means", "Ce qu'elle veut dire"),
    "chosen": ("chosen", "choisie"),
    "no_reading": ("No open question of the texts bears on it.", "Aucune question ouverte des textes n'y touche."),
    "facts": ("Facts", "Faits"),
    "when": ("When", "Quand"),
    "what": ("What", "Quoi"),
    "id": ("Source and id", "Source et identifiant"),
    "recorded": ("recorded {when}", "enregistré le {when}"),
    "no_fact": ("It rests on no single fact.", "Il ne repose sur aucun fait en particulier."),
    "proof": ("Proof", "Preuve"),
    "origin": ("Log", "Journal"),
    "checkpoint": ("Checkpoint", "Point de contrôle"),
    "size": ("{size} entries, signed {when}", "{size} entrées, signé le {when}"),
    "root": ("Root hash", "Empreinte racine"),
    "later": ("Not covered yet", "Pas encore couverts"),
    "later_note": (
        "facts of this contract recorded since the checkpoint: {count}",
        "faits de ce contrat enregistrés depuis le point de contrôle : {count}",
    ),
    "never": (
        (
            "Not signed yet: the log that holds these facts has no checkpoint, so nothing but the ledger itself vouches"
            " for them."
        ),
        (
            "Pas encore signé : le journal qui contient ces faits n'a aucun point de contrôle ; seul le"
            " registre lui-même"
            " en répond."
        ),
    ),
    "files": (
        (
            "Not signed: the facts were read from files, which no log proves. Whoever has the same files gets the same"
            " document."
        ),
        (
            "Non signé : les faits ont été lus dans des fichiers, qu'aucun journal ne prouve. Qui a les mêmes fichiers"
            " obtient le même document."
        ),
    ),
    "data": ("Data of this document", "Données de ce document"),
    "data_note": (
        "SHA-256 of the file document.json attached to this PDF",
        "SHA-256 du fichier document.json joint à ce PDF",
    ),
    "verify": ("To verify", "Pour vérifier"),
    "verify_link": (
        "At this address, for whoever may see the contract, is its receipt in the signed log:",
        "À cette adresse se trouve, pour qui a accès au contrat, son reçu dans le journal signé :",
    ),
    "verify_contract": (
        "At this address, for whoever may see the contract, it stands as the ledger has it:",
        "À cette adresse, qui a accès au contrat le voit tel que le registre le tient :",
    ),
    "verify_bundle": (
        (
            "Without this address: greffe bundle makes the evidence bundle of the contract, greffe verify"
            " checks it on any"
            " computer, and greffe document draws this document up again, byte for byte."
        ),
        (
            "Sans cette adresse : greffe bundle fait le dossier de preuve du contrat, greffe verify le contrôle sur"
            " n'importe quel ordinateur, et greffe document établit de nouveau ce document, à l'octet près."
        ),
    ),
    "qr": ("QR code of the address {link}", "Code QR de l'adresse {link}"),
}
CENTS = 2
MOST_FACTS = 400
"""As many facts as are listed one by one; a longer list is cut, and says so."""
CUT: Pair = (
    "… and {left} more facts, in document.json attached to this PDF.",
    "… et {left} autres faits, dans document.json joint à ce PDF.",
)


def about(drawing: Drawing) -> Block:
    """Of which contract and parties, at which date, under which texts."""
    say, lang, terms = Voice(WORDS, drawing.lang), drawing.lang, drawing.basis.terms
    signed = terms.signed.data
    governing = terms.governing(max(drawing.at, terms.start))
    known = moment(drawing.known_at, lang)
    rows: list[tuple[str, Cell]] = [
        (say("contract"), drawing.basis.contract),
        (say("client"), cell(signed.client.name, signed.client.id)),
        (say("provider"), signed.provider),
        (say("at"), cell(moment(drawing.at, lang), say("at_note", known=known))),
    ]
    for number, one in enumerate(governing):
        title = one.title.fr if lang == "fr" else one.title.en
        told = say("version", title=title, version=one.version)
        rows.append((say("texts") if not number else "", cell(told, one.id)))
    return pairs(rows)


def rests(drawing: Drawing, events: Iterable[str], bearing: Iterable[Mapping[str, Any]]) -> Iterator[Block]:
    """The readings and the facts."""
    say, lang = Voice(WORDS, drawing.lang), drawing.lang
    yield heading(say("rests"))
    readings = list(bearing)
    if readings:
        columns = [(say("reading"), LEFT, 3), (say("meaning"), LEFT, 6)]
        rows: list[tuple[Cell, Cell]] = [
            (
                cell(f"{one['parameter']} = {one['value']}", say("chosen") if one["chosen"] else ""),
                one["meaning"],
            )
            for one in readings
        ]
        yield table(say("readings"), columns, rows, 2)
    else:
        yield text(say("no_reading"), "quiet")
    found = facts_named(drawing, events)
    if not found:
        yield text(say("no_fact"), "quiet")
        return
    listed: list[tuple[Cell, Cell, Cell]] = []
    for fact in found[:MOST_FACTS]:
        late = "" if fact.recorded == fact.time else say("recorded", when=moment(fact.recorded, lang))
        what = phrase(fact, lang)
        listed.append((cell(moment(fact.time, lang), late), what[:1].upper() + what[1:], cell(fact.ref, mono=True)))
    columns = [(say("when"), LEFT, 3), (say("what"), LEFT, 3), (say("id"), LEFT, 6)]
    yield table(say("facts"), columns, listed, 2)
    if len(found) > MOST_FACTS:
        yield text(drawing.pick(CUT).format(left=len(found) - MOST_FACTS), "quiet")


def proof(drawing: Drawing) -> Iterator[Block]:
    """How far the facts are signed."""
    say, lang = Voice(WORDS, drawing.lang), drawing.lang
    yield heading(say("proof"))
    made = drawing.proof.checkpoint
    if made is None:
        yield text(say(drawing.proof.unsigned or "never"), "strong")
        return
    rows: list[tuple[str, Cell]] = [
        (say("origin"), cell(made.origin, mono=True)),
        (say("checkpoint"), say("size", size=made.size, when=moment(made.made, lang))),
        (say("root"), cell(made.root, mono=True)),
    ]
    if made.later:
        rows.append((say("later"), say("later_note", count=made.later)))
    yield pairs(rows)


def link(drawing: Drawing) -> str:
    """The address at which the document can be verified; empty where no public address is known."""
    if not drawing.address:
        return ""
    page = f"{drawing.address.rstrip('/')}/contracts/{quote(drawing.basis.contract, safe='')}"
    return page if drawing.proof.checkpoint is None else f"{page}/receipt"


def verification(drawing: Drawing) -> dict[str, str]:
    """What the end of the document says of how to verify it; the digest comes with the rendering."""
    say, found = Voice(WORDS, drawing.lang), link(drawing)
    lead = "" if not found else say("verify_contract" if drawing.proof.checkpoint is None else "verify_link")
    return {
        "title": say("verify"),
        "data": say("data"),
        "data_note": say("data_note"),
        "lead": lead,
        "link": found,
        "alt": say("qr", link=found) if found else "",
        "bundle": say("verify_bundle"),
    }


def facts_named(drawing: Drawing, events: Iterable[str]) -> list[AnyFact]:
    """The facts of these names (``source#id``) that are known, in their order."""
    wanted = set(events)
    found = [fact for fact in drawing.basis.facts.everything() if fact.ref in wanted]
    return sorted(found, key=lambda fact: fact.order)


def bearing_json(found: Iterable[Bearing]) -> tuple[dict[str, Any], ...]:
    """Readings as an explanation prints them, each once."""
    told = {
        (one.parameter, one.value): {
            "parameter": one.parameter,
            "value": one.value,
            "meaning": one.meaning,
            "chosen": one.chosen,
        }
        for one in found
    }
    return tuple(told[name] for name in sorted(told))


def exact(value: str | None) -> str:
    """The exact sum in euros, where it has more than cents; else nothing needs to be said."""
    longer = value is not None and ("/" in value or len(value.partition(".")[2]) > CENTS)
    return f"{value} EUR" if longer else ""


def titled(drawing: Drawing, rule: str) -> str:
    """The title of a rule, or its id where no text has it."""
    try:
        title = drawing.basis.catalogue.rule(rule).title
    except (KeyError, UnknownDocumentError):
        return rule
    return title.fr if drawing.lang == "fr" else title.en


def duty(drawing: Drawing, row: DeadlineRow) -> Cell:
    """What a deadline asks for, and what became of it."""
    word = state_word("deadlines", {"state": row.state, "owed_by": row.owed_by}, drawing.lang)
    due = (
        ""
        if row.due is None
        else f", {moment(row.due, drawing.lang) if row.last_day is None else day(row.last_day, drawing.lang)}"
    )
    return cell(titled(drawing, row.rule), f"{word}{due}")
