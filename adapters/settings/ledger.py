"""The ledger's own settings: where it is, and by which agreements it judges facts."""

from pathlib import Path
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr

from adapters.settings.section import Section

DEFAULT_LEDGER = "greffe.db"


class LedgerSettings(Section):
    """Which ledger."""

    address: str = Field(
        DEFAULT_LEDGER,
        min_length=1,
        description="The ledger: a path, or postgresql://user:password@host/database. GREFFE_LEDGER says the same.",
        json_schema_extra={
            "secret": True,
            "fr": "Le registre : un chemin, ou postgresql://user:password@host/database. GREFFE_LEDGER dit la même "
            "chose.",
        },
    )
    password: SecretStr | None = Field(
        None,
        description="The password of the role that the address names, where the address does not hold it.",
        json_schema_extra={"fr": "Le mot de passe du rôle que nomme l'adresse, quand l'adresse ne le contient pas."},
    )
    agreements: tuple[Path, ...] = Field(
        (),
        description="Folders with more agreement files (*.toml).",
        json_schema_extra={"fr": "Dossiers contenant d'autres fichiers d'engagements (*.toml)."},
    )
    connections: int = Field(
        5,
        ge=2,
        description="PostgreSQL: connections that one process holds at most.",
        json_schema_extra={"fr": "PostgreSQL : nombre maximal de connexions d'un processus."},
    )
    wait_seconds: int = Field(
        10,
        ge=1,
        description="PostgreSQL: seconds to wait for a free connection, or for the server, before giving up.",
        json_schema_extra={
            "fr": "PostgreSQL : secondes d'attente d'une connexion libre, ou du serveur, avant de renoncer."
        },
    )

    @property
    def dsn(self) -> str:
        """The address, with its password."""
        parts = urlsplit(self.address)
        if self.password is None or "@" not in parts.netloc:
            return self.address
        user, _, host = parts.netloc.rpartition("@")
        secret = quote(self.password.get_secret_value(), safe="")
        return parts._replace(netloc=f"{user.partition(':')[0]}:{secret}@{host}").geturl()
