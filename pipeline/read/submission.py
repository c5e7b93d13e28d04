"""Read one received workbook: its identity, its dates and its tables, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import Unreadable
from pipeline.read.tables import RawTable, TableLayout, read_tables
from pipeline.read.workbooks import Workbook, read_workbook
from pipeline.text import clean

META = "_meta"


@dataclass
class Content:
    """``tables`` by name; ``meta`` is the hidden identity; ``fault`` the message code and its parameters."""

    tables: dict[str, RawTable] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    created: datetime | None = None
    modified: datetime | None = None
    fault: tuple[str, dict[str, Any]] | None = None


def read_submission(path: Path, layouts: Sequence[TableLayout]) -> Content:
    """Never raises for a faulty file: its ``fault`` says what is wrong with it."""
    try:
        workbook = read_workbook(path)
    except Unreadable as error:
        return Content(fault=(error.code, error.params))
    content = Content(
        tables=read_tables(workbook, layouts),
        meta=_meta(workbook),
        sheets=[sheet.name for sheet in workbook.sheets if sheet.visible],
        created=workbook.created,
        modified=workbook.modified,
    )
    if not content.tables:
        content.fault = "TT03", {"found": ", ".join(content.sheets) or "không có"}
    return content


def _meta(workbook: Workbook) -> dict[str, str]:
    for sheet in workbook.sheets:
        if sheet.name == META:
            return {str(row[0]): str(clean(row[1]) or "") for row in sheet.rows if len(row) > 1 and row[0]}
    return {}
