"""One table of a template: title, header, rows, live rate."""

from datetime import date
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.forms import Form
from pipeline.text import is_blank
from pipeline.write.book import HEAD, MUTED, Book
from pipeline.write.entry_rules import add_entry_rules
from pipeline.write.fix_list import clear_mended, mark_issues
from pipeline.write.grid import Grid, cell_style, is_open, put
from pipeline.write.heading import link_back
from pipeline.write.rows import row_height
from pipeline.write.tally import Tally
from schemas.template import COVER_SHEET
from schemas.words import FIX_SHEET, IndicatorKind

NOT_COMPUTED, CHECK_AGAIN, NONE_ARISING = "Không tính", "Kiểm tra lại", "Không phát sinh"


def write_grid(book: Book, sheet: Worksheet, grid: Grid, form: Form) -> None:
    main = grid.table.name != "answer"
    if grid.table.name != "difficulties":
        _title(book, sheet, grid, form)
    sheet.set_row(grid.row, None, None, {"hidden": True})
    for spec in grid.table.columns:
        index = grid.columns[spec.name]
        sheet.write_string(grid.row, index, spec.name)
        fill = HEAD if spec.layout.is_input else MUTED
        sheet.write_string(grid.row + 1, index, spec.header, book.head(bg_color=fill, text_wrap=True))
        if main:
            sheet.set_column(index, index, spec.layout.width)
    heads = [spec.header for spec in grid.table.columns]
    widths = [spec.layout.width - 1 for spec in grid.table.columns]
    sheet.set_row(grid.row + 1, row_height(heads, widths, least=34) if main else 18)
    _write_rows(book, sheet, grid, form)
    mended = mark_issues(book, sheet, grid, form)
    add_entry_rules(book, sheet, grid, form)
    clear_mended(book, sheet, mended)
    if main:
        sheet.freeze_panes(grid.first, 2 if grid.table.key else 0)
        if grid.table.key and grid.count:
            sheet.autofilter(grid.row + 1, 0, grid.last, max(grid.columns.values()))
        sheet.repeat_rows(grid.row + 1)
        sheet.print_area(0, 0, grid.last, max(grid.columns.values()))


def write_tally(book: Book, sheet: Worksheet, grid: Grid, form: Form, tally: Tally) -> None:
    """Beside the title, in view while filling: what is still to do on this sheet, and the way back."""
    index = min(grid.columns[name] for name in grid.table.inputs)
    style = book.format(bold=True, font_color="#9C2F10")
    labels = ("Ô bắt buộc còn trống: ", "; chỗ mâu thuẫn: ")
    formula = f'="{labels[0]}"&({tally.blanks})&"{labels[1]}"&({tally.clashes})'
    stored = f"{labels[0]}{tally.stored_blanks}{labels[1]}{tally.stored_clashes}"
    sheet.write_formula(0, index, formula, style, stored)
    sheet.set_selection(grid.first, index, grid.first, index)
    link_back(book, sheet, 2, 0, FIX_SHEET if form.issues else COVER_SHEET)


def _title(book: Book, sheet: Worksheet, grid: Grid, form: Form) -> None:
    sheet.write_string(0, 0, grid.table.title, book.title())
    sheet.write_string(1, 0, f"{form.unit_name} – {form.period.period_name}", book.format(bold=True))
    hint = "Chỉ điền các ô trắng; ô vàng là ô bắt buộc còn trống; ô cam là chỗ mâu thuẫn cần xem lại."
    sheet.write_string(2, 2, hint, book.format(italic=True, font_color=MUTED))
    sheet.set_row(0, 24)


def _write_rows(book: Book, sheet: Worksheet, grid: Grid, form: Form) -> None:
    """Row by row; a style is looked up once for all cells that share it."""
    specs = grid.table.columns
    widths = [spec.layout.width if grid.table.name != "answer" else 40 for spec in specs]
    styles: dict[tuple[str, bool, bool], Format] = {}
    for position, values in enumerate(grid.rows()):
        row, kind = grid.first + position, grid.kind(form, position)
        for spec, value in zip(specs, values, strict=True):
            key = spec.name, is_open(spec, kind), isinstance(value, date)
            if key not in styles:
                styles[key] = cell_style(book, spec, key[1], value)
            if spec.name == "rate":
                _write_rate(sheet, grid, position, kind, styles[key])
            else:
                put(sheet, row, grid.columns[spec.name], value, styles[key])
        sheet.set_row(row, row_height([value or "" for value in values], widths, least=24))


def _write_rate(sheet: Worksheet, grid: Grid, position: int, kind: IndicatorKind | None, style: Format) -> None:
    row, index = grid.first + position, grid.columns["rate"]
    if kind is None or not kind.has_denominator:
        sheet.write_string(row, index, NOT_COMPUTED, style)
        return
    top, bottom = grid.cell(position, "numerator"), grid.cell(position, "denominator")
    formula = (
        f'=IF(OR(ISBLANK({top}),ISBLANK({bottom})),"",'
        f'IF(COUNT({top},{bottom})<2,"{CHECK_AGAIN}",IF({bottom}=0,"{NONE_ARISING}",{top}/{bottom})))'
    )
    sheet.write_formula(row, index, formula, style, _rate(grid, position))


def _rate(grid: Grid, position: int) -> Any:
    """The stored result of the rate formula, so that a viewer that does not compute shows it too."""
    above, below = grid.values["numerator"][position], grid.values["denominator"][position]
    if is_blank(above) or is_blank(below):
        return ""
    if not (isinstance(above, (int, float)) and isinstance(below, (int, float))):
        return CHECK_AGAIN
    return above / below if below else NONE_ARISING
