"""A table's column as finished cell elements: each distinct text, date or style is made into XML once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter.format import Format

from pipeline.write.book import HEAD, MUTED, RULE, Book, safe_text, whole_format
from pipeline.write.heading import DATA_ROW
from pipeline.write.sheet import Cells, Sheet, blank_cell, number_cell
from schemas.columns import Column

_EXACT = 2**53  # below it a float holds every whole number


@dataclass(frozen=True)
class CellPlace:
    """The column of a sheet that cells are made for."""

    book: Book
    sheet: Sheet
    index: int
    column: Column
    is_bold: bool = False

    def style(self, **more: Any) -> Format:
        bold = {"bold": True} if self.is_bold else {}
        return cell_style(self.book, self.column, **bold, **more)

    def blank(self) -> str:
        """The cell without a value: what the layout says of one."""
        style = self.style(align="center", font_color=MUTED, text_wrap=True)
        told = self.column.layout.blank
        return self.sheet.text_cell(self.index, style, told) if told else blank_cell(self.index, style)


def cell_style(book: Book, column: Column, **more: Any) -> Format:
    style: dict[str, Any] = {"border": 1, "border_color": RULE, "valign": "top"}
    if column.layout.centre:
        style["align"] = "center"
    if column.kind == "text":
        style["text_wrap"] = True
    if column.layout.format:
        style["num_format"] = column.layout.format
    return book.format(**(style | more))


@dataclass(frozen=True)
class Words:
    """A column of texts or dates: its distinct ``values`` and, of every row, the place among them; -1 for none."""

    values: list[Any]
    places: "np.ndarray[Any, np.dtype[np.int32]]"

    @classmethod
    def of(cls, column: pd.Series) -> "Words":
        places, values = pd.factorize(column)
        return cls(values.astype("object").tolist(), places.astype("int32"))

    def cells(self, place: CellPlace, links: Sequence[str] | None = None) -> Cells:
        """The column's elements; those with a link look like one."""
        plain = self._elements(place, place.style())
        if not links or not any(links):
            return lambda start, stop: plain[self.places[start:stop]].tolist()
        linked = self._elements(place, place.style(font_color=HEAD, underline=1))
        has_link = np.array([bool(link) for link in links]) & (self.places >= 0)
        for offset in has_link.nonzero()[0].tolist():
            text = safe_text(self.values[self.places[offset]])
            place.sheet.add_link(DATA_ROW + offset, place.index, links[offset], text)
        made = np.where(has_link, linked[self.places], plain[self.places])
        return lambda start, stop: made[start:stop].tolist()

    def _elements(self, place: CellPlace, style: Format) -> "np.ndarray[Any, np.dtype[np.object_]]":
        """Of every distinct value its element; the last, which is also that at -1, is the one of no value."""
        sheet, index = place.sheet, place.index
        if place.column.kind == "text":
            made = sheet.text_cells(index, style, map(safe_text, self.values))
        else:
            made = sheet.date_cells(index, style, self.values)
        return np.array([*made, place.blank()], dtype="object")


def numbers(
    place: CellPlace, values: pd.Series, formats: Sequence[str] | None, formulas: Sequence[str] | None
) -> Cells:
    """Numbers, each in its own format and, where it is the result of a formula, with it.

    What stands before and after the digits is made once for all numbers that look alike.
    """
    blank, usual = place.blank(), place.column.layout.format

    @cache
    def around(own: str, is_whole: bool, is_whole_percent: bool, formula: str) -> tuple[str, str]:
        form = own or usual
        whole = is_whole_percent if "%" in form else is_whole
        style = place.style(num_format=whole_format(form) if whole else form) if form else place.style()
        return number_cell(place.index, style, formula)

    def cells(start: int, stop: int) -> Sequence[str]:
        part = values.iloc[start:stop].to_numpy(dtype="float64")
        form_of, forms = _numbered(formats[start:stop] if formats else [""])
        formula_of, told = _numbered(formulas[start:stop] if formulas else [""])
        looks = ((form_of * 2 + _is_whole(part)) * 2 + _is_whole(part * 100)) * len(told) + formula_of
        look_of, distinct = pd.factorize(looks)  # in order: the first use of a format numbers it
        pairs = []
        for look in distinct.tolist():
            rest, formula = divmod(look, len(told))
            form, whole = divmod(rest, 4)
            pairs.append(around(forms[form], whole >= 2, whole % 2 == 1, told[formula]))
        before, after = (np.array(each, dtype="object")[look_of].tolist() for each in zip(*pairs, strict=True))
        parts = zip(before, _digits(part), after, strict=True)
        return [f"{head}{digits}{tail}" if digits else blank for head, digits, tail in parts]

    return cells


def _numbered(words: Sequence[str]) -> tuple["np.ndarray[Any, np.dtype[np.int64]]", list[str]]:
    """Of each its place among the distinct ones; one alone stands for all rows."""
    codes, distinct = pd.factorize(np.array(words, dtype="object"))
    return codes, distinct.tolist()


def _digits(values: "np.ndarray[Any, np.dtype[np.float64]]") -> Sequence[object]:
    """The numbers as they are told, which is exact; "" for none. Whole ones, as most columns are, tell themselves."""
    if (np.abs(values) < _EXACT).all() and (values == np.floor(values)).all():
        return list(map(str, values.astype("int64").tolist()))
    told = values.tolist()
    return [repr(value).removesuffix(".0") if value == value else "" for value in told]  # noqa: PLR0124 - NaN


def _is_whole(values: "np.ndarray[Any, np.dtype[np.float64]]") -> "np.ndarray[Any, np.dtype[np.bool_]]":
    return np.abs(values - np.round(values)) < 1e-9
