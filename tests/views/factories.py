"""A rich reading, its recall cards and traces, all about invented countries, people and outlets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from drumbeat.records import (
    Article,
    Attribution,
    Bookmark,
    Commitment,
    Evidence,
    Gap,
    Holder,
    Match,
    QuoteKind,
    Reading,
    Sighting,
    Span,
    Speaker,
    Statement,
    Status,
    Trigger,
    TriggerKind,
)
from drumbeat.tallies import Heading, OutletCount, RecallCard, Trace, TraceCell, heading_of
from drumbeat.text.passages import split_passages, split_sentences

MADE_AT = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)

TEXT = """PORT SELWYN, Maridia — The government of Maridia will reopen talks next week on leasing its deepest \
harbour to a company from neighbouring Calvenia, three officials said on Thursday, a decision that has once again \
divided a cabinet still shaken by Calvenia’s meddling in the 2023 parliamentary vote.

The lease, first signed in secret in November and told to parliament only last month, would give Brandt Meridian, \
a shipping firm based in the Calvenian capital, the use of two piers at Port Selwyn for forty years. In return the \
firm would dredge the channel, rebuild the rail yard and pay 90 million crowns a year.

“This is a commercial agreement and nothing else,” said Orla Venn, the minister for harbours. “The piers were \
designed for grain, they will be used for grain, and anyone is welcome to come and count the sacks.”

Not everyone around the cabinet table is persuaded. Two security officials, who spoke on condition of anonymity \
because the assessment is not public, said that the eastern pier had been built to take vessels far heavier than \
any grain carrier, and that Calvenia intends to station warships there before the end of the decade.

The Calvenian foreign ministry denied that the harbour would ever host a naval base. “We have heard this story \
before every Maridian election,” a spokesman, Teodor Haskel, told reporters in a telephone briefing. “It was fiction \
then and it is fiction now.”

The dispute has stopped being only about trade. Opposition leader Ivo Marran, whose party lost by eleven seats in \
2023, stopped short of calling for the lease to be cancelled, but he said the timing was “remarkable, even for this \
government.” Mr. Marran has regretted that the commission on the vote never heard witnesses from abroad.

That commission, chaired by a retired judge, published its report last spring. It found that payments from abroad \
had reached at least two campaign offices, but it could not establish who had sent them. The report does not name \
Calvenia. Its author, Judge Hanne Sorrel, declined to comment for this article.

In Port Selwyn itself the mood is more practical. “If the rail yard comes back, my son comes back,” said Petra Lund, \
who manages a chandlery on the old quay. She has hung two flags in the window, one of each country, “so that nobody \
can say I picked a side.”

Economists are split as well. Dr. Samir Oduya of the Coastal Policy Institute estimates that the rent would cover \
about a third of what the dredging alone would cost the treasury. Had the state borrowed the money itself, he \
argued, the harbour would have paid for the work within fifteen years.

A former adviser to the prime minister said the first draft of the lease had contained a clause on “port calls by \
state vessels,” which was struck out in January. According to the adviser, it was the harbour ministry that asked \
for the change. The ministry did not answer questions about the draft.

Analysts point to a wider pattern. Since Calvenia opened its first overseas pier six years ago, its firms have \
signed four leases in the region, and in two of the harbours naval vessels have later been seen at anchor. Whether \
they were there by treaty or by courtesy is a matter on which the governments concerned do not agree.

Parliament is expected to vote before the summer recess. It again needs a majority of both chambers, which the \
coalition holds by a single seat in the upper house. If one senator stays at home, the lease falls; and at least \
four have told this newspaper that they may."""


def span(words: str, *, nth: int = 0, text: str = TEXT) -> Span:
    """Return where the nth occurrence of some words stands; fails where it does not."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start=start, end=start + len(words))


def article() -> Article:
    return Article(
        article_id="a-port-selwyn",
        text=TEXT,
        title="Maridia to reopen talks on leasing its deepest harbour",
        byline="Lena Aldous and Karim Toft",
        outlet="selwyncourier.example",
        outlet_name="The Selwyn Courier",
        url="https://selwyncourier.example/2026/03/12/harbour-lease",
        published_on=date(2026, 3, 12),
        language="en",
    )


def speakers() -> tuple[Speaker, ...]:
    return (
        Speaker(speaker_id=0, named=False, description="three officials", mentions=(span("three officials"),)),
        Speaker(
            speaker_id=1,
            name="Orla Venn",
            named=True,
            role="minister for harbours",
            affiliation="Maridia",
            mentions=(span("Orla Venn"),),
        ),
        Speaker(
            speaker_id=2,
            named=False,
            description="Two security officials",
            role="security officials",
            mentions=(span("Two security officials"),),
        ),
        Speaker(
            speaker_id=3,
            name="Calvenian foreign ministry",
            named=True,
            mentions=(span("The Calvenian foreign ministry"),),
        ),
        Speaker(
            speaker_id=4,
            name="Teodor Haskel",
            named=True,
            role="spokesman",
            affiliation="Calvenian foreign ministry",
            mentions=(span("Teodor Haskel"),),
        ),
        Speaker(
            speaker_id=5,
            name="Ivo Marran",
            named=True,
            role="opposition leader",
            mentions=(span("Ivo Marran"), span("Mr. Marran")),
        ),
        Speaker(speaker_id=6, name="Petra Lund", named=True, mentions=(span("Petra Lund"),)),
        Speaker(
            speaker_id=7,
            name="Samir Oduya",
            named=True,
            role="economist",
            affiliation="Coastal Policy Institute",
            mentions=(span("Dr. Samir Oduya"),),
        ),
        Speaker(
            speaker_id=8,
            named=False,
            description="A former adviser to the prime minister",
            role="former adviser",
            mentions=(span("A former adviser to the prime minister"), span("the adviser")),
        ),
    )


def _said(
    source: str, cue: str, *content: str, kind: QuoteKind, speaker: int, near: str | None = None, depth: int = 0
) -> Attribution:
    """Build an attribution; `near` is a unique phrase that holds source or cue where these are not unique."""
    return Attribution(
        source=(_near(source, near),),
        cue=(_near(cue, near),),
        content=tuple(span(part) for part in content),
        kind=kind,
        speaker_id=speaker,
        depth=depth,
        found_by="cue-lexicon+parse 1",
        score=0.87,
    )


def _near(words: str, phrase: str | None) -> Span:
    if phrase is None or words not in phrase:
        return span(words)
    start = TEXT.index(phrase) + phrase.index(words)
    return Span(start=start, end=start + len(words))


def attributions() -> tuple[Attribution, ...]:
    """Return ten attributions; the last is marked as nested, to exercise depth."""
    direct, mixed, indirect = QuoteKind.DIRECT, QuoteKind.MIXED, QuoteKind.INDIRECT
    warships = span("that the eastern pier had been built").start
    end = span("before the end of the decade").end
    return (
        _said(
            "three officials",
            "said",
            "The government of Maridia will reopen talks next week on leasing its deepest harbour to a company from "
            "neighbouring Calvenia",
            kind=indirect,
            speaker=0,
        ),
        _said(
            "Orla Venn",
            "said",
            "“This is a commercial agreement and nothing else,”",
            "“The piers were designed for grain, they will be used for grain, and anyone is welcome to come and count "
            "the sacks.”",
            kind=direct,
            speaker=1,
            near="said Orla Venn",
        ),
        _said(
            "Two security officials", "said", TEXT[warships:end], kind=indirect, speaker=2, near="said that the eastern"
        ),
        _said(
            "The Calvenian foreign ministry",
            "denied",
            "that the harbour would ever host a naval base",
            kind=indirect,
            speaker=3,
        ),
        _said(
            "Teodor Haskel",
            "told reporters",
            "“We have heard this story before every Maridian election,”",
            "“It was fiction then and it is fiction now.”",
            kind=direct,
            speaker=4,
        ),
        _said(
            "he",
            "said",
            "the timing was “remarkable, even for this government.”",
            kind=mixed,
            speaker=5,
            near="he said the timing",
        ),
        _said(
            "Petra Lund",
            "said",
            "“If the rail yard comes back, my son comes back,”",
            kind=direct,
            speaker=6,
            near="said Petra",
        ),
        _said(
            "Dr. Samir Oduya of the Coastal Policy Institute",
            "estimates",
            "that the rent would cover about a third of what the dredging alone would cost the treasury",
            kind=indirect,
            speaker=7,
        ),
        _said(
            "A former adviser to the prime minister",
            "said",
            "the first draft of the lease had contained a clause on “port calls by state vessels,” which was struck "
            "out in January",
            kind=mixed,
            speaker=8,
            near="said the first draft",
        ),
        _said(
            "the adviser",
            "According to",
            "it was the harbour ministry that asked for the change",
            kind=indirect,
            speaker=8,
            depth=1,
        ),
    )


def triggers() -> tuple[Trigger, ...]:
    def trigger(words: str, kind: TriggerKind, presupposed: str | None = None) -> Trigger:
        return Trigger(
            span=span(words),
            kind=kind,
            presupposed=span(presupposed) if presupposed else None,
            found_by="trigger-lexicon 1",
        )

    return (
        trigger("reopen", TriggerKind.ITERATIVE, "talks next week"),
        trigger("once again", TriggerKind.ITERATIVE, "divided a cabinet"),
        trigger("Calvenia’s meddling", TriggerKind.DEFINITE, "meddling in the 2023 parliamentary vote"),
        trigger("has stopped", TriggerKind.CHANGE_OF_STATE, "being only about trade"),
        trigger("regretted that", TriggerKind.FACTIVE, "the commission on the vote never heard witnesses from abroad"),
        trigger("Had the state borrowed", TriggerKind.COUNTERFACTUAL, "the state borrowed the money itself"),
        trigger("it was the harbour ministry that", TriggerKind.CLEFT, "asked for the change"),
        trigger("Since Calvenia opened", TriggerKind.TEMPORAL, "Calvenia opened its first overseas pier six years ago"),
    )


def reading() -> Reading:
    return Reading(
        article=article(),
        passages=split_passages(TEXT),
        sentences=split_sentences(TEXT),
        attributions=attributions(),
        speakers=speakers(),
        triggers=triggers(),
        gaps=(
            Gap(
                what="“This newspaper” was not resolved to a speaker",
                why="the outlet itself is quoted as a listener, which the rules do not cover",
                span=span("four have told this newspaper that they may"),
            ),
            Gap(what="The byline was not checked against the page", why="the text came from a file, without its page"),
        ),
    )


MEDDLING = "Calvenia meddled in Maridia’s 2023 vote"
NAVAL_BASE = "Port Selwyn is to become a naval base"


def cards() -> tuple[RecallCard, ...]:
    """Return two cards: one sighting taken for granted; one attributed and one denied of another theme."""
    heading = heading_of(article())
    meddling = _sighting(
        "s1",
        theme_id="t-meddling",
        words="a decision that has once again divided a cabinet still shaken by Calvenia’s meddling in the 2023 "
        "parliamentary vote",
        commitment=Commitment.PRESUPPOSES,
        probability=0.97,
        evidence=(("Calvenia’s meddling", "definite description"), ("still shaken by", "factive frame")),
    )
    attributed = _sighting(
        "s2",
        theme_id="t-base",
        words="that Calvenia intends to station warships there before the end of the decade",
        commitment=Commitment.ASSERTS,
        probability=0.88,
        holder=Holder(text="Two security officials", named=False, span=span("Two security officials")),
        evidence=(("intends to station", "content of an attribution"),),
    )
    denied = _sighting(
        "s3",
        theme_id="t-base",
        words="The Calvenian foreign ministry denied that the harbour would ever host a naval base.",
        commitment=Commitment.DENIES,
        probability=0.74,
        holder=Holder(text="The Calvenian foreign ministry", named=True, speaker="Calvenian foreign ministry"),
        evidence=(("denied", "denial cue"),),
    )
    return (
        RecallCard(
            theme_id="t-meddling",
            theme=MEDDLING,
            bottom_line="Money reached two campaign offices; nobody has shown who sent it. The commission’s report "
            "does not name Calvenia.",
            article=heading,
            sightings=(meddling,),
            status=meddling.status,
            before_count=14,
            last_seen_on=date(2026, 2, 27),
        ),
        RecallCard(
            theme_id="t-base",
            theme=NAVAL_BASE,
            bottom_line="No published document mentions warships. Ask who has seen the January draft.",
            article=heading,
            sightings=(attributed, denied),
            status=attributed.status,
            before_count=0,
        ),
    )


def _sighting(
    sighting_id: str,
    *,
    theme_id: str,
    words: str,
    commitment: Commitment,
    probability: float,
    holder: Holder | None = None,
    evidence: Sequence[tuple[str, str]] = (),
) -> Sighting:
    where = span(words)
    return Sighting(
        sighting_id=sighting_id,
        match=Match(
            theme_id=theme_id,
            statement_id=f"{theme_id}-1",
            article_id="a-port-selwyn",
            span=where,
            probability=probability,
            found_by="minilm 1 + bm25 + judge 1",
        ),
        exact=words,
        holder=holder,
        commitment=commitment,
        evidence=tuple(Evidence(span=span(part), rule=rule) for part, rule in evidence),
        wording_id=f"w-{sighting_id}",
        outlet="selwyncourier.example",
        seen_on=date(2026, 3, 12),
    )


def trace(*, months: int = 27, start: date = date(2024, 1, 1)) -> Trace:
    """Return a theme that drifts from attributed to taken for granted over some months, with quiet months between."""
    cells: list[TraceCell] = []
    for step in range(months):
        month = date(start.year + (start.month - 1 + step) // 12, (start.month - 1 + step) % 12 + 1, 1)
        cells += [TraceCell(month=month, status=status, count=n) for status, n in _drift(step, months) if n > 0]
    total = sum(cell.count for cell in cells)
    return Trace(
        theme_id="t-meddling",
        theme=MEDDLING,
        cells=tuple(cells),
        outlets=(
            OutletCount(outlet="selwyncourier.example", count=total // 2, first_on=date(2024, 1, 9)),
            OutletCount(outlet="maridiapost.example", count=total // 3, first_on=date(2024, 1, 17)),
            OutletCount(outlet="northquay.example", count=total - total // 2 - total // 3, first_on=date(2024, 5, 2)),
        ),
        first=cards()[0].sightings[0] if cells else None,
        first_in=Heading(
            article_id="a-first",
            title="Two offices searched after questions over campaign money",
            outlet="maridiapost.example",
            outlet_name="Maridia Post",
            published_on=date(start.year, start.month, 9),
        )
        if cells
        else None,
        sightings_count=total,
        copies=total // 7,
        undated=2 if cells else 0,
    )


def _drift(step: int, months: int) -> tuple[tuple[Status, int], ...]:
    if step % 9 == 5:  # a quiet month
        return ()
    late = step / max(1, months - 1)
    wave = (step * 5) % 7
    return (
        (Status.TAKEN_FOR_GRANTED, round(late * late * (9 + wave))),
        (Status.ASSERTED, round(late * 3 + wave / 4)),
        (Status.ATTRIBUTED, round((1 - late) * 8 + wave / 2) + 1),
        (Status.HEDGED, 1 + (step % 3) if late < 0.7 else step % 2),
        (Status.QUESTIONED, 1 if step % 4 == 1 else 0),
        (Status.DENIED, 2 if step % 6 == 2 else 0),
    )


def empty_trace() -> Trace:
    return Trace(theme_id="t-none", theme="A theme nobody has carried yet", cells=(), outlets=())


def bookmarks() -> tuple[Bookmark, ...]:
    def bookmark(theme_id: str, name: str, bottom_line: str, *statements: str) -> Bookmark:
        return Bookmark(
            theme_id=theme_id,
            name=name,
            statements=tuple(Statement(statement_id=f"{theme_id}-{n}", text=s) for n, s in enumerate(statements)),
            bottom_line=bottom_line,
            tags=("elections", "calvenia"),
            bookmarked_at=MADE_AT,
            edited_at=MADE_AT,
        )

    return (
        bookmark("t-meddling", MEDDLING, cards()[0].bottom_line, "Calvenia interfered in the 2023 election."),
        bookmark("t-base", NAVAL_BASE, cards()[1].bottom_line, "Warships will use the port.", "The port is military."),
    )
