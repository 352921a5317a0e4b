"""The mapping file of a status page: what its words mean in a contract's own vocabulary.

The file is TOML, edited by the person who imports. Every key is checked; what is refused names the file and the key.
"""

import re
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import tomli
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from adapters.saying import french_of
from domain.errors import InvalidMappingError

DEFAULT_MAPPING = Path(str(files("adapters.importers").joinpath("statuspage.toml")))

Meaning = Literal["total", "degraded", "maintenance", "ignore"]
Name = Annotated[str, Field(min_length=1), AfterValidator(str.strip)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ComponentRule(_Strict):
    """Components whose name holds one of the words feed these services; with ``ignore``, none."""

    words: tuple[Name, ...] = Field(min_length=1)
    services: tuple[Name, ...] = ()
    ignore: bool = False

    @model_validator(mode="after")
    def _services_or_ignore(self) -> "ComponentRule":
        if self.ignore == bool(self.services):
            raise ValueError("needs services, or ignore = true, and not both")
        return self

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The words as whole words, whatever their case."""
        return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in self.words), re.IGNORECASE)


class MaintenanceRule(_Strict):
    """Which entries of the page are maintenances, beside those whose impact says so, and of what kind."""

    kind: Literal["planned", "hypervisor", "urgent", "protective"] = "planned"
    words: tuple[Name, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """The words as whole words, whatever their case; None without words."""
        if not self.words:
            return None
        return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in self.words), re.IGNORECASE)


class Mapping(_Strict):
    """The whole file. ``source`` becomes the facts' CloudEvents source; ``contracts`` are the subjects they go to."""

    source: Name
    contracts: tuple[Name, ...] = ()
    default_service: Name | None = None
    impact: dict[str, Meaning] = Field(min_length=1)
    component: tuple[ComponentRule, ...] = ()
    maintenance: MaintenanceRule = MaintenanceRule()

    def rule_for(self, text: str) -> ComponentRule | None:
        """The first rule one of whose words the text holds."""
        return next((rule for rule in self.component if rule.pattern.search(text)), None)


def load_mapping(path: Path = DEFAULT_MAPPING) -> Mapping:
    """The mapping in the file. Raises InvalidMappingError naming the file and the key."""
    try:
        raw: dict[str, Any] = tomli.loads(path.read_text(encoding="utf-8"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidMappingError(f"{path.name}: {error}", f"{path.name} : n'est pas du TOML : {error}") from None
    except OSError as error:
        raise InvalidMappingError(f"{path}: {error.strerror}", f"{path} : {french_of(error)}") from None
    try:
        return Mapping.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InvalidMappingError(f"{path.name}: {faults}", f"{path.name} : {faults}") from None
