"""Numbers, dates and text as people type them, in every style and with every slip of the space bar: properties."""

import unicodedata
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.parse.cells import means_none, parse_choice, parse_date, parse_number, parse_text, parse_yes_no
from pipeline.text import bare, clean, fold, number_text, percent_text
from schemas.messages import MESSAGES
from schemas.words import DifficultyState, Severity, State, YesNo

STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=200)
STATES = tuple(str(state) for state in State)
SPACES = st.text(" \u00a0\u2007\u202f", max_size=2)
ZERO_WIDTH = st.sampled_from(["", "\u200b", "\ufeff", "\u2060"])
VIETNAMESE = st.text(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụ"
    "ừửữứựỳỷỹýỵ 0123456789.,;:()“”–-/%",
    max_size=60,
)
WHOLE = st.integers(0, 10**12)


def grouped(number: int, separator: str) -> str:
    return f"{number:,}".replace(",", separator)


# --- numbers ------------------------------------------------------------------------------------------------------


@STEADY
@given(WHOLE, st.sampled_from([" ", "\u00a0", "\u202f", "\u2007", "'"]), SPACES, SPACES)
def test_groups_set_apart_by_spaces(number: int, separator: str, before: str, after: str) -> None:
    parsed = parse_number(clean(before + grouped(number, separator) + after))
    assert (parsed.value, parsed.code) == (number, "")


@STEADY
@given(st.integers(1000, 10**12), st.integers(0, 99))
def test_groups_set_apart_by_dots_with_decimals(number: int, cents: int) -> None:
    parsed = parse_number(f"{grouped(number, '.')},{cents:02}")
    assert (parsed.value, parsed.code) == (pytest.approx(number + cents / 100, rel=1e-12), "")


@STEADY
@given(st.integers(1_000_000, 10**12), st.sampled_from([".", ","]))
def test_two_groups_or_more_are_not_ambiguous(number: int, separator: str) -> None:
    assert parse_number(grouped(number, separator)) == (number, "", {})


@STEADY
@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from([".", ","]))
def test_one_group_is_ambiguous_and_says_how_it_was_read(left: int, right: int, separator: str) -> None:
    parsed = parse_number(f"{left}{separator}{right:03}")
    assert parsed.code == "SO03"
    assert MESSAGES["SO03"].severity == Severity.WARNING
    assert parsed.value == (left * 1000 + right if separator == "." else float(f"{left}.{right:03}"))
    assert parse_number(parsed.params["read"]).value == parsed.value


@STEADY
@given(WHOLE, st.integers(0, 9), st.sampled_from([".", ","]))
def test_one_decimal_is_never_ambiguous(number: int, tenth: int, separator: str) -> None:
    parsed = parse_number(f"{number}{separator}{tenth}")
    assert (parsed.value, parsed.code) == (pytest.approx(number + tenth / 10, rel=1e-12), "")


@STEADY
@given(st.floats(0, 1e12, allow_nan=False), st.sampled_from(["%", " %", "\u00a0%"]))
def test_a_percentage_is_taken_only_where_one_belongs(number: float, sign: str) -> None:
    text = f"{number:.2f}".replace(".", ",") + sign
    assert parse_number(text) == (None, "SO02", {})
    assert parse_number(text, percent=True).value == pytest.approx(float(f"{number:.2f}") / 100, abs=1e-9)


@STEADY
@given(st.integers(0, 10**6))
def test_a_percentage_as_it_is_shown_reads_back(thousandths: int) -> None:
    fraction = thousandths / 1000
    parsed = parse_number(percent_text(fraction), percent=True)
    assert parsed.value == pytest.approx(fraction)


@STEADY
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_stays_itself(number: float) -> None:
    assert parse_number(number) == (number, "", {})


@STEADY
@given(st.one_of(WHOLE, st.floats(-1e12, 1e12, allow_nan=False).map(lambda number: round(number, 4))))
def test_a_number_as_it_is_shown_reads_back(number: float) -> None:
    assert parse_number(number_text(number)).value == pytest.approx(number, abs=1e-4)


@STEADY
@given(st.text("0123456789", max_size=6), st.text(min_size=1, max_size=8), st.text("0123456789", max_size=6))
def test_a_number_is_read_whole_or_not_at_all(left: str, middle: str, right: str) -> None:
    """Nothing is picked out of a text: a letter among the digits is an error, with no value."""
    parsed = parse_number(clean(left + middle + right))
    if any(letter.isalpha() for letter in middle):
        assert parsed.value is None
        assert parsed.code == "SO01" or (parsed.code == "SO02" and (left + middle + right).strip().endswith("%"))


@STEADY
@given(st.sampled_from(["²", "٣", "１２", "Ⅳ", "½", "1e5", "1E5", "inf", "NaN", "0x10", "1_000", "--5", "5-", "+-5"]))
def test_what_only_a_programming_language_takes_for_a_number(text: str) -> None:
    parsed = parse_number(text)
    if parsed.value is not None:  # digits of other scripts are digits; whatever is read is a plain number
        assert parsed.value == float(unicodedata.normalize("NFKC", text))
    else:
        assert parsed.code == "SO01"


# --- dates --------------------------------------------------------------------------------------------------------

DAYS = st.dates(date(2000, 1, 1), date(2098, 12, 31))


@STEADY
@given(DAYS, st.sampled_from("/-."), st.booleans(), st.booleans(), st.booleans(), SPACES, SPACES)
def test_a_date_in_every_style(
    day: date, separator: str, zeros: bool, short: bool, spaced: bool, before: str, after: str
) -> None:
    """The day first, the month second, whatever stands between."""
    between = f" {separator} " if spaced else separator
    year = f"{day.year % 100:02}" if short else str(day.year)
    parts = (f"{day.day:02}", f"{day.month:02}") if zeros else (str(day.day), str(day.month))
    parsed = parse_date(clean(before + between.join((*parts, year)) + after))
    assert (parsed.value, parsed.code) == (datetime(day.year, day.month, day.day), "")


@STEADY
@given(DAYS, st.times())
def test_a_moment_is_read_as_its_day(day: date, moment: Any) -> None:
    whole = datetime.combine(day, moment)
    expected = datetime(day.year, day.month, day.day)
    assert parse_date(whole).value == expected
    assert parse_date(whole.isoformat()).value == expected
    assert parse_date(day).value == expected


@STEADY
@given(st.integers(0, 99), st.integers(0, 99), st.integers(1900, 2200), st.sampled_from("/-."))
def test_a_date_that_is_in_no_calendar_is_an_error(day: int, month: int, year: int, separator: str) -> None:
    parsed = parse_date(f"{day}{separator}{month}{separator}{year}")
    try:
        assert parsed.value == datetime(year, month, day)
    except ValueError:
        assert (parsed.value, parsed.code) == (None, "NG01")


@STEADY
@given(DAYS)
def test_a_serial_number_is_read_with_a_warning(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    for number in (serial, float(serial), serial + 0.75):
        parsed = parse_date(number)
        assert (parsed.value, parsed.code) == (datetime(day.year, day.month, day.day), "NG02")
        assert parse_date(parsed.params["read"]).value == parsed.value


# --- text and words -----------------------------------------------------------------------------------------------


@STEADY
@given(VIETNAMESE, SPACES, SPACES, ZERO_WIDTH, st.sampled_from(["NFC", "NFD"]))
def test_text_is_trimmed_and_composed_and_otherwise_itself(
    text: str, before: str, after: str, hidden: str, form: str
) -> None:
    """However a keyboard or a Mac composes it, and with what a web page leaves at its ends."""
    middle = len(text) // 2
    typed = (
        unicodedata.normalize(form, before + text[:middle])
        + hidden
        + unicodedata.normalize(form, text[middle:] + after)
    )
    expected = text.strip() or None
    assert clean(typed) == expected
    assert parse_text(clean(typed)).value == expected


@STEADY
@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    if once is not None:
        assert once == once.strip()
        assert unicodedata.is_normalized("NFC", once)


@STEADY
@given(st.text())
def test_folding_is_stable_and_blind_to_form_and_case_of_spaces(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)
    assert fold(f"  {text}\u00a0\n") == fold(text)


@STEADY
@given(VIETNAMESE)
def test_without_accents_only_plain_letters_are_left(text: str) -> None:
    plain = bare(text)
    assert bare(plain) == plain
    assert not any(unicodedata.combining(letter) for letter in unicodedata.normalize("NFD", plain))
    assert "đ" not in plain


@STEADY
@given(
    st.sampled_from([*STATES, *map(str, DifficultyState), *map(str, YesNo)]),
    st.sampled_from([str, str.upper, str.lower, str.title]),
    st.sampled_from(["NFC", "NFD"]),
    SPACES,
    st.sampled_from([" ", "  ", "\u00a0"]),
)
def test_a_word_of_a_list_in_any_case_form_and_spacing(
    word: str, case: Any, form: str, around: str, between: str
) -> None:
    choices = next(
        tuple(map(str, words)) for words in (State, DifficultyState, YesNo) if word in tuple(map(str, words))
    )
    typed = clean(around + unicodedata.normalize(form, case(word)).replace(" ", between) + around)
    assert parse_choice(typed, choices) == (word, "", {})


@STEADY
@given(st.sampled_from(STATES), st.sampled_from([str, str.upper]))
def test_a_word_without_accents_is_taken_with_a_warning(word: str, case: Any) -> None:
    parsed = parse_choice(case(bare(word)), STATES)
    assert (parsed.value, parsed.code) == (word, "LC02")
    assert MESSAGES["LC02"].severity == Severity.WARNING


@STEADY
@given(VIETNAMESE)
def test_a_word_outside_the_list_stays_as_typed(text: str) -> None:
    """So that the schema refuses it: nothing near it is put in its place."""
    typed = clean(text)
    parsed = parse_choice(typed, STATES)
    if typed is None:
        assert parsed == (None, "", {})
    elif bare(typed) not in {bare(state) for state in STATES}:
        assert (parsed.value, parsed.code) == (typed, "")


@STEADY
@given(st.sampled_from(["Có", "Không"]), st.sampled_from([str, str.upper, str.lower]), st.sampled_from(["NFC", "NFD"]))
def test_yes_and_no(word: str, case: Any, form: str) -> None:
    parsed = parse_yes_no(clean(unicodedata.normalize(form, case(word))))
    assert (parsed.value, parsed.code) == (float(word == "Có"), "")


@STEADY
@given(
    st.sampled_from(["Không", "không có", "KHÔNG CÓ.", "Không phát sinh", "-", "–", "—"]),
    SPACES,
    st.sampled_from(["NFC", "NFD"]),
)
def test_words_for_none(word: str, around: str, form: str) -> None:
    assert means_none(clean(unicodedata.normalize(form, around + word + around)))


@STEADY
@given(VIETNAMESE)
def test_a_real_difficulty_never_means_none(text: str) -> None:
    """A text with anything beyond those words counts."""
    assert not means_none(f"{text} máy quét hỏng {text}")
