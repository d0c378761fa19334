"""The sample archive and its answer key fit together, and nothing in them is real."""

from __future__ import annotations

import html
import json
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from drumbeat.records import Commitment
from drumbeat.text.canonical import canonical_text
from drumbeat.text.passages import split_sentences

SAMPLES = Path(__file__).parent.parent / "samples"
FIELDS = {"id", "url", "outlet", "published", "title", "byline", "text", "topic", "lean"}
PAGE_ID = "hc-2032-12-09"


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def articles() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in _rows("archive.jsonl")}


@pytest.fixture(scope="module")
def planted() -> list[dict[str, Any]]:
    return _rows("planted.jsonl")


@pytest.fixture(scope="module")
def themes() -> dict[str, dict[str, Any]]:
    rows = json.loads((SAMPLES / "themes.json").read_text(encoding="utf-8"))
    return {row["name"]: row for row in rows}


def test_articles_have_the_fields_of_the_archives_and_their_own_id(articles: dict[str, dict[str, Any]]) -> None:
    assert len(articles) == len(_rows("archive.jsonl"))
    for article in articles.values():
        assert set(article) == FIELDS
        assert all(isinstance(value, str) and value for value in article.values())
    assert len({article["url"] for article in articles.values()}) == len(articles)


def test_articles_are_short_and_canonical(articles: dict[str, dict[str, Any]]) -> None:
    for article in articles.values():
        assert 110 <= len(article["text"].split()) <= 260, article["id"]
        assert canonical_text(article["text"]) == article["text"], article["id"]


def test_articles_stand_in_order_of_date_and_cover_every_month_of_two_years(
    articles: dict[str, dict[str, Any]],
) -> None:
    days = [date.fromisoformat(article["published"]) for article in articles.values()]
    assert days == sorted(days)
    assert {(day.year, day.month) for day in days} == {(year, month) for year in (2031, 2032) for month in range(1, 13)}


def test_every_address_lies_under_the_reserved_domain(articles: dict[str, dict[str, Any]]) -> None:
    domains = defaultdict(set)
    for article in articles.values():
        found = re.fullmatch(r"https://([a-z.]+\.example)/(\d{4}/\d\d/\d\d)/[a-z0-9-]+", article["url"])
        assert found, article["url"]
        assert found[2] == article["published"].replace("-", "/")
        domains[article["outlet"]].add(found[1])
    assert 7 <= len(domains) <= 8
    assert all(len(found) == 1 for found in domains.values())


def test_no_file_names_an_address_outside_the_reserved_domain() -> None:
    for path in SAMPLES.iterdir():
        for host in re.findall(r"https?://([^/\"\s<]+)", path.read_text(encoding="utf-8")):
            assert host.endswith(".example") or host == "schema.org", (path.name, host)


def test_themes_can_be_bookmarked(themes: dict[str, dict[str, Any]]) -> None:
    assert len(themes) == 2
    for theme in themes.values():
        assert set(theme) == {"name", "statements", "bottom_line", "tags", "since"}
        assert 2 <= len(theme["statements"]) <= 3
        assert theme["bottom_line"]
        assert theme["tags"]
        assert date(2031, 1, 1) <= date.fromisoformat(theme["since"]) <= date(2031, 3, 1)


def test_every_planted_sentence_is_verbatim_and_one_sentence(
    articles: dict[str, dict[str, Any]], planted: list[dict[str, Any]]
) -> None:
    for row in planted:
        text = articles[row["article"]]["text"]
        assert text.count(row["exact"]) == 1, row
        assert row["exact"] in {span.of(text) for span in split_sentences(text)}, row
    assert len({(row["article"], row["theme"], row["exact"]) for row in planted}) == len(planted)


def test_every_holder_is_named_in_its_article(
    articles: dict[str, dict[str, Any]], planted: list[dict[str, Any]]
) -> None:
    for row in planted:
        assert (row["voice"] == "outlet") == (row["holder"] == ""), row
        assert row["holder"] in articles[row["article"]]["text"], row


def test_each_theme_is_carried_in_every_way(themes: dict[str, dict[str, Any]], planted: list[dict[str, Any]]) -> None:
    assert {row["theme"] for row in planted} == set(themes)
    for name in themes:
        rows = [row for row in planted if row["theme"] == name]
        assert {row["commitment"] for row in rows} == {str(commitment) for commitment in Commitment}
        assert {row["voice"] for row in rows} == {"outlet", "attributed"}


def test_each_theme_drifts_from_attributed_to_taken_for_granted(
    articles: dict[str, dict[str, Any]], themes: dict[str, dict[str, Any]], planted: list[dict[str, Any]]
) -> None:
    for name in themes:
        count = Counter(
            (articles[row["article"]]["published"][:4], row["commitment"]) for row in planted if row["theme"] == name
        )
        assert count["2031", "asserts"] > count["2032", "asserts"]
        assert count["2031", "presupposes"] <= 1
        assert count["2032", "presupposes"] >= 10
        assert count["2032", "denies"] >= 4


def test_each_theme_is_seen_in_a_wire_copy(
    themes: dict[str, dict[str, Any]], articles: dict[str, dict[str, Any]], planted: list[dict[str, Any]]
) -> None:
    for name in themes:
        carriers = defaultdict(set)
        for row in planted:
            if row["theme"] == name:
                words = row["exact"].removeprefix("HARROW BAY (Meridian Press) — ")
                carriers[words].add(articles[row["article"]]["outlet"])
        assert any(len(outlets) == 2 for outlets in carriers.values())


def test_the_page_holds_its_article_paragraph_by_paragraph(articles: dict[str, dict[str, Any]]) -> None:
    page = (SAMPLES / "article.html").read_text(encoding="utf-8")
    article = articles[PAGE_ID]
    body = page.partition('itemprop="articleBody">')[2].partition("</article>")[0]
    for passage in article["text"].split("\n\n"):
        assert f"<p>{html.escape(passage, quote=False)}</p>" in body
    assert f'<link rel="canonical" href="{article["url"]}">' in page
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, flags=re.DOTALL)
    assert found
    metadata = json.loads(found[1])
    assert metadata["headline"] == article["title"]
    assert metadata["datePublished"].startswith(article["published"])
