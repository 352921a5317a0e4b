"""What ``verify`` leaves to others: the figures of a bundle's statement recomputed, its timestamps verified whole."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from cryptography import x509

from adapters.catalogue import agreement_files, readings_file
from adapters.evidence.bundled import AGREEMENTS, LANGUAGES, Bundled
from adapters.evidence.timestamps import TimestampError, Trust, verified
from adapters.evidence.verify import RefusedError, Verified, as_signed
from domain.errors import GreffeError
from domain.time.instant import format_instant

SAID = {
    "figures": (
        "The statement and its explanation were recomputed from the facts, texts and readings here: the same bytes.",
        "Le relevé et son explication ont été recalculés à partir des faits, textes et lectures : les mêmes octets.",
    ),
    "stamped": (
        "{name}: the timestamp authority signed it, under the root you gave, policy {policy}, {time}.",
        "{name} : l'autorité d'horodatage l'a signé, sous la racine que vous avez donnée, politique {policy}, {time}.",
    ),
    "ours": (
        "{name} is a text that comes with this program, or that you gave.",
        "{name} est un texte livré avec ce programme, ou que vous avez donné.",
    ),
}
READINGS = "readings.toml"
Also = list[tuple[str, str]]


class RootError(GreffeError):
    """A root certificate that cannot be used; the text says why."""


def roots_in(paths: Sequence[Path]) -> tuple[x509.Certificate, ...]:
    """The certificates in files (PEM or DER). Raises RootError."""
    found: list[x509.Certificate] = []
    for path in paths:
        data = path.read_bytes()
        try:
            pem = data.lstrip().startswith(b"-----")
            found += x509.load_pem_x509_certificates(data) if pem else [x509.load_der_x509_certificate(data)]
        except ValueError:
            raise RootError(f"{path}: not a certificate", f"{path} : n'est pas un certificat") from None
    return tuple(found)


def recomputed(found: Verified, lang: str, folders: Sequence[Path] = ()) -> Also:
    """Recomputes the statement and its explanation from the bundle's own facts, texts and readings.

    Raises RefusedError unless they are those of the bundle, and its texts those of this program or of the ``folders``.
    """
    known = _texts(folders)
    for name in sorted(found.members):
        if (name.startswith(AGREEMENTS) or name == READINGS) and found.members[name] not in known:
            raise RefusedError(
                f"{name} is not a text of this program: compare it with what was signed, and if it says the same give"
                " its folder with --agreements",
                f"{name} n'est pas un texte de ce programme : comparez-le à ce qui a été signé et, s'il dit la même"
                " chose, donnez son dossier par --agreements",
            )
    try:
        bundled = Bundled(found.claim, found.members)
        other = next((name for name, text in _again(bundled) if found.members[name] != text), None)
    except Exception as error:  # noqa: BLE001 - texts that somebody forged may break anything; none of it is a proof
        reason = str(error) if isinstance(error, GreffeError) else type(error).__name__
        raise RefusedError(
            f"the statement cannot be recomputed: {reason}", f"le relevé ne peut être recalculé : {reason}"
        ) from None
    if other is not None:
        raise RefusedError(f"{other}: recomputed, it is another", f"{other} : recalculé, il est autre")
    names = [name for name in sorted(found.members) if name.startswith(AGREEMENTS)]
    return [("figures", _say("figures", lang)), *((name, _say("ours", lang, name=name)) for name in names)]


def _again(bundled: Bundled) -> Iterator[tuple[str, bytes]]:
    yield "statement.json", bundled.statement(bundled.readings())
    for lang in LANGUAGES:
        yield f"explanation.{lang}.txt", bundled.explanation(lang).encode()


def _texts(folders: Sequence[Path]) -> set[bytes]:
    """The agreements and readings of this program, and those in the folders."""
    given = {path.read_bytes() for folder in folders for path in folder.glob("*.toml")}
    return {readings_file(), *given, *(text for versions in agreement_files().values() for text in versions)}


def stamped(found: Verified, roots: Sequence[x509.Certificate], lang: str) -> Also:
    """Verifies each timestamp up to a root. Raises RefusedError for one that does not hold under any of them."""
    signed = as_signed(found.members["checkpoint"], found.checkpoint.origin)
    said = []
    for name, _ in found.stamps:
        try:
            stamp = verified(found.members[name], signed, Trust(tuple(roots)))
        except TimestampError as error:
            raise RefusedError(f"{name}: {error}", f"{name} : {error}") from None
        said.append((name, _say("stamped", lang, name=name, policy=stamp.policy, time=format_instant(stamp.time))))
    return said


def _say(sentence: str, lang: str, **values: str) -> str:
    return SAID[sentence][lang == "fr"].format(**values)
