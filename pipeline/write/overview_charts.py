"""The native charts of the overview, each with a text for those who cannot see it."""

from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline.write.book import FONT, Book
from pipeline.write.chart_data import ChartData

_PIXELS = 96 / 72  # in a point
_FONT = {"name": FONT, "size": 9}
_TITLE = {"name": FONT, "size": 11, "bold": True, "color": "#1F4E79"}
_INK, _DARK = "#1F2933", "#1F4E79"
_STATUS_WIDTH, _SUBMISSION_WIDTH = 344, 332
# Told apart in grey print: dark, hatched, light.
_SERIES: tuple[dict[str, Any], ...] = (
    {"fill": {"color": _DARK}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#D98E04", "bg_color": "#FFE9B8"}},
    {"pattern": {"pattern": "small_grid", "fg_color": "#E39A7B", "bg_color": "#FBE6DC"}},
)
_BORDER = {"border": {"color": "#D9DEE3"}}


def insert_status_chart(sheet: Worksheet, book: Book, data: ChartData, row: int, points: float) -> None:
    """How many tasks stand in each status."""
    chart = book.workbook.add_chart({"type": "bar"})
    name = sheet.get_name()
    labels = {"value": True, "font": _FONT | {"bold": True, "color": _INK}}
    chart.add_series(
        {
            "name": "Số nhiệm vụ",
            "categories": data.statuses.values(name, 0),
            "values": data.statuses.values(name, 1),
            "fill": {"color": _DARK},
            "data_labels": labels,
            "gap": 45,
        }
    )
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": _FONT, "line": {"color": "#A9B4BE"}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_title({"name": "Số nhiệm vụ theo tình trạng", "name_font": _TITLE})
    chart.set_chartarea(_BORDER)
    text = "Biểu đồ thanh: số nhiệm vụ theo từng tình trạng; số liệu ở bảng 2 và sheet “Nhiệm vụ”."
    _insert(sheet, chart, (row, 0), (_STATUS_WIDTH, points), text, 2)


def insert_submission_chart(sheet: Worksheet, book: Book, data: ChartData, row: int, points: float) -> None:
    """Units of each group on time, late, missing: stacked bars."""
    chart = book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    name, block = sheet.get_name(), data.submissions
    for number, style in enumerate(_SERIES, start=1):
        labels = {"bold": True, "color": "#FFFFFF" if number == 1 else _INK}
        chart.add_series(
            {
                "name": [name, block.row, block.column + number],
                "categories": block.values(name, 0),
                "values": block.values(name, number),
                "data_labels": {"value": True, "num_format": "0;;", "font": _FONT | labels},
                "gap": 50,
                **style,
            }
        )
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_y_axis({"reverse": True, "num_font": _FONT, "line": {"color": "#A9B4BE"}})
    chart.set_x_axis({"visible": False, "num_format": "0", "major_gridlines": {"visible": False}})
    chart.set_title({"name": "Số đơn vị theo tình hình nộp", "name_font": _TITLE})
    chart.set_chartarea(_BORDER)
    text = "Biểu đồ thanh chồng: số đơn vị đúng hạn, trễ hạn, chưa có báo cáo dùng được, theo nhóm đơn vị."
    _insert(sheet, chart, (row, 0), (_SUBMISSION_WIDTH, points), text, _STATUS_WIDTH + 6)


def insert_bars(
    sheet: Worksheet, book: Book, data: ChartData, place: tuple[int, int], count: int, height: float
) -> None:
    """Beside every row of the targets its result as a bar up to the target's line, the expected value as a frame."""
    name, block = sheet.get_name(), data.targets
    chart = book.workbook.add_chart({"type": "bar"})
    common = {"categories": block.values(name, 0), "gap": 60, "overlap": 100}
    chart.add_series(
        common
        | {"name": "Kết quả", "values": block.values(name, 1), "fill": {"color": "#7FA8CF"}, "border": {"none": True}}
    )
    frame = {"fill": {"none": True}, "border": {"color": _INK, "width": 1.25, "dash_type": "square_dot"}}
    chart.add_series(common | {"name": "Mốc kỳ này", "values": block.values(name, 2)} | frame)
    chart.set_legend({"none": True})
    axis = {"label_position": "none", "major_tick_mark": "none", "line": {"color": "#A9B4BE", "width": 2.25}}
    chart.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}} | axis)
    line = {"color": "#B5451B", "width": 1.75, "dash_type": "dash"}
    chart.set_x_axis(
        {"visible": False, "min": 0, "max": 1.2, "major_unit": 1, "major_gridlines": {"visible": True, "line": line}}
    )
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_plotarea({"layout": {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0}, "fill": {"none": True}})
    text = "Biểu đồ thanh: kết quả từng chỉ tiêu so với mục tiêu (vạch 100 %) và mốc kỳ này (khung); số liệu ở bảng 3."
    _insert(sheet, chart, place, (212, height * count), text, 2, 0)


def _insert(
    sheet: Worksheet, chart: Any, place: tuple[int, int], size: tuple[float, float], text: str, x: int, y: int = 4
) -> None:
    width, points = size
    chart.set_size({"width": width, "height": points * _PIXELS - y})
    options = {"description": text, "object_position": 1, "x_offset": x, "y_offset": y}
    sheet.insert_chart(*place, chart, options)
