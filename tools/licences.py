"""Refuse a locked dependency whose licence we have not accepted.

Reads the locked requirements and the metadata of what is installed. Run as ``python -m tools.licences``;
exit status 1 names each offender. ``docs/dependencies.md`` says why each one is there.
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PERMISSIVE = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0"}
# Weak copyleft, accepted package by package: used unmodified, as separate installed packages that anyone can replace.
ACCEPTED = {
    "certifi": {"MPL-2.0"},
    "crc32c": {"LGPL-2.1-or-later"},
    "hypothesis": {"MPL-2.0"},
    "pathspec": {"MPL-2.0"},
    "psycopg": {"LGPL-3.0-only"},
    "psycopg-binary": {"LGPL-3.0-only"},
    "psycopg-pool": {"LGPL-3.0-only"},
}
# What older metadata says instead of an SPDX name.
SPELLINGS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def locked_names(*files: str) -> list[str]:
    """The names pinned by the requirement files, without repetition, in order."""
    names = [name for file in files for name, _ in _PIN.findall((ROOT / "requirements" / file).read_text("utf-8"))]
    return sorted({name.lower() for name in names})


def licences_of(package: Distribution) -> set[str]:
    """The SPDX names a distribution declares, any one of which may be chosen; empty when it declares none."""
    metadata = package.metadata
    declared = metadata.get_all("License-Expression") or []
    if declared:
        return set(declared[0].strip("()").split(" OR "))
    classifiers = metadata.get_all("Classifier") or []
    found = {line.rsplit(" :: ", 1)[1] for line in classifiers if line.startswith("License :: OSI Approved :: ")}
    licence = next(iter(metadata.get_all("License") or []), "").strip()
    if licence in SPELLINGS or licence in PERMISSIVE or re.fullmatch(r"[A-Z][A-Za-z]*-[\w.+-]+", licence):
        found = {licence}
    return {SPELLINGS.get(name, name) for name in found}


def is_accepted(name: str, licences: set[str]) -> bool:
    """Whether one of the licences, each of its parts, is permissive, or accepted for this very package."""
    accepted = PERMISSIVE | ACCEPTED.get(name, set())
    return any(set(licence.split(" AND ")) <= accepted for licence in licences)


def offences(names: list[str]) -> list[str]:
    """One sentence for each package whose licence is not accepted; packages of other systems are passed over."""
    found = []
    for name in names:
        try:
            licences = licences_of(distribution(name))
        except PackageNotFoundError:
            continue
        if not is_accepted(name, licences):
            found.append(f"{name}: licence {' or '.join(sorted(licences)) or 'not declared'} is not accepted")
    return found


def main() -> int:
    """Print the offences; 1 if there are any."""
    names = locked_names("run.txt", "dev.txt", "lock.txt")
    found = offences(names)
    print("\n".join(found) or f"licences: {len(names)} locked packages, all accepted")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
