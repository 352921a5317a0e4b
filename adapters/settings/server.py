"""The HTTP server: where it listens, and how much of it one caller may have."""

from pathlib import Path

from pydantic import Field, SecretStr

from adapters.settings.section import Section


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
