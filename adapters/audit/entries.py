"""What entries of the log say, and how two of them differ, in words."""

import json
from collections.abc import Mapping
from typing import Any

WORDS = {
    "at": ("when it was recorded", "quand il fut enregistré"),
    "log": ("whose log it is", "à qui est le journal"),
    "nf": ("how many fields it has", "combien de champs il a"),
    "pc": ("what its fields and its seed give", "ce que donnent ses champs et sa graine"),
    "tenant": ("whose chain it is in", "dans quelle chaîne il est"),
    "tseq": ("which one of its chain it is", "le combientième de sa chaîne il est"),
    "type": ("its type", "son type"),
    "v": ("the version of the entry", "la version de l'entrée"),
}


def members(entry: bytes) -> dict[str, Any]:
    """The members of an entry; none where it cannot be read."""
    try:
        said = json.loads(entry)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def differing(said: Mapping[str, Any], again: Mapping[str, Any]) -> tuple[str, str]:
    """What an entry says that the stored event does not give again, in English and French."""
    names = [name for name in WORDS if said.get(name) != again.get(name)]
    english = ", ".join(f"{name} ({WORDS[name][0]})" for name in names) or "spelling"
    french = ", ".join(f"{name} ({WORDS[name][1]})" for name in names) or "écriture"
    return (
        f"the stored event is not the one recorded, or its leaf was changed: {english}",
        f"l'événement n'est pas celui qui fut enregistré, ou sa feuille a été changée : {french}",
    )
