import sqlite3

import pytest

from drumbeat.errors import StoreError, StoreTooNew
from drumbeat.store import open_store, schema
from drumbeat.store.connection import writing
from store.samples import make_article, make_bookmark, make_store


def test_a_newer_schema_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "notebook.db"
    make_store(tmp_path, articles=1).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version=99")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="newer drumbeat") as caught:
        open_store(path)
    assert (caught.value.found, caught.value.known) == (99, schema.KNOWN_VERSION)
    assert path.read_bytes() == before


@pytest.fixture
def old_path(tmp_path):
    """A notebook as the first step of the chain left it, with an article in it."""
    connection = sqlite3.connect(tmp_path / "notebook.db", isolation_level=None)
    with writing(connection):
        schema.run_steps(connection, 0, 1)
    connection.execute(
        "INSERT INTO articles VALUES (1, 'a1', 0, '2030-01-01', 'o', 'O', 'Old', '', '', NULL, NULL, 'en', '{}', 'Dam')"
    )
    connection.close()
    return tmp_path / "notebook.db"


def test_an_older_schema_is_migrated_with_what_is_in_it(old_path):
    with pytest.raises(StoreError, match="older drumbeat"):
        open_store(old_path, read_only=True)
    with open_store(old_path) as store:
        assert [hit.article.article_id for hit in store.search_articles("dam")] == ["a1"]
        assert store.save_batch([make_article(2)]).added == 1
        assert store.find_damage() == ()
    with open_store(old_path, read_only=True) as store:
        assert store.count_articles() == 2


def test_a_migration_that_fails_leaves_the_old_schema(old_path, monkeypatch):
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, "CREATE TABLE extra (x);\nCREATE TABLE extra (x);\n"))
    monkeypatch.setattr(schema, "KNOWN_VERSION", len(schema.STEPS))
    with pytest.raises(StoreError):
        open_store(old_path)
    monkeypatch.undo()
    connection = sqlite3.connect(old_path)
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()
    assert not tables & {"extra", "articles_fts"}
    with open_store(old_path) as store:
        assert store.count_articles() == 1


def test_a_read_only_notebook_is_read_and_not_made(tmp_path):
    with pytest.raises(StoreError, match="there is no notebook"):
        open_store(tmp_path / "none.db", read_only=True)
    assert list(tmp_path.iterdir()) == []
    make_store(tmp_path, make_bookmark(), articles=2).close()
    with open_store(tmp_path / "notebook.db", read_only=True) as store:
        assert len(list(store.iter_cards())) == 2
        assert store.find_damage() == ()
        with pytest.raises(StoreError, match="cannot be written"):
            store.save_batch([make_article(9)])


def test_a_backup_is_whole_and_one_file(tmp_path):
    copy = tmp_path / "copies" / "copy.db"
    copy.parent.mkdir()
    copy.write_bytes(b"an older backup")
    with make_store(tmp_path, make_bookmark(), articles=4) as store:
        store.backup(copy)
        store.save_batch([make_article(9)])
        with pytest.raises(StoreError, match="the notebook itself"):
            store.backup(store.path)
        with pytest.raises(StoreError, match="missing"):
            store.backup(tmp_path / "missing" / "copy.db")
        cards = list(store.iter_cards())
    assert list(copy.parent.iterdir()) == [copy]
    with open_store(copy) as restored:
        assert restored.count_articles() == 4
        assert list(restored.iter_cards()) == cards
        assert restored.find_damage() == ()


def test_closing_twice_does_nothing(tmp_path):
    store = make_store(tmp_path)
    store.close()
    store.close()
