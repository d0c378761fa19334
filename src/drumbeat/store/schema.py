"""The tables of the notebook's file, and the one chain of steps that makes and migrates them.

`PRAGMA user_version` is the number of steps a file has had. A step is never changed once released; a new
need is a new step at the end. All missing steps run in one transaction, so a file is never in between.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from drumbeat.errors import StoreError, StoreTooNew
from drumbeat.store.connection import writing
from drumbeat.tiers import TierLines, line_odds, log_odds

APPLICATION_ID = int.from_bytes(b"drum", "big")

_CORE = """
CREATE TABLE counter (sequence INTEGER NOT NULL);
INSERT INTO counter VALUES (0);

CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    article_id TEXT NOT NULL UNIQUE,
    matched_through INTEGER NOT NULL,
    day TEXT,
    outlet TEXT NOT NULL,
    outlet_name TEXT NOT NULL,
    title TEXT NOT NULL,
    byline TEXT NOT NULL,
    url TEXT NOT NULL,
    published_at TEXT,
    modified_at TEXT,
    language TEXT NOT NULL,
    labels TEXT NOT NULL,
    text TEXT NOT NULL
);

CREATE TABLE bookmarks (
    theme_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    since TEXT,
    removed_at INTEGER,
    record TEXT NOT NULL
);
CREATE UNIQUE INDEX bookmarks_by_name ON bookmarks (name_key) WHERE removed_at IS NULL;

CREATE TABLE revisions (
    theme_id TEXT NOT NULL REFERENCES bookmarks,
    revision INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (theme_id, revision)
) WITHOUT ROWID;

CREATE TABLE statements (
    theme_id TEXT NOT NULL REFERENCES bookmarks,
    statement_id TEXT NOT NULL,
    text TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (theme_id, statement_id)
) WITHOUT ROWID;

CREATE TABLE sightings (
    number INTEGER PRIMARY KEY,
    sighting_id TEXT NOT NULL UNIQUE,
    theme_id TEXT NOT NULL REFERENCES bookmarks,
    statement_id TEXT NOT NULL,
    article_id TEXT NOT NULL REFERENCES articles (article_id),
    sequence INTEGER NOT NULL,
    day TEXT,
    outlet TEXT NOT NULL,
    status TEXT NOT NULL,
    commitment TEXT NOT NULL,
    holder TEXT,
    named INTEGER,
    probability REAL NOT NULL,
    wording_id TEXT NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    record TEXT NOT NULL
);

CREATE VIEW shown_sightings AS
    SELECT sightings.* FROM bookmarks
    JOIN statements ON statements.theme_id = bookmarks.theme_id
    JOIN sightings ON sightings.theme_id = statements.theme_id
        AND sightings.statement_id = statements.statement_id
        AND sightings.sequence >= statements.sequence
    WHERE bookmarks.removed_at IS NULL
        AND (bookmarks.since IS NULL OR sightings.day IS NULL OR sightings.day >= bookmarks.since);
"""

_SEARCH_AND_INDEXES = """
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, text, content='articles', content_rowid='number', tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO articles_fts (articles_fts) VALUES ('rebuild');
CREATE TRIGGER articles_added AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts (rowid, title, text) VALUES (new.number, new.title, new.text);
END;
CREATE TRIGGER articles_removed AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, text) VALUES ('delete', old.number, old.title, old.text);
END;
CREATE TRIGGER articles_edited AFTER UPDATE OF title, text ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, text) VALUES ('delete', old.number, old.title, old.text);
    INSERT INTO articles_fts (rowid, title, text) VALUES (new.number, new.title, new.text);
END;

CREATE INDEX articles_by_matching ON articles (number, matched_through);
CREATE INDEX articles_by_outlet ON articles (outlet, outlet_name, day);
-- Holds all that cards and traces count, so that neither reads the wide rows.
CREATE INDEX sightings_by_card ON sightings (
    theme_id, article_id, day, statement_id, sequence, status, outlet, wording_id
);
CREATE INDEX sightings_by_article ON sightings (article_id);
"""

_UNTIL = """
ALTER TABLE bookmarks ADD COLUMN until TEXT;
DROP VIEW shown_sightings;
CREATE VIEW shown_sightings AS
    SELECT sightings.* FROM bookmarks
    JOIN statements ON statements.theme_id = bookmarks.theme_id
    JOIN sightings ON sightings.theme_id = statements.theme_id
        AND sightings.statement_id = statements.statement_id
        AND sightings.sequence >= statements.sequence
    WHERE bookmarks.removed_at IS NULL
        AND (bookmarks.since IS NULL OR sightings.day IS NULL OR sightings.day >= bookmarks.since)
        AND (bookmarks.until IS NULL OR sightings.day IS NULL OR sightings.day <= bookmarks.until);
"""

_FEEDBACK = """
ALTER TABLE bookmarks ADD COLUMN shift REAL NOT NULL DEFAULT 0;
-- The model's own log odds; what the reader's answers add to them; the answers (by sequence) that were heeded.
ALTER TABLE sightings ADD COLUMN odds REAL NOT NULL DEFAULT 0;
ALTER TABLE sightings ADD COLUMN shift REAL NOT NULL DEFAULT 0;
ALTER TABLE sightings ADD COLUMN weighed INTEGER NOT NULL DEFAULT 0;
UPDATE sightings SET odds = log_odds(probability);
DROP INDEX sightings_by_card;
CREATE INDEX sightings_by_card ON sightings (
    theme_id, article_id, day, statement_id, sequence, status, outlet, wording_id, span_start, span_end, odds, shift
);

-- Of articles too that are not kept: what a reader said is theirs.
CREATE TABLE feedback (
    feedback_id TEXT PRIMARY KEY,
    theme_id TEXT NOT NULL REFERENCES bookmarks,
    article_id TEXT NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    answer TEXT,
    sequence INTEGER NOT NULL,
    record TEXT NOT NULL
);
CREATE UNIQUE INDEX feedback_by_passage ON feedback (theme_id, article_id, span_start, span_end, answer);
CREATE TABLE feedback_revisions (
    feedback_id TEXT NOT NULL REFERENCES feedback,
    revision INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (feedback_id, revision)
) WITHOUT ROWID;
CREATE TABLE vectors (
    model TEXT NOT NULL,
    wording_id TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (model, wording_id)
);

DROP VIEW shown_sightings;
CREATE VIEW shown_sightings AS
    SELECT sightings.*, sightings.odds + sightings.shift + bookmarks.shift AS shown_odds, feedback.answer AS answer
    FROM bookmarks
    JOIN statements ON statements.theme_id = bookmarks.theme_id
    JOIN sightings ON sightings.theme_id = statements.theme_id
        AND sightings.statement_id = statements.statement_id
        AND sightings.sequence >= statements.sequence
    LEFT JOIN feedback ON feedback.theme_id = sightings.theme_id AND feedback.article_id = sightings.article_id
        AND feedback.span_start = sightings.span_start AND feedback.span_end = sightings.span_end
    WHERE bookmarks.removed_at IS NULL
        AND (bookmarks.since IS NULL OR sightings.day IS NULL OR sightings.day >= bookmarks.since)
        AND (bookmarks.until IS NULL OR sightings.day IS NULL OR sightings.day <= bookmarks.until);
"""

STEPS = (_CORE, _SEARCH_AND_INDEXES, _UNTIL, _FEEDBACK)
KNOWN_VERSION = len(STEPS)


def prepare_schema(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    """Bring the file to the newest schema, or refuse it.

    Raises StoreTooNew for a file of a newer drumbeat, StoreError for a foreign one, and for an older one
    that was opened read-only.
    """
    version = _checked_version(connection, path)
    if not read_only:
        connection.execute("PRAGMA journal_mode=WAL")
    if version == KNOWN_VERSION:
        return
    if read_only:
        message = f"{path} was written by an older drumbeat; open it once for writing, and it is brought up to date"
        raise StoreError(message, path=str(path))
    with writing(connection):
        run_steps(connection, _checked_version(connection, path), KNOWN_VERSION)


# The lines belong to the models, not to the file: they live as long as the connection. SQL knows tiers through
# this view; `TierLines.tier_of` says the same in Python.
_TIER_VIEW = """
CREATE TEMP TABLE tier_lines (suggested REAL NOT NULL, confirmed REAL NOT NULL);
CREATE TEMP VIEW weighed_sightings AS
    SELECT *, CASE
        WHEN answer = 'no' THEN 'set aside'
        WHEN answer = 'yes' OR shown_odds >= (SELECT confirmed FROM tier_lines) THEN 'confirmed'
        WHEN shown_odds >= (SELECT suggested FROM tier_lines) THEN 'suggested'
        ELSE 'set aside' END AS tier
    FROM shown_sightings;
"""


def make_tier_view(connection: sqlite3.Connection, lines: TierLines) -> None:
    """Make the view `weighed_sightings` for this connection; it leaves the file alone."""
    connection.execute("PRAGMA temp_store=MEMORY")
    for statement in _statements(_TIER_VIEW):
        connection.execute(statement)
    connection.execute("INSERT INTO tier_lines VALUES (?, ?)", (line_odds(lines.suggested), line_odds(lines.confirmed)))


def run_steps(connection: sqlite3.Connection, found: int, wanted: int) -> None:
    """Run the steps after version `found` up to version `wanted`, inside the caller's transaction."""
    connection.create_function("log_odds", 1, log_odds, deterministic=True)  # not every SQLite has logarithms
    for step in STEPS[found:wanted]:
        for statement in _statements(step):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={wanted}")


def _statements(script: str) -> list[str]:
    # Not `executescript`: it would commit the open transaction first.
    whole, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            whole.append(pending)
            pending = ""
    return whole


def _checked_version(connection: sqlite3.Connection, path: Path) -> int:
    # One statement, so that another process making the tables meanwhile is seen wholly or not at all.
    application_id, version, tables = connection.execute(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)"
        " FROM pragma_application_id, pragma_user_version"
    ).fetchone()
    if application_id != APPLICATION_ID and tables:
        message = f"{path} is a database of another program, not a notebook of drumbeat; name another file"
        raise StoreError(message, path=str(path))
    if version > KNOWN_VERSION:
        message = (
            f"{path} was written by a newer drumbeat (schema {version}, this one knows {KNOWN_VERSION});"
            " update drumbeat, or use another notebook"
        )
        raise StoreTooNew(message, path=str(path), found=version, known=KNOWN_VERSION)
    return int(version)
