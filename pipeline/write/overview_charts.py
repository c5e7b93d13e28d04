"""The native charts of the overview, each with a text for those who cannot see it."""

from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline.write.book import FONT, Book

CHART_ROWS = 12
DATA_COLUMN = 12  # right of the printed page
_WIDTH_LEFT, _WIDTH_RIGHT, _HEIGHT = 715, 935, 222
_FONT = {"name": FONT, "size": 10}
# Told apart in grey print: dark, hatched, light.
_SERIES: tuple[dict[str, Any], ...] = (
    {"fill": {"color": "#1F4E79"}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#D98E04", "bg_color": "#FFE9B8"}},
    {"pattern": {"pattern": "small_grid", "fg_color": "#B5451B", "bg_color": "#F6C6AE"}},
)


def insert_submission_chart(book: Book, sheet: Worksheet, row: int, groups: int) -> None:
    """Units of each group on time, late, missing: stacked bars over the numbers right of the page."""
    chart = book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    name = sheet.get_name()
    for offset, style in enumerate(_SERIES, start=1):
        column = DATA_COLUMN + offset
        chart.add_series(
            {
                "name": [name, row, column],
                "categories": [name, row + 1, DATA_COLUMN, row + groups, DATA_COLUMN],
                "values": [name, row + 1, column, row + groups, column],
                "data_labels": {
                    "value": True,
                    "num_format": "0;;",
                    "font": _FONT | {"bold": True, "color": "#FFFFFF" if offset == 1 else "#1F2933"},
                },
                "gap": 60,
                **style,
            }
        )
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_y_axis({"reverse": True, "num_font": _FONT})
    chart.set_x_axis(
        {
            "num_font": _FONT,
            "num_format": "0",
            "major_gridlines": {"visible": True, "line": {"color": "#D9DEE3"}},
            "visible": False,
        }
    )
    chart.set_title({"name": "Số đơn vị theo tình hình nộp", "name_font": _FONT | {"size": 11, "bold": True}})
    chart.set_size({"width": _WIDTH_LEFT, "height": _HEIGHT})
    text = "Biểu đồ thanh chồng: số đơn vị đúng hạn, trễ hạn, chưa có báo cáo dùng được, theo nhóm đơn vị."
    sheet.insert_chart(row + 1, 0, chart, {"description": text, "object_position": 1, "x_offset": 4, "y_offset": 4})


def insert_target_chart(book: Book, sheet: Worksheet, row: int, first: int, count: int) -> None:
    """Result as a bar, target and expected value as marks, over the table of targets; none without ratios."""
    if not count:
        return
    name, last = sheet.get_name(), first + count - 1
    chart = book.workbook.add_chart({"type": "column"})
    marks = book.workbook.add_chart({"type": "line"})
    categories = [name, first, 5, last, 5]
    chart.add_series(
        {
            "name": "Kết quả",
            "categories": categories,
            "values": [name, first, 7, last, 7],
            "fill": {"color": "#7FA8CF"},
            "border": {"color": "#1F4E79"},
            "gap": 70,
            "data_labels": {
                "value": True,
                "num_format": "0%",
                "position": "inside_base",
                "font": _FONT | {"bold": True},
            },
        }
    )
    for column, title, kind, colour in (
        (8, "Mục tiêu", "long_dash", "#B5451B"),
        (9, "Mốc kỳ này", "diamond", "#1F2933"),
    ):
        marker = {"type": kind, "size": 9, "fill": {"color": colour}, "border": {"color": colour}}
        values = [name, first, column, last, column]
        marks.add_series(
            {"name": title, "categories": categories, "values": values, "line": {"none": True}, "marker": marker}
        )
    chart.combine(marks)
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_x_axis({"num_font": _FONT})
    chart.set_y_axis(
        {
            "num_font": _FONT,
            "num_format": "0%",
            "min": 0,
            "max": 1,
            "major_gridlines": {"visible": True, "line": {"color": "#D9DEE3"}},
        }
    )
    chart.set_title(
        {
            "name": "Kết quả (cột) so với mục tiêu (gạch) và mốc kỳ này (thoi)",
            "name_font": _FONT | {"size": 11, "bold": True},
        }
    )
    chart.set_size({"width": _WIDTH_RIGHT, "height": _HEIGHT})
    text = "Biểu đồ cột: kết quả từng chỉ tiêu tỷ lệ, kèm dấu mục tiêu và mốc kỳ này; số liệu ở bảng 2 cùng trang."
    sheet.insert_chart(row + 1, 5, chart, {"description": text, "object_position": 1, "x_offset": 4, "y_offset": 4})
