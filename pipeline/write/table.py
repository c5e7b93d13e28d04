"""Write one frame as one named Excel table: heading, hidden field names, header, rows, print set-up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.write.book import BAD, GOOD, HEAD, MUTED, QUIET, RULE, WARN, Book, number_format, safe_text
from pipeline.write.formulas import Detail
from pipeline.write.heading import APPENDIX_ROW, DATA_ROW, FIELDS_ROW, Heading, write_heading
from pipeline.write.rows import number_width, row_height, row_heights
from schemas.columns import Column, Model, columns
from schemas.words import (
    NOT_REPORTED,
    DifficultyState,
    Direction,
    Severity,
    State,
    Status,
    TargetResult,
    Timeliness,
    Update,
    Verdict,
)

LATE = Timeliness.LATE.split("{")[0]
COLOURS: dict[str, str] = {
    Status.DONE_ON_TIME: GOOD,
    Status.DONE_LATE: WARN,
    Status.UNDERWAY_IN_TIME: GOOD,
    Status.UNDERWAY_OVERDUE: BAD,
    NOT_REPORTED: QUIET,
    TargetResult.MET: GOOD,
    TargetResult.NOT_MET: BAD,
    TargetResult.DATA_MISSING: QUIET,
    Timeliness.ON_TIME: GOOD,
    Timeliness.MISSING: BAD,
    Timeliness.UNREADABLE: BAD,
    Timeliness.WRONG_PERIOD: BAD,
    Timeliness.UNKNOWN_DATE: QUIET,
    Severity.ERROR: BAD,
    Severity.WARNING: WARN,
    Verdict.REJECTED: BAD,
    Verdict.SUPERSEDED: WARN,
    State.NOT_STARTED: WARN,
    Direction.BETTER: GOOD,
    Direction.WORSE: BAD,
    Direction.OPENED: WARN,
    Direction.CLOSED: GOOD,
    Update.SILENT: QUIET,
    State.DONE: GOOD,
    DifficultyState.RESOLVED: GOOD,
    DifficultyState.UNDERWAY: WARN,
}


@dataclass(frozen=True)
class TableSheet:
    """What to write: ``frame`` holds at least the model's columns, in any order.

    By column and row by row: ``formats``, number formats where the unit differs by row; ``links``, the cell
    reference (``internal:…``) or "" for none; ``formulas``, the live formula whose result the frame holds, or "".
    ``colour``: the columns whose words are coloured by rule.
    """

    sheet: str
    heading: Heading
    model: Model
    frame: pd.DataFrame
    empty: str = "Không có."
    formats: Mapping[str, Sequence[str]] = field(default_factory=dict)
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)
    formulas: Mapping[str, Sequence[str]] = field(default_factory=dict)
    colour: Sequence[str] = ()
    landscape: bool = True


def detail(table: TableSheet) -> Detail:
    """A table as formulas see it."""
    return Detail(table.sheet, table.model, len(table.frame))


def write_table(book: Book, spec: TableSheet, name: str) -> Worksheet:
    """Write the sheet; ``name`` is the Excel table's name. Returns the worksheet for additions."""
    sheet = book.sheet(spec.sheet, landscape=spec.landscape)
    specs = columns(spec.model)
    printed = max(index for index, column in enumerate(specs) if column.layout.printed)
    wide = [_width(spec, column) for column in specs]
    widths = wide[: printed + 1]
    keep = min(2, len(specs) - 1)
    write_heading(book, sheet, spec.heading, widths, keep)
    sheet.set_row(FIELDS_ROW, None, None, {"hidden": True})
    last = DATA_ROW + max(len(spec.frame), 1) - 1
    for index, column in enumerate(specs):
        sheet.write_string(FIELDS_ROW, index, column.name)
        sheet.set_column(index, index, wide[index])
    if len(spec.frame):
        for index, column in enumerate(specs):
            _write_column(book, sheet, spec, index, column)
        for offset, height in enumerate(row_heights(spec.frame, specs).tolist()):
            if height:
                sheet.set_row(DATA_ROW + offset, height)
    else:
        sheet.write_string(DATA_ROW, 0, spec.empty, _cell(book, specs[0], italic=True, text_wrap=False, align="left"))
    add_table(book, sheet, name, [column.title for column in specs], wide, last)
    for index, column in enumerate(specs):
        if column.name in spec.colour:
            _colour(book, sheet, spec, index, column, last)
    area = f"A1:{xl_rowcol_to_cell(last, len(specs) - 1)}"
    sheet.ignore_errors({"number_stored_as_text": area, "calculated_column": area, "formula_differs": area})
    sheet.set_zoom(90)
    sheet.freeze_panes(DATA_ROW, keep)
    sheet.repeat_rows(DATA_ROW - 1)
    sheet.print_area(APPENDIX_ROW, 0, last, printed)
    book.fit(sheet, widths, keep)
    return sheet


def add_table(
    book: Book, sheet: Worksheet, name: str, titles: Sequence[str], widths: Sequence[float], last: int
) -> None:
    """The Excel table from the header row to ``last``, with filters; the header is as high as its words need."""
    head = book.head(text_wrap=True)
    shown = [{"header": title, "header_format": head} for title in titles]
    sheet.add_table(DATA_ROW - 1, 0, last, len(titles) - 1, {"name": name, "style": None, "columns": shown})
    sheet.set_row(DATA_ROW - 1, row_height(titles, [max(width - 1.0, 3.0) for width in widths], least=30))


def _width(spec: TableSheet, column: Column) -> float:
    """The column's own width, or more where a number of it is longer."""
    is_number = column.kind in ("number", "integer")
    return number_width(spec.frame[column.name].tolist(), column.layout.width) if is_number else column.layout.width


def _cell(book: Book, column: Column, **more: Any) -> Format:
    style: dict[str, Any] = {"border": 1, "border_color": RULE, "valign": "top"}
    if column.layout.centre:
        style["align"] = "center"
    if column.kind == "text":
        style["text_wrap"] = True
    if column.layout.format:
        style["num_format"] = column.layout.format
    return book.format(**(style | more))


def _write_column(book: Book, sheet: Worksheet, spec: TableSheet, index: int, column: Column) -> None:
    values = spec.frame[column.name]
    bold = {"bold": True} if column.name in spec.colour else {}
    plain = _cell(book, column, **bold)
    blank = _cell(book, column, align="center", font_color=MUTED, text_wrap=True, **bold)
    formats, links, formulas = (each.get(column.name) for each in (spec.formats, spec.links, spec.formulas))
    link = _cell(book, column, font_color=HEAD, underline=1, **bold)
    styles: dict[str, Format] = {}
    put = _writer(sheet, column)
    missing = values.isna().tolist()
    for offset, value in enumerate(values.tolist()):
        row = DATA_ROW + offset
        style = plain
        own = formats[offset] if formats is not None and formats[offset] else column.layout.format
        if own and not missing[offset]:
            form = number_format(own, value)
            if form not in styles:
                styles[form] = _cell(book, column, num_format=form, **bold)
            style = styles[form]
        if missing[offset]:
            if column.layout.blank:
                sheet.write_string(row, index, column.layout.blank, blank)
            else:
                sheet.write_blank(row, index, None, blank)
        elif links is not None and links[offset]:
            sheet.write_url(row, index, links[offset], link, safe_text(value))
        elif formulas is not None and formulas[offset]:
            sheet.write_formula(row, index, formulas[offset], style, value)
        else:
            put(row, index, value, style)


def _writer(sheet: Worksheet, column: Column) -> Callable[[int, int, Any, Format], Any]:
    if column.kind == "text":
        return lambda row, index, value, style: sheet.write_string(row, index, safe_text(value), style)
    if column.kind == "date":
        return lambda row, index, value, style: sheet.write_datetime(row, index, _moment(value), style)
    return sheet.write_number  # type: ignore[no-any-return]


def _moment(value: Any) -> Any:
    return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value


def _colour(book: Book, sheet: Worksheet, spec: TableSheet, index: int, column: Column, last: int) -> None:
    """A rule per word, so that a cell that is corrected, sorted or filtered keeps the right colour."""
    told = spec.frame[column.name].dropna().astype("str").unique().tolist()
    words = dict.fromkeys([*column.choices, *sorted(told), column.layout.blank])
    for word in words:
        if word in COLOURS:
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": book.fill(COLOURS[word])}
            sheet.conditional_format(DATA_ROW, index, last, index, rule)
    if any(word.startswith(LATE) for word in words):
        rule = {"type": "text", "criteria": "begins with", "value": LATE.strip(), "format": book.fill(WARN)}
        sheet.conditional_format(DATA_ROW, index, last, index, rule)


def colour_of(word: str) -> str:
    """The fill of a word of the vocabulary; white for one that carries no judgement."""
    if word.startswith(LATE):
        return WARN
    return COLOURS.get(word, "#FFFFFF")
