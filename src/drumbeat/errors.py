"""The one error tree of drumbeat.

    DrumbeatError
    ├── FetchError        a page could not be had            (.where)
    │   └── RefusedAddress    the address is one we may not ask (.where)
    ├── InputError        input that cannot be read          (.where)
    ├── ThemeError        a bookmark that makes no sense     (.theme)
    │   └── UnknownTheme      no such theme                  (.theme)
    ├── StoreError        the notebook's file cannot be used (.path)
    │   ├── StoreLocked       another process is writing     (.path)
    │   └── StoreTooNew       written by a newer drumbeat    (.path, .found, .known)
    ├── ModelError        a model cannot be loaded           (.model)
    └── SettingsError     a setting that is unknown or wrong (.key)

A message says what failed, which one, and what to do next. Text is never an error: odd text gives
fewer findings and a `records.Gap` that says so.
"""

from __future__ import annotations


class DrumbeatError(Exception):
    """Base of every error that drumbeat raises on purpose."""


class FetchError(DrumbeatError):
    """A page could not be fetched; `where` is its address."""

    def __init__(self, message: str, *, where: str) -> None:
        super().__init__(message)
        self.where = where


class RefusedAddress(FetchError):
    """The address is not one drumbeat may ask (scheme, private network)."""


class InputError(DrumbeatError):
    """Input that cannot be read as an article or an archive; `where` names file, line or URL."""

    def __init__(self, message: str, *, where: str) -> None:
        super().__init__(message)
        self.where = where


class ThemeError(DrumbeatError):
    """A bookmark that cannot be kept as given; `theme` is its name."""

    def __init__(self, message: str, *, theme: str) -> None:
        super().__init__(message)
        self.theme = theme


class UnknownTheme(ThemeError):
    """No bookmark has this name."""


class StoreError(DrumbeatError):
    """The notebook's file cannot be used; `path` is that file."""

    def __init__(self, message: str, *, path: str) -> None:
        super().__init__(message)
        self.path = path


class StoreLocked(StoreError):
    """Another process holds the notebook's file for writing."""


class StoreTooNew(StoreError):
    """The file was written by a newer drumbeat: schema `found`, this one knows `known`."""

    def __init__(self, message: str, *, path: str, found: int, known: int) -> None:
        super().__init__(message, path=path)
        self.found = found
        self.known = known


class ModelError(DrumbeatError):
    """A model cannot be loaded; `model` is the name that was asked for."""

    def __init__(self, message: str, *, model: str) -> None:
        super().__init__(message)
        self.model = model


class SettingsError(DrumbeatError):
    """A setting is unknown or has an impossible value; `key` is its path."""

    def __init__(self, message: str, *, key: str) -> None:
        super().__init__(message)
        self.key = key
