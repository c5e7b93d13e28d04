"""The run's diary in the consolidated workbook: on the overview, and on a sheet that only the program reads."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from pipeline.diary import Diary
from pipeline.write.book import HEAD, Book, safe_text
from pipeline.write.rows import row_height
from schemas.diary import DIARY, DIARY_SHEET


def write_diary_sheet(book: Book, diary: Diary) -> None:
    sheet = book.sheet(DIARY_SHEET)
    for index, column in enumerate(DIARY.columns):
        sheet.set_column(index, index, column.layout.width)
        sheet.write_string(0, index, column.name)
        sheet.write_string(1, index, column.title)
    for offset, row in enumerate(diary.rows(), start=2):
        for index, text in enumerate(row):
            sheet.write_string(offset, index, safe_text(text))
    sheet.very_hidden()


def write_diary_lines(
    book: Book, sheet: Worksheet, lines: Sequence[str], row: int, last: int, width: float, number: int
) -> int:
    """The last section of the overview, below ``row``; returns the last row used, ``row`` where nothing is said."""
    if not lines:
        return row
    heading, *told = lines
    title = f"{number}. {heading.removesuffix(':')}"
    sheet.write_string(row + 2, 0, safe_text(title), book.format(bold=True, font_size=13, font_color=HEAD))
    sheet.set_row(row + 2, 20)
    style = book.format(text_wrap=True)
    for at, line in enumerate(told, start=row + 3):
        sheet.merge_range(at, 0, at, last, safe_text(line), style)
        sheet.set_row(at, row_height([line], [width], least=18))
    return row + 2 + len(told)
