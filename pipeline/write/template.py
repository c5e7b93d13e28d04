"""One function writes a blank template, a pre-filled one and a return workbook: the form says which."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pipeline.forms import Form
from pipeline.write.atomic import NotWritten
from pipeline.write.book import Book
from pipeline.write.cover import write_cover
from pipeline.write.fix_list import write_fix_list
from pipeline.write.form_sheet import write_grid, write_tally
from pipeline.write.grid import Grid, place
from pipeline.write.guide import write_guide
from pipeline.write.tally import tallies
from schemas.template import BY_NAME
from schemas.words import META_SHEET

Batch = Sequence[tuple[Form, Path]]
PROTECTION = {
    "insert_rows": True,
    "delete_rows": False,
    "format_columns": True,
    "format_rows": True,
    "autofilter": True,
    "sort": True,
    "objects": True,
}


def write_template(form: Form, path: Path) -> None:
    """Write the unit's workbook. Raises NotWritten."""
    created = datetime(form.period.data_from.year, form.period.data_from.month, form.period.data_from.day)
    title = f"Báo cáo {form.period.period_name} – {form.unit_name}"
    book = Book(title, created, company=form.settings.issued_by, subject=form.settings.title)
    grids = _grids(form)
    tally = tallies(form, grids)
    if form.issues:
        write_fix_list(book, form, grids)
    cover = write_cover(book, form, grids["info"], tally)
    for sheet_name, to_do in tally.items():
        sheet = book.sheet(sheet_name)
        mine = [grid for grid in grids.values() if grid.table.sheet == sheet_name]
        for grid in mine:
            write_grid(book, sheet, grid, form)
        write_tally(book, sheet, mine[0], form, to_do)
        sheet.protect("", PROTECTION)
    write_guide(book, form)
    _write_meta(book, form)
    if not form.issues:
        cover.activate()
    book.save(path)


def write_batch(batch: Batch) -> list[str]:
    """Of each workbook why it could not be put in place; "" where it was."""
    return [_failure(form, path) for form, path in batch]


def _failure(form: Form, path: Path) -> str:
    try:
        write_template(form, path)
    except NotWritten as error:
        return str(error)
    return ""


def _grids(form: Form) -> dict[str, Grid]:
    """Where each table stands on its sheet; the cover's formulas and the fix list's links need it first."""
    return {name: place(BY_NAME[name], values) for name, values in form.tables.items()}


def _write_meta(book: Book, form: Form) -> None:
    sheet = book.sheet(META_SHEET)
    for row, (key, value) in enumerate(form.meta.items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    sheet.hide()
    sheet.protect("")
