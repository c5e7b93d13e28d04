"""Write one frame as one named Excel table: title block, hidden field names, header, rows, print set-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.write.book import BAD, GOOD, HEAD, MUTED, QUIET, RULE, WARN, Book, safe_text
from pipeline.write.rows import row_height, row_heights
from schemas.columns import Column, Model, columns
from schemas.words import Direction, Severity, State, Status, TargetResult, Timeliness, Update, Verdict

FIELDS_ROW = 3  # zero-based: the hidden row of field names; the visible header is the next one
COLOURS: dict[str, str] = {
    Status.DONE_ON_TIME: GOOD,
    Status.DONE_LATE: WARN,
    Status.UNDERWAY_IN_TIME: GOOD,
    Status.UNDERWAY_OVERDUE: BAD,
    Status.NOT_REPORTED: QUIET,
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
}


@dataclass(frozen=True)
class TableSheet:
    """What to write: ``frame`` holds at least the model's columns, in any order.

    ``formats``: number formats row by row for a column whose unit differs by row. ``links``: per column, the
    cell reference (``internal:…``) of each row, or "" for none.
    """

    sheet: str
    title: str
    model: Model
    frame: pd.DataFrame
    subtitle: str = ""
    empty: str = "Không có."
    formats: Mapping[str, Sequence[str]] = field(default_factory=dict)
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)
    colour: Sequence[str] = ()
    landscape: bool = True


def write_table(book: Book, spec: TableSheet, name: str) -> Worksheet:
    """Write the sheet; ``name`` is the Excel table's name. Returns the worksheet for additions."""
    sheet = book.sheet(spec.sheet, landscape=spec.landscape)
    specs = columns(spec.model)
    _title_block(book, sheet, spec)
    sheet.set_row(FIELDS_ROW, None, None, {"hidden": True})
    head = book.head(text_wrap=True)
    top = FIELDS_ROW + 1
    last = max(len(spec.frame), 1) + top
    for index, column in enumerate(specs):
        sheet.write_string(FIELDS_ROW, index, column.name)
        sheet.set_column(index, index, column.layout.width)
    if len(spec.frame):
        for index, column in enumerate(specs):
            _write_column(book, sheet, spec, index, column)
        for offset, height in enumerate(row_heights(spec.frame, specs).tolist()):
            if height:
                sheet.set_row(top + 1 + offset, height)
    else:
        sheet.write_string(top + 1, 0, spec.empty, _cell(book, specs[0], italic=True))
    sheet.set_row(top, row_height([column.title for column in specs], [column.layout.width * 0.75 for column in specs]))
    sheet.add_table(
        top,
        0,
        last,
        len(specs) - 1,
        {
            "name": name,
            "style": None,
            "columns": [{"header": column.title, "header_format": head} for column in specs],
        },
    )
    sheet.freeze_panes(top + 1, min(2, len(specs) - 1))
    sheet.repeat_rows(top)
    sheet.print_area(0, 0, last, len(specs) - 1)
    return sheet


def _title_block(book: Book, sheet: Worksheet, spec: TableSheet) -> None:
    sheet.write_string(0, 0, safe_text(spec.title), book.title())
    sheet.write_string(1, 0, safe_text(spec.subtitle), book.format(italic=True, font_color=MUTED))
    sheet.set_row(0, 24)


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
    top = FIELDS_ROW + 2
    values = spec.frame[column.name]
    plain = _cell(book, column)
    blank = _cell(book, column, align="center", font_color=MUTED)
    formats = spec.formats.get(column.name)
    links = spec.links.get(column.name)
    coloured = column.name in spec.colour
    missing = values.isna().tolist()
    for offset, value in enumerate(values.tolist()):
        row = top + offset
        if missing[offset]:
            if column.layout.blank:
                sheet.write_string(row, index, column.layout.blank, blank)
            else:
                sheet.write_blank(row, index, None, blank)
            continue
        style = plain
        if formats is not None and formats[offset]:
            style = _cell(book, column, num_format=formats[offset])
        if coloured:
            style = _cell(book, column, bg_color=colour_of(str(value)), bold=True)
        if links is not None and links[offset]:
            text = safe_text(value)
            sheet.write_url(row, index, links[offset], _cell(book, column, font_color=HEAD, underline=1), text)
        elif column.kind == "text":
            sheet.write_string(row, index, safe_text(value), style)
        elif column.kind == "date":
            sheet.write_datetime(row, index, value.to_pydatetime() if hasattr(value, "to_pydatetime") else value, style)
        else:
            sheet.write_number(row, index, value, style)


def colour_of(word: str) -> str:
    """The fill of a word of the vocabulary; white for one that carries no judgement."""
    if word.startswith("Trễ"):
        return WARN
    return COLOURS.get(word, "#FFFFFF")
