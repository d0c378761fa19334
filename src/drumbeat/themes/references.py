"""Find what a statement only points at: pronouns without a noun, days without a date.

A statement is read alone, and meets sentences of any year: "he lied" and "this year" say too little there. Limits:
whether a noun before a pronoun is the one it means is judged by number and kind of noun, not by sense.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from drumbeat.models.protocols import Parse, Token
from drumbeat.reading.trees import children_by
from drumbeat.text.lexicons import load_words
from drumbeat.themes.rewording import sentence_of

_SPEAKERS = frozenset([
    "i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "you", "your", "yours",
])  # fmt: skip
_PERSONS = frozenset(["he", "him", "his", "himself", "she", "her", "hers", "herself"])
_THINGS = frozenset(["it", "its", "itself"])
_MANY = frozenset(["they", "them", "their", "theirs", "themselves"])
_POINTERS = frozenset(["this", "that", "these", "those"])
_AGENT = re.compile(r"(?:er|or|i(?:st|an)|man|woman|men|women|ant|ee)$")
_PERSON_NOUNS = frozenset([
    "boy", "girl", "child", "person", "mother", "father", "king", "queen", "mayor", "chief", "wife", "husband",
    "son", "daughter", "judge", "thief", "pilot", "nurse", "guard", "president", "head",
])  # fmt: skip
_NOMINAL = ("NOUN", "PROPN")
_NOW = re.compile(
    r"""\b(?:today|yesterday|tomorrow|tonight
    |(?:this|last|next|past|coming)\ (?:year|month|week|weekend|morning|evening|night|summer|spring|autumn|fall|winter
        |decade|century|quarter|monday|tuesday|wednesday|thursday|friday|saturday|sunday)
    |(?:\w+)\ (?:years?|months?|weeks?|days?|decades?)\ ago)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OWNED = re.compile(r"(?:\b(?:the|its|his|her|their|whose|a)|['\u2019]s)\s+$", re.IGNORECASE)


def find_dangling(parse: Parse) -> tuple[int, ...]:
    """Return the pronouns and pointing words that no noun before them can stand for, in text order."""
    return tuple(index for index in range(len(parse.tokens)) if _dangles(parse, index))


def _dangles(parse: Parse, index: int) -> bool:
    token = parse.tokens[index]
    word = token.text.lower()
    if word in _SPEAKERS:
        return (token.tag in ("PRP", "PRP$") and word != "i") or token.text == "I"
    if word in _POINTERS:
        return _points(parse, index)
    if token.tag not in ("PRP", "PRP$"):
        return False
    # A plain verb at the start is an order, or a name that the parser misread ("Trump profits from ...").
    before = [
        other for i, other in enumerate(parse.tokens[:index]) if other.pos in _NOMINAL or (not i and other.tag == "VB")
    ]
    if word in _PERSONS:
        return not any(map(is_person, before)) and not _has_later_subject(parse, index)
    if word in _THINGS:
        return not before and not _is_dummy(parse, index) and not _has_later_subject(parse, index)
    return word in _MANY and not before and not _has_later_subject(parse, index)


def _points(parse: Parse, index: int) -> bool:
    """Tell whether "this" or "those" stands for something; "those who", "that P" and days (`find_day`) do not."""
    token = parse.tokens[index]
    if token.tag != "DT" or _day_at(parse, index):
        return False
    if token.dep == "det":
        return not children_by(parse, token.head, "relcl", "prep", "acl")
    return not children_by(parse, index, "relcl", "prep", "acl")


def _day_at(parse: Parse, index: int) -> bool:
    return any(found.start() <= parse.tokens[index].start < found.end() for found in _NOW.finditer(parse.text))


def is_person(token: Token) -> bool:
    """Tell whether a noun names a person: a name, an office, or by its ending an agent ("baker")."""
    word = token.lemma.lower()
    known = word in load_words("role_nouns") or word in load_words("titles") or word in _PERSON_NOUNS
    return known or token.pos not in ("NOUN", "PRON") or bool(_AGENT.search(word))


def _has_later_subject(parse: Parse, index: int) -> bool:
    """Tell whether the pronoun stands in a clause before the main one, whose subject it can mean."""
    above = [index, *parse.ancestors(index)]
    clause = next((i for i in above if parse.tokens[i].dep in ("advcl", "prep", "csubj")), None)
    if clause is None:
        return False
    subjects = children_by(parse, above[-1], "nsubj", "nsubjpass")
    return any(i > index and parse.tokens[i].pos in ("NOUN", "PROPN") for i in subjects)


def _is_dummy(parse: Parse, index: int) -> bool:
    """Tell whether "it" stands for a clause ("it is clear that P") or for the weather."""
    token = parse.tokens[index]
    if token.dep not in ("nsubj", "nsubjpass", "expl"):
        return False
    below = children_by(parse, token.head, "ccomp", "xcomp", "advcl", "csubj", "relcl", "acl")
    inside = [j for i in children_by(parse, token.head, "acomp", "attr") for j in parse.children[i]]
    clausal = any(parse.tokens[j].dep in ("ccomp", "xcomp", "relcl", "acl", "advcl") for j in inside)
    return bool(below) or clausal or parse.tokens[token.head].lemma in ("rain", "snow")


def find_day(parse: Parse) -> str | None:
    """Return the words that give a day as seen from another ("this year"), None without any."""
    for found in _NOW.finditer(parse.text):
        if not _OWNED.search(parse.text[: found.start()]):
            return found.group()
    return None


def without_day(parse: Parse, words: str) -> str:
    """Return the statement without such words, "" where they do not stand for themselves ("this year's budget")."""
    start = parse.text.index(words)
    inside = [i for i, token in enumerate(parse.tokens) if start <= token.start < start + len(words)]
    tops = [i for i in inside if parse.tokens[i].head not in inside]
    if not inside or any(parse.tokens[i].dep not in ("npadvmod", "advmod", "tmod") for i in tops):
        return ""
    return sentence_of(parse, _kept(parse, inside))


def _kept(parse: Parse, left_out: Sequence[int]) -> list[int]:
    comma = left_out[-1] + 1
    gone = {*left_out, comma} if comma < len(parse.tokens) and parse.tokens[comma].text == "," else set(left_out)
    return [i for i in range(len(parse.tokens)) if i not in gone]
