"""The verb `read`: one article, and the themes that came back in it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from drumbeat.views.command import (
    Context,
    json_option,
    open_console,
    pass_context,
    print_json,
    tell_hidden,
    tiers_of,
    write_file,
)


@click.command()
@click.argument("where", metavar="INPUT")
@json_option
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Also write one self-contained page.")
@click.option(
    "--tier", type=click.Choice(["confirmed", "suggested", "all"]), default="all", show_default=True,
    help="The surer sightings, those that may be the theme, or both; all with --json also what was set aside.",
)  # fmt: skip
@click.option("--no-keep", is_flag=True, help="Do not keep the article in the notebook.")
@pass_context
def read(context: Context, where: str, *, as_json: bool, html: Path | None, tier: str, no_keep: bool) -> None:
    """Read INPUT (a path, an address, the id of a kept article, or - for standard input).

    Shows the recall cards of bookmarked themes that came back, the voices, and what is taken for granted.
    """
    with context.open() as notebook:
        tiers = tiers_of(tier, as_json=as_json and html is None)
        result = notebook.read(where, stdin=sys.stdin.buffer, keep=not no_keep, tiers=tiers)
    if html:
        from drumbeat.notebook import utc_now
        from drumbeat.views.exports.html import render_reading

        write_file(html, render_reading(result.reading, result.cards, made_at=utc_now()).encode())
        click.echo(f"wrote {html}", err=True)
    if as_json:
        print_json("reading", reading=result.reading, cards=result.cards, kept=result.kept, tiers=result.tiers)
        return
    from drumbeat.views.terminal import print_reading

    print_reading(result.reading, result.cards, open_console())
    tell_hidden(result.tiers, tiers)
