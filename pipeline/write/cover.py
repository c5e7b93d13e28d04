"""The template's first sheet: whose workbook it is, when and where to send it, what is still to fill, who signs."""

from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from pipeline.forms import Form
from pipeline.write.book import HEAD, INK, MUTED, RULE, Book
from pipeline.write.entry_rules import add_info_rules
from pipeline.write.fix_list import clear_mended, mark_issues
from pipeline.write.grid import Grid, cell_style, put
from pipeline.write.heading import link_back
from pipeline.write.rows import row_height
from pipeline.write.tally import Tally
from schemas.template import INFO, INFO_DATES
from schemas.words import FIX_SHEET

_ORDER = "Điền lần lượt: Thông tin → Nhiệm vụ → Chỉ tiêu → Khó khăn. Lưu tệp rồi gửi về địa chỉ ở dòng “Gửi về”."

_BACK = 4  # right of the printed page
INPUTS_FROM = [is_input for _, _, is_input in INFO.values()].index(True)


def write_cover(book: Book, form: Form, grid: Grid, tally: Mapping[str, Tally]) -> Worksheet:
    sheet = book.sheet("Thông tin", landscape=False)
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
    sheet.set_row(1, row_height([form.unit_name], [sum(spec.layout.width for spec in table.columns[1:])], scale=1.25))
    sheet.set_row(2, 20)
    sheet.set_row(3, 32)
    sheet.set_row(grid.row, None, None, {"hidden": True})
    head = book.head()
    for index, spec in enumerate(table.columns):
        sheet.set_column(index, index, spec.layout.width, None, {"hidden": spec.layout.hidden})
        sheet.write_string(grid.row, index, spec.name)
        sheet.write_string(grid.row + 1, index, spec.title, head)
    for position, values in enumerate(grid.rows()):
        row = dict(zip(grid.columns, values, strict=True))
        for spec in table.columns:
            is_open = spec.layout.is_input and INFO[row["key"]][2]
            ink = {"bold": spec.name == "label", "font_color": MUTED if spec.name == "hint" else INK}
            if spec.name == "value" and row["key"] in INFO_DATES:
                ink["num_format"] = "dd/mm/yyyy"
            style = cell_style(book, spec, is_open, row[spec.name], **ink)
            put(sheet, grid.first + position, grid.columns[spec.name], row[spec.name], style)
        texts, widths = [row["label"], row["value"], row["hint"]], [spec.layout.width for spec in table.columns[1:]]
        sheet.set_row(grid.first + position, row_height([text or "" for text in texts], widths, least=21))
    mended = mark_issues(book, sheet, grid, form)
    add_info_rules(sheet, grid, form)
    clear_mended(book, sheet, mended)
    sheet.set_selection(grid.first + INPUTS_FROM, grid.columns["value"], grid.first + INPUTS_FROM, 2)
    if form.issues:
        sheet.set_column(_BACK, _BACK, 14)
        link_back(book, sheet, 0, _BACK, FIX_SHEET)
    after = _write_counts(book, sheet, grid.last + 2, tally)
    last = _write_signatures(book, sheet, after + 1, form)
    sheet.print_area(0, 1, last, 3)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    return sheet


def _write_counts(book: Book, sheet: Worksheet, row: int, tally: Mapping[str, Tally]) -> int:
    """Live counts in all, then sheet by sheet in the order of filling. Returns the row after."""
    style = {"border": 1, "border_color": RULE}
    label, hint = book.format(bold=True, **style), book.format(font_color=MUTED, **style)
    number = book.format(bold=True, align="left", num_format="0", **style)
    totals = (
        ("Ô bắt buộc còn trống", "Bằng 0 là đã điền đủ", [(t.blanks, t.stored_blanks) for t in tally.values()]),
        ("Chỗ mâu thuẫn cần xem lại", "Bằng 0 là không còn", [(t.clashes, t.stored_clashes) for t in tally.values()]),
    )
    for offset, (text, meaning, parts) in enumerate(totals):
        sheet.write_string(row + offset, 1, text, label)
        formula = "=" + "+".join(formula for formula, _ in parts)
        sheet.write_formula(row + offset, 2, formula, number, sum(stored for _, stored in parts))
        sheet.write_string(row + offset, 3, meaning, hint)
    first = row + len(totals) + 1
    head = book.head()
    for index, title in enumerate(("Thứ tự điền (bấm để mở)", "Ô bắt buộc còn trống", "Chỗ mâu thuẫn"), start=1):
        sheet.write_string(first, index, title, head)
    here = first + 1
    sheet.write_string(here, 1, "1. Thông tin", label)
    sheet.write_string(here, 2, "Điền các ô trắng ở trên", hint)
    sheet.write_string(here, 3, "–", hint)
    link = book.format(bold=True, font_color=HEAD, underline=1, **style)
    for step, (name, each) in enumerate(tally.items(), start=2):
        here += 1
        sheet.write_url(here, 1, f"internal:'{name}'!A1", link, f"{step}. {name}", f"Mở sheet {name}")
        sheet.write_formula(here, 2, f"={each.blanks}", number, each.stored_blanks)
        sheet.write_formula(here, 3, f"={each.clashes}", number, each.stored_clashes)
    for top, bottom, last in ((row, row + 1, 2), (first + 2, here, 3)):
        rule = {"type": "cell", "criteria": ">", "value": 0, "format": book.fill("#FFE9B8")}
        sheet.conditional_format(top, 2, bottom, last, rule)
    return here + 1


def _write_signatures(book: Book, sheet: Worksheet, row: int, form: Form) -> int:
    style = {"bold": True, "align": "center"}
    place_date = f"{form.settings.place}, ngày …… tháng …… năm {form.settings.year}"
    sheet.merge_range(row, 2, row, 3, place_date, book.format(italic=True, align="right"))
    sheet.write_string(row + 1, 1, "NGƯỜI LẬP BIỂU", book.format(**style))
    sheet.merge_range(row + 1, 2, row + 1, 3, "THỦ TRƯỞNG ĐƠN VỊ", book.format(bold=True, align="center", indent=0))
    sheet.write_string(row + 2, 1, "(Ký, ghi rõ họ tên)", book.format(italic=True, align="center"))
    sheet.merge_range(row + 2, 2, row + 2, 3, "(Ký, ghi rõ họ tên, đóng dấu)", book.format(italic=True, align="center"))
    return row + 7
