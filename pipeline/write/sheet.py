"""A worksheet that also takes a table as whole columns, and whose rows fit themselves again when a cell is edited.

XlsxWriter keeps an object for every cell and writes it by a dozen calls, about 6 µs a cell; a detail sheet of a
thousand units has two million. Here a column is a list of finished cell elements, most of them the same few strings
over and over, and a row is their concatenation. What is overridden or used here of XlsxWriter's internals it does not
promise to keep: its version is pinned, and tests compare such sheets with XlsxWriter's own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range, xl_rowcol_to_cell, xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

from pipeline.write.packing import PackedPart

ROW = "\0"  # in a cell element or a formula: the number of the row it stands in; no text of a workbook holds it
_CHUNK = 8192  # rows whose elements are in memory at once
_FIXED = ("customHeight", 1)
_PLAIN = (CellStringTuple, CellBlankTuple, CellNumberTuple)

Cells = Callable[[int, int], Sequence[str]]  # the elements of a column from one place up to another


@dataclass(frozen=True)
class TableRows:
    """Rows from ``first`` (zero-based) on: of each its height in points (0: the default) and, by column, its cells."""

    first: int
    heights: Sequence[float]
    columns: Sequence[Cells]

    @property
    def last(self) -> int:
        return self.first + len(self.heights) - 1


class Sheet(Worksheet):  # type: ignore[misc]
    """XlsxWriter marks every height that is set as fixed by the user, so that a long text typed later stays hidden;
    without the mark Excel and LibreOffice show the height that is set and fit the row once it is edited."""

    def __init__(self) -> None:
        super().__init__()
        self.dim_rowmin: int
        self.dim_rowmax: int
        self._rows: TableRows | None = None
        self._links: list[str] = []

    def add_rows(self, rows: TableRows) -> None:
        """The rows of a table; the sheet's other cells lie above or below them. One table for a sheet."""
        self._rows = rows
        self._check_dimensions(rows.first, 0)
        self._check_dimensions(rows.last, len(rows.columns) - 1)

    def add_long_table(self, first: int, last: int, options: dict[str, Any]) -> None:
        """As ``add_table``, which notes down every cell to tell tables that overlap: here it sees one row of them."""
        right = len(options["columns"]) - 1
        self.add_table(first, 0, first + 1, right, options)
        self.tables[-1]["range"] = self.tables[-1]["a_range"] = xl_range(first, 0, last, right)

    def add_link(self, row: int, column: int, location: str, text: str) -> None:
        """Make a cell of the table a link to a place in the workbook."""
        attributes = (("ref", xl_rowcol_to_cell(row, column)), ("location", location), ("display", text))
        told = "".join(f' {name}="{self._escape_attributes(value)}"' for name, value in attributes)
        self._links.append(f"<hyperlink{told}/>")

    def put_text(self, row: int, column: int, text: str, style: Format) -> None:
        """As ``write_string``, of a text that any cell can hold: XlsxWriter takes four calls to see that it is one."""
        self._check_dimensions(row, column)
        self.table[row][column] = CellStringTuple(self.str_table._get_shared_string_index(text), style)

    def put_blank(self, row: int, column: int, style: Format) -> None:
        """As ``write_blank``."""
        self._check_dimensions(row, column)
        self.table[row][column] = CellBlankTuple(style)

    def text_cells(self, column: int, style: Format, texts: Iterable[str]) -> list[str]:
        """The elements of cells with these texts, which the workbook holds once for all its cells."""
        head, number_of = _cell(column, style, ' t="s"><v>'), self.str_table._get_shared_string_index
        return [f"{head}{number_of(text)}</v></c>" for text in texts]

    def text_cell(self, column: int, style: Format, text: str) -> str:
        return self.text_cells(column, style, [text])[0]

    def date_cells(self, column: int, style: Format, moments: Iterable[datetime]) -> list[str]:
        head = _cell(column, style, "><v>")
        return [f"{head}{self._convert_date_time(moment):.16G}</v></c>" for moment in moments]

    def _set_xml_writer(self, filename: Any) -> None:
        """The sheets of a large workbook, which is put together in files, are deflated as they are written."""
        if isinstance(filename, str):
            self.internal_fh, self.fh = True, PackedPart(filename)
        else:
            super()._set_xml_writer(filename)

    def _write_rows(self) -> None:
        if self._rows is None:
            super()._write_rows()
            return
        top, bottom = self.dim_rowmin, self.dim_rowmax
        self._write_between(top, self._rows.first - 1)
        self._write_table_rows(self._rows)
        self._write_between(self._rows.last + 1, bottom)
        self.dim_rowmin, self.dim_rowmax = top, bottom

    def _calculate_spans(self) -> None:
        """Of which columns a row makes use: a hint that no reader needs, and that takes a look at each cell again."""
        self.row_spans: dict[int, str] = {}

    def _write_between(self, first: int, last: int) -> None:
        self.dim_rowmin, self.dim_rowmax = first, last
        super()._write_rows()

    def _write_table_rows(self, rows: TableRows) -> None:
        for start in range(0, len(rows.heights), _CHUNK):
            stop = min(start + _CHUNK, len(rows.heights))
            tags = [_row_tag(height) for height in rows.heights[start:stop]]
            parts = zip(tags, *(cells(start, stop) for cells in rows.columns), strict=True)
            numbered = enumerate(parts, start=rows.first + start + 1)
            self.fh.write("".join(["".join(row).replace(ROW, str(number)) + "</row>" for number, row in numbered]))

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """The innermost loop of what is written cell by cell. Of nearly all our cells it is known what they hold and
        that nothing in their tags needs to be escaped; XlsxWriter looks at each attribute again, three times the work.
        """
        kind = type(cell)
        if kind not in _PLAIN or cell.format is None:
            super()._write_cell(row, col, cell)
            return
        number = cell.format.xf_index
        style = cell.format._get_xf_index() if number is None else number
        head = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{style}"'
        if kind is CellStringTuple:
            self.fh.write(f'{head} t="s"><v>{cell.string}</v></c>')
        elif kind is CellBlankTuple:
            self.fh.write(f"{head}/>")
        else:
            self.fh.write(f"{head}><v>{cell.number:.16G}</v></c>")

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """The formula without its ``=``. XlsxWriter looks here for each of 27 functions younger than Excel 2010, to
        mark them: 0.1 ms a formula, a third of a template. No formula of ours uses one (tested), as not every unit
        has so young an Excel."""
        return formula.removeprefix("=")

    def _write_hyperlinks(self) -> None:
        super()._write_hyperlinks()
        if self._links and not self.hyperlinks:
            self._xml_start_tag("hyperlinks")
            self._xml_end_tag("hyperlinks")

    def _xml_end_tag(self, tag: str) -> None:
        if tag == "hyperlinks":
            self.fh.write("".join(self._links))
        super()._xml_end_tag(tag)

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_start_tag_unencoded(tag, _fitting(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_empty_tag_unencoded(tag, _fitting(tag, attributes))


def _fitting(tag: str, attributes: Any) -> Any:
    return [each for each in attributes if each != _FIXED] if tag == "row" else attributes


@cache
def _row_tag(height: float) -> str:
    """Whole pixels, as XlsxWriter has it."""
    told = f' ht="{int(height * 4 / 3 + 0.5) * 0.75:.16g}"' if height else ""
    return f'<row r="{ROW}"{told}>'


def blank_cell(column: int, style: Format) -> str:
    return _cell(column, style, "/>")


def number_cell(column: int, style: Format, formula: str = "") -> tuple[str, str]:
    """What stands before and after the digits of a number, or of a formula's result."""
    told = f"<f>{escape(formula.removeprefix('='), quote=False)}</f>" if formula else ""
    return _cell(column, style, f">{told}<v>"), "</v></c>"


def _cell(column: int, style: Format, rest: str) -> str:
    return f'<c r="{xl_col_to_name(column)}{ROW}" s="{style._get_xf_index()}"{rest}'
