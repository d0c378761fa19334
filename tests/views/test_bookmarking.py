"""`drumbeat bookmark` on counter-statements, last days and advice, as a shell sees it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from drumbeat.views.cli import drumbeat

ADD = ("bookmark", "add", "toll", "--bottom-line", "Who counted?")
PLAIN = ("--statement", "The ferry toll is emptying the islands.")


def run(home: Path, *arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(drumbeat, ["--home", str(home), *arguments], input=stdin)


def printed(home: Path, *arguments: str, stdin: str = "") -> dict[str, Any]:
    done = run(home, *arguments, "--json", stdin=stdin)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_advice_is_on_stderr_and_refuses_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, *ADD, "--statement", "The toll should be abolished because it empties the islands.")
    assert done.exit_code == 0
    assert "bookmarked toll" in done.stdout
    assert "norm: it says what ought to be" in done.stderr
    assert "norm" not in done.stdout
    assert printed(tmp_path, "bookmark", "list")["bookmarks"]


def test_plain_statements_get_no_advice(tmp_path: Path) -> None:
    made = printed(tmp_path, *ADD, *PLAIN)
    assert made["advice"] == []
    assert run(tmp_path, "bookmark", "edit", "toll", "--tag", "islands").stderr == ""


def test_an_edit_advises_on_what_is_new_in_it(tmp_path: Path) -> None:
    run(tmp_path, *ADD, "--statement", "The toll should be abolished.")
    assert printed(tmp_path, "bookmark", "edit", "toll", "--bottom-line", "Ask.")["advice"] == []
    (advice,) = printed(tmp_path, "bookmark", "edit", "toll", "--add-statement", "Did people leave?")["advice"]
    assert advice["statement"] == "Did people leave?"
    assert advice["proposals"] == ["People left."]


def test_a_statement_like_another_themes_is_told_with_its_name(tmp_path: Path) -> None:
    run(tmp_path, *ADD, *PLAIN)
    (advice,) = printed(tmp_path, "bookmark", "check", "The ferry toll is emptying the outer islands.")["advice"]
    assert advice["kind"] == "like another theme"
    assert "\u201ctoll\u201d" in advice["why"]
    assert printed(tmp_path, "bookmark", "check", "--theme", "toll")["advice"] == []


def test_checking_stores_nothing_and_always_succeeds(tmp_path: Path) -> None:
    done = run(tmp_path, "bookmark", "check", "He lied.", "The council hid the report.")
    assert done.exit_code == 0
    assert "advice on \u201cHe lied.\u201d" in done.stdout
    assert "hid the report" not in done.stdout
    assert "nothing to advise" in run(tmp_path, "bookmark", "check", "The council hid the report.").stdout
    assert printed(tmp_path, "bookmark", "list")["bookmarks"] == []
    assert run(tmp_path, "bookmark", "check").exit_code == 2
    assert run(tmp_path, "bookmark", "check", "--theme", "nothing").exit_code != 0


def test_an_import_counts_what_has_advice(tmp_path: Path) -> None:
    themes = [{"name": "toll", "statements": ["He lied.", "The council hid the report."], "bottom_line": "b"}]
    done = run(tmp_path, "bookmark", "import", "-", stdin=json.dumps(themes))
    assert done.exit_code == 0
    assert done.stderr.splitlines() == ["advice on 1 of 2 statements; `drumbeat bookmark check` shows it"]
    assert run(tmp_path, "bookmark", "import", "-", stdin=json.dumps(themes)).stderr == ""


def test_counter_statements_and_the_last_day_go_through_every_verb(tmp_path: Path) -> None:
    counter = "The islands are as full as ever."
    made = printed(tmp_path, *ADD, *PLAIN, "--counter", counter, "--since", "2031", "--until", "2032-02")["bookmark"]
    assert [(one["text"], one["polarity"]) for one in made["statements"]] == [
        (PLAIN[1], "affirms"),
        (counter, "counters"),
    ]
    assert (made["since"], made["until"]) == ("2031-01-01", "2032-02-29")
    shown = run(tmp_path, "bookmark", "show", "toll").stdout
    assert f"counter_statement\t{counter}" in shown
    assert "until\t2032-02-29" in shown
    exported = run(tmp_path, "bookmark", "export").stdout
    (theme,) = json.loads(exported)["bookmarks"]
    assert (theme["statements"], theme["counter_statements"]) == ([PLAIN[1]], [counter])
    again = printed(tmp_path / "other", "bookmark", "import", "-", stdin=exported)
    assert again["imported"]["added"] == ["toll"]
    assert printed(tmp_path / "other", "bookmark", "show", "toll")["bookmarks"][0]["statements"] == made["statements"]


def test_counter_statements_and_the_last_day_are_edited(tmp_path: Path) -> None:
    run(tmp_path, *ADD, *PLAIN, "--counter", "The islands are full.", "--until", "2032")
    replaced = printed(tmp_path, "bookmark", "edit", "toll", "--counter", "Nobody has left.", "--until", "none")
    assert [one["text"] for one in replaced["bookmark"]["statements"]] == [PLAIN[1], "Nobody has left."]
    assert replaced["bookmark"]["until"] is None
    dropped = printed(tmp_path, "bookmark", "edit", "toll", "--drop-statement", "Nobody has left.")
    assert [one["text"] for one in dropped["bookmark"]["statements"]] == [PLAIN[1]]


@pytest.mark.parametrize(
    "arguments",
    [
        (*PLAIN, "--counter", PLAIN[1]),
        ("--counter", "The islands are full."),
        (*PLAIN, "--since", "2032", "--until", "2031"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert run(tmp_path, *ADD, *arguments).exit_code != 0
    assert printed(tmp_path, "bookmark", "list")["bookmarks"] == []
