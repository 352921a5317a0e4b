"""What an audit looked at and found, in words."""

from collections.abc import Iterator

from adapters.audit.run import Report

WORDS = {
    "en": {
        "looked": "Audit of {log}, {size} leaves: {leaves} looked at, with {events} events, of {tenants} subjects.",
        "since": "Not looked at: the first {whole} leaves and their events, which the last audit saw; their root is"
        " still the same.",
        "since_wrong": "Not looked at: the first {whole} leaves and their events, which the last audit saw.",
        "unsigned": "Nothing is signed: whoever can write the database can write a log that adds up (greffe sign).",
        "signed": "{checkpoints} checkpoints, the newest for {signed} leaves; {left} came since, not signed yet.",
        "verified": "Their signatures are those of the keys given.",
        "unlike": "Their signatures are not all those of the keys given: see below.",
        "not-looked-at": "Whose signatures they are was not looked at: no --key was given.",
        "values": "Sealed values of persons: {opened} open, {erased} were erased, {lost} are lost.",
        "sealed": "Not looked at: whether sealed values of persons still open (--open).",
        "sound": "Everything is as the log says.",
        "faults": "Not as the log says ({count}):",
        "more": "… and {more} more",
    },
    "fr": {
        "looked": "Audit de {log}, {size} feuilles : {leaves} lues, {events} événements, {tenants} sujets.",
        "since": "Non lues : les {whole} premières feuilles et leurs événements, que l'audit précédent a vus ; leur"
        " racine est la même.",
        "since_wrong": "Non lues : les {whole} premières feuilles et leurs événements, que l'audit précédent a vus.",
        "unsigned": "Rien n'est signé : qui peut écrire la base peut écrire un journal cohérent (greffe sign).",
        "signed": "{checkpoints} points de contrôle, le dernier pour {signed} feuilles ; {left} depuis, non signées.",
        "verified": "Leurs signatures sont celles des clés données.",
        "unlike": "Leurs signatures ne sont pas toutes celles des clés données : voir plus bas.",
        "not-looked-at": "De qui sont les signatures n'a pas été examiné : aucune --key donnée.",
        "values": "Valeurs de personnes scellées : {opened} s'ouvrent, {erased} effacées, {lost} perdues.",
        "sealed": "Non examiné : si les valeurs de personnes scellées s'ouvrent encore (--open).",
        "sound": "Tout est comme le dit le journal.",
        "faults": "Pas comme le dit le journal ({count}) :",
        "more": "… et {more} autres",
    },
}


def lines(report: Report, language: str) -> Iterator[str]:
    """The report, line by line: what was looked at, what was not, what is wrong."""
    words = WORDS[language]
    said = report.as_json()
    yield words["looked"].format(**said)
    if report.since:
        changed = "memory" in report.codes
        yield words["since_wrong" if changed else "since"].format(whole=report.size - report.leaves)
    if report.checkpoints:
        yield words["signed"].format(**said, left=max(0, report.size - report.signed))
        yield words[report.signatures]
    else:
        yield words["unsigned"]
    yield words["sealed"] if report.values is None else words["values"].format(**report.values)
    if not report.count:
        yield words["sound"]
        return
    yield words["faults"].format(count=report.count)
    yield from (f"  {one.line(language)}" for one in report.faults)
    if report.count > len(report.faults):
        yield words["more"].format(more=report.count - len(report.faults))
