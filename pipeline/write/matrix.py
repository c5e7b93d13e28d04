"""The sheet ``Đơn vị × Nhiệm vụ``: how far every unit says it is with every task, at a glance."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.history import previous
from pipeline.write.book import BAD, GOOD, MUTED, QUIET, RULE, WARN, Book
from pipeline.write.rows import row_height
from pipeline.write.trends import DOWN, UP, arrow
from schemas.columns import records
from schemas.words import NOT_REPORTED, Role, State

if TYPE_CHECKING:
    from pipeline.write.consolidated import Report

SIGNS: dict[str, tuple[str, str]] = {
    # state: (sign and letters, fill); the letters carry the meaning, the colour only helps
    State.DONE: ("● HT", GOOD),
    State.UNDERWAY: ("◐ ĐTH", "#FFFFFF"),
    State.NOT_STARTED: ("○ CTK", WARN),
    State.NONE_ARISING: ("– KPS", QUIET),
    NOT_REPORTED: ("✕ CBC", BAD),
}
LEAD_SIGN = "★"
NOT_ASSIGNED = "·"
_NOTHING = object()  # no earlier quarter to compare with
_TOP = 3
_ONE_PAGE = 45  # units that still read well on one A4 page


def write_matrix(book: Book, report: "Report", name: str) -> None:
    sheet = book.sheet(name)
    plan, progress = report.plan, report.facts.progress
    tasks = list(plan.tasks["task_code"])
    sheet.write_string(0, 0, "Đơn vị × Nhiệm vụ", book.title())
    sheet.write_string(1, 0, report.subtitle, book.format(italic=True, font_color=MUTED))
    head = book.head(text_wrap=True)
    titles = dict(zip(plan.tasks["task_code"], plan.tasks["task_title"], strict=True))
    headers = ["Nhóm", "Đơn vị", *(f"{code} {titles[code]}" for code in tasks), "Đã báo cáo"]
    widths = [20.0, 40.0, *([21.0] * len(tasks)), 10.0]
    for index, (header, width) in enumerate(zip(headers, widths, strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(_TOP, index, header, head)
    sheet.set_row(_TOP, row_height(headers, widths))
    by_unit = {code: rows.set_index("task_code") for code, rows in progress.groupby("unit_code", sort=False)}
    edge = {"border": 1, "border_color": RULE}
    before = _before(report)
    for row, unit in enumerate(records(plan.units), start=_TOP + 1):
        mine = by_unit.get(unit["unit_code"], progress.iloc[:0].set_index("task_code"))
        sheet.write_string(row, 0, plan.group_names[unit["unit_group"]], book.format(font_color=MUTED, **edge))
        sheet.write_string(row, 1, unit["unit_name"], book.format(**edge))
        for index, code in enumerate(tasks, start=2):
            text, style = _cell(mine, code, before.get((unit["unit_code"], code), _NOTHING))
            sheet.write_string(row, index, text, book.format(align="center", **style, **edge))
        done = f"{int((mine['state'].notna()).sum())}/{len(mine)}"
        sheet.write_string(row, len(tasks) + 2, done, book.format(align="center", **edge))
    last = _write_totals(book, sheet, report, tasks, _TOP + 1 + len(plan.units))
    sheet.freeze_panes(_TOP + 1, 2)
    sheet.repeat_rows(_TOP)
    sheet.print_area(0, 0, last, len(headers) - 1)
    if len(plan.units) <= _ONE_PAGE:
        sheet.fit_to_pages(1, 1)
    sheet.autofilter(_TOP, 0, _TOP + len(plan.units), len(headers) - 1)


def _before(report: "Report") -> dict[tuple[str, str], object]:
    """The state of every unit × task in the last quarter, by the unit that answers for it now."""
    earlier = previous(report.history)
    if earlier is None:
        return {}
    rows, heirs = earlier.facts.progress, report.plan.heirs
    keys = zip(rows["unit_code"].map(heirs).fillna(rows["unit_code"]), rows["task_code"], strict=True)
    return dict(zip(keys, rows["state"].where(rows["state"].notna(), None), strict=True))


def _cell(mine: pd.DataFrame, code: str, before: object) -> tuple[str, dict[str, Any]]:
    if code not in mine.index:
        return NOT_ASSIGNED, {"font_color": MUTED}
    row = mine.loc[code]
    sign, fill = SIGNS[NOT_REPORTED if pd.isna(row["state"]) else row["state"]]
    lead = row["role"] == Role.LEAD
    moved = "" if before is _NOTHING else arrow(row["state"], before)
    return " ".join(part for part in (sign, LEAD_SIGN if lead else "", moved) if part), {"bg_color": fill, "bold": lead}


def _write_totals(book: Book, sheet: Any, report: "Report", tasks: list[str], row: int) -> int:
    """How many units stand in each state, per task; then the legend. Returns the last row."""
    states = report.facts.progress["state"].fillna(NOT_REPORTED)
    counts = states.groupby([report.facts.progress["task_code"], states]).size().to_dict()
    style = {"bold": True, "top": 1, "bottom": 1, "border_color": RULE}
    for state, (sign, fill) in SIGNS.items():
        sheet.write_string(row, 0, "Cộng", book.format(bg_color=fill, **style))
        sheet.write_string(row, 1, f"{sign}: {state}", book.format(bg_color=fill, **style))
        total = 0
        for index, code in enumerate(tasks, start=2):
            count = counts.get((code, str(state)), 0)
            total += count
            sheet.write_number(row, index, count, book.format(align="center", bg_color=fill, **style))
        sheet.write_number(row, len(tasks) + 2, total, book.format(align="center", bg_color=fill, **style))
        row += 1
    legend = f"{LEAD_SIGN} đơn vị chủ trì; {NOT_ASSIGNED} không được giao. Chữ viết tắt: xem các dòng “Cộng” ở trên."
    if previous(report.history) is not None:
        legend += f" {UP} tiến thêm, {DOWN} lùi so với quý trước."
    sheet.write_string(row, 0, legend, book.format(italic=True, font_color=MUTED))
    return row
