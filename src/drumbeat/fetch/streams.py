"""Read the lines of files, packed or not, with constant memory; hide no breakage.

Whole lines before the place where a file breaks off are delivered; then `BrokenFileError` says where it
was. Limit: bytes that were changed inside a packed file are noticed only where its next checksum stands
(zstd files may have none), so lines before that place may be wrong.
"""

from __future__ import annotations

import gzip
import lzma
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from drumbeat.errors import InputError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKED_SUFFIXES = (".gz", ".xz", ".zst")
MOST_LINE_BYTES = 20_000_000
_CHUNK_BYTES = 1 << 20

_DAMAGE = (EOFError, OSError, lzma.LZMAError, zlib.error, zstd.ZstdError)


class BrokenFileError(InputError):
    """A file that cannot be read to its end; `where` names file and line."""


def iter_lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Yield number (from 1) and bytes of each line; None for a line of more than 20 MB.

    Raises InputError where the file cannot be opened, BrokenFileError where it ends in the middle.
    """
    number = 0
    with _opened(path) as stream:
        try:
            while line := stream.readline(MOST_LINE_BYTES):
                number += 1
                whole = _is_whole(line)
                yield number, line if whole else None
                while not whole:
                    whole = _is_whole(stream.readline(MOST_LINE_BYTES))
        except _DAMAGE as error:
            where = f"{path} line {number + 1}"
            message = f"{where}: the file breaks off or is damaged here ({error}); get it again"
            raise BrokenFileError(message, where=where) from error


def count_lines(path: Path) -> int:
    """Return how many lines a file has, as far as it can be read. Raises InputError where it cannot be opened."""
    count = 0
    with _opened(path) as stream:
        try:
            while chunk := stream.read(_CHUNK_BYTES):
                count += chunk.count(b"\n")
        except _DAMAGE:
            return count
    return count


def _is_whole(line: bytes) -> bool:
    return len(line) < MOST_LINE_BYTES or line.endswith(b"\n")


def _opened(path: Path) -> IO[bytes]:
    try:
        match path.suffix.lower():
            case ".gz":
                return cast(IO[bytes], gzip.open(path))
            case ".xz":
                return cast(IO[bytes], lzma.open(path))
            case ".zst":
                return cast(IO[bytes], zstd.open(path))
            case _:
                return path.open("rb")
    except FileNotFoundError as error:
        raise InputError(f"there is no file {path}; check the path", where=str(path)) from error
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder; give the files in it one by one", where=str(path)) from error
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror or error}); check its permissions"
        raise InputError(message, where=str(path)) from error
