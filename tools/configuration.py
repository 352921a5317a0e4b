"""Write docs/configuration.md and .fr.md from the settings' models: ``python -m tools.configuration [--check]``."""

import sys
from pathlib import Path

from adapters.settings.catalogue import Setting, settings_of
from adapters.settings.load import Settings
from adapters.telemetry.logs import FIELDS
from projections.spelling import dump

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = {"configuration.md": "en", "configuration.fr.md": "fr"}

_INTRODUCTION = {
    "en": """\
# Configuration

[En français](configuration.fr.md)

Every setting comes from an environment variable, else from a TOML file, else from its default. The file is the one
that `--config` or `GREFFE_CONFIG` names; `GREFFE_KAFKA__TOPIC` in the environment is `topic` under `[kafka]` in it.

- `greffe config check` says everything that is wrong, each line starting with the variable or the key. The processes
  that run for long check the same at start, and refuse to start.
- A variable that starts with `GREFFE_` and a key of the file that is not below are refused, with the nearest name: a
  setting misspelt would be a setting ignored.
- `greffe config show` prints what would be used and where it comes from, without the secrets.
- A setting marked *secret* may be given as a file: add `_FILE` to the variable (`_file` to the key) and give its path.
  The last line end of that file is left out.
- `GREFFE_LEDGER` is short for `GREFFE_LEDGER__ADDRESS`. An option of a command, such as `--ledger`, wins over both.
- Lists are written with commas in the environment, as lists in the file.
""",
    "fr": """\
# Configuration

[In English](configuration.md)

Chaque réglage vient d'une variable d'environnement, sinon d'un fichier TOML, sinon de sa valeur par défaut. Le fichier
est celui que nomme `--config` ou `GREFFE_CONFIG` ; `GREFFE_KAFKA__TOPIC` dans l'environnement y est `topic` sous
`[kafka]`.

- `greffe config check --lang fr` dit tout ce qui ne va pas, chaque ligne commençant par la variable ou la clé. Les
  processus qui durent vérifient la même chose au démarrage, et refusent de démarrer.
- Une variable commençant par `GREFFE_` et une clé du fichier qui ne sont pas ci-dessous sont refusées, avec le nom le
  plus proche : un réglage mal écrit serait un réglage ignoré.
- `greffe config show` affiche ce qui serait utilisé et d'où cela vient, sans les secrets.
- Un réglage marqué *secret* peut être donné par un fichier : ajoutez `_FILE` à la variable (`_file` à la clé) et donnez
  son chemin. La dernière fin de ligne de ce fichier est retirée.
- `GREFFE_LEDGER` abrège `GREFFE_LEDGER__ADDRESS`. Une option de commande, comme `--ledger`, l'emporte sur les deux.
- Les listes s'écrivent avec des virgules dans l'environnement, comme des listes dans le fichier.
""",
}
_HEADS = {
    "en": "| variable | what it is for | value | default |",
    "fr": "| variable | à quoi il sert | valeur | défaut |",
}
_FIELDS = {
    "en": """
## Log lines

One JSON object a line on standard error, or text on a terminal: `time` (UTC), `level`, `event`, and of these fields
those that apply. A line has no other: no secret, nothing a fact says, no name of a person. `greffe.*` loggers speak
from the level that is set, libraries from warnings up.

| field | what it is |
| --- | --- |
""",
    "fr": """
## Lignes de journal

Un objet JSON par ligne sur la sortie d'erreur, ou du texte sur un terminal : `time` (UTC), `level`, `event`, et parmi
ces champs ceux qui s'appliquent. Une ligne n'en a pas d'autre : ni secret, ni rien de ce que dit un fait, ni nom d'une
personne. Les journaux `greffe.*` parlent à partir du niveau réglé, les bibliothèques à partir des avertissements.

| champ | ce que c'est |
| --- | --- |
""",
}
_NONE = {"en": "none", "fr": "aucune"}


def page(lang: str) -> str:
    """The page in one language."""
    parts = [_INTRODUCTION[lang]]
    section = ""
    for setting in settings_of(Settings):
        if setting.section != section:
            section = setting.section
            parts.append(f"\n## `[{section}]`\n\n{_HEADS[lang]}\n| --- | --- | --- | --- |\n")
        parts.append(_row(setting, lang))
    parts.append(_FIELDS[lang])
    side = 1 if lang == "fr" else 0
    parts += [f"| `{name}` | {words[side]} |\n" for name, words in FIELDS.items()]
    return "".join(parts)


def _row(setting: Setting, lang: str) -> str:
    meaning = setting.french if lang == "fr" else setting.english
    if not meaning:
        raise SystemExit(f"{setting.section}.{setting.key}: no description in {lang}")
    secret = " *secret*." if setting.secret else ""
    cells = (f"`{setting.variable}`", meaning + secret, setting.expected(lang), _default(setting, lang))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _default(setting: Setting, lang: str) -> str:
    default = setting.field.get_default(call_default_factory=True)
    if default in (None, "", ()):
        return _NONE[lang]
    if isinstance(default, bool | int | str):
        return f"`{default if isinstance(default, str) else dump(default)}`"
    if isinstance(default, list | tuple | frozenset | set):
        return f"`{','.join(str(one) for one in default)}`"
    return f"`{default}`"


def stale(folder: Path = DOCS) -> list[str]:
    """The pages that differ from the models."""
    return [name for name, lang in PAGES.items() if _read(folder / name) != page(lang)]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def main() -> int:
    """Write, or with ``--check`` only say what is stale (status 1)."""
    if sys.argv[1:] != ["--check"]:
        for name, lang in PAGES.items():
            (DOCS / name).write_text(page(lang), encoding="utf-8")
        return 0
    wrong = stale()
    for name in wrong:
        print(f"docs/{name} does not match the settings: run python -m tools.configuration")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
