"""HTML to text without looking for an article: for fragments in archives, and pages no tree can hold.

One pass over the tags, linear in the input whatever its nesting; unclosed and crossed tags do no harm.
"""

from __future__ import annotations

import html
import re

_BLOCKS = (
    "address|article|aside|blockquote|body|br|caption|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|"
    "h[1-6]|head|header|hr|html|li|main|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_INLINE = (
    "a|abbr|b|big|cite|code|del|em|font|i|iframe|img|ins|kbd|label|mark|meta|q|s|script|small|span|strike|strong|style|"
    "sub|sup|time|u|video|wbr"
)
_TAG_TAIL = r"(?:\s[^<>]*)?/?>"
_TAG = re.compile(rf"</?(?:{_BLOCKS}|{_INLINE}){_TAG_TAIL}", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCKS}){_TAG_TAIL}", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_DOCTYPE = re.compile(r"\A\s*(?:<\?[^<>]*>\s*)?<!doctype[^<>\[]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_DECLARATION = re.compile(r"<[!?][^<>\[]*>|<!\[CDATA\[|\]\]>", re.IGNORECASE)
_DOCUMENT = re.compile(r"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_UNSEEN_STARTS = re.compile(r"<(script|style|noscript|template|svg|head)\b|<!--", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{1500,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_BETWEEN_ATTRIBUTES = re.compile(r"[\s=/]+")
_MOST_ATTRIBUTES = 2000
_ENTITY = re.compile(r"&(?:amp|nbsp|quot|apos|lt|gt|[lr][sd]quo|[mn]dash|hellip|rsquo|#\d{2,6}|#x[0-9a-fA-F]{2,5});")


def has_markup(text: str) -> bool:
    """Tell whether a text contains HTML tags that would be seen by a reader."""
    return "<" in text and _TAG.search(text) is not None


def is_document(text: str) -> bool:
    """Tell whether a text is a whole HTML page rather than an article with tags in it."""
    return "<" in text and _DOCUMENT.match(text) is not None


def has_attribute_flood(markup: str) -> bool:
    """Tell whether tags have so many attributes that a parser, quadratic in their number, would take minutes."""
    counts = (len(_BETWEEN_ATTRIBUTES.findall(_QUOTED.sub("", tag[0]))) for tag in _LONG_TAG.finditer(markup))
    return sum(count * count for count in counts) > _MOST_ATTRIBUTES**2


def plain_from_html(markup: str) -> str:
    """Return the words of HTML, blocks apart by a blank line, entities resolved, scripts and comments left out."""
    seen = _DECLARATION.sub("", _DOCTYPE.sub("", without_unseen(markup)))
    seen = _ANY_TAG.sub("", _BLOCK_TAG.sub("\n\n", seen))
    return html.unescape(seen)


def plain_from_field(text: str) -> str:
    """Return a text field of an archive as plain text: tags and entities resolved where it has any."""
    if has_markup(text):
        return plain_from_html(text)
    return html.unescape(text) if "&" in text and _ENTITY.search(text) else text


def without_unseen(markup: str) -> str:
    """Return HTML without comments and elements that show no words (script, style, head, ...)."""
    kept, at = [], 0
    lowered = markup.lower()
    while found := _UNSEEN_STARTS.search(markup, at):
        kept.append(markup[at : found.start()])
        at = _end_of_unseen(lowered, found)
        if at < 0:
            return "".join(kept)
    kept.append(markup[at:])
    return "".join(kept)


def _end_of_unseen(lowered: str, found: re.Match[str]) -> int:
    closing = f"</{found[1].lower()}" if found[1] else "-->"
    start = lowered.find(closing, found.end())
    if start < 0:
        return -1
    end = lowered.find(">", start)
    return -1 if end < 0 else end + 1
