"""Vietnamese text: the one definition of blank, cleaning, and comparison without accents."""

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff]")
_LEAST_TO_SUGGEST = 5
_D = str.maketrans("đĐ", "dD")


def is_blank(value: Any) -> bool:
    """None or NaN: what a blank cell is once it has been cleaned."""
    return value is None or value != value  # noqa: PLR0124 - only NaN differs from itself


def clean(value: Any) -> Any:
    """A cell's value with text normalised to NFC and trimmed of NBSP and zero-width characters.

    Blank (``""``, only spaces, None) is None. Line breaks and spaces inside a text are kept.
    """
    return clean_text(value) if isinstance(value, str) else value


@lru_cache(maxsize=1 << 16)  # the same words stand in every workbook
def clean_text(text: str) -> str | None:
    """As :func:`clean`, of a text."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text).replace("\u00a0", " "))
    return text.strip() or None


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """For comparing words: NFC, spaces folded, case ignored."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip().casefold()


def bare(text: str) -> str:
    """For comparing loosely: as :func:`fold`, without accents and with đ as d."""
    letters = unicodedata.normalize("NFD", fold(text).translate(_D))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def closest(text: str, candidates: list[str]) -> str | None:
    """The candidate that the text may have meant; a suggestion only, never a decision.

    Short codes differ by one character that carries the meaning, so that nothing is suggested for them.
    """
    if len(text) < _LEAST_TO_SUGGEST:
        return None
    by_bare = {bare(candidate): candidate for candidate in candidates}
    found = get_close_matches(bare(text), list(by_bare), n=1, cutoff=0.75)
    return by_bare[found[0]] if found else None


def number_text(value: float) -> str:
    """A number as a Vietnamese reader writes it: 1.234,5."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}".replace(",", ".")
    text = f"{value:z,.4f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def percent_text(value: float, digits: int = 1) -> str:
    """A fraction as a Vietnamese percentage: 0.985 → 98,5 %."""
    text = f"{value * 100:z.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",") + " %"
