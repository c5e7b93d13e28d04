"""A table's column as finished cell elements: each distinct text, date or style is made into XML once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter.format import Format

from pipeline.write.book import HEAD, MUTED, RULE, Book, safe_text, whole_format
from pipeline.write.heading import DATA_ROW
from pipeline.write.sheet import Cells, Sheet, blank_cell, number_cell
from schemas.columns import Column


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


def words(place: CellPlace, values: pd.Series, links: Sequence[str] | None = None) -> Cells:
    """Texts or dates; those with a link look like one."""
    plain = _elements(place, values, place.style())
    if not links or not any(links):
        return lambda start, stop: [plain[value] for value in values.iloc[start:stop].tolist()]
    linked = _elements(place, values, place.style(font_color=HEAD, underline=1))
    missing = values.isna().tolist()
    for offset, (text, link) in enumerate(zip(values.tolist(), links, strict=True)):
        if link and not missing[offset]:
            place.sheet.add_link(DATA_ROW + offset, place.index, link, safe_text(text))
    told = zip(values.tolist(), links, strict=True)
    made = [linked[value] if link else plain[value] for value, link in told]
    return lambda start, stop: made[start:stop]


class _Elements(dict[Any, str]):
    """By value its element; a value that is not there is a missing one, however it is written."""

    blank = ""

    def __missing__(self, value: Any) -> str:
        return self.blank


def _elements(place: CellPlace, values: pd.Series, style: Format) -> _Elements:
    made, sheet, index = _Elements(), place.sheet, place.index
    told = pd.Series(values[values.notna()].unique()).tolist()
    if place.column.kind == "text":
        made |= {value: sheet.text_cell(index, style, safe_text(value)) for value in told}
    else:
        made |= {value: sheet.date_cell(index, style, value) for value in told}
    made.blank = place.blank()
    return made


def numbers(
    place: CellPlace, values: pd.Series, formats: Sequence[str] | None, formulas: Sequence[str] | None
) -> Cells:
    """Numbers, each in its own format and, where it is the result of a formula, with it."""
    heads: dict[tuple[str, bool, bool, str], tuple[str, str]] = {}
    blank, usual = place.blank(), place.column.layout.format

    def head(own: str, is_whole: bool, is_whole_percent: bool, formula: str) -> tuple[str, str]:
        form = own or usual
        whole = is_whole_percent if "%" in form else is_whole
        style = place.style(num_format=whole_format(form) if whole else form) if form else place.style()
        return number_cell(place.index, style, formula)

    def cells(start: int, stop: int) -> Sequence[str]:
        part = values.iloc[start:stop].to_numpy(dtype="float64")
        keys = list(
            zip(
                formats[start:stop] if formats else repeat("", len(part)),
                _is_whole(part),
                _is_whole(part * 100),
                formulas[start:stop] if formulas else repeat("", len(part)),
                strict=True,
            )
        )
        for key in set(keys) - heads.keys():
            heads[key] = head(*key)
        told = zip(map(heads.__getitem__, keys), part.tolist(), strict=True)
        # Only NaN differs from itself; repr tells a number exactly.
        return [f"{before}{value!r}{after}" if value == value else blank for (before, after), value in told]  # noqa: PLR0124

    return cells


def _is_whole(values: "np.ndarray[Any, np.dtype[np.float64]]") -> list[bool]:
    told: list[bool] = (np.abs(values - np.round(values)) < 1e-9).tolist()
    return told
