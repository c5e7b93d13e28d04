"""The template's instructions, derived from the schemas so that they cannot disagree with the checks."""

from pipeline.forms import Form
from pipeline.text import number_text
from pipeline.write.book import MUTED, RULE, Book
from pipeline.write.heading import link_back
from pipeline.write.rows import row_height
from schemas.columns import Column
from schemas.template import COVER_SHEET, INFO, INFO_DATES, INFO_LENGTH, TABLES
from schemas.words import FIX_SHEET, GUIDE_SHEET

_RULES = (
    "Chỉ điền các ô trắng. Cột có dấu * bắt buộc điền; ô vàng là ô bắt buộc còn trống.",
    "Gõ số lượng, không gõ tỷ lệ %: tỷ lệ do biểu mẫu tự tính từ tử số và mẫu số.",
    "Không có việc trong kỳ: chọn “Không phát sinh”, hoặc gõ 0 ở cả tử số và mẫu số. Để trống nghĩa là chưa báo cáo.",
    "Khó khăn của kỳ trước còn vướng đã điền sẵn: chọn tình trạng hiện nay ở từng dòng; để nguyên là không cập nhật.",
    "Ngày ghi dạng ngày/tháng/năm, ví dụ 15/6/2021.",
    "Được chèn dòng, kéo rộng cột, lọc. Không xóa sheet, hàng tiêu đề và cột mã.",
    "Nếu dán số liệu từ nơi khác, dùng Dán giá trị (Paste Special → Values) để giữ danh sách chọn.",
)
_COLOURS = "Mã màu: trắng – được điền; xám – đã khóa; vàng – bắt buộc, còn trống; cam – mâu thuẫn; đỏ – lỗi đã báo."
_HEADERS = (("Sheet", 13.0), ("Cột", 26.0), ("Cách điền", 66.0), ("Giá trị nhận", 46.0))


def write_guide(book: Book, form: Form) -> None:
    sheet = book.sheet(GUIDE_SHEET)
    sheet.write_string(0, 0, "Hướng dẫn điền biểu mẫu", book.title())
    link_back(book, sheet, 0, 2, FIX_SHEET if form.issues else COVER_SHEET)
    sheet.set_row(0, 24)
    for row, rule in enumerate(_RULES, start=1):
        sheet.write_string(row, 0, f"{row}. {rule}", book.format())
    sheet.write_string(len(_RULES) + 1, 0, _COLOURS, book.format(italic=True, font_color=MUTED))
    top = len(_RULES) + 3
    head = book.head()
    for index, (title, width) in enumerate(_HEADERS):
        sheet.set_column(index, index, width)
        sheet.write_string(top, index, title, head)
    rows = [
        ("Thông tin", label, hint, "Ngày/tháng/năm" if key in INFO_DATES else f"Văn bản, tối đa {INFO_LENGTH} ký tự")
        for key, (label, hint, is_input) in INFO.items()
        if is_input
    ]
    rows += [
        (table.sheet, spec.header, spec.description, _accepted(spec, form))
        for table in TABLES[1:]
        for spec in table.columns
        if spec.layout.is_input
    ]
    style = book.format(border=1, border_color=RULE, text_wrap=True, valign="top")
    for row, texts in enumerate(rows, start=top + 1):
        for index, text in enumerate(texts):
            sheet.write_string(row, index, text or "–", style)
        sheet.set_row(row, row_height(texts, [width for _, width in _HEADERS]))
    sheet.repeat_rows(top)
    sheet.print_area(0, 0, top + len(rows), len(_HEADERS) - 1)
    sheet.fit_to_pages(1, 1)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _accepted(spec: Column, form: Form) -> str:
    if spec.name == "task_code":
        return "Mã nhiệm vụ của đơn vị: " + ", ".join(form.tables["tasks"]["task_code"])
    if spec.choices:
        return "Chọn: " + " · ".join(spec.choices)
    if spec.kind == "number" and spec.minimum is not None:
        return f"Số từ {number_text(spec.minimum)} trở lên"
    if spec.kind == "date":
        return "Ngày/tháng/năm"
    return f"Văn bản, tối đa {number_text(spec.max_length)} ký tự" if spec.max_length else "Văn bản"
