"""Full-text search over titles and texts, with a query language that has no wrong queries.

Words must all occur; "quoted words" stand together; `word*` takes every ending; OR joins its two
neighbours; `-word` and `-"quoted words"` leave articles out. Case and diacritics do not count. Whatever
else a query holds is read as words, so FTS5 (https://sqlite.org/fts5.html) never sees a syntax of its own.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from datetime import date

from drumbeat.errors import InputError
from drumbeat.records import Span
from drumbeat.store.articles import heading_of_row
from drumbeat.tallies import SearchHit

# Noncharacters (Unicode 23.7): never part of a text that came from anywhere.
_MARK_ON, _MARK_OFF = "\ufdd0", "\ufdd1"
_SNIPPET_TOKENS = 40
_QUOTES = str.maketrans("“”„«»", '"' * 5)
_UNSPEAKABLE = re.compile("[\x00\ud800-\udfff]")
_PIECE = re.compile(r'(?P<minus>-*)"(?P<phrase>[^"]*)"?(?P<star>\*?)|(?P<word>[^\s"]+)')
_FIND = """
    SELECT number, article_id, articles.title, outlet, outlet_name, url, byline, day
    FROM articles_fts JOIN articles ON articles.number = articles_fts.rowid
    WHERE articles_fts MATCH :match
        AND (:outlet IS NULL OR outlet = :outlet COLLATE NOCASE OR outlet_name = :outlet COLLATE NOCASE)
        AND (:since IS NULL OR day >= :since) AND (:until IS NULL OR day <= :until)
    ORDER BY bm25(articles_fts), day DESC, number DESC LIMIT :limit
"""
_SNIPPET = """
    SELECT snippet(articles_fts, 1, :on, :off, '…', :tokens) FROM articles_fts
    WHERE articles_fts MATCH :match AND rowid = :number
"""


def search_articles(
    connection: sqlite3.Connection,
    query: str,
    *,
    outlet: str | None,
    since: date | None,
    until: date | None,
    limit: int | None,
) -> list[SearchHit]:
    """Return the articles that fit the query, best first (BM25), then newest.

    `outlet` is a domain or a printed name, in any case; `since` and `until` are both included. Raises
    InputError for a query without a word to look for.
    """
    match = match_expression(query)
    rows = connection.execute(
        _FIND,
        {
            "match": match,
            "outlet": outlet,
            "since": since.isoformat() if since else None,
            "until": until.isoformat() if until else None,
            "limit": -1 if limit is None else limit,
        },
    ).fetchall()
    return [_hit_of(connection, row, match) for row in rows]


def _hit_of(connection: sqlite3.Connection, row: sqlite3.Row, match: str) -> SearchHit:
    values = {"on": _MARK_ON, "off": _MARK_OFF, "tokens": _SNIPPET_TOKENS, "match": match, "number": row["number"]}
    marked = connection.execute(_SNIPPET, values).fetchone()
    snippet, marks = _unmark(" ".join(marked[0].split()) if marked else "")
    return SearchHit(article=heading_of_row(row), snippet=snippet, marks=marks)


def _unmark(marked: str) -> tuple[str, tuple[Span, ...]]:
    plain, marks, start = "", [], 0
    for piece in re.split(f"([{_MARK_ON}{_MARK_OFF}])", marked):
        if piece == _MARK_ON:
            start = len(plain)
        elif piece == _MARK_OFF:
            if start < len(plain):
                marks.append(Span(start=start, end=len(plain)))
            start = len(plain)
        else:
            plain += piece
    return plain, tuple(marks)


def match_expression(query: str) -> str:
    """Return the FTS5 expression for a reader's query; raise InputError where it has no word to look for."""
    wanted: list[list[str]] = []
    unwanted: list[str] = []
    is_joined = False
    for piece in _PIECE.finditer(_UNSPEAKABLE.sub(" ", query.translate(_QUOTES))):
        if piece["word"] == "OR":
            is_joined = True
            continue
        term, is_unwanted = _term_of(piece)
        if term and is_unwanted:
            unwanted.append(term)
        elif term and is_joined and wanted:
            wanted[-1].append(term)
        elif term:
            wanted.append([term])
        is_joined = False
    if not wanted:
        message = f"the search {query!r} has no word to look for; give at least one word without a leading '-'"
        raise InputError(message, where=query)
    found = " AND ".join(f"({' OR '.join(terms)})" for terms in wanted)
    return f"({found}) NOT ({' OR '.join(unwanted)})" if unwanted else found


def _term_of(piece: re.Match[str]) -> tuple[str, bool]:
    word = piece["word"] or ""
    text = word.lstrip("-").rstrip("*") if word else piece["phrase"]
    if not any(unicodedata.category(character)[0] in "LN" for character in text):
        return "", False
    is_open = word.endswith("*") or piece["star"] == "*"
    return f'"{text}"' + ("*" if is_open else ""), (word or piece["minus"]).startswith("-")
