"""Blank, cleaning and comparison of Vietnamese text; numbers as a Vietnamese reader writes them."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.text import bare, clean, closest, fold, is_blank, number_text, percent_text

STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=150)
# Letters, combining marks and invisible characters meet often in what people paste.
PASTED = st.text(
    st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("eo \u0301\u0323\u0302\u200b\u00a0"))
)


@pytest.mark.parametrize(
    ("value", "blank"),
    [
        (None, True),
        (float("nan"), True),
        (0, False),
        (0.0, False),
        (False, False),
        ("", False),
        ("Không phát sinh", False),
    ],
)
def test_blank_is_none_or_nan(value: object, blank: bool) -> None:
    assert is_blank(value) is blank


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("", None),
        ("   ", None),
        ("\u00a0\u00a0", None),
        ("\u200b", None),
        ("\ufeff \u2060", None),
        (" Sở Y tế ", "Sở Y tế"),
        ("\u00a0Sở\u00a0Y tế\u200b", "Sở Y tế"),
        ("abc\t\n", "abc"),
        ("dòng 1\n  dòng 2", "dòng 1\n  dòng 2"),
        ("a  b", "a  b"),
        (unicodedata.normalize("NFD", "Sở Thông tin và Truyền thông"), "Sở Thông tin và Truyền thông"),
        (None, None),
        (0, 0),
        (1.5, 1.5),
    ],
)
def test_clean(typed: object, cleaned: object) -> None:
    assert clean(typed) == cleaned


@STEADY
@given(PASTED)
@example("e\u200b\u0301")  # a zero-width character between a letter and its accent
def test_cleaned_text_is_nfc_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    if cleaned is not None:
        assert unicodedata.is_normalized("NFC", cleaned)
        assert not set(cleaned) & set("\u00a0\u200b\u200c\u200d\u2060\ufeff")
    assert clean(cleaned) == cleaned


@STEADY
@given(st.text())
def test_decomposed_text_is_cleaned_to_the_same(text: str) -> None:
    assert clean(unicodedata.normalize("NFD", text)) == clean(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("text", "folded", "without_accents"),
    [
        ("Hoàn thành", "hoàn thành", "hoan thanh"),
        ("  ĐÃ \u00a0 giải\nquyết ", "đã giải quyết", "da giai quyet"),
        (unicodedata.normalize("NFD", "Đạt"), "đạt", "dat"),
        ("UBND TP. Vị Thanh", "ubnd tp. vị thanh", "ubnd tp. vi thanh"),
        ("", "", ""),
    ],
)
def test_fold_and_bare(text: str, folded: str, without_accents: str) -> None:
    assert fold(text) == folded
    assert bare(text) == without_accents


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hoan thanh", "Hoàn thành"),
        ("Hoàn thàn", "Hoàn thành"),
        ("Đang thưc hiện", "Đang thực hiện"),
        ("Tạm dừng hẳn", None),
        ("II.1", None),  # a short code carries its meaning in one character
    ],
)
def test_closest_suggests_only_what_is_near(text: str, found: str | None) -> None:
    assert closest(text, ["Hoàn thành", "Đang thực hiện", "II.2"]) == found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234, "1.234"),
        (1234.5, "1.234,5"),
        (98.5, "98,5"),
        (0.125, "0,125"),
        (-1234567.25, "-1.234.567,25"),
        (2.00004, "2"),
        (1e15, "1.000.000.000.000.000"),
    ],
)
def test_number_text(value: float, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("fraction", "digits", "text"),
    [
        (0.985, 1, "98,5 %"),
        (1.0, 1, "100 %"),
        (0.0, 1, "0 %"),
        (0.2, 0, "20 %"),
        (-0.123, 1, "-12,3 %"),
        (26 / 75, 2, "34,67 %"),
    ],
)
def test_percent_text(fraction: float, digits: int, text: str) -> None:
    assert percent_text(fraction, digits) == text
