"""Find the tables of a layout on the sheets of a workbook, wherever rows and columns have moved to.

Columns are matched by the field names in the hidden row above the header, then by header text; position is
never trusted. A layout is plain data derived from the schemas, so that a reader process needs no pandas.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.read.workbooks import Sheet, Workbook, column_letters
from pipeline.text import clean, fold

if TYPE_CHECKING:
    from schemas.tables import Table


@dataclass(frozen=True)
class TableLayout:
    """Where a table should be and what its columns are called; ``titles`` are folded headers, by field."""

    name: str
    sheet: str
    titles: dict[str, str]

    @classmethod
    def of(cls, table: "Table") -> "TableLayout":
        return cls(table.name, table.sheet, {spec.name: fold(spec.title) for spec in table.columns})


@dataclass
class RawTable:
    """Values as they stand, by field; ``rows`` are Excel row numbers and ``letters`` Excel columns."""

    name: str
    sheet: str
    rows: list[int] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


@dataclass
class _Header:
    """``by_name``: the row of field names, so that the next row is the visible header."""

    layout: TableLayout
    row: int
    columns: dict[str, int]
    by_name: bool


def read_tables(workbook: Workbook, layouts: Sequence[TableLayout]) -> dict[str, RawTable]:
    """The tables found, by name; a table that no sheet holds is absent."""
    found: dict[str, RawTable] = {}
    for sheet in workbook.sheets:
        headers = [header for layout in layouts if (header := _locate(sheet, layout, layouts))]
        headers.sort(key=lambda header: header.row)
        for place, header in enumerate(headers):
            end = headers[place + 1].row if place + 1 < len(headers) else len(sheet.rows)
            if header.layout.name not in found or fold(sheet.name) == fold(header.layout.sheet):
                found[header.layout.name] = _extract(sheet, header, end)
    return found


def _locate(sheet: Sheet, layout: TableLayout, layouts: Iterable[TableLayout]) -> _Header | None:
    """The row of field names, else the row of headers; on the sheet of that name or, by names only, any other."""
    by_name = _best(sheet, {name: name for name in layout.titles})
    if by_name:
        row, columns = by_name
        # A field whose name was lost is still known by the header below.
        below = sheet.rows[row + 1] if row + 1 < len(sheet.rows) else []
        for column, value in enumerate(below):
            for name, title in layout.titles.items():
                if name not in columns and column not in columns.values() and _header_text(value) == title:
                    columns[name] = column
        rival = max((_score(sheet, row, other) for other in layouts if other is not layout), default=0)
        return _Header(layout, row, columns, True) if len(columns) > rival else None
    if fold(sheet.name) != fold(layout.sheet):
        return None
    by_title = _best(sheet, layout.titles)
    return _Header(layout, by_title[0], by_title[1], False) if by_title else None


def _score(sheet: Sheet, row: int, layout: TableLayout) -> int:
    return sum(_header_text(value) in layout.titles for value in sheet.rows[row])


def _best(sheet: Sheet, wanted: dict[str, str]) -> tuple[int, dict[str, int]] | None:
    """The first row that holds most of the wanted texts, at least two and at least half of them."""
    by_text = {text: name for name, text in wanted.items()}
    best: tuple[int, dict[str, int]] | None = None
    for index, row in enumerate(sheet.rows):
        columns: dict[str, int] = {}
        for column, value in enumerate(row):
            if isinstance(value, str) and (name := by_text.get(_header_text(value))):
                columns.setdefault(name, column)
        if len(columns) >= max(2, len(wanted) / 2) and (best is None or len(columns) > len(best[1])):
            best = index, columns
    return best


def _header_text(value: Any) -> str:
    return fold(value).removesuffix("*").rstrip() if isinstance(value, str) else ""


def _extract(sheet: Sheet, header: _Header, end: int) -> RawTable:
    layout, columns = header.layout, header.columns
    table = RawTable(
        layout.name,
        sheet.name,
        values={name: [] for name in columns},
        letters={name: column_letters(column) for name, column in columns.items()},
        missing=[name for name in layout.titles if name not in columns],
    )
    for index in range(header.row + 1, end):
        row = sheet.rows[index]
        cells = {name: clean(row[column]) if column < len(row) else None for name, column in columns.items()}
        at_least = 1 if header.by_name and index == header.row + 1 else max(2, len(cells) // 2)
        if all(value is None for value in cells.values()) or _titles(cells, layout) >= at_least:
            continue
        table.rows.append(index + 1)
        for name, value in cells.items():
            table.values[name].append(value)
    return table


def _titles(cells: dict[str, Any], layout: TableLayout) -> int:
    """How many of a row's cells say the title of their own column: enough of them make it a header."""
    return sum(_header_text(value) == layout.titles[name] for name, value in cells.items())
