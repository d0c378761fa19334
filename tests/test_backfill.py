"""The watch as a stream: odd items, worker processes, a kill in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from drumbeat.notebook import Options, open_notebook

SAMPLES = Path(__file__).parent.parent / "samples"
WATCH = """
import sys
from pathlib import Path
from drumbeat.notebook import Options, open_notebook
if __name__ == "__main__":
    with open_notebook(Path(sys.argv[1]), options=Options(workers=1)) as notebook:
        for done in notebook.watch([sys.argv[2]]):
            print(done.read, flush=True)
"""


def contents(home: Path) -> tuple[int, list[tuple[str, int, str, str | None]]]:
    with open_notebook(home) as notebook:
        cards = list(notebook.iter_cards())
        rows = [
            (card.article.article_id, s.match.span.start, s.commitment.value, s.holder.text if s.holder else None)
            for card in cards
            for s in card.sightings
        ]
        return notebook.holdings().articles, sorted(rows, key=str)


def with_themes(home: Path) -> Path:
    with open_notebook(home) as notebook:
        notebook.import_bookmarks((SAMPLES / "themes.json").read_bytes(), where="themes.json")
    return home


def test_broken_lines_are_reported_and_the_rest_is_kept(tmp_path: Path) -> None:
    good = (SAMPLES / "archive.jsonl").read_text().splitlines()[:3]
    bad = ["{", '{"id": "x", "text": ""}', "[]", '{"id": "y"}', '{"id": "z", "text": 3}']
    archive = tmp_path / "mixed.jsonl"
    archive.write_text("\n".join([good[0], *bad[:3], good[1], *bad[3:], good[2]]))
    with open_notebook(with_themes(tmp_path / "home"), options=Options(workers=0)) as notebook:
        done = list(notebook.watch([str(archive)]))
    skipped = [one for step in done for one in step.skipped]
    assert sum(step.added for step in done) == 3
    assert len(skipped) == len(bad)
    assert all("line" in one.where and one.why for one in skipped)


def test_an_article_that_breaks_the_analysis_is_skipped_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from drumbeat import backfill

    find = backfill.find_sightings

    def fragile(articles, *rest):  # type: ignore[no-untyped-def]
        if any(one.article_id == victim for one in articles):
            raise RuntimeError("odd article")
        return find(articles, *rest)

    with open_notebook(with_themes(tmp_path / "home"), options=Options(workers=0)) as notebook:
        from drumbeat.fetch.archives import iter_archive
        from drumbeat.records import Article

        articles = [one for one in iter_archive(SAMPLES / "archive.jsonl") if isinstance(one, Article)]
        victim = articles[40].article_id
        monkeypatch.setattr(backfill, "find_sightings", fragile)
        done = list(notebook.watch([str(SAMPLES / "archive.jsonl")]))
        assert notebook.holdings().articles == 71
        assert list(notebook.iter_cards())
    skipped = [one for step in done for one in step.skipped]
    assert any("odd article" in one.why for one in skipped)


def test_worker_processes_find_what_one_process_finds(tmp_path: Path) -> None:
    archive = str(SAMPLES / "archive.jsonl")
    for name, workers in (("one", 0), ("two", 2)):
        with open_notebook(with_themes(tmp_path / name), options=Options(workers=workers)) as notebook:
            list(notebook.watch([archive]))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_killed_watch_goes_on_where_it_ended_and_leaves_no_process(tmp_path: Path) -> None:
    archive = tmp_path / "long.jsonl"
    rows = [json.loads(line) for line in (SAMPLES / "archive.jsonl").read_text().splitlines()]
    copies = [row | {"id": f"{row['id']}-{n}", "url": f"{row['url']}?n={n}"} for n in range(3) for row in rows]
    archive.write_text("\n".join(map(json.dumps, copies)))
    killed, whole = with_themes(tmp_path / "killed"), with_themes(tmp_path / "whole")
    script = tmp_path / "watch.py"
    script.write_text(WATCH)
    command = [sys.executable, str(script), str(killed), str(archive)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline().strip() == "32"
    below = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    partial, _ = contents(killed)
    assert 32 <= partial < len(copies)
    subprocess.run(command, check=True, capture_output=True)
    subprocess.run([*command[:2], str(whole), str(archive)], check=True, capture_output=True)
    assert contents(killed) == contents(whole)
    assert not [pid for pid in below if _is_alive_within(pid, seconds=10)]


def _is_alive_within(pid: str, *, seconds: float) -> bool:
    """Tell whether a process is still there after so long."""
    ends = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > ends:
            return True
        time.sleep(0.05)
    return False
