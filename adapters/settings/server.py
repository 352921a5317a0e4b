"""The HTTP server: where it listens."""

from pydantic import Field

from adapters.settings.section import Section


class ServerSettings(Section):
    """Where the API listens."""

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
