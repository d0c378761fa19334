"""What the pages say can be done: every command and target they name exists, and no command is left out."""

import inspect
import re
import runpy
import shlex
from pathlib import Path

import click
import pytest

from drumbeat import records, tallies, tiers
from drumbeat.views.cli import drumbeat

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "samples" / "README.md"])
CLI_PAGE = ROOT / "docs" / "cli.md"
make_cli = runpy.run_path(str(ROOT / "docs" / "make_cli.py"))


def commands():
    """Return every command with its words, e.g. "drumbeat bookmark add"."""
    return {context.command_path: context.command for context in make_cli["iter_contexts"](drumbeat)}


def command_lines():
    """Return the `drumbeat …` lines of the pages' code blocks, with the page, continuation lines joined."""
    found = []
    for page in PAGES:
        for block in re.findall(r"^```(?:sh|console)\n(.*?)^```", page.read_text(), re.M | re.S):
            for line in block.replace("\\\n", " ").splitlines():
                words = re.sub(r'^(\$ |eval "\$\()?(\.venv/bin/)?', "", line.strip()).replace(')"', "")
                if words.startswith("drumbeat "):
                    found.append(pytest.param(words, id=f"{page.name}: {words[:60]}"))
    return found


def leaf(words):
    """Return the command that the words name, and the words behind it."""
    command, path = drumbeat, "drumbeat"
    while isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        _, words, _ = command.make_parser(context).parse_args(args=list(words))
        assert words, f"{path} needs a verb"
        found = command.get_command(context, words[0])
        assert found is not None, f"there is no {path} {words[0]}"
        command, path, words = found, f"{path} {words[0]}", words[1:]
    return command, words


def test_the_command_page_is_what_the_commands_say():
    assert CLI_PAGE.read_text() == make_cli["render_cli"](), "docs/cli.md is out of date: run `make docs`"


@pytest.mark.parametrize("path", commands())
def test_every_verb_and_option_is_on_the_command_page(path):
    section = CLI_PAGE.read_text().partition(f"\n## {path}\n")[2].partition("\n## ")[0]
    assert section
    for option in commands()[path].params:
        if isinstance(option, click.Option):
            assert all(re.search(rf"{re.escape(name)}\b", section) for name in option.opts)
            assert option.help, f"{path} {option.opts[0]} has no help"


@pytest.mark.parametrize("line", command_lines())
def test_command_lines_in_the_pages_are_understood(line):
    words = shlex.split(line, comments=True)[1:]
    words = words[: next((i for i, word in enumerate(words) if word in ("|", ">", "2>", "<", "&&")), len(words))]
    command, rest = leaf(words)
    given, _, _ = command.make_parser(click.Context(command)).parse_args(args=list(rest))
    for param in command.params:
        value = given.get(param.name)
        assert value is not None or not param.required, f"{param.name} is missing"
        if isinstance(param.type, click.Choice) and value is not None:
            assert value in param.type.choices


def test_the_readme_shows_every_verb():
    shown = {" ".join(param.values[0].split()[:2]) for param in command_lines()}
    assert {path for path in commands() if path.count(" ") == 1} <= shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_in_the_pages_exist(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = re.findall(r"(?:`|^|\$ |&& )make ([a-z]+)", page.read_text(), re.M)
    assert set(named) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_record_is_in_the_glossary():
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    modules = (records, tallies, tiers)
    found = [one for module in modules for one in inspect.getmembers(module, inspect.isclass)]
    names = [name for name, kind in found if kind.__module__ in {module.__name__ for module in modules}]
    assert [name for name in names if f"**{name}**" not in glossary] == []


LABELS = [records.Status, records.Commitment, records.TriggerKind, records.QuoteKind, tiers.Tier, tiers.Sensitivity]


@pytest.mark.parametrize("kind", LABELS)
def test_every_label_is_in_the_glossary(kind):
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    assert [label.value for label in kind if label.value not in glossary] == []


def test_the_decisions_are_numbered_without_gaps_and_listed():
    pages = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("0*.md"))
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text()
    assert [name for name in pages if f"({name})" not in listed] == []
