"""The list of difficulties as an appendix ready to attach: grouped by task, each group with its sum."""

from typing import TYPE_CHECKING, Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from pipeline.write.book import HEAD, MUTED, RULE, Book, safe_text
from pipeline.write.formulas import Detail, count_where, quoted
from pipeline.write.heading import APPENDIX_ROW, DATA_ROW, FIELDS_ROW, Heading, write_heading
from pipeline.write.rows import row_height
from pipeline.write.table import colour_of
from schemas.columns import columns, conform, records
from schemas.records import DifficultyItem
from schemas.words import DifficultyState

if TYPE_CHECKING:
    from pipeline.write.consolidated import Report

LIST_SHEET = "Danh sách"
NO_TASK = "Chưa rõ nhiệm vụ"
_SPECS = columns(DifficultyItem)
_WIDTHS = [spec.layout.width for spec in _SPECS]
_AT = {spec.name: index for index, spec in enumerate(_SPECS)}
_LAST = len(_SPECS) - 1


def difficulty_items(report: "Report") -> pd.DataFrame:
    """One row per difficulty, as :class:`DifficultyItem`, in the order of tasks and numbered so; one that no earlier
    period raised arose in this one."""
    rows, plan = report.facts.difficulties, report.plan
    names = {period["period_code"]: period["period_name"] for period in records(plan.periods)}
    names |= {plan.brief_names[code]: name for code, name in names.items() if code in plan.brief_names}
    told = rows["first_period"] if "first_period" in rows else pd.Series(None, index=rows.index, dtype="object")
    raised = (
        told.map(lambda period: names.get(period, period), na_action="ignore")
        .astype("object")
        .fillna(report.period.period_name)
    )
    places = {code: place for place, code in enumerate(plan.task_titles)}
    order = rows["task_code"].map(places).fillna(len(places)).sort_values(kind="stable").index
    items = rows.assign(first_period=raised).loc[order]
    return conform(DifficultyItem, items.assign(number=range(1, len(items) + 1)))


def write_difficulty_list(book: Book, report: "Report", heading: Heading, detail: Detail) -> None:
    """Every task in force has its group, also where nobody reported anything, and one that has ended where a
    difficulty of it is left; the sums are formulas over ``detail``, the sheet of all difficulties."""
    sheet = book.sheet(LIST_SHEET)
    write_heading(book, sheet, heading, _WIDTHS)
    sheet.set_row(FIELDS_ROW, None, None, {"hidden": True})
    head = book.head(text_wrap=True)
    for index, spec in enumerate(_SPECS):
        sheet.set_column(index, index, spec.layout.width)
        sheet.write_string(FIELDS_ROW, index, spec.name)
        sheet.write_string(DATA_ROW - 1, index, spec.title, head)
    sheet.set_row(DATA_ROW - 1, row_height([spec.title for spec in _SPECS], _WIDTHS, least=32))
    items = difficulty_items(report)
    listed = {*report.plan.tasks["task_code"], *items["task_code"]}
    titles = {code: title for code, title in report.plan.task_titles.items() if code in listed}
    row = DATA_ROW
    for code, title in titles.items():
        mine = items[items["task_code"] == code]
        row = _write_group(book, sheet, row, f"{code}. {title}", mine)
        row = _write_sum(book, sheet, row, f"Cộng nhiệm vụ {code}", mine, detail, str(code))
    loose = items[~items["task_code"].isin(list(titles))]
    if len(loose):
        row = _write_group(book, sheet, row, NO_TASK, loose)
    row = _write_sum(book, sheet, row, "TỔNG CỘNG", items, detail)
    sheet.freeze_panes(DATA_ROW, 2)
    sheet.repeat_rows(DATA_ROW - 1)
    sheet.print_area(APPENDIX_ROW, 0, row - 1, _LAST)
    book.fit(sheet, _WIDTHS)
    sheet.activate()


def _edge(**more: Any) -> dict[str, Any]:
    return {"border": 1, "border_color": RULE, "valign": "top", "text_wrap": True} | more


def _write_group(book: Book, sheet: Worksheet, row: int, title: str, items: pd.DataFrame) -> int:
    """The group's title, then its rows. Returns the row after."""
    band = {"bold": True, "font_color": HEAD, "bg_color": "#E8EEF4", "top": 1, "bottom": 1, "border_color": RULE}
    sheet.write_string(row, 0, safe_text(title), book.format(**band))
    for index in range(1, _LAST + 1):
        sheet.write_blank(row, index, None, book.format(**band))
    sheet.set_row(row, 20)
    row += 1
    if items.empty:
        sheet.write_string(row, 0, "Không đơn vị nào báo cáo khó khăn, vướng mắc.", book.format(italic=True))
        return row + 1
    for item in records(items):
        for spec in _SPECS:
            _write_cell(book, sheet, row, spec.name, item[spec.name])
        texts = [item[spec.name] if spec.kind == "text" else "" for spec in _SPECS]
        sheet.set_row(row, row_height(texts, _WIDTHS))
        row += 1
    return row


def _write_cell(book: Book, sheet: Worksheet, row: int, name: str, value: Any) -> None:
    spec, index = _SPECS[_AT[name]], _AT[name]
    centre = {"align": "center"} if spec.layout.centre else {}
    if spec.kind == "integer":
        sheet.write_number(row, index, value, book.format(**_edge(num_format="0"), **centre))
    elif pd.isna(value):
        sheet.write_string(row, index, spec.layout.blank, book.format(**_edge(font_color=MUTED, align="center")))
    else:
        fill = {"bold": True, "bg_color": colour_of(str(value))} if name == "state" else {}
        sheet.write_string(row, index, safe_text(value), book.format(**_edge(), **centre, **fill))


def _write_sum(
    book: Book, sheet: Worksheet, row: int, label: str, items: pd.DataFrame, detail: Detail, code: str = ""
) -> int:
    """How many difficulties, of how many units, how many of them not resolved. Returns the row after."""
    style = book.format(bold=True, italic=True, top=1, bottom=1, border_color=RULE, text_wrap=False)
    for index in range(_LAST + 1):
        sheet.write_blank(row, index, None, style)
    waiting = items["state"] != DifficultyState.RESOLVED
    which = [(detail.span("task_code"), quoted(code))] if code else []
    every = count_where(*which) if which else f"COUNT({detail.span('number')})"
    done = count_where(*which, (detail.span("state"), quoted(DifficultyState.RESOLVED)))
    sheet.write_string(row, 0, safe_text(label), style)
    units = f" khó khăn, vướng mắc của {items['unit_name'].nunique()} đơn vị"
    sheet.write_formula(row, _AT["description"], f"={every}&{quoted(units)}", style, f"{len(items)}{units}")
    rest = "Chưa giải quyết xong: "
    formula = f"={quoted(rest)}&({every}-{done})"
    sheet.write_formula(row, _AT["addressed_to"], formula, style, f"{rest}{int(waiting.sum())}")
    sheet.set_row(row, 20)
    return row + 1
