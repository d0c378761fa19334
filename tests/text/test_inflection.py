"""Verbs in the past and the third person."""

from __future__ import annotations

import pytest

from drumbeat.text.inflection import past_of, third_person_of


@pytest.mark.parametrize(
    ("lemma", "past", "third"),
    [
        ("hide", "hid", "hides"),
        ("close", "closed", "closes"),
        ("deny", "denied", "denies"),
        ("play", "played", "plays"),
        ("stop", "stopped", "stops"),
        ("look", "looked", "looks"),
        ("admit", "admitted", "admits"),
        ("empty", "emptied", "empties"),
        ("open", "opened", "opens"),
        ("tax", "taxed", "taxes"),
        ("have", "had", "has"),
        ("go", "went", "goes"),
        ("reach", "reached", "reaches"),
    ],
)
def test_verbs_are_inflected(lemma: str, past: str, third: str) -> None:
    assert (past_of(lemma), third_person_of(lemma)) == (past, third)
