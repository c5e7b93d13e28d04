"""Row heights that show wrapped text whole."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.text import is_blank
from schemas.columns import Column

LINE = 15.0  # points, Times New Roman 11
_MAX_HEIGHT = 409.0  # Excel's own limit
_PER_UNIT = 1.1  # Times New Roman characters in one unit of column width, on the safe side


def row_height(texts: Sequence[Any], widths: Sequence[float], *, least: float = 18.0, scale: float = 1.0) -> float:
    """The height in points that the longest wrapped text needs; ``scale`` for a larger font."""
    lines = max(
        (_lines(str(text), width / scale) for text, width in zip(texts, widths, strict=True) if not is_blank(text)),
        default=1,
    )
    return min(_MAX_HEIGHT, max(least, lines * LINE * scale + 3))


def _lines(text: str, width: float) -> int:
    per_line = max(1.0, width * _PER_UNIT)
    return sum(max(1, math.ceil(len(part) / per_line)) for part in text.split("\n"))


def row_heights(frame: pd.DataFrame, specs: Sequence[Column]) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """The height of every row of a table, by whole columns; 0 where one line does."""
    lines = np.ones(len(frame))
    for spec in specs:
        if spec.kind == "text":
            texts = frame[spec.name].astype("str")
            per_line = max(1.0, spec.layout.width * _PER_UNIT)
            breaks = texts.str.count("\n").to_numpy(dtype="float64", na_value=0)
            needed = np.ceil(texts.str.len().to_numpy(dtype="float64", na_value=1) / per_line) + breaks
            lines = np.maximum(lines, needed)
    return np.where(lines > 1, np.minimum(_MAX_HEIGHT, lines * LINE + 3), 0)
