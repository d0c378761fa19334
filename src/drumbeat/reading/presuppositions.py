"""Find presupposition triggers: words and constructions that take something for granted.

Kinds after Levinson (Pragmatics, 1983) and NOPE (Parrish et al. 2021), precision first: a word counts only
with the complement that makes it presuppose. `presupposed` is the span taken for granted, as printed, which
may need its subject to be read ("stopped [paying bribes]"). Limits: what a context cancels ("didn't stop: they
never started") is still found. Words are rows of the lexicons `triggers` and `event_nouns`; constructions are in
`constructions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from drumbeat.models.protocols import Parse
from drumbeat.reading.constructions import (
    Found,
    find_clefts,
    find_comparisons,
    find_counterfactuals,
    find_definites,
    find_iteratives,
    find_questions,
    find_temporal,
    is_event,
)
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.reading.trees import SUBJECTS, children_by, has_child, is_verb, trim
from drumbeat.records import Span, Trigger, TriggerKind
from drumbeat.text.lexicons import load_lexicon, load_words

_VERB_KINDS = {
    "factive": TriggerKind.FACTIVE,
    "implicative": TriggerKind.IMPLICATIVE,
    "change": TriggerKind.CHANGE_OF_STATE,
}
_WH = frozenset({"how", "why", "when", "where", "who", "what", "which", "whose"})


def find_triggers(parses: Mapping[int, ParsedSentence]) -> list[Trigger]:
    """Return the triggers of the parsed sentences, in text order."""
    triggers = [trigger for index in sorted(parses) for trigger in _of_sentence(parses[index])]
    return sorted(triggers, key=lambda trigger: (trigger.span.start, trigger.span.end, trigger.kind))


def _of_sentence(sentence: ParsedSentence) -> Iterator[Trigger]:
    for rule in _RULES:
        for kind, trigger, presupposed, found_by in rule(sentence.parse):
            kept = trim(sentence.parse, sorted(presupposed))
            yield Trigger(
                span=_span(sentence, trigger),
                kind=kind,
                presupposed=_span(sentence, kept) if kept else None,
                found_by=found_by,
            )


def _span(sentence: ParsedSentence, indices: Sequence[int]) -> Span:
    return sentence.span_of(min(indices), max(indices))


def find_verbs(parse: Parse) -> Iterator[Found]:
    """Find factive, implicative and change-of-state verbs with the complement their row asks for."""
    lexicon = load_lexicon("triggers")
    for verb, token in enumerate(parse.tokens):
        row = lexicon.get(token.lemma.lower()) if is_verb(parse, verb) else None
        if row is None or _is_imperative(parse, verb):
            continue
        complement = _complement(parse, verb, row[1:])
        if complement:
            yield _VERB_KINDS[row[0]], [verb], complement, f"{row[0]} verb"


def _is_imperative(parse: Parse, verb: int) -> bool:
    """Tell whether a verb is an order ("Remember that ...") or a root without subject."""
    return parse.tokens[verb].dep == "ROOT" and not children_by(parse, verb, *SUBJECTS)


def _complement(parse: Parse, verb: int, wanted: Sequence[str]) -> list[int]:
    for child in children_by(parse, verb, "ccomp", "xcomp", "dobj", "prep"):
        if child < verb:
            continue
        if _form(parse, child) in wanted:
            return parse.subtree(child)
        if f"prep:{parse.tokens[child].text.lower()}" in wanted and _names_event(parse, child):
            return [i for i in parse.subtree(child) if i != child]
    return []


def _names_event(parse: Parse, preposition: int) -> bool:
    return bool(children_by(parse, preposition, "pcomp")) or any(
        is_event(parse, noun) for noun in children_by(parse, preposition, "pobj")
    )


def _form(parse: Parse, child: int) -> str:
    """Return the form of a complement as the lexicon names it: clause, wh, inf, ing, obj, or "" for another."""
    token = parse.tokens[child]
    if token.dep == "dobj":
        return "obj" if is_event(parse, child) else ""
    if token.dep == "prep":
        return ""
    if has_child(parse, child, tag="TO"):
        return "inf"
    if token.dep == "xcomp":
        return "ing" if token.tag == "VBG" else ""
    first = parse.tokens[min(parse.subtree(child))].text.lower()
    if first in ("if", "whether"):
        return ""
    return "wh" if first in _WH else "clause"


def find_adjectives(parse: Parse) -> Iterator[Found]:
    """Find "aware that P", "sorry that P"."""
    for index, token in enumerate(parse.tokens):
        if token.lemma.lower() in load_words("factive_adjectives") and token.pos in ("ADJ", "VERB"):
            for clause in children_by(parse, index, "ccomp"):
                if clause > index and _form(parse, clause) in ("clause", "wh"):
                    yield TriggerKind.FACTIVE, [index], parse.subtree(clause), "factive adjective"


_RULES: tuple[Callable[[Parse], Iterator[Found]], ...] = (
    find_verbs,
    find_adjectives,
    find_definites,
    find_iteratives,
    find_temporal,
    find_clefts,
    find_counterfactuals,
    find_comparisons,
    find_questions,
)
