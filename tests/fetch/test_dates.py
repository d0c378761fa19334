"""Dates as publishers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.fetch.dates import parse_stamp

DAY = date(2018, 3, 5)


@pytest.mark.parametrize(
    "written",
    [
        "2018-03-05",
        " 2018-03-05 ",
        "2018/03/05 10:00",
        "20180305",
        "2018-03-05T10:00",
        "March 5, 2018",
        "Monday, March 5, 2018 3:00 pm",
        "Mar. 5th 2018",
        "5 Mar 2018",
        "5-Mar-2018",
        "25/12/2018",
        "12/25/2018",
    ],
)
def test_a_day_without_a_zone_has_no_instant(written: str) -> None:
    stamp = parse_stamp(written)
    assert stamp is not None
    assert stamp.instant is None
    assert stamp.day in (DAY, date(2018, 12, 25))


@pytest.mark.parametrize(
    "written",
    [
        "2018-03-05T15:00:00Z",
        "2018-03-05 15:00:00 UTC",
        "2018-03-05T10:00:00-0500",
        "2018-03-05 10:00:00 -05:00",
        "Mon, 05 Mar 2018 15:00:00 GMT",
        "20180305T150000Z",
        "1520262000",
        "1520262000000",
    ],
)
def test_a_time_with_a_zone_is_an_instant(written: str) -> None:
    stamp = parse_stamp(written)
    assert stamp is not None
    assert (stamp.day, stamp.instant) == (DAY, datetime(2018, 3, 5, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    "written",
    ["", "some day", "1/10/2024", "2018-13-01", "2018-02-30", "0001-01-01", "2018-03", "99999999999999", "31 Foo 2018"],
)
def test_what_is_no_date_or_has_two_readings_is_refused(written: str) -> None:
    assert parse_stamp(written) is None


def test_only_a_time_given_in_utc_may_be_another_day() -> None:
    late, local = parse_stamp("2018-03-05T02:00:00Z"), parse_stamp("2018-03-05T02:00:00+01:00")
    assert late is not None
    assert local is not None
    assert late.may_be(date(2018, 3, 4))
    assert not late.may_be(date(2018, 3, 3))
    assert not local.may_be(date(2018, 3, 4))


@given(st.text(max_size=40) | st.from_regex(r"[0-9:/.TZ+-]{1,30}"))
def test_no_text_makes_it_fail(written: str) -> None:
    parse_stamp(written)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.timezones()))
def test_iso_times_keep_their_instant(moment: datetime) -> None:
    stamp = parse_stamp(moment.replace(microsecond=0).isoformat())
    assert stamp is not None
    assert stamp.instant == moment.replace(microsecond=0).astimezone(UTC)
