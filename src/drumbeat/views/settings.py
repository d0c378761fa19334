"""Settings: option > environment (`DRUMBEAT_*`) > `drumbeat.toml` in the home folder > default.

An unknown key, in the file or in the environment, is an error with its place: a misspelt setting must not
be silently ignored.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import platformdirs

from drumbeat.errors import SettingsError
from drumbeat.notebook import FetchLimits, Options

SETTINGS_FILE = "drumbeat.toml"
_PREFIX = "DRUMBEAT_"


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be set; None is not given. Times in seconds, sizes in bytes."""

    encoder: str | None = None
    workers: int | None = None
    allow_private: bool | None = None
    thorough: bool | None = None
    timeout_seconds: float | None = None
    max_bytes: int | None = None
    max_redirects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the notebook lies, and how it works."""

    home: Path
    options: Options


def load_settings(given: Given, *, home: Path | None, environment: Mapping[str, str]) -> Settings:
    """Return the settings; raise SettingsError that names the key and where it stands."""
    folder = home or _home_of(environment)
    file = _from_file(folder / SETTINGS_FILE)
    merged = _merged(given, _from_environment(environment), file)
    try:
        return Settings(home=folder, options=_options_of(merged))
    except ValueError as error:
        raise SettingsError(f"the settings do not go together: {error}", key="limits") from error


def _home_of(environment: Mapping[str, str]) -> Path:
    said = environment.get(_PREFIX + "HOME")
    return Path(said).expanduser() if said else platformdirs.user_data_path("drumbeat", appauthor=False)


def _from_file(path: Path) -> Given:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Given()
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}", key=str(path)) from error
    return _checked(found, str(path), strict=True)


def _from_environment(environment: Mapping[str, str]) -> Given:
    found = {
        name.removeprefix(_PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(_PREFIX) and name != _PREFIX + "HOME"
    }
    return _checked(found, "the environment", strict=False)


def _checked(found: Mapping[str, object], where: str, *, strict: bool) -> Given:
    known = Given.__struct_fields__
    for key in found:
        if key not in known:
            raise SettingsError(f"{where}: there is no setting {key!r}; there are {', '.join(known)}", key=key)
    try:
        return msgspec.convert(found, Given, strict=strict)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{where}: {error}", key=str(error).partition("$.")[2].strip("`")) from error


def _merged(*layers: Given) -> Given:
    values = {
        name: next((value for layer in layers if (value := getattr(layer, name)) is not None), None)
        for name in Given.__struct_fields__
    }
    return Given(**values)


def _options_of(given: Given) -> Options:
    default = Options()
    limits = default.limits
    return Options(
        encoder=given.encoder or default.encoder,
        workers=given.workers,
        allow_private=bool(given.allow_private),
        thorough=bool(given.thorough),
        limits=FetchLimits(
            max_bytes=given.max_bytes or limits.max_bytes,
            max_redirects=limits.max_redirects if given.max_redirects is None else given.max_redirects,
            timeout_seconds=given.timeout_seconds or limits.timeout_seconds,
        ),
    )
