"""The lines above every table: the way back, then the appendix heading that NĐ 30/2020/NĐ-CP (phụ lục I) asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.write.book import HEAD, MUTED, Book, first_page, safe_text
from pipeline.write.typeface import text_width

BACK_ROW, APPENDIX_ROW, TITLE_ROW, ATTACHED_ROW, SUBTITLE_ROW, FIELDS_ROW = range(6)
DATA_ROW = FIELDS_ROW + 2  # zero-based: the hidden row of field names, the visible header, then the rows
HEADING_HEIGHT = 110.0  # points, about: the lines above and a header of two lines
MOST_ROWS = 1_048_576 - DATA_ROW  # of a table on one sheet of an .xlsx (ECMA-376: 2^20 rows)
_TENS, _ONES = ("", "X", "XX", "XXX"), ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


def roman(number: int) -> str:
    """The number of an appendix (NĐ 30/2020: Roman numerals), up to 39."""
    return _TENS[number // 10] + _ONES[number % 10]


def sheet_of(sheet: str, position: int) -> str:
    """The sheet on which a table's row at that position stands: a table that is too long goes on on further ones."""
    number = position // MOST_ROWS
    return f"{sheet} ({number + 1})" if number else sheet


@dataclass(frozen=True)
class Heading:
    """``appendix``: its number; ``attached``: to which report, left for the clerk; ``back``: the sheet to return to."""

    title: str
    subtitle: str = ""
    appendix: str = ""
    attached: str = ""
    back: str = ""


def write_heading(book: Book, sheet: Worksheet, heading: Heading, widths: Sequence[float], keep: int = 0) -> None:
    """Centred over the printed columns of the first page without a merged cell; a line that is too long for them
    starts at the left. ``keep``: the columns that every page repeats. The way back is not printed."""
    last = first_page(widths)
    first = keep if last < len(widths) - 1 else 0  # what every page repeats must not repeat a piece of the heading
    room = sum(widths[first : last + 1])
    lines: tuple[tuple[int, str, dict[str, Any], int], ...] = (
        (APPENDIX_ROW, heading.appendix, {"bold": True, "font_size": 14}, 20),
        (TITLE_ROW, heading.title.upper(), {"bold": True, "font_size": 14, "font_color": HEAD}, 20),
        (ATTACHED_ROW, heading.attached, {"italic": True, "font_size": 13}, 18),
        (SUBTITLE_ROW, heading.subtitle, {"font_color": MUTED}, 18),
    )
    if heading.back:
        link_back(book, sheet, BACK_ROW, 0, heading.back)
    for row, text, style, height in lines:
        if text:
            fits = text_width(text) * float(style.get("font_size", 11)) / 11 <= room
            if fits:
                across(sheet, row, text, book.format(center_across=True, **style), last, first)
            else:
                sheet.write_string(row, first, safe_text(text), book.format(**style))
            sheet.set_row(row, height)
        else:
            sheet.set_row(row, None, None, {"hidden": True})


def link_back(book: Book, sheet: Worksheet, row: int, column: int, to: str) -> None:
    link = book.format(font_color=HEAD, underline=1)
    sheet.write_url(row, column, f"internal:'{to}'!A1", link, f"◄ {to}", f"Về sheet {to}")


def across(sheet: Worksheet, row: int, text: str, style: Format, last: int, first: int = 0) -> None:
    """A text centred over columns that stay single cells (“Center Across Selection”)."""
    sheet.write_string(row, first, safe_text(text), style)
    for index in range(first + 1, last + 1):
        sheet.write_blank(row, index, None, style)


def attached_to(year: int, unit: str) -> str:
    """The line under an appendix's title; number and day are the clerk's to fill."""
    return f"(Kèm theo Báo cáo số …… ngày …… tháng …… năm {year} của {unit})"
