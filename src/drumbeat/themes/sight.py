"""From articles to sightings: match every sentence, then read and judge only the neighbourhood of matches."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from drumbeat.models.decision import Decision
from drumbeat.models.opening import Models
from drumbeat.reading.parsed import ParsedSentence, parse_many, without_dateline
from drumbeat.reading.read import is_english, read_parsed
from drumbeat.records import Article, Match, Polarity, Reading, Sighting, Span
from drumbeat.text.canonical import wording_id_of
from drumbeat.text.passages import split_sentences
from drumbeat.themes.chain import find_chain
from drumbeat.themes.counter import turn_chain, turn_round
from drumbeat.themes.judge import Judged, SentenceView, judge_match
from drumbeat.themes.match import Found, Sentences, match_sentences
from drumbeat.themes.statements import StatementTable, ordinal_of


@dataclass(frozen=True, slots=True)
class _Hit:
    """A match, the statement's words and polarity, the index of its sentence, and how it is carried, (6,)."""

    match: Match
    statement: str
    polarity: Polarity
    sentence: int
    carriage: Sequence[float]


def find_sightings(
    articles: Sequence[Article],
    table: StatementTable,
    models: Models,
    decision: Decision,
    *,
    threshold: float | None = None,
) -> list[Sighting]:
    """Return the sightings in the articles, in text order; a theme at most once per sentence."""
    sentences = [split_sentences(article.text) for article in articles]
    columns = sentence_columns(articles, sentences)
    found = match_sentences(columns, table, models, decision, threshold=threshold)
    hits = _hits_by_article(articles, sentences, table, found, _model_name(models, decision))
    chosen_articles = sorted(hits)
    parses = parse_many([_neighbourhood(articles[i], sentences[i], hits[i]) for i in chosen_articles], models.parser)
    judging = (models, decision)
    return [
        sighting
        for index, parsed in zip(chosen_articles, parses, strict=True)
        for sighting in _judge_article(articles[index], sentences[index], hits[index], parsed, judging)
    ]


def sentence_columns(articles: Sequence[Article], sentences: Sequence[Sequence[Span]]) -> Sentences:
    """Return the sentences of all articles as columns, in order, without their datelines."""
    texts, befores, days = [], [], []
    for article, spans in zip(articles, sentences, strict=True):
        words = [without_dateline(span.of(article.text)) for span in spans]
        texts.extend(words)
        befores.extend(["", *words[:-1]] if words else [])
        days.extend([ordinal_of(article.published_on)] * len(words))
    return Sentences(texts, befores, np.array(days, np.int64))


def _hits_by_article(
    articles: Sequence[Article], sentences: Sequence[Sequence[Span]], table: StatementTable, found: Found, found_by: str
) -> dict[int, list[_Hit]]:
    """Group the matches by article, keeping each theme's most probable statement per sentence."""
    ends = np.cumsum([len(spans) for spans in sentences])
    best: dict[tuple[int, str], int] = {}
    for row in np.argsort(-found.probability, kind="stable").tolist():
        best.setdefault((int(found.sentence[row]), table.theme_ids[found.statement[row]]), row)
    hits: dict[int, list[_Hit]] = {}
    for (flat, theme_id), row in sorted(best.items()):
        index = int(np.searchsorted(ends, flat, side="right"))
        sentence = flat - (int(ends[index - 1]) if index else 0)
        statement = int(found.statement[row])
        match = Match(
            theme_id=theme_id,
            statement_id=table.statement_ids[statement],
            article_id=articles[index].article_id,
            span=sentences[index][sentence],
            probability=round(float(found.probability[row]), 4),
            found_by=found_by,
        )
        carriage = found.carriage[row].tolist()
        hit = _Hit(match, table.texts[statement], table.polarities[statement], sentence, carriage)
        hits.setdefault(index, []).append(hit)
    return hits


def _neighbourhood(
    article: Article, sentences: Sequence[Span], hits: Sequence[_Hit]
) -> tuple[str, Sequence[Span], Sequence[int]]:
    """Return what has to be parsed: the matched sentences, two before each, and the one behind."""
    return article.text, sentences, [near for hit in hits for near in range(hit.sentence - 2, hit.sentence + 2)]


def _judge_article(
    article: Article,
    sentences: Sequence[Span],
    hits: Sequence[_Hit],
    parses: Mapping[int, ParsedSentence],
    judging: tuple[Models, Decision],
) -> list[Sighting]:
    models, decision = judging
    wanted = [near for hit in hits for near in (hit.sentence - 1, hit.sentence)]
    tagged = models.tagger.tag(article.text, sentences, wanted) if is_english(article.language) else []
    reading = read_parsed(article, sentences, parses, tagged)
    views = [SentenceView(hit.match.span, parses.get(hit.sentence), hit.statement, hit.carriage) for hit in hits]
    found = [
        _sighting_of(hit, reading, sentences, judge_match(view, reading, decision))
        for hit, view in zip(hits, views, strict=True)
    ]
    return [_with_chain(sighting, hit, reading, parses) for sighting, hit in zip(found, hits, strict=True)]


def _sighting_of(hit: _Hit, reading: Reading, sentences: Sequence[Span], judged: Judged) -> Sighting:
    if hit.polarity is Polarity.COUNTERS:
        judged = turn_round(judged, hit.match.span)
    text, article = reading.article.text, reading.article
    exact = hit.match.span.of(text)
    return Sighting(
        sighting_id=_digest(hit.match.theme_id, hit.match.statement_id, article.article_id, str(hit.match.span.start)),
        match=hit.match,
        exact=exact,
        prefix=_neighbour(text, sentences, hit.sentence - 1),
        suffix=_neighbour(text, sentences, hit.sentence + 1),
        holder=judged.holder,
        commitment=judged.commitment,
        evidence=judged.evidence,
        wording_id=wording_id_of(exact),
        outlet=article.outlet,
        seen_on=article.published_on,
    )


def _with_chain(sighting: Sighting, hit: _Hit, reading: Reading, parses: Mapping[int, ParsedSentence]) -> Sighting:
    chain = find_chain(hit.match.span, hit.statement, reading, parses)
    return replace(sighting, chain=turn_chain(chain) if hit.polarity is Polarity.COUNTERS else chain)


def _neighbour(text: str, sentences: Sequence[Span], index: int) -> str:
    return sentences[index].of(text) if 0 <= index < len(sentences) else ""


def _model_name(models: Models, decision: Decision) -> str:
    names = (models.encoder.info.name, models.status.info.name)
    return f"{'+'.join(names)} {decision.version}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
