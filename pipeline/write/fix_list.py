"""What a return workbook adds to the template: each mistake marked in its cell, and the first sheet ``Cần sửa``."""

from collections.abc import Mapping
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline.forms import Form
from pipeline.text import is_blank
from pipeline.write.book import BAD, FONT, HEAD, INPUT, MUTED, RULE, WARN, Book, safe_text
from pipeline.write.grid import Grid, cell_style, put
from pipeline.write.rows import row_height
from schemas.words import FIX_SHEET, Severity

_MAX_IN_FORMULA = 100
_HEADERS = (
    ("STT", 6.0),
    ("Mức", 11.0),
    ("Sheet", 11.0),
    ("Ô cần sửa", 10.0),
    ("Dòng", 34.0),
    ("Cột", 19.0),
    ("Đã ghi", 18.0),
    ("Lỗi và quy tắc", 50.0),
    ("Cách sửa", 38.0),
    ("Ô trong tệp đã gửi", 11.0),
)
_STEPS = (
    "1. Bấm vào địa chỉ ở cột “Ô cần sửa” để đến ô có lỗi: ô tô đỏ (lỗi) hoặc cam (cảnh báo), kèm ghi chú. "
    "Bấm “◄ Cần sửa” ở đầu mỗi sheet để trở lại đây.",
    "2. Sửa ngay trong tệp này, không chép sang tệp khác. Dòng ghi “Lỗi” bắt buộc sửa; dòng ghi “Cảnh báo” chỉ cần "
    "kiểm tra lại. Ô sửa rồi thì hết đỏ.",
    "3. Lưu tệp (Ctrl + S), đính kèm vào thư và gửi lại về: {send_to}. Giữ nguyên tên tệp.",
)


def write_fix_list(book: Book, form: Form, grids: Mapping[str, Grid]) -> None:
    """One row is one issue, with a link to its cell in this workbook and its address in the file as sent."""
    sheet = book.sheet(FIX_SHEET)
    errors = sum(issue["severity"] == Severity.ERROR for issue in form.issues)
    sheet.write_string(0, 0, f"Cần sửa – {form.unit_name}", book.title())
    summary = (
        f"{form.period.period_name}: {errors} lỗi, {len(form.issues) - errors} cảnh báo. Các ô có lỗi chưa được tính."
    )
    sheet.write_string(1, 0, summary, book.format(bold=True))
    info = dict(zip(form.tables["info"]["key"], form.tables["info"]["value"], strict=True))
    for row, step in enumerate(_STEPS, start=2):
        text = step.format(send_to=info["send_to"])
        sheet.write_string(row, 0, safe_text(text), book.format(font_color=MUTED))
    top = len(_STEPS) + 3
    head = book.head(text_wrap=True)
    for index, (title, width) in enumerate(_HEADERS):
        sheet.set_column(index, index, width)
        sheet.write_string(top, index, title, head)
    sheet.set_row(top, 34)
    for number, issue in enumerate(sorted(form.issues, key=lambda each: _order(each, grids)), start=1):
        _write_issue(book, sheet, top + number, number, issue, _here(issue, grids), _line(issue, grids))
    last = top + len(form.issues)
    sheet.autofilter(top, 0, last, len(_HEADERS) - 1)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.print_area(0, 0, last, len(_HEADERS) - 1)
    sheet.activate()


def _order(issue: Mapping[str, Any], grids: Mapping[str, Grid]) -> tuple[int, int, int, int]:
    """The whole file first, then as the workbook is filled: sheet, row, column; an error before a warning."""
    table, position = issue["table"], issue["position"]
    sheet = list(grids).index(table) + 1 if table in grids else 0
    fields = [spec.title for spec in grids[table].table.columns] if table in grids else []
    column = fields.index(issue["field"]) if issue["field"] in fields else -1
    return sheet, position, column, list(Severity).index(Severity(issue["severity"]))


def _line(issue: Mapping[str, Any], grids: Mapping[str, Grid]) -> str:
    """What the row is about, in the words of the workbook: its code and its title."""
    grid, position = grids.get(issue["table"]), issue["position"]
    if grid is None or position < 0:
        return "–"
    names = {"info": ("label",), "tasks": ("task_code", "task_title"), "indicators": ("indicator_code", "indicator")}
    if grid.table.name in names:
        return " – ".join(str(grid.values[name][position]) for name in names[grid.table.name])
    return "Câu hỏi đầu sheet" if grid.table.name == "answer" else f"Dòng khó khăn thứ {position + 1}"


def _here(issue: Mapping[str, Any], grids: Mapping[str, Grid]) -> tuple[str, str]:
    """The sheet and cell of the issue in this workbook; the cell is empty where it has none."""
    grid = grids.get(issue["table"])
    if grid is None:
        return "" if is_blank(issue["sheet"]) else str(issue["sheet"]), ""
    field = next((spec.name for spec in grid.table.columns if spec.title == issue["field"]), None)
    position = issue["position"]
    return grid.table.sheet, grid.cell(position, field) if field and position >= 0 else ""


def _write_issue(
    book: Book,
    sheet: Worksheet,
    row: int,
    number: int,
    issue: Mapping[str, Any],
    here: tuple[str, str],
    line: str,
) -> None:
    fill = BAD if issue["severity"] == Severity.ERROR else WARN
    plain = {"border": 1, "border_color": RULE, "valign": "top", "text_wrap": True}
    centred = plain | {"align": "center"}
    sheet.write_number(row, 0, number, book.format(**centred))
    sheet.write_string(row, 1, str(issue["severity"]), book.format(bg_color=fill, bold=True, **centred))
    sheet.write_string(row, 2, here[0] or "Cả tệp", book.format(**plain))
    if here[1]:
        link = book.format(font_color=HEAD, underline=1, bold=True, **centred)
        sheet.write_url(row, 3, f"internal:'{here[0]}'!{here[1]}", link, here[1], "Bấm để đến ô cần sửa")
    else:
        sheet.write_string(row, 3, "–", book.format(**centred))
    texts = [line, *(issue[name] for name in ("field", "typed", "message", "remedy", "cell"))]
    words = ["–" if is_blank(text) or text == "" else safe_text(text) for text in texts]
    for index, word in enumerate(words, start=4):
        last = index == len(_HEADERS) - 1
        sheet.write_string(row, index, word, book.format(**(centred if last else plain)))
    sheet.set_row(row, row_height(words, [width for _, width in _HEADERS[4:]]))


def mark_issues(book: Book, sheet: Worksheet, grid: Grid, form: Form) -> list[tuple[int, int, str]]:
    """Each mistake in its cell: as typed, red (amber for a warning), with a comment that says how to mend it.

    The colour holds while the cell is as it was sent. Returns (row, column, formula that is TRUE once it has
    been changed), for :func:`clear_mended` after the sheet's other rules.
    """
    fields = {spec.title: spec for spec in grid.table.columns}
    mine: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for issue in form.issues:
        if issue["table"] == grid.table.name and issue["position"] >= 0 and issue["field"] in fields:
            mine.setdefault((issue["position"], issue["field"]), []).append(issue)
    mended = []
    for (at, title), issues in mine.items():
        spec = fields[title]
        is_error = any(issue["severity"] == Severity.ERROR for issue in issues)
        fill, edge = (BAD, "#B03A2E") if is_error else (WARN, "#B7791F")
        row, index, value = grid.first + at, grid.columns[spec.name], grid.values[spec.name][at]
        style = cell_style(book, spec, True, value, bg_color=fill, border=2, border_color=edge)
        put(sheet, row, index, value, style)
        same = _unchanged(grid.cell(at, spec.name), value)
        rule = {"type": "formula", "criteria": f"={same}", "format": book.fill(fill), "stop_if_true": True}
        sheet.conditional_format(row, index, row, index, rule)
        mended.append((row, index, f"NOT({same})"))
        lines = [f"{issue['message']}\n→ {issue['remedy']}" for issue in issues]
        note = {"x_scale": 2.4, "y_scale": 1.2 + 0.9 * len(lines), "font_name": FONT, "font_size": 10}
        sheet.write_comment(row, index, safe_text("\n".join(lines)), note | {"author": "Tổng hợp quý"})
    return mended


def clear_mended(book: Book, sheet: Worksheet, mended: list[tuple[int, int, str]]) -> None:
    """A cell that has been changed loses its red; what the template itself colours still shows."""
    for row, index, formula in mended:
        rule = {"type": "formula", "criteria": f"={formula}", "format": book.fill(INPUT)}
        sheet.conditional_format(row, index, row, index, rule)


def _unchanged(cell: str, value: object) -> str:
    """A formula that is TRUE while the cell holds what was sent."""
    if is_blank(value):
        return f"ISBLANK({cell})"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"AND(ISNUMBER({cell}),{cell}={value!r})"
    text = str(value)
    if isinstance(value, str) and len(text) <= _MAX_IN_FORMULA:
        quoted = text.replace('"', '""')
        return f'EXACT({cell},"{quoted}")'
    return f"LEN({cell})={len(text)}" if isinstance(value, str) else f"NOT(ISBLANK({cell}))"
