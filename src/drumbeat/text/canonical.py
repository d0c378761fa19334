"""One canonical text per article, so that offsets mean the same everywhere and for ever.

Canonical text is NFC, has no control, zero-width or direction-override characters, single spaces,
and passages separated by exactly one blank line. `canonical_text` is idempotent. It keeps quotation
marks, dashes and case as printed: quotes stay verbatim.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

PASSAGE_BREAK = "\n\n"

_DROPPED = dict.fromkeys(
    [
        *range(0x09),
        *range(0x0E, 0x20),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        0xAD,  # soft hyphen
        0x061C,
        0x180E,
        *range(0x200B, 0x2010),  # zero width, joiners, direction marks
        *range(0x202A, 0x202F),  # direction overrides: they can show words in another order than stored
        *range(0x2060, 0x2070),
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
    ]
)
_SPACES = dict.fromkeys([0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_BREAKS = dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], "\n")
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_TABLE: dict[int, str | None] = {**_DROPPED, **_SPACES, **_BREAKS, **_SURROGATES}

_ODD = re.compile(f"[{re.escape(''.join(map(chr, _TABLE)))}]")
_SPACE_RUN = re.compile(r" {2,}")
_BREAK_RUN = re.compile(r"\n{2,}")
_NOT_WORD = re.compile(r"\W+")
_SOFT_WRAP = re.compile(r"(?<!\n)\n(?!\n)(?!(?:[-*\u2022\u2013\u2014]|\d{1,2}[.)]) )")


def canonical_text(raw: str) -> str:
    """Return the canonical form of a text.

    Where the text has blank lines, these separate the passages and single line breaks are soft wraps
    (unless a list item follows); where it has none, every line is a passage.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if _ODD.search(text):  # translate is ten times the cost of looking, and few texts need it
        text = text.translate(_TABLE)
    text = unicodedata.normalize("NFC", text)
    text = _SPACE_RUN.sub(" ", text) if "  " in text else text
    text = "\n".join(line.strip(" ") for line in text.split("\n")).strip("\n")
    if PASSAGE_BREAK in text:
        text = _SOFT_WRAP.sub(" ", text)
    return _BREAK_RUN.sub("\n", text).replace("\n", PASSAGE_BREAK)


def canonical_line(raw: str) -> str:
    """Return a title, name or statement on one line, cleaned as `canonical_text` cleans."""
    if raw.isascii() and raw.isprintable():
        return " ".join(raw.split())
    return " ".join(canonical_text(raw).split())


def wording_id_of(sentence: str) -> str:
    """Return an id that is equal for sentences that are the same but for case, marks and spaces."""
    words = _NOT_WORD.sub(" ", sentence.casefold()).strip()
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]
