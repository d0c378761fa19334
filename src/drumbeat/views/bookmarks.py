"""The verbs `bookmark add|list|show|edit|remove|check|export|import`."""

from __future__ import annotations

import json
import sys
from calendar import monthrange
from datetime import date
from pathlib import Path

import click

from drumbeat.errors import DrumbeatError, InputError
from drumbeat.notebook import BookmarkDraft, Notebook
from drumbeat.records import Bookmark, BookmarkedPassage, Polarity
from drumbeat.text.canonical import canonical_line
from drumbeat.tiers import Sensitivity
from drumbeat.views.advising import find_advice, print_advice, say_advised
from drumbeat.views.command import (
    Context,
    json_option,
    open_console,
    parse_day,
    pass_context,
    print_json,
    write_file,
)
from drumbeat.views.wording import say_count, say_tiers

_statements = click.option(
    "--statement", "statements", multiple=True, metavar="TEXT", help="One proposition; may be repeated."
)
_counters = click.option(
    "--counter", "counters", multiple=True, metavar="TEXT",
    help="The opposite, in its own words: what conveys it is shown as a denial. May be repeated.",
)  # fmt: skip
_tags = click.option("--tag", "tags", multiple=True, help="May be repeated.")
_links = click.option("--link", "links", multiple=True, metavar="THEME", help="An earlier theme this one leans on.")
_since = click.option(
    "--since", callback=lambda _c, _p, v: _first_day(v), metavar="DATE",
    help="Match only from this day on; none lifts the limit.",
)  # fmt: skip
_until = click.option(
    "--until", callback=lambda _c, _p, v: _last_day(v), metavar="DATE",
    help="Match only up to this day (a month or year to its end); none lifts the limit.",
)  # fmt: skip
_sensitivity = click.option(
    "--sensitivity", type=click.Choice([one.value for one in Sensitivity]),
    help="How readily the theme is recognised: strict confirms from .73, normal from .50, broad from .27 on.",
)  # fmt: skip
_passages = click.option(
    "--passage", "passages", nargs=2, multiple=True, metavar="ARTICLE WORDS",
    help="Words of an article (kept id, path or address) that made you bookmark the theme.",
)  # fmt: skip


@click.group()
def bookmark() -> None:
    """Keep, change and share the themes you track."""


@bookmark.command()
@click.argument("name")
@_statements
@_counters
@click.option("--bottom-line", required=True, metavar="TEXT", help="What you want to be reminded of.")
@_tags
@_links
@_since
@_until
@_sensitivity
@_passages
@json_option
@pass_context
def add(
    context: Context,
    name: str,
    *,
    statements: tuple[str, ...],
    counters: tuple[str, ...],
    bottom_line: str,
    tags: tuple[str, ...],
    links: tuple[str, ...],
    since: date | None,
    until: date | None,
    sensitivity: str | None,
    passages: tuple[tuple[str, str], ...],
    as_json: bool,
) -> None:
    """Bookmark the theme NAME: what it claims, and your bottom line."""
    with context.open() as notebook:
        draft = BookmarkDraft(
            name=name,
            statements=statements,
            counter_statements=counters,
            bottom_line=bottom_line,
            tags=tags,
            links=links,
            since=since,
            until=until,
            sensitivity=Sensitivity(sensitivity) if sensitivity else None,
            passages=_marked(notebook, passages),
        )
        made = notebook.bookmark(draft)
        advice = find_advice(notebook, [one.text for one in made.statements], beside=made.theme_id)
    if as_json:
        print_json("bookmark", bookmark=made, advice=advice)
        return
    print_advice(advice)
    click.echo(f"bookmarked {made.name} ({made.theme_id}); `drumbeat watch` reads with it")


@bookmark.command(name="list")
@click.option("--tag", help="Only themes with this tag.")
@json_option
@pass_context
def list_(context: Context, *, tag: str | None, as_json: bool) -> None:
    """List the themes."""
    with context.open() as notebook:
        found = list(notebook.iter_bookmarks(tag=tag))
        counts = {one.theme_id: notebook.count_tiers(theme=one.theme_id) for one in found}
    if as_json:
        sightings = {theme_id: one.confirmed + one.suggested for theme_id, one in counts.items()}
        print_json("bookmarks", bookmarks=found, sightings=sightings, tiers=counts)
        return
    from drumbeat.views.terminal import print_bookmarks

    print_bookmarks(found, open_console(), counts=counts)


@bookmark.command()
@click.argument("name")
@click.option("--history", is_flag=True, help="Show all revisions, oldest first.")
@json_option
@pass_context
def show(context: Context, name: str, *, history: bool, as_json: bool) -> None:
    """Show the theme NAME whole."""
    with context.open() as notebook:
        revisions = notebook.history(name) if history else (notebook.find(name),)
    if as_json:
        print_json("bookmarks", bookmarks=revisions)
        return
    from drumbeat.views.terminal import print_bookmarks

    print_bookmarks(revisions, open_console())


@bookmark.command()
@click.argument("name")
@click.option("--rename", metavar="NEW", help="A new name; the theme keeps its id.")
@_statements
@click.option("--add-statement", "added", multiple=True, metavar="TEXT", help="One more statement; may be repeated.")
@click.option(
    "--drop-statement", "dropped", multiple=True, metavar="TEXT", help="A statement or counter-statement to leave out."
)
@_counters
@click.option("--bottom-line", metavar="TEXT", help="A new bottom line.")
@_tags
@_links
@_since
@_until
@_sensitivity
@_passages
@json_option
@pass_context
def edit(
    context: Context,
    name: str,
    *,
    rename: str | None,
    statements: tuple[str, ...],
    added: tuple[str, ...],
    dropped: tuple[str, ...],
    counters: tuple[str, ...],
    bottom_line: str | None,
    tags: tuple[str, ...],
    links: tuple[str, ...],
    since: date | None,
    until: date | None,
    sensitivity: str | None,
    passages: tuple[tuple[str, str], ...],
    as_json: bool,
) -> None:
    """Change the theme NAME. What is given replaces what there was; earlier revisions are kept."""
    with context.open() as notebook:
        stored = notebook.find(name)
        texts, opposites = (_texts_of(stored, polarity) for polarity in Polarity)
        _check_dropped(dropped, (*texts, *opposites))
        draft = BookmarkDraft(
            name=rename,
            statements=_edited_statements(texts, statements, added, dropped),
            counter_statements=_edited_statements(opposites, counters, (), dropped),
            bottom_line=bottom_line,
            tags=tags or None,
            links=links or None,
            since=since,
            until=until,
            sensitivity=Sensitivity(sensitivity) if sensitivity else None,
            passages=(*stored.passages, *_marked(notebook, passages)) if passages else None,
        )
        edited = notebook.edit(name, draft)
        advice = find_advice(notebook, _new_texts(stored, edited), beside=edited.theme_id)
        counts, waiting = notebook.count_tiers(theme=edited.theme_id), notebook.count_items(()) or 0
    if as_json:
        print_json("bookmark", bookmark=edited, advice=advice, tiers=counts, articles_waiting=waiting)
        return
    print_advice(advice)
    what = "nothing changed" if edited.revision == stored.revision else f"revision {edited.revision}"
    click.echo(f"{edited.name}: {what}; {edited.sensitivity.value} sensitivity: {say_tiers(counts)}")
    if waiting and edited != stored:
        click.echo(f"`drumbeat watch` matches {say_count(waiting, 'kept article')} with it again, and may find more")


@bookmark.command()
@click.argument("name")
@json_option
@pass_context
def remove(context: Context, name: str, *, as_json: bool) -> None:
    """Hide the theme NAME and its sightings; its history is kept, and importing it again brings it back."""
    with context.open() as notebook:
        notebook.remove(name)
    if as_json:
        print_json("removed", name=name)
        return
    click.echo(f"removed {name}")


@bookmark.command()
@click.argument("statements", nargs=-1)
@click.option("--theme", metavar="NAME", help="Also the statements of this theme.")
@json_option
@pass_context
def check(context: Context, statements: tuple[str, ...], *, theme: str | None, as_json: bool) -> None:
    """Say what makes STATEMENTS hard to match, and how to put them better. Nothing is stored."""
    with context.open() as notebook:
        stored = tuple(one.text for one in notebook.find(theme).statements) if theme else ()
        texts = tuple(filter(None, map(canonical_line, (*statements, *stored))))
        if not texts:
            raise click.UsageError("name a statement to check, or a theme: bookmark check --theme NAME")
        advice = find_advice(notebook, texts, beside=theme)
    if as_json:
        print_json("advice", advice=advice)
        return
    print_advice(advice, to_stderr=False)
    if not advice:
        click.echo("nothing to advise")


@bookmark.command()
@click.argument("names", nargs=-1)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of stdout.")
@pass_context
def export(context: Context, names: tuple[str, ...], *, output: Path | None) -> None:
    """Write the themes NAMES, or all, as one readable file."""
    with context.open() as notebook:
        content = notebook.export_bookmarks(names)
    if output:
        write_file(output, content + b"\n")
    else:
        click.echo(content)


@bookmark.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@json_option
@pass_context
def import_(context: Context, file: Path, *, as_json: bool) -> None:
    """Keep the themes of a bookmark FILE; one that differs from what is stored becomes its next revision."""
    content = _content_of(file)
    with context.open() as notebook:
        done = notebook.import_bookmarks(content, where=str(file))
        marks = [notebook.find(name) for name in (*done.added, *done.revised)]
        texts = [statement.text for one in marks for statement in one.statements]
        advice = find_advice(notebook, texts, compare=False)
    if as_json:
        print_json("import", imported=done, advice=advice)
        return
    answers = f"; {say_count(done.answers, 'answer')} to sightings" if done.answers else ""
    click.echo(f"added {len(done.added)}, revised {len(done.revised)}, unchanged {len(done.unchanged)}{answers}")
    if texts:
        click.echo(say_advised(advice, texts), err=True)


def _first_day(value: str | None) -> date | None:
    return date.min if value == "none" else parse_day(value)


def _last_day(value: str | None) -> date | None:
    """Return the last day of what is written as 2031-04-30, 2031-04 or 2031; the last day there is for "none"."""
    if value == "none":
        return date.max
    day = parse_day(value)
    if day is None or value is None or value.count("-") == 2:
        return day
    month = day.month if "-" in value else 12
    return day.replace(month=month, day=monthrange(day.year, month)[1])


def _content_of(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); check the path", where=str(file)) from error


def _edited_statements(
    stored: tuple[str, ...], replaced: tuple[str, ...], added: tuple[str, ...], dropped: tuple[str, ...]
) -> tuple[str, ...] | None:
    if not (replaced or added or dropped):
        return None
    return tuple(text for text in (*(replaced or stored), *added) if text not in dropped)


def _check_dropped(dropped: tuple[str, ...], stored: tuple[str, ...]) -> None:
    missing = [text for text in dropped if text not in stored]
    if missing:
        raise DrumbeatError(f"the theme has no statement {json.dumps(missing[0])}; `drumbeat bookmark show` lists them")


def _texts_of(bookmark: Bookmark, polarity: Polarity) -> tuple[str, ...]:
    return tuple(statement.text for statement in bookmark.statements if statement.polarity is polarity)


def _new_texts(before: Bookmark, after: Bookmark) -> list[str]:
    return [statement.text for statement in after.statements if statement not in before.statements]


def _marked(notebook: Notebook, passages: tuple[tuple[str, str], ...]) -> tuple[BookmarkedPassage, ...]:
    return tuple(notebook.mark_passage(where, words, stdin=sys.stdin.buffer) for where, words in passages)
