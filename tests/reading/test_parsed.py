import pytest

from drumbeat.models.spacy_parser import SpacyParser
from drumbeat.reading.parsed import dateline_chars, parse_sentences
from drumbeat.text.passages import split_sentences


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("HARROW BAY, Feb. 3 (Meridian Press) — The port closed.", "The port closed."),
        ("MOSCOW (AP) – Holt left.", "Holt left."),
        ("Harrow Bay (AP) - Holt left.", "Holt left."),
        ("NEW HARROW, Vardia — “We go,” she said.", "“We go,” she said."),
        ("VAST — the alliance — said no.", "VAST — the alliance — said no."),
        ("Holt left HARROW BAY — at last.", "Holt left HARROW BAY — at last."),
    ],
)
def test_a_dateline_is_left_out(sentence: str, rest: str) -> None:
    assert sentence[dateline_chars(sentence) :] == rest


def test_offsets_are_of_the_article(parser: SpacyParser) -> None:
    text = "HARROW BAY — Holt left.\n\nRenner stayed 🚢 behind."
    parses = parse_sentences(text, split_sentences(text), parser)
    for sentence in parses.values():
        for index, token in enumerate(sentence.tokens):
            assert sentence.span_of(index, index).of(text) == token.text == sentence.text_of(index, index)


def test_a_parse_is_a_tree(parser: SpacyParser) -> None:
    (parse,) = parser.parse(["Mara Holt said the port would close. Renner left."])
    assert parse.sentence_starts == (0, 8)
    assert sorted(i for start in parse.sentence_starts for i in parse.subtree(next(parse.ancestors(start), start)))
    for index, token in enumerate(parse.tokens):
        assert token.head == index or index in parse.children[token.head]
        assert parse.text[token.start : token.end] == token.text


def test_blank_and_endless_texts_have_no_tokens(parser: SpacyParser) -> None:
    assert [len(parse.tokens) for parse in parser.parse(["", " ", "x" * 100_001, "Holt left."])] == [0, 0, 0, 3]


def test_the_card_says_where_the_weights_come_from(parser: SpacyParser) -> None:
    assert (parser.info.licence, parser.info.kind, len(parser.info.sha256)) == ("MIT", "parser", 64)
