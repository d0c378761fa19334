"""Through whom a theme comes: chains of holders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drumbeat.models.opening import open_parser, open_tagger
from drumbeat.models.protocols import Parser, Tagger
from drumbeat.reading.read import parse_sentences, read_parsed
from drumbeat.records import Article, Layer
from drumbeat.text.passages import split_sentences
from drumbeat.themes.chain import find_chain

LINES = (Path(__file__).parents[1] / "cases" / "chains.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]
Told = list[list[str | None]]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return open_parser()


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


def chain(text: str, statement: str, parser: Parser, tagger: Tagger | None) -> tuple[Layer, ...]:
    sentences = split_sentences(text)
    parses = parse_sentences(text, sentences, parser)
    tagged = tagger.tag(text, sentences) if tagger else None
    reading = read_parsed(Article(article_id="a", text=text), sentences, parses, tagged)
    return find_chain(sentences[-1], statement, reading, parses)


def told(layers: tuple[Layer, ...]) -> Told:
    return [
        [one.holder and (one.holder.speaker or one.holder.text), one.commitment and str(one.commitment)]
        for one in layers
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_chains(case: dict[str, str], parser: Parser, tagger: Tagger) -> None:
    assert told(chain(case["text"], case["statement"], parser, tagger)) == case["expected"]
