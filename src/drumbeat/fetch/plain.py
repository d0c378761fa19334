"""Read plain text and Markdown: front matter, a title line, the words without the markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from drumbeat.fetch.markup import plain_from_html

if TYPE_CHECKING:
    from markdown_it.token import Token

_NAMES = {
    "title": "title",
    "headline": "title",
    "byline": "byline",
    "author": "byline",
    "authors": "byline",
    "outlet": "outlet",
    "source": "outlet",
    "publication": "outlet",
    "publisher": "outlet",
    "url": "url",
    "link": "url",
    "date": "date",
    "published": "date",
    "language": "language",
    "lang": "language",
}
_PAIR = re.compile(r"([A-Za-z][A-Za-z _-]{0,30}):[ \t]*(.*)")
_FENCE = "---"
_LONGEST_HEAD_LINES = 60
_LONGEST_TITLE_CHARS = 150
_NO_TITLE_END = (".", ",", ";", ":", "\u2026", '."', ".\u201d")
_BLOCK_ENDS = {"paragraph_close", "heading_close", "list_item_close", "tr_close", "td_close", "th_close", "hr"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenText:
    """A text with what its front matter says of it: title, byline, outlet, url, date, language."""

    text: str
    title: str = ""
    facts: dict[str, str] = field(default_factory=dict)


def read_plain(raw: str) -> WrittenText:
    """Return plain text with its front matter and title line taken off."""
    facts, body = _split_front_matter(raw)
    if facts.get("title"):
        return WrittenText(text=body, title=facts["title"], facts=facts)
    title, rest = _split_title_line(body)
    return WrittenText(text=rest, title=title, facts=facts)


def read_markdown(raw: str) -> WrittenText:
    """Return the words of a Markdown text; its first heading is the title where the front matter names none."""
    from markdown_it import MarkdownIt

    facts, body = _split_front_matter(raw)
    tokens = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table").parse(body)
    title = facts.get("title", "")
    if len(tokens) > 2 and tokens[0].type == "heading_open":
        heading = _words_of(tokens[1])
        if not title or heading == title:
            title, tokens = heading, tokens[3:]
    return WrittenText(text="".join(_rendered(tokens)).strip(), title=title, facts=facts)


def _split_front_matter(raw: str) -> tuple[dict[str, str], str]:
    lines = raw.lstrip("\ufeff\n\r ").splitlines()
    fenced = bool(lines) and lines[0].strip() == _FENCE
    facts: dict[str, str] = {}
    for number, line in enumerate(lines[fenced:_LONGEST_HEAD_LINES], start=int(fenced)):
        if line.strip() == (_FENCE if fenced else ""):
            return (facts, "\n".join(lines[number + 1 :])) if facts or fenced else ({}, raw)
        pair = _PAIR.fullmatch(line.strip())
        name = _NAMES.get(pair[1].strip().lower()) if pair else None
        if pair and name:
            facts.setdefault(name, pair[2].strip().strip("\"'"))
        elif not fenced:
            return {}, raw
    return {}, raw


def _split_title_line(body: str) -> tuple[str, str]:
    first, _, rest = body.lstrip().partition("\n")
    title = first.strip()
    has_blank_line = rest.partition("\n")[0].strip() == ""
    if has_blank_line and rest.strip() and len(title) <= _LONGEST_TITLE_CHARS and not title.endswith(_NO_TITLE_END):
        return title, rest
    return "", body


def _rendered(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield _words_of(token)
        elif token.type == "html_block":
            yield plain_from_html(token.content) + "\n\n"
        elif token.type in ("fence", "code_block"):
            yield token.content + "\n\n"
        elif token.type in _BLOCK_ENDS:
            yield "\n\n"


def _words_of(inline: Token) -> str:
    words = []
    for child in inline.children or ():
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
    return "".join(words).strip()
