"""What may happen to a file on a real day: a killed process, a full disk, two writers, damage."""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from drumbeat.errors import StoreError, StoreLocked
from drumbeat.store import open_store
from store.samples import make_article, make_bookmark, make_store
from store.writer import BATCH, BATCHES, write_all


def content_of(path):
    with open_store(path) as store:
        assert store.find_damage() == ()
        hits = [hit.article.article_id for hit in store.search_articles("sheep", limit=None)]
        return list(store.iter_articles()), list(store.iter_cards()), sorted(hits), list(store.iter_bookmarks())


def test_a_killed_run_loses_one_batch_at_most_and_a_second_run_finishes_it(tmp_path):
    write_all(tmp_path / "undisturbed.db")
    killed = tmp_path / "killed.db"
    for batches, seconds in ((2, 0), (9, 0.002), (17, 0.005)):
        write_until_killed(killed, batches, seconds)
        with open_store(killed) as store:
            assert store.count_articles() % BATCH == 0
            assert store.count_articles() == store.count_sightings() >= batches * BATCH
            assert store.find_damage() == ()
    write_all(killed)
    assert content_of(killed) == content_of(tmp_path / "undisturbed.db")


def write_until_killed(path, batches, seconds):
    command = [sys.executable, "-m", "store.writer", str(path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert all(process.stdout.readline() for _ in range(batches))
        time.sleep(seconds)
        process.kill()


def test_a_second_writer_is_told_and_readers_are_undisturbed(tmp_path):
    with make_store(tmp_path, make_bookmark(), articles=3) as first:
        first._connection.execute("BEGIN IMMEDIATE")
        first._connection.execute("DELETE FROM sightings")
        with open_store(first.path, lock_timeout_seconds=0.05) as second:
            assert len(list(second.iter_cards())) == 3
            with pytest.raises(StoreLocked, match="another drumbeat") as caught:
                second.save_batch([make_article(9)])
            assert caught.value.path == str(first.path)
            first._connection.execute("ROLLBACK")
            assert second.save_batch([make_article(9)]).added == 1
        assert first.count_articles() == 4


def test_processes_that_make_the_notebook_at_once_agree(tmp_path):
    with get_context("spawn").Pool(3) as pool:
        pool.map(write_all, [tmp_path / "notebook.db"] * 3)
    assert len(content_of(tmp_path / "notebook.db")[0]) == BATCHES * BATCH


def test_a_full_disk_keeps_nothing_of_the_batch_and_all_before(tmp_path):
    with make_store(tmp_path, articles=3) as store:
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count={pages + 2}")
        with pytest.raises(StoreError, match="no space is left") as caught:
            store.save_batch([make_article(number, text="long " * 2000) for number in range(100, 110)])
        assert str(store.path) in str(caught.value)
        with pytest.raises(StoreError, match="no space is left"):
            store.save_bookmark(make_bookmark("Orlo dam", "x " * 9000))
        assert list(store.iter_bookmarks()) == []
        assert store.count_articles() == 3
        store._connection.execute("PRAGMA max_page_count=1000000")
        assert store.save_batch([make_article(100)]).added == 1
        assert store.find_damage() == ()


def test_a_damaged_file_says_which_and_what_to_do(tmp_path):
    with make_store(tmp_path, make_bookmark(), articles=200) as store:
        path = store.path
        last_root = store._connection.execute("SELECT max(rootpage) FROM sqlite_schema").fetchone()[0]
    content = path.read_bytes()
    kept = content[: 4096 * last_root]
    path.write_bytes(kept + b"\xa5" * (len(content) - len(kept)))
    with open_store(path) as store:
        assert store.find_damage()
        with pytest.raises(StoreError, match=r"is damaged.*restore your last backup, or export") as caught:
            list(store.iter_articles())
        assert caught.value.path == str(path)
        assert [bookmark.name for bookmark in store.iter_bookmarks()] == ["Orlo dam"]


@pytest.mark.parametrize("record", ["{}", "x"])
def test_a_record_that_cannot_be_read_counts_as_damage(tmp_path, record):
    with make_store(tmp_path, make_bookmark(), articles=1) as store:
        store._connection.execute("UPDATE sightings SET record = ?", (record,))
        with pytest.raises(StoreError, match="is damaged"):
            list(store.iter_cards())
        store._connection.execute("UPDATE articles SET day = 'some day'")
        with pytest.raises(StoreError, match="is damaged"):
            store.load_article("a0001")


def test_a_damaged_word_index_is_found_and_made_anew(tmp_path):
    with make_store(tmp_path, articles=5) as store:
        store._connection.execute("DELETE FROM articles_fts_data WHERE id > 10")
        assert store.find_damage()
        store.rebuild_search()
        assert store.find_damage() == ()
        assert len(store.search_articles("sheep")) == 5


@pytest.mark.parametrize("content", [b"not a database, but long enough to be one " * 100, b"\x00" * 5000])
def test_a_file_that_is_no_notebook_is_left_alone(tmp_path, content):
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"letter\.txt is not a notebook"):
        open_store(path)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_name_may_have_characters_that_mean_something_in_an_address(tmp_path):
    path = tmp_path / "notes #1 50% sure?mode=ro é.db"
    with open_store(path) as store:
        assert store.save_batch([make_article(1)]).added == 1
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_folder_is_made_and_a_file_in_the_way_is_named(tmp_path):
    with open_store(tmp_path / "new" / "folder" / "notebook.db") as store:
        assert store.count_articles() == 0
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(tmp_path / "file" / "notebook.db")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(tmp_path / "new")


READ_ONLY = """
import os, sys
from pathlib import Path
from drumbeat.errors import StoreError
from drumbeat.store import open_store
folder = Path(sys.argv[1])
with open_store(folder / "notebook.db"):
    pass
folder.chmod(0o555)
(folder / "notebook.db").chmod(0o444)
if os.getuid() == 0:
    os.setresuid(65534, 65534, 65534)
with open_store(folder / "notebook.db", read_only=True) as store:
    print(store.count_articles(), store.find_damage())
for name in ("new.db", "notebook.db"):
    try:
        open_store(folder / name).save_batch([])
    except StoreError as error:
        print(error)
"""


def test_a_folder_that_cannot_be_written_can_be_read():
    with tempfile.TemporaryDirectory() as folder:
        make_store(Path(folder), articles=2).close()
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", READ_ONLY, folder]
        told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
        Path(folder).chmod(0o755)
    kept, new, old = told.splitlines()
    assert kept == "2 ()"
    assert "new.db cannot be" in new
    assert "notebook.db cannot be" in old
