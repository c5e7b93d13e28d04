"""Write a plan as a workbook to be edited in Excel: drop-downs, prompts, references, spare rows."""

from datetime import datetime
from pathlib import Path

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from pipeline.plan.model import Plan
from pipeline.text import is_blank, percent_text
from pipeline.write.book import INPUT, LOCKED, MUTED, RULE, Book, number_format, safe_text
from pipeline.write.rows import number_width, row_height
from schemas.columns import Column
from schemas.plan import REFERENCES, SETTINGS, TABLES
from schemas.tables import Table
from schemas.words import IndicatorKind, YesNo

SPARE_ROWS = 30
_FIELDS, _HEADER, _DATA = 2, 3, 4  # zero-based rows
_MEASURE_FORMATS = {IndicatorKind.COUNT: "#,##0.##", IndicatorKind.MILESTONE: "@"}


def write_plan(plan: Plan, path: Path) -> None:
    """Write the plan workbook. Reading it back gives the same plan. Raises NotWritten."""
    created = datetime(plan.settings.year, 1, 1)
    book = Book(plan.settings.title, created, company=plan.settings.issued_by, subject="Kế hoạch")
    frames = {table.name: getattr(plan, table.name) for table in TABLES[1:]}
    frames["settings"] = _settings_frame(plan)
    for table in TABLES:
        _write(book, table, frames[table.name], plan)
    book.save(path)


def _settings_frame(plan: Plan) -> pd.DataFrame:
    settings = plan.settings
    values = {key: getattr(settings, key) for key in SETTINGS}
    values["year"] = str(settings.year)
    values["rate_jump"] = percent_text(settings.rate_jump)
    values["starts_on"] = f"{settings.starts_on:%d/%m/%Y}"
    values["roll_weekends"] = YesNo.YES.value if settings.roll_weekends else YesNo.NO.value
    rows = [
        {"key": key, "label": label, "value": values[key] or None, "prompt": prompt}
        for key, (label, _, prompt) in SETTINGS.items()
    ]
    return pd.DataFrame(rows)


def _write(book: Book, table: Table, frame: pd.DataFrame, plan: Plan) -> None:
    sheet = book.sheet(table.sheet)
    sheet.write_string(0, 0, table.title, book.title())
    hint = "Cột có dấu * bắt buộc điền. Bấm vào ô để xem cách ghi. Không xóa hàng ẩn phía trên tiêu đề."
    sheet.write_string(1, 0, hint, book.format(italic=True, font_color=MUTED))
    sheet.set_row(_FIELDS, None, None, {"hidden": True})
    head = book.head(text_wrap=True)
    spare = 0 if table.name in ("settings", "letters") else SPARE_ROWS
    last = _DATA + len(frame) + spare - 1
    kinds = plan.indicator_kinds
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, _width(frame, column))
        sheet.write_string(_FIELDS, index, column.name)
        sheet.write_string(_HEADER, index, column.header, head)
        _validate(sheet, table, column, index, last)
        for offset, value in enumerate(frame[column.name].tolist()):
            kind = kinds.get(str(frame["indicator_code"].iloc[offset])) if column.layout.percent else None
            _put(book, sheet, _DATA + offset, index, column, value, kind)
        for row in range(_DATA + len(frame), last + 1):
            sheet.write_blank(row, index, None, _style(book, column, None))
    widths = [column.layout.width for column in table.columns]
    headers = [column.header for column in table.columns]
    sheet.set_row(_HEADER, row_height(headers, [width - 1 for width in widths], least=24))
    for offset in range(len(frame)):
        texts = [frame[column.name].iloc[offset] for column in table.columns]
        sheet.set_row(_DATA + offset, row_height(texts, widths))
    sheet.freeze_panes(_DATA, 1)
    sheet.repeat_rows(_HEADER)
    sheet.print_area(0, 0, _DATA + max(len(frame), 1) - 1, len(table.columns) - 1)


def _width(frame: pd.DataFrame, column: Column) -> float:
    return number_width(frame[column.name], column.layout.width) if column.kind == "number" else column.layout.width


def _style(book: Book, column: Column, kind: IndicatorKind | None, value: object = None) -> object:
    number = column.layout.format
    if column.layout.percent:
        number = _MEASURE_FORMATS.get(kind, "0.##%") if kind else "General"
    elif column.kind == "date":
        number = "dd/mm/yyyy"
    return book.format(
        border=1,
        border_color=RULE,
        valign="top",
        text_wrap=column.kind == "text",
        bg_color=INPUT if column.layout.is_input else LOCKED,
        num_format=number_format(number or ("@" if column.kind == "text" else "General"), value),
    )


def _put(
    book: Book, sheet: Worksheet, row: int, index: int, column: Column, value: object, kind: IndicatorKind | None
) -> None:
    style = _style(book, column, kind, value)
    if is_blank(value):
        sheet.write_blank(row, index, None, style)
    elif kind == IndicatorKind.MILESTONE:
        sheet.write_string(row, index, YesNo.YES if value else YesNo.NO, style)
    elif isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, index, value.to_pydatetime(), style)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, index, value, style)
    else:
        sheet.write_string(row, index, safe_text(value), style)


def _validate(sheet: Worksheet, table: Table, column: Column, index: int, last: int) -> None:
    """Drop-downs and prompts: closed lists from the schema, references from the sheet that defines them."""
    options: dict[str, object] = {"validate": "any"}
    targets = next((names for name, field, names in REFERENCES if (name, field) == (table.name, column.name)), "")
    if column.choices and column.layout.is_input:
        options = {"validate": "list", "source": list(column.choices)}
    elif targets and "|" not in targets:
        sheet_name = next(other.sheet for other in TABLES if other.name == targets)
        options = {"validate": "list", "source": f"='{sheet_name}'!$A${_DATA + 1}:$A$500"}
    if column.description:
        options |= {"input_title": column.title[:32], "input_message": column.description[:255]}
    if len(options) > 1:
        options |= {"error_title": "Giá trị không hợp lệ", "error_message": "Chọn một giá trị trong danh sách."}
        sheet.data_validation(_DATA, index, last, index, options)
