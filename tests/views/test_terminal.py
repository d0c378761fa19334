from __future__ import annotations

from dataclasses import replace
from io import StringIO

from factories import MADE_AT, article, bookmarks, cards, empty_trace, reading, trace
from rich.console import Console

from drumbeat.records import Span
from drumbeat.tallies import Feedback, SearchHit, TierCounts, heading_of
from drumbeat.tiers import Answer, Sensitivity, Tier
from drumbeat.views.terminal import (
    print_answers,
    print_bookmarks,
    print_cards,
    print_hits,
    print_reading,
    print_trace,
)


def _console(*, is_terminal: bool, width: int = 100) -> tuple[Console, StringIO]:
    out = StringIO()
    return Console(file=out, force_terminal=is_terminal, width=width, no_color=True, color_system=None), out


def _words(out: StringIO) -> str:
    return " ".join(out.getvalue().split())


def test_a_card_tells_theme_bottom_line_status_passage_and_history() -> None:
    console, out = _console(is_terminal=True)
    print_cards(cards(), console)
    for words in (
        "Calvenia meddled in Maridia’s 2023 vote",
        "nobody has shown who sent it",
        "carried as: taken for granted — the outlet’s own voice (almost certainly this theme, 0.97)",
        "carried as: attributed to two security officials (unnamed)",
        "“that Calvenia intends to station warships there before the end of the decade”",
        "Seen 14 times before, last on 27 February 2026.",
        "Not seen before.",
    ):
        assert words in _words(out)


def test_narrow_terminals_keep_every_word_and_the_whole_address() -> None:
    console, out = _console(is_terminal=True, width=40)
    print_reading(reading(), cards(), console)
    assert "carried as: taken for granted — the outlet’s own voice" in _words(out)
    assert article().url in out.getvalue()
    assert all(len(line) <= 40 for line in out.getvalue().splitlines() if "https" not in line)


def test_a_pipe_gets_one_key_and_value_a_line_unshortened() -> None:
    console, out = _console(is_terminal=False, width=20)
    print_cards(cards(), console)
    blocks = [
        dict(line.split("\t", 1) for line in block.splitlines()) for block in out.getvalue().split("\n\n") if block
    ]
    assert [block["theme"] for block in blocks] == [card.theme for card in cards()]
    assert blocks[0]["bottom_line"] == cards()[0].bottom_line
    assert blocks[0]["exact"] == cards()[0].sightings[0].exact
    assert blocks[0]["last_seen_on"] == "2026-02-27"


def test_no_cards_is_said_to_a_person_and_silent_in_a_pipe() -> None:
    console, out = _console(is_terminal=True)
    print_cards([], console)
    assert "No recall cards" in out.getvalue()
    console, out = _console(is_terminal=False)
    print_cards([], console)
    assert out.getvalue() == ""


def test_a_piped_trace_is_a_table_with_every_month_and_exact_sums() -> None:
    console, out = _console(is_terminal=False)
    print_trace(trace(), console)
    heading, *rows = [line.split("\t") for line in out.getvalue().splitlines()]
    assert heading == [
        "month",
        "taken for granted",
        "asserted",
        "attributed",
        "hedged",
        "questioned",
        "denied",
        "total",
    ]
    assert [row[0] for row in rows][:2] == ["2024-01", "2024-02"]
    assert len(rows) == 27
    assert rows[5][1:] == ["0"] * 7  # a month without sightings
    assert all(sum(map(int, row[1:-1])) == int(row[-1]) for row in rows)
    assert sum(int(row[-1]) for row in rows) == trace().sightings_count


def test_a_trace_for_a_person_names_statuses_first_sighting_and_outlets() -> None:
    console, out = _console(is_terminal=True, width=120)
    print_trace(trace(), console)
    assert "362 sightings · 3 outlets · 51 copies counted once · 2 without a date" in _words(out)
    assert "questioned" in out.getvalue()
    assert "…" not in out.getvalue()
    assert "First sighting: 9 January 2024, Maridia Post" in _words(out)
    assert "northquay.example" in out.getvalue()


def test_an_empty_trace_prints_no_table() -> None:
    console, out = _console(is_terminal=True)
    print_trace(empty_trace(), console)
    assert "0 sightings" in out.getvalue()
    assert "month" not in out.getvalue()


def test_a_reading_lists_voices_triggers_and_gaps() -> None:
    console, out = _console(is_terminal=True)
    print_reading(reading(), (), console)
    for words in (
        "None of the bookmarked themes was recognised here.",
        "Orla Venn (minister for harbours, Maridia): named, 1 attribution",
        "A former adviser to the prime minister: unnamed, 2 attributions",
        "iterative: “reopen”, “once again”",
        "What this reading could not do",
        "The byline was not checked against the page",
    ):
        assert words in _words(out)


def test_bookmarks_show_statements_and_bottom_line() -> None:
    console, out = _console(is_terminal=True)
    print_bookmarks(bookmarks(), console)
    assert "Warships will use the port." in out.getvalue()
    assert "Ask who has seen the January draft." in _words(out)
    assert "revision 1" in out.getvalue()


def test_a_sighting_says_its_tier_its_id_and_the_reader_s_answer() -> None:
    card = cards()[0]
    one = replace(card.sightings[0], probability=0.48, tier=Tier.SUGGESTED, answer=Answer.YES)
    for is_terminal in (True, False):
        console, out = _console(is_terminal=is_terminal)
        print_cards([replace(card, sightings=(one,))], console)
        printed = " ".join(out.getvalue().split())
        assert one.sighting_id[:8] in printed
        if is_terminal:
            assert "(suggested, you said yes; about as likely as not this theme, 0.48)" in printed
        else:
            assert "probability 0.480 tier suggested answer yes exact" in printed


def test_answers_are_listed_with_their_theme_and_note() -> None:
    words = "The piers were designed for grain"
    given = Feedback(
        feedback_id="f" * 16, theme_id="t", article_id="a", span=Span(start=0, end=len(words)), exact=words,
        wording_id="w", answer=Answer.NO, note="about piers", given_at=MADE_AT,
    )  # fmt: skip
    undone = replace(given, answer=None, note="", revision=2)
    console, out = _console(is_terminal=True)
    print_answers([given, undone], console, names={"t": "harbour"})
    for said in ("ffffffff · not this", "about piers", "harbour", "taken back", "revision 2"):
        assert said in out.getvalue()
    console, out = _console(is_terminal=False)
    print_answers([given, undone], console, names={"t": "harbour"})
    rows = [line.split("\t") for line in out.getvalue().splitlines()]
    assert [row[3] for row in rows] == ["answer", "no", ""]
    assert rows[1][4:] == ["harbour", "a", words, "about piers"]
    console, out = _console(is_terminal=True)
    print_answers([], console, names={})
    assert "drumbeat feedback no" in out.getvalue()


def test_bookmarks_say_their_sensitivity_and_tiers() -> None:
    bookmark = replace(bookmarks()[0], sensitivity=Sensitivity.STRICT)
    counts = {bookmark.theme_id: TierCounts(confirmed=3, suggested=12)}
    for is_terminal in (True, False):
        console, out = _console(is_terminal=is_terminal)
        print_bookmarks([bookmark], console, counts=counts)
        printed = " ".join(out.getvalue().split())
        assert "strict" in printed
        assert "3 confirmed, 12 suggested, 0 set aside" in printed


def test_hits_show_the_found_words_and_pipe_as_a_table() -> None:
    hit = SearchHit(article=heading_of(article()), snippet="… the harbour lease …", marks=(Span(start=6, end=13),))
    console, out = _console(is_terminal=True)
    print_hits([hit], console)
    assert "… the harbour lease …" in out.getvalue()
    console, out = _console(is_terminal=False)
    print_hits([hit], console)
    assert out.getvalue().splitlines()[1].split("\t") == [
        "2026-03-12",
        "selwyncourier.example",
        article().title,
        article().url,
        "… the harbour lease …",
    ]


def test_words_cannot_drive_the_terminal_or_break_a_line() -> None:
    evil = "\x1b[31mred\x1b]0;title\x07\n\tnext [bold]line[/bold]"
    card = replace(cards()[0], theme=evil, bottom_line=evil)
    for is_terminal in (True, False):
        console, out = _console(is_terminal=is_terminal)
        print_cards([card], console)
        assert "\x1b[31m" not in out.getvalue()
        assert "\x07" not in out.getvalue()
        assert "[bold]line[/bold]" in out.getvalue()  # markup stays words
    assert out.getvalue().splitlines()[0].startswith("theme\t")
    assert out.getvalue().splitlines()[1].startswith("bottom_line\t")
