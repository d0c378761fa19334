"""How the views put findings into words, so that page, terminal and picture say the same thing."""

from __future__ import annotations

import re
from datetime import date

from drumbeat.records import Article, Commitment, Holder, Layer, Sighting, Speaker, Status
from drumbeat.tallies import Heading, RecallCard, TierCounts, Trace, shown_probability
from drumbeat.tiers import Tier

OUTLETS_VOICE = "the outlet\u2019s own voice"
"""Said where a sighting has no holder."""

STATUS_ORDER = (
    Status.TAKEN_FOR_GRANTED,
    Status.ASSERTED,
    Status.ATTRIBUTED,
    Status.HEDGED,
    Status.QUESTIONED,
    Status.DENIED,
)
"""The order in which every view lists statuses: from the firmest commitment of the outlet to its opposite."""

STATUS_SIGN = {
    Status.TAKEN_FOR_GRANTED: "\u25c6",
    Status.ASSERTED: "\u25cf",
    Status.ATTRIBUTED: "\u201d",
    Status.HEDGED: "\u2248",
    Status.QUESTIONED: "?",
    Status.DENIED: "\u00d7",
}
"""A sign per status, so that no view depends on colour alone."""

SHORT_ID_CHARS = 8
_LIKELIHOODS = (
    (0.95, "almost certainly"),
    (0.80, "very likely"),
    (0.55, "likely"),
    (0.45, "about as likely as not"),
    (0.20, "unlikely"),
    (0.05, "very unlikely"),
    (0.0, "almost certainly not"),
)

_STANDS = {
    Commitment.ASSERTS: ("asserts", "assert"),
    Commitment.PRESUPPOSES: ("takes for granted", "take for granted"),
    Commitment.HEDGES: ("hedges", "hedge"),
    Commitment.QUESTIONS: ("questions", "question"),
    Commitment.DENIES: ("denies", "deny"),
}
"""What somebody does with a statement, for one and for several."""

_SHORTEST_CHAIN = 2
_BEFORE_REST = re.compile(
    r",| (?:of|in|on|at|for|from|with|to|by|who|that|which|inside|close|near|familiar|including)\b"
)
_PLURALS = frozenset([
    "i", "you", "we", "they", "many", "some", "others", "several", "few", "most", "people", "police", "both", "those",
    "women", "men",
])  # fmt: skip
_OPENING_WORD = re.compile(
    r"(?:An?|The|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Several|Some|Many|Few|Other|Another|Both|His|Her|Its"
    r"|Their|These|Those|This|That|He|She|They|It|Senior|Former|Officials|Sources|Aides|Analysts|Experts|Critics"
    r"|People|Authorities|Investigators|Diplomats|Insiders|Observers|Lawmakers|Prosecutors|Supporters|Opponents)\b"
)
"""First words of an unnamed holder that are printed with a capital only because a sentence began with them."""


def say_sightings(trace: Trace) -> str:
    """Return how many sightings a trace counts: "12 confirmed sightings", or "30 sightings" of several tiers."""
    kind = f"{trace.tiers[0].value} sighting" if len(trace.tiers) == 1 else "sighting"
    return say_count(trace.sightings_count, kind)


def say_tiers(counts: TierCounts) -> str:
    """Return the counts of all tiers: "3 confirmed, 12 suggested, 1 set aside"."""
    return ", ".join(f"{counts.of(tier):,} {tier.value}" for tier in Tier)


def likelihood(probability: float) -> str:
    """Return a probability in plain words (the bounds of Intelligence Community Directive 203)."""
    return next(words for bound, words in _LIKELIHOODS if probability >= bound)


def figure(probability: float) -> str:
    """Return a probability with two decimals, never rounded up to certainty."""
    return f"{min(max(probability, 0.01), 0.99):.2f}"


def carried_as(sighting: Sighting) -> str:
    """Return status and holder as one phrase: "attributed to two officials (unnamed)"."""
    status, holder = sighting.status, sighting.holder
    if holder is None:
        return f"{status.value} \u2014 {_own_voice(status)}"
    if status is Status.ATTRIBUTED:
        return f"attributed to {holder_words(holder)}"
    return f"{status.value} by {holder_words(holder)}"


def _own_voice(status: Status) -> str:
    return f"{OUTLETS_VOICE}, nobody named" if status is Status.HEDGED else OUTLETS_VOICE


def holder_words(holder: Holder) -> str:
    """Return the fullest name of a holder; an unnamed one as printed, and said to be unnamed."""
    if not holder.named:
        return f"{_mid_sentence(holder.text)} (unnamed)"
    return holder.speaker or holder.text


def chain_line(sighting: Sighting) -> str:
    """Return a chain of two or more holders, outermost first: "Holt denies \u2190 the agencies assert"; else ""."""
    if len(sighting.chain) < _SHORTEST_CHAIN:
        return ""
    return " \u2190 ".join(_layer_words(layer) for layer in sighting.chain)


def _layer_words(layer: Layer) -> str:
    holder = layer.holder
    name = "the outlet" if holder is None else holder.speaker or _mid_sentence(holder.text) or "somebody unnamed"
    if layer.commitment is None:
        return f"{name} (how is not told)"
    singular, plural = _STANDS[layer.commitment]
    return f"{name} {plural if holder is not None and _is_plural(holder) else singular}"


def _is_plural(holder: Holder) -> bool:
    """Guess whether a holder is more than one: names are one unless joined, others go by their last word."""
    name = holder.speaker or holder.text
    if " and " in name:
        return True
    if holder.named:
        return False
    head = _BEFORE_REST.split(name, maxsplit=1)[0].split()[-1:] or [""]
    word = head[0].casefold()
    return word in _PLURALS or (word.endswith("s") and not word.endswith(("ss", "us", "is")))


def _mid_sentence(printed: str) -> str:
    return printed[0].lower() + printed[1:] if _OPENING_WORD.match(printed) else printed


def short_id(sighting: Sighting) -> str:
    """Return the beginning of a sighting's id, enough to name it in a notebook of usual size."""
    return sighting.sighting_id[:SHORT_ID_CHARS]


def standing(sighting: Sighting) -> str:
    """Return tier and likelihood as one phrase: "suggested, about as likely as not this theme, 0.48"."""
    probability = shown_probability(sighting)
    likely = f"{likelihood(probability)} this theme, {figure(probability)}"
    if sighting.answer is not None:
        likely = f"you said {sighting.answer.value}; {likely}"
    return f"{sighting.tier.value}, {likely}" if sighting.tier else likely


def seen_before(card: RecallCard) -> str:
    """Return how often, and when last, the theme was seen in articles of earlier days."""
    if not card.before_count:
        return "Not seen before."
    last = f", last on {say_date(card.last_seen_on)}" if card.last_seen_on else ""
    return f"Seen {say_count(card.before_count, 'time')} before{last}."


def speaker_name(speaker: Speaker) -> str:
    """Return the name of a speaker, or the printed description of an unnamed one."""
    return speaker.name or speaker.description or "somebody unnamed"


def speaker_standing(speaker: Speaker) -> str:
    """Return role and affiliation as printed, joined by a comma, without what the name says already."""
    name = speaker_name(speaker).lower()
    return ", ".join(part for part in (speaker.role, speaker.affiliation) if part and part.lower() not in name)


def outlet_words(heading: Heading | Article) -> str:
    """Return the outlet's printed name, or its domain, or that neither is known."""
    return heading.outlet_name or heading.outlet or "outlet unknown"


def title_words(heading: Heading | Article) -> str:
    """Return the title, or that there is none."""
    return heading.title or "(no title)"


def say_date(day: date | None) -> str:
    """Return a day as "4 March 2025"; "no date" for None."""
    return f"{day.day} {day:%B %Y}" if day else "no date"


def say_count(count: int, thing: str, plural: str | None = None) -> str:
    """Return a count with its noun: "1 time", "1,204 times"."""
    return f"{count:,} {thing if count == 1 else plural or thing + 's'}"
