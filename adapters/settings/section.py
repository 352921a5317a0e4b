"""The base of every section of the settings."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """One section: frozen, and no key that it does not know.

    Every field has a ``description`` in English and, as ``json_schema_extra={"fr": …}``, in French, with its unit. A
    field that holds a secret is a ``SecretStr``; one whose value may hold a password, such as an address, adds
    ``"secret": True``: both may be given as a file (``…_FILE``). Lists are written with commas in the environment.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True)
