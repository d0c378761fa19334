"""The command line: results on stdout, progress and log on stderr; exit 0 ok, 1 a DrumbeatError, 2 usage.

Each verb is a thin function: it opens the notebook, calls one method, and hands the records to a
renderer, or to the codec with `--json`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from drumbeat import __version__
from drumbeat.errors import DrumbeatError
from drumbeat.views.command import Context
from drumbeat.views.settings import Given

_VERBS = {
    "read": "drumbeat.views.reading:read",
    "bookmark": "drumbeat.views.bookmarks:bookmark",
    "watch": "drumbeat.views.watching:watch",
    "recall": "drumbeat.views.memory:recall",
    "trace": "drumbeat.views.memory:trace",
    "feedback": "drumbeat.views.feedback:feedback",
    "search": "drumbeat.views.memory:search",
    "models": "drumbeat.views.upkeep:models",
    "eval": "drumbeat.views.upkeep:evaluate",
    "doctor": "drumbeat.views.upkeep:doctor",
    "completion": "drumbeat.views.upkeep:completion",
}


class LazyGroup(click.Group):
    """Verbs that are imported when they are asked for, so that a command pays only for what it uses."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of the work."""
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one verb."""
        if cmd_name not in _VERBS:
            return None
        module, _, name = _VERBS[cmd_name].partition(":")
        found = getattr(__import__(module, fromlist=[name]), name)
        return found if isinstance(found, click.Command) else None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="drumbeat")
@click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), help="Folder of the notebook (DRUMBEAT_HOME)."
)
@click.option("--encoder", help="Sentence encoder: minilm (packaged) or hf:ORG/NAME.")
@click.option("--workers", type=click.IntRange(0), help="Reading processes of watch; 0 reads in this one.")
@click.option("--allow-private", is_flag=True, default=None, help="Also fetch from private and loopback addresses.")
@click.option("--thorough", is_flag=True, default=None, help="Look as closely with many statements as with ten.")
@click.pass_context
def drumbeat(
    ctx: click.Context,
    home: Path | None,
    *,
    encoder: str | None,
    workers: int | None,
    allow_private: bool | None,
    thorough: bool | None,
) -> None:
    """Remember the themes of the news.

    Bookmark a theme with your own bottom line; drumbeat reads the news with you and recalls it whenever the
    theme comes back, in any wording, with the passage and how it is carried this time.
    """
    given = Given(encoder=encoder, workers=workers, allow_private=allow_private, thorough=thorough)
    ctx.obj = Context(given, home)


def main() -> None:
    """Run the command line."""
    try:
        drumbeat(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; what was kept is safe, and the same command goes on from there", err=True)
        sys.exit(130)
    except DrumbeatError as error:
        click.echo(f"drumbeat: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
