from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from factories import MADE_AT, TEXT, article, attributions, cards, reading, span
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from drumbeat.records import Attribution, QuoteKind, Reading, Span, Trigger, TriggerKind
from drumbeat.text.canonical import canonical_text
from drumbeat.text.passages import split_passages
from drumbeat.views.exports.html import render_reading
from drumbeat.views.exports.marking import Mark, Point, mark_text, split_rows
from drumbeat.views.exports.voices import list_voices

_VOID = {"meta", "input", "br"}


class _Page(HTMLParser):
    """Collects what a browser would: text, passages, ids, links; fails where elements cross."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.passages = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "a" or all(one != "a" for one, _ in self.open), "a link within a link"
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag, f"</{tag}> crosses another element"

    def handle_data(self, data: str) -> None:
        self.text += data
        if any("passage" in (attrs.get("class") or "").split() for _, attrs in self.open):
            self.passages += data

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.tags if "id" in attrs]

    def links(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.tags if tag == "a"]


def _page() -> tuple[str, _Page]:
    html = render_reading(reading(), cards(), made_at=MADE_AT)
    return html, _Page(html)


def test_the_passages_stripped_of_tags_are_the_text() -> None:
    assert _page()[1].passages == TEXT


def test_every_element_closes_and_every_inner_link_has_one_target() -> None:
    page = _page()[1]
    assert page.open == []
    assert len(page.ids()) == len(set(page.ids()))
    assert {link[1:] for link in page.links() if link.startswith("#")} <= set(page.ids())


def test_highlight_and_note_link_to_each_other() -> None:
    page = _page()[1]
    for number in (1, 2, 3):
        assert f"#note-{number}" in page.links()
        assert f"#sighting-{number}" in page.links()


def test_a_note_says_theme_bottom_line_status_probability_and_history() -> None:
    text = " ".join(_page()[1].text.split())
    assert "Money reached two campaign offices" in text
    assert "carried as: taken for granted — the outlet’s own voice" in text
    assert "carried as: attributed to two security officials (unnamed)" in text
    assert "carried as: denied by Calvenian foreign ministry" in text
    assert "Almost certainly this theme, 0.97" in text
    assert "Seen 14 times before, last on 27 February 2026." in text
    assert "your bottom line stands at note 2" in text


def test_the_cast_tells_named_from_unnamed_and_counts_quoted_words() -> None:
    voices = {voice.name: voice for voice in list_voices(reading()).values()}
    assert voices["Petra Lund"].kind == "named"
    assert voices["Petra Lund"].quoted_words == 10
    assert voices["three officials"].kind == "unnamed"
    assert voices["three officials"].quoted_words == 0
    assert voices["A former adviser to the prime minister"].quoted_words == 5  # within the marks only
    assert [voice.letter for voice in voices.values()] == list("ABCDEFGHI")


def test_the_page_loads_and_runs_nothing() -> None:
    html, page = _page()
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    assert not any(name.startswith("on") or name == "style" for _, attrs in page.tags for name in attrs)
    assert "url(" not in html
    assert "@import" not in html


def test_the_policy_allows_exactly_the_style_of_the_page() -> None:
    html = _page()[0]
    style = re.search(r"<style>(.*?)</style>", html, re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in unescape(html)


def test_hostile_words_stay_words() -> None:
    evil = '</p><script>alert(1)</script> "&amp;'
    bad = replace(article(), text=evil, title=evil, byline=evil, url="javascript:alert(1)", outlet_name=evil)
    page = _Page(render_reading(Reading(article=bad, passages=split_passages(evil), sentences=()), (), made_at=MADE_AT))
    assert page.passages == evil
    assert "script" not in {tag for tag, _ in page.tags}
    assert not any(link.startswith("javascript") for link in page.links())


def test_an_empty_article_says_what_is_not_known() -> None:
    bare = replace(article(), text="", title="", byline="", outlet="", outlet_name="", url="", published_on=None)
    text = _Page(render_reading(Reading(article=bare, passages=(), sentences=()), (), made_at=MADE_AT)).text
    for words in ("(no title)", "outlet unknown", "no date known", "None of your bookmarked themes", "No gap was"):
        assert words in text


def test_cards_of_another_article_are_refused() -> None:
    other = replace(reading(), article=replace(article(), article_id="another"))
    with pytest.raises(ValueError, match="its own article"):
        render_reading(other, cards(), made_at=MADE_AT)


def test_a_span_outside_the_text_is_refused() -> None:
    beyond = Trigger(span=Span(start=0, end=len(TEXT) + 1), kind=TriggerKind.CLEFT, found_by="x")
    with pytest.raises(ValueError, match="leaves a text"):
        render_reading(replace(reading(), triggers=(beyond,)), (), made_at=MADE_AT)


def test_sources_without_a_speaker_are_listed_last_as_unresolved_not_as_one_unnamed_voice() -> None:
    said = Attribution(
        source=(span("neighbouring"),),
        cue=(span("denied"),),
        content=(span("that the harbour would ever host a naval base"),),
        kind=QuoteKind.INDIRECT,
        found_by="x",
        score=0.5,
    )
    odd = replace(reading(), attributions=(said, replace(said, speaker_id=77, source=()), *attributions()))
    *resolved, last = list_voices(odd).values()
    assert (last.kind, last.letter, last.attributions_count) == ("unresolved", "?", 2)
    assert last.standing == "neighbouring, nobody named"
    assert [voice.letter for voice in resolved] == list("ABCDEFGHI")
    page = _Page(render_reading(odd, (), made_at=MADE_AT))
    assert {link[1:] for link in page.links() if link.startswith("#")} <= set(page.ids())
    assert "neighbouring unresolved, paraphrased" in " ".join(page.text.split())


def test_words_outside_every_passage_are_kept() -> None:
    part = replace(reading(), passages=split_passages(TEXT)[2:5])
    assert _Page(render_reading(part, cards(), made_at=MADE_AT)).passages == TEXT


_texts = st.text(st.sampled_from("ab<&>\"' é\u2019\u00df\U0001f642\n"), max_size=60).map(canonical_text)


@st.composite
def _marked(draw: st.DrawFn) -> tuple[str, list[Mark], list[Point]]:
    text = draw(_texts.filter(bool))
    offsets = st.integers(0, len(text) - 1)
    marks = []
    for number in range(draw(st.integers(0, 8))):
        start = draw(offsets)
        place = Span(start=start, end=draw(st.integers(start + 1, len(text))))
        marks.append(Mark(span=place, layer=draw(st.integers(0, 3)), element="span", anchor=f"m{number}"))
    points = [Point(at=draw(offsets) + 1, html=Markup("<i></i>")) for _ in range(draw(st.integers(0, 3)))]
    return text, marks, points


@given(_marked())
def test_any_overlap_of_marks_nests_and_keeps_the_text(case: tuple[str, list[Mark], list[Point]]) -> None:
    text, marks, points = case
    rows = split_rows(text, split_passages(text))
    html = "".join(mark_text(text, row, marks, points) for row in rows)
    page = _Page(html)
    assert page.text == text
    assert page.open == []
    assert sorted(page.ids()) == sorted(mark.anchor for mark in marks)
    assert sum(tag == "i" for tag, _ in page.tags) == len(points)


@given(_texts, st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=5))
def test_rows_partition_any_text_whatever_the_passages(text: str, places: list[tuple[int, int]]) -> None:
    passages = [Span(start=at, end=min(at + size, len(text))) for at, size in places if at < len(text)]
    rows = split_rows(text, passages)
    assert "".join(row.of(text) for row in rows) == (text if text.strip() else "")
