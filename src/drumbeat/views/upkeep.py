"""The verbs that look at drumbeat itself: `models`, `eval`, `doctor`, `completion`."""

from __future__ import annotations

from pathlib import Path

import click

from drumbeat.errors import DrumbeatError
from drumbeat.views.command import Context, json_option, open_console, pass_context, print_json


@click.command()
@json_option
@pass_context
def models(context: Context, *, as_json: bool) -> None:
    """List the models in use, with licence, origin and hash."""
    from drumbeat.notebook import models_in_use

    found = models_in_use(context.settings().options.encoder)
    if as_json:
        print_json("models", models=found)
        return
    for info in found:
        languages = ", ".join(info.languages) or "languages not stated"
        size = f", {info.dimension} dimensions" if info.dimension else ""
        click.echo(
            f"{info.name}: {info.kind}{size}, {languages}, {info.licence}\n  {info.origin}\n  sha256 {info.sha256}"
        )


@click.command(name="eval")
@click.option(
    "--gold", type=click.Path(path_type=Path, exists=True), help="Measure on this JSONL of labelled passages."
)
@click.option(
    "--themes", type=click.Path(path_type=Path, exists=True), help="The statements of the gold file's themes."
)
@json_option
@pass_context
def evaluate(context: Context, *, gold: Path | None, themes: Path | None, as_json: bool) -> None:
    """Print drumbeat's own error rates, or measure them on your own labelled passages."""
    from drumbeat.evaluation import load_figures, measure

    if gold:
        measured = {"your passages": measure(gold, themes, encoder=context.settings().options.encoder)}
    else:
        measured = load_figures()
    if as_json:
        print_json("eval", measured=measured)
        return
    from drumbeat.views.terminal import print_figures

    print_figures(measured, open_console())


@click.command()
@json_option
@pass_context
def doctor(context: Context, *, as_json: bool) -> None:
    """Check the settings, the notebook's file, the models; exit 1 where something is wrong."""
    settings = context.settings()
    with context.open() as notebook:
        holdings, damage = notebook.holdings(), notebook.find_damage()
        themes = sum(1 for _ in notebook.iter_bookmarks())
    if as_json:
        print_json("doctor", home=str(settings.home), holdings=holdings, themes=themes, damage=damage)
    else:
        from drumbeat.views.terminal import print_holdings

        click.echo(f"notebook: {settings.home}\nthemes: {themes}")
        print_holdings(holdings, open_console())
        click.echo("\n".join(damage) if damage else "file, word index and weights are whole")
    if damage:
        raise DrumbeatError("something is wrong (see above); restore a backup, or reinstall for damaged weights")


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a SHELL: eval "$(drumbeat completion bash)"."""
    from click.shell_completion import get_completion_class

    from drumbeat.views.cli import drumbeat

    found = get_completion_class(shell)
    if found is None:
        raise DrumbeatError(f"there is no completion for {shell}")
    click.echo(found(drumbeat, {}, "drumbeat", "_DRUMBEAT_COMPLETE").source())
