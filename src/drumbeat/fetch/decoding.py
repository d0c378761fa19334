"""Turn the bytes of a page into text, whatever its encoding is or claims to be.

Order: byte order mark, what the server said, what the HTML says, UTF-8 (which is right whenever it
fits), then a guess. Names mean what browsers mean by them (WHATWG Encoding: latin-1 is windows-1252).
Only real character sets are used: Python's other codecs (punycode, unicode-escape, ...) never are.
"""

from __future__ import annotations

import codecs
import re

from drumbeat.fetch.media import HTML, is_wide_text
from drumbeat.records import Gap, Page

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_CHARACTER_SET = re.compile(
    r"utf-(?:8|16|32)(?:-[bl]e)?|iso8859-\d+|cp\d+|koi8-[rut]|mac-[a-z]+|shift_jis\w*|euc_\w+|gb\w+|big5\w*|iso2022_\w+|tis-620|johab|hz"
)
_AS_BROWSERS_DO = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_NEVER_UTF8 = ("utf-16", "utf-32", "iso2022", "hz")
_META_BYTES = 4096
_GUESS_BYTES = 20_000
_FEW = 0.01
_WESTERN = 0.1
_TOO_FEW_TO_TELL = 30


def decode_page(page: Page) -> tuple[str, tuple[Gap, ...]]:
    """Return the text of a page, and a gap where its encoding was not what it said; never fails."""
    for mark, charset in _MARKS:
        if page.content.startswith(mark):
            return page.content.decode(charset, "replace").removeprefix("\ufeff"), ()
    declared = _character_set(page.charset) or _character_set(_meta_charset(page))
    utf8 = _decoded(page.content, "utf-8")
    if (
        utf8 is not None
        and not (declared or "utf-8").startswith(("utf-16", "utf-32"))
        and not is_wide_text(page.content)
    ):
        return utf8, _disagreement(page, declared)
    text = _decoded(page.content, declared) if declared else None
    return (text, ()) if text is not None else _guessed(page.content, declared)


def _disagreement(page: Page, declared: str | None) -> tuple[Gap, ...]:
    if declared in (None, "utf-8") or page.content.isascii():
        return ()
    return (Gap(what="encoding", why=f"the page says {declared}, but its bytes are UTF-8 and were read as that"),)


def _meta_charset(page: Page) -> str | None:
    found = _META.search(page.content[:_META_BYTES]) if page.media_type == HTML else None
    return found[1].decode("ascii") if found else None


def _character_set(name: str | None) -> str | None:
    try:
        known = codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        return None
    known = _AS_BROWSERS_DO.get(known, known)
    return known if _CHARACTER_SET.fullmatch(known) else None


def _decoded(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(charset)
    except UnicodeDecodeError:
        return None


def _guessed(content: bytes, declared: str | None) -> tuple[str, tuple[Gap, ...]]:
    charset = _guess(content)
    text = content.decode(charset, "replace")
    lost = text.count("\ufffd")
    claim = f"the page says {declared}, but its bytes are not" if declared else "the page does not say its encoding"
    loss = f"; {lost} characters could not be read" if lost else ""
    return text, (Gap(what="encoding", why=f"{claim}; read as {charset}{loss}"),)


def _guess(content: bytes) -> str:
    if is_wide_text(content):
        return "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    high = sum(byte > 0x7F for byte in content[:_GUESS_BYTES])
    broken = content[:_GUESS_BYTES].decode("utf-8", "replace").count("\ufffd")
    if broken <= _FEW * max(high, 100):
        return "utf-8"
    if high < max(_TOO_FEW_TO_TELL, _WESTERN * min(len(content), _GUESS_BYTES)):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_GUESS_BYTES]).best()
    return (_character_set(best.encoding) if best else None) or "cp1252"
