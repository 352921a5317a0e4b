"""Reads the settings: the environment first, then a TOML file, then the defaults.

``GREFFE_KAFKA__TOPIC`` is key ``topic`` of table ``[kafka]``. A variable or a key that no section knows is refused,
with the nearest name: a setting misspelt would be a setting ignored. A secret may be given as ``…_FILE``, the path of a
file that holds it. Every fault is found before anything is said.
"""

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import tomli
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from adapters.settings.catalogue import CONFIG, FILE, PREFIX, SHORT, Setting, settings_of
from adapters.settings.evidence import EvidenceSettings
from adapters.settings.identity import IdentitySettings
from adapters.settings.kafka import KafkaSettings
from adapters.settings.ledger import LedgerSettings
from adapters.settings.notify import NotifySettings
from adapters.settings.server import ServerSettings
from adapters.settings.telemetry import TelemetrySettings
from domain.errors import GreffeError

HIDDEN = "••••••"
_PASSWORD = re.compile(r"(?<=://)([^/@:]*):[^@]*(?=@)|(?<=\bpassword=)[^\s&]+")


class Settings(BaseModel):
    """Every section."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    ledger: LedgerSettings = LedgerSettings()
    kafka: KafkaSettings = KafkaSettings()
    identity: IdentitySettings = IdentitySettings()
    server: ServerSettings = ServerSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    notify: NotifySettings = NotifySettings()
    telemetry: TelemetrySettings = TelemetrySettings()

    @model_validator(mode="after")
    def _know_where_to_come_back(self) -> "Settings":
        if self.identity.oidc_client and not self.server.public_address:
            raise PydanticCustomError(
                "public_address",
                "identity.oidc_client goes with server.public_address",
                {"fr": "identity.oidc_client va avec server.public_address"},
            )
        return self


class Fault(NamedTuple):
    """One thing that is wrong, said in both languages, each starting with the variable or the key."""

    english: str
    french: str


class SettingsError(GreffeError):
    """Settings that cannot be used; ``faults`` has each reason, the message all of them, one to a line."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(fault.english for fault in faults), "\n".join(fault.french for fault in faults))
        self.faults = faults


class Loaded(NamedTuple):
    """The settings, and where each that is not a default came from, by (section, key)."""

    settings: Settings
    origins: dict[tuple[str, str], str]


_Values = dict[tuple[str, str], tuple[str, Any]]
"""What one source says: for each (section, key) where it says it (variable, or key of the file), and the value."""


def load(environ: Mapping[str, str], config: Path | None = None) -> Loaded:
    """The settings in the environment, and in ``config`` or the file that ``GREFFE_CONFIG`` names.

    Raises SettingsError with everything that is wrong.
    """
    faults: list[Fault] = []
    known = {(setting.section, setting.key): setting for setting in settings_of(Settings)}
    path = config or (Path(environ[CONFIG]) if environ.get(CONFIG) else None)
    environment = _from_environment(environ, known, faults)
    read = (_from_file(path, known, faults) if path is not None else {}) | environment
    origins = {place: origin for place, (origin, _) in read.items()}
    values: dict[str, dict[str, Any]] = {}
    for (section, key), (_, value) in read.items():
        values.setdefault(section, {})[key] = value
    settings = None
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults += [_fault_of(dict(found), known, origins) for found in error.errors(include_url=False)]
    if faults or settings is None:
        raise SettingsError(list(dict.fromkeys(faults)))
    return Loaded(settings, origins)


def shown(loaded: Loaded) -> list[dict[str, Any]]:
    """Every setting with its value as JSON, secrets hidden, and where it came from (None: the default)."""
    rows = []
    for setting in settings_of(Settings):
        section = getattr(loaded.settings, setting.section)
        value = section.model_dump(mode="json", include={setting.key})[setting.key]
        if isinstance(getattr(section, setting.key), SecretStr):
            value = HIDDEN
        elif setting.secret and isinstance(value, str):
            value = _PASSWORD.sub(lambda found: f"{found[1]}:{HIDDEN}" if found[1] is not None else HIDDEN, value)
        origin = loaded.origins.get((setting.section, setting.key))
        rows.append({"setting": f"{setting.section}.{setting.key}", "value": value, "from": origin})
    return rows


def _from_environment(
    environ: Mapping[str, str], known: Mapping[tuple[str, str], Setting], faults: list[Fault]
) -> _Values:
    places = {setting.variable: place for place, setting in known.items()} | SHORT
    files = {f"{name}{FILE.upper()}": place for name, place in places.items() if known[place].secret}
    found: _Values = {}
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name == CONFIG:
            continue
        place = places.get(name)
        value: Any = environ[name]
        if place is None and name in files:
            place, value = files[name], _secret(environ[name], name, faults)
        if place is None:
            faults.append(_unknown(name, [*places, *files, CONFIG], "variable", "variable"))
        elif place in found:
            other = found[place][0]
            faults.append(
                Fault(f"{name}: says the same as {other}; give one", f"{name} : fait double emploi avec {other}")
            )
        elif value is not None:
            found[place] = (name, _pieces(value) if known[place].is_list else value)
    return found


def _from_file(path: Path, known: Mapping[tuple[str, str], Setting], faults: list[Fault]) -> _Values:
    try:
        tables = tomli.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError([Fault(f"{path}: {error.strerror}", f"{path} : illisible ({error.strerror})")]) from None
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([Fault(f"{path}: not TOML: {error}", f"{path} : n'est pas du TOML : {error}")]) from None
    sections = sorted({section for section, _ in known})
    found: _Values = {}
    for section, table in tables.items():
        if section not in Settings.model_fields:
            faults.append(_unknown(f"{path}: {section}", sections, "table", "table"))
            continue
        if not isinstance(table, dict):
            faults.append(Fault(f"{path}: {section}: expected a table", f"{path} : {section} : attendu : une table"))
            continue
        keys = [key for owner, key in known if owner == section]
        keys += [f"{key}{FILE}" for key in keys if known[section, key].secret]
        for key, value in table.items():
            origin, bare = f"{path}: {section}.{key}", key.removesuffix(FILE)
            if (section, key) in known:
                place, said = (section, key), value
            elif key in keys:
                place, said = (section, bare), _secret(str(value), origin, faults)
            else:
                faults.append(_unknown(origin, [f"{section}.{name}" for name in keys], "key", "clé"))
                continue
            if place in found:
                faults.append(
                    Fault(
                        f"{origin}: says the same as {bare}; give one",
                        f"{path} : {section}.{key} : fait double emploi avec {bare}",
                    )
                )
            if said is not None:
                found[place] = (origin, said)
    return found


def _secret(path: str, origin: str, faults: list[Fault]) -> str | None:
    """What the file of a secret holds, without its last line end; None, with a fault, when it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        faults.append(
            Fault(
                f"{origin}: the file {path} cannot be read: {reason}",
                f"{origin} : le fichier {path} est illisible : {reason}",
            )
        )
        return None


def _pieces(text: str) -> Any:
    """The values of a list: JSON where the text starts as such, else the pieces between commas."""
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return [piece.strip() for piece in text.split(",") if piece.strip()]


def _unknown(name: str, names: list[str], kind: str, sorte: str) -> Fault:
    wanted = name.rpartition(": ")[2]
    near = next(iter(get_close_matches(wanted, names, n=1)), None)
    hint, indice = (f"; did you mean {near}?", f" ; vouliez-vous dire {near} ?") if near else ("", "")
    return Fault(f"{name}: no such {kind}{hint}", f"{name} : {sorte} inconnue{indice}")


def _fault_of(
    found: dict[str, Any], known: Mapping[tuple[str, str], Setting], origins: Mapping[tuple[str, str], str]
) -> Fault:
    """The fault in words: the variable or key, what is expected, what was given unless it is a secret."""
    path: tuple[Any, ...] = found["loc"]
    setting = known.get((path[0], path[1])) if len(path) > 1 else None
    if not path:
        return Fault(str(found["msg"]), str(found["ctx"]["fr"]))
    own = found["type"] == "value_error"
    reason = str(found.get("ctx", {}).get("error", found["msg"]))
    if setting is None:
        names = ", ".join(origin for (section, _), origin in origins.items() if section == path[0])
        return Fault(f"{names or path[0]}: {reason}", f"{names or path[0]} : {reason}")
    name = origins.get((setting.section, setting.key), setting.variable)
    if found["type"] == "missing":
        return Fault(f"{name}: is required", f"{name} : est obligatoire")
    below = ".".join(str(piece) for piece in path[2:])
    name = f"{name}[{below}]" if below else name
    if own or below:
        got = gotten = ""
        reason = f" ({reason})"
    else:
        reason = ""
        got, gotten = ("", "") if setting.secret else (f", got {found['input']!r}", f" ; reçu : {found['input']!r}")
    return Fault(
        f"{name}: expected {setting.expected('en')}{got}{reason}",
        f"{name} : attendu : {setting.expected('fr')}{gotten}{reason}",
    )
