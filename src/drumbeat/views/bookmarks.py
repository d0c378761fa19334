"""The verbs `bookmark add|list|show|edit|remove|export|import`."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import click

from drumbeat.errors import DrumbeatError, InputError
from drumbeat.notebook import BookmarkDraft, Notebook
from drumbeat.records import BookmarkedPassage
from drumbeat.views.command import Context, json_option, open_console, parse_day, pass_context, print_json, write_file

_statements = click.option(
    "--statement", "statements", multiple=True, metavar="TEXT", help="One proposition; may be repeated."
)
_tags = click.option("--tag", "tags", multiple=True, help="May be repeated.")
_links = click.option("--link", "links", multiple=True, metavar="THEME", help="An earlier theme this one leans on.")
_since = click.option(
    "--since", callback=lambda _c, _p, v: parse_day(v), metavar="DATE", help="Match only from this day on."
)
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
@click.option("--bottom-line", required=True, metavar="TEXT", help="What you want to be reminded of.")
@_tags
@_links
@_since
@_passages
@json_option
@pass_context
def add(
    context: Context,
    name: str,
    *,
    statements: tuple[str, ...],
    bottom_line: str,
    tags: tuple[str, ...],
    links: tuple[str, ...],
    since: date | None,
    passages: tuple[tuple[str, str], ...],
    as_json: bool,
) -> None:
    """Bookmark the theme NAME: what it claims, and your bottom line."""
    with context.open() as notebook:
        draft = BookmarkDraft(
            name=name,
            statements=statements,
            bottom_line=bottom_line,
            tags=tags,
            links=links,
            since=since,
            passages=_marked(notebook, passages),
        )
        made = notebook.bookmark(draft)
    if as_json:
        print_json("bookmark", bookmark=made)
        return
    click.echo(f"bookmarked {made.name} ({made.theme_id}); `drumbeat watch` reads with it")


@bookmark.command(name="list")
@click.option("--tag", help="Only themes with this tag.")
@json_option
@pass_context
def list_(context: Context, *, tag: str | None, as_json: bool) -> None:
    """List the themes."""
    with context.open() as notebook:
        found = list(notebook.iter_bookmarks(tag=tag))
        counts = {one.theme_id: notebook.count_sightings(one.theme_id) for one in found}
    if as_json:
        print_json("bookmarks", bookmarks=found, sightings=counts)
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
@click.option("--drop-statement", "dropped", multiple=True, metavar="TEXT", help="A statement to leave out.")
@click.option("--bottom-line", metavar="TEXT", help="A new bottom line.")
@_tags
@_links
@_since
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
    bottom_line: str | None,
    tags: tuple[str, ...],
    links: tuple[str, ...],
    since: date | None,
    passages: tuple[tuple[str, str], ...],
    as_json: bool,
) -> None:
    """Change the theme NAME. What is given replaces what there was; earlier revisions are kept."""
    with context.open() as notebook:
        stored = notebook.find(name)
        draft = BookmarkDraft(
            name=rename,
            statements=_edited_statements(tuple(s.text for s in stored.statements), statements, added, dropped),
            bottom_line=bottom_line,
            tags=tags or None,
            links=links or None,
            since=since,
            passages=(*stored.passages, *_marked(notebook, passages)) if passages else None,
        )
        edited = notebook.edit(name, draft)
    if as_json:
        print_json("bookmark", bookmark=edited)
        return
    what = "nothing changed" if edited.revision == stored.revision else f"revision {edited.revision}"
    click.echo(f"{edited.name}: {what}")


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
    if as_json:
        print_json("import", imported=done)
        return
    click.echo(f"added {len(done.added)}, revised {len(done.revised)}, unchanged {len(done.unchanged)}")


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
    missing = [text for text in dropped if text not in stored]
    if missing:
        raise DrumbeatError(f"the theme has no statement {json.dumps(missing[0])}; `drumbeat bookmark show` lists them")
    return tuple(text for text in (*(replaced or stored), *added) if text not in dropped)


def _marked(notebook: Notebook, passages: tuple[tuple[str, str], ...]) -> tuple[BookmarkedPassage, ...]:
    return tuple(notebook.mark_passage(where, words, stdin=sys.stdin.buffer) for where, words in passages)
