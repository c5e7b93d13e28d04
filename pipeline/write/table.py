"""Write one frame as one named Excel table: heading, hidden field names, header, rows, print set-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.write.book import BAD, GOOD, QUIET, WARN, Book
from pipeline.write.cells import CellPlace, Words, cell_style, numbers
from pipeline.write.formulas import Detail
from pipeline.write.heading import (
    APPENDIX_ROW,
    DATA_ROW,
    FIELDS_ROW,
    HEADING_HEIGHT,
    MOST_ROWS,
    Heading,
    sheet_of,
    write_heading,
)
from pipeline.write.rows import LINE, number_width, row_height, row_heights
from pipeline.write.sheet import Cells, Sheet, TableRows
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

    By column and row by row: ``formats``, number formats where the unit differs by row; ``links``, the place that a
    text leads to or "" for none; ``formulas``, the live formula whose result the frame holds, or "".
    ``colour``: the columns whose words are coloured by rule. ``keep``: the columns that stay in sight, on every page.
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
    keep: int = 2
    landscape: bool = True


def detail(table: TableSheet) -> Detail:
    """A table as formulas see it."""
    return Detail(table.sheet, table.model, len(table.frame))


def write_table(book: Book, spec: TableSheet, name: str) -> Sheet:
    """Write the sheet, and further ones where a sheet's rows do not suffice; ``name`` is the Excel table's name.

    Returns the first worksheet for additions.
    """
    first, *others = parts(spec)
    sheet = _write_part(book, first, name)
    for number, other in enumerate(others, start=2):
        _write_part(book, other, f"{name}_{number}")
    return sheet


def parts(spec: TableSheet) -> list[TableSheet]:
    """The table in pieces that a sheet can hold; the first keeps the sheet's name."""
    return [_part(spec, start, start + MOST_ROWS) for start in range(0, max(len(spec.frame), 1), MOST_ROWS)]


def _part(spec: TableSheet, start: int, stop: int) -> TableSheet:
    if len(spec.frame) <= MOST_ROWS:
        return spec
    formats, links, formulas = (
        {name: values[start:stop] for name, values in each.items()}
        for each in (spec.formats, spec.links, spec.formulas)
    )
    title = f"{spec.heading.title} (phần {start // MOST_ROWS + 1})"
    return replace(
        spec,
        sheet=sheet_of(spec.sheet, start),
        frame=spec.frame.iloc[start:stop],
        heading=replace(spec.heading, title=title),
        formats=formats,
        links=links,
        formulas=formulas,
    )


def _write_part(book: Book, spec: TableSheet, name: str) -> Sheet:
    sheet = book.sheet(spec.sheet, landscape=spec.landscape)
    specs = columns(spec.model)
    printed = max(index for index, column in enumerate(specs) if column.layout.printed)
    wide = [_width(spec, column) for column in specs]
    widths = wide[: printed + 1]
    keep = min(spec.keep, len(specs) - 1)
    write_heading(book, sheet, spec.heading, widths, keep)
    sheet.set_row(FIELDS_ROW, None, None, {"hidden": True})
    last = DATA_ROW + max(len(spec.frame), 1) - 1
    height = HEADING_HEIGHT
    for index, column in enumerate(specs):
        sheet.write_string(FIELDS_ROW, index, column.name)
        sheet.set_column(index, index, wide[index])
    if len(spec.frame):
        told = {column: Words.of(spec.frame[column.name]) for column in specs if column.kind in ("text", "date")}
        cells = [_cells(book, sheet, spec, index, column, told.get(column)) for index, column in enumerate(specs)]
        texts = [(words, column.layout.width) for column, words in told.items() if column.kind == "text"]
        heights = row_heights(len(spec.frame), texts)
        height += float(np.where(heights > 0, heights, LINE).sum())
        sheet.add_rows(TableRows(DATA_ROW, heights.tolist(), cells))
    else:
        told = cell_style(book, specs[0], italic=True, text_wrap=False, align="left")
        sheet.write_string(DATA_ROW, 0, spec.empty, told)
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
    book.fit(sheet, widths, keep, height)
    return sheet


def add_table(book: Book, sheet: Sheet, name: str, titles: Sequence[str], widths: Sequence[float], last: int) -> None:
    """The Excel table from the header row to ``last``, with filters; the header is as high as its words need."""
    head = book.head(text_wrap=True)
    shown = [{"header": title, "header_format": head} for title in titles]
    sheet.add_long_table(DATA_ROW - 1, last, {"name": name, "style": None, "columns": shown})
    sheet.set_row(DATA_ROW - 1, row_height(titles, [max(width - 1.0, 3.0) for width in widths], least=30))


def _cells(book: Book, sheet: Sheet, spec: TableSheet, index: int, column: Column, words: Words | None) -> Cells:
    formats, links, formulas = (each.get(column.name) for each in (spec.formats, spec.links, spec.formulas))
    place = CellPlace(book, sheet, index, column, is_bold=column.name in spec.colour)
    if words is not None:
        return words.cells(place, links)
    return numbers(place, spec.frame[column.name], formats, formulas)


def _width(spec: TableSheet, column: Column) -> float:
    """The column's own width, or more where a number of it is longer."""
    is_number = column.kind in ("number", "integer")
    return number_width(spec.frame[column.name], column.layout.width) if is_number else column.layout.width


def _colour(book: Book, sheet: Sheet, spec: TableSheet, index: int, column: Column, last: int) -> None:
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
