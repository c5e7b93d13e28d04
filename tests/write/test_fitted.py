"""The worksheet with its shortcuts writes what XlsxWriter's own writes, but for the mark of a fixed height."""

import io
import zipfile
from datetime import datetime

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipeline.write.fitted import FittedSheet

NUMBERS = (0, -1, 5.0, 0.1 + 0.2, 1 / 3, 1e-7, 12345678901234567890, -0.0, 1e300, True)
TEXTS = ("", "Nhiệm vụ", " <&> \"'\n", "_x0041_", "\x01", "=1+1", "x" * 40000)


def members(kind: type[Worksheet]) -> dict[str, bytes]:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": datetime(2021, 1, 1)})
    plain, bold = book.add_format({"border": 1}), book.add_format({"bold": True, "num_format": "0.00%"})
    sheet = book.add_worksheet("Một", kind)
    sheet.set_column(1, 1, 20, bold)
    sheet.set_row(3, 40, bold)
    sheet.set_row(5, 15)
    for column, style in enumerate((None, plain, bold)):
        for row, number in enumerate(NUMBERS):
            sheet.write_number(row, column, number, style)
        for row, text in enumerate(TEXTS, start=20):
            sheet.write_string(row, column, text, style)
        sheet.write_blank(30, column, None, style)
        sheet.write_boolean(31, column, True, style)
        sheet.write_datetime(32, column, datetime(2021, 6, 15, 12), style)
        for row, value in enumerate((0.5, "", "Kiểm tra lại", "#DIV/0!", True), start=33):
            sheet.write_formula(row, column, '=IF(A1<1,"<",SUM(B1:B2)&"")', style, value)
        sheet.write_url(40, column, "internal:'Một'!A1", style, "A1")
    sheet.write_comment(1, 1, "Lời nhắc")
    book.close()
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name).replace(b' customHeight="1"', b"") for name in archive.namelist()}


@pytest.mark.filterwarnings("ignore")
def test_the_same_bytes() -> None:
    assert members(FittedSheet) == members(Worksheet)
