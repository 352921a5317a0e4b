"""Where facts come from: the broker, its topics and the consumer group."""

import json
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from adapters.settings.section import Section

PASSED_ON = frozenset(
    {
        *("client_id", "client_rack", "client_dns_lookup", "connections_max_idle_ms", "request_timeout_ms"),
        *("retry_backoff_ms", "reconnect_backoff_ms", "reconnect_backoff_max_ms", "metadata_max_age_ms"),
        *("bootstrap_timeout_ms", "receive_buffer_bytes", "send_buffer_bytes", "proxy_url", "ssl_ciphers"),
        *("ssl_check_hostname", "ssl_crlfile", "fetch_min_bytes", "fetch_max_wait_ms", "fetch_max_bytes"),
        *("max_partition_fetch_bytes", "session_timeout_ms", "heartbeat_interval_ms", "max_poll_interval_ms"),
    }
)
"""The settings of the client that may be given as they are. The others are ours: delivery rests on their values."""


class KafkaSettings(Section):
    """The broker and its topics."""

    bootstrap: tuple[str, ...] = Field(
        (),
        description="Brokers to start from, host:port; none: facts come from files and from the API alone.",
        json_schema_extra={
            "fr": "Courtiers par lesquels commencer, hôte:port ; aucun : les faits ne viennent que de fichiers et de "
            "l'API."
        },
    )
    topic: str = Field(
        "greffe.events",
        min_length=1,
        description="The topic of the facts.",
        json_schema_extra={"fr": "Le sujet (topic) des faits."},
    )
    quarantine_topic: str = Field(
        "greffe.quarantine",
        min_length=1,
        description="The topic that what is refused is copied to.",
        json_schema_extra={"fr": "Le sujet (topic) où ce qui est refusé est recopié."},
    )
    group: str = Field(
        "greffe",
        min_length=1,
        description="The consumer group of the ingest workers.",
        json_schema_extra={"fr": "Le groupe de consommateurs des processus d'ingestion."},
    )
    member: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9._-]{1,249}$",
        description="The lasting name of this worker in the group (static membership): a worker that comes back under "
        "its name within the session timeout keeps its partitions. One worker, one name; none: a passing member.",
        json_schema_extra={
            "fr": "Le nom durable de ce processus dans le groupe (appartenance statique) : s'il revient sous son nom "
            "avant la fin de la session, il garde ses partitions. Un nom par processus ; aucun : membre de passage."
        },
    )
    batch_facts: int = Field(
        2_000,
        ge=1,
        le=100_000,
        description="The most messages committed in one transaction.",
        json_schema_extra={"fr": "Le plus de messages enregistrés en une transaction."},
    )
    batch_bytes: int = Field(
        8 * 1024 * 1024,
        ge=1,
        description="The bytes of messages after which a batch is committed without waiting for more; a worker holds "
        "about three times as many in memory at most.",
        json_schema_extra={
            "fr": "Le nombre d'octets de messages au-delà duquel un lot est enregistré sans en attendre d'autres ; un "
            "processus en tient au plus environ trois fois autant en mémoire."
        },
    )
    batch_seconds: float = Field(
        0.2,
        ge=0,
        le=60,
        description="The longest a message waits for others before its batch is committed, in seconds.",
        json_schema_extra={
            "fr": "L'attente la plus longue d'un message avant que son lot soit enregistré, en secondes."
        },
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT",
        description="How the broker is spoken to.",
        json_schema_extra={"fr": "La façon de parler au courtier."},
    )
    ssl_authority: Path | None = Field(
        None,
        description="The certificates trusted to sign the broker's, PEM; none: those of the system.",
        json_schema_extra={
            "fr": "Les certificats de confiance qui signent celui du courtier, PEM ; aucun : ceux du système."
        },
    )
    ssl_certificate: Path | None = Field(
        None,
        description="The worker's own certificate with its chain, PEM, where the broker asks for one.",
        json_schema_extra={"fr": "Le certificat du processus et sa chaîne, PEM, là où le courtier en demande un."},
    )
    ssl_key: Path | None = Field(
        None,
        description="The private key of that certificate, PEM.",
        json_schema_extra={"fr": "La clé privée de ce certificat, PEM."},
    )
    ssl_key_password: SecretStr | None = Field(
        None,
        description="The password of that key.",
        json_schema_extra={"fr": "Le mot de passe de cette clé."},
    )
    sasl_mechanism: Literal["SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"] = Field(
        "SCRAM-SHA-512",
        description="How the user proves its password, under SASL_PLAINTEXT and SASL_SSL.",
        json_schema_extra={
            "fr": "La façon dont l'utilisateur prouve son mot de passe, sous SASL_PLAINTEXT et SASL_SSL."
        },
    )
    sasl_user: str | None = Field(
        None,
        min_length=1,
        description="The user, under SASL_PLAINTEXT and SASL_SSL.",
        json_schema_extra={"fr": "L'utilisateur, sous SASL_PLAINTEXT et SASL_SSL."},
    )
    sasl_password: SecretStr | None = Field(
        None,
        description="The password of that user.",
        json_schema_extra={"fr": "Le mot de passe de cet utilisateur."},
    )
    client: tuple[str, ...] = Field(
        (),
        description="Settings passed to the client as they are, name=value, such as session_timeout_ms=10000. Those on "
        f"which delivery rests cannot be given. Known: {', '.join(sorted(PASSED_ON))}.",
        json_schema_extra={
            "fr": "Réglages transmis tels quels au client, nom=valeur, par exemple session_timeout_ms=10000. Ceux dont "
            f"dépend la livraison ne se règlent pas. Connus : {', '.join(sorted(PASSED_ON))}."
        },
    )

    @field_validator("client")
    @classmethod
    def _known(cls, settings: tuple[str, ...]) -> tuple[str, ...]:
        for setting in settings:
            name, separator, _ = setting.partition("=")
            if not separator or name.strip() not in PASSED_ON:
                raise ValueError(f"{name.strip() or setting!r} is not a client setting that may be given")
        return settings

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.security_protocol.startswith("SASL") and (self.sasl_user is None or self.sasl_password is None):
            raise ValueError(f"{self.security_protocol} needs kafka.sasl_user and kafka.sasl_password")
        if (self.ssl_certificate is None) != (self.ssl_key is None):
            raise ValueError("kafka.ssl_certificate and kafka.ssl_key go together")
        return self

    def passed_on(self) -> dict[str, Any]:
        """The settings of ``client``, by name; numbers and booleans as such."""
        found = {}
        for setting in self.client:
            name, _, value = setting.partition("=")
            try:
                found[name.strip()] = json.loads(value)
            except ValueError:
                found[name.strip()] = value.strip()
        return found
