"""The cast of an article: who is given a voice, how often, and in how many words of their own."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from drumbeat.records import Attribution, QuoteKind, Reading, Speaker
from drumbeat.views.wording import speaker_name, speaker_standing

_QUOTED = re.compile(r"[\u201c\u201e\u00ab\"](?P<words>[^\u201c\u201d\u201e\u00ab\u00bb\"]*)")
_WORD = re.compile(r"\w+(?:[\u2019'\-]\w+)*")
UNRESOLVED = "unresolved"
_MANNER = {QuoteKind.DIRECT: "quoted", QuoteKind.MIXED: "partly quoted", QuoteKind.INDIRECT: "paraphrased"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A speaker as the page lists them, or (`kind` "unresolved") all sources that led to no speaker.

    `letter` is A, B, ... by first attribution, "?" for the unresolved; `kind` is named, unnamed or unresolved;
    `quoted_words` count each printed word once.
    """

    letter: str
    name: str
    standing: str
    kind: str
    attributions_count: int
    quoted_words: int

    @property
    def anchor(self) -> str:
        """Return the id of the voice on the page."""
        return "voice-unresolved" if self.kind == UNRESOLVED else f"voice-{self.letter}"


def list_voices(reading: Reading) -> dict[int | None, Voice]:
    """Return the voices by speaker id, in the order in which they are first heard; last, as None, the unresolved."""
    speakers: dict[int | None, Speaker] = {speaker.speaker_id: speaker for speaker in reading.speakers}
    heard: dict[int | None, list[Attribution]] = {}
    for attribution in sorted(reading.attributions, key=lambda one: one.content[0].start):
        heard.setdefault(voice_id(attribution, speakers), []).append(attribution)
    unresolved = heard.pop(None, [])
    order = [*heard, *(speaker_id for speaker_id in speakers if speaker_id not in heard)]
    voices: dict[int | None, Voice] = {
        speaker_id: _voice(number, speakers[speaker_id], heard.get(speaker_id, ()), reading.article.text)
        for number, speaker_id in enumerate(order)
    }
    return {**voices, None: _unresolved(unresolved, reading.article.text)} if unresolved else voices


def voice_id(attribution: Attribution, known: Container[int | None]) -> int | None:
    """Return the key of the attribution in `list_voices`; `known` are the ids of the article's speakers."""
    return attribution.speaker_id if attribution.speaker_id in known else None


def manner(attribution: Attribution) -> str:
    """Return how the words are given: quoted, partly quoted or paraphrased."""
    return _MANNER[attribution.kind]


def source_words(attribution: Attribution, text: str) -> str:
    """Return the source as printed; "nobody named" where the text gives none."""
    return " ".join(span.of(text) for span in attribution.source) or "nobody named"


def _voice(number: int, speaker: Speaker, said: Sequence[Attribution], text: str) -> Voice:
    return Voice(
        letter=_letter(number),
        name=speaker_name(speaker),
        standing=speaker_standing(speaker),
        kind="named" if speaker.named else "unnamed",
        attributions_count=len(said),
        quoted_words=_quoted_words(said, text),
    )


def _unresolved(said: Sequence[Attribution], text: str) -> Voice:
    return Voice(
        letter="?",
        name="Not resolved to a speaker",
        standing=", ".join(dict.fromkeys(source_words(attribution, text) for attribution in said)),
        kind=UNRESOLVED,
        attributions_count=len(said),
        quoted_words=_quoted_words(said, text),
    )


def _quoted_words(said: Sequence[Attribution], text: str) -> int:
    return len({place for attribution in said for place in _quoted_places(text, attribution)})


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
