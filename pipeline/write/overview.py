"""The sheet ``Tổng quan``: one A4 page that a leader understands in a minute."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from pipeline.assess.attention import Attention
from pipeline.assess.status import has_alert
from pipeline.measures import FORMATS
from pipeline.write.book import BAD, HEAD, MUTED, RULE, Book, number_format, safe_text
from pipeline.write.chart_data import write_chart_data
from pipeline.write.diary_sheet import write_diary_lines
from pipeline.write.headlines import HEADLINE_ROW, headlines, write_headlines
from pipeline.write.links import row_link
from pipeline.write.overview_charts import insert_bars, insert_status_chart, insert_submission_chart
from pipeline.write.rows import number_width, row_height
from pipeline.write.table import colour_of
from schemas.columns import records
from schemas.words import Alert, IndicatorKind, Status, TargetResult

if TYPE_CHECKING:
    from pipeline.write.consolidated import Report

# Tasks (code, title, status, difficulties), a gap, targets (code, name, result, target, expected, bar, standing).
WIDTHS = (7.0, 52.0, 25.0, 10.0, 2.0, 7.0, 70.0, 10.0, 10.0, 10.0, 30.0, 19.0)
TARGETS, BAR, LAST = 5, 10, len(WIDTHS) - 1
DATA_COLUMN = LAST + 2  # right of the printed page: what the charts stand on
MOST_TASKS, MOST_TARGETS = 8, 14
CHART_ROWS = 6  # below the tasks, beside the targets
_SMALL = 10 / 11  # of the text that names an indicator


def write_overview(book: Book, report: "Report", sheets: Mapping[str, str], items: Sequence[Attention]) -> None:
    sheet = book.sheet(sheets["overview"])
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    _title(book, sheet, report)
    write_headlines(book, sheet, headlines(report, sheets), WIDTHS)
    row = _attention(book, sheet, items, sheets, HEADLINE_ROW + 4)
    tasks = _worst(report.assessment.statuses, _pressing(report.assessment.statuses), MOST_TASKS)
    aimed = report.assessment.results.reset_index(drop=True)
    aimed = aimed[aimed["target"].notna()]
    targets = _worst(aimed, aimed["behind"] | (aimed["target_result"] == TargetResult.DATA_MISSING), MOST_TARGETS)
    height = _height(tasks, targets)
    first = _headers(book, sheet, row)
    tasks_end = _tasks(book, sheet, tasks, len(report.assessment.statuses), sheets["statuses"], first)
    targets_end = _targets(book, sheet, targets, len(aimed), sheets["results"], first)
    end = max(tasks_end + CHART_ROWS, targets_end)
    for at in range(first, end):
        sheet.set_row(at, height)
    for index, field in enumerate(("value", "target", "expected"), start=TARGETS + 2):
        sheet.set_column(index, index, number_width(targets[field], WIDTHS[index]))
    data = write_chart_data(book, sheet, report, sheets, targets, row, DATA_COLUMN)
    points = height * (end - tasks_end)
    insert_status_chart(sheet, book, data, tasks_end, points)
    insert_submission_chart(sheet, book, data, tasks_end, points)
    if len(targets):
        insert_bars(sheet, book, data, (first, BAR), len(targets), height)
    told = write_diary_lines(book, sheet, report.diary.lines, end - 1, LAST, sum(WIDTHS), 4)
    end = max(end, told + 1)
    _note(book, sheet, end)
    sheet.print_area(0, 0, end, LAST)
    sheet.fit_to_pages(1, 1)
    sheet.set_margins(left=0.35, right=0.35, top=0.35, bottom=0.5)
    sheet.set_zoom(75)
    sheet.activate()


def _title(book: Book, sheet: Worksheet, report: "Report") -> None:
    settings = report.plan.settings
    title = f"TỔNG HỢP KẾT QUẢ THỰC HIỆN KẾ HOẠCH {report.period.period_name.upper()}"
    number = f" (số {settings.plan_number})" if settings.plan_number else ""
    line = f"{report.owner} tổng hợp, trình {settings.issued_by}. {report.subtitle}"
    for row, text, style in (
        (0, title, {"bold": True, "font_size": 17, "font_color": HEAD}),
        (1, settings.title + number, {}),
        (2, line, {"italic": True, "font_color": MUTED}),
    ):
        style = {"align": "center", "text_wrap": True} | style
        sheet.merge_range(row, 0, row, LAST, safe_text(text), book.format(**style))
        sheet.set_row(row, row_height([text], [sum(WIDTHS)], scale=1.55 if row == 0 else 1.0))
    sheet.set_row(3, 5)


def _attention(book: Book, sheet: Worksheet, items: Sequence[Attention], sheets: Mapping[str, str], row: int) -> int:
    """Returns the row of the next section."""
    _section(book, sheet, row, 0, "1. Việc cần quyết định")
    head = book.head()
    sheet.write_string(row + 1, 0, "STT", head)
    sheet.merge_range(row + 1, 1, row + 1, 2, "Nội dung (bấm để xem chi tiết)", head)
    sheet.merge_range(row + 1, 3, row + 1, LAST, "Căn cứ", head)
    edge = {"border": 1, "border_color": RULE, "text_wrap": True}
    row += 2
    if not items:
        sheet.merge_range(row, 0, row, LAST, "Không có việc nào cần quyết định trong kỳ.", book.format(**edge))
        row += 1
    narrow, wide = sum(WIDTHS[1:3]), sum(WIDTHS[3:])
    for number, item in enumerate(items, start=1):
        sheet.write_number(row, 0, number, book.format(align="center", num_format="0", **edge))
        link = book.format(font_color=HEAD, underline=1, bold=True, **edge)
        sheet.merge_range(row, 1, row, 2, "", link)
        sheet.write_url(row, 1, f"internal:{row_link(sheets[item.table], item.row)}", link, safe_text(item.subject))
        sheet.merge_range(row, 3, row, LAST, safe_text(item.reason), book.format(**edge))
        sheet.set_row(row, row_height([item.subject, item.reason], [narrow, wide], least=20))
        row += 1
    sheet.set_row(row, 8)
    return row + 1


def _section(book: Book, sheet: Worksheet, row: int, column: int, text: str) -> None:
    sheet.write_string(row, column, text, book.format(bold=True, font_size=13, font_color=HEAD))
    sheet.set_row(row, 20)


def _headers(book: Book, sheet: Worksheet, row: int) -> int:
    """The two tables stand side by side. Returns the first row of both."""
    _section(book, sheet, row, 0, "2. Nhiệm vụ")
    _section(book, sheet, row, TARGETS, "3. Chỉ tiêu có mục tiêu")
    left = ("Mã", "Nhiệm vụ", "Tình trạng", "Số khó khăn")
    right = ("Mã", "Chỉ tiêu – phạm vi", "Kết quả", "Mục tiêu", "Mốc kỳ này")
    last = ("So với mục tiêu (vạch đứt); khung rỗng: mốc kỳ này", "Đánh giá")
    style = book.head(text_wrap=True)
    for start, titles in ((0, left), (TARGETS, right + last)):
        for index, title in enumerate(titles, start=start):
            sheet.write_string(row + 1, index, title, style)
    sheet.set_row(row + 1, 34)
    return row + 2


def _pressing(statuses: pd.DataFrame) -> "pd.Series[bool]":
    overdue = has_alert(statuses["alerts"], Alert.OVERDUE)
    return overdue | statuses["status"].isin([Status.NOT_REPORTED, Status.UNDERWAY_OVERDUE])


def _worst(rows: pd.DataFrame, pressing: "pd.Series[bool]", most: int) -> pd.DataFrame:
    """At most so many rows, the pressing ones before the others, in the plan's order; the index keeps the position."""
    chosen = [*rows.index[pressing], *rows.index[~pressing]][:most]
    return rows.loc[sorted(chosen)]


def _height(tasks: pd.DataFrame, targets: pd.DataFrame) -> float:
    """One height for all rows, so that the bars of the chart stand beside them."""
    needed = [row_height([title], [WIDTHS[1]], least=28) for title in tasks["task_title"]]
    names = [_target_name(row) for row in records(targets)]
    needed += [row_height([name], [WIDTHS[TARGETS + 1]], least=28, scale=_SMALL) for name in names]
    return max(needed, default=28.0)


def _target_name(result: Mapping[str, Any]) -> str:
    return f"{result['indicator']} – {result['scope_name']}"


def _tasks(book: Book, sheet: Worksheet, tasks: pd.DataFrame, count: int, target: str, row: int) -> int:
    """Returns the row after the last one."""
    edge = {"border": 1, "border_color": RULE, "text_wrap": True}
    code = book.format(font_color=HEAD, underline=1, align="center", **edge)
    for at, task in zip(tasks.index, records(tasks), strict=True):
        sheet.write_url(row, 0, f"internal:{row_link(target, int(at))}", code, task["task_code"])
        sheet.write_string(row, 1, safe_text(task["task_title"]), book.format(**edge))
        overdue = Alert.OVERDUE in str(task["alerts"]) and task["status"] == Status.NOT_REPORTED
        word = f"{task['status']} (quá hạn)" if overdue else task["status"]
        fill = BAD if overdue else colour_of(task["status"])
        sheet.write_string(row, 2, word, book.format(bg_color=fill, bold=True, align="center", **edge))
        sheet.write_number(row, 3, task["difficulties"], book.format(align="center", num_format="0", **edge))
        row += 1
    if len(tasks):
        bar = {"type": "data_bar", "bar_color": "#F6C6AE", "bar_solid": True, "min_type": "num", "min_value": 0}
        sheet.conditional_format(row - len(tasks), 3, row - 1, 3, bar)
    return _rest(book, sheet, row, 0, count - len(tasks), "nhiệm vụ", target)


def _targets(book: Book, sheet: Worksheet, targets: pd.DataFrame, count: int, target: str, row: int) -> int:
    """Returns the row after the last one."""
    edge = {"border": 1, "border_color": RULE, "text_wrap": True}
    code = book.format(font_color=HEAD, underline=1, align="center", **edge)
    for at, result in zip(targets.index, records(targets), strict=True):
        sheet.write_url(row, TARGETS, f"internal:{row_link(target, int(at))}", code, result["indicator_code"])
        sheet.write_string(row, TARGETS + 1, safe_text(_target_name(result)), book.format(font_size=10, **edge))
        form = FORMATS[IndicatorKind(result["kind"])]
        for index, field in enumerate(("value", "target", "expected"), start=TARGETS + 2):
            number = book.format(align="center", num_format=number_format(form, result[field]), **edge)
            if pd.isna(result[field]):
                sheet.write_string(row, index, "–", number)
            else:
                sheet.write_number(row, index, result[field], number)
        sheet.write_blank(row, BAR, None, book.format(**edge))
        word, fill = _standing(result)
        sheet.write_string(row, LAST, word, book.format(bg_color=fill, bold=True, align="center", **edge))
        row += 1
    return _rest(book, sheet, row, TARGETS, count - len(targets), "chỉ tiêu", target)


def _rest(book: Book, sheet: Worksheet, row: int, column: int, count: int, what: str, target: str) -> int:
    """Says how many rows the page leaves out and where they stand."""
    if not count:
        return row
    link = book.format(font_color=HEAD, underline=1, italic=True)
    sheet.write_url(row, column, f"internal:'{target}'!A1", link, f"Còn {count} {what} khác: xem sheet “{target}”.")
    return row + 1


def _standing(result: Mapping[str, Any]) -> tuple[str, str]:
    """The target result in words and its fill: unmet is no alarm while the expected value is kept."""
    word = result["target_result"]
    if result["behind"]:
        return f"▼ {word}, chậm", BAD
    if word == TargetResult.NOT_MET:
        return (f"{word}, kịp mốc" if pd.notna(result["expected"]) else word), "#FFFFFF"
    return word, colour_of(word)


def _note(book: Book, sheet: Worksheet, row: int) -> None:
    text = "Mọi con số kèm căn cứ ở các sheet sau; cách tính và ý nghĩa các từ: xem sheet “Ghi chú”. Dấu “–”: không có."
    sheet.write_string(row, 0, text, book.format(italic=True, font_size=10, font_color=MUTED))
