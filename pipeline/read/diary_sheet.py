"""Read back what an earlier run recorded in its consolidated workbook."""

from pathlib import Path

from pipeline.errors import Unreadable
from pipeline.read.sheets import Workbook
from pipeline.read.tables import TableLayout, read_tables
from pipeline.read.workbooks import read_own_sheet
from schemas.diary import DIARY, DIARY_SHEET

Rows = list[tuple[str, str, str]]


def read_diary_rows(path: Path) -> Rows:
    """(part, key, value) of each row; none where the workbook is not there, is damaged or has no such sheet."""
    if not path.is_file():
        return []
    try:
        sheet = read_own_sheet(path, DIARY_SHEET)
    except Unreadable:
        return []
    found = read_tables(Workbook([sheet]), [TableLayout.of(DIARY)]).get(DIARY.name) if sheet else None
    if found is None or found.missing:
        return []
    columns = (found.values[name] for name in ("part", "key", "value"))
    return [(str(part), str(key), str(value or "")) for part, key, value in zip(*columns, strict=True)]
