"""Checks agreement files on disk: each fault with its file, its key and a sentence."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import tomli
from pydantic import ValidationError

from adapters.catalogue import AGREEMENTS, load_switches
from domain.agreements.lint import Fault, Known, lint
from domain.agreements.model import Agreement
from domain.agreements.section import Words

UNREADABLE = Words(en="not readable as TOML", fr="illisible en TOML")


@dataclass(frozen=True, slots=True)
class FileFault:
    """One fault of one file; ``key`` is the path of the key in it, counted from 0 in lists."""

    file: str
    key: str
    level: str
    words: Words

    def as_json(self) -> dict[str, Any]:
        """The fault as JSON values."""
        return {"file": self.file, "key": self.key, "level": self.level, **self.words.model_dump()}

    def text(self, lang: str) -> str:
        """The fault as a line."""
        said = self.words.fr if lang == "fr" else self.words.en
        mark = {"fault": "", "warning": {"fr": "avertissement : "}.get(lang, "warning: ")}[self.level]
        return f"{self.file}: {self.key}: {mark}{said}"


@dataclass(slots=True)
class _Document:
    """The parts of one document as read: per part its name and what it says."""

    parts: list[tuple[str, dict[str, Any]]]

    def whole(self) -> dict[str, Any]:
        """The document, its lists joined in the order of the parts."""
        raw: dict[str, Any] = {}
        for _, read in self.parts:
            for key, value in read.items():
                raw[key] = [*raw.get(key, []), *value] if isinstance(value, list) else value
        return raw

    def place(self, key: str) -> tuple[str, str]:
        """(file, key in that file) of a key of the whole document."""
        root, _, rest = key.partition(".")
        number, _, below = rest.partition(".")
        for name, read in self.parts:
            if root not in read:
                continue
            value = read[root]
            if not isinstance(value, list) or not number.isdigit():
                return name, key
            if int(number) < len(value):
                return name, ".".join(filter(None, (root, number, below)))
            number = str(int(number) - len(value))
        return self.parts[0][0], key or "file"


def lint_folders(folders: Sequence[Path] = ()) -> list[FileFault]:
    """Every fault of the shipped agreements and of those in the folders (``*.toml``), by file."""
    faults: list[FileFault] = []
    documents: list[tuple[_Document, Agreement]] = []
    for folder in (AGREEMENTS, *folders):
        if not folder.is_dir():
            faults.append(
                FileFault(str(folder), "folder", "fault", Words(en="no such folder", fr="dossier introuvable"))
            )
            continue
        for document in _read(folder, faults):
            try:
                documents.append((document, Agreement.model_validate(document.whole())))
            except ValidationError as error:
                faults += _refusals(document, error)
    rules = {agreement.full_id(rule) for _, agreement in documents for rule in agreement.rules_by_id}
    names = {agreement.id for _, agreement in documents}
    known = Known(load_switches(), names, rules)
    seen: dict[tuple[str, str], str] = {}
    for document, agreement in documents:
        faults += [_placed(document, fault) for fault in lint(agreement, known)]
        faults += _head(document, agreement, seen)
    return sorted(faults, key=lambda fault: (fault.level, fault.file))


def _read(folder: Path, faults: list[FileFault]) -> Iterator[_Document]:
    parts: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for path in sorted(folder.glob("*.toml")):
        try:
            read = tomli.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
            words = Words(en=f"{UNREADABLE.en}: {error}", fr=f"{UNREADABLE.fr} : {error}")
            faults.append(FileFault(path.name, "file", "fault", words))
            continue
        parts[path.name.split(".", 1)[0]].append((path.name, read))
    yield from (_Document(found) for found in parts.values())


def _refusals(document: _Document, error: ValidationError) -> Iterator[FileFault]:
    for one in error.errors():
        file, key = document.place(".".join(map(str, one["loc"])))
        message = one["msg"].removeprefix("Value error, ")
        yield FileFault(file, key, "fault", Words(en=message, fr=message))


def _placed(document: _Document, fault: Fault) -> FileFault:
    file, key = document.place(fault.key)
    return FileFault(file, key, fault.level, fault.words)


def _head(document: _Document, agreement: Agreement, seen: dict[tuple[str, str], str]) -> Iterator[FileFault]:
    """The file must be named after the document, and one version stand in one file."""
    file, key = document.place("id")
    stem = file.split(".", 1)[0]
    if stem != agreement.id:
        words = Words(
            en=f"the file of {agreement.id} must be named {agreement.id}.toml",
            fr=f"le fichier de {agreement.id} doit s'appeler {agreement.id}.toml",
        )
        yield FileFault(file, key, "warning" if stem.startswith(agreement.id) else "fault", words)
    name = (agreement.id, agreement.version)
    if name in seen:
        words = Words(
            en=f"version {agreement.version} of {agreement.id} is already in {seen[name]}",
            fr=f"la version {agreement.version} de {agreement.id} est déjà dans {seen[name]}",
        )
        yield FileFault(file, "version", "fault", words)
    seen.setdefault(name, file)
