"""Recall: the card that a reader sees when a theme comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from drumbeat.records import Article, Bookmark, Sighting
from drumbeat.tallies import Feedback, RecallCard, heading_of, shown_probability, weigh_sighting
from drumbeat.tiers import Tier, TierLines

Seen = tuple[int, date | None]


def weigh_sightings(
    sightings: Iterable[Sighting], bookmarks: Iterable[Bookmark], feedback: Iterable[Feedback], lines: TierLines
) -> list[Sighting]:
    """Return new sightings as they stand with the reader, in order: by sensitivity, and by answers given before."""
    sensitivities = {bookmark.theme_id: bookmark.sensitivity for bookmark in bookmarks}
    answers = {(one.theme_id, one.article_id, one.span): one.answer for one in feedback}
    return [
        weigh_sighting(
            one,
            sensitivity=sensitivities[one.match.theme_id],
            lines=lines,
            answer=answers.get((one.match.theme_id, one.match.article_id, one.match.span)),
        )
        for one in sightings
    ]


def make_cards(
    article: Article, sightings: Sequence[Sighting], bookmarks: Iterable[Bookmark], seen_before: Mapping[str, Seen]
) -> tuple[RecallCard, ...]:
    """Return one card per theme that came back in an article, the surest first.

    `seen_before` gives per theme id how many sightings earlier days had, and the latest of those days.
    """
    by_theme: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        by_theme.setdefault(sighting.match.theme_id, []).append(sighting)
    cards = [
        make_card(article, by_theme[bookmark.theme_id], bookmark, seen_before.get(bookmark.theme_id, (0, None)))
        for bookmark in bookmarks
        if bookmark.theme_id in by_theme
    ]
    return tuple(sorted(cards, key=lambda card: -shown_probability(card.sightings[0])))


def make_card(article: Article, sightings: Sequence[Sighting], bookmark: Bookmark, seen: Seen) -> RecallCard:
    """Return the card of one theme in one article; the surest sighting gives its status."""
    ordered = sorted(sightings, key=lambda s: (s.tier is Tier.SUGGESTED, -shown_probability(s), s.match.span.start))
    return RecallCard(
        theme_id=bookmark.theme_id,
        theme=bookmark.name,
        bottom_line=bookmark.bottom_line,
        article=heading_of(article),
        sightings=tuple(ordered),
        status=ordered[0].status,
        before_count=seen[0],
        last_seen_on=seen[1],
    )
