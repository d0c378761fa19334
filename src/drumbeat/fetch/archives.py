"""Stream the articles of an archive: JSON Lines, plain or packed (.gz, .xz, .zst), one article a line.

Memory is constant: no line longer than 20 MB is kept, nothing but the line at hand is held. What cannot
be read is yielded as `Skipped` with file, line and reason, and the stream goes on; a file that breaks
off yields what is whole, then one `Skipped` that says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from drumbeat.errors import InputError
from drumbeat.fetch.dates import Stamp, parse_stamp, stamp_of_epoch
from drumbeat.fetch.extract import extract_article, language_of
from drumbeat.fetch.identity import canonical_url, is_host, make_article_id, outlet_of, registered_domain
from drumbeat.fetch.markup import is_document, plain_from_field
from drumbeat.fetch.media import HTML
from drumbeat.fetch.streams import PACKED_SUFFIXES, BrokenFileError, iter_lines
from drumbeat.records import Article, Page, Skipped
from drumbeat.text.canonical import canonical_line, canonical_text

ARCHIVE_SUFFIXES = (".jsonl", ".ndjson")

_MOST_LABELS = 16
_LONGEST_LABEL_CHARS = 300
_UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_JSON_NAMES = {dict: "an object", list: "a list", int: "a number", float: "a number", bool: "yes or no", str: "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMapping:
    """Which fields of a source hold what: for each field of an article the names to try, in order.

    `outlet` may hold a name or a domain. Other fields with text are kept as labels.
    """

    source_id: tuple[str, ...] = ("id", "article_id", "guid", "_id")
    text: tuple[str, ...] = ("text", "body", "content", "articleBody", "article_body", "maintext", "article")
    title: tuple[str, ...] = ("title", "headline")
    byline: tuple[str, ...] = ("byline", "author", "authors", "creator")
    outlet: tuple[str, ...] = ("outlet", "domain")
    outlet_name: tuple[str, ...] = (
        "outlet_name",
        "source",
        "publisher",
        "publication",
        "site_name",
        "sitename",
        "site",
    )
    url: tuple[str, ...] = ("url", "link", "canonical_url", "source_url")
    published: tuple[str, ...] = (
        "published_at",
        "published",
        "published_on",
        "date",
        "datePublished",
        "date_published",
        "publish_date",
        "date_publish",
        "pub_date",
        "publishedAt",
        "timestamp",
    )
    modified: tuple[str, ...] = ("modified_at", "modified", "dateModified", "date_modified", "updated", "updated_at")
    language: tuple[str, ...] = ("language", "lang")


DEFAULT_MAPPING = FieldMapping()


def is_archive(path: str | Path) -> bool:
    """Tell by its suffix whether a file is an archive: .jsonl or .ndjson, packed or not."""
    name = str(path).lower()
    packed = next((suffix for suffix in PACKED_SUFFIXES if name.endswith(suffix)), "")
    return name.removesuffix(packed).endswith(ARCHIVE_SUFFIXES)


def iter_archive(path: Path, *, mapping: FieldMapping = DEFAULT_MAPPING) -> Iterator[Article | Skipped]:
    """Yield the articles of a JSONL archive in order, and a `Skipped` for each line that holds none.

    Raises InputError where the file cannot be opened at all.
    """
    try:
        for number, line in iter_lines(path):
            where = f"{path} line {number}"
            if line is None:
                yield Skipped(where=where, why="the line is longer than 20 MB")
            elif line.strip():
                yield _article_or_skipped(line, where, mapping)
    except BrokenFileError as broken:
        yield Skipped(where=broken.where, why=str(broken).removeprefix(f"{broken.where}: "))


def iter_url_file(path: Path) -> Iterator[str | Skipped]:
    """Yield the addresses of a file that has one a line; what follows ` #` is a comment. Other lines are `Skipped`."""
    try:
        for number, line in iter_lines(path):
            text = (line or b"").decode("utf-8-sig", "replace").strip()
            address = "" if text.startswith("#") else text.partition(" #")[0].strip()
            if address and canonical_url(address):
                yield address
            elif address or line is None:
                yield Skipped(where=f"{path} line {number}", why=f"{address[:80]!r} is no web address")
    except BrokenFileError as broken:
        yield Skipped(where=broken.where, why=str(broken).removeprefix(f"{broken.where}: "))


class _UnfitError(Exception):
    """A record that cannot become an article; the message says why."""


def _article_or_skipped(line: bytes, where: str, mapping: FieldMapping) -> Article | Skipped:
    try:
        record = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
        if not isinstance(record, dict):
            raise _UnfitError(f"the line holds {_kind_of(record)}, not an object with fields")
        return _article_of(_Fields(record, mapping))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return Skipped(where=where, why=f"the line is no JSON ({error})")
    except _UnfitError as unfit:
        return Skipped(where=where, why=str(unfit))


class _Fields:
    """One record of a source, read through a mapping; `used` collects the names that were understood."""

    def __init__(self, record: dict[str, Any], mapping: FieldMapping) -> None:
        self.record = record
        self.mapping = mapping

    def value(self, names: tuple[str, ...]) -> tuple[str, Any]:
        """Return the first of the named fields that holds something, and its name; ("", None) where none does."""
        for name in names:
            value = self.record.get(name)
            if value is not None and value != "":
                return name, value
        return "", None

    def text(self, names: tuple[str, ...]) -> str:
        """Return a field as text: a list of names joined, the name of an object; raise _UnfitError for other types."""
        name, value = self.value(names)
        words = []
        for each in value if isinstance(value, list) else [value]:
            word = each.get("name", "") if isinstance(each, dict) else each
            if not isinstance(word, str | None):
                raise _UnfitError(f"the field {name!r} holds {_kind_of(word)}, not text")
            words.append(word or "")
        return ", ".join(filter(None, words))

    def stamp(self, names: tuple[str, ...]) -> Stamp | None:
        """Return the first of the named fields that can be read as a date."""
        for name in names:
            value = self.record.get(name)
            stamp = parse_stamp(value) if isinstance(value, str) else None
            if isinstance(value, int | float) and not isinstance(value, bool):
                stamp = stamp_of_epoch(value)
            if stamp is not None:
                return stamp
        return None


def _article_of(source: _Fields) -> Article:
    mapping = source.mapping
    url = canonical_url(source.text(mapping.url))
    outlet, outlet_name = _outlet_of(source, url)
    title = canonical_line(plain_from_field(source.text(mapping.title)))
    text = _text_of(source.text(mapping.text), url)
    stamp, modified = source.stamp(mapping.published), source.stamp(mapping.modified)
    place = url or str(source.value(mapping.source_id)[1] or "") or f"{outlet or outlet_name}|{title}"
    return Article(
        article_id=make_article_id(place, text),
        text=text,
        title=title,
        byline=canonical_line(plain_from_field(source.text(mapping.byline))),
        outlet=outlet,
        outlet_name=outlet_name,
        url=url,
        published_on=stamp.day if stamp else None,
        published_at=stamp.instant if stamp else None,
        modified_at=modified.instant if modified else None,
        language=language_of(text, source.text(mapping.language)[:2].lower()),
        labels=_labels_of(source, has_date=stamp is not None),
    )


def _text_of(raw: str, url: str) -> str:
    if is_document(raw):
        raw = _text_of_document(raw, url)
    text = canonical_text(plain_from_field(raw))
    if not any(character.isalnum() for character in text[:1000] or text):
        raise _UnfitError("there is no text")
    return text


def _text_of_document(markup: str, url: str) -> str:
    page = Page(
        where=url, content=markup.encode("utf-8", "replace"), media_type=HTML, charset="utf-8", fetched_at=_UNKNOWN_TIME
    )
    try:
        return extract_article(page)[0].text
    except InputError:
        return ""


def _outlet_of(source: _Fields, url: str) -> tuple[str, str]:
    printed = [canonical_line(source.text(names)) for names in (source.mapping.outlet_name, source.mapping.outlet)]
    hosts = [name.lower() for name in printed if name and is_host(name.lower())]
    names = [name for name in printed if name and not is_host(name.lower())]
    domain = registered_domain(hosts[0]) if hosts and not url else outlet_of(url)
    return domain, names[0] if names else ""


def _labels_of(source: _Fields, *, has_date: bool) -> dict[str, str]:
    """Return the fields nobody interprets, the source's own id, and a date that could not be read, as given."""
    known = _interpreted(source.mapping, has_date)
    inner = source.record.get("labels")
    pairs = {**(inner if isinstance(inner, dict) else {}), **source.record}
    labels = {
        name: canonical_line(value)
        for name, value in pairs.items()
        if isinstance(value, str) and name not in known and 0 < len(value) <= _LONGEST_LABEL_CHARS
    }
    return dict(list(labels.items())[:_MOST_LABELS])


@lru_cache(maxsize=16)
def _interpreted(mapping: FieldMapping, has_date: bool) -> frozenset[str]:
    kept = {"source_id"} if has_date else {"source_id", "published"}
    return frozenset(name for field, names in asdict(mapping).items() if field not in kept for name in names)


def _kind_of(value: object) -> str:
    return _JSON_NAMES.get(type(value), "nothing")
