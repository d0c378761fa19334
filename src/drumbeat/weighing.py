"""Take the reader's answers, and keep stored sightings up to them.

A shift is computed when a sighting is found (`backfill`) and once more when an answer is given, changed or taken
back. What was weighed before the latest answer is known by number, so that a crash between the answer and the
weighing, or a watch that ran meanwhile, is made good the next time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from drumbeat.errors import InputError, UnknownTheme
from drumbeat.models.protocols import Encoder, Vectors
from drumbeat.records import Bookmark
from drumbeat.store.store import Store
from drumbeat.tallies import Feedback, TierCounts
from drumbeat.themes.feedback import (
    answer_sighting,
    answered_passages,
    feedback_id_of,
    feedback_shifts,
    latest_by_wording,
)
from drumbeat.tiers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What an answer did to the sightings of its theme. `changed` is whether it was news."""

    theme: str
    feedback: Feedback
    changed: bool
    before: TierCounts
    after: TierCounts


def answer_named(store: Store, sighting: str, answer: Answer, *, note: str | None, now: datetime) -> Feedback:
    """Return an answer to a sighting named by the beginning of its id; without `note` an earlier one stays."""
    given = answer_sighting(store.find_sighting(sighting), answer, note=note or "", now=now)
    stored = store.find_feedback(given.feedback_id)
    return replace(given, note=stored.note) if stored and note is None else given


def find_answer(store: Store, name: str) -> Feedback:
    """Return the answer that stands by the beginning of its id, or of its sighting's; raise InputError without one."""
    stored = store.find_feedback(name)
    if stored is None:
        match = store.find_sighting(name).match
        stored = store.find_feedback(feedback_id_of(match.theme_id, match.article_id, match.span))
    if stored is None or stored.answer is None:
        raise InputError(f"there is no answer to {name!r}; `drumbeat feedback list` shows those there are", where=name)
    return stored


def keep_answer(store: Store, given: Feedback, open_encoder: Callable[[], Encoder]) -> Answered:
    """Keep an answer, weigh its theme by it, and tell what became of the theme's sightings."""
    theme = store.bookmark_history(given.theme_id)[-1]
    before = _tiers_of(store, theme)
    changed = store.save_feedback([given])
    weigh_again(store, open_encoder)
    return Answered(
        theme=theme.name,
        feedback=changed[0] if changed else given,
        changed=bool(changed),
        before=before,
        after=_tiers_of(store, theme),
    )


def _tiers_of(store: Store, theme: Bookmark) -> TierCounts:
    try:
        return store.count_tiers(theme=theme.theme_id)
    except UnknownTheme:  # removed: its answers are kept, its sightings are hidden
        return TierCounts()


def weigh_again(store: Store, open_encoder: Callable[[], Encoder]) -> None:
    """Weigh all sightings that are behind the answers of their theme; opens no encoder where there are none."""
    for theme_id in store.themes_behind():
        behind = store.load_behind(theme_id)
        answers = list(latest_by_wording(store.list_feedback(theme_id)).values())
        shifts = dict.fromkeys(behind.exact, 0.0)
        if answers:
            answered = _vectors_of(store, open_encoder(), {one.wording_id: one.exact for one in answers})
            sentences = _vectors_of(store, open_encoder(), behind.exact)
            moved = feedback_shifts(sentences, answered_passages(answers, answered))
            shifts = {key: round(float(by), 4) for key, by in zip(behind.exact, moved, strict=True)}
        store.save_shifts(behind, shifts)


def _vectors_of(store: Store, encoder: Encoder, wordings: Mapping[str, str]) -> Vectors:
    """Return a unit row per wording, in order; those made before by the same model are taken from the store."""
    model = f"{encoder.info.name} {encoder.info.sha256[:12]}"
    kept = store.load_vectors(model, list(wordings))
    missing = [key for key in wordings if key not in kept]
    if missing:
        made = encoder.encode([wordings[key] for key in missing]).astype("<f4")
        new = {key: row.tobytes() for key, row in zip(missing, made, strict=True)}
        store.save_vectors(model, new)
        kept |= new
    return np.stack([np.frombuffer(kept[key], "<f4") for key in wordings])
