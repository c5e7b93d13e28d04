"""The numbers that the overview's charts stand on, right of the printed page: formulas over the detail sheets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from pipeline.assess.status import DONE, has_alert, on_time_rate
from pipeline.assess.timeliness import is_late
from pipeline.write.book import MUTED, Book, safe_text
from pipeline.write.formulas import Detail, count_where, place, quoted
from pipeline.write.table import LATE
from schemas.columns import records
from schemas.records import Result, TaskStatus, UnitTimeliness
from schemas.words import Alert, Status, Timeliness

if TYPE_CHECKING:
    from pipeline.write.consolidated import Report


@dataclass(frozen=True)
class Block:
    """A small table: ``row`` of its titles, first ``column`` (the categories), rows and columns of numbers."""

    row: int
    column: int
    rows: int
    series: int

    def values(self, sheet: str, number: int) -> list[str | int]:
        """The range of a series, from 1; 0 is the categories."""
        column = self.column + number
        return [sheet, self.row + 1, column, self.row + self.rows, column]


@dataclass(frozen=True)
class ChartData:
    statuses: Block
    submissions: Block
    targets: Block


def write_chart_data(
    book: Book, sheet: Worksheet, report: "Report", sheets: Mapping[str, str], targets: pd.DataFrame, row: int, at: int
) -> ChartData:
    """``targets``: the results that the overview shows, their index the position on the sheet ``Chỉ tiêu``."""
    muted = book.format(font_color=MUTED, italic=True)
    sheet.write_string(row - 1, at, "Số liệu của biểu đồ (không in)", muted)
    for column, width in ((at, 32), (at + 3, 24), (at + 8, 40), (at + 9, 24), (at + 10, 28)):
        sheet.set_column(column, column, width)
    statuses = _statuses(book, sheet, report, sheets["statuses"], row, at)
    submissions = _submissions(book, sheet, report, sheets["timeliness"], row, at + 3)
    return ChartData(statuses, submissions, _targets(book, sheet, targets, sheets["results"], row, at + 8))


def _titles(book: Book, sheet: Worksheet, row: int, at: int, *titles: str) -> None:
    for index, title in enumerate(titles, start=at):
        sheet.write_string(row, index, title, book.format(font_color=MUTED, italic=True))


def _statuses(book: Book, sheet: Worksheet, report: "Report", name: str, row: int, at: int) -> Block:
    rows = report.assessment.statuses
    span = Detail(name, TaskStatus, len(rows)).span("status")
    _titles(book, sheet, row, at, "Tình trạng", "Số nhiệm vụ")
    counts = rows["status"].value_counts()
    style = book.format(font_color=MUTED, num_format="0")
    for offset, status in enumerate(Status, start=1):
        sheet.write_string(row + offset, at, status.value, style)
        formula = f"=COUNTIF({span},{quoted(status)})"
        sheet.write_formula(row + offset, at + 1, formula, style, int(counts.get(status.value, 0)))
    _on_time(book, sheet, report, name, row + len(Status) + 2, at)
    return Block(row, at, len(Status), 1)


def _on_time(book: Book, sheet: Worksheet, report: "Report", name: str, row: int, at: int) -> None:
    """The rate that the first headline tells, as the Government Office counts it."""
    rows = report.assessment.statuses
    detail = Detail(name, TaskStatus, len(rows))
    done = "+".join(f"COUNTIF({detail.span('status')},{quoted(status)})" for status in DONE)
    late = f"SUMPRODUCT(ISNUMBER(SEARCH({quoted(Alert.OVERDUE)},{detail.span('alerts')}))*1)"
    rate = on_time_rate(rows["status"], has_alert(rows["alerts"], Alert.OVERDUE))
    style = book.format(font_color=MUTED, num_format="0.0%")
    sheet.write_string(row, at, "Tỷ lệ hoàn thành đúng theo dõi", style)
    formula = f'=IF({done}+{late}=0,"–",({done})/({done}+{late}))'
    sheet.write_formula(row, at + 1, formula, style, "–" if rate is None else rate)


def _submissions(book: Book, sheet: Worksheet, report: "Report", name: str, row: int, at: int) -> Block:
    rows = report.assessment.timeliness
    detail = Detail(name, UnitTimeliness, len(rows))
    said, group = detail.span("timeliness"), detail.span("unit_group")
    late, on_time = is_late(rows["timeliness"]), rows["timeliness"] == Timeliness.ON_TIME
    _titles(book, sheet, row, at, "Nhóm đơn vị", "Đúng hạn", "Trễ", "Chưa có")
    style = book.format(font_color=MUTED, num_format="0")
    for offset, (code, label) in enumerate(report.plan.group_names.items(), start=1):
        mine = rows["unit_group"] == code
        counts = [int((mine & on_time).sum()), int((mine & late).sum()), int((mine & ~late & ~on_time).sum())]
        is_mine = (group, quoted(str(code)))
        formulas = [
            count_where(is_mine, (said, quoted(Timeliness.ON_TIME))),
            count_where(is_mine, (f"LEFT({said},{len(LATE)})", quoted(LATE))),
        ]
        formulas.append(f"{count_where(is_mine)}-{'-'.join(formulas)}")
        sheet.write_string(row + offset, at, safe_text(label), style)
        for index, (formula, count) in enumerate(zip(formulas, counts, strict=True), start=at + 1):
            sheet.write_formula(row + offset, index, f"={formula}", style, count)
    return Block(row, at, max(len(report.plan.group_names), 1), 3)


def _targets(book: Book, sheet: Worksheet, targets: pd.DataFrame, name: str, row: int, at: int) -> Block:
    """Result and expected value as shares of the target, so that indicators of every unit stand on one scale."""
    _titles(book, sheet, row, at, "Chỉ tiêu", "Kết quả so với mục tiêu", "Mốc kỳ này so với mục tiêu")
    style = book.format(font_color=MUTED, num_format="0.0%")
    for offset, (position, result) in enumerate(zip(targets.index, records(targets), strict=True), start=1):
        sheet.write_string(row + offset, at, f"{result['indicator_code']} {result['scope_name']}", style)
        for index, field in enumerate(("value", "expected"), start=at + 1):
            goal = result["target"]
            if pd.isna(result[field]) or not goal:
                sheet.write_number(row + offset, index, 0, style)
                continue
            there = [f"'{name}'!{place(Result, which, int(position))}" for which in (field, "target")]
            sheet.write_formula(row + offset, index, f"={there[0]}/{there[1]}", style, result[field] / goal)
    return Block(row, at, max(len(targets), 1), 2)
