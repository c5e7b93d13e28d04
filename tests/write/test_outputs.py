"""Every workbook that the program writes, walked cell by cell: print, accessibility, sizes of real life, recalculation.

The accessibility checks are those of the UK Government Analysis Function's guidance for spreadsheets that a program
can make, where they do not fight NĐ 30/2020.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter.worksheet import Worksheet as XlsxSheet

from pipeline.assess.trends import VALUES
from pipeline.plan.load import load_plan
from pipeline.run import run_period, write_templates
from pipeline.write.book import BAD, GOOD, QUIET, WARN
from pipeline.write.consolidated import write_consolidated
from pipeline.write.difficulty_book import write_difficulties
from pipeline.write.heading import roman
from pipeline.write.plan_book import write_plan
from pipeline.write.typeface import line_count, text_width
from tests.support import PLAN_2021, ROOT, recalculated
from tests.write.real_life import real_plan, real_report

Outputs = dict[str, Path]
REPORTS = ("tong-hop", "kho-khan", "tong-hop-lon", "kho-khan-lon")
KINDS = (*REPORTS, "bieu-mau", "bieu-mau-lon", "tra-lai", "ke-hoach", "ke-hoach-lon")
NO_TABLE = {"Tổng quan", "Danh sách"}  # a page of several small tables; an appendix with groups and sums
# A quarter that has not come yet stays empty: a word there would stand as zero in the line that is drawn over it.
DRAWN = {*VALUES, "trend"}
MERGED = {"Tổng quan", "Thông tin"}  # titles and cards, never a row of data


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    """One workbook of every kind: of the sample, and of a plan of the size of real life."""
    out = tmp_path_factory.mktemp("outputs")
    plan = load_plan(PLAN_2021)
    run_period(PLAN_2021, "2021-Q2", ROOT / "input" / "2021-Q2", out)
    write_templates(plan, plan.period("2021-Q3"), out)
    (out / "lon").mkdir()
    report = real_report(out / "lon")
    write_consolidated(report, out / "lon" / "tong-hop-lon.xlsx")
    write_difficulties(report, out / "lon" / "kho-khan-lon.xlsx")
    write_templates(real_plan(), report.period, out / "lon")
    write_plan(plan, out / "ke-hoach.xlsx")
    return {
        "tong-hop": out / "tong-hop-2021-Q2.xlsx",
        "kho-khan": out / "kho-khan-vuong-mac-2021-Q2.xlsx",
        "tra-lai": out / "tra-lai" / "SGTVT.xlsx",
        "bieu-mau": out / "bieu-mau" / "STTTT.xlsx",
        "ke-hoach": out / "ke-hoach.xlsx",
        "tong-hop-lon": out / "lon" / "tong-hop-lon.xlsx",
        "kho-khan-lon": out / "lon" / "kho-khan-lon.xlsx",
        "bieu-mau-lon": out / "lon" / "bieu-mau" / "DV05.xlsx",
        "ke-hoach-lon": out / "lon" / "ke-hoach.xlsx",
    }


@cache
def opened(path: Path) -> Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def visible(path: Path) -> Iterator[Worksheet]:
    yield from (sheet for sheet in opened(path).worksheets if sheet.sheet_state == "visible")


@cache
def widths_of(sheet: Worksheet) -> dict[int, float]:
    """The width of every column; one that is hidden has none."""
    found: dict[int, float] = {}
    for dimension in sheet.column_dimensions.values():
        for index in range(dimension.min or 1, (dimension.max or 1) + 1):
            found[index] = 0.0 if dimension.hidden else dimension.width
    return found


def cells(sheet: Worksheet) -> Iterator[Cell]:
    for row in sheet.iter_rows():
        for cell in row:
            if not isinstance(cell, MergedCell) and cell.value is not None and not is_hidden(sheet, cell.row):
                yield cell


def is_hidden(sheet: Worksheet, row: int) -> bool:
    return bool(sheet.row_dimensions[row].hidden)


@cache
def merged(sheet: Worksheet) -> dict[tuple[int, int], int]:
    """The last column of every merged area, by its first cell."""
    return {(area.min_row, area.min_col): int(area.max_col) for area in sheet.merged_cells.ranges}


@cache
def filled(sheet: Worksheet) -> set[tuple[int, int]]:
    return {(cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value is not None}


def room(sheet: Worksheet, cell: Cell) -> float:
    """The width that a text may take: its column (or merged ones), and those to the right that are empty."""
    widths, last = widths_of(sheet), merged(sheet).get((cell.row, cell.column), cell.column)
    spills = cell.data_type == "s" and cell.alignment.horizontal in (None, "general", "left")
    if spills and not cell.alignment.wrap_text:
        while last < cell.column + 30 and (cell.row, last + 1) not in filled(sheet):
            last += 1
    return sum(widths.get(index, 8.43) for index in range(cell.column, last + 1))


def shown(cell: Cell) -> str:
    """A value about as Excel shows it."""
    if isinstance(cell.value, datetime):
        return "00/00/0000"
    if isinstance(cell.value, bool) or not isinstance(cell.value, (int, float)):
        return str(cell.value)
    form = cell.number_format
    if form.startswith("["):
        return "Không"
    if "%" in form:
        return f"{cell.value * 100:+,.2f}%"
    return f"{cell.value:,.2f}" if cell.value % 1 else f"{cell.value:,.0f}"


ALL = pytest.mark.parametrize("kind", KINDS)
SPREAD = pytest.mark.parametrize("kind", REPORTS)


@ALL
def test_every_sheet_is_set_up_to_print_on_a4_with_page_numbers(outputs: Outputs, kind: str) -> None:
    for sheet in visible(outputs[kind]):
        assert int(sheet.page_setup.paperSize) == 9, sheet.title
        assert sheet.page_setup.orientation == ("portrait" if sheet.title == "Thông tin" else "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_area, sheet.title
        assert "&P" in str(sheet.oddFooter.right.text)
        if sheet.title not in ("Tổng quan", "Thông tin"):
            assert sheet.print_title_rows, sheet.title


@ALL
def test_no_text_is_cut(outputs: Outputs, kind: str) -> None:
    """A text that does not wrap fits its room; one that wraps stands in a row that is high enough for it."""
    cut = []
    for sheet in visible(outputs[kind]):
        for cell in cells(sheet):
            if cell.alignment.horizontal == "centerContinuous" or widths_of(sheet).get(cell.column) == 0:
                continue
            text, scale = shown(cell), float(cell.font.size) / 11
            width = room(sheet, cell) / scale
            if cell.alignment.wrap_text and isinstance(cell.value, str):
                height = sheet.row_dimensions[cell.row].height or 15.0
                if line_count(text, width * 1.08) * 13.2 * scale > height and height < 409:
                    cut.append((sheet.title, cell.coordinate, text[:50], height))
            elif text_width(text) > width * 1.08:
                cut.append((sheet.title, cell.coordinate, text[:50], width))
    assert cut == []


@ALL
def test_only_titles_are_merged(outputs: Outputs, kind: str) -> None:
    for sheet in visible(outputs[kind]):
        if sheet.title not in MERGED:
            assert list(sheet.merged_cells.ranges) == [], sheet.title
        for table in sheet.tables.values():
            for area in sheet.merged_cells.ranges:
                assert area.max_row < range_boundaries(table.ref)[1]


@SPREAD
def test_one_named_table_a_sheet_without_empty_cells(outputs: Outputs, kind: str) -> None:
    for sheet in visible(outputs[kind]):
        assert len(sheet.tables) == (0 if sheet.title in NO_TABLE else 1), sheet.title
        for table in sheet.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            rows = list(sheet.iter_rows(top, bottom, left, right))
            nothing_yet = len(rows) == 2 and all(cell.value is None for cell in rows[1][1:])
            fields = [cell.value for cell in next(sheet.iter_rows(top - 1, top - 1, left, right))]
            told = [at for at, field in enumerate(fields) if field not in DRAWN]
            empty = [row[at].coordinate for row in rows for at in told if row[at].value is None]
            assert nothing_yet or empty == [], sheet.title
            assert len({str(cell.value).casefold() for cell in rows[0]}) == len(rows[0])


@ALL
def test_colour_never_stands_alone(outputs: Outputs, kind: str) -> None:
    """A cell of the colours that judge holds a word, a sign or a number."""
    judging = {f"FF{colour[1:]}" for colour in (GOOD, WARN, BAD, QUIET)}
    for sheet in visible(outputs[kind]):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.fill.fill_type and cell.fill.fgColor.rgb in judging and cell.value is None:
                    beside = [other.value for other in row if other.value is not None]
                    assert cell.comment or beside, (sheet.title, cell.coordinate)


@ALL
def test_sheets_have_meaningful_names_and_the_first_is_open(outputs: Outputs, kind: str) -> None:
    book = opened(outputs[kind])
    for name in book.sheetnames:
        assert not re.fullmatch(r"(Sheet|Trang tính)\s*\d+", name)
        assert len(name) <= 31
    assert book.active is not None
    assert book.active.title == book.sheetnames[0]
    assert book.properties.title
    assert {prop.name: prop.value for prop in book.custom_doc_props.props}["Language"] == "vi-VN"
    if kind in REPORTS:
        assert [sheet.title for sheet in visible(outputs[kind])][-1] == "Ghi chú"


@ALL
def test_links_lead_somewhere_and_no_sheet_is_a_dead_end(outputs: Outputs, kind: str) -> None:
    book, first = opened(outputs[kind]), opened(outputs[kind]).sheetnames[0]
    for sheet in visible(outputs[kind]):
        rows_of = {name: book[name].max_row for name in book.sheetnames}
        targets = set()
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is not None:
                    found = re.fullmatch(r"'(.+)'!([A-Z]+)(\d+)", str(cell.hyperlink.location))
                    assert found, (sheet.title, cell.coordinate)
                    assert int(found[3]) <= rows_of[found[1]]
                    targets.add(found[1])
        if sheet.title != first and not kind.startswith("ke-hoach"):
            assert targets, f"no way back from {sheet.title}"


@SPREAD
def test_every_appendix_is_headed_as_the_decree_asks(outputs: Outputs, kind: str) -> None:
    numbers = []
    for sheet in visible(outputs[kind]):
        if sheet.title == "Tổng quan":
            continue
        lines = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows(2, 5)]
        said = [str(line[0]) for line in lines]
        numbers.append(said[0])
        assert said[1] == said[1].upper(), sheet.title
        assert re.fullmatch(r"\(Kèm theo Báo cáo số …… ngày …… tháng …… năm \d{4} của .+\)", said[2])
        assert "ngày xét" in said[3]
    assert numbers == [f"Phụ lục {roman(number)}" for number in range(1, len(numbers) + 1)]


@ALL
def test_charts_are_described(outputs: Outputs, kind: str) -> None:
    with zipfile.ZipFile(outputs[kind]) as archive:
        charts = [name for name in archive.namelist() if re.search(r"charts/chart\d+\.xml", name)]
        drawings = "".join(archive.read(name).decode() for name in archive.namelist() if "drawings/drawing" in name)
    described = [text for text in re.findall(r'descr="([^"]*)"', drawings) if "iểu đồ" in text]
    assert len(described) == len(charts)


def test_a_large_plan_keeps_its_first_page_readable(outputs: Outputs) -> None:
    """The page shows what presses and says how much it leaves out."""
    sheet = opened(outputs["tong-hop-lon"])["Tổng quan"]
    said = [str(cell.value) for cell in cells(sheet)]
    assert "Còn 22 nhiệm vụ khác: xem sheet “Nhiệm vụ”." in said
    assert "Còn 46 chỉ tiêu khác: xem sheet “Chỉ tiêu”." in said
    assert sheet.page_setup.fitToHeight in (None, 1)
    matrix = opened(outputs["tong-hop-lon"])["Đơn vị × Nhiệm vụ"]
    assert int(matrix.page_setup.fitToWidth) > 1
    assert matrix.print_title_cols == "$A:$B"
    assert any("Tên nhiệm vụ theo mã" in str(cell.value) for cell in cells(matrix))


@ALL
def test_no_formula_needs_what_sheets_leave_out(outputs: Outputs, kind: str) -> None:
    """XlsxWriter itself would have marked no function of ours as a young one."""
    for sheet in openpyxl.load_workbook(outputs[kind]).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            formula = str(cell.value).removeprefix("=")
            assert XlsxSheet()._prepare_formula(f"={formula}") == formula, (sheet.title, cell.coordinate)


@pytest.fixture(scope="module")
def recomputed(outputs: Outputs, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Workbook]:
    """Each workbook as LibreOffice computes it anew, from a copy whose stored results are all wrong."""
    made = recalculated([outputs[kind] for kind in KINDS], tmp_path_factory.mktemp("office"))
    return cache(lambda kind: openpyxl.load_workbook(made[outputs[kind]], data_only=True))


@pytest.mark.office
@ALL
def test_libreoffice_computes_the_values_that_are_stored(
    outputs: Outputs, request: pytest.FixtureRequest, kind: str, office: None
) -> None:
    theirs: Workbook = request.getfixturevalue("recomputed")(kind)
    mine = opened(outputs[kind])
    assert theirs.sheetnames == mine.sheetnames
    formulas = {
        (sheet.title, cell.coordinate)
        for sheet in openpyxl.load_workbook(outputs[kind]).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert kind.startswith("ke-hoach") or formulas
    wrong = []
    for sheet in mine.worksheets:
        other = theirs[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                stored, computed = cell.value, other[cell.coordinate].value
                if not is_same(stored, computed):
                    wrong.append((sheet.title, cell.coordinate, stored, computed))
        assert list(other.tables) == list(sheet.tables)
        assert len(other._charts) == len(sheet._charts)
    assert wrong == []


def is_same(stored: Any, computed: Any) -> bool:
    if isinstance(stored, (int, float)) and isinstance(computed, (int, float)):
        return stored == pytest.approx(computed, rel=1e-12, abs=1e-12)
    return stored == computed or (stored or None) == (computed or None)
