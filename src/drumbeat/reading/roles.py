"""What the text says a speaker is: title, office in apposition, and whom they speak for."""

from __future__ import annotations

import re

from drumbeat.reading.names import Name, name_at
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.reading.trees import children_by, noun_phrase
from drumbeat.text.lexicons import load_words

_LONGEST_ROLE_TOKENS = 14
_COURTESY = frozenset({"mr.", "mr", "mrs.", "mrs", "ms.", "ms", "miss", "sir", "dame", "lord", "lady"})
_PARTY = re.compile(r",? \(?((?:R|D|I|L|C)-[A-Z][A-Za-z.]*[A-Za-z])\.?\)?")
DETERMINER = re.compile(r"^(?:the|a|an) ", re.I)


def role_of(sentence: ParsedSentence, head: int, name: Name | None) -> str | None:
    """Return a speaker's role as printed ("Sen.", "trade minister of Vardia"), None where none is printed here."""
    if name is None:
        return sentence.tokens[head].text if _is_office(sentence, head) else None
    office = _apposed_office(sentence, head)
    if office is not None:
        return _clean(sentence, office)
    titles = [title for title in name.titles if title.lower() not in _COURTESY]
    return " ".join(titles) or None


def affiliation_of(sentence: ParsedSentence, head: int, name: Name | None) -> str | None:
    """Return whom a speaker belongs to, as printed ("R-Ohio", "Harbour Ministry"); None where not printed here."""
    if name is not None:
        party = _PARTY.match(sentence.parse.text, name.span.end - sentence.offset)
        if party:
            return party.group(1)
    office = _apposed_office(sentence, head) if name is not None else head if _is_office(sentence, head) else None
    return _body_of(sentence, office) if office is not None else None


def _apposed_office(sentence: ParsedSentence, head: int) -> int | None:
    if _is_office(sentence, head) and sentence.tokens[head].pos == "NOUN":
        return head
    for child in children_by(sentence.parse, head, "appos"):
        if _is_office(sentence, child):
            return child
    parent = sentence.tokens[head].head
    return parent if sentence.tokens[head].dep == "appos" and _is_office(sentence, parent) else None


def _is_office(sentence: ParsedSentence, index: int) -> bool:
    return sentence.tokens[index].lemma.lower() in load_words("role_nouns")


def _clean(sentence: ParsedSentence, office: int) -> str | None:
    parse = sentence.parse
    apart = [i for child in children_by(parse, office, "appos", "relcl", "acl") for i in parse.subtree(child)]
    phrase = noun_phrase(parse, office, without=apart)[:_LONGEST_ROLE_TOKENS]
    return DETERMINER.sub("", sentence.text_of(phrase[0], phrase[-1])) if phrase else None


def _body_of(sentence: ParsedSentence, office: int) -> str | None:
    """Return the name in "spokesman for the Harbour Ministry", "the ministry's"; only proper names count."""
    parse = sentence.parse
    for child in children_by(parse, office, "prep", "poss", "compound", "nmod"):
        places = [child] if parse.tokens[child].dep != "prep" else children_by(parse, child, "pobj")
        for place in places:
            body = name_at(sentence, place)
            if body is not None and not body.is_person:
                return body.text
    return None
