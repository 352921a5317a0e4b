"""The HTTP server: where it listens, and how much of it one caller may have."""

import re
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError

from adapters.settings.section import Section

_PUBLIC = re.compile(r"(https://[^/?#@\s]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?)/?", re.IGNORECASE)


class ServerSettings(Section):
    """Where the API listens, and its limits."""

    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="The address the API listens on.",
        json_schema_extra={"fr": "L'adresse sur laquelle l'API écoute."},
    )
    port: int = Field(
        8000,
        ge=0,
        le=65535,
        description="The port the API listens on; 0: any free one.",
        json_schema_extra={"fr": "Le port sur lequel l'API écoute ; 0 : n'importe quel port libre."},
    )
    max_body_bytes: int = Field(
        16 * 1024 * 1024,
        ge=1024,
        description="The longest body of a request, in bytes; a longer one is refused with 413.",
        json_schema_extra={
            "fr": "Le corps le plus long d'une requête, en octets ; un plus long est refusé avec le statut 413."
        },
    )
    max_bundle_bytes: int = Field(
        64 * 1024 * 1024,
        ge=1024,
        description="The longest form with bundles to verify on the page of evidence, in bytes; it is held in memory.",
        json_schema_extra={
            "fr": "Le formulaire le plus long avec des dossiers à vérifier sur la page des preuves, en octets ; il est "
            "tenu en mémoire."
        },
    )
    max_batch: int = Field(
        1_000,
        ge=1,
        description="The most events in one batch; a larger one is refused with 413.",
        json_schema_extra={
            "fr": "Le plus grand nombre d'événements d'un lot ; un lot plus grand est refusé avec le statut 413."
        },
    )
    rate: str = Field(
        "6000/minute",
        pattern=r"^[1-9][0-9]*/(second|minute|hour|day)$",
        description="How many requests one caller may make of each server process, such as 600/minute; more are "
        "refused with 429.",
        json_schema_extra={
            "fr": "Le nombre de requêtes permises à un demandeur auprès de chaque processus serveur, par exemple "
            "600/minute ; au-delà, elles sont refusées avec le statut 429."
        },
    )
    seconds: int = Field(
        30,
        ge=1,
        description="How long an answer may take to begin, in seconds; then 503.",
        json_schema_extra={"fr": "Le temps, en secondes, pour commencer une réponse ; ensuite, 503."},
    )
    most_at_once: int = Field(
        200,
        ge=1,
        description="How many requests are worked on at once, streams apart; more are refused with 503.",
        json_schema_extra={
            "fr": "Le nombre de requêtes traitées à la fois, flux exceptés ; au-delà, elles sont refusées avec le "
            "statut 503."
        },
    )
    most_streams: int = Field(
        100,
        ge=1,
        description="How many streams of facts are open at once; more are refused with 503.",
        json_schema_extra={
            "fr": "Le nombre de flux de faits ouverts à la fois ; au-delà, ils sont refusés avec le statut 503."
        },
    )
    mappings: tuple[Path, ...] = Field(
        (),
        description="Mappings of messages (files or folders): POST /v1/hooks/NAME reads them by the mapping NAME.",
        json_schema_extra={
            "fr": "Correspondances de messages (fichiers ou dossiers) : POST /v1/hooks/NOM les lit par la "
            "correspondance NOM."
        },
    )
    refresh_seconds: int = Field(
        1,
        ge=1,
        description="How often the server looks for facts that others recorded, in seconds.",
        json_schema_extra={"fr": "L'intervalle auquel le serveur cherche les faits enregistrés par d'autres, en s."},
    )
    public_address: str = Field(
        "",
        description="The address by which people reach this server, such as https://greffe.example, without a path: "
        "for sign-in with an identity provider, and for links; empty: unknown.",
        json_schema_extra={
            "fr": "L'adresse par laquelle on atteint ce serveur, par exemple https://greffe.example, sans chemin : "
            "pour la connexion par un fournisseur d'identité, et pour les liens ; vide : inconnue."
        },
    )
    session_secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="What the sessions of the console are sealed with; the same on every replica. Without one, a "
        "restart ends them.",
        json_schema_extra={
            "fr": "Ce qui scelle les sessions de la console ; le même sur chaque réplique. Sans lui, un redémarrage "
            "y met fin."
        },
    )

    @field_validator("public_address")
    @classmethod
    def _bare(cls, address: str) -> str:
        """An origin: cookies and codes go there, so it is encrypted, but for the machine itself."""
        if address and not _PUBLIC.fullmatch(address):
            raise PydanticCustomError("origin", "an address in https:// without a path")
        return address.removesuffix("/")
