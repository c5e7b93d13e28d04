"""The template's first sheet: whose workbook it is, when and where to send it, what is still to fill, who signs."""

from collections.abc import Mapping

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from pipeline.forms import Form
from pipeline.write.book import HEAD, INK, MUTED, RULE, Book
from pipeline.write.entry_rules import counts
from pipeline.write.fix_list import clear_mended, mark_issues
from pipeline.write.grid import Grid, cell_style, put
from pipeline.write.rows import row_height
from schemas.columns import records
from schemas.template import INFO
from schemas.words import State

_ORDER = "Điền lần lượt: Thông tin → Nhiệm vụ → Chỉ tiêu → Khó khăn. Lưu tệp rồi gửi về địa chỉ ở dòng “Gửi về”."


def write_cover(book: Book, form: Form, grids: Mapping[str, Grid]) -> Worksheet:
    sheet = book.sheet("Thông tin", landscape=False)
    grid = grids["info"]
    table = grid.table
    centred = {"bold": True, "align": "center", "text_wrap": True}
    sheet.merge_range(
        0, 1, 0, 3, f"BÁO CÁO {form.period.period_name.upper()}", book.format(font_size=15, font_color=HEAD, **centred)
    )
    sheet.merge_range(1, 1, 1, 3, form.unit_name, book.format(font_size=13, **centred))
    due = f"Hạn gửi: {form.period.due_on:%d/%m/%Y}"
    sheet.merge_range(2, 1, 2, 3, due, book.format(font_color="#9C2F10", **centred))
    sheet.merge_range(3, 1, 3, 3, _ORDER, book.format(italic=True, font_color=MUTED, align="center", text_wrap=True))
    sheet.set_row(0, 26)
    sheet.set_row(3, 32)
    sheet.set_row(grid.row, None, None, {"hidden": True})
    head = book.head()
    for index, spec in enumerate(table.columns):
        sheet.set_column(index, index, spec.layout.width, None, {"hidden": spec.layout.hidden})
        sheet.write_string(grid.row, index, spec.name)
        sheet.write_string(grid.row + 1, index, spec.title, head)
    for position, row in enumerate(records(grid.frame)):
        for spec in table.columns:
            is_open = spec.layout.is_input and INFO[str(row["key"])][2]
            ink = {"bold": spec.name == "label", "font_color": MUTED if spec.name == "hint" else INK}
            style = cell_style(book, spec, is_open, row[spec.name], **ink)
            put(sheet, grid.first + position, grid.columns[spec.name], row[spec.name], style)
        texts, widths = [row["label"], row["value"], row["hint"]], [spec.layout.width for spec in table.columns[1:]]
        sheet.set_row(grid.first + position, row_height([text or "" for text in texts], widths, least=21))
    clear_mended(book, sheet, mark_issues(book, sheet, grid, form))
    after = _write_counts(book, sheet, grid.last + 2, form, grids)
    last = _write_signatures(book, sheet, after + 1, form)
    sheet.print_area(0, 1, last, 3)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    return sheet


def _write_counts(book: Book, sheet: Worksheet, row: int, form: Form, grids: Mapping[str, Grid]) -> int:
    """Live counts; their stored results are computed here, for viewers that do not compute."""
    labels = ("Ô bắt buộc còn trống", "Chỗ mâu thuẫn cần xem lại")
    hints = ("Bằng 0 là đã điền đủ", "Bằng 0 là không còn mâu thuẫn")
    stored = _stored_counts(form)
    for offset, (label, formula, value, hint) in enumerate(zip(labels, counts(grids), stored, hints, strict=True)):
        style = {"border": 1, "border_color": RULE}
        sheet.write_string(row + offset, 1, label, book.format(bold=True, **style))
        sheet.write_formula(
            row + offset, 2, formula, book.format(bold=True, align="left", num_format="0", **style), value
        )
        sheet.write_string(row + offset, 3, hint, book.format(font_color=MUTED, **style))
        sheet.conditional_format(
            row + offset,
            2,
            row + offset,
            2,
            {"type": "cell", "criteria": ">", "value": 0, "format": book.fill("#FFE9B8")},
        )
    return row + len(labels)


def _stored_counts(form: Form) -> tuple[int, int]:
    tasks, rows, answer = form.tables["tasks"], form.tables["indicators"], form.tables["answer"]["has_difficulty"]
    ratio = pd.Series([kind.has_denominator for kind in form.kinds], index=rows.index, dtype="bool")
    blanks = tasks["state"].isna().sum() + answer.isna().sum() + rows["numerator"].isna().sum()
    blanks += (rows["denominator"].isna() & ratio).sum()
    done, dated = tasks["state"] == State.DONE, tasks["completed_on"].notna()
    clashes = (done & ~dated).sum() + (~done & tasks["state"].notna() & dated).sum()
    numbers = rows[["numerator", "denominator"]].map(lambda value: isinstance(value, (int, float))).all(axis=1)
    both = rows[numbers & ratio]
    clashes += (both["numerator"].astype("float64") > both["denominator"].astype("float64")).sum()
    clashes += int((answer == "Có").any() and form.tables["difficulties"]["description"].notna().sum() == 0)
    return int(blanks), int(clashes)


def _write_signatures(book: Book, sheet: Worksheet, row: int, form: Form) -> int:
    style = {"bold": True, "align": "center"}
    place_date = f"{form.plan.settings.place}, ngày …… tháng …… năm {form.plan.settings.year}"
    sheet.merge_range(row, 2, row, 3, place_date, book.format(italic=True, align="right"))
    sheet.write_string(row + 1, 1, "NGƯỜI LẬP BIỂU", book.format(**style))
    sheet.merge_range(row + 1, 2, row + 1, 3, "THỦ TRƯỞNG ĐƠN VỊ", book.format(bold=True, align="center", indent=0))
    sheet.write_string(row + 2, 1, "(Ký, ghi rõ họ tên)", book.format(italic=True, align="center"))
    sheet.merge_range(row + 2, 2, row + 2, 3, "(Ký, ghi rõ họ tên, đóng dấu)", book.format(italic=True, align="center"))
    return row + 7
