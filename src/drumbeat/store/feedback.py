"""The reader's answers: one for each passage of a theme, every revision kept, none ever deleted.

An answer needs its theme, but not its article: it outlives both the article and the sighting. Each change
gets the next number of the counter; a sighting keeps the number through which answers were heeded when it was
weighed, so that one that is behind can be found after a crash, or after a watch that ran meanwhile.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from drumbeat.codec import encode_record
from drumbeat.errors import InputError
from drumbeat.store.bookmarks import find_bookmark, next_sequence
from drumbeat.store.connection import decode_stored, writing
from drumbeat.store.sightings import LAST_CHARACTER, LEAST_ID_CHARS
from drumbeat.tallies import Feedback

_SAVE = """
    INSERT INTO feedback (feedback_id, theme_id, article_id, span_start, span_end, answer, sequence, record)
    VALUES (:feedback_id, :theme_id, :article_id, :span_start, :span_end, :answer, :sequence, :record)
    ON CONFLICT (feedback_id) DO UPDATE SET
        answer = excluded.answer, sequence = excluded.sequence, record = excluded.record
"""
_LIST = """
    SELECT feedback.record FROM feedback JOIN bookmarks USING (theme_id)
    WHERE (theme_id = :theme_id OR (:theme_id IS NULL AND removed_at IS NULL)) AND answer IS NOT NULL
"""
_LIST_REVISIONS = """
    SELECT feedback_revisions.record FROM feedback_revisions JOIN feedback USING (feedback_id)
    JOIN bookmarks USING (theme_id) WHERE theme_id = :theme_id OR (:theme_id IS NULL AND removed_at IS NULL)
"""
_BEHIND = """
    SELECT DISTINCT sightings.theme_id FROM sightings
    JOIN (SELECT theme_id, max(sequence) AS latest FROM feedback GROUP BY theme_id) AS answered
        ON answered.theme_id = sightings.theme_id AND sightings.weighed < answered.latest
    JOIN bookmarks ON bookmarks.theme_id = sightings.theme_id AND removed_at IS NULL
"""
_LOAD_BEHIND = """
    SELECT number, wording_id, json_extract(record, '$.exact') AS exact FROM sightings
    WHERE theme_id = ? AND weighed < ?
"""


@dataclass(frozen=True, slots=True)
class Behind:
    """Sightings of a theme that were weighed before its latest answer, whose sequence number is `through`.

    `wordings` by sighting number; `exact` holds the words of each wording once.
    """

    through: int
    wordings: Mapping[int, str]
    exact: Mapping[str, str]


def save_feedback(connection: sqlite3.Connection, given: Iterable[Feedback]) -> tuple[Feedback, ...]:
    """Keep answers, each as the next revision of what is stored; return those that changed something.

    Of two answers to one passage the later given counts; the same answer and note again change nothing.
    """
    kept = []
    with writing(connection):
        for feedback in given:
            stored = load_feedback(connection, feedback.feedback_id)
            if stored is None:
                kept.append(_write(connection, replace(feedback, revision=1)))
            elif _is_news(stored, feedback):
                kept.append(_write(connection, replace(feedback, revision=stored.revision + 1)))
    return tuple(kept)


def _is_news(stored: Feedback, given: Feedback) -> bool:
    is_same = (stored.answer, stored.note) == (given.answer, given.note)
    return not is_same and given.given_at >= stored.given_at


def _write(connection: sqlite3.Connection, feedback: Feedback) -> Feedback:
    row = {
        "feedback_id": feedback.feedback_id,
        "theme_id": feedback.theme_id,
        "article_id": feedback.article_id,
        "span_start": feedback.span.start,
        "span_end": feedback.span.end,
        "answer": feedback.answer.value if feedback.answer else None,
        "sequence": next_sequence(connection),
        "revision": feedback.revision,
        "record": encode_record(feedback).decode(),
    }
    connection.execute(_SAVE, row)
    connection.execute("INSERT INTO feedback_revisions VALUES (:feedback_id, :revision, :record)", row)
    return feedback


def load_feedback(connection: sqlite3.Connection, feedback_id: str) -> Feedback | None:
    """Return the latest revision of an answer, also of one that was taken back; None where there is none."""
    row = connection.execute("SELECT record FROM feedback WHERE feedback_id = ?", (feedback_id,)).fetchone()
    return decode_stored(row["record"], Feedback) if row else None


def find_feedback(connection: sqlite3.Connection, prefix: str) -> Feedback | None:
    """Return the answer whose id begins so, None where there is none; raise InputError for several."""
    if len(prefix) < LEAST_ID_CHARS:
        return None
    rows = connection.execute(
        "SELECT record FROM feedback WHERE feedback_id >= ? AND feedback_id < ? LIMIT 3",
        (prefix, prefix + LAST_CHARACTER),
    ).fetchall()
    if len(rows) > 1:
        message = f"the ids of several answers begin with {prefix!r}; give more of the id"
        raise InputError(message, where=prefix)
    return decode_stored(rows[0]["record"], Feedback) if rows else None


def list_feedback(connection: sqlite3.Connection, theme: str | None, *, history: bool) -> tuple[Feedback, ...]:
    """Return the answers that stand, in the order in which they were given, of a theme by name or of all.

    Those of a removed theme only where it is named. With `history` every revision, also what was taken back.
    """
    theme_id = None if theme is None else str(find_bookmark(connection, theme, removed=True)["theme_id"])
    rows = connection.execute(_LIST_REVISIONS if history else _LIST, {"theme_id": theme_id}).fetchall()
    found = [decode_stored(row["record"], Feedback) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.given_at, one.feedback_id, one.revision)))


def answered_through(connection: sqlite3.Connection) -> int:
    """Return the sequence number of the latest answer, 0 without any. Ask it before loading them."""
    return int(connection.execute("SELECT coalesce(max(sequence), 0) FROM feedback").fetchone()[0])


def themes_behind(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the ids of the themes with sightings that were weighed before the theme's latest answer."""
    return tuple(row["theme_id"] for row in connection.execute(_BEHIND))


def load_behind(connection: sqlite3.Connection, theme_id: str) -> Behind:
    """Return what has to be weighed once more in a theme."""
    latest = "SELECT coalesce(max(sequence), 0) FROM feedback WHERE theme_id = ?"
    through = int(connection.execute(latest, (theme_id,)).fetchone()[0])
    rows = connection.execute(_LOAD_BEHIND, (theme_id, through)).fetchall()
    return Behind(
        through, {row["number"]: row["wording_id"] for row in rows}, {row["wording_id"]: row["exact"] for row in rows}
    )


def save_shifts(connection: sqlite3.Connection, behind: Behind, shifts: Mapping[str, float]) -> None:
    """Keep the shift of each wording with its sightings, which now heed the answers through `behind.through`."""
    rows = [(shifts[wording_id], behind.through, number) for number, wording_id in behind.wordings.items()]
    with writing(connection):
        connection.executemany("UPDATE sightings SET shift = ?, weighed = ? WHERE number = ?", rows)


def load_vectors(connection: sqlite3.Connection, model: str, wording_ids: Sequence[str]) -> dict[str, bytes]:
    """Return the kept vectors of wordings that this model made; those that are not kept are left out."""
    rows = connection.execute(
        "SELECT wording_id, vector FROM vectors WHERE model = ? AND wording_id IN (SELECT value FROM json_each(?))",
        (model, json.dumps(list(wording_ids))),
    )
    return {row["wording_id"]: row["vector"] for row in rows}


def save_vectors(connection: sqlite3.Connection, model: str, vectors: Mapping[str, bytes]) -> None:
    """Keep vectors by wording."""
    with writing(connection):
        connection.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", [(model, key, value) for key, value in vectors.items()]
        )
