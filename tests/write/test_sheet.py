"""Whole columns at once: what they write is what XlsxWriter itself writes cell by cell."""

import io
import re
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipeline.write import heading, table
from pipeline.write.atomic import NotWritten
from pipeline.write.book import Book
from pipeline.write.formulas import MOST_COMPARED, Detail, of_results, of_statuses, of_timeliness
from pipeline.write.heading import DATA_ROW, MOST_ROWS, Heading
from pipeline.write.links import row_link
from pipeline.write.sheet import ROW, Sheet, TableRows, blank_cell, number_cell
from pipeline.write.table import TableSheet, write_table
from schemas.columns import conform
from schemas.records import Figure, Note, Progress, Result, TaskStatus, UnitTimeliness

DAY = datetime(2021, 6, 25)
NUMBERS = (0, -1, 5.0, 0.1 + 0.2, 1 / 3, 1e-7, 12345678901234567890, -0.0, 1e300, True)
TEXTS = ("", "Nhiệm vụ", " <&> \"'\n", "_x0041_", "\x01", "=1+1", "x" * 40000)
FEW = ["a & b", "<i>", '"x"', "dòng 1\ndòng 2", "  trước", "a & b"]


def test_elements_are_those_of_xlsxwriter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sheet's XML is the same but for the optional spans and the digits of a number."""
    monkeypatch.setattr(Sheet, "_calculate_spans", lambda sheet: sheet.__dict__.update(row_spans={}))
    made = {}
    for is_ours in (True, False):
        with xlsxwriter.Workbook(tmp_path / "t.xlsx", {"in_memory": True}) as book:
            sheet: Sheet = book.add_worksheet("S", Sheet)
            style, date = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
            sheet.write_string(0, 0, "trên")
            sheet.write_string(len(FEW) + 1, 1, "dưới")
            rows = range(1, len(FEW) + 1)
            if is_ours:
                head, tail = number_cell(1, style, f"=A{ROW}&C{ROW}")
                columns = [
                    sheet.text_cells(0, style, FEW),
                    [f"{head}{number}{tail}" for number in rows],
                    sheet.date_cells(2, date, [DAY] * len(FEW)),
                    [blank_cell(3, style)] * len(FEW),
                ]
                cells = [lambda start, stop, column=column: column[start:stop] for column in columns]
                sheet.add_rows(TableRows(1, [33.0] + [0.0] * (len(FEW) - 1), cells))
                sheet.add_link(1, 0, "'S'!A1", FEW[0])
            else:
                for row, text in zip(rows, FEW, strict=True):
                    sheet.write_string(row, 0, text, style)
                    sheet.write_formula(row, 1, f"=A{row + 1}&C{row + 1}", style, row)
                    sheet.write_datetime(row, 2, DAY, date)
                    sheet.write_blank(row, 3, None, style)
                sheet.write_url(1, 0, "internal:'S'!A1", style, FEW[0])
                sheet.set_row(1, 33)
        with ZipFile(tmp_path / "t.xlsx") as package:
            made[is_ours] = (package.read("xl/worksheets/sheet1.xml"), package.read("xl/sharedStrings.xml"))
    assert made[True][0] == made[False][0]
    told = [each.partition(b"uniqueCount")[2] for each in (made[True][1], made[False][1])]
    assert told[0] == told[1]


def test_links_of_a_table_stand_beside_those_of_the_heading(tmp_path: Path) -> None:
    book = Book("t", DAY)
    frame = conform(Note, [{"topic": "A", "term": "B", "text": "C"}, {"topic": "D", "term": "E"}])
    spec = TableSheet("S", Heading("T", back="S"), Note, frame, links={"term": ["'S'!A1", "'S'!A2"]})
    write_table(book, spec, "bang")
    book.save(tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["S"]
    places = {cell.coordinate: cell.hyperlink.location for row in sheet.rows for cell in row if cell.hyperlink}
    assert places == {"A1": "'S'!A1", f"B{DATA_ROW + 1}": "'S'!A1", f"B{DATA_ROW + 2}": "'S'!A2"}


@pytest.mark.parametrize("is_large", [False, True])
def test_a_large_workbook_is_made_in_files_and_has_the_same_parts(tmp_path: Path, is_large: bool) -> None:
    book = Book("t", DAY, large=is_large)
    write_table(book, TableSheet("S", Heading("T"), Note, conform(Note, [{"text": "C"}])), "bang")
    book.save(tmp_path / "t.xlsx")
    assert openpyxl.load_workbook(tmp_path / "t.xlsx")["S"].cell(DATA_ROW + 1, 3).value == "C"
    with ZipFile(tmp_path / "t.xlsx") as package:
        assert {member.date_time[0] for member in package.infolist()} == {1980}


def test_no_room_for_the_parts_of_a_large_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    book = Book("t", DAY, large=True)
    book.sheet("S")
    monkeypatch.setattr("tempfile.mkstemp", full)
    with pytest.raises(NotWritten, match="ổ đĩa đã đầy"):
        book.save(tmp_path / "t.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_a_sheet_holds_go_on_on_further_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (heading, table):
        monkeypatch.setattr(module, "MOST_ROWS", 4)
    frame = conform(Figure, [{"unit_code": f"U{number}", "numerator": number} for number in range(10)])
    book = Book("t", DAY)
    spec = TableSheet(
        "Chi tiết chỉ tiêu",
        Heading("Chi tiết", appendix="Phụ lục I"),
        Figure,
        frame,
        formats={"numerator": ["0", "0.0"] * 5},
        links={"unit_code": [f"'S'!A{number}" for number in range(10)]},
        formulas={"rate": ["=1"] * 10},
    )
    write_table(book, spec, "bang_figures")
    book.save(tmp_path / "t.xlsx")
    made = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert made.sheetnames == ["Chi tiết chỉ tiêu", "Chi tiết chỉ tiêu (2)", "Chi tiết chỉ tiêu (3)"]
    codes = [[sheet.cell(row + 1, 1).value for row in range(DATA_ROW, sheet.max_row)] for sheet in made]
    assert codes == [["U0", "U1", "U2", "U3"], ["U4", "U5", "U6", "U7"], ["U8", "U9"]]
    assert [list(sheet.tables) for sheet in made] == [["bang_figures"], ["bang_figures_2"], ["bang_figures_3"]]
    assert "PHẦN 3" in str([cell.value for cell in made.worksheets[2]["A"]])
    second = made.worksheets[1]
    assert second.cell(DATA_ROW + 2, 1).hyperlink.location == "'S'!A5"
    field = {cell.value: cell.column for cell in second[DATA_ROW - 1]}
    assert second.cell(DATA_ROW + 2, field["numerator"]).number_format == "0.0"


def test_a_link_leads_to_the_sheet_that_holds_the_row() -> None:
    assert row_link("Chi tiết", 0) == f"'Chi tiết'!A{DATA_ROW + 1}"
    assert row_link("Chi tiết", MOST_ROWS - 1) == "'Chi tiết'!A1048576"
    assert row_link("Chi tiết", MOST_ROWS) == f"'Chi tiết (2)'!A{DATA_ROW + 1}"


def test_formulas_over_too_many_rows_are_left_out() -> None:
    results = conform(Result, [{"indicator_code": "A", "units_reported": 1, "units_expected": 2}] * 10).assign(
        kind="Tỷ lệ"
    )
    few, many = Detail("S", Figure, MOST_COMPARED // 40), Detail("S", Figure, MOST_COMPARED // 40 + 1)
    assert set(of_results(results, few, {})) == {
        "value",
        "gap",
        "numerator",
        "denominator",
        "units_reported",
        "units_expected",
    }
    assert set(of_results(results, many, {})) == {"value", "gap"}
    long, short = Detail("S", Progress, MOST_ROWS + 1), Detail("S", Progress, 3)
    assert set(of_statuses(2, TaskStatus, long, short)) == {"difficulties"}
    assert of_timeliness(2, UnitTimeliness, long) == {}


def test_the_whole_number_of_a_date_and_the_digits_of_a_number_are_exact(tmp_path: Path) -> None:
    book = Book("t", DAY)
    value = 0.1 + 0.2
    frame = conform(Figure, pd.DataFrame([{"unit_code": "A", "numerator": value, "denominator": 395}]))
    write_table(book, TableSheet("S", Heading("T"), Figure, frame), "bang")
    book.save(tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["S"]
    field = {cell.value: cell.column for cell in sheet[DATA_ROW - 1]}
    assert sheet.cell(DATA_ROW + 1, field["numerator"]).value == value
    assert sheet.cell(DATA_ROW + 1, field["denominator"]).number_format == "#,##0"


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
    with ZipFile(stream) as archive:
        return {name: archive.read(name).replace(b' customHeight="1"', b"") for name in archive.namelist()}


@pytest.mark.filterwarnings("ignore")
def test_cell_by_cell_the_bytes_are_those_of_xlsxwriter() -> None:
    """But for a hint that no reader needs."""
    own = members(Worksheet)
    own["xl/worksheets/sheet1.xml"] = re.sub(rb' spans="[0-9:]+"', b"", own["xl/worksheets/sheet1.xml"])
    assert members(Sheet) == own
