"""The workbook ``xac-nhan.xlsx`` in which the officer decides: one line per decision, with drop-downs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from pipeline.plan.model import Period, Plan
from pipeline.write.book import MUTED, RULE, Book, safe_text
from pipeline.write.grid import cell_style, put
from pipeline.write.rows import row_height
from schemas.columns import Column, records
from schemas.decisions import DECISIONS, FIELDS
from schemas.messages import ALL, rule_shown
from schemas.template import BY_NAME
from schemas.words import Severity

SPARE_ROWS = 40
LISTS_SHEET = "Danh mục"
_WORD, _MEANING = 22.0, 44.0  # widths of what may be chosen and of what it means
_FIELDS, _DATA = 4, 6  # zero-based rows: the hidden field names, then the header, then the lines
_STEPS = (
    "Mỗi dòng một quyết định: chọn loại quyết định, điền ô liên quan, rồi ghi lý do, người quyết định và ngày.",
    "Dòng cảnh báo điền sẵn mà chưa ghi lý do thì chưa có hiệu lực. Lưu tệp và chạy lại tổng hợp để áp dụng.",
)


def write_decision_book(
    lines: Sequence[Mapping[str, Any]],
    files: Mapping[str, str],
    items: Mapping[str, str],
    plan: Plan,
    period: Period,
    path: Path,
) -> None:
    """``lines``: values by field, as typed or offered; ``files``, ``items``: what may be chosen, each with
    what it is. Raises NotWritten."""
    created = datetime(period.consolidate_on.year, period.consolidate_on.month, period.consolidate_on.day)
    book = Book(f"{DECISIONS.title} – {period.period_name}", created, company=plan.settings.issued_by)
    sheet = book.sheet(DECISIONS.sheet)
    sheet.write_string(0, 0, f"{DECISIONS.title} – {period.period_name}", book.title())
    for row, step in enumerate(_STEPS, start=1):
        sheet.write_string(row, 0, step, book.format(italic=True, font_color=MUTED))
    sheet.set_row(_FIELDS, None, None, {"hidden": True})
    lists = _lists(book, plan, files, items)
    last = _DATA + len(lines) + SPARE_ROWS - 1
    for index, column in enumerate(DECISIONS.columns):
        sheet.set_column(index, index, column.layout.width)
        sheet.write_string(_FIELDS, index, column.name)
        sheet.write_string(_FIELDS + 1, index, column.header, book.head(text_wrap=True))
        for row in range(_DATA, last + 1):
            value = lines[row - _DATA].get(column.name) if row < _DATA + len(lines) else None
            put(sheet, row, index, value, cell_style(book, column, column.layout.is_input, value, locked=False))
        _offer(sheet, column, index, last, lists)
    for offset, line in enumerate(lines):
        texts = [line.get(column.name) for column in DECISIONS.columns]
        sheet.set_row(_DATA + offset, row_height(texts, [column.layout.width for column in DECISIONS.columns]))
    sheet.set_row(_FIELDS + 1, 34)
    sheet.freeze_panes(_DATA, 2)
    sheet.repeat_rows(_FIELDS + 1)
    sheet.print_area(0, 0, _DATA + max(len(lines), 1) - 1, len(DECISIONS.columns) - 1)
    sheet.activate()
    book.save(path)


def _lists(book: Book, plan: Plan, files: Mapping[str, str], items: Mapping[str, str]) -> dict[str, str]:
    """The sheet of what may be chosen; by field, the range of its words."""
    sheet = book.sheet(LISTS_SHEET)
    warnings = [message for message in ALL if message.severity == Severity.WARNING]
    told: dict[str, list[tuple[str, str]]] = {
        "unit_code": list(plan.unit_names.items()),
        "item_code": list(items.items()),
        "warning": [(message.code, rule_shown(message)) for message in warnings],
        "file": list(files.items()),
        "field": [(title, BY_NAME[table].title) for title, (table, _) in FIELDS.items()],  # a title may hold a comma
    }
    ranges = {}
    edge = book.format(border=1, border_color=RULE, valign="top", text_wrap=True)
    for place, (field, rows) in enumerate(told.items()):
        first = place * 3
        sheet.set_column(first, first, _WORD)
        sheet.set_column(first + 1, first + 1, _MEANING)
        sheet.set_column(first + 2, first + 2, 2)
        sheet.write_string(0, first, DECISIONS.column(field).title, book.head())
        sheet.write_string(0, first + 1, "Nghĩa", book.head())
        for row, (word, meaning) in enumerate(rows, start=1):
            sheet.write_string(row, first, safe_text(word), edge)
            sheet.write_string(row, first + 1, safe_text(meaning), edge)
        letter = chr(ord("A") + first)
        ranges[field] = f"='{LISTS_SHEET}'!${letter}$2:${letter}${max(len(rows), 1) + 1}"
    longest = max(map(len, told.values()))
    for row in range(longest):
        pairs = [rows[row] for rows in told.values() if row < len(rows)]
        texts = [text for pair in pairs for text in pair]
        sheet.set_row(row + 1, row_height(texts, [_WORD, _MEANING] * len(pairs)))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(2, 0)
    return ranges


def _offer(sheet: Worksheet, column: Column, index: int, last: int, lists: Mapping[str, str]) -> None:
    if not column.layout.is_input:
        return
    options: dict[str, Any] = {"validate": "any"}
    if column.name in lists:
        options = {"validate": "list", "source": lists[column.name]}
    elif column.choices:
        options = {"validate": "list", "source": list(column.choices)}
    options |= {"input_title": column.title[:32], "input_message": column.description[:255]}
    sheet.data_validation(_DATA, index, last, index, options | {"error_type": "warning"})


def as_lines(raw: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as they were typed, for writing them again."""
    return [{name: row.get(name) for name in (column.name for column in DECISIONS.columns)} for row in records(raw)]
