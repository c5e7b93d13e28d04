"""Read one received workbook: its identity, its dates, its tables, and what of it was not read, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import Unreadable
from pipeline.read.kinds import Kind
from pipeline.read.sheets import Sheet, Workbook
from pipeline.read.tables import RawTable, TableLayout, holds_table, read_tables
from pipeline.read.workbooks import read_workbook
from pipeline.text import clean, fold
from schemas.words import FIX_SHEET, GUIDE_SHEET, META_SHEET, Remark

_WRITTEN = frozenset({fold(GUIDE_SHEET), fold(FIX_SHEET)})  # sheets of our own that hold nothing for us to read


class SheetNote(NamedTuple):
    """What the reader has to say of a whole sheet: the message code and what fills it."""

    sheet: str
    code: str
    params: dict[str, Any]


@dataclass
class Content:
    """``tables`` by name; ``meta`` is the hidden identity; ``fault`` the message code and its parameters."""

    tables: dict[str, RawTable] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    created: datetime | None = None
    modified: datetime | None = None
    remarks: tuple[Remark, ...] = ()
    notes: list[SheetNote] = field(default_factory=list)
    fault: tuple[str, dict[str, Any]] | None = None

    @classmethod
    def of_fault(cls, error: Unreadable) -> "Content":
        """Nothing but why it cannot be used."""
        return cls(fault=(error.code, error.params))


def read_submission(path: Path, layouts: Sequence[TableLayout], kind: Kind | None = None) -> Content:
    """Never raises for a faulty file: its ``fault`` says what is wrong with it."""
    try:
        workbook = read_workbook(path, kind, _WRITTEN)
    except Unreadable as error:
        return Content.of_fault(error)
    tables = read_tables(workbook, layouts)
    content = Content(
        tables=tables,
        meta=_meta(workbook),
        sheets=[sheet.name for sheet in workbook.sheets if sheet.visible],
        created=workbook.created,
        modified=workbook.modified,
        remarks=_remarks(workbook),
        notes=_unread(workbook, tables, layouts),
    )
    if not tables:
        content.fault = "TT03", {"found": ", ".join(content.sheets) or "không có"}
    return content


def _meta(workbook: Workbook) -> dict[str, str]:
    for sheet in workbook.sheets:
        if sheet.name == META_SHEET:
            return {str(row[0]): str(clean(row[1]) or "") for row in sheet.rows if len(row) > 1 and row[0]}
    return {}


def _remarks(workbook: Workbook) -> tuple[Remark, ...]:
    hidden = any(not sheet.visible and sheet.name != META_SHEET for sheet in workbook.sheets)
    return workbook.remarks + ((Remark.HIDDEN,) if hidden else ())


def _unread(workbook: Workbook, tables: dict[str, RawTable], layouts: Sequence[TableLayout]) -> list[SheetNote]:
    """The sheets with content that no table was read from: a second copy of one (TT26), or a unit's own (TT27)."""
    read = {table.sheet for table in tables.values()}
    notes = []
    for sheet in workbook.sheets:
        if sheet.name in read or sheet.name == META_SHEET or fold(sheet.name) in _WRITTEN:
            continue
        count = _filled(sheet)
        if count:
            notes.append(SheetNote(sheet.name, "TT26" if holds_table(sheet, layouts) else "TT27", {"count": count}))
    return notes


def _filled(sheet: Sheet) -> int:
    return sum(value != "" and clean(value) is not None for row in sheet.rows for value in row)
