import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.models.spacy_parser import SpacyParser
from drumbeat.reading.read import parse_sentences, read_article, read_parsed
from drumbeat.records import Article, Attribution, Reading, Span
from drumbeat.text.canonical import canonical_text
from drumbeat.text.passages import split_sentences

CASES = Path(__file__).parents[1] / "cases"
Case = dict[str, object]
SWAPS = {"Mara": "Tessa", "Holt": "Brandt", "Vardia": "Oskend", "Renner": "Keller", "Anna": "Peter"}
PRONOUNS = {"She": "He", "she": "he", "her": "his", "Her": "His"}


def cases(name: str) -> list[Case]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def article(text: str, language: str = "") -> Article:
    return Article(article_id="a", text=text, language=language)


def words(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [span.of(text) for span in spans]


def told(reading: Reading) -> list[dict[str, object]]:
    text = reading.article.text
    names = {s.speaker_id: s.name or f"~{s.description}" for s in reading.speakers}
    return [
        {
            "source": " … ".join(words(text, found.source)) or None,
            "cue": " … ".join(words(text, found.cue)),
            "content": words(text, found.content),
            "kind": str(found.kind),
            "speaker": names.get(found.speaker_id) if found.speaker_id is not None else None,
        }
        | ({"depth": found.depth} if found.depth else {})
        for found in reading.attributions
    ]


def taken(reading: Reading) -> list[dict[str, object]]:
    text = reading.article.text
    return [
        {"kind": str(t.kind), "span": t.span.of(text), "presupposed": t.presupposed and t.presupposed.of(text)}
        for t in reading.triggers
    ]


@pytest.mark.parametrize("case", cases("attributions"), ids=lambda case: case["id"])
def test_attributions(case: Case, parser: SpacyParser) -> None:
    assert told(read_article(article(str(case["text"])), parser)) == case["expected"]


@pytest.mark.parametrize("case", cases("triggers"), ids=lambda case: case["id"])
def test_triggers(case: Case, parser: SpacyParser) -> None:
    assert taken(read_article(article(str(case["text"])), parser)) == case["expected"]


def swapped(text: str, table: dict[str, str]) -> str:
    return re.sub(r"\b(" + "|".join(table) + r")\b", lambda found: table[found.group()], text)


@pytest.mark.parametrize("table", [SWAPS, SWAPS | PRONOUNS], ids=["names", "names and pronouns"])
@pytest.mark.parametrize("case", [*cases("attributions"), *cases("triggers")], ids=lambda case: case["id"])
def test_other_names_change_nothing_but_the_names(case: Case, table: dict[str, str], parser: SpacyParser) -> None:
    before = read_article(article(str(case["text"])), parser)
    after = read_article(article(swapped(str(case["text"]), table)), parser)
    assert json.loads(swapped(json.dumps(told(before)), table)) == told(after)
    assert json.loads(swapped(json.dumps(taken(before)), table)) == taken(after)


STORY = (
    "HARROW BAY — Mara Holt said the port would close. The crews were told on Monday.\n\n"
    "“We had no choice,” said Anna Renner, spokeswoman for the Harbour Ministry. “The cranes are unsafe.”\n\n"
    "She said the minister knew that the cranes were unsafe. Two officials denied this.\n\n"
    "The ferry left at noon."
)


def test_only_the_wanted_sentences_are_read(parser: SpacyParser) -> None:
    whole = read_article(article(STORY), parser)
    part = read_article(article(STORY), parser, sentences=[2, 3, 99])
    assert part.sentences == whole.sentences
    spans = {found.cue for found in part.attributions}
    assert spans == {found.cue for found in whole.attributions if found.cue[0].start < part.sentences[3].end} - {
        whole.attributions[0].cue
    }


def test_the_two_halves_are_the_whole(parser: SpacyParser) -> None:
    spans = split_sentences(STORY)
    assert read_parsed(article(STORY), spans, parse_sentences(STORY, spans, parser)) == read_article(
        article(STORY), parser
    )


def test_speakers_have_name_role_and_affiliation(parser: SpacyParser) -> None:
    speakers = {s.name or s.description: s for s in read_article(article(STORY), parser).speakers}
    assert speakers["Anna Renner"].role == "spokeswoman for the Harbour Ministry"
    assert speakers["Anna Renner"].affiliation == "Harbour Ministry"
    assert len(speakers["Anna Renner"].mentions) == 2
    assert speakers["Mara Holt"].named
    assert all(not s.named for name, s in speakers.items() if name not in ("Anna Renner", "Mara Holt"))


def test_a_later_surname_is_the_same_speaker(parser: SpacyParser) -> None:
    text = "Sen. Anna Renner said the port would close.\n\nThe crews left.\n\nMs. Renner said the cranes were unsafe."
    reading = read_article(article(text), parser)
    assert [(s.name, s.role) for s in reading.speakers] == [("Anna Renner", "Sen.")]
    assert [found.speaker_id for found in reading.attributions] == [0, 0]


@pytest.mark.parametrize(
    ("text", "language", "gap"),
    [
        ("", "", "the text has no sentences"),
        ("Le port ferme, dit-elle.", "fr", "no parser for the language 'fr'"),
        ("word " * 320, "en", "a sentence of more than 1500 characters"),
        ("She said: “the port will close.", "en", "a quotation mark without a partner"),
    ],
)
def test_what_cannot_be_read_is_a_gap(text: str, language: str, gap: str, parser: SpacyParser) -> None:
    assert gap in [found.why for found in read_article(article(canonical_text(text), language), parser).gaps]


SENTENCE = "Holt said that he the vote was rigged According to claims Mr. who denied and"
WORDS = SENTENCE.split()
PIECES = st.sampled_from([*WORDS, *"“”\"',.?:—‘’é🚢", "\n\n", "(AP) —", "...", "“We go,”", "\u200b"])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.one_of(st.lists(PIECES, max_size=60).map(" ".join), st.text(max_size=200)))
def test_any_text_is_read_without_an_error(raw: str, parser: SpacyParser) -> None:
    text = canonical_text(raw)
    reading = read_article(article(text), parser)
    for found in reading.attributions:
        for part in (found.source, found.cue, found.content):
            assert all(span.of(text).strip() for span in part)
            assert all(one.end <= other.start for one, other in pairwise(part))
        assert found.speaker_id is None or 0 <= found.speaker_id < len(reading.speakers)
        assert apart(found)
    assert all(
        trigger.span.of(text) and (not trigger.presupposed or trigger.presupposed.of(text))
        for trigger in reading.triggers
    )
    assert [first(found) for found in reading.attributions] == sorted(first(found) for found in reading.attributions)


def first(found: Attribution) -> int:
    return min(span.start for span in (*found.source, *found.cue, *found.content))


def apart(found: Attribution) -> bool:
    return not any(span.overlaps(other) for span in found.content for other in (*found.source, *found.cue))
