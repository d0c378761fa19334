"""Write `docs/cli.md` from the commands themselves: `make docs`. A test fails while the file is out of date."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from drumbeat.views.cli import drumbeat

TARGET = Path(__file__).parent / "cli.md"
HEAD = """# The command line

Written by `make docs` from the commands; do not edit. Results go to standard output, progress and log to standard
error. Exit status: 0 all is well, 1 an error that drumbeat explains, 2 a command it does not understand,
130 stopped by hand. `--help` after any verb shows what stands here."""


def main() -> None:
    """Write the page."""
    TARGET.write_text(render_cli(), encoding="utf-8")


def render_cli() -> str:
    """Return the page as Markdown: one section a verb, options in the order of `--help`."""
    return "\n\n".join((HEAD, *(render_command(context) for context in iter_contexts(drumbeat)))) + "\n"


def iter_contexts(command: click.Command, parent: click.Context | None = None) -> Iterator[click.Context]:
    """Yield a context for the command, then for all commands below it."""
    context = click.Context(command, info_name=command.name, parent=parent)
    yield context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from iter_contexts(found, context)


def render_command(context: click.Context) -> str:
    """Return the section of one command."""
    usage = " ".join(context.command.collect_usage_pieces(context))
    options = [_option_line(option, context) for option in context.command.params if isinstance(option, click.Option)]
    parts = [f"## {context.command_path}", f"```\n{context.command_path} {usage}\n```"]
    parts += [cleandoc(context.command.help or ""), "\n".join(options)]
    return "\n\n".join(part for part in parts if part)


def _option_line(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context) or ("", "")
    words = record[1].replace("[", "\\[")
    return f"- `{record[0]}`" + (f": {words}" if words else "")


if __name__ == "__main__":
    main()
