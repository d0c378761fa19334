"""The cast of an article: who is given a voice, how often, and in how many words of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drumbeat.records import Attribution, QuoteKind, Reading, Speaker
from drumbeat.views.wording import speaker_name, speaker_standing

_QUOTED = re.compile(r"[\u201c\u201e\u00ab\"](?P<words>[^\u201c\u201d\u201e\u00ab\u00bb\"]*)")
_WORD = re.compile(r"\w+(?:[\u2019'\-]\w+)*")
_MANNER = {QuoteKind.DIRECT: "quoted", QuoteKind.MIXED: "partly quoted", QuoteKind.INDIRECT: "paraphrased"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A speaker as the page lists them. `letter` is A, B, ... by first attribution; `quoted_words` count once each."""

    letter: str
    name: str
    standing: str
    named: bool
    attributions_count: int
    quoted_words: int


def list_voices(reading: Reading) -> dict[int | None, Voice]:
    """Return the voices by speaker id, in the order in which they are first heard; id None is nobody resolved."""
    heard: dict[int | None, list[Attribution]] = {}
    for attribution in sorted(reading.attributions, key=lambda one: one.content[0].start):
        heard.setdefault(attribution.speaker_id, []).append(attribution)
    speakers = {speaker.speaker_id: speaker for speaker in reading.speakers}
    order = [*heard, *(speaker_id for speaker_id in speakers if speaker_id not in heard)]
    return {
        speaker_id: _voice(number, _speaker(speakers, speaker_id), heard.get(speaker_id, ()), reading.article.text)
        for number, speaker_id in enumerate(order)
    }


def manner(attribution: Attribution) -> str:
    """Return how the words are given: quoted, partly quoted or paraphrased."""
    return _MANNER[attribution.kind]


def _speaker(speakers: Mapping[int, Speaker], speaker_id: int | None) -> Speaker | None:
    return None if speaker_id is None else speakers.get(speaker_id)


def _voice(number: int, speaker: Speaker | None, said: Sequence[Attribution], text: str) -> Voice:
    return Voice(
        letter=_letter(number),
        name=speaker_name(speaker) if speaker else "Speaker not resolved",
        standing=speaker_standing(speaker) if speaker else "",
        named=speaker is not None and speaker.named,
        attributions_count=len(said),
        quoted_words=len({place for attribution in said for place in _quoted_places(text, attribution)}),
    )


def _quoted_places(text: str, attribution: Attribution) -> list[int]:
    if attribution.kind is QuoteKind.INDIRECT:
        return []
    places = []
    for span in attribution.content:
        within = span.of(text)
        stretches = [(0, within)]
        if attribution.kind is QuoteKind.MIXED:
            stretches = [(found.start("words"), found["words"]) for found in _QUOTED.finditer(within)]
        places += [span.start + at + word.start() for at, words in stretches for word in _WORD.finditer(words)]
    return places


def _letter(number: int) -> str:
    """Return A … Z, AA, AB … as spreadsheets number their columns."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
