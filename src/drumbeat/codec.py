"""Records to JSON and back, with a schema version.

msgspec reads and writes the dataclasses of `records.py` by their own field names, checking types; a
record that is invalid cannot be decoded. A document is `{"schema": "drumbeat/1", "kind": ..., ...}`.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from drumbeat.errors import InputError

SCHEMA = "drumbeat/1"

T = TypeVar("T")


def encode_record(record: object) -> bytes:
    """Return a record (or a tuple, list or dict of them) as UTF-8 JSON without line breaks."""
    return msgspec.json.encode(record)


def decode_record(data: bytes | str, kind: type[T], *, where: str = "JSON") -> T:
    """Return the record of type `kind` in the JSON; raise InputError that names the bad field."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise InputError(f"{where}: not valid JSON of this kind: {error}", where=where) from error


def encode_document(kind: str, **parts: object) -> bytes:
    """Return a JSON document with the schema version, its kind and the given parts, indented by two."""
    head: dict[str, Any] = {"schema": SCHEMA, "kind": kind}
    return msgspec.json.format(msgspec.json.encode(head | parts), indent=2)
