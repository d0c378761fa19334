"""Making, editing, exporting and importing bookmarks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from drumbeat.errors import InputError, ThemeError
from drumbeat.records import Polarity
from drumbeat.themes.bookmark import (
    BookmarkDraft,
    decode_bookmarks,
    edit_bookmark,
    encode_bookmarks,
    make_bookmark,
    texts_of,
)

NOW = datetime(2032, 5, 1, 12, tzinfo=UTC)
DRAFT = BookmarkDraft(
    name="ferry toll",
    statements=("The toll empties the islands.", "Islanders leave because of the toll."),
    bottom_line="Who counted?",
    tags=("islands", "islands", " "),
    since=date(2031, 1, 1),
)


def test_a_bookmark_keeps_what_it_was_given() -> None:
    made = make_bookmark(DRAFT, now=NOW)
    assert made.name == "ferry toll"
    assert [statement.text for statement in made.statements] == list(DRAFT.statements or ())
    assert made.tags == ("islands",)
    assert made.revision == 1
    assert made.bookmarked_at == made.edited_at == NOW


def test_counter_statements_are_kept_apart_and_come_back_from_a_file() -> None:
    counter = "The islands keep their people."
    made = make_bookmark(msgspec.structs.replace(DRAFT, counter_statements=(counter, counter)), now=NOW)
    assert texts_of(made, Polarity.AFFIRMS) == DRAFT.statements
    assert texts_of(made, Polarity.COUNTERS) == (counter,)
    (draft,) = decode_bookmarks(encode_bookmarks([made]), where="file.json")
    assert make_bookmark(draft, now=NOW) == made
    fewer = edit_bookmark(made, BookmarkDraft(statements=("The toll empties the islands.",)), now=NOW)
    assert [one.polarity for one in fewer.statements] == [Polarity.AFFIRMS, Polarity.COUNTERS]
    assert edit_bookmark(fewer, BookmarkDraft(counter_statements=()), now=NOW).statements == fewer.statements[:1]


def test_what_turns_its_polarity_is_another_statement() -> None:
    made = make_bookmark(DRAFT, now=NOW)
    turned = make_bookmark(
        BookmarkDraft(name="x", statements=("P.",), counter_statements=DRAFT.statements, bottom_line="y"), now=NOW
    )
    assert not {one.statement_id for one in made.statements} & {one.statement_id for one in turned.statements}


def test_days_are_limited_and_the_limits_lifted_again() -> None:
    made = make_bookmark(msgspec.structs.replace(DRAFT, until=date(2032, 1, 31)), now=NOW)
    assert (made.since, made.until) == (date(2031, 1, 1), date(2032, 1, 31))
    lifted = edit_bookmark(made, BookmarkDraft(since=date.min, until=date.max), now=NOW)
    assert (lifted.since, lifted.until) == (None, None)


def test_the_same_words_give_the_same_statement_id() -> None:
    made = make_bookmark(DRAFT, now=NOW)
    again = make_bookmark(
        BookmarkDraft(name="x", statements=("The  toll empties the islands.",), bottom_line="y"), now=NOW
    )
    assert made.statements[0].statement_id == again.statements[0].statement_id


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (BookmarkDraft(name=" ", statements=("P.",), bottom_line="b"), "name"),
        (BookmarkDraft(name="n", bottom_line="b"), "no statement"),
        (BookmarkDraft(name="n", statements=("  ",), bottom_line="b"), "empty"),
        (BookmarkDraft(name="n", statements=("...",), bottom_line="b"), "empty"),
        (BookmarkDraft(name="n", counter_statements=("P.",), bottom_line="b"), "no statement"),
        (BookmarkDraft(name="n", statements=("P is.",), counter_statements=("p  is.",), bottom_line="b"), "opposite"),
        (
            BookmarkDraft(
                name="n", statements=("P.",), bottom_line="b", since=date(2032, 1, 2), until=date(2032, 1, 1)
            ),
            "before it begins",
        ),
        (BookmarkDraft(name="n", statements=("word " * 2000,), bottom_line="b"), "2000 words"),
        (BookmarkDraft(name="n", statements=("P.",), bottom_line=" \n"), "no bottom line"),
        (BookmarkDraft(name="n" * 121, statements=("P.",), bottom_line="b"), "characters"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(draft: BookmarkDraft, words: str) -> None:
    with pytest.raises(ThemeError, match=words):
        make_bookmark(draft, now=NOW)


def test_an_edit_is_the_next_revision_and_leaves_the_rest() -> None:
    made = make_bookmark(DRAFT, now=NOW)
    later = NOW + timedelta(days=3)
    edited = edit_bookmark(made, BookmarkDraft(bottom_line="Ask the harbour office."), now=later)
    assert edited.revision == 2
    assert edited.edited_at == later
    assert edited.bottom_line == "Ask the harbour office."
    assert (edited.theme_id, edited.statements, edited.since) == (made.theme_id, made.statements, made.since)


def test_an_edit_that_changes_nothing_is_no_revision() -> None:
    made = make_bookmark(DRAFT, now=NOW)
    assert edit_bookmark(made, BookmarkDraft(bottom_line="Who counted?"), now=NOW + timedelta(days=1)) is made


def test_an_exported_file_comes_back_as_the_same_bookmark() -> None:
    made = make_bookmark(DRAFT, now=NOW)
    (draft,) = decode_bookmarks(encode_bookmarks([made]), where="file.json")
    assert make_bookmark(draft, now=NOW + timedelta(days=9)) == made


def test_a_file_written_by_hand_needs_only_names_statements_and_bottom_lines() -> None:
    written = b'[{"name": "n", "statements": ["The toll empties the islands."], "bottom_line": "b"}]'
    (draft,) = decode_bookmarks(written, where="hand.json")
    assert make_bookmark(draft, now=NOW).name == "n"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "hand.json"),
        (b"[{", "hand.json"),
        (b'[{"nam": "n"}]', "nam"),
        (b'{"schema": "drumbeat/9", "kind": "bookmarks", "bookmarks": []}', "drumbeat/9"),
        (b'{"bookmarks": [{"name": 3}]}', "name"),
    ],
)
def test_a_bad_file_is_named_with_its_fault(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        decode_bookmarks(data, where="hand.json")
