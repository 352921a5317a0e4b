"""A third provider, invented, known by its agreement file alone: a head to which a test adds the tables it is about."""

from pathlib import Path

HEAD = """
id = "nimbus-terms"
version = "1"
provider = "nimbus"
language = "en"
title = { fr = "Conditions Nimbus", en = "Nimbus terms" }

[precedence]
id = "order"
clause = "1.1"
rank = 1
title = { fr = "Ordre", en = "Order" }

[sla]
id = "levels"
clause = "2"
table = "own"
penalties = "own"
title = { fr = "Niveaux", en = "Levels" }

[revision]
id = "changes"
clause = "3"
mode = "publication"
title = { fr = "Évolution", en = "Changes" }
"""
SIGNATURE = {
    "provider": "nimbus",
    "client": {"id": "client-1", "name": "Client One"},
    "documents": ["nimbus-terms"],
    "kind": "on-demand",
}
"""The data of ``contract.signed`` under these terms."""


def nimbus_terms(folder: Path, *tables: str) -> list[Path]:
    """Writes the terms, head and tables, into a folder; the folders of agreements to read."""
    (folder / "nimbus-terms.toml").write_text(HEAD + "".join(tables), encoding="utf-8")
    return [folder]
