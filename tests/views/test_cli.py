"""The command line as a shell sees it: what it prints where, and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parent.parent.parent / "samples"
DRUMBEAT = Path(sys.executable).with_name("drumbeat")


def run(home: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "DRUMBEAT_HOME": str(home), "NO_COLOR": "1"}
    command = [sys.executable, "-c", "from drumbeat.views.cli import main; main()", *arguments]
    return subprocess.run(command, env=environment, input=stdin, capture_output=True, timeout=120, check=False)


def printed(home: Path, *arguments: str, stdin: bytes = b"") -> dict:  # type: ignore[type-arg]
    done = run(home, *arguments, "--json", stdin=stdin)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    assert run(folder, "bookmark", "import", str(SAMPLES / "themes.json")).returncode == 0
    done = run(folder, "--workers", "0", "watch", str(SAMPLES / "archive.jsonl"))
    assert done.returncode == 0, done.stderr.decode()
    assert b"71 new" in done.stdout
    return folder


def test_read_shows_the_card_with_status_bottom_line_and_verbatim_span(home: Path) -> None:
    found = printed(home, "read", str(SAMPLES / "article.html"))
    assert (found["schema"], found["kind"]) == ("drumbeat/1", "reading")
    text = found["reading"]["article"]["text"]
    for card in found["cards"]:
        assert card["bottom_line"]
        for sighting in card["sightings"]:
            span = sighting["match"]["span"]
            assert text[span["start"] : span["end"]] == sighting["exact"]
            assert sighting["commitment"] in {"asserts", "presupposes", "hedges", "questions", "denies"}
            assert sighting["holder"] is None or "named" in sighting["holder"]
    assert found["cards"]


def test_read_writes_a_page_and_takes_standard_input(home: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = "Velmara tampered with the grain port's control system, the minister said. Nobody else spoke."
    done = run(home, "read", "-", "--no-keep", "--html", str(page), stdin=text.encode())
    assert done.returncode == 0, done.stderr.decode()
    assert "tampered with the grain port" in page.read_text()


def test_recall_filters_and_says_results_on_stdout(home: Path) -> None:
    every = printed(home, "recall", "--all", "--tier", "all")["cards"]
    found = printed(home, "recall", "--all", "--tier", "all", "--status", "attributed")["cards"]
    assert 0 < len(found) < len(every)
    assert all(card["status"] == "attributed" for card in found)
    late = printed(home, "recall", "--all", "--since", "2032-06", "--theme", "ferry-toll-exodus")["cards"]
    assert all(card["article"]["published_on"] >= "2032-06" and card["theme"] == "ferry-toll-exodus" for card in late)


def test_only_the_surer_sightings_are_shown_when_asked_for(home: Path) -> None:
    every = printed(home, "recall", "--all")["cards"]
    surer = printed(home, "recall", "--all", "--min-probability", "0.7")["cards"]
    assert 0 < len(surer) < len(every)
    assert all(one["match"]["probability"] >= 0.7 for card in surer for one in card["sightings"])
    least = printed(home, "trace", "grain-port-tampering", "--min-probability", "0.7")["trace"]
    assert least["sightings_count"] < printed(home, "trace", "grain-port-tampering")["trace"]["sightings_count"]


def test_confirmed_sightings_are_shown_and_the_suggested_told(home: Path) -> None:
    found = printed(home, "recall", "--all")
    assert {one["tier"] for card in found["cards"] for one in card["sightings"]} == {"confirmed"}
    assert all(one["probability"] >= 0.5 for card in found["cards"] for one in card["sightings"])
    assert found["tiers"]["confirmed"] == sum(len(card["sightings"]) for card in found["cards"])
    count = found["tiers"]["suggested"]
    assert f"{count} suggested sighting" in run(home, "recall").stderr.decode()
    assert "--tier all" in run(home, "trace", "ferry-toll-exodus").stderr.decode()
    suggested = printed(home, "recall", "--all", "--tier", "suggested")["cards"]
    assert sum(len(card["sightings"]) for card in suggested) == count > 0
    assert run(home, "recall", "--tier", "all").stderr == b""
    traced = [
        printed(home, "trace", "ferry-toll-exodus", "--tier", tier)["trace"]["sightings_count"]
        for tier in ("confirmed", "suggested", "all")
    ]
    assert traced[0] + traced[1] == traced[2]


def test_an_answer_is_given_by_the_id_on_the_card_and_taken_back(home: Path) -> None:
    card = printed(home, "recall", "--limit", "1")["cards"][0]
    sighting = card["sightings"][0]["sighting_id"]
    assert sighting in run(home, "recall", "--limit", "1").stdout.decode()
    before = printed(home, "recall", "--all", "--tier", "all")
    done = printed(home, "feedback", "no", sighting[:8], "--note", "another port")["answered"]
    assert (done["feedback"]["answer"], done["feedback"]["exact"]) == ("no", card["sightings"][0]["exact"])
    found = printed(home, "recall", "--all", "--tier", "all")["cards"]
    marked = [one for each in found for one in each["sightings"] if one["sighting_id"] == sighting]
    assert [(one["tier"], one["answer"]) for one in marked] == [("set aside", "no")]
    assert sighting not in run(home, "recall", "--all", "--tier", "all").stdout.decode()
    assert b"set aside by your answers" in run(home, "recall").stderr
    assert [one["note"] for one in printed(home, "feedback", "list", card["theme"])["feedback"]] == ["another port"]
    assert b"another port" in run(home, "feedback", "list").stdout
    assert b"taken back" in run(home, "feedback", "undo", sighting[:8]).stdout
    assert printed(home, "feedback", "list")["feedback"] == []
    assert len(printed(home, "feedback", "list", "--history")["feedback"]) == 2
    assert printed(home, "recall", "--all", "--tier", "all") == before


def test_a_stricter_theme_shows_less_at_once_and_a_broader_asks_for_a_watch(home: Path) -> None:
    before = printed(home, "trace", "ferry-toll-exodus")["tiers"]
    stricter = printed(home, "bookmark", "edit", "ferry-toll-exodus", "--sensitivity", "strict")
    assert stricter["bookmark"]["sensitivity"] == "strict"
    assert stricter["articles_waiting"] == 0
    assert stricter["tiers"]["set_aside"] > before["set_aside"]
    assert printed(home, "trace", "ferry-toll-exodus")["tiers"] == stricter["tiers"]
    done = run(home, "bookmark", "edit", "ferry-toll-exodus", "--sensitivity", "broad")
    assert b"`drumbeat watch` matches 7" in done.stdout
    assert b"broad sensitivity: " in done.stdout
    run(home, "--workers", "0", "watch")
    broader = printed(home, "trace", "ferry-toll-exodus")["tiers"]
    assert broader["suggested"] + broader["confirmed"] > before["suggested"] + before["confirmed"]
    assert run(home, "bookmark", "edit", "ferry-toll-exodus", "--sensitivity", "normal").returncode == 0
    assert printed(home, "trace", "ferry-toll-exodus")["tiers"]["confirmed"] == before["confirmed"]


def test_trace_counts_and_draws(home: Path, tmp_path: Path) -> None:
    svg = tmp_path / "trace.svg"
    found = printed(home, "trace", "ferry-toll-exodus", "--picture", str(svg))["trace"]
    assert (
        sum(cell["count"] for cell in found["cells"]) + found["copies"] + found["undated"] == found["sightings_count"]
    )
    assert svg.read_text().lstrip().startswith("<?xml")
    assert run(home, "trace", "ferry-toll-exodus", "--picture", str(tmp_path / "trace.gif")).returncode == 1


def test_search_finds_kept_articles(home: Path) -> None:
    assert printed(home, "search", '"ferry toll"')["hits"]
    assert run(home, "search", "'; DROP TABLE articles --").returncode in (0, 1)
    assert printed(home, "search", "ferry")["hits"]


def test_bookmarks_are_added_edited_listed_and_removed(tmp_path: Path) -> None:
    assert (
        run(
            tmp_path, "bookmark", "add", "port", "--statement", "The port was closed.", "--bottom-line", "Why?"
        ).returncode
        == 0
    )
    assert run(tmp_path, "bookmark", "edit", "port", "--add-statement", "Nobody may use the port.").returncode == 0
    (listed,) = printed(tmp_path, "bookmark", "list")["bookmarks"]
    assert [statement["text"] for statement in listed["statements"]] == [
        "The port was closed.",
        "Nobody may use the port.",
    ]
    assert listed["revision"] == 2
    assert len(printed(tmp_path, "bookmark", "show", "port", "--history")["bookmarks"]) == 2
    exported = run(tmp_path, "bookmark", "export").stdout
    assert run(tmp_path, "bookmark", "remove", "port").returncode == 0
    assert run(tmp_path, "bookmark", "import", "-", stdin=exported).returncode == 0
    assert printed(tmp_path, "bookmark", "list")["bookmarks"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("read", "nowhere.html"), 1, "nowhere.html"),
        (("read", "file:///etc/passwd"), 1, "http"),
        (("read", "http://127.0.0.1:9/"), 1, "127.0.0.1"),
        (("read",), 2, "INPUT"),
        (("recall", "--status", "odd"), 2, "odd"),
        (("recall", "--since", "yesterday"), 2, "yesterday"),
        (("trace", "nothing"), 1, "nothing"),
        (("watch", "nowhere.jsonl"), 1, "nowhere.jsonl"),
        (("watch", "--field", "txt=body"), 1, "txt"),
        (("bookmark", "add", "n", "--statement", " ", "--bottom-line", "b"), 1, "empty"),
        (("bookmark", "add", "n", "--statement", "w " * 2000, "--bottom-line", "b"), 1, "2000 words"),
        (("bookmark", "add", "n", "--bottom-line", "b"), 1, "no statement"),
        (("bookmark", "add", "n", "--statement", "P."), 2, "bottom-line"),
        (("bookmark", "import", "nowhere.json"), 1, "nowhere.json"),
        (("bookmark", "add", "n", "--statement", "P.", "--bottom-line", "b", "--sensitivity", "odd"), 2, "odd"),
        (("feedback", "no", "abc"), 1, "at least 6"),
        (("feedback", "yes", "abcdef"), 1, "no sighting"),
        (("feedback", "undo", "abcdef"), 1, "no sighting"),
        (("feedback", "list", "nothing"), 1, "nothing"),
        (("recall", "--tier", "odd"), 2, "odd"),
        (("frobnicate",), 2, "frobnicate"),
    ],
)
def test_what_goes_wrong_is_said_on_stderr_with_its_exit_code(
    tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode == code, done.stderr.decode()
    assert words in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.html", b""),
        ("binary.html", bytes(range(256)) * 40),
        ("bare.html", b"<html><body><img></body></html>"),
    ],
)
def test_a_page_without_an_article_is_an_error_that_names_it(tmp_path: Path, name: str, content: bytes) -> None:
    page = tmp_path / name
    page.write_bytes(content)
    done = run(tmp_path / "home", "read", str(page))
    assert done.returncode == 1
    assert name in done.stderr.decode()


def test_a_damaged_notebook_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    damaged = tmp_path / "notebook.db"
    damaged.write_bytes(b"this is no database, but it may be dear to somebody" * 100)
    done = run(tmp_path, "recall")
    assert done.returncode == 1
    assert "notebook.db" in done.stderr.decode()
    assert damaged.read_bytes().startswith(b"this is no database")


def test_models_eval_doctor_and_completion_answer(home: Path) -> None:
    assert {"static", "minilm", "status"} <= {model["name"] for model in printed(home, "models")["models"]}
    assert printed(home, "eval")["measured"]
    assert printed(home, "doctor")["damage"] == []
    for shell in ("bash", "zsh", "fish"):
        assert b"_DRUMBEAT_COMPLETE" in run(home, "completion", shell).stdout


def test_help_needs_no_model_and_no_notebook(tmp_path: Path) -> None:
    done = run(tmp_path / "not-there", "watch", "--help")
    assert done.returncode == 0
    assert not (tmp_path / "not-there").exists()
