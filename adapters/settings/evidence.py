"""How the ledger proves itself: the key that signs its log, who cosigns and dates it, where copies go."""

import re
from pathlib import Path
from typing import NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from adapters.privacy.persons import POSTGRES, KeyPlace, default_place, of_file
from adapters.settings.section import Section

_URL = re.compile(r"https?://\S+")
_OID = re.compile(r"[0-2](\.\d+)+")


class WitnessPlace(NamedTuple):
    """A witness: its key as it prints it, and where it answers."""

    key: str
    url: str


class AuthorityPlace(NamedTuple):
    """A timestamp authority: where it answers, the file of the roots it leads to (PEM), the policies we accept."""

    url: str
    roots: Path
    policies: tuple[str, ...]


class EvidenceSettings(Section):
    """What ``greffe sign`` works with."""

    signing_key: Path | None = Field(
        None,
        description="The file of the key that signs the ledger's log, readable by the account of the signer alone; "
        "what it signed last is remembered beside it.",
        json_schema_extra={
            "fr": "Le fichier de la clé qui signe le journal du registre, lisible par le seul compte du "
            "signataire ; ce qu'elle a signé en dernier est retenu à côté."
        },
    )
    interval_seconds: int = Field(
        60,
        ge=1,
        le=86_400,
        description="How often the log is signed while it grows, in seconds; a legal notice is signed for at once.",
        json_schema_extra={
            "fr": "L'intervalle, en secondes, auquel le journal est signé tant qu'il grandit ; un acte juridique fait "
            "signer tout de suite."
        },
    )
    look_seconds: float = Field(
        1,
        gt=0,
        le=60,
        description="How often the signer looks for legal notices, in seconds.",
        json_schema_extra={"fr": "L'intervalle, en secondes, auquel le signataire cherche les actes juridiques."},
    )
    witnesses: tuple[str, ...] = Field(
        (),
        description="Who cosigns: for each witness its key and its address, with a space between them.",
        json_schema_extra={
            "fr": "Qui contresigne : pour chaque témoin, sa clé et son adresse, séparées par une espace."
        },
    )
    authorities: tuple[str, ...] = Field(
        (),
        description="Who dates (RFC 3161): for each authority its address, the file of its root certificates (PEM), "
        "and the policies that are accepted (OIDs; none: any), with spaces between them.",
        json_schema_extra={
            "fr": "Qui date (RFC 3161) : pour chaque autorité, son adresse, le fichier de ses certificats racines "
            "(PEM) et les politiques acceptées (OID ; aucune : toutes), séparés par des espaces."
        },
    )
    dating_seconds: int = Field(
        3_600,
        ge=1,
        description="How often an authority is asked to date a checkpoint, in seconds; one that is made for a legal "
        "notice is dated at once.",
        json_schema_extra={
            "fr": "L'intervalle, en secondes, auquel une autorité est priée de dater un point de contrôle ; celui d'un "
            "acte juridique est daté tout de suite."
        },
    )
    answer_seconds: float = Field(
        10,
        gt=0,
        le=120,
        description="How long a witness or an authority may take to answer, in seconds; it is asked again later.",
        json_schema_extra={
            "fr": "Le temps, en secondes, laissé à un témoin ou à une autorité pour répondre ; il est redemandé plus "
            "tard."
        },
    )
    copies: tuple[Path, ...] = Field(
        (),
        description="Folders that each checkpoint is copied to, best on other machines than the ledger's.",
        json_schema_extra={
            "fr": "Dossiers où chaque point de contrôle est recopié, de préférence sur d'autres machines que celle du "
            "registre."
        },
    )

    persons: str | None = Field(
        None,
        min_length=1,
        description="The key store, which the values of persons are sealed by: a file, or the address of another "
        "PostgreSQL database than the ledger's. By default `<ledger>.persons` beside a ledger in a file, and the file "
        "`<database>.persons` in the working folder for one in PostgreSQL.",
        json_schema_extra={
            "secret": True,
            "fr": "Le magasin des clés qui scellent les valeurs des personnes : un fichier, ou l'adresse d'une autre "
            "base PostgreSQL que celle du registre. Par défaut `<registre>.persons` à côté d'un registre en fichier, "
            "et le fichier `<base>.persons` du dossier de travail pour un registre en PostgreSQL.",
        },
    )
    persons_key: Path | None = Field(
        None,
        description="The file of the master key that wraps the keys of persons, readable by its owner alone; made at "
        "the first start where the key store is new. Beside a key store in a file it is `<key store>.key` by default.",
        json_schema_extra={
            "fr": "Le fichier de la clé maîtresse qui enveloppe les clés des personnes, lisible par son seul "
            "propriétaire ; créé au premier démarrage si le magasin est neuf. À côté d'un magasin en fichier, c'est "
            "`<magasin>.key` par défaut."
        },
    )

    @model_validator(mode="after")
    def _have_a_master_key(self) -> Self:
        if self.persons is not None and self.persons.startswith(POSTGRES) and self.persons_key is None:
            raise ValueError("persons_key is needed: a key store in PostgreSQL has no place for its master key")
        return self

    def key_place(self, ledger: str) -> KeyPlace:
        """Where the keys of the persons of the ledger at an address are."""
        if self.persons is not None:
            place = KeyPlace(self.persons, Path()) if self.persons_key else of_file(Path(self.persons))
        else:
            place = default_place(ledger)
        return place if self.persons_key is None else place._replace(master=self.persons_key)

    @field_validator("witnesses")
    @classmethod
    def _are_witnesses(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        for text in texts:
            witness_of(text)
        return texts

    @field_validator("authorities")
    @classmethod
    def _are_authorities(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        for text in texts:
            authority_of(text)
        return texts


def witness_of(text: str) -> WitnessPlace:
    """The witness that a setting names. Raises ValueError for anything but a witness's key and an address."""
    from adapters.evidence.verify import COSIGNATURE, NotProvenError, parse_key  # noqa: PLC0415 - few processes sign

    key, url, *more = [*text.split(), "", ""][: max(2, len(text.split()))]
    try:
        algorithm = parse_key(key).algorithm
    except NotProvenError as error:
        raise ValueError(f"{key}: {error}") from None
    if algorithm != COSIGNATURE:
        raise ValueError(f"{key}: the key of a log, not of a witness")
    if more:
        raise ValueError(f"{more[0]}: nothing comes after the address of a witness")
    return WitnessPlace(key, _address(url))


def authority_of(text: str) -> AuthorityPlace:
    """The authority that a setting names. Raises ValueError for anything but its parts."""
    url, roots, *policies = [*text.split(), "", ""][: max(2, len(text.split()))]
    if not roots:
        raise ValueError(f"{url}: the file of its root certificates is missing")
    for policy in policies:
        if not _OID.fullmatch(policy):
            raise ValueError(f"{policy}: not an OID")
    return AuthorityPlace(_address(url), Path(roots), tuple(policies))


def _address(url: str) -> str:
    """An address; it need not be encrypted: what is answered there proves itself, and what is asked holds no secret."""
    if not _URL.fullmatch(url):
        raise ValueError(f"{url or 'no address'}: expected an address in https:// or http://")
    return url
