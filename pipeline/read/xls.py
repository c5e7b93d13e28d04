"""The second look at an .xls workbook: error cells and legacy fonts by xlrd, dates by olefile."""

from datetime import datetime
from pathlib import Path
from typing import Any

import olefile
import xlrd

from pipeline.errors import Unreadable, damaged, on_sheet
from pipeline.read.fonts import is_legacy
from pipeline.read.sheet_scan import Scan
from pipeline.read.sheets import MAX_CELLS, MAX_SHEETS, Fault, Parts, Place
from schemas.words import Remark

_FONT_MARKS = tuple(mark.encode(code) for mark in (".Vn", "VNI-") for code in ("latin-1", "utf-16-le"))


def read_parts(path: Path) -> Parts:
    """Raises Unreadable: TT01 damaged, TT11 password, TT17 a cell far away, TT18 too many sheets."""
    parts = Parts()
    _read_properties(path, parts)
    has_fonts = any(mark in path.read_bytes() for mark in _FONT_MARKS)
    try:
        with xlrd.open_workbook(str(path), formatting_info=has_fonts, on_demand=True, logfile=_Silence()) as book:
            if book.nsheets > MAX_SHEETS:
                raise Unreadable("TT18", count=book.nsheets, limit=MAX_SHEETS)
            for sheet in book.sheets():
                with on_sheet(sheet.name):
                    _check_extent(sheet)
                parts.faults[sheet.name] = _faults(sheet)
                parts.fonts[sheet.name] = _fonts(book, sheet) if has_fonts else {}
    except Unreadable:
        raise
    except Exception as error:  # xlrd meets a damaged stream with any of a dozen exceptions
        if "encrypted" in str(error):
            raise Unreadable("TT11") from error
        raise damaged() from error
    return parts


def _read_properties(path: Path, parts: Parts) -> None:
    try:
        with olefile.OleFileIO(str(path)) as ole:
            if ole.exists("_VBA_PROJECT_CUR"):
                parts.remarks.append(Remark.MACRO)
            properties: Any = ole.get_metadata()
            parts.created, parts.modified = _moment(properties.create_time), _moment(properties.last_saved_time)
    except (OSError, ValueError, TypeError, IndexError, AttributeError):
        return  # the properties are broken or absent: the workbook names no date


def _moment(value: object) -> datetime | None:
    return value.replace(microsecond=0) if isinstance(value, datetime) and value.year > 1990 else None


def _check_extent(sheet: xlrd.sheet.Sheet) -> None:
    """Raises Unreadable (TT17)."""
    if sheet.nrows * sheet.ncols <= MAX_CELLS:
        return
    scan = Scan()
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                scan.reach(row, column)


def _faults(sheet: xlrd.sheet.Sheet) -> dict[Place, Fault]:
    return {
        (row, column): Fault(xlrd.error_text_from_code.get(int(sheet.cell_value(row, column)), "#ERROR"))
        for row in range(sheet.nrows)
        for column, kind in enumerate(sheet.row_types(row))
        if kind == xlrd.XL_CELL_ERROR
    }


def _fonts(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet) -> dict[Place, str]:
    found = {}
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == xlrd.XL_CELL_TEXT:
                font = book.font_list[book.xf_list[sheet.cell_xf_index(row, column)].font_index].name
                if is_legacy(font):
                    found[row, column] = font
    return found


class _Silence:
    """xlrd writes its warnings to a log file; a reader process has nobody to tell."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        return
