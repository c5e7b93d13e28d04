"""Values of an indicator as words, and decimals as exact numbers."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.measures import FORMATS, exact, exact_sum, measure_text
from schemas.words import IndicatorKind

RATIO, COUNT, MILESTONE = IndicatorKind.RATIO, IndicatorKind.COUNT, IndicatorKind.MILESTONE
POINTS, GROWTH = IndicatorKind.RATIO_POINTS, IndicatorKind.RATIO_GROWTH


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.35, RATIO, "35 %"),
        (26 / 75, RATIO, "34,67 %"),
        (1.0, RATIO, "100 %"),
        (0.0, RATIO, "0 %"),
        (0.105, RATIO, "10,5 %"),
        (0.2, POINTS, "20 điểm %"),
        (-0.055, POINTS, "-5,5 điểm %"),
        (0.175, GROWTH, "17,5 %"),
        (-0.1, GROWTH, "-10 %"),
        (120, COUNT, "120"),
        (1234.5, COUNT, "1.234,5"),
        (1234567, COUNT, "1.234.567"),
        (0.0, COUNT, "0"),
        (1.0, MILESTONE, "Có"),
        (0.0, MILESTONE, "Không"),
        (0.5, MILESTONE, "50 % đơn vị"),
        (2 / 3, MILESTONE, "66,7 % đơn vị"),
    ],
)
def test_measure_text(value: float, kind: IndicatorKind, text: str) -> None:
    assert measure_text(value, kind) == text


@pytest.mark.parametrize("kind", [POINTS, GROWTH])
def test_no_minus_stands_before_a_zero(kind: IndicatorKind) -> None:
    assert not measure_text(-0.00001, kind).startswith("-0 ")


def test_every_kind_has_a_number_format() -> None:
    assert set(FORMATS) == set(IndicatorKind)


@pytest.mark.parametrize(
    ("value", "fraction"),
    [
        (0.35, Fraction(35, 100)),
        (0.1, Fraction(1, 10)),
        (3, Fraction(3)),
        (1e15, Fraction(10**15)),
        (1e-7, Fraction(1, 10**7)),
    ],
)
def test_exact_is_the_decimal_that_the_cell_shows(value: float, fraction: Fraction) -> None:
    assert exact(value) == fraction


@pytest.mark.parametrize(
    ("values", "total"),
    [
        ([], Fraction(0)),
        ([1, 2, 3], Fraction(6)),
        ([0.1] * 10, Fraction(1)),
        ([0.1, 0.2], Fraction(3, 10)),
        ([0.1, 0.7], Fraction(8, 10)),
        ([1e15, 0.1, 0.2], Fraction(10**16 + 3, 10)),
    ],
)
def test_exact_sum(values: list[float], total: Fraction) -> None:
    assert exact_sum(values) == total


@settings(derandomize=True, deadline=None)
@given(st.lists(st.integers(0, 10**9), max_size=20))
def test_a_sum_of_hundredths_is_exact(hundredths: list[int]) -> None:
    assert exact_sum([n / 100 for n in hundredths]) == Fraction(sum(hundredths), 100)


@settings(derandomize=True, deadline=None)
@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_exact_keeps_every_decimal(digits: int, places: int) -> None:
    assert exact(float(f"{digits}e-{places}")) == Fraction(digits, 10**places)


@settings(derandomize=True, deadline=None)
@given(st.floats(0, 1e6), st.sampled_from([RATIO, POINTS, GROWTH]))
def test_the_text_of_a_share_reads_back_to_two_decimals(value: float, kind: IndicatorKind) -> None:
    number = measure_text(value, kind).split(" ")[0].replace(",", ".")
    assert math.isclose(float(number), value * 100, abs_tol=0.00501)
