"""A template table's place on its sheet, and how its cells are styled and filled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import repeat
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from pipeline.forms import SPARE_DIFFICULTIES, Columns, Form
from pipeline.text import is_blank
from pipeline.write.book import INPUT, LOCKED, RULE, Book, safe_text
from pipeline.write.sheet import Sheet
from schemas.columns import Column
from schemas.tables import Table
from schemas.words import IndicatorKind

_ROWS = {"info": 4, "tasks": 3, "indicators": 3, "answer": 3, "difficulties": 7}  # of the hidden field names
WHOLE, DECIMAL = "#,##0", "#,##0.##"  # the second by rule, where a number is not whole: Excel shows 5 as “5,” in it
_COLUMN_OF_ANSWER = 2  # the question stands in the wide column of the sheet


@dataclass(frozen=True)
class Grid:
    """``row``: zero-based row of the hidden field names; header next, then data. ``columns``: where each field
    stands; ``values``: what its cells show; ``spare``: empty rows below."""

    table: Table
    values: Columns
    row: int
    columns: dict[str, int]
    spare: int

    @property
    def first(self) -> int:
        return self.row + 2

    @property
    def filled(self) -> int:
        """Rows that the form has."""
        return len(self.values[self.table.columns[0].name])

    @property
    def count(self) -> int:
        """Rows written, spare ones included."""
        return self.filled + self.spare

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The cells row by row, in the order of the table's columns; spare rows are blank."""
        yield from zip(*(self.values[spec.name] for spec in self.table.columns), strict=True)
        yield from repeat((None,) * len(self.table.columns), self.spare)

    @property
    def last(self) -> int:
        return self.first + max(self.count, 1) - 1

    def cell(self, position: int, field: str, *, absolute_column: bool = False) -> str:
        """The address of a field in the row at that position, as A1."""
        return str(xl_rowcol_to_cell(self.first + position, self.columns[field], col_abs=absolute_column))

    def span(self, field: str) -> str:
        """The field's data cells, as ``'Sheet'!$C$6:$C$10``."""
        letter = xl_col_to_name(self.columns[field], True)
        return f"'{self.table.sheet}'!{letter}${self.first + 1}:{letter}${self.last + 1}"

    def kind(self, form: Form, position: int) -> IndicatorKind | None:
        return form.kinds[position] if self.table.name == "indicators" else None


def place(table: Table, values: Columns) -> Grid:
    shift = _COLUMN_OF_ANSWER if table.name == "answer" else 0
    columns = {spec.name: index + shift for index, spec in enumerate(table.columns)}
    return Grid(table, values, _ROWS[table.name], columns, SPARE_DIFFICULTIES if table.name == "difficulties" else 0)


def is_open(spec: Column, kind: IndicatorKind | None) -> bool:
    """Whether the cell is for the unit to fill: a count or a milestone has no denominator."""
    return spec.layout.is_input and not (spec.name == "denominator" and kind is not None and not kind.has_denominator)


def cell_style(book: Book, spec: Column, is_open_cell: bool, value: Any = None, **more: Any) -> Format:
    """The style of a cell that holds ``value``: a date stays a date wherever it was typed."""
    number = {"number": WHOLE, "date": "dd/mm/yyyy"}.get(spec.kind, "General")
    if isinstance(value, date):
        number = "dd/mm/yyyy"
    style: dict[str, Any] = {
        "border": 1,
        "border_color": RULE,
        "valign": "top",
        "text_wrap": True,
        "locked": not is_open_cell,
        "bg_color": INPUT if is_open_cell else LOCKED,
        "num_format": "0.00%" if spec.name == "rate" else number,
    }
    if spec.layout.centre:
        style["align"] = "center"
    return book.format(**(style | more))


def put(sheet: Sheet, row: int, index: int, value: Any, style: Format) -> None:
    """A raw cell value as typed: number, date or text; never a formula."""
    if is_blank(value):
        sheet.put_blank(row, index, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, index, value, style)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, index, value, style)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, index, value.replace(tzinfo=None), style)
    elif isinstance(value, date):
        sheet.write_datetime(row, index, datetime(value.year, value.month, value.day), style)
    else:
        sheet.put_text(row, index, safe_text(getattr(value, "text", value)), style)
