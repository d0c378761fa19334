"""The notebook as a reader uses it: bookmark, watch, recall, edit, remove, read again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from drumbeat.errors import InputError, ThemeError, UnknownTheme
from drumbeat.notebook import BookmarkDraft, Notebook, Options, open_notebook

SAMPLES = Path(__file__).parent.parent / "samples"
ARCHIVE = str(SAMPLES / "archive.jsonl")
NOTHING = io.BytesIO()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a notebook that has watched the sample archive with both themes."""
    home = tmp_path_factory.mktemp("kept")
    with open_notebook(home, options=Options(workers=0)) as notebook:
        notebook.import_bookmarks((SAMPLES / "themes.json").read_bytes(), where="themes.json")
        assert sum(done.added for done in notebook.watch([ARCHIVE])) == 71
    return home


@pytest.fixture
def notebook(kept: Path) -> Iterator[Notebook]:
    with open_notebook(kept, options=Options(workers=0)) as opened:
        yield opened


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Notebook]:
    with open_notebook(tmp_path / "home", options=Options(workers=0)) as opened:
        yield opened


def draft(**changes: object) -> BookmarkDraft:
    given = {"name": "toll", "statements": ("The ferry toll empties the islands.",), "bottom_line": "Who counted?"}
    return BookmarkDraft(**(given | changes))


def test_planted_themes_come_back_with_their_bottom_line(notebook: Notebook) -> None:
    cards = list(notebook.iter_cards())
    assert {card.theme for card in cards} == {"grain-port-tampering", "ferry-toll-exodus"}
    assert all(card.bottom_line for card in cards)
    assert [card.article.published_on for card in cards] == sorted(
        (card.article.published_on for card in cards), reverse=True
    )


def test_a_trace_counts_every_card_and_names_the_first(notebook: Notebook) -> None:
    trace = notebook.trace("grain-port-tampering")
    sightings = [s for card in notebook.iter_cards(theme="grain-port-tampering") for s in card.sightings]
    assert trace.sightings_count == len(sightings)
    assert sum(cell.count for cell in trace.cells) + trace.copies + trace.undated == len(sightings)
    assert trace.first is not None
    assert trace.first.seen_on == min(s.seen_on for s in sightings if s.seen_on)
    assert {cell.status for cell in trace.cells} == {s.status for s in sightings}


def test_a_second_watch_adds_nothing(notebook: Notebook) -> None:
    done = list(notebook.watch([ARCHIVE]))
    assert (sum(d.added for d in done), sum(d.sightings for d in done), sum(d.known for d in done)) == (0, 0, 71)


def test_a_theme_bookmarked_later_is_found_in_kept_articles(notebook: Notebook) -> None:
    before = len(list(notebook.iter_cards()))
    notebook.bookmark(draft(name="late", statements=("Velmara was behind the failure of the grain terminal.",)))
    done = list(notebook.watch([]))
    assert sum(d.sightings for d in done) > 0
    assert sum(d.added for d in done) == 0
    assert list(notebook.iter_cards(theme="late"))
    assert list(notebook.watch([])) == []
    notebook.remove("late")
    assert len(list(notebook.iter_cards())) == before


def test_reading_an_article_recalls_and_remembers(notebook: Notebook) -> None:
    page = str(SAMPLES / "article.html")
    first = notebook.read(page, stdin=NOTHING)
    again = notebook.read(page, stdin=NOTHING)
    assert first.cards
    assert first.cards == again.cards
    assert first.reading.attributions
    by_id = notebook.read(first.reading.article.article_id[:10], stdin=NOTHING)
    assert (by_id.reading.article.article_id, by_id.reading.article.text) == (
        first.reading.article.article_id,
        first.reading.article.text,
    )


def test_a_theme_bookmarked_after_a_first_reading_is_read_with(fresh: Notebook) -> None:
    words = "The ferry toll is emptying the islands."
    assert fresh.read("-", stdin=io.BytesIO(words.encode())).cards == ()
    fresh.bookmark(draft(statements=(words,)))
    assert [card.theme for card in fresh.read("-", stdin=io.BytesIO(words.encode())).cards] == ["toll"]


def test_reading_without_keeping_leaves_no_trace(fresh: Notebook) -> None:
    text = io.BytesIO(b"The minister said the ferry toll is emptying the islands.")
    assert not fresh.read("-", stdin=text, keep=False).kept
    assert fresh.holdings().articles == 0


def test_an_edit_keeps_the_history(fresh: Notebook) -> None:
    fresh.bookmark(draft())
    fresh.edit("toll", draft(bottom_line="Ask the harbour office."))
    assert [one.bottom_line for one in fresh.history("toll")] == ["Who counted?", "Ask the harbour office."]
    assert fresh.find("toll").revision == 2


def test_a_name_is_taken_once_and_never_overwritten(fresh: Notebook) -> None:
    fresh.bookmark(draft())
    with pytest.raises(ThemeError, match="toll"):
        fresh.bookmark(draft(bottom_line="Another."))
    assert fresh.find("toll").bottom_line == "Who counted?"


def test_an_unknown_theme_names_near_ones(fresh: Notebook) -> None:
    fresh.bookmark(draft())
    with pytest.raises(UnknownTheme, match="toll"):
        fresh.trace("tol")
    with pytest.raises(UnknownTheme):
        fresh.bookmark(draft(name="other", links=("nowhere",)))


def test_export_and_import_bring_a_removed_theme_back(fresh: Notebook) -> None:
    made = fresh.bookmark(draft())
    exported = fresh.export_bookmarks()
    fresh.remove("toll")
    assert list(fresh.iter_bookmarks()) == []
    fresh.import_bookmarks(exported, where="file")
    assert [one.theme_id for one in fresh.iter_bookmarks()] == [made.theme_id]
    assert fresh.import_bookmarks(exported, where="file").unchanged == ("toll",)


def test_a_passage_is_marked_where_it_stands_once(fresh: Notebook, tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    page.write_text("The toll empties the islands, she said. He said no. He said no.")
    passage = fresh.mark_passage(str(page), "The toll empties the islands", stdin=NOTHING)
    made = fresh.bookmark(draft(passages=(passage,)))
    assert made.passages[0].selector.suffix.startswith(", she said")
    for words, fault in (("He said no.", "more than once"), ("not there", "does not stand")):
        with pytest.raises(InputError, match=fault):
            fresh.mark_passage(str(page), words, stdin=NOTHING)
