"""Find who holds what, from some words up to the main clause: the attributions inside attributions.

Verbs are read off the path of the parse; nouns ("the agencies' finding that", "a report by Holt that") off the order
of the words, since the parser often takes "finding" for a verb and "that" for an object. Only words of the lexicon
`stances` count.
"""

from __future__ import annotations

from collections.abc import Iterator

from drumbeat.models.protocols import Parse
from drumbeat.reading.cues import Candidate
from drumbeat.reading.trees import children_by, is_passive, is_verb, noun_phrase, subject_of, verb_group
from drumbeat.text.lexicons import load_lexicon

_COMPLEMENTS = frozenset({"ccomp", "xcomp", "dobj", "pcomp", "acl", "oprd"})
_OPENINGS = frozenset({"that", "whether"})
_INSIDE_NAME = frozenset({"JJ", "JJR", "JJS", "NN", "NNS", "NNP", "RB", "CD", "VBN", "VBG", "HYPH", "DT", "POS", "CC"})
_MARKS = frozenset({'"', "\u201c", "\u201d", "''", "``", ","})
_LONGEST_OWNER = 8


def stance_key(parse: Parse, index: int) -> str:
    """Return the key of a token in the lexicon `stances`: its lemma, with its particle where that has a row."""
    lexicon, token = load_lexicon("stances"), parse.tokens[index]
    lemma = token.lemma.lower()
    for particle in children_by(parse, index, "prt", "advmod", "prep"):
        phrase = f"{lemma} {parse.tokens[particle].text.lower()}"
        if phrase in lexicon:
            return phrase
    return lemma if lemma in lexicon else token.text.lower()


def is_stance(parse: Parse, index: int) -> bool:
    """Tell whether a token is a word of the lexicon `stances`."""
    return stance_key(parse, index) in load_lexicon("stances")


def find_nested(parse: Parse, head: int) -> Iterator[Candidate]:
    """Yield the verbs above a token with who holds what they introduce, then all nouns with "that" or "whether"."""
    branch = head
    for verb in parse.ancestors(head):
        if is_verb(parse, verb) and is_stance(parse, verb):
            yield from _of_verb(parse, verb, branch)
        branch = verb
    for noun in range(len(parse.tokens)):
        if is_stance(parse, noun):
            yield from _of_noun(parse, noun)


def _of_verb(parse: Parse, verb: int, branch: int) -> Iterator[Candidate]:
    dep = parse.tokens[branch].dep
    if is_passive(parse, verb) and dep in ("nsubjpass", "csubjpass"):
        agents = [i for by in children_by(parse, verb, "agent") for i in children_by(parse, by, "pobj")]
        source = agents[0] if agents else None
    elif dep in _COMPLEMENTS and not is_passive(parse, verb):
        source = subject_of(parse, verb)
    else:
        return
    if source is not None and parse.tokens[source].pos not in ("ADJ", "ADV", "VERB"):
        parts = [branch, *(i for i in children_by(parse, verb, *_COMPLEMENTS) if i > verb)]
        content = sorted({i for part in parts for i in parse.subtree(part)})
        taken = {*content, *verb_group(parse, verb)}
        names = noun_phrase(parse, source, without=taken) if source not in taken else []
        if names:
            yield Candidate("clause", verb, tuple(names), tuple(verb_group(parse, verb)), tuple(content))


def _of_noun(parse: Parse, noun: int) -> Iterator[Candidate]:
    owner = _owner_before(parse, noun)
    if not owner and parse.tokens[noun].pos != "NOUN":
        return
    opening = _opening_after(parse, noun + 1)
    if opening is None and not owner:
        owner, opening = _owner_behind(parse, noun)
    is_report = "alone" in load_lexicon("cue_nouns").get(parse.tokens[noun].lemma.lower(), ())
    if opening is None or not (owner or is_report):
        return
    content = [i for i in parse.subtree(parse.tokens[opening].head) if i >= opening]
    if len(content) > 1:
        yield Candidate("noun-that", noun, tuple(owner), (noun,), tuple(content))


def _owner_before(parse: Parse, noun: int) -> list[int]:
    """Return the tokens of X in "X's (first) finding", or "her"."""
    at = noun - 1
    while at >= 0 and parse.tokens[at].tag in ("JJ", "NN", "VBN", "CD", "JJR", "JJS", "RB"):
        at -= 1
    if at >= 0 and parse.tokens[at].tag == "PRP$":
        return [at]
    if at < 1 or parse.tokens[at].tag != "POS":
        return []
    allowed = set(parse.subtree(parse.tokens[at].head))
    first = at
    while first - 1 in allowed:
        first -= 1
    return list(range(first, at))


def _opening_after(parse: Parse, at: int) -> int | None:
    while at < len(parse.tokens) and parse.tokens[at].text in _MARKS:
        at += 1
    is_open = at < len(parse.tokens) and parse.tokens[at].text.lower() in _OPENINGS
    return at if is_open and parse.tokens[at].head != at else None


def _owner_behind(parse: Parse, noun: int) -> tuple[list[int], int | None]:
    """Return X and the place of "that" in "a finding by X that"; nothing where that is not how the words run."""
    first = noun + 2
    if first >= len(parse.tokens) or parse.tokens[noun + 1].text.lower() not in ("by", "from"):
        return [], None
    for at in range(first + 1, min(first + _LONGEST_OWNER, len(parse.tokens))):
        opening = _opening_after(parse, at)
        if opening is not None:
            return list(range(first, at)), opening
        if parse.tokens[at].tag not in _INSIDE_NAME:
            break
    return [], None
