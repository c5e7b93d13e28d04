"""Values of an indicator as words and as number formats, by its kind."""

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from pipeline.text import number_text, percent_text
from schemas.words import IndicatorKind, YesNo

FORMATS: dict[IndicatorKind, str] = {
    IndicatorKind.RATIO: "0.00%",
    IndicatorKind.RATIO_POINTS: "+0.00%;-0.00%;0.00%",
    IndicatorKind.RATIO_GROWTH: "+0.00%;-0.00%;0.00%",
    IndicatorKind.COUNT: "#,##0.##",
    IndicatorKind.MILESTONE: f'[=1]"{YesNo.YES}";[=0]"{YesNo.NO}";0%',
}


def measure_text(value: float, kind: IndicatorKind, digits: int = 2) -> str:
    """A value in the indicator's own unit, as a Vietnamese reader writes it; ``digits`` of a percentage."""
    if kind == IndicatorKind.MILESTONE:
        return {1.0: YesNo.YES.value, 0.0: YesNo.NO.value}.get(value) or f"{percent_text(value)} đơn vị"
    if kind == IndicatorKind.RATIO_POINTS:
        return percent_text(value, digits).replace("%", "điểm %")
    if kind.has_denominator:
        return percent_text(value, digits)
    return number_text(value)


def exact(value: float) -> Fraction:
    """The decimal number that the cell shows, exactly: 0.35 is 35/100, not the nearest binary fraction."""
    return Fraction(Decimal(repr(float(value))))


def exact_sum(values: "Sequence[float] | np.ndarray[Any, np.dtype[np.float64]]") -> Fraction:
    """The sum of the decimal numbers that the cells show; whole numbers, nearly all there are, add up fast."""
    numbers = np.asarray(values, dtype="float64")
    if (numbers == np.floor(numbers)).all():
        return Fraction(int(math.fsum(numbers.tolist())))
    return sum(map(exact, numbers.tolist()), Fraction(0))
