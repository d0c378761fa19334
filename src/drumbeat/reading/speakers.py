"""Resolve the sources of attributions to speakers, named and unnamed.

A proper name is merged with its fuller form; "he" and "she" go to the one person who was the subject or the
source just before, or to nobody; a common noun ("two officials") is an unnamed voice with its printed
description. No list of names or places is used. Limits: "they", "it", "we" and "I" stay unresolved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from drumbeat.reading.names import Cast, Name, find_names, make_cast, name_at
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.reading.quotes import Quote, SpanIndex, speech_spans
from drumbeat.reading.roles import DETERMINER, affiliation_of, role_of
from drumbeat.reading.trees import SUBJECTS
from drumbeat.records import Attribution, Span, Speaker
from drumbeat.text.lexicons import load_words

_LOOK_BACK = 3
_LONGEST_DESCRIPTION = 120
_REPLIES = frozenset({"reply", "respond", "retort", "answer", "counter"})
_GENDERED = frozenset({"he", "she"})


def resolve_speakers(
    attributions: Sequence[Attribution], parses: Mapping[int, ParsedSentence], quotes: Sequence[Quote]
) -> tuple[list[Attribution], list[Speaker]]:
    """Return the attributions with their speaker ids, and the speakers in the order in which they first speak."""
    names = [name for index in sorted(parses) for name in find_names(parses[index])]
    book = _Book(make_cast(names), SpanIndex(speech_spans(quotes)))
    resolved = list(attributions)
    waiting = sorted(range(len(attributions)), key=lambda i: _anchor(attributions[i]), reverse=True)
    for index in sorted(parses):
        sentence = parses[index]
        book.open(index)
        while waiting and _anchor(attributions[waiting[-1]]) < sentence.span.end:
            number = waiting.pop()
            entry = book.resolve(sentence, attributions[number])
            if entry is not None:
                resolved[number] = replace(attributions[number], speaker_id=entry.speaker_id)
        book.close(sentence)
    return resolved, book.speakers()


def _anchor(attribution: Attribution) -> int:
    return (attribution.source or attribution.cue or attribution.content)[0].start


@dataclass(slots=True)
class _Entry:
    """A speaker in the making; `speaker_id` is -1 until it speaks."""

    name: str | None
    description: str = ""
    is_person: bool = False
    gender: str = ""
    role: str | None = None
    affiliation: str | None = None
    speaker_id: int = -1
    mentions: list[Span] = field(default_factory=list)


class _Book:
    """Who was mentioned so far, read sentence by sentence."""

    def __init__(self, cast: Cast, speech: SpanIndex) -> None:
        self._cast = cast
        self._speech = speech
        self._entries: dict[tuple[str, str], _Entry] = {}
        self._spoke: list[_Entry] = []
        self._salient: dict[int, list[tuple[_Entry, int, bool]]] = {}
        self._at = -1

    def open(self, index: int) -> None:
        """Begin a sentence."""
        self._at = index
        self._salient[index] = []
        self._salient.pop(index - _LOOK_BACK - 1, None)

    def close(self, sentence: ParsedSentence) -> None:
        """End a sentence: keep its subjects as candidates for later pronouns."""
        for index, token in enumerate(sentence.tokens):
            at = sentence.offset + token.start
            if token.dep not in SUBJECTS or self._speech.covers(at):
                continue
            entry = self._candidate_at(sentence, index)
            if entry is not None:
                self._salient[self._at].append((entry, at, _is_main(sentence, token.head)))

    def resolve(self, sentence: ParsedSentence, attribution: Attribution) -> _Entry | None:
        """Return the speaker of an attribution whose source is in the sentence, None where it cannot be told."""
        source = [span for span in attribution.source if sentence.span.holds(span)]
        head = _head_of(sentence, source)
        if head is None:
            return None
        token = sentence.tokens[head]
        word = token.text.lower()
        others = [i for span in source for i in sentence.tokens_in(span) if sentence.tokens[i].dep == "conj"]
        if word in _GENDERED:
            is_unsure = others or _is_reply(sentence, attribution)
            entry = None if is_unsure else self._antecedent(sentence, head, word)
        else:
            entry = self._joint(sentence, head, others) or self._entry_of(sentence, head, source)
        if entry is None:
            return None
        if entry.speaker_id < 0:
            entry.speaker_id = len(self._spoke)
            self._spoke.append(entry)
        entry.mentions += [span for span in source if span not in entry.mentions]
        if entry.is_person or _may_be_person(sentence, head):
            self._salient[self._at].append((entry, source[0].start, _is_main(sentence, token.head)))
        return entry

    def speakers(self) -> list[Speaker]:
        """Return the speakers so far."""
        return [
            Speaker(
                speaker_id=entry.speaker_id,
                name=entry.name,
                named=entry.name is not None,
                description=entry.description,
                role=entry.role,
                affiliation=entry.affiliation,
                mentions=tuple(sorted(entry.mentions, key=lambda span: span.start)),
            )
            for entry in self._spoke
        ]

    def _entry_of(self, sentence: ParsedSentence, head: int, source: Sequence[Span]) -> _Entry | None:
        name = _name_of(sentence, head)
        if name is not None:
            return self._named(sentence, head, name)
        token = sentence.tokens[head]
        full = self._cast.full.get(token.text.casefold()) if token.pos == "PROPN" else None
        if full is not None and full.casefold() in self._cast.persons:
            return self._entries.setdefault(("name", full.casefold()), _Entry(name=full, is_person=True))
        if token.pos not in ("NOUN", "PROPN", "NUM", "ADJ") and token.lemma.lower() not in _VOICES:
            return None
        return self._unnamed(sentence, head, source)

    def _joint(self, sentence: ParsedSentence, head: int, others: Sequence[int]) -> _Entry | None:
        """Return the entry of two or more names that speak together ("Holt and Renner")."""
        joined: list[int] = []
        for i in sorted(others):
            if sentence.tokens[i].head in (head, *joined):
                joined.append(i)
        names = [_name_of(sentence, i) for i in (head, *joined)] if joined else []
        if not names or any(name is None for name in names):
            return None
        text = " and ".join(dict.fromkeys(self._cast.fullest(name.text) for name in names if name is not None))
        return self._entries.setdefault(("name", text.casefold()), _Entry(name=text))

    def _named(self, sentence: ParsedSentence, head: int, name: Name) -> _Entry:
        text = self._cast.fullest(name.text)
        entry = self._entries.setdefault(("name", text.casefold()), _Entry(name=text))
        entry.is_person = entry.is_person or name.is_person or text.casefold() in self._cast.persons
        entry.gender = entry.gender or name.gender
        entry.role = entry.role or role_of(sentence, head, name)
        entry.affiliation = entry.affiliation or affiliation_of(sentence, head, name)
        return entry

    def _unnamed(self, sentence: ParsedSentence, head: int, source: Sequence[Span]) -> _Entry | None:
        words = " ".join(span.of(sentence.parse.text) for span in _moved(source, sentence.offset))
        description = _cut(words.strip(' ,;:\u2014\u2013-"\u201c\u201d'))
        if sum(char.isalnum() for char in description) < 2:
            return None
        entry = self._entries.setdefault(
            ("", DETERMINER.sub("", description.casefold())), _Entry(name=None, description=description)
        )
        entry.is_person = sentence.tokens[head].tag == "NN" and sentence.tokens[head].lemma.lower() in load_words(
            "role_nouns"
        )
        entry.role = entry.role or role_of(sentence, head, None)
        entry.affiliation = entry.affiliation or affiliation_of(sentence, head, None)
        return entry

    def _candidate_at(self, sentence: ParsedSentence, index: int) -> _Entry | None:
        """Return who a later pronoun may mean; a name that may be a person's is kept too: it makes others unsure."""
        word = sentence.tokens[index].text.lower()
        if word in _GENDERED:
            return self._antecedent(sentence, index, word)
        name = _name_of(sentence, index)
        if name is None:
            return None
        entry = self._named(sentence, index, name)
        return entry if entry.is_person or _may_be_person(sentence, index) else None

    def _antecedent(self, sentence: ParsedSentence, head: int, word: str) -> _Entry | None:
        """Return the one person a pronoun can mean: of its own sentence so far, else of the nearest before."""
        at = sentence.offset + sentence.tokens[head].start
        own = [known for known in self._salient[self._at] if known[1] < at]
        own += self._subjects_before(sentence, head)
        for known in (own, *(self._salient.get(self._at - back, []) for back in range(1, _LOOK_BACK + 1))):
            fitting = [(entry, is_main) for entry, _, is_main in known if entry.gender in ("", word)]
            if not fitting:
                continue
            chosen = _only([entry for entry, _ in fitting]) or _only([entry for entry, is_main in fitting if is_main])
            if chosen is None or not chosen.is_person:
                return None
            chosen.gender = word
            return chosen
        return None

    def _subjects_before(self, sentence: ParsedSentence, head: int) -> list[tuple[_Entry, int, bool]]:
        found = []
        for index in range(head):
            token = sentence.tokens[index]
            name = _name_of(sentence, index) if token.dep in SUBJECTS and token.pos == "PROPN" else None
            if name is not None and not self._speech.touching(name.span):
                entry = self._named(sentence, index, name)
                if entry.is_person or _may_be_person(sentence, index):
                    found.append((entry, name.span.start, _is_main(sentence, token.head)))
        return found


_VOICES = frozenset(
    {
        "many",
        "some",
        "others",
        "other",
        "few",
        "several",
        "most",
        "both",
        "everyone",
        "somebody",
        "someone",
        "those",
        "none",
        "neither",
    }
)


def _only(entries: Sequence[_Entry]) -> _Entry | None:
    return entries[0] if entries and all(entry is entries[0] for entry in entries) else None


def _may_be_person(sentence: ParsedSentence, head: int) -> bool:
    """Tell whether a name that is not known for a person's may be one: no article, and not labelled a place."""
    token = sentence.tokens[head]
    articles = [i for i in sentence.parse.children[head] if sentence.tokens[i].dep == "det"]
    return token.pos == "PROPN" and token.entity[2:] in ("", "ORG") and not articles


def _is_main(sentence: ParsedSentence, verb: int) -> bool:
    """Tell whether a verb is that of the main clause, or joined to it ("Holt said ..., but Renner said ...")."""
    token = sentence.tokens[verb]
    return token.dep == "ROOT" or (token.dep in ("conj", "parataxis") and sentence.tokens[token.head].dep == "ROOT")


def _is_reply(sentence: ParsedSentence, attribution: Attribution) -> bool:
    """Tell whether somebody answers: then the person named just before is likely the other one."""
    lemmas = {sentence.tokens[i].lemma.lower() for span in attribution.cue for i in sentence.tokens_in(span)}
    return bool(lemmas & _REPLIES)


def _head_of(sentence: ParsedSentence, source: Sequence[Span]) -> int | None:
    inside = {i for span in source for i in sentence.tokens_in(span)}
    for index in sorted(inside):
        if sentence.tokens[index].head not in inside or sentence.tokens[index].dep == "ROOT":
            return index
    return None


def _name_of(sentence: ParsedSentence, head: int) -> Name | None:
    """Return the name of a noun phrase: its head's, or that of an apposition to a role ("the minister, Mara Holt")."""
    name = name_at(sentence, head)
    if name is not None:
        return name
    if sentence.tokens[head].lemma.lower() not in load_words("role_nouns"):
        return None
    places = [i for i in sentence.parse.children[head] if sentence.tokens[i].dep == "appos" and i > head]
    names = [found for i in places if (found := name_at(sentence, i)) is not None and found.is_person]
    return names[0] if len(names) == 1 else None


def _moved(spans: Sequence[Span], offset: int) -> list[Span]:
    return [Span(start=span.start - offset, end=span.end - offset) for span in spans if span.start >= offset]


def _cut(words: str) -> str:
    if len(words) <= _LONGEST_DESCRIPTION:
        return words
    return words[:_LONGEST_DESCRIPTION].rsplit(" ", 1)[0] + " \u2026"
