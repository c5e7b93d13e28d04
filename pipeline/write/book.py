"""A workbook in the house style: Times New Roman, A4, Vietnamese properties, byte-identical on every run."""

import io
import math
import re
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format

from pipeline.intake.folder import private_folder
from pipeline.write.atomic import not_written, write_whole
from pipeline.write.sheet import Sheet

FONT = "Times New Roman"
INK, MUTED, RULE, HEAD, BAND, INPUT, LOCKED = (
    "#1F2933",
    "#5F6B76",
    "#A9B4BE",
    "#1F4E79",
    "#F3F6F9",
    "#FFFFFF",
    "#EEF1F4",
)
# Blue, amber, vermilion, grey: told apart by colour-blind eyes and in grey print; a word always stands beside.
GOOD, WARN, BAD, QUIET = "#CFE3F5", "#FFE9B8", "#F6C6AE", "#E3E7EB"
MAX_TEXT = 32767
IN_MEMORY = 20_000  # rows of the longest sheet whose text, 0.8 kB a row, may stand in memory whole
READABLE_WIDTH = 220.0  # units of column width on one A4 landscape page: letters of about 7 points
_A4 = 210 / 25.4 * 72, 297 / 25.4 * 72  # points
_UNIT = 5.25  # points of a unit of column width
_HEADER = 40.0  # points of the header that every page repeats
_SMALLEST = 0.65  # of their size, at which letters are of about 7 points
_SQUEEZED, _FEW = 1.15, 4  # how much smaller letters a page less is worth, and of how many pages it is
_SURROGATE = re.compile("[\ud800-\udfff]")
_CUT = " […nội dung quá dài, xem tệp gốc]"


class Book:
    """An XlsxWriter workbook; ``created`` is pinned so that the same inputs give the same bytes.

    A ``large`` one is put together in temporary files: the text of a sheet may be a thousand megabytes.
    """

    def __init__(
        self, title: str, created: datetime, *, company: str = "", subject: str = "", large: bool = False
    ) -> None:
        self._stream = io.BytesIO()
        options: dict[str, Any] = {"in_memory": not large, "strings_to_formulas": False, "strings_to_urls": False}
        options |= {"default_format_properties": {"font_name": FONT, "font_size": 11, "font_color": INK}}
        self.workbook = xlsxwriter.Workbook(self._stream, options)
        self.workbook.set_properties(
            {
                "title": safe_text(title),
                "subject": safe_text(subject),
                "company": safe_text(company),
                "author": safe_text(company),
                "category": "Báo cáo",
                "created": created,
            }
        )
        self.workbook.set_custom_property("Language", "vi-VN", "text")
        self.workbook.set_calc_mode("auto")
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """The format of these properties, made once."""
        style = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter"} | properties
        key = tuple(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(style)
        return self._formats[key]

    def title(self) -> Format:
        """The first line of a sheet."""
        return self.format(bold=True, font_size=14, font_color=HEAD)

    def head(self, **more: Any) -> Format:
        """A column header: white on the house colour, unless ``more`` says otherwise."""
        style = {"bold": True, "font_color": "#FFFFFF", "bg_color": HEAD, "border": 1, "border_color": RULE}
        return self.format(**(style | {"align": "center"} | more))

    def fill(self, colour: str) -> Format:
        """A conditional format's fill."""
        key = (("fill", colour),)
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({"bg_color": colour})
        return self._formats[key]

    def number(self, form: str) -> Format:
        """A conditional format's number format."""
        key = (("number", form),)
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({"num_format": form})
        return self._formats[key]

    def sheet(self, name: str, *, landscape: bool = True) -> Sheet:
        """A new sheet, ready to print on A4 with the margins of NĐ 30/2020/NĐ-CP, phụ lục I (in inches)."""
        sheet: Sheet = self.workbook.add_worksheet(name, Sheet)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=1.18 if not landscape else 0.6, right=0.6, top=0.79, bottom=0.79)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_footer(f'&L&"{FONT}"&9&A&R&"{FONT}"&9Trang &P/&N')
        return sheet

    def fit(self, sheet: Sheet, widths: Sequence[float], keep: int = 0, height: float = 0.0) -> None:
        """Print as many pages wide as it takes to stay readable; the first ``keep`` columns stand on each.

        ``height`` of all rows in points, where it is known: a row or two alone on the last page are drawn into those
        before.
        """
        pages = _pages_wide(widths)
        sheet.fit_to_pages(pages, _pages_tall(sheet, sum(widths) / pages, height))
        if pages > 1 and keep:
            sheet.repeat_columns(0, keep - 1)

    def save(self, path: Path) -> None:
        """Raises NotWritten where the file cannot be put in place."""
        try:
            with ExitStack() as stack:
                if not self.workbook.in_memory:
                    self.workbook.tmpdir = str(stack.enter_context(private_folder()))
                self.workbook.close()
        except FileCreateError as error:  # XlsxWriter wraps the system's: no room for the parts
            raise not_written(path, error.args[0]) from error
        except OSError as error:
            raise not_written(path, error) from error
        write_whole(path, self._stream.getbuffer())


def number_format(form: str, value: Any) -> str:
    """The format without decimal places that a whole number leaves empty: Excel would show “395,” for 395."""
    if ".##" not in form or not isinstance(value, (int, float)) or math.isnan(value):
        return form
    shown = value * 100 if "%" in form else value
    return whole_format(form) if abs(shown - round(shown)) < 1e-9 else form


def whole_format(form: str) -> str:
    """The format for a whole number."""
    return form.replace(".##", "")


def _pages_wide(widths: Sequence[float]) -> int:
    return max(1, math.ceil(sum(widths) / READABLE_WIDTH))


def _pages_tall(sheet: Sheet, width: float, height: float) -> int:
    """The number of pages that rows which would leave next to nothing for one more are to share; 0 for any number.
    ``width``: of one page, in units of column width."""
    short, long = _A4
    across, down = (long, short) if sheet.orientation == 0 else (short, long)
    scale = min(1.0, (across - 72 * (sheet.margin_left + sheet.margin_right)) / (width * _UNIT))
    page = (down - 72 * (sheet.margin_top + sheet.margin_bottom)) / scale
    pages = 1 + (height - page) / (page - _HEADER)
    whole = int(pages)
    return whole if 1 <= whole <= _FEW and whole < pages <= whole * min(_SQUEEZED, scale / _SMALLEST) else 0


def first_page(widths: Sequence[float]) -> int:
    """The last column that the first page surely holds: a heading is centred over those."""
    room, pages, last = sum(widths) / _pages_wide(widths), _pages_wide(widths), 0
    for index in range(len(widths)):
        if pages == 1 or sum(widths[: index + 1]) <= room * 0.9:
            last = index
    return last


def safe_text(value: Any) -> str:
    """A text that any cell can hold: no lone surrogate, at most 32,767 characters as Excel counts them (UTF-16)."""
    text = _SURROGATE.sub("\ufffd", str(value))
    if len(text) <= MAX_TEXT // 2 or len(units := text.encode("utf-16-le")) <= 2 * MAX_TEXT:
        return text
    return units[: 2 * (MAX_TEXT - len(_CUT))].decode("utf-16-le", "ignore") + _CUT
