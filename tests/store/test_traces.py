import datetime as dt

import pytest

from drumbeat.errors import UnknownTheme
from drumbeat.records import Commitment, Status
from drumbeat.tallies import OutletCount, SightingFilter, TraceCell, heading_of
from store.samples import as_found, make_article, make_bookmark, make_sighting, make_store

DAM = make_bookmark()


def carry(store, number, day, outlet, commitment=Commitment.ASSERTS, wording="w"):
    article = make_article(number, published_on=day, outlet=outlet)
    sighting = make_sighting(article, DAM, commitment=commitment, wording_id=wording)
    store.save_batch([article], [sighting], matched_through=1)
    return sighting, article


@pytest.fixture
def store(tmp_path):
    with make_store(tmp_path, DAM) as store:
        yield store


def test_a_copied_wording_counts_once_at_its_first_day(store):
    carry(store, 1, dt.date(2030, 3, 5), "b.example")
    first, article = carry(store, 2, dt.date(2030, 2, 27), "a.example", Commitment.PRESUPPOSES)
    carry(store, 3, None, "a.example")
    trace = store.trace_counts("Orlo dam")
    assert trace.cells == (TraceCell(month=dt.date(2030, 2, 1), status=Status.TAKEN_FOR_GRANTED, count=1),)
    assert (trace.sightings_count, trace.copies, trace.undated) == (3, 2, 0)
    assert (as_found(trace.first), trace.first_in) == (first, heading_of(article))
    assert trace.outlets == (
        OutletCount(outlet="a.example", count=1, first_on=dt.date(2030, 2, 27)),
        OutletCount(outlet="b.example", count=1, first_on=dt.date(2030, 3, 5)),
    )


def test_months_statuses_and_outlets_add_up(store):
    commitments = list(Commitment)
    for number in range(60):
        day = None if number % 10 == 9 else dt.date(2030, 1 + number % 7, 3)
        carry(store, number, day, f"{number % 4}.example", commitments[number % 5], f"w{number % 45}")
    trace = store.trace_counts(DAM.theme_id)
    assert trace.sightings_count == 60
    assert trace.copies == 15
    assert sum(cell.count for cell in trace.cells) + trace.undated + trace.copies == 60
    assert sum(outlet.count for outlet in trace.outlets) == 60
    order = list(Status)
    places = [(cell.month, order.index(cell.status)) for cell in trace.cells]
    assert places == sorted(set(places))


def test_days_bound_a_trace(store):
    for number in range(1, 6):
        carry(store, number, dt.date(2030, number, 1), "a.example", wording=f"w{number}")
    carry(store, 9, None, "a.example", wording="w9")
    trace = store.trace_counts("Orlo dam", SightingFilter(since=dt.date(2030, 2, 1), until=dt.date(2030, 4, 1)))
    assert [cell.month.month for cell in trace.cells] == [2, 3, 4]
    assert trace.undated == 0
    assert store.trace_counts("Orlo dam").undated == 1


def test_a_theme_without_sightings_has_an_empty_trace(store):
    trace = store.trace_counts("Orlo dam")
    assert (trace.cells, trace.outlets, trace.first, trace.sightings_count) == ((), (), None, 0)
    with pytest.raises(UnknownTheme):
        store.trace_counts("Wheat")
