"""Row heights that show wrapped text whole."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from pipeline.text import is_blank
from pipeline.write.cells import Words
from pipeline.write.typeface import line_count, line_counts

LINE = 15.0  # points, Times New Roman 11
_DIGIT = 1.1  # units of column width of a digit, its share of the separators included
_MAX_HEIGHT = 409.0  # Excel's own limit
_SURELY_ONE_LINE = 0.45  # of the column's width in characters: so short a text never wraps


def row_height(texts: Sequence[Any], widths: Sequence[float], *, least: float = 18.0, scale: float = 1.0) -> float:
    """The height in points that the longest wrapped text needs; ``scale`` for a larger font."""
    lines = 1
    for value, width in zip(texts, widths, strict=True):
        if not is_blank(value):
            text = str(value)
            if len(text) > width / scale * _SURELY_ONE_LINE or "\n" in text:
                lines = max(lines, _lines_of(text, width / scale))
    return min(_MAX_HEIGHT, max(least, lines * LINE * scale + 3))


@lru_cache(maxsize=1 << 13)  # the plan's own words stand in every workbook that is written for a unit
def _lines_of(text: str, width: float) -> int:
    return line_count(text, width)


def number_width(values: pd.Series, least: float) -> float:
    """The width that the longest number of a column needs, with its separators; a cell too narrow shows only ####."""
    most = float(np.abs(np.nan_to_num(values.to_numpy(dtype="float64"))).max(initial=0))
    return max(least, len(f"{most:,.0f}") * _DIGIT + 4.0)


def row_heights(count: int, texts: Iterable[tuple[Words, float]]) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """The height of each of ``count`` rows, given columns of texts and their widths; 0 where one line does."""
    most = np.ones(count)
    for words, width in texts:
        limit = width * _SURELY_ONE_LINE
        long = [place for place, text in enumerate(words.values) if len(text) > limit or "\n" in text]
        if long:
            lines = np.ones(len(words.values) + 1)  # the last is that of no value
            lines[long] = line_counts([words.values[place] for place in long], width)
            most = np.maximum(most, lines[words.places])
    return np.where(most > 1, np.minimum(_MAX_HEIGHT, most * LINE + 3), 0)
