"""Find the tables of a layout on the sheets of a workbook, wherever rows and columns have moved to.

Columns are matched by the field names in the hidden row above the header, then by header text; position is
never trusted. A layout is plain data derived from the schemas, so that a reader process needs no pandas.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, zip_longest
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.read.fonts import to_unicode
from pipeline.read.sheets import Fault, Sheet, Workbook, column_letters
from pipeline.text import clean, clean_text, fold

if TYPE_CHECKING:
    from schemas.tables import Table

_LONGEST_HEADER = 80
_MOST_REMEMBERED = 1 << 16  # cell values


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
    every = set(chain.from_iterable(sheet.rows))
    # A sheet that holds neither two of a table's field names nor its name is not looked through row by row.
    likely = [each for each in layouts if len(every & each.titles.keys()) > 1 or fold(sheet.name) == fold(each.sheet)]
    headers = [header for layout in likely if (header := _locate(sheet, layout, layouts))]
    return sorted(headers, key=lambda header: header.row)


def _locate(sheet: Sheet, layout: TableLayout, layouts: Iterable[TableLayout]) -> _Header | None:
    """The row of field names, else the row of headers; on the sheet of that name or, by names only, any other."""
    row = _best(sheet.rows, set(layout.titles))
    if row is not None:
        names = _texts(sheet.rows[row])
        columns = {name: names[name] for name in layout.titles if name in names}
        # A field whose name was lost is still known by the header below.
        below = _texts(sheet.rows[row + 1]) if row + 1 < len(sheet.rows) else {}
        for name, title in layout.titles.items():
            if name not in columns and title in below and below[title] not in columns.values():
                columns[name] = below[title]
        rival = max((len(names.keys() & other.titles) for other in layouts if other is not layout), default=0)
        return _Header(layout, row, columns, True) if len(columns) > rival else None
    if fold(sheet.name) != fold(layout.sheet):
        return None
    row = _best((map(_header_text, values) for values in sheet.rows), set(layout.titles.values()))
    if row is None:
        return None
    titles = _texts(sheet.rows[row])
    return _Header(
        layout, row, {name: titles[title] for name, title in layout.titles.items() if title in titles}, False
    )


def _best(rows: Iterable[Iterable[Any]], wanted: set[str]) -> int | None:
    """The first row that holds most of the wanted texts, at least two and at least half of them."""
    least = max(2, len(wanted) / 2)
    best, most = None, 0
    for index, values in enumerate(rows):
        count = len(wanted.intersection(values))
        if count >= least and count > most:
            best, most = index, count
            if count == len(wanted):
                break  # no row below can hold more
    return best


def _texts(row: Iterable[Any]) -> dict[str, int]:
    """The first column of every text of a row, as headers are compared."""
    texts: dict[str, int] = {}
    for column, value in enumerate(row):
        if isinstance(value, str) and value:
            texts.setdefault(_header_text(value), column)
    return texts


def _header_text(value: Any) -> str:
    """As headers are compared; "" for what is too long for one."""
    return _bare_header(value) if isinstance(value, str) and len(value) < _LONGEST_HEADER else ""


@lru_cache(maxsize=1 << 14)
def _bare_header(text: str) -> str:
    return fold(text).removesuffix("*").rstrip()


def _extract(sheet: Sheet, header: _Header, end: int) -> RawTable:
    """Column by column: a row costs no Python of its own."""
    layout, first = header.layout, header.row + 1
    area = list(zip_longest(*sheet.rows[first:end], fillvalue=""))
    cells = {
        name: [clean_text(value) if isinstance(value, str) else _finite(value) for value in area[column]]
        if column < len(area)
        else [None] * (end - first)
        for name, column in header.columns.items()
    }
    notes = _convert(sheet, header, cells)
    titles = _title_rows(header, cells)
    blank = (None,) * len(cells)
    kept = [
        place
        for place, values in enumerate(zip(*cells.values(), strict=True))
        if values != blank and place not in titles
    ]
    table = RawTable(
        layout.name,
        sheet.name,
        rows=[first + place + 1 for place in kept],
        values={name: _at(kept, values) for name, values in cells.items()},
        letters={name: column_letters(column) for name, column in header.columns.items()},
        missing=[name for name in layout.titles if name not in header.columns],
    )
    rows = set(table.rows)
    table.notes = [note for note in notes if note.row in rows]
    table.notes += _merged(sheet, header, table)
    table.strangers = _strangers(area, header, titles)
    return table


def _finite(value: Any) -> Any:
    """What a file says is a number and no program could have computed, as the error that Excel would show."""
    return Fault("#NUM!") if isinstance(value, float) and not isfinite(value) else value


def _at(places: Sequence[int], values: list[Any]) -> list[Any]:
    """The values at those places, which nearly always follow one another."""
    if places and places[-1] - places[0] == len(places) - 1:
        return values[places[0] : places[-1] + 1]
    return [values[place] for place in places]


def _convert(sheet: Sheet, header: _Header, cells: dict[str, list[Any]]) -> list[CellNote]:
    """Text in a legacy font is converted, and a note says from what."""
    names = {column: name for name, column in header.columns.items()}
    first, notes = header.row + 1, []
    for (row, column), font in sorted(sheet.fonts.items()):
        name, place = names.get(column), row - first
        if name is None or not 0 <= place < len(cells[name]):
            continue
        typed = sheet.rows[row][column]
        if isinstance(typed, str) and (read := clean(to_unicode(typed, font))) != clean(typed):
            cells[name][place] = read
            notes.append(CellNote(row + 1, name, "CH02", {"font": font, "typed": typed, "read": read}))
    return notes


def _title_rows(header: _Header, cells: Mapping[str, Sequence[Any]]) -> set[int]:
    """The rows, counted from below the header's first, whose cells say the titles of their own columns.

    One is enough right below the row of field names; elsewhere half of them make a header.
    """
    titles, half, below = header.layout.titles, max(2, len(cells) // 2), 1 if header.by_name else 0
    found = (
        {0} if any(_header_text(value) == titles[name] for name in cells for value in cells[name][:below]) else set()
    )
    hits: Counter[int] = Counter()
    for number, (name, values) in enumerate(cells.items()):
        if number > len(cells) - half and not hits:
            break  # the columns that are left are too few to make a header
        if said := _spellings(titles[name], set(values[below:])):
            hits.update(place for place, value in enumerate(values) if value in said)
    return found | {place for place, count in hits.items() if count >= half}


_looked_at: set[Any] = set()
_spelled: dict[str, set[Any]] = {}  # by folded header, what of it was


def _spellings(title: str, values: set[Any]) -> set[Any]:
    """Those of the values that say the title. Each value is looked at once, whatever files it stands in."""
    new = values - _looked_at
    if len(_looked_at) > _MOST_REMEMBERED:
        _looked_at.clear()
        _spelled.clear()
        new = values
    for value in new:
        if text := _header_text(value):
            _spelled.setdefault(text, set()).add(value)
    _looked_at.update(new)
    return values & _spelled.get(title, set())


def _strangers(area: Sequence[Sequence[Any]], header: _Header, titles: AbstractSet[int]) -> list[tuple[str, str, int]]:
    """Of each column that is none of the table's, the letter, the header and the number of cells with content."""
    known = set(header.columns.values())
    found = []
    for column, values in enumerate(area):
        if column in known:
            continue
        filled = {place for place, value in enumerate(values) if value != "" and clean(value) is not None}
        heads = filled & titles
        if filled - heads:
            head = str(clean(values[max(heads)])) if heads else ""
            found.append((column_letters(column), head, len(filled - heads)))
    return found


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
