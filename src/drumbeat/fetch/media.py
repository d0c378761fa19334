"""Tell what kind of document bytes are: HTML, Markdown or plain text; anything else is refused.

The declared type counts first, but not where the bytes contradict it, as servers often do; then the
suffix of the name, then the look of the first bytes.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from drumbeat.errors import InputError

HTML = "text/html"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"

_DECLARED = {
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "text/markdown": MARKDOWN,
    "text/x-markdown": MARKDOWN,
    "text/plain": PLAIN,
}
_UNSURE = {
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/xml",
    "text/xml",
    "application/x-unknown",
}
_SUFFIXES = {
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".mht": "multipart/related",
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".txt": PLAIN,
    ".text": PLAIN,
}
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "an RTF document"),
)
_LOOKS_HTML = re.compile(rb"<!doctype html|<(?:html|head|body|article|div|p|meta|title)[\s>]", re.IGNORECASE)
_LOOKS_MARKDOWN = re.compile(rb"\A(?:---\s*\n.{0,2000}?\n---\s*\n\s*)?#{1,3} \S", re.DOTALL)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def guess_media_type(content: bytes, *, where: str, declared: str = "") -> str:
    """Return HTML, MARKDOWN or PLAIN; raise InputError for empty, binary or other content."""
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    _refuse_unreadable(head, content, where)
    kind = declared.partition(";")[0].strip().lower()
    if kind not in _UNSURE and kind not in _DECLARED:
        raise InputError(_other_kind(where, kind), where=where)
    looks_html = bool(_LOOKS_HTML.search(head[:2048].replace(b"\0", b"")))
    guess = _DECLARED.get(kind) or _SUFFIXES.get(_suffix(where), "")
    if guess in (HTML, MARKDOWN):
        return guess
    if guess == PLAIN:
        return HTML if looks_html and head.startswith(b"<") else PLAIN
    if guess:
        raise InputError(_other_kind(where, guess), where=where)
    _refuse_json(head, where)
    if looks_html:
        return HTML
    return MARKDOWN if _LOOKS_MARKDOWN.match(head) else PLAIN


def _refuse_unreadable(head: bytes, content: bytes, where: str) -> None:
    if not head:
        raise InputError(f"{where} is empty; give a page or a text with an article in it", where=where)
    name = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    if name is None and b"\0" in content[:4096] and not is_wide_text(content):
        name = "a binary file"
    if name is not None:
        raise InputError(f"{where} is {name}, not text; save the article as HTML or plain text first", where=where)


def is_wide_text(content: bytes) -> bool:
    """Tell whether the bytes look like UTF-16: its mark at the start, or a zero in every other byte."""
    if content.startswith(_WIDE_MARKS):
        return True
    head = content[:2000]
    half = max(1, len(head) // 2)
    return any(head[side::2].count(0) > 0.7 * half and head[1 - side :: 2].count(0) == 0 for side in (0, 1))


def _suffix(where: str) -> str:
    try:
        path = urlsplit(where).path if "://" in where else where
    except ValueError:
        return ""
    return PurePosixPath(path).suffix.lower()


def _refuse_json(head: bytes, where: str) -> None:
    if head.startswith((b'{"', b'[{"')):
        raise InputError(
            f"{where} looks like JSON, not like an article; an archive needs the suffix .jsonl and is read with watch",
            where=where,
        )


def _other_kind(where: str, kind: str) -> str:
    return f"{where} is of the kind {kind!r}, not HTML, Markdown or plain text; save the article as one of these first"
