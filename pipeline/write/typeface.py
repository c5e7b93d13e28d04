"""How wide a text stands in Times New Roman, in units of column width, and into how many lines a column breaks it."""

import math
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

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
_HAIR = 1e-9  # units of column width that adding in another order may come to


@lru_cache(maxsize=1 << 16)
def text_width(text: str) -> float:
    """The width of a text on one line, in units of column width at 11 points."""
    return sum(map(_thousandths, text)) * _EM * _SLACK / 1000


@lru_cache(maxsize=1 << 12)
def _thousandths(character: str) -> int:
    marks = unicodedata.normalize("NFD", character)
    return sum(_WIDTHS.get(mark, _OTHER) for mark in marks if not unicodedata.combining(mark))


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


_SPACE, _BREAK = ord(" "), ord("\n")
_BATCH = 2048  # texts whose letters are in memory at once, at four numbers each


def line_counts(texts: Sequence[str], width: float) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """As :func:`line_count`, of many texts at once: a detail sheet of a thousand units has thirty thousand."""
    batches = (texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH))
    return np.concatenate([np.zeros(0, "int64"), *(_counts(batch, max(width, 1.0)) for batch in batches)])


def _counts(texts: Sequence[str], width: float) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """All texts stand on one line, a break between any two; a word is known by where on it it begins and ends."""
    letters = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    wide = np.concatenate([[0], np.cumsum(_advances(letters))]) * (_EM * _SLACK / 1000)
    gaps = np.flatnonzero((letters == _SPACE) | (letters == _BREAK))
    begins, ends = wide[np.append(0, gaps + 1)], wide[np.append(gaps, len(letters))]
    is_last = np.append(letters[gaps] == _BREAK, True)  # of its part, between two breaks
    words = is_last | (ends > begins)  # spaces that follow one another are between words, not words
    begins, ends, last = begins[words], ends[words], np.flatnonzero(is_last[words])
    lines, at = np.zeros(len(last), "int64"), np.append(0, last[:-1] + 1)
    parts = np.arange(len(last))
    while len(parts):
        start = begins[at]
        # A word that is wider than the column goes on over whole lines; what follows it stands behind its rest.
        whole = np.maximum(np.ceil((ends[at] - start) / width) - 1, 0)
        stop = np.searchsorted(ends, start + (whole + 1) * width + _HAIR, side="right")
        lines[parts] += 1 + whole.astype("int64")
        left = stop <= last[parts]
        parts, at = parts[left], stop[left]
    owners = np.repeat(np.arange(len(texts)), [text.count("\n") + 1 for text in texts])
    return np.bincount(owners, lines, len(texts)).astype("int64")


def _advances(letters: "np.ndarray[Any, np.dtype[np.uint32]]") -> "np.ndarray[Any, np.dtype[np.int64]]":
    """The width of each letter in thousandths of an em; a break has none."""
    known = np.zeros(1 << 16, "int64")
    short = np.minimum(letters, len(known) - 1)  # what lies beyond is as wide as any letter that is not known
    seen = np.flatnonzero(np.bincount(short, minlength=len(known)))
    known[seen] = [_thousandths(chr(letter)) for letter in seen.tolist()]
    known[_BREAK] = 0
    made: np.ndarray[Any, np.dtype[np.int64]] = known[short]
    return made
