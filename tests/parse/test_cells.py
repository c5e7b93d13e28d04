"""Every way that people type a number, a date or a word, and the one way it is read."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.parse.cells import (
    listed,
    means_none,
    parse_choice,
    parse_date,
    parse_number,
    parse_text,
    parse_yes_no,
    unknown_choice,
)
from pipeline.read.sheets import Fault
from pipeline.text import clean, number_text
from schemas.messages import MESSAGES
from schemas.words import State

STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=150)
ERROR = Fault("#DIV/0!")
STATES = tuple(str(state) for state in State)
PARSERS = (
    parse_number,
    lambda value: parse_number(value, percent=True),
    parse_yes_no,
    parse_date,
    parse_text,
    lambda value: parse_choice(value, STATES),
)


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        (0, 0.0, ""),
        (12, 12.0, ""),
        (98.5, 98.5, ""),
        ("0", 0.0, ""),
        ("98,5", 98.5, ""),
        ("98.5", 98.5, ""),
        ("1.234,5", 1234.5, ""),
        ("1.234.567", 1234567.0, ""),
        ("1.234.567,89", 1234567.89, ""),
        ("1,234,567", 1234567.0, ""),
        ("1,234.5", 1234.5, ""),
        ("12 345", 12345.0, ""),
        ("12\u00a0345", 12345.0, ""),
        ("12\u202f345,5", 12345.5, ""),
        ("12'345", 12345.0, ""),
        (" 12 ", 12.0, ""),
        ("-5", -5.0, ""),
        ("+5", 5.0, ""),
        (",5", 0.5, ""),
        (".5", 0.5, ""),
        ("1.234", 1234.0, "SO03"),
        ("1,234", 1.234, "SO03"),
        ("-1.234", -1234.0, "SO03"),
        ("1.23", 1.23, ""),
        ("1,23", 1.23, ""),
        ("1234,567", 1234.567, ""),
        ("85%", None, "SO02"),
        ("98,5 %", None, "SO02"),
        ("mười hai", None, "SO01"),
        ("12 hồ sơ", None, "SO01"),
        ("15 20", None, "SO01"),
        ("12\n15", None, "SO01"),
        ("3 4 5", None, "SO01"),
        ("1 2", None, "SO01"),
        ("12 34", None, "SO01"),
        ("- 5", -5.0, ""),
        ("'123", 123.0, ""),
        ("1'234'567", 1234567.0, ""),
        ("12 345,5", 12345.5, ""),
        ("10/20", None, "SO01"),
        ("1.23.456", None, "SO01"),
        ("12,34,567", None, "SO01"),
        ("5,", None, "SO01"),
        ("-", None, "SO01"),
        (True, None, "SO01"),
        (datetime(2021, 6, 15), None, "SO01"),
        (date(2021, 6, 15), None, "SO01"),
        (timedelta(hours=2), None, "SO01"),
        (time(7, 30), None, "SO01"),
        (ERROR, None, "SO06"),
        (None, None, ""),
    ],
)
def test_number(typed: Any, value: float | None, code: str) -> None:
    parsed = parse_number(typed)
    assert (parsed.value, parsed.code) == (value, code)


@pytest.mark.parametrize(
    ("typed", "read"), [("1.234", "1.234"), ("1,234", "1,234"), ("12.500", "12.500"), ("12,500", "12,5")]
)
def test_an_ambiguous_number_says_how_it_was_read(typed: str, read: str) -> None:
    assert parse_number(typed).params == {"read": read}


def test_a_leading_zero_is_no_group_of_thousands() -> None:
    """Nobody writes five hundred as 0.500."""
    assert parse_number("0.500").value == 0.5


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("85%", 0.85, ""),
        ("85 %", 0.85, ""),
        ("98,5%", 0.985, ""),
        ("0,1%", 0.001, ""),
        ("0,85", 0.85, ""),
        (0.85, 0.85, ""),
        ("120", 120.0, ""),
        ("%", None, "SO01"),
        ("tám mươi %", None, "SO01"),
        (ERROR, None, "SO06"),
    ],
)
def test_number_where_a_percentage_is_allowed(typed: Any, value: float | None, code: str) -> None:
    parsed = parse_number(typed, percent=True)
    assert (parsed.value, parsed.code) == (value, code)


@STEADY
@given(st.decimals(min_value=-(10**10), max_value=10**10, places=4))
def test_a_number_in_vietnamese_style_reads_back_to_itself(number: Decimal) -> None:
    value = float(number)
    assert parse_number(number_text(value)).value == value


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("Có", 1.0, ""),
        ("có ", 1.0, ""),
        ("Không", 0.0, ""),
        ("KHÔNG", 0.0, ""),
        ("co", 1.0, "LC02"),
        ("Khong", 0.0, "LC02"),
        (1, 1.0, ""),
        (0, 0.0, ""),
        (1.0, 1.0, ""),
        (True, 1.0, ""),
        (2, None, "CT05"),
        (0.5, None, "CT05"),
        ("Rồi", None, "CT05"),
        ("100%", None, "CT05"),
        (ERROR, None, "SO06"),
        (None, None, ""),
    ],
)
def test_yes_no(typed: Any, value: float | None, code: str) -> None:
    parsed = parse_yes_no(typed)
    assert (parsed.value, parsed.code) == (value, code)


JUNE_15 = datetime(2021, 6, 15)


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        (JUNE_15, JUNE_15, ""),
        (datetime(2021, 6, 15, 17, 30), JUNE_15, ""),
        (date(2021, 6, 15), JUNE_15, ""),
        ("15/6/2021", JUNE_15, ""),
        ("15/06/2021", JUNE_15, ""),
        ("15/6/21", JUNE_15, ""),
        ("15-06-2021", JUNE_15, ""),
        ("15.6.2021", JUNE_15, ""),
        ("15 / 6 / 2021", JUNE_15, ""),
        ("15/06/2021 10:30", JUNE_15, ""),
        ("1 5/6/2021", None, "NG01"),
        ("15/6/2021\u00a0", JUNE_15, ""),
        ("1/6/2021", datetime(2021, 6, 1), ""),  # the day first, never the month
        ("2021-06-15", JUNE_15, ""),
        ("2021-6-15", JUNE_15, ""),
        ("2021-06-15T17:30:00", JUNE_15, ""),
        ("2021-06-15 17:30", JUNE_15, ""),
        (44362, JUNE_15, "NG02"),
        (44362.0, JUNE_15, "NG02"),
        ("29/2/2024", datetime(2024, 2, 29), ""),
        ("29/2/2021", None, "NG01"),
        ("31/6/2021", None, "NG01"),
        ("6/15/2021", None, "NG01"),
        ("2021-13-01", None, "NG01"),
        ("15/6", None, "NG01"),
        ("tháng 6/2021", None, "NG01"),
        ("44362", None, "NG01"),
        (12, None, "NG01"),
        (99999, None, "NG01"),
        (True, None, "NG01"),
        (ERROR, None, "SO06"),
        (None, None, ""),
    ],
)
def test_date(typed: Any, value: datetime | None, code: str) -> None:
    parsed = parse_date(typed)
    assert (parsed.value, parsed.code) == (value, code)


def test_a_serial_number_says_which_date_was_read() -> None:
    assert parse_date(44362).params == {"read": "15/06/2021"}


@STEADY
@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_date_as_typed_reads_back_to_itself(day: date) -> None:
    expected = datetime(day.year, day.month, day.day)
    d, m, y = day.day, day.month, day.year
    for text in (f"{d}/{m}/{y}", f"{d}-{m}-{y}", f"{d:02}/{m:02}/{y % 100:02}", day.isoformat()):
        assert parse_date(text) == (expected, "", {})


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("Đã ban hành", "Đã ban hành", ""),
        (12.0, "12", ""),
        (12, "12", ""),
        (12.5, "12.5", ""),
        (True, "Có", ""),
        (False, "Không", ""),
        (datetime(2021, 6, 15), "15/06/2021", ""),
        (datetime(2021, 6, 15, 7, 5), "15/06/2021 07:05", ""),
        (date(2021, 6, 15), "15/06/2021", ""),
        (ERROR, None, "SO06"),
        (None, None, ""),
    ],
)
def test_text(typed: Any, value: str | None, code: str) -> None:
    parsed = parse_text(typed)
    assert (parsed.value, parsed.code) == (value, code)


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("Hoàn thành", "Hoàn thành", ""),
        ("hoàn  thành", "Hoàn thành", ""),
        ("HOÀN THÀNH", "Hoàn thành", ""),
        ("Hoàn\u00a0thành", "Hoàn thành", ""),
        ("Hoan thanh", "Hoàn thành", "LC02"),
        ("dang thuc hien", "Đang thực hiện", "LC02"),
        ("Hoàn tất", "Hoàn tất", ""),  # as typed: the schema's own check refuses it
        (5.0, "5", ""),
        (ERROR, None, "SO06"),
        (None, None, ""),
    ],
)
def test_choice(typed: Any, value: str | None, code: str) -> None:
    parsed = parse_choice(typed, STATES)
    assert (parsed.value, parsed.code) == (value, code)


def test_a_choice_without_accents_says_how_it_was_read() -> None:
    assert parse_choice("Hoan thanh", STATES).params == {"read": "Hoàn thành", "choices": listed(STATES)}


def test_two_choices_that_differ_only_by_accents_are_not_guessed() -> None:
    assert parse_choice("ma", ("má", "mà")) == ("ma", "", {})


@pytest.mark.parametrize(
    ("typed", "suggestion"), [("Hoàn thàn", " (ý bạn là “Hoàn thành”?)"), ("Tạm dừng vô thời hạn", "")]
)
def test_unknown_choice_lists_the_choices_and_suggests_the_near_one(typed: str, suggestion: str) -> None:
    assert unknown_choice(typed, STATES) == {
        "choices": "Chưa triển khai · Đang thực hiện · Hoàn thành · Không phát sinh",
        "suggestion": suggestion,
    }


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("Không", True),
        ("không có", True),
        ("Không có.", True),
        ("KHONG", True),
        ("-", True),
        ("–", True),
        ("—", True),
        (" ", True),
        ("Không có kinh phí", False),
        ("Thiếu nhân lực", False),
        ("0", False),
    ],
)
def test_words_that_mean_no_difficulty(text: str, none: bool) -> None:
    assert means_none(text) is none


TYPED = st.one_of(
    st.text(),
    st.text("0123456789.,-+/% '\u00a0eE", max_size=14),
    st.from_regex(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}", fullmatch=True),
    st.from_regex(r"\d{4}-\d{1,2}-\d{1,2}.*", fullmatch=True),
)


@STEADY
@given(TYPED)
def test_no_text_makes_a_parser_raise(text: str) -> None:
    """Each doubt has its message, and an error leaves no value behind."""
    for parser in PARSERS:
        parsed = parser(clean(text))
        assert not parsed.code or parsed.code in MESSAGES
        if parsed.code and MESSAGES[parsed.code].severity == "Lỗi":
            assert parsed.value is None


@STEADY
@given(
    st.one_of(
        st.integers(-(10**18), 10**18), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.datetimes()
    )
)
def test_no_cell_value_makes_a_parser_raise(value: Any) -> None:
    for parser in PARSERS:
        parsed = parser(value)
        assert not parsed.code or parsed.code in MESSAGES


def test_an_ambiguous_percentage_says_how_it_was_read() -> None:
    parsed = parse_number("1.234%", percent=True)
    assert (parsed.value, parsed.code, parsed.params) == (12.34, "SO03", {"read": "1.234 %"})
