"""The sheet ``Tổng quan``: one A4 page that a leader understands in a minute."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from pipeline.assess.attention import Attention
from pipeline.assess.status import DONE, has_alert, on_time_rate
from pipeline.assess.timeliness import is_late
from pipeline.measures import FORMATS
from pipeline.text import percent_text
from pipeline.write.book import BAD, HEAD, MUTED, RULE, Book, safe_text
from pipeline.write.diary_sheet import write_diary_lines
from pipeline.write.overview_charts import (
    CHART_ROWS,
    DATA_COLUMN,
    insert_submission_chart,
    insert_target_chart,
)
from pipeline.write.rows import row_height
from pipeline.write.table import FIELDS_ROW, colour_of
from schemas.columns import records
from schemas.words import Alert, DifficultyState, IndicatorKind, Severity, TargetResult, Timeliness

if TYPE_CHECKING:
    from pipeline.write.consolidated import Report

WIDTHS = (7.0, 58.0, 26.0, 10.0, 2.0, 8.0, 76.0, 10.0, 10.0, 10.0, 19.0)
_LAST = len(WIDTHS) - 1
_CARDS = ((0, 1), (2, 3), (5, 6), (7, _LAST))
_TABLES = 9  # row of the section titles


def write_overview(book: Book, report: "Report", sheets: Mapping[str, str], items: Sequence[Attention]) -> None:
    sheet = book.sheet(sheets["overview"])
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    _title(book, sheet, report)
    for (first, last), card in zip(_CARDS, _cards(report), strict=True):
        _card(book, sheet, first, last, *card)
    tasks_end = _tasks(book, sheet, report, sheets["statuses"])
    targets_end, ratios = _targets(book, sheet, report, sheets["results"])
    row = max(tasks_end, targets_end) + 1
    _discipline(book, sheet, report, row)
    insert_submission_chart(book, sheet, row, len(report.plan.groups))
    insert_target_chart(book, sheet, row, _TABLES + 2, ratios)
    end = _attention(book, sheet, items, sheets, row + CHART_ROWS + 2)
    end = write_diary_lines(book, sheet, report.diary.lines, end, _LAST, sum(WIDTHS), 6)
    sheet.print_area(0, 0, end, _LAST)
    sheet.fit_to_pages(1, 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.6)
    sheet.activate()


def _title(book: Book, sheet: Worksheet, report: "Report") -> None:
    settings = report.plan.settings
    centred = {"align": "center", "text_wrap": True}
    title = f"TỔNG HỢP KẾT QUẢ THỰC HIỆN KẾ HOẠCH {report.period.period_name.upper()}"
    sheet.merge_range(0, 0, 0, _LAST, title, book.format(bold=True, font_size=17, font_color=HEAD, **centred))
    number = f" (số {settings.plan_number})" if settings.plan_number else ""
    sheet.merge_range(1, 0, 1, _LAST, safe_text(settings.title + number), book.format(**centred))
    owner = report.plan.unit_names[settings.consolidated_by]
    line = f"{owner} tổng hợp, trình {settings.issued_by}. {report.subtitle}"
    sheet.merge_range(2, 0, 2, _LAST, safe_text(line), book.format(italic=True, font_color=MUTED, **centred))
    for row in (3, 7, 8):
        sheet.set_row(row, 5)
    sheet.set_row(0, 28)
    sheet.set_row(1, row_height([settings.title], [sum(WIDTHS)]))


def _cards(report: "Report") -> list[tuple[str, str, str]]:
    """(label, figure, detail) of the four headline figures."""
    judged, timeliness = report.assessment, report.assessment.timeliness["timeliness"]
    statuses = judged.statuses
    on_time, late = int((timeliness == Timeliness.ON_TIME).sum()), int(is_late(timeliness).sum())
    usable = judged.timeliness["file"].notna() & ~timeliness.isin([Timeliness.UNREADABLE, Timeliness.WRONG_PERIOD])
    received = f"{int(usable.sum())}/{len(timeliness)}"
    rate = on_time_rate(statuses["status"], has_alert(statuses["alerts"], Alert.OVERDUE))
    counts = " · ".join(f"{word}: {count}" for word, count in statuses["status"].value_counts().items())
    rate_text = "chưa có nhiệm vụ đến hạn" if rate is None else f"tỷ lệ hoàn thành {percent_text(rate)}"
    aimed = judged.results[judged.results["target"].notna()]
    met = int((aimed["target_result"] == TargetResult.MET).sum())
    behind = int(aimed["behind"].sum())
    missing = int((aimed["target_result"] == TargetResult.DATA_MISSING).sum())
    rows = report.facts.difficulties
    open_rows = int((rows["state"] != DifficultyState.RESOLVED).sum())
    errors = int((report.issues["severity"] == Severity.ERROR).sum())
    done = int(statuses["status"].isin(DONE).sum())
    return [
        (
            "Đơn vị đã gửi báo cáo",
            received,
            f"Đúng hạn {on_time} · trễ {late} · chưa có {len(timeliness) - int(usable.sum())}",
        ),
        ("Nhiệm vụ hoàn thành", f"{done}/{len(statuses)}", f"{counts}; {rate_text}"),
        ("Chỉ tiêu đạt mục tiêu", f"{met}/{len(aimed)}", f"Chậm so với mốc {behind} · thiếu số liệu {missing}"),
        (
            "Khó khăn, vướng mắc",
            f"{open_rows}",
            f"của {rows['unit_code'].nunique()} đơn vị; lỗi dữ liệu cần sửa: {errors}",
        ),
    ]


def _card(book: Book, sheet: Worksheet, first: int, last: int, label: str, figure: str, detail: str) -> None:
    base: dict[str, Any] = {"align": "center", "bg_color": "#F3F6F9", "text_wrap": True}
    sheet.merge_range(4, first, 4, last, label, book.format(font_color=MUTED, top=2, top_color=HEAD, **base))
    sheet.merge_range(5, first, 5, last, figure, book.format(bold=True, font_size=22, font_color=HEAD, **base))
    sheet.merge_range(6, first, 6, last, detail, book.format(font_size=10, **base))
    sheet.set_row(5, 32)
    sheet.set_row(6, 32)


def _section(book: Book, sheet: Worksheet, row: int, column: int, text: str) -> None:
    sheet.write_string(row, column, text, book.format(bold=True, font_size=13, font_color=HEAD))
    sheet.set_row(row, 20)


def _header(book: Book, sheet: Worksheet, row: int, column: int, titles: Sequence[str]) -> None:
    style = book.head(text_wrap=True)
    for index, title in enumerate(titles, start=column):
        sheet.write_string(row, index, title, style)
    sheet.set_row(row, 32)


def _tasks(book: Book, sheet: Worksheet, report: "Report", target: str) -> int:
    _section(book, sheet, _TABLES, 0, "1. Nhiệm vụ")
    _header(book, sheet, _TABLES + 1, 0, ("Mã", "Nhiệm vụ", "Tình trạng", "Khó khăn"))
    edge = {"border": 1, "border_color": RULE, "text_wrap": True}
    row = _TABLES + 2
    for offset, task in enumerate(records(report.assessment.statuses)):
        link = f"internal:'{target}'!A{FIELDS_ROW + 3 + offset}"
        sheet.write_url(
            row, 0, link, book.format(font_color=HEAD, underline=1, align="center", **edge), task["task_code"]
        )
        sheet.write_string(row, 1, safe_text(task["task_title"]), book.format(**edge))
        status = book.format(bg_color=colour_of(task["status"]), bold=True, align="center", **edge)
        sheet.write_string(row, 2, task["status"], status)
        sheet.write_number(row, 3, task["difficulties"], book.format(align="center", num_format="0", **edge))
        sheet.set_row(row, row_height([task["task_title"]], [WIDTHS[1]], least=24))
        row += 1
    return row


def _targets(book: Book, sheet: Worksheet, report: "Report", target: str) -> tuple[int, int]:
    """Indicators with a target, those in per cent first. Returns the row after and how many are in per cent."""
    _section(book, sheet, _TABLES, 5, "2. Chỉ tiêu có mục tiêu")
    _header(book, sheet, _TABLES + 1, 5, ("Mã", "Chỉ tiêu – phạm vi", "Kết quả", "Mục tiêu", "Mốc kỳ này", "Đánh giá"))
    rows = report.assessment.results.reset_index(drop=True)
    rows = rows[rows["target"].notna()]
    shares = rows["kind"].map(lambda kind: IndicatorKind(kind).has_denominator).astype("bool")
    edge = {"border": 1, "border_color": RULE, "text_wrap": True}
    row = _TABLES + 2
    for at, result in pd.concat([rows[shares], rows[~shares]]).iterrows():
        link = f"internal:'{target}'!A{FIELDS_ROW + 3 + int(str(at))}"
        code = book.format(font_color=HEAD, underline=1, align="center", **edge)
        sheet.write_url(row, 5, link, code, result["indicator_code"])
        name = f"{result['indicator']} – {result['scope_name']}"
        sheet.write_string(row, 6, safe_text(name), book.format(font_size=10, **edge))
        number = book.format(align="center", num_format=FORMATS[IndicatorKind(result["kind"])], **edge)
        for index, field in enumerate(("value", "target", "expected"), start=7):
            if pd.isna(result[field]):
                sheet.write_string(row, index, "–", number)
            else:
                sheet.write_number(row, index, result[field], number)
        word, fill = _standing(result)
        sheet.write_string(row, 10, word, book.format(bg_color=fill, bold=True, align="center", **edge))
        sheet.set_row(row, row_height([name], [WIDTHS[6]], least=24, scale=0.95))
        row += 1
    return row, int(shares.sum())


def _standing(result: "pd.Series[Any]") -> tuple[str, str]:
    """The target result in words and its fill: unmet is no alarm while the expected value is kept."""
    word = result["target_result"]
    if result["behind"]:
        return f"▼ {word}, chậm", BAD
    if word == TargetResult.NOT_MET:
        return (f"{word}, kịp mốc" if pd.notna(result["expected"]) else word), "#FFFFFF"
    return word, colour_of(word)


def _discipline(book: Book, sheet: Worksheet, report: "Report", row: int) -> None:
    """Who was late and who is missing, by name; the numbers behind the chart stand right of the printed page."""
    _section(book, sheet, row, 0, "3. Tình hình nộp báo cáo")
    _section(book, sheet, row, 5, "4. Kết quả so với mục tiêu")
    rows = report.assessment.timeliness
    late, on_time = is_late(rows["timeliness"]), rows["timeliness"] == Timeliness.ON_TIME
    names = report.plan.short_names
    said = [(names[row["unit_code"]], row["timeliness"].lower()) for row in records(rows[~on_time])]
    text = "Trễ hoặc chưa có: " + "; ".join(f"{name} ({word})" for name, word in said) + "."
    style = book.format(text_wrap=True, font_size=10)
    names_row = row + CHART_ROWS + 1
    sheet.merge_range(names_row, 0, names_row, 3, text if said else "Tất cả đơn vị gửi đúng hạn.", style)
    sheet.set_row(names_row, row_height([text], [sum(WIDTHS[:4])], least=20))
    columns = ("Nhóm đơn vị", "Đúng hạn", "Trễ hạn", "Chưa có, không dùng được")
    for index, title in enumerate(columns, start=DATA_COLUMN):
        sheet.write_string(row, index, title, book.format(font_color=MUTED, italic=True))
    for offset, (code, name) in enumerate(report.plan.group_names.items(), start=1):
        mine = rows["unit_group"] == code
        counts = (int((mine & on_time).sum()), int((mine & late).sum()), int((mine & ~late & ~on_time).sum()))
        sheet.write_string(row + offset, DATA_COLUMN, name, book.format(font_color=MUTED))
        for index, count in enumerate(counts, start=DATA_COLUMN + 1):
            sheet.write_number(row + offset, index, count, book.format(font_color=MUTED, num_format="0"))


def _attention(book: Book, sheet: Worksheet, items: Sequence[Attention], sheets: Mapping[str, str], row: int) -> int:
    _section(book, sheet, row, 0, "5. Việc cần quyết định")
    _header(book, sheet, row + 1, 0, ("STT", "Nội dung"))
    head = book.head()
    sheet.merge_range(row + 1, 2, row + 1, _LAST, "Căn cứ", head)
    edge = {"border": 1, "border_color": RULE, "text_wrap": True}
    row += 2
    if not items:
        sheet.merge_range(row, 0, row, _LAST, "Không có việc nào cần quyết định trong kỳ.", book.format(**edge))
        return row
    wide = sum(WIDTHS[2:])
    for number, item in enumerate(items, start=1):
        sheet.write_number(row, 0, number, book.format(align="center", num_format="0", **edge))
        link = f"internal:'{sheets[item.table]}'!A{FIELDS_ROW + 3 + item.row}"
        sheet.write_url(row, 1, link, book.format(font_color=HEAD, underline=1, **edge), safe_text(item.subject))
        sheet.merge_range(row, 2, row, _LAST, safe_text(item.reason), book.format(**edge))
        sheet.set_row(row, row_height([item.subject, item.reason], [WIDTHS[1], wide], least=22))
        row += 1
    return row - 1
