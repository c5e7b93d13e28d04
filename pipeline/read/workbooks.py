"""The only module that reads workbooks: a file in, its sheets' values as they stand out.

python-calamine gives the values of every format. It reports an error cell, and a formula that no program has
computed, as empty; a second look at the file's own parts finds those, so that they reach the validator as
:class:`Fault`, together with merged areas, legacy fonts and the document's dates.
"""

from collections.abc import Callable, Container
from pathlib import Path

import python_calamine as calamine

from pipeline.errors import Unreadable, damaged
from pipeline.read import ods, ooxml, xlsb
from pipeline.read.kinds import Kind, detect
from pipeline.read.package import damage_told
from pipeline.read.sheets import Area, Fault, Parts, Place, Sheet, Workbook
from pipeline.text import fold

Merges = dict[str, list[Area]]


def _no_merges(read: Callable[[Path], Parts]) -> Callable[[Path], tuple[Parts, Merges]]:
    """For the formats whose merged areas calamine tells itself."""
    return lambda path: (read(path), {})


def _xls_parts(path: Path) -> Parts:
    from pipeline.read import xls  # with libraries that no other format needs

    return xls.read_parts(path)


_PARTS: dict[Kind, Callable[[Path], tuple[Parts, Merges]]] = {
    Kind.XLSX: _no_merges(ooxml.read_parts),
    Kind.XLSB: _no_merges(xlsb.read_parts),
    Kind.XLS: _no_merges(_xls_parts),
    Kind.ODS: ods.read_parts,
}


def read_workbook(path: Path, kind: Kind | None = None, unasked: Container[str] = ()) -> Workbook:
    """Read every sheet; of those whose folded names are ``unasked`` no cells. Without ``kind`` the content tells it.

    Raises Unreadable, whose message says why.
    """
    kind = kind or detect(path)
    if kind not in _PARTS:
        raise Unreadable("TT02", detail="thư hoặc tệp nén, không phải bảng tính")
    parts, merges = _PARTS[kind](path)
    try:
        with path.open("rb") as stream, calamine.CalamineWorkbook.from_filelike(stream) as book, damage_told():
            sheets = [
                _without_cells(meta)
                if fold(meta.name) in unasked
                else _sheet(book.get_sheet_by_name(meta.name), meta, merges.get(meta.name, []))
                for meta in book.sheets_metadata
                if meta.typ == calamine.SheetTypeEnum.WorkSheet
            ]
    except calamine.PasswordError as error:
        raise Unreadable("TT11") from error
    except calamine.CalamineError as error:
        raise damaged() from error
    for sheet in sheets:
        sheet.fonts = parts.fonts.get(sheet.name, {})
        _mark(sheet, parts.faults.get(sheet.name, {}))
    return Workbook(sheets, parts.created, parts.modified, tuple(parts.remarks))


def read_own_sheet(path: Path, name: str) -> Sheet | None:
    """One sheet of an .xlsx that this program wrote, without the second look; None where it has no such sheet.

    Raises Unreadable.
    """
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book, damage_told():
            for meta in book.sheets_metadata:
                if meta.name == name:
                    return _sheet(book.get_sheet_by_name(name), meta, [])
    except calamine.CalamineError as error:
        raise damaged() from error
    return None


def _sheet(sheet: calamine.CalamineSheet, meta: calamine.SheetMetadata, merges: list[Area]) -> Sheet:
    merges = merges or [
        Area(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
    ]
    return Sheet(meta.name, _is_visible(meta), sheet.to_python(skip_empty_area=False), merges)


def _without_cells(meta: calamine.SheetMetadata) -> Sheet:
    return Sheet(meta.name, _is_visible(meta), [])


def _is_visible(meta: calamine.SheetMetadata) -> bool:
    return bool(meta.visible == calamine.SheetVisibleEnum.Visible)


def _mark(sheet: Sheet, faults: dict[Place, Fault]) -> None:
    """A fault may lie outside the area that holds values."""
    for (row, column), fault in faults.items():
        sheet.rows.extend([] for _ in range(row + 1 - len(sheet.rows)))
        cells = sheet.rows[row]
        cells.extend("" for _ in range(column + 1 - len(cells)))
        cells[column] = fault
