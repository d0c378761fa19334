"""What a reader names on the command line, as one stream of Articles.

A place is an archive, a page (a file or an address), a file of addresses, or a folder of these. What cannot
be read becomes a `Skipped` with its reason; the stream goes on.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from drumbeat.errors import FetchError, InputError
from drumbeat.fetch.archives import DEFAULT_MAPPING, FieldMapping, is_archive, iter_archive, iter_url_file
from drumbeat.fetch.extract import extract_article
from drumbeat.fetch.pages import DEFAULT_LIMITS, FetchLimits, is_url, open_page
from drumbeat.fetch.streams import count_lines
from drumbeat.records import Article, Skipped

_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".md", ".markdown", ".txt")


def iter_sources(
    places: Sequence[str],
    *,
    mapping: FieldMapping = DEFAULT_MAPPING,
    limits: FetchLimits = DEFAULT_LIMITS,
    allow_private: bool = False,
) -> Iterator[Article | Skipped]:
    """Yield the articles of all places in order; raise InputError at once where a place does not exist."""
    for place in places:
        if not is_url(place) and not Path(place).exists():
            raise InputError(f"{place}: there is no such file or folder; check the path", where=place)
    for place in places:
        for single in _iter_files(place):
            if is_archive(single):
                yield from _iter_archive(single, mapping)
            elif not is_url(single) and is_url_file(Path(single)):
                for address in iter_url_file(Path(single)):
                    yield address if isinstance(address, Skipped) else _read(address, limits, allow_private)
            else:
                yield _read(single, limits, allow_private)


def count_items(places: Sequence[str]) -> int | None:
    """Return how many items the places hold at most (lines of archives are counted, not read); None where unknown."""
    total = 0
    for place in places:
        for single in _iter_files(place):
            if is_url(single):
                total += 1
                continue
            path = Path(single)
            try:
                is_lines = is_archive(path) or is_url_file(path)
                total += count_lines(path) if is_lines else 1
            except (InputError, OSError):
                return None
    return total


def is_url_file(path: Path) -> bool:
    """Tell whether the first line of a text file that is no comment is an address."""
    if path.suffix.lower() not in (".txt", ".urls", ".lst", ""):
        return False
    with path.open("rb") as file:
        for line in file.readlines(100_000):
            text = line.decode("utf-8-sig", "replace").strip()
            if text and not text.startswith("#"):
                return text.startswith(("http://", "https://")) and " " not in text.partition(" #")[0]
    return False


def _iter_files(place: str) -> Iterator[str]:
    if is_url(place) or not Path(place).is_dir():
        yield place
        return
    for path in sorted(Path(place).rglob("*")):
        if path.is_file() and (is_archive(path) or path.suffix.lower() in _PAGE_SUFFIXES):
            yield str(path)


def _iter_archive(place: str, mapping: FieldMapping) -> Iterator[Article | Skipped]:
    try:
        yield from iter_archive(Path(place), mapping=mapping)
    except InputError as error:
        yield Skipped(where=error.where, why=str(error))


def _read(place: str, limits: FetchLimits, allow_private: bool) -> Article | Skipped:
    try:
        page = open_page(place, stdin=io.BytesIO(), limits=limits, allow_private=allow_private)
        return extract_article(page)[0]
    except (FetchError, InputError) as error:
        return Skipped(where=error.where, why=str(error))
