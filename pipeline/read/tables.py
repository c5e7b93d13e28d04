"""Find the tables of a layout on the sheets of a workbook, wherever rows and columns have moved to.

Columns are matched by the field names in the hidden row above the header, then by header text; position is
never trusted. A layout is plain data derived from the schemas, so that a reader process needs no pandas.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.read.fonts import to_unicode
from pipeline.read.sheets import Sheet, Workbook, column_letters
from pipeline.text import clean, fold

if TYPE_CHECKING:
    from schemas.tables import Table

_LONGEST_HEADER = 80
_Texts = list[dict[str, int]]  # of each row, the column of every text in it, as headers are compared


@dataclass(frozen=True)
class TableLayout:
    """Where a table should be and what its columns are called; ``titles`` are folded headers, by field."""

    name: str
    sheet: str
    titles: dict[str, str]
    key: str = ""

    @classmethod
    def of(cls, table: "Table") -> "TableLayout":
        titles = {spec.name: fold(spec.title) for spec in table.columns}
        return cls(table.name, table.sheet, titles, table.key[0] if table.key else "")


class CellNote(NamedTuple):
    """What the reader has to say of one cell: the message code and what fills it."""

    row: int
    field: str
    code: str
    params: dict[str, Any]


@dataclass
class RawTable:
    """Values as they stand, by field; ``rows`` are Excel row numbers and ``letters`` Excel columns.

    ``strangers``: of each column with content that the table does not have, its letter, its header and how
    many cells of it hold something.
    """

    name: str
    sheet: str
    rows: list[int] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    notes: list[CellNote] = field(default_factory=list)
    strangers: list[tuple[str, str, int]] = field(default_factory=list)


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
        headers = _headers(sheet, layouts)
        for place, header in enumerate(headers):
            end = headers[place + 1].row if place + 1 < len(headers) else len(sheet.rows)
            if header.layout.name not in found or fold(sheet.name) == fold(header.layout.sheet):
                found[header.layout.name] = _extract(sheet, header, end)
    return found


def holds_table(sheet: Sheet, layouts: Sequence[TableLayout]) -> bool:
    """Whether any of the tables stands on the sheet."""
    return bool(_headers(sheet, layouts))


def _headers(sheet: Sheet, layouts: Sequence[TableLayout]) -> list[_Header]:
    texts = [_texts(row) for row in sheet.rows]
    headers = [header for layout in layouts if (header := _locate(sheet, texts, layout, layouts))]
    return sorted(headers, key=lambda header: header.row)


def _texts(row: Iterable[Any]) -> dict[str, int]:
    texts: dict[str, int] = {}
    for column, value in enumerate(row):
        if isinstance(value, str) and 0 < len(value) < _LONGEST_HEADER:
            texts.setdefault(_header_text(value), column)
    return texts


def _locate(sheet: Sheet, texts: _Texts, layout: TableLayout, layouts: Iterable[TableLayout]) -> _Header | None:
    """The row of field names, else the row of headers; on the sheet of that name or, by names only, any other."""
    by_name = _best(texts, {name: name for name in layout.titles})
    if by_name:
        row, columns = by_name
        # A field whose name was lost is still known by the header below.
        below = texts[row + 1] if row + 1 < len(texts) else {}
        for name, title in layout.titles.items():
            if name not in columns and title in below and below[title] not in columns.values():
                columns[name] = below[title]
        rival = max((len(texts[row].keys() & other.titles) for other in layouts if other is not layout), default=0)
        return _Header(layout, row, columns, True) if len(columns) > rival else None
    if fold(sheet.name) != fold(layout.sheet):
        return None
    by_title = _best(texts, {title: name for name, title in layout.titles.items()})
    return _Header(layout, by_title[0], by_title[1], False) if by_title else None


def _best(texts: _Texts, wanted: Mapping[str, str]) -> tuple[int, dict[str, int]] | None:
    """The first row that holds most of the wanted texts, at least two and at least half of them."""
    least = max(2, len(wanted) / 2)
    best, most = -1, 0
    for index, row in enumerate(texts):
        if len(row) >= least and (count := len(wanted.keys() & row.keys())) >= least and count > most:
            best, most = index, count
    if best < 0:
        return None
    return best, {name: texts[best][text] for text, name in wanted.items() if text in texts[best]}


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
    strangers: dict[int, int] = {}
    first = header.row + 1
    for index in range(first, end):
        row = sheet.rows[index]
        notes: list[CellNote] = []
        cells = {name: _cell(sheet, index, column, name, notes) for name, column in columns.items()}
        at_least = 1 if header.by_name and index == header.row + 1 else max(2, len(cells) // 2)
        if _titles(cells, layout) >= at_least:
            first = index + 1
            continue
        _count_strangers(row, columns, strangers)
        if all(value is None for value in cells.values()):
            continue
        table.rows.append(index + 1)
        table.notes += notes
        for name, value in cells.items():
            table.values[name].append(value)
    table.notes += _merged(sheet, header, table)
    heads = sheet.rows[first - 1]
    table.strangers = [
        (column_letters(column), str(clean(heads[column]) or "") if column < len(heads) else "", count)
        for column, count in sorted(strangers.items())
    ]
    return table


def _cell(sheet: Sheet, row: int, column: int, name: str, notes: list[CellNote]) -> Any:
    """The cleaned value; text in a legacy font is converted, and a note says from what."""
    cells = sheet.rows[row]
    value = cells[column] if column < len(cells) else None
    font = sheet.fonts.get((row, column)) if sheet.fonts else None
    if font and isinstance(value, str):
        converted = clean(to_unicode(value, font))
        if converted != clean(value):
            notes.append(CellNote(row + 1, name, "CH02", {"font": font, "typed": value, "read": converted}))
        return converted
    return clean(value)


def _count_strangers(row: Sequence[Any], columns: Mapping[str, int], strangers: dict[int, int]) -> None:
    known = columns.values()
    for column, value in enumerate(row):
        if value != "" and column not in known and clean(value) is not None:
            strangers[column] = strangers.get(column, 0) + 1


def _merged(sheet: Sheet, header: _Header, table: RawTable) -> Iterable[CellNote]:
    """A merged area hides all its cells but the first: one note for each that covers cells of the table's rows."""
    names = {column: name for name, column in header.columns.items()}
    places = {row: place for place, row in enumerate(table.rows)}
    keys = table.values.get(header.layout.key)
    for area in sheet.merges:
        name, place = names.get(area.left), places.get(area.top + 1)
        covered = sum(column in names for column in range(area.left, area.right + 1))
        if name is None or place is None or (covered < 2 and area.top == area.bottom):
            continue
        if table.values[name][place] is None or (keys is not None and keys[place] is None):
            continue
        yield CellNote(area.top + 1, name, "DG07", {"area": area.label})


def _titles(cells: dict[str, Any], layout: TableLayout) -> int:
    """How many of a row's cells say the title of their own column: enough of them make it a header."""
    return sum(_header_text(value) == layout.titles[name] for name, value in cells.items())
