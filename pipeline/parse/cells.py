"""One parser per kind of field: a cleaned cell value in, a value and at most one finding out."""

import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from pipeline.read.sheets import Fault
from pipeline.text import bare, closest, fold, number_text
from schemas.words import YesNo


class Parsed(NamedTuple):
    """``value`` is None where the cell is blank or could not be read; ``code`` names the message, if any."""

    value: Any
    code: str = ""
    params: dict[str, Any] = {}  # noqa: RUF012 - never mutated


Parser = Callable[[Any], Parsed]

_GAP = "[ \t\u00a0\u2007\u2009\u202f']"
_SIGN = re.compile(rf"([+-]){_GAP}+")
_GROUPS = re.compile(rf"[+-]?\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d+)?")
_GAPS = re.compile(_GAP)
_AROUND = re.compile(r"\s*([/.\-])\s*")
_PLAIN = re.compile(r"[+-]?\d+")
_DOTS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?")
_COMMAS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_COMMA = re.compile(r"[+-]?\d*,\d+")
_DOT = re.compile(r"[+-]?\d*\.\d+")
_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_EPOCH = date(1899, 12, 30)
_NONE_WORDS = frozenset({"", "-", "–", "—", "không", "không có", "không phát sinh", "khong", "khong co"})


def parse_number(value: Any, *, percent: bool = False) -> Parsed:
    """A number as people type it; ``percent`` allows ``85%``, read as 0.85."""
    if isinstance(value, (bool, date, timedelta)):
        return Parsed(None, "SO01")
    if isinstance(value, (int, float)):
        return Parsed(float(value))
    if isinstance(value, Fault):
        return Parsed(None, "SO06")
    if not isinstance(value, str):
        return Parsed(None, "SO01" if value is not None else "")
    text = value.strip().lstrip("'")
    is_percent = text.endswith("%")
    if is_percent and not percent:
        return Parsed(None, "SO02")
    number, ambiguous = _number(_ungrouped(text.removesuffix("%").strip()))
    if number is None or not math.isfinite(number):
        return Parsed(None, "SO01")
    read = number_text(number) + (" %" if is_percent else "")
    value = round(number / 100, 12) if is_percent else number
    return Parsed(value, "SO03", {"read": read}) if ambiguous else Parsed(value)


def _ungrouped(text: str) -> str:
    """Without the spaces that part groups of three digits; two numbers in one cell are none."""
    text = _SIGN.sub(r"\1", text)
    return _GAPS.sub("", text) if _GROUPS.fullmatch(text) else text


def _number(text: str) -> tuple[float | None, bool]:
    """The value and whether its one separator could be read in two ways."""
    if _PLAIN.fullmatch(text):
        return float(text), False
    if _DOTS.fullmatch(text):
        return float(text.replace(".", "").replace(",", ".")), text.count(".") == 1 and "," not in text
    if _COMMA.fullmatch(text):
        return float(text.replace(",", ".")), bool(_COMMAS.fullmatch(text))
    if _COMMAS.fullmatch(text):
        return float(text.replace(",", "")), False
    if _DOT.fullmatch(text):
        return float(text), False
    return None, False


def parse_yes_no(value: Any) -> Parsed:
    """A milestone: Có is 1, Không is 0; the digits are taken too."""
    if isinstance(value, (int, float)) and value in (0, 1):
        return Parsed(float(value))
    word = parse_choice(value, tuple(YesNo))
    if word.value in tuple(YesNo):
        return Parsed(float(word.value == YesNo.YES), word.code, word.params)
    return Parsed(None, word.code or ("CT05" if word.value is not None else ""))


def parse_date(value: Any) -> Parsed:
    """A real date, or d/m/yyyy with slash, dash or dot, or an ISO date as text."""
    if isinstance(value, datetime):
        return Parsed(datetime(value.year, value.month, value.day))
    if isinstance(value, date):
        return Parsed(datetime(value.year, value.month, value.day))
    if isinstance(value, Fault):
        return Parsed(None, "SO06")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 36526 <= value < 73051:  # 2000–2099
        day = datetime.combine(_EPOCH + timedelta(days=int(value)), datetime.min.time())
        return Parsed(day, "NG02", {"read": f"{day:%d/%m/%Y}"})
    if not isinstance(value, str):
        return Parsed(None, "NG01" if value is not None else "")
    text = value.strip() if _ISO.fullmatch(value) else _AROUND.sub(r"\1", value.strip())
    try:
        if found := _DATE.fullmatch(text):
            year = int(found[3])
            return Parsed(datetime(year + 2000 if year < 100 else year, int(found[2]), int(found[1])))
        if found := _ISO.fullmatch(text):
            return Parsed(datetime(int(found[1]), int(found[2]), int(found[3])))
    except ValueError:
        pass
    return Parsed(None, "NG01")


def parse_text(value: Any) -> Parsed:
    """Text as it stands; a number or a date typed in a text cell is written out."""
    if isinstance(value, Fault):
        return Parsed(None, "SO06")
    if isinstance(value, bool):
        return Parsed(YesNo.YES.value if value else YesNo.NO.value)
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return Parsed(str(int(value)))
    if isinstance(value, datetime) and (value.hour or value.minute):
        return Parsed(f"{value:%d/%m/%Y %H:%M}")
    if isinstance(value, date):
        return Parsed(f"{value:%d/%m/%Y}")
    return Parsed(None if value is None else str(value))


def parse_choice(value: Any, choices: tuple[str, ...]) -> Parsed:
    """A word of the list; one that differs only by accents is taken with a warning.

    A word outside the list stays as typed, so that the schema's own check refuses it.
    """
    text = parse_text(value)
    if not isinstance(text.value, str):
        return text
    by_fold = {fold(choice): choice for choice in choices}
    if (exact := by_fold.get(fold(text.value))) is not None:
        return Parsed(str(exact))
    alike = [choice for choice in choices if bare(choice) == bare(text.value)]
    if len(alike) == 1:
        return Parsed(str(alike[0]), "LC02", {"read": str(alike[0]), "choices": listed(choices)})
    return Parsed(text.value)


def unknown_choice(typed: str, choices: tuple[str, ...]) -> dict[str, Any]:
    """What message LC01 says of a word outside the list."""
    near = closest(typed, list(choices))
    return {"choices": listed(choices), "suggestion": f" (ý bạn là “{near}”?)" if near else ""}


def listed(choices: tuple[str, ...]) -> str:
    return " · ".join(str(choice) for choice in choices)


def means_none(value: str) -> bool:
    """“Không”, “Không có” or a dash alone, where a difficulty belongs."""
    return fold(value).rstrip(".") in _NONE_WORDS
