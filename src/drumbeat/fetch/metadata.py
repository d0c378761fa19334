"""Read what an HTML page says of itself: title, byline, outlet, address, days and instants.

JSON-LD (schema.org `NewsArticle` and its kin) and meta elements are read here; trafilatura fills in
title and byline, htmldate (in its extensive mode) the day. An instant is kept only where its day and
htmldate's agree (right day on three sets of pages: .97, .89, .91).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from drumbeat.fetch.dates import Stamp, parse_stamp
from drumbeat.fetch.identity import canonical_url, outlet_of
from drumbeat.text.canonical import canonical_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLE_TYPE = re.compile(r"\w*(?:Article|BlogPosting|Report|Posting)")
_PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "pubdate",
    "publish-date",
    "date",
)
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")
_AUTHOR_META = ("author", "parsely-author", "sailthru.author", "dc.creator", "byl")
_SEPARATED = re.compile(r"\s+[|\u2013\u2014\u00bb:-]+\s+|\s*\|\s*")
_BY = re.compile(r"^(?:by|text by|written by)[:\s]+", re.IGNORECASE)
_NO_NAME = re.compile(r"://|@|^(?:\w*admin|administrator|editor|user|unknown|null|none)$", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f]")
_LONGEST_BYLINE_CHARS = 200
_MOST_SCRIPTS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a page says of itself; "" and None where it says nothing. `outlet_name` is the name as printed."""

    title: str = ""
    byline: str = ""
    outlet_name: str = ""
    url: str = ""
    language: str = ""
    published_on: date | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None


def read_facts(tree: HtmlElement, *, url: str, seen_at: datetime) -> PageFacts:
    """Return the facts of a parsed page that stood at `url` ("" if unknown) and was had at `seen_at`."""
    from trafilatura.metadata import extract_metadata

    metas, ledger = _metas_of(tree), _ledger_of(tree)
    latest = (seen_at + timedelta(days=1)).date()
    address = _address_of(tree, metas, url)
    options = {"extensive_search": True, "original_date": True, "max_date": latest.isoformat()}
    found = extract_metadata(tree, address or None, options, True)
    outlet_name = _outlet_name(metas.get("og:site_name", ""), _name_of(ledger.get("publisher")))
    day, instant = _published(metas, ledger, found.date, latest)
    return PageFacts(
        title=_without_outlet(canonical_line(found.title or _text(ledger.get("headline"))), outlet_name),
        byline=_byline(ledger, metas, found.author or ""),
        outlet_name=outlet_name,
        url=address,
        language=_language_of(tree, metas),
        published_on=day,
        published_at=instant,
        modified_at=_modified(metas, ledger, instant),
    )


def _metas_of(tree: HtmlElement) -> dict[str, str]:
    metas: dict[str, str] = {}
    for element in tree.iterfind(".//meta[@content]"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        metas.setdefault(name.strip().lower(), element.get("content").strip())
    return metas


def _ledger_of(tree: HtmlElement) -> dict[str, Any]:
    """Return the first schema.org article of the page's JSON-LD, {} where it has none."""
    scripts = tree.xpath('//script[@type="application/ld+json"]')[:_MOST_SCRIPTS]
    for script in scripts:
        try:
            data = msgspec.json.decode(_CONTROL.sub(" ", script.text_content()).strip().strip(";"))
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            continue
        for item in _items(data):
            if any(_ARTICLE_TYPE.fullmatch(kind) for kind in _texts(item.get("@type"))):
                return item
    return {}


def _items(data: object) -> Iterator[dict[str, Any]]:
    waiting = [data]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            yield item
            waiting.extend(item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item)


def _address_of(tree: HtmlElement, metas: dict[str, str], url: str) -> str:
    """Return the canonical address where it belongs to the outlet that was asked and names one page, else `url`."""
    own = canonical_url(url)
    links = [link.get("href") or "" for link in tree.iterfind(".//link[@rel='canonical']")]
    for said in (*links, metas.get("og:url", "")):
        address = canonical_url(said)
        same_outlet = not own or outlet_of(address) == outlet_of(own)
        if address and same_outlet and not (own and address.count("/") == 3 and address.endswith("/")):
            return address
    return own


def _published(
    metas: dict[str, str], ledger: dict[str, Any], found: str | None, latest: date
) -> tuple[date | None, datetime | None]:
    stamps = [*_stamps(_texts(ledger.get("datePublished"))), *_stamps(metas.get(name, "") for name in _PUBLISHED_META)]
    if found is None:
        # A day to come is kept where the page says no other: it is what the page says, and a Gap tells so.
        chosen = next((stamp for stamp in stamps if stamp.day <= latest), stamps[0] if stamps else None)
        return (chosen.day, chosen.instant) if chosen else (None, None)
    day = date.fromisoformat(found)
    return day, next((stamp.instant for stamp in stamps if stamp.instant and stamp.may_be(day)), None)


def _modified(metas: dict[str, str], ledger: dict[str, Any], published: datetime | None) -> datetime | None:
    stamps = [*_stamps(_texts(ledger.get("dateModified"))), *_stamps(metas.get(name, "") for name in _MODIFIED_META)]
    instants = (stamp.instant for stamp in stamps if stamp.instant)
    return next((instant for instant in instants if published is None or instant >= published), None)


def _stamps(values: Iterable[str]) -> Iterator[Stamp]:
    for value in values:
        stamp = parse_stamp(value)
        if stamp is not None:
            yield stamp


def _outlet_name(*printed: str) -> str:
    """Return the first name that is no account name ("@averlandpost"), without the slogans after a bar."""
    names = (canonical_line(name).partition(" | ")[0] for name in printed)
    return next((name for name in names if name and not name.startswith("@")), "")


def _byline(ledger: dict[str, Any], metas: dict[str, str], found: str) -> str:
    for names in (_authors(ledger.get("author")), [metas.get(name, "") for name in _AUTHOR_META][:1], [found]):
        lines = [_BY.sub("", canonical_line(name)).replace("; ", ", ") for name in names]
        byline = ", ".join(dict.fromkeys(line for line in lines if line and not _NO_NAME.search(line)))
        if byline and len(byline) <= _LONGEST_BYLINE_CHARS:
            return byline
    return ""


def _authors(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [_name_of(each) for each in values]


def _name_of(value: object) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _text(value: object) -> str:
    return next(_texts(value), "")


def _texts(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield each


def _without_outlet(title: str, outlet_name: str) -> str:
    """Return the title without the outlet's name before or after it ("Harbour opens - The Averland Post")."""
    name = canonical_line(outlet_name).casefold()
    pieces = [*_SEPARATED.finditer(title)] if name else []
    if pieces and title[pieces[-1].end() :].casefold() == name:
        return title[: pieces[-1].start()]
    if pieces and title[: pieces[0].start()].casefold() == name:
        return title[pieces[0].end() :]
    return title


def _language_of(tree: HtmlElement, metas: dict[str, str]) -> str:
    said = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or metas.get("og:locale", "")
    code = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", said.strip())
    return code[0].lower() if code else ""
