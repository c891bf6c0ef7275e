"""Dates in every form news gives them."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.archive.rows import moment_iso, stored_moment
from assistant.dates import Moment, parse_date
from assistant.errors import BadFilter


@pytest.mark.parametrize(
    ("given_", "iso"),
    [
        ("2023-05-12", "2023-05-12"),
        ("2023/05/12", "2023-05-12"),
        ("2023-05", "2023-05"),
        ("2023", "2023"),
        ("20230512", "2023-05-12"),
        ("20230512T101500Z", "2023-05-12T10:15:00Z"),
        ("2023-05-12 15:56:15", "2023-05-12T15:56:15Z"),
        ("2023-05-12T15:56:15+03:00", "2023-05-12T12:56:15Z"),
        ("Fri, 12 May 2023 15:56:15 GMT", "2023-05-12T15:56:15Z"),
        ("Fri, 12 May 2023 15:56:15 EST", "2023-05-12T20:56:15Z"),
        ("Thu, 23 Apr 2026 08:00:00 +0000", "2026-04-23T08:00:00Z"),
        ("12 May 2023 08:00:00 -0500 (CDT)", "2023-05-12T13:00:00Z"),
        ("May 12, 2023", "2023-05-12"),
        ("12 May 2023 3:56 pm", "2023-05-12T15:56:00Z"),
        (1683906975, "2023-05-12T15:56:15Z"),
        ("1683906975000", "2023-05-12T15:56:15Z"),
        (datetime(2023, 5, 12, 1, 2, 3), "2023-05-12T01:02:03Z"),
        ("1987-03-01", "1987-03-01"),
    ],
)
def test_forms(given_: object, iso: str) -> None:
    assert parse_date(given_).iso() == iso


def test_a_time_without_a_zone_is_understood_in_the_archives() -> None:
    zone = timezone(timedelta(hours=3))
    assert parse_date("2023-05-12 15:56:15", zone).iso() == "2023-05-12T12:56:15Z"
    assert parse_date("2023-05-12", zone).iso() == "2023-05-12", "a day is a day"


@pytest.mark.parametrize(
    "given_",
    [
        "",
        "yesterday",
        "May",
        "0001-01-01",
        "9999-12-31",
        "2023-13-40",
        "99999999999999999",
        None,
        "12:30",
        "NaN",
        "Mon, 30 Nov -0001 00:00:00 +0000",
        "0000-00-00",
    ],
)
def test_an_invalid_date_is_refused_with_its_text(given_: object) -> None:
    with pytest.raises(BadFilter) as caught:
        parse_date(given_)
    assert repr(given_) in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    with contextlib.suppress(BadFilter):
        assert isinstance(parse_date(text), Moment)


@given(st.datetimes(datetime(1600, 1, 1), datetime(2026, 1, 1)), st.sampled_from(["second", "day", "month", "year"]))
def test_stored_dates_are_read_back(instant: datetime, precision: str) -> None:
    instant = instant.replace(microsecond=0, tzinfo=UTC)
    if precision != "second":
        instant = instant.replace(hour=0, minute=0, second=0)
    if precision in {"month", "year"}:
        instant = instant.replace(day=1)
    if precision == "year":
        instant = instant.replace(month=1)
    moment = Moment(instant, precision)
    assert stored_moment(moment.iso()) == moment
    assert moment_iso(moment.timestamp) == instant.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    "value",
    ["1" * 500_000, " " * 500_000 + "x", "2023-05-12 " * 50_000, 10**400, -(10**5_000), 1e300],
    ids=["digits", "blanks", "dates", "integer", "larger integer", "float"],
)
def test_a_date_that_is_far_too_long_is_refused_at_once(value: object) -> None:
    began = time.perf_counter()
    with pytest.raises(BadFilter) as caught:
        parse_date(value)
    assert time.perf_counter() - began < 0.5
    assert len(str(caught.value)) < 400
