"""The ledger's own settings: where it is, and by which agreements it judges facts."""

from pathlib import Path

from pydantic import Field

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
    agreements: tuple[Path, ...] = Field(
        (),
        description="Folders with more agreement files (*.toml).",
        json_schema_extra={"fr": "Dossiers contenant d'autres fichiers d'engagements (*.toml)."},
    )
