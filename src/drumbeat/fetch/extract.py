"""Find the article in a page: its text in canonical form, and what the page says of it.

HTML goes through trafilatura (`fast=True`; F1 .96 on scrapinghub's 181 pages). A page nested deeper
than the parser reads (256), or bigger than an article can be, is read as bare text, with a gap that
says so. Text stays as printed, datelines and all. Odd pages give gaps; only a page without any text is
an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from drumbeat.errors import InputError
from drumbeat.fetch.dates import parse_stamp
from drumbeat.fetch.decoding import decode_page
from drumbeat.fetch.identity import canonical_url, is_host, make_article_id, outlet_of, registered_domain
from drumbeat.fetch.language import is_english
from drumbeat.fetch.markup import has_attribute_flood, plain_from_html
from drumbeat.fetch.media import HTML, MARKDOWN
from drumbeat.fetch.metadata import PageFacts, read_facts
from drumbeat.fetch.plain import WrittenText, read_markdown, read_plain
from drumbeat.records import Article, Gap, Page
from drumbeat.text.canonical import PASSAGE_BREAK, canonical_line, canonical_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_HTML_CHARS = 3_000_000
_HEAD_CHARS = 200_000
_MOST_TEXT_CHARS = 500_000
_FEW_WORDS = 50
_ITEM_MARK = re.compile(r"^- ", re.MULTILINE)
_NOT_IN_TREES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|\A\s*<\?xml[^>]{0,200}\?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """An article before its text is canonical: raw words, facts, the outlet's domain, gaps met so far."""

    text: str
    facts: PageFacts
    outlet: str = ""
    gaps: tuple[Gap, ...] = ()


def extract_article(page: Page) -> tuple[Article, tuple[Gap, ...]]:
    """Return the article of a page and what could not be had of it; raise InputError where it has no text at all."""
    raw, gaps = decode_page(page)
    if page.media_type == HTML:
        draft = _from_html(raw, page)
        text, shortened = _shortened(canonical_text(draft.text))
    else:
        raw, shortened = _shortened(raw)
        draft = _from_written(read_markdown(raw) if page.media_type == MARKDOWN else read_plain(raw), page)
        text = canonical_text(draft.text)
    text = _without_title(text, draft.facts.title)
    if not any(character.isalnum() for character in text):
        raise InputError(
            f"{page.where}: no article text found; save its text as a file and read that", where=page.where
        )
    article = _article_of(draft, text)
    return article, (*gaps, *draft.gaps, *shortened, *_gaps_of(article, page.fetched_at.date()))


def _from_html(raw: str, page: Page) -> _Draft:
    tree, why_not = _parsed(_NOT_IN_TREES.sub("", raw))
    address = page.where if canonical_url(page.where) else ""
    facts = (
        PageFacts(url=canonical_url(address))
        if tree is None
        else read_facts(tree, url=address, seen_at=page.fetched_at)
    )
    text = "" if tree is None or why_not else _main_text(tree)
    if text:
        return _Draft(text=text, facts=facts, outlet=outlet_of(address or facts.url))
    gap = Gap(what="article", why=f"{why_not or 'no article was recognised'}; all words of the page were read")
    return _Draft(text=plain_from_html(raw), facts=facts, outlet=outlet_of(address or facts.url), gaps=(gap,))


def _parsed(markup: str) -> tuple[HtmlElement | None, str]:
    """Return the tree of a page (of its head, where it is too big), and why its text must not be taken from there."""
    from lxml import etree, html

    if has_attribute_flood(markup):
        return None, "the HTML has tags with thousands of attributes"
    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    too_big = len(markup) > _MOST_HTML_CHARS
    try:
        tree = html.document_fromstring(markup[:_HEAD_CHARS] if too_big else markup, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None, "the HTML cannot be parsed"
    if too_big:
        return tree, f"the page has more than {_MOST_HTML_CHARS:,} characters of HTML"
    cut_short = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    return tree, "the HTML is nested too deeply" if cut_short else ""


def _main_text(tree: HtmlElement) -> str:
    from trafilatura import bare_extraction

    found = bare_extraction(tree, fast=True, include_comments=False)
    text = "" if found is None or isinstance(found, dict) else found.text or ""
    lines = _ITEM_MARK.sub("", text).splitlines()
    return PASSAGE_BREAK.join(line for line in lines if line.strip())


def _from_written(written: WrittenText, page: Page) -> _Draft:
    said = written.facts
    stamp = parse_stamp(said.get("date", ""))
    url = canonical_url(said.get("url", "")) or canonical_url(page.where)
    printed = canonical_line(said.get("outlet", ""))
    host = printed.lower() if is_host(printed) else ""
    facts = PageFacts(
        title=canonical_line(written.title),
        byline=canonical_line(said.get("byline", "")),
        outlet_name="" if host else printed,
        url=url,
        language=said.get("language", "")[:2].lower(),
        published_on=stamp.day if stamp else None,
        published_at=stamp.instant if stamp else None,
    )
    return _Draft(text=written.text, facts=facts, outlet=registered_domain(host) if host else outlet_of(url))


def _shortened(text: str) -> tuple[str, tuple[Gap, ...]]:
    if len(text) <= _MOST_TEXT_CHARS:
        return text, ()
    end = text.rfind(PASSAGE_BREAK, 0, _MOST_TEXT_CHARS)
    gap = Gap(what="text", why=f"longer than any article: only its first {_MOST_TEXT_CHARS:,} characters were read")
    return text[: end if end > 0 else _MOST_TEXT_CHARS].rstrip(), (gap,)


def _without_title(text: str, title: str) -> str:
    first, mark, rest = text.partition(PASSAGE_BREAK)
    return rest if mark and title and canonical_line(first).casefold() == title.casefold() else text


def _article_of(draft: _Draft, text: str) -> Article:
    facts = draft.facts
    return Article(
        article_id=make_article_id(facts.url or f"{draft.outlet or facts.outlet_name}|{facts.title}", text),
        text=text,
        title=facts.title,
        byline=facts.byline,
        outlet=draft.outlet,
        outlet_name=facts.outlet_name,
        url=facts.url,
        published_on=facts.published_on,
        published_at=facts.published_at,
        modified_at=facts.modified_at,
        language=language_of(text, facts.language),
    )


def language_of(text: str, said: str) -> str:
    """Return "en" where a text is English, else the code it claims to be in; "" where that is not known."""
    english = is_english(text)
    if english is None:
        return said
    return "en" if english else said.removeprefix("en")


def _gaps_of(article: Article, seen_on: date) -> tuple[Gap, ...]:
    gaps = []
    if article.published_on is None:
        gaps.append(Gap(what="date", why="the page does not say when it was published"))
    elif article.published_on > seen_on + timedelta(days=1):
        gaps.append(Gap(what="date", why="the page says it was published later than the day it was read"))
    if article.language != "en" and is_english(article.text) is not None:
        what = f"in {article.language!r}" if article.language else "in another language"
        gaps.append(Gap(what="language", why=f"the text seems to be {what}; drumbeat reads English only"))
    words = len(article.text.split())
    if words < _FEW_WORDS:
        gaps.append(
            Gap(what="text", why=f"the text is very short ({words} words); the page may show more to its readers")
        )
    return tuple(gaps)
