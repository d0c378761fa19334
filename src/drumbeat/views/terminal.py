"""Cards, traces, readings, bookmarks and search hits on a console.

A person at a terminal gets wrapped text, a little colour and small bars. Anything else (a pipe, a file)
gets the plain lines of `plain.py`. Text of articles and bookmarks is stripped of control characters, so
that it cannot drive a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from drumbeat.records import Bookmark, Polarity, Reading, Sighting, Status
from drumbeat.tallies import Feedback, Holdings, RecallCard, SearchHit, TierCounts, Trace
from drumbeat.text.canonical import canonical_line
from drumbeat.tiers import Answer, Sensitivity
from drumbeat.views import plain, wording
from drumbeat.views.tally import MonthTally, tally_months

if TYPE_CHECKING:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

_STYLES = {
    Status.TAKEN_FOR_GRANTED: "bold magenta",
    Status.ASSERTED: "red",
    Status.ATTRIBUTED: "blue",
    Status.HEDGED: "yellow",
    Status.QUESTIONED: "cyan",
    Status.DENIED: "green",
}
_WIDE_CHARS = 96
"""From this width on the table names the statuses in full; below it shows their signs."""
_BAR_LETTERS = dict(zip(wording.STATUS_ORDER, "\u2588\u2593\u2592\u2591?x", strict=True))

_MOST_OUTLETS = 12


def print_cards(cards: Iterable[RecallCard], console: Console) -> None:
    """Print recall cards in the order given; say so when there are none."""
    is_empty = True
    for card in cards:
        is_empty = False
        if console.is_terminal:
            _print_card(card, console)
        else:
            _print_raw(plain.fields_text(plain.card_fields(card)), console)
    if is_empty and console.is_terminal:
        console.print("No recall cards.")


def _print_card(card: RecallCard, console: Console) -> None:
    heading = card.article
    console.print(_text(card.theme, "bold"))
    console.print(_indented(_text(card.bottom_line, "italic"), 2))
    for one in card.sightings:
        _print_sighting(one, console)
    where = [wording.title_words(heading), wording.outlet_words(heading), wording.say_date(heading.published_on)]
    console.print(_indented(_text(" · ".join(where), "dim"), 2))
    if heading.url:
        console.print(_text(heading.url, "dim"), soft_wrap=True)
    console.print(_indented(_text(wording.seen_before(card), "dim"), 2))
    console.print()


def _print_sighting(one: Sighting, console: Console) -> None:
    carried = _text(f"{wording.STATUS_SIGN[one.status]} carried as: {wording.carried_as(one)}", _STYLES[one.status])
    carried.append(f" ({wording.standing(one)})", "dim")
    console.print(_indented(carried, 2))
    if chain := wording.chain_line(one):
        console.print(_indented(_text(f"through: {chain}"), 4))
    console.print(_indented(_text(f"\u201c{one.exact}\u201d"), 4))
    console.print(_indented(_text(f"sighting {wording.short_id(one)}", "dim"), 4))


def print_answers(answers: Sequence[Feedback], console: Console, *, names: Mapping[str, str]) -> None:
    """Print the reader's answers in the order given; `names` are of themes, by id."""
    if not console.is_terminal:
        _print_raw(plain.rows_text(plain.answer_rows(answers, names)), console)
        return
    for one in answers:
        said = {Answer.YES: "yes, this", Answer.NO: "not this", None: "taken back"}[one.answer]
        about = f"{one.feedback_id[:8]} · {said} · {wording.say_date(one.given_at.date())} · revision {one.revision}"
        console.print(_text(about, "bold"))
        console.print(_indented(_text(f"\u201c{one.exact}\u201d"), 2))
        if one.note:
            console.print(_indented(_text(one.note, "italic"), 2))
        console.print(_indented(_text(f"{names[one.theme_id]}, article {one.article_id}", "dim"), 2))
    if not answers:
        console.print("No answers yet. Give one with: drumbeat feedback no SIGHTING")


def print_trace(trace: Trace, console: Console) -> None:
    """Print a theme over time: month by status, first sighting, outlets; months without sightings included."""
    tallies = tally_months(trace)
    if not console.is_terminal:
        heading = ["month", *(status.value for status in wording.STATUS_ORDER), "total"]
        _print_raw(plain.rows_text([heading, *plain.trace_rows(tallies)]), console)
        return
    console.print(_text(trace.theme, "bold"))
    console.print(_text(_trace_summary(trace), "dim"))
    if tallies:
        console.print(_trace_table(tallies, console.width))
        console.print(_bar_key())
    if trace.first_in:
        first = trace.first_in
        where = f"{wording.say_date(first.published_on)}, {wording.outlet_words(first)}: {wording.title_words(first)}"
        console.print(_text(f"First sighting: {where}"))
    for one in trace.outlets:
        since = f", first {wording.say_date(one.first_on)}" if one.first_on else ""
        console.print(_indented(_text(f"{one.outlet or 'outlet unknown'}: {one.count:,}{since}"), 2))


def _trace_summary(trace: Trace) -> str:
    parts = [wording.say_sightings(trace), wording.say_count(len(trace.outlets), "outlet")]
    if trace.copies:
        parts.append(f"{wording.say_count(trace.copies, 'copy', 'copies')} counted once")
    if trace.undated:
        parts.append(f"{trace.undated:,} without a date")
    return " · ".join(parts)


def _trace_table(tallies: Sequence[MonthTally], width: int) -> Table:
    from rich.table import Table
    from rich.text import Text

    highest = max(one.total for one in tallies)
    table = Table(box=None, pad_edge=False, padding=(0, 2 if width >= _WIDE_CHARS else 1, 0, 0))
    table.add_column("month", no_wrap=True)
    for status in wording.STATUS_ORDER:
        heading = status.value.replace("for ", "for\n") if width >= _WIDE_CHARS else wording.STATUS_SIGN[status]
        table.add_column(Text(heading, _STYLES[status]), justify="right")
    table.add_column("total", justify="right")
    table.add_column("", no_wrap=True, overflow="crop")
    bar_chars = 24 if width >= 120 else 12
    for one, row in zip(tallies, plain.trace_rows(tallies), strict=True):
        table.add_row(row[0], *("" if cell == "0" else cell for cell in row[1:]), _bar(one, highest, bar_chars))
    totals = [sum(one.counts.get(status, 0) for one in tallies) for status in wording.STATUS_ORDER]
    table.add_row("all", *(f"{total:,}" for total in (*totals, sum(totals))), "", style="bold")
    return table


def _bar(tally: MonthTally, highest: int, chars: int) -> Text:
    from rich.text import Text

    bar, drawn, seen = Text(), 0, 0
    for status in wording.STATUS_ORDER:
        seen += tally.counts.get(status, 0)
        upto = round(chars * seen / highest)
        bar.append(_BAR_LETTERS[status] * (upto - drawn), _STYLES[status])
        drawn = upto
    return bar


def _bar_key() -> Text:
    from rich.text import Text

    signs = [(f"{wording.STATUS_SIGN[one]} {_BAR_LETTERS[one]} {one.value}", _STYLES[one]) for one in _STYLES]
    return Text("   ").join(Text(words, style) for words, style in signs)


def print_reading(reading: Reading, cards: Sequence[RecallCard], console: Console) -> None:
    """Print what was found in one article: title, cards, voices, triggers by kind, gaps."""
    if not console.is_terminal:
        _print_raw(plain.fields_text(plain.reading_fields(reading)), console)
        print_cards(cards, console)
        return
    article = reading.article
    console.print(_text(wording.title_words(article), "bold"))
    about = [wording.outlet_words(article), wording.say_date(article.published_on), article.byline]
    console.print(_text(" · ".join(part for part in about if part), "dim"))
    console.print()
    if cards:
        print_cards(cards, console)
    else:
        console.print("None of the bookmarked themes was recognised here.\n")
    _print_list("Voices", plain.voice_lines(reading), console)
    _print_list("Triggers", plain.trigger_lines(reading), console)
    _print_list("What this reading could not do", [f"{gap.what}: {gap.why}" for gap in reading.gaps], console)


def _print_list(heading: str, lines: Sequence[str], console: Console) -> None:
    console.print(_text(heading, "bold"))
    for line in lines or ["none found"]:
        console.print(_indented(_text(line), 2))
    console.print()


def print_bookmarks(
    bookmarks: Iterable[Bookmark], console: Console, *, counts: Mapping[str, TierCounts] = MappingProxyType({})
) -> None:
    """Print bookmarked themes in the order given; `counts` are of sightings, by theme id."""
    is_empty = True
    for bookmark in bookmarks:
        is_empty = False
        count = counts.get(bookmark.theme_id)
        if console.is_terminal:
            _print_bookmark(bookmark, console, count)
        else:
            _print_raw(plain.fields_text(plain.bookmark_fields(bookmark, count)), console)
    if is_empty and console.is_terminal:
        console.print("No themes are bookmarked yet. Add one with: drumbeat bookmark add")


def _print_bookmark(bookmark: Bookmark, console: Console, count: TierCounts | None) -> None:
    console.print(_text(bookmark.name, "bold"))
    console.print(_indented(_text(bookmark.bottom_line, "italic"), 2))
    for statement in bookmark.statements:
        opposite = "the opposite: " if statement.polarity is Polarity.COUNTERS else ""
        console.print(_indented(_text(f"- {opposite}{statement.text}"), 2))
    about = [f"revision {bookmark.revision}, {wording.say_date(bookmark.edited_at.date())}"]
    about += [f"sightings: {wording.say_tiers(count)}"] if count is not None else []
    about += [f"{bookmark.sensitivity.value} sensitivity"] if bookmark.sensitivity is not Sensitivity.NORMAL else []
    about += [f"tags: {', '.join(bookmark.tags)}"] if bookmark.tags else []
    about += [f"since {wording.say_date(bookmark.since)}"] if bookmark.since else []
    about += [f"until {wording.say_date(bookmark.until)}"] if bookmark.until else []
    console.print(_indented(_text(" · ".join(about), "dim"), 2))
    console.print()


def print_figures(measured: Mapping[str, Mapping[str, float]], console: Console) -> None:
    """Print measured figures by what they were measured on; shares between 0 and 1 with two decimals."""
    for what, figures in measured.items():
        console.print(_text(what, "bold"))
        for name, value in figures.items():
            shown = str(int(value)) if float(value).is_integer() and value > 1 else f"{value:.3f}"
            console.print(_text(f"  {name.replace('_', ' '):<32} {shown}"))


def print_holdings(holdings: Holdings, console: Console) -> None:
    """Print what a notebook holds, the fullest outlets first."""
    days = f" from {holdings.first_on} to {holdings.last_on}" if holdings.first_on else ""
    console.print(f"articles: {holdings.articles}{days}, {holdings.undated} without a date")
    console.print(f"sightings: {holdings.sightings}")
    shown = ", ".join(f"{one.outlet or 'no outlet'} {one.articles}" for one in holdings.outlets[:_MOST_OUTLETS])
    rest = len(holdings.outlets) - _MOST_OUTLETS
    if shown:
        console.print(_text(f"outlets: {shown}" + (f", and {rest} more" if rest > 0 else "")))


def print_hits(hits: Iterable[SearchHit], console: Console) -> None:
    """Print search hits in the order given: title, date, outlet, and the found words in their snippet."""
    listed = list(hits)
    if not console.is_terminal:
        _print_raw(plain.rows_text(plain.hit_rows(listed)), console)
        return
    for hit in listed:
        console.print(_text(wording.title_words(hit.article), "bold"))
        about = f"{wording.say_date(hit.article.published_on)} · {wording.outlet_words(hit.article)}"
        console.print(_indented(_text(about, "dim"), 2))
        console.print(_indented(_snippet(hit), 2))
        console.print()
    if not listed:
        console.print("Nothing found.")


def _print_raw(words: str, console: Console) -> None:
    """Write lines as they are; `Console.print` and `Console.out` would turn the tabs into spaces."""
    from rich.segment import Segment, Segments

    console.print(Segments([Segment(words + "\n")]), end="", crop=False, soft_wrap=True)


def _snippet(hit: SearchHit) -> Text:
    from rich.text import Text

    snippet = Text("".join(letter if letter.isprintable() else " " for letter in hit.snippet))
    for mark in hit.marks:
        snippet.stylize("bold underline", mark.start, mark.end)
    return snippet


def _text(words: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(canonical_line(words), style)


def _indented(text: Text, chars: int) -> Padding:
    from rich.padding import Padding

    return Padding(text, (0, 0, 0, chars), expand=False)
