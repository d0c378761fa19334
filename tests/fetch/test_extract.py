"""From page to article: what is read, what is said of gaps, and what bad pages do."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.errors import InputError
from drumbeat.fetch.extract import extract_article
from drumbeat.fetch.media import HTML, MARKDOWN, PLAIN
from drumbeat.records import Article, Gap, Page
from drumbeat.text.canonical import canonical_text

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WHERE = "https://www.averlandpost.example/2026/03/04/harbour"
SENTENCES = [
    f"The harbour of Port Averland will open again in spring, the minister said on day {day} of the talks."
    for day in range(8)
]
STORY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def html(body: str = f"<article>{STORY}</article>", head: str = "", attributes: str = "") -> str:
    return f"<!DOCTYPE html><html{attributes}><head>{head}</head><body>{body}</body></html>"


def extract(
    content: str | bytes, media_type: str = HTML, *, where: str = WHERE, charset: str | None = None
) -> tuple[Article, tuple[Gap, ...]]:
    data = content.encode() if isinstance(content, str) else content
    return extract_article(Page(where=where, content=data, media_type=media_type, charset=charset, fetched_at=NOW))


def kinds_of(gaps: tuple[Gap, ...]) -> list[str]:
    return [gap.what for gap in gaps]


LEDGER = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
  {"@type": "WebPage", "datePublished": "2020-01-01"},
  {"@type": "NewsArticle", "headline": "Harbour opens again",
   "datePublished": "2026-03-04T22:30:00-05:00", "dateModified": "2026-03-05T08:00:00Z",
   "author": [{"@type": "Person", "name": "Ada Marlow"}, {"@type": "Person", "name": "Ben Otter"}]}]}</script>"""


def test_a_news_page_becomes_an_article() -> None:
    head = (
        "<title>Harbour opens again | The Averland Post</title>"
        "<meta property='og:site_name' content='The Averland Post'>"
        f"<link rel=canonical href='{WHERE}?utm_source=x'>{LEDGER}"
    )
    article, gaps = extract(
        html(f"<nav><a href=/>Start</a></nav><article><h1>Harbour opens again</h1>{STORY}</article>", head)
    )
    assert gaps == ()
    assert article.title == "Harbour opens again"
    assert article.byline == "Ada Marlow, Ben Otter"
    assert (article.outlet, article.outlet_name) == ("averlandpost.example", "The Averland Post")
    assert article.url == WHERE
    assert (article.published_on, article.language) == (date(2026, 3, 4), "en")
    assert article.published_at == datetime(2026, 3, 5, 3, 30, tzinfo=UTC)
    assert article.modified_at == datetime(2026, 3, 5, 8, tzinfo=UTC)
    assert article.text == "\n\n".join(SENTENCES)


def test_account_names_are_no_names() -> None:
    head = "<meta property='og:site_name' content='@averlandpost'><meta name=author content=admin>"
    article, _ = extract(html(head=head))
    assert (article.outlet_name, article.byline) == ("", "")


def test_an_instant_that_disagrees_with_the_day_is_left_out() -> None:
    head = "<meta property='article:published_time' content='2026-03-09T10:00:00+01:00'>"
    article, _ = extract(html(head=head))
    assert (article.published_on, article.published_at) == (date(2026, 3, 4), None)


def test_a_time_given_in_utc_may_belong_to_the_day_before() -> None:
    head = "<meta property='article:published_time' content='2026-03-05T02:00:00Z'>"
    article, _ = extract(html(head=head))
    assert (article.published_on, article.published_at) == (date(2026, 3, 4), datetime(2026, 3, 5, 2, tzinfo=UTC))


def test_a_day_after_the_fetch_is_kept_and_told() -> None:
    article, gaps = extract(
        html(head="<meta property='article:published_time' content='2031-03-05T02:00:00Z'>"),
        where="https://a.example/x",
    )
    assert article.published_on == date(2031, 3, 5)
    assert "date" in kinds_of(gaps)


@pytest.mark.parametrize(
    "canonical", ["https://other.example/harbour", "https://www.averlandpost.example/", "javascript:x"]
)
def test_a_canonical_address_of_another_outlet_or_of_the_front_page_does_not_count(canonical: str) -> None:
    article, _ = extract(html(head=f"<link rel=canonical href='{canonical}'>"))
    assert (article.url, article.outlet) == (WHERE, "averlandpost.example")


def test_a_saved_page_takes_its_address_from_the_page() -> None:
    article, _ = extract(html(head=f"<link rel=canonical href='{WHERE}'>"), where="saved/harbour.html")
    assert (article.url, article.outlet) == (WHERE, "averlandpost.example")
    assert extract(html(), where="saved/harbour.html")[0].url == ""


def test_the_same_page_has_the_same_id_and_a_changed_one_another() -> None:
    first, again = extract(html())[0], extract(html(), where=WHERE + "?utm_medium=mail")[0]
    changed = extract(html(f"<article>{STORY}<p>And one sentence more was added to it later.</p></article>"))[0]
    assert first.article_id == again.article_id != changed.article_id


def test_broken_json_ld_is_passed_over() -> None:
    scripts = "".join(
        f'<script type="application/ld+json">{each}</script>' for each in ("{broken", "[" * 50_000, '"x"', "[1]")
    )
    article, _ = extract(html(head=scripts + LEDGER))
    assert article.byline == "Ada Marlow, Ben Otter"


def test_no_date_is_a_gap() -> None:
    article, gaps = extract(html(), where="https://averlandpost.example/harbour")
    assert article.published_on is None
    assert kinds_of(gaps) == ["date"]


def test_another_language_is_a_gap() -> None:
    german = "".join(
        f"<p>Der Hafen von Averland öffnet im Frühling wieder, sagte die Ministerin am Tag {day} der Gespräche.</p>"
        for day in range(9)
    )
    article, gaps = extract(html(f"<article>{german}</article>", attributes=" lang=de-AT"))
    assert (article.language, kinds_of(gaps)) == ("de", ["language"])
    assert "'de'" in gaps[0].why
    assert extract(html(f"<article>{german}</article>", attributes=" lang=en"))[0].language == ""
    assert extract(html(attributes=" lang=de"))[0].language == "en"


def test_a_very_short_text_is_a_gap() -> None:
    article, gaps = extract(html("<article><p>The harbour opens.</p></article>"))
    assert article.text == "The harbour opens."
    assert "text" in kinds_of(gaps)


@pytest.mark.parametrize(
    "body", ["", "<img src=x>", "<script>let story = 1</script>", "<!-- story -->", "<p> \u200b </p>", "&nbsp;"]
)
def test_a_page_without_words_is_an_error(body: str) -> None:
    with pytest.raises(InputError, match="no article text"):
        extract(html(body))


def test_front_page_words_are_read_but_marked() -> None:
    article, gaps = extract(html("<p>Harbour</p>"))
    assert article.text == "Harbour"
    assert "text" in kinds_of(gaps)


@pytest.mark.parametrize("tag", ["div", "b", "span", "blockquote", "table><tr><td"])
def test_a_hundred_thousand_nested_elements_end_with_a_gap(tag: str) -> None:
    article, gaps = extract(html(f"<{tag}>" * 100_000 + STORY))
    assert article.text == "\n\n".join(SENTENCES)
    assert "nested too deeply" in gaps[0].why


def test_a_tag_with_a_hundred_thousand_attributes_ends_with_a_gap() -> None:
    flood = " ".join(f"a{number}=1" for number in range(100_000))
    article, gaps = extract(html(f"<div {flood}>{STORY}</div>"))
    assert article.text == "\n\n".join(SENTENCES)
    assert "attributes" in gaps[0].why


def test_a_huge_page_is_read_as_bare_text_up_to_a_limit() -> None:
    page = html(STORY * 4000, "<title>Harbour opens</title>")
    article, gaps = extract(page)
    assert len(page) > 3_000_000
    assert article.title == "Harbour opens"
    assert len(article.text) <= 500_000
    assert article.text.endswith(".")
    assert kinds_of(gaps)[:2] == ["article", "text"]


def test_entity_bombs_stay_small() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<!DOCTYPE html [<!ENTITY a0 "ha">{entities}]><html><body><article>{STORY}<p>&a11;</p></article></body></html>'
    )
    article, _ = extract(bomb)
    assert len(article.text) < 2000


@pytest.mark.parametrize(
    ("content", "charset", "expected", "gap"),
    [
        ("café \u201copen\u201d".encode(), None, "café \u201copen\u201d", False),
        ("café \u201copen\u201d".encode(), "iso-8859-1", "café \u201copen\u201d", True),
        ("café \u201copen\u201d".encode("cp1252"), "iso-8859-1", "café \u201copen\u201d", False),
        ("café \u201copen\u201d".encode("cp1252"), "utf-8", "café \u201copen\u201d", True),
        ("café \u201copen\u201d".encode("cp1252"), None, "café \u201copen\u201d", True),
        ("café open".encode("utf-16"), None, "café open", False),
        ("café open".encode("utf-16-le"), None, "café open", True),
        ("\u6e2f\u304c\u958b\u304f".encode("shift_jis"), "shift_jis", "\u6e2f\u304c\u958b\u304f", False),
        (b"cafe open", "no-such-charset", "cafe open", False),
        (b"cafe open", "unicode-escape", "cafe open", False),
        (b"The h\xffrbour" + b" and the words go on" * 20, "utf-8", "The h", True),
    ],
)
def test_encodings(content: bytes, charset: str | None, expected: str, gap: bool) -> None:
    article, gaps = extract(content, PLAIN, charset=charset)
    assert article.text.startswith(expected)
    assert ("encoding" in kinds_of(gaps)) is gap


def test_the_encoding_may_stand_in_the_page() -> None:
    page = html(f"<article>{STORY}<p>The café is open too.</p></article>", "<meta charset=windows-1252>")
    article, gaps = extract(page.encode("cp1252"))
    assert article.text.endswith("The café is open too.")
    assert "encoding" not in kinds_of(gaps)


def test_plain_text_with_a_title_line() -> None:
    article, gaps = extract("Harbour opens again\n\n" + "\n\n".join(SENTENCES), PLAIN, where="a.txt")
    assert (article.title, article.text) == ("Harbour opens again", "\n\n".join(SENTENCES))
    assert kinds_of(gaps) == ["date"]


@pytest.mark.parametrize("first", [SENTENCES[0], "x" * 200, "AVERLAND (Post) - It opens,"])
def test_a_first_line_that_is_no_title_stays_in_the_text(first: str) -> None:
    article, _ = extract(f"{first}\n\n{SENTENCES[1]}", PLAIN)
    assert (article.title, article.text) == ("", f"{first}\n\n{SENTENCES[1]}")


FACTS = "Title: Harbour opens: at last\nByline: Ada Marlow\nOutlet: {outlet}\nURL: {url}\nDate: 2026-03-04\n"


@pytest.mark.parametrize("media_type", [PLAIN, MARKDOWN])
@pytest.mark.parametrize("fence", ["", "---\n"])
def test_front_matter_names_the_facts(media_type: str, fence: str) -> None:
    text = f"{fence}{FACTS.format(outlet='The Averland Post', url=WHERE)}{fence}\n{SENTENCES[0]}\n"
    article, _ = extract(text, media_type, where="a.txt")
    assert (article.title, article.byline) == ("Harbour opens: at last", "Ada Marlow")
    assert (article.outlet, article.outlet_name, article.url) == ("averlandpost.example", "The Averland Post", WHERE)
    assert (article.published_on, article.text) == (date(2026, 3, 4), SENTENCES[0])


def test_an_outlet_given_as_a_domain_is_the_domain() -> None:
    article, _ = extract(
        FACTS.format(outlet="News.AverlandPost.com", url="") + f"\n{SENTENCES[0]}", PLAIN, where="a.txt"
    )
    assert (article.outlet, article.outlet_name) == ("averlandpost.com", "")


def test_a_text_that_begins_with_a_speaker_has_no_front_matter() -> None:
    text = f"MINISTER: The harbour opens.\nPILOT: When?\n\n{SENTENCES[0]}"
    assert extract(text, PLAIN)[0].text.startswith("MINISTER: The harbour opens.")


def test_markdown_loses_its_markup_and_keeps_its_words() -> None:
    text = (
        "# Harbour *opens*\n\nThe **harbour** of [Port Averland](https://a.example) opens\nin spring.\n\n"
        "> \u201cIt is time,\u201d said the minister.\n\n- one boat\n- two boats\n\n"
        "## Later\n\nIt closed `again`. <b>So</b> be it.\n\n"
        "| boat | crew |\n|---|---|\n| Gull | 4 |\n"
    )
    article, _ = extract(text, MARKDOWN)
    assert article.title == "Harbour opens"
    assert article.text.split("\n\n") == [
        "The harbour of Port Averland opens in spring.",
        "\u201cIt is time,\u201d said the minister.",
        "one boat",
        "two boats",
        "Later",
        "It closed again. So be it.",
        "boat",
        "crew",
        "Gull",
        "4",
    ]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from([HTML, PLAIN, MARKDOWN]))
def test_any_text_gives_an_article_in_canonical_form_or_an_input_error(raw: str, media_type: str) -> None:
    try:
        article, _ = extract(raw.encode("utf-8", "replace"), media_type)
    except InputError:
        return
    assert article.text == canonical_text(article.text)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "cp1252", "utf-16", "gb18030", "hz", "punycode"]))
def test_any_bytes_are_read_or_refused(content: bytes, charset: str | None) -> None:
    try:
        extract(content, PLAIN, charset=charset)
    except InputError:
        return
