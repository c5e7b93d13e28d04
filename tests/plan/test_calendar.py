"""Working days and whole years."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.plan.calendar import shift_years, working_day

STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=100)


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2021, 3, 19), date(2021, 3, 19)),  # Friday
        (date(2021, 3, 20), date(2021, 3, 22)),  # Saturday
        (date(2021, 6, 20), date(2021, 6, 21)),  # Sunday
        (date(2021, 9, 20), date(2021, 9, 20)),  # Monday
        (date(2022, 12, 31), date(2023, 1, 2)),  # into another year
    ],
)
def test_working_day(day: date, moved: date) -> None:
    assert working_day(day) == moved


@STEADY
@given(st.dates())
def test_a_working_day_is_the_first_that_is_no_weekend(day: date) -> None:
    if day > date(9999, 12, 20):
        return
    moved = working_day(day)
    assert moved.weekday() < 5
    assert 0 <= (moved - day).days <= 2
    assert (moved == day) == (day.weekday() < 5)


@pytest.mark.parametrize(
    ("day", "years", "moved"),
    [
        (date(2021, 12, 31), 3, date(2024, 12, 31)),
        (date(2020, 12, 15), 1, date(2021, 12, 15)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2024, 2, 29), -1, date(2023, 2, 28)),
        (date(2023, 2, 28), 1, date(2024, 2, 28)),
        (date(2021, 6, 30), 0, date(2021, 6, 30)),
    ],
)
def test_shift_years(day: date, years: int, moved: date) -> None:
    assert shift_years(day, years) == moved
