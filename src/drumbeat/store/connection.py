"""Connections to the notebook's file, transactions, and SQLite's errors in drumbeat's words.

Every write is one `BEGIN IMMEDIATE` transaction, so nothing is ever half-written: a killed process or a
full disk leaves the file as it was before that step. The file is in WAL mode (one writer, any number of
undisturbed readers) with `synchronous=FULL`, so that what was committed also outlives a power cut.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from drumbeat.codec import decode_record
from drumbeat.errors import InputError, StoreError, StoreLocked

_CACHE_KIB = 32_768
_NEXT_STEPS = {
    sqlite3.SQLITE_FULL: "{path}: no space is left; nothing of this step was kept. Free some space and run it again",
    sqlite3.SQLITE_READONLY: "{path} cannot be written ({error}); check its permissions and those of its folder",
    sqlite3.SQLITE_CANTOPEN: "{path} cannot be opened ({error}); check that it is a file and who may write its folder",
    sqlite3.SQLITE_PERM: "{path} cannot be opened ({error}); check its permissions",
    sqlite3.SQLITE_IOERR: "{path}: the disk failed or is full ({error}); nothing of this step was kept."
    " Check the disk and run it again",
    sqlite3.SQLITE_NOTADB: "{path} is not a notebook of drumbeat, or its beginning is damaged ({error});"
    " restore your last backup, or move the file away and start anew",
    sqlite3.SQLITE_CORRUPT: "{path} is damaged ({error}); restore your last backup, or export the bookmarks that can"
    " still be read, move the file away and watch the archive again",
    sqlite3.SQLITE_CONSTRAINT: "{path}: a sighting must point to a kept article and a saved bookmark ({error})",
}
_UNKNOWN = "{path} cannot be used ({error}); look for damage with 'drumbeat doctor'"

T = TypeVar("T")


def connect(path: Path, *, read_only: bool, lock_timeout_seconds: float) -> sqlite3.Connection:
    """Return a connection to the file; raise StoreError where there is none to be had.

    `read_only` never creates or changes the file, and works on a medium that cannot be written.
    """
    if not read_only:
        _make_folder(path)
    elif not path.is_file():
        raise StoreError(f"there is no notebook at {path}; bookmark a theme first, or check the path", path=str(path))
    with wrapped_errors(path):
        address = _address(path, read_only=read_only)
        connection = sqlite3.connect(address, uri=True, timeout=lock_timeout_seconds, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection


def tune(connection: sqlite3.Connection) -> None:
    """Set what SQLite keeps by connection, not in the file."""
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"the folder of {path} cannot be made ({error.strerror}); name a folder you may write to"
        raise StoreError(message, path=str(path)) from error


def _address(path: Path, *, read_only: bool) -> str:
    address = path.absolute().as_uri()
    if not read_only:
        return address
    # WAL needs a side file even for reading; where none can be made and none is there, nobody is writing.
    is_still = not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists()
    return address + ("?mode=ro&immutable=1" if is_still else "?mode=ro")


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a block as one write transaction: all of it is kept, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def read_stored() -> Iterator[None]:
    """Count a stored value that makes no record as damage of the file."""
    try:
        yield
    except (InputError, ValueError, TypeError) as error:
        raise sqlite3.DatabaseError(f"a stored record cannot be read: {error}") from error


def decode_stored(record: str, kind: type[T]) -> T:
    """Return the record in a column of JSON; one that cannot be read counts as damage of the file."""
    with read_stored():
        return decode_record(record, kind, where="notebook")


@contextmanager
def wrapped_errors(path: Path) -> Iterator[None]:
    """Raise what SQLite says of the file at `path` as StoreError, or StoreLocked, with the next step."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.Error as error:
        raise _store_error(error, path) from error
    except UnicodeEncodeError as error:
        message = f"half a character (U+{ord(error.object[error.start]):04X}) cannot be kept in {path}; clean the text"
        raise InputError(message, where=str(path)) from error


def _store_error(error: sqlite3.Error, path: Path) -> StoreError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        message = f"{path} is being written by another drumbeat; wait until it is done, or stop it"
        return StoreLocked(message, path=str(path))
    message = _NEXT_STEPS.get(code, _UNKNOWN).format(path=path, error=error)
    return StoreError(message, path=str(path))
