"""The verbs that look back: `recall`, `trace`, `search`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from drumbeat.errors import InputError
from drumbeat.records import Status
from drumbeat.tallies import SightingFilter
from drumbeat.views.command import (
    Context,
    json_option,
    least_option,
    open_console,
    outlet_option,
    pass_context,
    print_json,
    since_option,
    tell_hidden,
    tier_option,
    tiers_of,
    until_option,
    write_file,
)


@click.command()
@click.option("--theme", metavar="NAME", help="Only this theme.")
@click.option("--status", type=click.Choice([status.value for status in Status]), help="Only themes carried like this.")
@outlet_option
@since_option
@until_option
@least_option
@tier_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many cards.")
@click.option("--all", "unlimited", is_flag=True, help="All cards.")
@json_option
@pass_context
def recall(
    context: Context,
    *,
    theme: str | None,
    status: str | None,
    outlet: str | None,
    since: date | None,
    until: date | None,
    least: float,
    tier: str,
    limit: int,
    unlimited: bool,
    as_json: bool,
) -> None:
    """Show the recall cards, newest first."""
    chosen = SightingFilter(
        status=Status(status) if status else None,
        outlet=outlet,
        since=since,
        until=until,
        least_probability=least,
        tiers=tiers_of(tier, as_json=as_json),
    )
    with context.open() as notebook:
        cards = list(notebook.iter_cards(chosen, theme=theme, limit=None if unlimited else limit))
        counts = notebook.count_tiers(chosen, theme=theme)
    if as_json:
        print_json("cards", cards=cards, tiers=counts)
        return
    from drumbeat.views.terminal import print_cards

    print_cards(cards, open_console())
    tell_hidden(counts, chosen.tiers)


@click.command()
@click.argument("theme")
@since_option
@until_option
@least_option
@tier_option
@click.option(
    "--picture", type=click.Path(path_type=Path, dir_okay=False), help="Also draw it: a file ending in .svg or .png."
)
@json_option
@pass_context
def trace(
    context: Context,
    theme: str,
    *,
    since: date | None,
    until: date | None,
    least: float,
    tier: str,
    picture: Path | None,
    as_json: bool,
) -> None:
    """Follow THEME through months and outlets, by how it was carried."""
    kind = _picture_kind(picture)
    chosen = SightingFilter(since=since, until=until, least_probability=least, tiers=tiers_of(tier, as_json=False))
    with context.open() as notebook:
        found, counts = notebook.trace(theme, chosen), notebook.count_tiers(chosen, theme=theme)
    if picture and kind:
        from drumbeat.views.exports.trace_picture import render_trace

        write_file(picture, render_trace(found, format="png" if kind == "png" else "svg"))
        click.echo(f"wrote {picture}", err=True)
    if as_json:
        print_json("trace", trace=found, tiers=counts)
        return
    from drumbeat.views.terminal import print_trace

    print_trace(found, open_console())
    tell_hidden(counts, chosen.tiers)


@click.command()
@click.argument("query")
@outlet_option
@since_option
@until_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many articles.")
@json_option
@pass_context
def search(
    context: Context,
    query: str,
    *,
    outlet: str | None,
    since: date | None,
    until: date | None,
    limit: int,
    as_json: bool,
) -> None:
    """Search the kept articles: words, "phrases", prefix*, OR, -without."""
    with context.open() as notebook:
        hits = notebook.search(query, outlet=outlet, since=since, until=until, limit=limit)
    if as_json:
        print_json("hits", hits=hits)
        return
    from drumbeat.views.terminal import print_hits

    print_hits(hits, open_console())


def _picture_kind(picture: Path | None) -> str | None:
    if picture is None:
        return None
    kind = picture.suffix.lower().lstrip(".")
    if kind not in ("svg", "png"):
        raise InputError(f"{picture}: a picture ends in .svg or .png", where=str(picture))
    return kind
