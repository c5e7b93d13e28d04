"""The sheet ``Đơn vị × Nhiệm vụ``: how far every unit says it is with every task, at a glance."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.history import previous
from pipeline.write.book import BAD, GOOD, MUTED, QUIET, RULE, WARN, Book
from pipeline.write.formulas import Detail, count_where, quoted
from pipeline.write.heading import APPENDIX_ROW, DATA_ROW, FIELDS_ROW, Heading, write_heading
from pipeline.write.rows import row_height
from pipeline.write.table import add_table
from pipeline.write.trends import DOWN, UP, arrow
from schemas.columns import records
from schemas.words import NOT_REPORTED, Role, State, YesNo

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
_ONE_PAGE = 45  # units that still read well on one A4 page
_TITLED = 8  # tasks whose titles fit above their columns; more show their codes only
_LONGEST_HEADER = 255  # characters of a column's name in an Excel table
_UNIT, _CODE = 1, 2  # columns of the unit's name and code; the group stands before them


def write_matrix(book: Book, report: "Report", name: str, heading: Heading, progress: Detail) -> None:
    """One Excel table of units by tasks; the sums below and beside it are formulas over ``progress``."""
    sheet = book.sheet(name)
    plan, tasks = report.plan, list(report.plan.tasks["task_code"])
    titles = dict(zip(plan.tasks["task_code"], plan.tasks["task_title"], strict=True))
    full = [" ".join(f"{code} {titles[code]}".split()) for code in tasks]
    titled = len(tasks) <= _TITLED and max(map(len, full), default=0) <= _LONGEST_HEADER
    headers = ["Nhóm", "Đơn vị", "Mã đơn vị", *(full if titled else tasks)]
    headers += ["Đã báo cáo", "Phải báo cáo"]
    widths = [19.0, 38.0, 11.0, *([22.0 if titled else 9.0] * len(tasks)), 9.0, 9.0]
    write_heading(book, sheet, heading, widths, 2)
    sheet.set_row(FIELDS_ROW, None, None, {"hidden": True})
    for index, (field, width) in enumerate(zip(_fields(tasks), widths, strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(FIELDS_ROW, index, field)
    by_unit: dict[str, dict[str, dict[str, Any]]] = {}
    for each in records(report.facts.progress[["unit_code", "task_code", "state", "role", "reported"]]):
        by_unit.setdefault(each["unit_code"], {})[each["task_code"]] = each
    groups = plan.group_names
    before = _before(report)
    above = None  # a heavier line parts the groups
    for row, unit in enumerate(records(plan.units), start=DATA_ROW):
        mine = by_unit.get(unit["unit_code"], {})
        edge = {"border": 1, "border_color": RULE} | ({} if unit["unit_group"] == above else {"top": 2})
        above = unit["unit_group"]
        sheet.write_string(row, 0, groups[unit["unit_group"]], book.format(font_color=MUTED, text_wrap=True, **edge))
        sheet.write_string(row, _UNIT, unit["unit_name"], book.format(text_wrap=True, **edge))
        sheet.write_string(row, _CODE, unit["unit_code"], book.format(font_color=MUTED, **edge))
        for index, code in enumerate(tasks, start=_CODE + 1):
            text, style = _cell(mine, code, before.get((unit["unit_code"], code), _NOTHING))
            sheet.write_string(row, index, text, book.format(align="center", **style, **edge))
        _write_row_sums(book, sheet, row, len(tasks), mine, progress)
        sheet.set_row(row, row_height([groups[unit["unit_group"]], unit["unit_name"]], widths[:2], least=15))
    last_unit = DATA_ROW + max(len(plan.units), 1) - 1
    add_table(book, sheet, "bang_matrix", headers, widths, last_unit)
    last = _write_sums(book, sheet, report, tasks, last_unit + 1, progress)
    last = _write_legend(book, sheet, titled, bool(before), last)
    sheet.freeze_panes(DATA_ROW, 2)
    sheet.repeat_rows(DATA_ROW - 1)
    sheet.print_area(APPENDIX_ROW, 0, last, len(headers) - 1)
    book.fit(sheet, widths, 2)
    if len(plan.units) <= _ONE_PAGE and titled:
        sheet.fit_to_pages(1, 1)


def _fields(tasks: Sequence[str]) -> list[str]:
    return ["unit_group", "unit_name", "unit_code", *tasks, "units_reported", "units_expected"]


def _before(report: "Report") -> dict[tuple[str, str], object]:
    """The state of every unit × task in the last quarter, by the unit that answers for it now."""
    earlier = previous(report.history)
    if earlier is None:
        return {}
    rows, heirs = earlier.facts.progress, report.plan.heirs
    keys = zip(rows["unit_code"].map(heirs).fillna(rows["unit_code"]), rows["task_code"], strict=True)
    return dict(zip(keys, rows["state"].where(rows["state"].notna(), None), strict=True))


def _cell(mine: Mapping[str, Mapping[str, Any]], code: str, before: object) -> tuple[str, dict[str, Any]]:
    row = mine.get(code)
    if row is None:
        return NOT_ASSIGNED, {"font_color": MUTED}
    sign, fill = SIGNS[NOT_REPORTED if pd.isna(row["state"]) else row["state"]]
    lead = row["role"] == Role.LEAD
    moved = "" if before is _NOTHING else arrow(row["state"], before)
    return " ".join(part for part in (sign, LEAD_SIGN if lead else "", moved) if part), {"bg_color": fill, "bold": lead}


def _write_row_sums(
    book: Book, sheet: Worksheet, row: int, tasks: int, mine: Mapping[str, Mapping[str, Any]], progress: Detail
) -> None:
    """How many of the unit's tasks it reported, and how many it must."""
    style = book.format(align="center", num_format="0", border=1, border_color=RULE)
    unit = (progress.span("unit_code"), xl_rowcol_to_cell(row, _CODE, col_abs=True))
    told = (progress.span("reported"), quoted(YesNo.YES))
    reported = sum(each["reported"] == YesNo.YES for each in mine.values())
    sheet.write_formula(row, _CODE + tasks + 1, f"={count_where(unit, told)}", style, reported)
    sheet.write_formula(row, _CODE + tasks + 2, f"={count_where(unit)}", style, len(mine))


def _write_sums(
    book: Book, sheet: Worksheet, report: "Report", tasks: Sequence[str], row: int, progress: Detail
) -> int:
    """How many units stand in each state, per task and in all. Returns the row after."""
    facts = report.facts.progress
    states = facts["state"].fillna(NOT_REPORTED)
    counts = states.groupby([facts["task_code"], states]).size().to_dict()
    for state, (sign, fill) in SIGNS.items():
        style = {"bold": True, "top": 1, "bottom": 1, "border_color": RULE, "bg_color": fill}
        number = book.format(align="center", num_format="0", **style)
        sheet.write_string(row, 0, "Cộng", book.format(**style))
        sheet.write_string(row, _UNIT, f"{sign}: {state}", book.format(**style))
        sheet.write_blank(row, _CODE, None, book.format(**style))
        where = (progress.span("state"), quoted(state))
        for index, code in enumerate(tasks, start=_CODE + 1):
            formula = count_where((progress.span("task_code"), quoted(code)), where)
            sheet.write_formula(row, index, f"={formula}", number, counts.get((code, str(state)), 0))
        first, last = (xl_rowcol_to_cell(row, _CODE + at) for at in (1, len(tasks)))
        total = sum(counts.get((code, str(state)), 0) for code in tasks)
        sheet.write_formula(row, _CODE + len(tasks) + 1, f"=SUM({first}:{last})", number, total)
        sheet.write_blank(row, _CODE + len(tasks) + 2, None, number)
        row += 1
    return row


def _write_legend(book: Book, sheet: Worksheet, titled: bool, compared: bool, row: int) -> int:
    """What the signs mean, in words. Returns the last row."""
    signs = "; ".join(f"{sign}: {state.lower()}" for state, (sign, _) in SIGNS.items())
    lines = [f"Chú giải: {signs}; {LEAD_SIGN}: đơn vị chủ trì; {NOT_ASSIGNED}: không được giao."]
    if compared:
        lines[0] += f" {UP}: tiến thêm, {DOWN}: lùi so với quý trước."
    if not titled:
        lines.append("Tên nhiệm vụ theo mã: xem sheet “Nhiệm vụ”.")
    for offset, line in enumerate(lines):
        sheet.write_string(row + offset, 0, line, book.format(italic=True, font_color=MUTED))
    return row + len(lines) - 1
