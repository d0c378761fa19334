"""A reader's answers from end to end: given, heeded by what is found before and after, shared, taken back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from drumbeat.errors import InputError, UnknownTheme
from drumbeat.notebook import BookmarkDraft, Notebook, Options, open_notebook
from drumbeat.records import Sighting
from drumbeat.tallies import SightingFilter
from drumbeat.tiers import Answer, Sensitivity, Tier

ALL = SightingFilter(tiers=tuple(Tier))
STATEMENT = "The new ferry toll is emptying the villages of the islands."
CARRIED = "The ferry toll is emptying the villages of the islands."
ALIKE = "The new toll on the ferry has been emptying the villages of these islands."
OTHER = "The cat of the harbour master slept on the quay all afternoon."


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    with open_notebook(tmp_path / "home", options=Options(workers=0)) as opened:
        draft = BookmarkDraft(name="toll", statements=(STATEMENT,), bottom_line="Who counted?")
        opened.bookmark(draft)
        yield opened


def read(notebook: Notebook, words: str) -> list[Sighting]:
    result = notebook.read("-", stdin=io.BytesIO(f"{words} {OTHER}".encode()), tiers=tuple(Tier))
    return [sighting for card in result.cards for sighting in card.sightings]


def shown(notebook: Notebook, chosen: SightingFilter = ALL) -> dict[str, Sighting]:
    return {one.exact: one for card in notebook.iter_cards(chosen) for one in card.sightings}


def test_a_no_moves_what_is_alike_before_and_after(notebook: Notebook) -> None:
    (carried,), (before,) = read(notebook, CARRIED), read(notebook, ALIKE)
    done = notebook.answer(carried.sighting_id[:6], Answer.NO, note="houses, not people")
    assert done.changed
    assert done.after.set_aside > done.before.set_aside
    stored = shown(notebook)
    assert (stored[CARRIED].tier, stored[CARRIED].answer) == (Tier.SET_ASIDE, Answer.NO)
    assert stored[ALIKE].probability is not None
    assert before.probability is not None
    assert stored[ALIKE].probability < before.probability
    assert stored[ALIKE].match.probability == before.match.probability
    (after,) = read(notebook, ALIKE + " ")
    assert after.probability == stored[ALIKE].probability
    assert CARRIED not in shown(notebook, SightingFilter())
    (again,) = read(notebook, CARRIED)
    assert (again.tier, again.answer) == (Tier.SET_ASIDE, Answer.NO)
    assert notebook.read("-", stdin=io.BytesIO(f"{CARRIED} {OTHER}".encode())).cards == ()


def test_a_new_article_is_weighed_as_a_stored_one(notebook: Notebook) -> None:
    (carried,) = read(notebook, CARRIED)
    notebook.answer(carried.sighting_id, Answer.NO)
    (new,) = read(notebook, ALIKE)
    assert new.shift < 0
    assert shown(notebook)[ALIKE].shift == new.shift
    notebook.undo_answer(carried.sighting_id)
    assert {one.shift for one in shown(notebook).values()} == {0.0}
    assert notebook.list_answers() == ()
    assert [one.answer for one in notebook.list_answers("toll", history=True)] == [Answer.NO, None]


def test_a_yes_confirms_and_raises(notebook: Notebook) -> None:
    (alike,), (carried,) = read(notebook, ALIKE), read(notebook, CARRIED)
    notebook.edit("toll", BookmarkDraft(sensitivity=Sensitivity.STRICT))
    notebook.answer(alike.sighting_id, Answer.YES)
    stored = shown(notebook)
    assert stored[ALIKE].tier is Tier.CONFIRMED
    assert stored[CARRIED].shift > 0
    assert carried.shift == 0


def test_a_note_stays_until_another_is_given(notebook: Notebook) -> None:
    (carried,) = read(notebook, CARRIED)
    notebook.answer(carried.sighting_id, Answer.NO, note="houses")
    assert not notebook.answer(carried.sighting_id, Answer.NO).changed
    assert notebook.answer(carried.sighting_id, Answer.YES).feedback.note == "houses"
    assert notebook.answer(carried.sighting_id, Answer.YES, note="").feedback.note == ""
    assert [one.revision for one in notebook.list_answers("toll", history=True)] == [1, 2, 3]


def test_answers_go_with_the_bookmark_file_also_without_the_article(notebook: Notebook, tmp_path: Path) -> None:
    (carried,) = read(notebook, CARRIED)
    notebook.answer(carried.sighting_id, Answer.NO, note="houses")
    notebook.edit("toll", BookmarkDraft(sensitivity=Sensitivity.STRICT))
    content = notebook.export_bookmarks()
    (row,) = json.loads(content)["bookmarks"]
    assert row["sensitivity"] == "strict"
    assert [(one["answer"], one["exact"], one["note"]) for one in row["feedback"]] == [("no", CARRIED, "houses")]
    with open_notebook(tmp_path / "friend", options=Options(workers=0)) as friend:
        assert friend.import_bookmarks(content, where="file").answers == 1
        assert friend.import_bookmarks(content, where="file").answers == 0
        assert friend.list_answers() == notebook.list_answers()
        assert friend.find("toll").sensitivity is Sensitivity.STRICT
        (met,) = read(friend, CARRIED)
        assert met.answer is Answer.NO
        assert json.loads(friend.export_bookmarks())["bookmarks"][0]["feedback"] == row["feedback"]


def test_imported_answers_weigh_what_is_kept(notebook: Notebook) -> None:
    (carried,) = read(notebook, CARRIED)
    notebook.answer(carried.sighting_id, Answer.NO)
    content = notebook.export_bookmarks()
    notebook.undo_answer(carried.sighting_id)
    (row,) = json.loads(content)["bookmarks"]
    row["feedback"][0] |= {"article_id": "f" * 16, "given_at": None}
    assert notebook.import_bookmarks(json.dumps([row]).encode(), where="file").answers == 1
    assert shown(notebook)[CARRIED].shift == pytest.approx(-3.0, abs=0.01)
    assert shown(notebook)[CARRIED].answer is None
    assert notebook.list_answers("toll")[0].article_id == "f" * 16


@pytest.mark.parametrize(
    ("change", "fault"),
    [({"answer": "maybe"}, "maybe"), ({"exact": "x"}, "span"), ({"note": 3}, "note"), ({"why": ""}, "why")],
)
def test_a_file_with_an_odd_answer_is_refused_by_its_field(
    notebook: Notebook, change: dict[str, object], fault: str
) -> None:
    (carried,) = read(notebook, CARRIED)
    notebook.answer(carried.sighting_id, Answer.NO)
    (row,) = json.loads(notebook.export_bookmarks())["bookmarks"]
    row["feedback"][0] |= change
    with pytest.raises(InputError, match=fault):
        notebook.import_bookmarks(json.dumps([row]).encode(), where="file")
    assert len(notebook.list_answers()) == 1


def test_what_cannot_be_answered_says_why(notebook: Notebook) -> None:
    (carried,) = read(notebook, CARRIED)
    for name, fault in (("abcde", "at least 6"), ("f" * 16, "no sighting")):
        with pytest.raises(InputError, match=fault):
            notebook.answer(name, Answer.NO)
        with pytest.raises(InputError, match=fault):
            notebook.undo_answer(name)
    with pytest.raises(InputError, match="no answer"):
        notebook.undo_answer(carried.sighting_id)
    with pytest.raises(UnknownTheme):
        notebook.list_answers("nothing")
    given = notebook.answer(carried.sighting_id, Answer.NO).feedback
    notebook.remove("toll")
    with pytest.raises(UnknownTheme, match="removed theme 'toll'"):
        notebook.answer(carried.sighting_id, Answer.YES)
    assert notebook.list_answers("toll") == (given,)
    assert notebook.undo_answer(given.feedback_id[:8]).feedback.answer is None


def test_a_watch_weighs_what_an_answer_left_behind(notebook: Notebook) -> None:
    (carried,) = read(notebook, CARRIED)
    given = notebook.answer(carried.sighting_id, Answer.NO).feedback
    store = notebook._store
    behind = store.load_behind(given.theme_id)
    assert not behind.wordings
    store._connection.execute("UPDATE sightings SET shift = 0, weighed = 0")  # as a crash before the weighing leaves it
    list(notebook.watch([]))
    assert shown(notebook)[CARRIED].shift == pytest.approx(-3.0, abs=0.01)


def test_broader_finds_more_with_the_next_watch_and_stricter_needs_none(notebook: Notebook) -> None:
    read(notebook, CARRIED)
    assert notebook.count_items(()) == 0
    notebook.edit("toll", BookmarkDraft(sensitivity=Sensitivity.STRICT))
    assert notebook.count_items(()) == 0
    notebook.edit("toll", BookmarkDraft(sensitivity=Sensitivity.BROAD))
    assert notebook.count_items(()) == 1
    list(notebook.watch([]))
    assert notebook.count_items(()) == 0
    assert CARRIED in shown(notebook, SightingFilter())
