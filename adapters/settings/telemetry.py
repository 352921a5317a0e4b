"""What the processes say of themselves: logs, metrics, traces."""

from typing import Literal

from pydantic import Field, SecretStr

from adapters.settings.section import Section


class TelemetrySettings(Section):
    """Logs on standard error, metrics on a port, traces to a collector."""

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info",
        description="The least serious log line that is written.",
        json_schema_extra={"fr": "La gravité minimale d'une ligne de journal pour être écrite."},
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto",
        description="How log lines are written: one JSON object each, or text; auto: text on a terminal, else JSON.",
        json_schema_extra={
            "fr": "La forme des lignes de journal : un objet JSON chacune, ou du texte ; auto : du texte sur un "
            "terminal, sinon du JSON."
        },
    )
    metrics_host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="The address on which an ingest worker serves its metrics.",
        json_schema_extra={"fr": "L'adresse sur laquelle un processus d'ingestion publie ses mesures."},
    )
    metrics_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="The port on which an ingest worker serves /metrics; none: it does not; 0: any free one.",
        json_schema_extra={
            "fr": "Le port sur lequel un processus d'ingestion publie /metrics ; aucun : il ne le fait pas ; 0 : "
            "n'importe quel port libre."
        },
    )
    otlp_endpoint: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Where traces go, an OTLP/HTTP address such as http://127.0.0.1:4318/v1/traces; none: no trace.",
        json_schema_extra={
            "fr": "Où vont les traces, une adresse OTLP/HTTP telle que http://127.0.0.1:4318/v1/traces ; aucune : pas "
            "de trace."
        },
    )
    otlp_authorization: SecretStr | None = Field(
        None,
        description="The Authorization header sent with traces.",
        json_schema_extra={"fr": "L'en-tête Authorization envoyé avec les traces."},
    )
    service_name: str = Field(
        "greffe",
        min_length=1,
        description="The name of the service in traces and log lines.",
        json_schema_extra={"fr": "Le nom du service dans les traces et les lignes de journal."},
    )
