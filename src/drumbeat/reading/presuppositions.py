"""Find presupposition triggers: words and constructions that take something for granted.

Kinds after Levinson (Pragmatics, 1983) and NOPE (Parrish et al. 2021), precision first: a word counts only
with the complement that makes it presuppose. `presupposed` is the span taken for granted, as printed, which
may need its subject to be read ("stopped [paying bribes]"). Limits: what a context cancels ("didn't stop: they
never started") is still found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from drumbeat.models.protocols import Parse
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.reading.trees import SUBJECTS, children_by, is_verb, trim
from drumbeat.records import Span, Trigger, TriggerKind
from drumbeat.text.lexicons import load_lexicon, load_words

_VERB_KINDS = {
    "factive": TriggerKind.FACTIVE,
    "implicative": TriggerKind.IMPLICATIVE,
    "change": TriggerKind.CHANGE_OF_STATE,
}
_WH = frozenset({"how", "why", "when", "where", "who", "what", "which", "whose"})
_ASKING = frozenset({"why", "when", "where", "how"})
_FACTIVE_ADJECTIVES = frozenset(
    {
        "aware",
        "unaware",
        "glad",
        "sorry",
        "proud",
        "ashamed",
        "embarrassed",
        "relieved",
        "grateful",
        "mindful",
        "saddened",
    }
)
_TEMPORAL = frozenset({"after", "before", "since", "while", "until", "when"})

Found = tuple[TriggerKind, list[int], list[int], str]
"""Kind, tokens of the trigger, tokens presupposed, name of the rule."""


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


def _verbs(parse: Parse) -> Iterator[Found]:
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
    for child in children_by(parse, verb, "ccomp", "xcomp", "dobj", "pcomp", "prep"):
        if child > verb and _form(parse, child) & set(wanted):
            return parse.subtree(child)
        if child > verb and any(
            w.startswith("prep:") and parse.tokens[child].text.lower() in w[5:].split(",") for w in wanted
        ):
            return [i for i in parse.subtree(child) if i != child]
    return []


def _form(parse: Parse, child: int) -> set[str]:
    token, first = parse.tokens[child], parse.tokens[min(parse.subtree(child))]
    if token.dep == "ccomp":
        if first.text.lower() in ("if", "whether") or any(parse.tokens[i].tag == "TO" for i in parse.children[child]):
            return set()
        if first.text.lower() in _WH:
            return {"wh"}
        return (
            {"clause"}
            if any(
                parse.tokens[i].text.lower() == "that" and parse.tokens[i].dep == "mark" for i in parse.children[child]
            )
            or token.tag in ("VBD", "VBZ", "VBP", "MD")
            else {"ing"}
            if token.tag == "VBG"
            else set()
        )
    if token.dep == "xcomp":
        return (
            {"ing"}
            if token.tag == "VBG"
            else {"inf"}
            if any(parse.tokens[i].tag == "TO" for i in parse.children[child])
            else set()
        )
    if token.dep == "dobj":
        return {"obj"} if _is_event(parse, child) else set()
    return set()


def _is_event(parse: Parse, index: int) -> bool:
    token = parse.tokens[index]
    return token.pos == "NOUN" and token.lemma.lower() in load_words("event_nouns")


def _adjectives(parse: Parse) -> Iterator[Found]:
    for index, token in enumerate(parse.tokens):
        if token.lemma.lower() in _FACTIVE_ADJECTIVES and token.pos in ("ADJ", "VERB"):
            for clause in children_by(parse, index, "ccomp"):
                if clause > index:
                    yield TriggerKind.FACTIVE, [index], parse.subtree(clause), "factive adjective"


def _definites(parse: Parse) -> Iterator[Found]:
    """Find "Russia's meddling in ...", "the cover-up of ...", "the fact that ..."."""
    for index, token in enumerate(parse.tokens):
        if token.lemma.lower() == "fact" and token.pos == "NOUN":
            for clause in children_by(parse, index, "acl"):
                if any(parse.tokens[i].dep == "mark" for i in parse.children[clause]):
                    yield TriggerKind.DEFINITE, [index], parse.subtree(clause), "the fact that"
            continue
        if not _is_event(parse, index) or _is_hedged(parse, index):
            continue
        owner = children_by(parse, index, "poss")
        is_definite = any(
            parse.tokens[i].text.lower() in ("the", "this", "that") for i in children_by(parse, index, "det")
        )
        object_of = [
            i
            for i in children_by(parse, index, "prep")
            if parse.tokens[i].text.lower() in ("in", "of", "by", "with", "on", "against", "to", "for")
        ]
        if owner and (object_of or token.text.endswith("ing")):
            yield TriggerKind.DEFINITE, [*owner, index], _noun_clause(parse, index), "owner + event noun"
        elif is_definite and any(parse.tokens[i].text.lower() in ("of", "by", "in", "against") for i in object_of):
            determiner = children_by(parse, index, "det")[0]
            yield TriggerKind.DEFINITE, [determiner, index], _noun_clause(parse, index), "definite event noun"


def _is_hedged(parse: Parse, index: int) -> bool:
    """Tell whether the noun is said to be only alleged, possible, or is denied by a determiner."""
    hedges = load_words("hedges")
    return any(
        parse.tokens[i].lemma.lower() in hedges or parse.tokens[i].text.lower() in hedges for i in parse.children[index]
    )


def _noun_clause(parse: Parse, index: int) -> list[int]:
    apart = {i for child in children_by(parse, index, "relcl", "conj", "cc", "appos") for i in parse.subtree(child)}
    kept = [i for i in parse.subtree(index) if i not in apart]
    first = last = kept.index(index)
    while first > 0 and kept[first - 1] == kept[first] - 1:
        first -= 1
    while last + 1 < len(kept) and kept[last + 1] == kept[last] + 1:
        last += 1
    return kept[first : last + 1]


def _iteratives(parse: Parse) -> Iterator[Found]:
    for index, token in enumerate(parse.tokens):
        word = token.text.lower()
        is_once_more = (
            word == "again"
            and token.dep == "advmod"
            and (index == 0 or parse.tokens[index - 1].text.lower() not in ("and", "again", "then", "once", "yet"))
        )
        is_anew = word in ("anew",) and token.dep == "advmod"
        if (
            (is_once_more or is_anew)
            and is_verb(parse, token.head)
            and index > 0
            and parse.tokens[index - 1].text not in (",", ".")
        ):
            yield TriggerKind.ITERATIVE, [index], _without(parse, token.head, index), "iterative adverb"
        elif word in ("another",) and token.dep == "det" and _is_event(parse, token.head):
            yield TriggerKind.ITERATIVE, [index], _noun_clause(parse, token.head), "another + event noun"


def _without(parse: Parse, verb: int, index: int) -> list[int]:
    """Return the verb's clause up to the adverb, as one run."""
    kept = [i for i in parse.subtree(verb) if i < index]
    start = len(kept) - 1
    while start > 0 and kept[start - 1] == kept[start] - 1:
        start -= 1
    return kept[max(start, 0) :]


def _temporal(parse: Parse) -> Iterator[Found]:
    """Find "after P", "before P", "since P": finite clauses, and event nouns with an owner or a definite article."""
    for index, token in enumerate(parse.tokens):
        word = token.text.lower()
        if word not in _TEMPORAL:
            continue
        head = parse.tokens[token.head]
        if (
            token.dep == "mark"
            and head.dep == "advcl"
            and head.tag in ("VBD", "VBZ", "VBP")
            and word in ("after", "since", "before", "while")
        ):
            if word == "since" and not _is_past(parse, token.head):
                continue
            if word == "before" or (word == "while" and not _is_past(parse, token.head)):
                continue
            yield TriggerKind.TEMPORAL, [index], [i for i in parse.subtree(token.head) if i > index], "temporal clause"
        elif token.dep == "prep" and word in ("after", "since", "before"):
            for noun in children_by(parse, index, "pobj"):
                if _is_event(parse, noun) and children_by(parse, noun, "poss", "det") and not _is_hedged(parse, noun):
                    yield TriggerKind.TEMPORAL, [index], _noun_clause(parse, noun), "temporal event noun"


def _is_past(parse: Parse, verb: int) -> bool:
    return parse.tokens[verb].tag == "VBD" or any(
        parse.tokens[i].tag == "VBD" for i in children_by(parse, verb, "aux", "auxpass")
    )


def _clefts(parse: Parse) -> Iterator[Found]:
    """Find "It was Holt who P"; "what P is ..."."""
    for index, token in enumerate(parse.tokens):
        if token.lemma.lower() != "be" or not is_verb(parse, index):
            continue
        subjects = children_by(parse, index, "nsubj", "expl")
        attributes = children_by(parse, index, "attr")
        if subjects and attributes and parse.tokens[subjects[0]].text.lower() == "it":
            for clause in children_by(parse, attributes[0], "relcl"):
                first = min(parse.subtree(clause))
                if parse.tokens[first].text.lower() in ("who", "that") and _is_pointed(parse, attributes[0]):
                    yield TriggerKind.CLEFT, [subjects[0], index], parse.subtree(clause), "it-cleft"


def _is_pointed(parse: Parse, index: int) -> bool:
    """Tell whether a noun is definite: a name, or with "the" or an owner ("it was a war that" is no cleft)."""
    token = parse.tokens[index]
    return (
        token.pos in ("PROPN", "PRON")
        or bool(children_by(parse, index, "poss"))
        or any(parse.tokens[i].text.lower() == "the" for i in children_by(parse, index, "det"))
    )


def _counterfactuals(parse: Parse) -> Iterator[Found]:
    """Find "if they had not P, ... would have": the opposite of the if-clause is taken for granted."""
    for index, token in enumerate(parse.tokens):
        if token.text.lower() != "if" or token.dep != "mark":
            continue
        clause = token.head
        main = parse.tokens[clause].head
        has_had = any(
            parse.tokens[i].text.lower() in ("had", "'d", "\u2019d") for i in children_by(parse, clause, "aux")
        )
        words = {parse.tokens[i].text.lower() for i in children_by(parse, main, "aux")} if main != clause else set()
        if (
            has_had
            and words & {"would", "could", "might", "should", "'d", "\u2019d"}
            and words & {"have", "\u2019ve", "'ve"}
        ):
            yield (
                TriggerKind.COUNTERFACTUAL,
                [index],
                [i for i in parse.subtree(clause) if i > index],
                "counterfactual if",
            )


def _comparisons(parse: Parse) -> Iterator[Found]:
    """Find "even more P than": what is compared is taken to hold already."""
    for index, token in enumerate(parse.tokens):
        if (
            token.text.lower() == "even"
            and index + 1 < len(parse.tokens)
            and parse.tokens[index + 1].tag in ("JJR", "RBR")
        ):
            head = parse.tokens[index + 1].head
            end = head if 0 < head - index <= 3 and parse.tokens[head].pos in ("ADJ", "NOUN", "ADV") else index + 1
            yield TriggerKind.COMPARISON, [index, index + 1], list(range(index + 1, end + 1)), "even + comparative"


def _questions(parse: Parse) -> Iterator[Found]:
    """Find "Why did P?": the rest of a wh-question about cause, time, place or manner."""
    starts = [*parse.sentence_starts, len(parse.tokens)]
    for first, after in pairwise(starts):
        words = [i for i in range(first, after) if parse.tokens[i].dep != "punct"]
        if len(words) < 4 or not any(parse.tokens[i].text == "?" for i in range(words[-1], after)):
            continue
        wh, helper = words[0], words[1]
        if parse.tokens[wh].text.lower() in _ASKING and parse.tokens[helper].text.lower() in (
            "did",
            "does",
            "do",
            "is",
            "are",
            "was",
            "were",
            "has",
            "have",
        ):
            if parse.tokens[wh].text.lower() == "how" and parse.tokens[helper].text.lower() in (
                "is",
                "are",
                "was",
                "were",
            ):
                continue
            yield TriggerKind.QUESTION, [wh], words[2:], "wh-question"


_RULES: tuple[Callable[[Parse], Iterator[Found]], ...] = (
    _verbs, _adjectives, _definites, _iteratives, _temporal, _clefts, _counterfactuals, _comparisons, _questions,
)  # fmt: skip
