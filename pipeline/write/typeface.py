"""How wide a text stands in Times New Roman, in units of column width, and into how many lines a column breaks it."""

import math
import unicodedata
from functools import lru_cache

_EM = 2.1  # units of column width in one em at 11 points: 14.7 pixels over the 7 of a digit
_SLACK = 1.04  # bold, kerning and a printer's metrics
# Advance widths in thousandths of an em; a letter with marks is as wide as the letter.
_GROUPS = {
    250: " .,\u00a0",
    278: "ijltfI;:/'!|[]\\",
    333: "r()-’‘`",
    400: 's“”"*°?',
    444: "acez",
    500: "bdđghknopquvxy0123456789–$_#",
    560: "+=<>≥≤×÷±~^SPFJ",
    611: "ELTZΣ←→▲▼◄►",
    722: "ABCDĐGHKNOQRUVXYw&",
    850: "mM%●◐○✕★",
    1000: "W@…—",
}
_WIDTHS = {character: width for width, characters in _GROUPS.items() for character in characters}
_OTHER = 722


@lru_cache(maxsize=1 << 16)
def text_width(text: str) -> float:
    """The width of a text on one line, in units of column width at 11 points."""
    marks = unicodedata.normalize("NFD", text)
    thousandths = sum(_WIDTHS.get(mark, _OTHER) for mark in marks if not unicodedata.combining(mark))
    return thousandths * _EM * _SLACK / 1000


def line_count(text: str, width: float) -> int:
    """Into how many lines a column of that width breaks the text: between words, or inside one that is too long."""
    return sum([_lines(part, max(width, 1.0)) for part in text.split("\n")])  # a list: half the time of a generator


def _lines(text: str, width: float) -> int:
    if len(text) * _EM * 0.4 <= width and text_width(text) <= width:
        return 1
    space, lines, used = text_width(" "), 1, 0.0
    for word in text.split(" "):
        wide = text_width(word)
        if used and used + space + wide > width:
            lines, used = lines + 1, 0.0
        if wide > width:
            whole = math.ceil(wide / width) - 1
            lines, used = lines + whole, wide - whole * width
        else:
            used += wide + (space if used else 0.0)
    return lines
