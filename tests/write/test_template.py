"""The template in Excel's own words, the round trip through other programs, and the workbook sent back."""

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.cell import Cell
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms import Form, blank_form
from pipeline.plan.model import Plan
from pipeline.read.submission import read_submission
from pipeline.read.tables import TableLayout
from pipeline.refill import refill, rows_by_source
from pipeline.validate import Valid, validate
from pipeline.write.book import BAD, WARN
from pipeline.write.cells import Words
from pipeline.write.entry_rules import CUMULATIVE_PROMPT
from pipeline.write.rows import LINE, row_height, row_heights
from pipeline.write.template import write_template
from schemas.template import BY_NAME, INFO, TABLES
from schemas.words import FIX_SHEET, GUIDE_SHEET, META_SHEET, DifficultyState, Severity, State, YesNo
from tests.support import convert, fill, small_plan

Cells = Mapping[tuple[str, str, str], Any]
LAYOUTS = [TableLayout.of(table) for table in TABLES]
COVER, TASK, FIGURE, TROUBLE = "Thông tin", "Nhiệm vụ", "Chỉ tiêu", "Khó khăn"
UNITS = ("VP", "STC", "Q1", "Q2")
DATA_ROWS = {"info": (7, 18), "tasks": (6, 8), "indicators": (6, 8), "answer": (6, 6), "difficulties": (10, 21)}
"""First and last row of each table in the template of VP, which has the tasks A, B, C and indicators A.1, B.1, C.1."""


def written(plan: Plan, unit: str, path: Path) -> Workbook:
    write_template(blank_form(plan, plan.period("2023-Q1"), unit), path)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def book(other_templates: Path) -> Workbook:
    return openpyxl.load_workbook(other_templates / "VP.xlsx")


@pytest.fixture(scope="module")
def stored(other_templates: Path) -> Workbook:
    """With the stored results of its formulas."""
    return openpyxl.load_workbook(other_templates / "VP.xlsx", data_only=True)


def column_of(sheet: Worksheet, table: str) -> dict[str, int]:
    """Columns by field name, from the hidden row."""
    first, _ = DATA_ROWS[table]
    return {cell.value: cell.column for cell in sheet[first - 2] if cell.value}


def cells_of(book: Workbook, table: str, field: str) -> list[Cell]:
    sheet = book[BY_NAME[table].sheet]
    first, last = DATA_ROWS[table]
    return [sheet.cell(row, column_of(sheet, table)[field]) for row in range(first, last + 1)]


def rule_of(cell: Cell) -> DataValidation | None:
    rules = [rule for rule in cell.parent.data_validations.dataValidation if cell.coordinate in rule.sqref]
    assert len(rules) <= 1
    return rules[0] if rules else None


def words(rule: DataValidation | None) -> list[str]:
    """The words that a drop-down offers, in its formula or in a range of the workbook."""
    assert rule is not None
    assert rule.type == "list"
    return str(rule.formula1).strip('"').split(",")


class TestLayout:
    def test_sheets(self, book: Workbook) -> None:
        assert book.sheetnames == [COVER, TASK, FIGURE, TROUBLE, GUIDE_SHEET, META_SHEET]
        assert [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"] == [META_SHEET]
        assert book.active is not None
        assert book.active.title == COVER

    @pytest.mark.parametrize("unit", UNITS)
    def test_exactly_the_assigned_tasks_and_indicators(
        self, other_templates: Path, other_plan: Plan, unit: str
    ) -> None:
        tables = read_submission(other_templates / f"{unit}.xlsx", LAYOUTS).tables
        for expected, table, key in (
            (other_plan.expected_tasks, "tasks", "task_code"),
            (other_plan.expected_figures, "indicators", "indicator_code"),
        ):
            mine = expected.loc[expected["unit_code"] == unit, key]
            assert tables[table].values[key] == list(mine)

    @pytest.mark.parametrize("table", [table.name for table in TABLES])
    def test_field_names_stand_hidden_directly_above_the_headers(self, book: Workbook, table: str) -> None:
        spec = BY_NAME[table]
        sheet, header = book[spec.sheet], DATA_ROWS[table][0] - 1
        columns = column_of(sheet, table)
        assert list(columns) == [column.name for column in spec.columns]
        assert sheet.row_dimensions[header - 1].hidden
        assert not sheet.row_dimensions[header].hidden
        titles = [sheet.cell(header, columns[column.name]).value for column in spec.columns]
        expected = [column.title if table == "info" else column.header for column in spec.columns]
        assert titles == expected

    def test_required_inputs_carry_a_star(self, book: Workbook) -> None:
        starred = [
            cell.value
            for sheet, row in ((TASK, 5), (FIGURE, 5), (TROUBLE, 5), (TROUBLE, 9))
            for cell in book[sheet][row]
            if str(cell.value).endswith(" *")
        ]
        assert starred == [
            "Tình hình thực hiện *",
            "Tử số / số lượng *",
            "Mẫu số *",
            "Trả lời *",
            "Nhiệm vụ *",
            "Khó khăn, vướng mắc *",
        ]

    @pytest.mark.parametrize("table", ["info", "tasks", "indicators", "difficulties"])
    def test_widths_come_from_the_schema(self, book: Workbook, table: str) -> None:
        sheet = book[BY_NAME[table].sheet]
        for spec in BY_NAME[table].columns:
            index = column_of(sheet, table)[spec.name]
            # openpyxl keeps one entry for neighbours that are alike
            (dimension,) = (d for d in sheet.column_dimensions.values() if (d.min or 0) <= index <= (d.max or 0))
            assert dimension.hidden == spec.layout.hidden
            assert dimension.width == pytest.approx(spec.layout.width, abs=0.8)

    def test_headers_stay_in_view_and_repeat_in_print(self, book: Workbook) -> None:
        places = {sheet.title: (sheet.freeze_panes, sheet.print_title_rows) for sheet in book.worksheets}
        assert places[TASK] == places[FIGURE] == ("C6", "$5:$5")
        assert places[TROUBLE] == ("A10", "$9:$9")

    def test_a4(self, book: Workbook) -> None:
        for sheet in book.worksheets[:5]:
            assert str(sheet.page_setup.paperSize) == "9"
            assert sheet.page_setup.orientation == ("portrait" if sheet.title == COVER else "landscape")
            assert sheet.page_setup.fitToWidth in (None, 1)
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert "&P" in str(sheet.oddFooter.right.text)

    def test_one_font(self, book: Workbook) -> None:
        fonts = {cell.font.name for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value}
        assert fonts == {"Times New Roman"}

    def test_properties(self, book: Workbook) -> None:
        properties = book.properties
        assert properties.title == "Báo cáo Quý I năm 2023 – Văn phòng"
        assert properties.subject == "Kế hoạch số hóa năm 2023"
        assert properties.created == properties.modified == datetime(2022, 12, 15)

    def test_identity(self, book: Workbook) -> None:
        sheet = book[META_SHEET]
        identity = {row[0].value: row[1].value for row in sheet.iter_rows()}
        expected = {"plan_code": "KH-2023", "period_code": "2023-Q1", "unit_code": "VP", "template_version": "1"}
        assert expected.items() <= identity.items()

    def test_the_due_date_and_the_unit_stand_on_the_cover(self, book: Workbook) -> None:
        texts = {str(cell.value) for row in book[COVER].iter_rows() for cell in row}
        assert {"BÁO CÁO QUÝ I NĂM 2023", "Hạn gửi: 20/03/2023", "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"} <= texts


class TestProtection:
    def test_every_sheet_is_locked_without_a_password(self, book: Workbook) -> None:
        for sheet in book.worksheets:
            assert sheet.protection.sheet
            assert sheet.protection.password is None

    @pytest.mark.parametrize("sheet", [TASK, FIGURE, TROUBLE])
    def test_rows_may_be_inserted_columns_widened_cells_filtered(self, book: Workbook, sheet: str) -> None:
        rights = book[sheet].protection  # openpyxl says True for what is forbidden
        assert not rights.insertRows
        assert not rights.formatColumns
        assert not rights.autoFilter
        assert rights.deleteRows

    @pytest.mark.parametrize("sheet", [TASK, FIGURE])
    def test_a_filter_is_there_to_be_used(self, book: Workbook, sheet: str) -> None:
        """On a protected sheet Excel lets a user apply a filter that exists, not make one."""
        assert book[sheet].auto_filter.ref is not None

    def test_only_inputs_are_open(self, book: Workbook) -> None:
        expected = {
            COVER: {f"C{row}" for row in range(14, 19)},
            TASK: {f"{letter}{row}" for letter in "EFGH" for row in (6, 7, 8)},
            FIGURE: {"G6", "G7", "G8", "H6", "H7", "J6", "J7", "J8"},
            TROUBLE: {"D6", *(f"{letter}{row}" for letter in "BCDEFG" for row in range(10, 22))},
            GUIDE_SHEET: set(),
            META_SHEET: set(),
        }
        open_cells = {
            sheet.title: {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
            for sheet in book.worksheets
        }
        assert open_cells == expected

    def test_open_cells_are_white_and_locked_ones_grey(self, book: Workbook) -> None:
        for table in ("tasks", "indicators", "difficulties"):
            for spec in BY_NAME[table].columns:
                for cell in cells_of(book, table, spec.name):
                    assert cell.fill.fgColor.rgb == ("FFEEF1F4" if cell.protection.locked else "FFFFFFFF")


class TestEntryRules:
    @pytest.mark.parametrize(
        ("table", "field", "choices"),
        [
            ("tasks", "state", [str(word) for word in State]),
            ("answer", "has_difficulty", ["Có", "Không"]),
            ("difficulties", "task_code", ["A", "B", "C"]),
            ("difficulties", "state", [str(word) for word in DifficultyState]),
        ],
    )
    def test_drop_downs(self, book: Workbook, table: str, field: str, choices: list[str]) -> None:
        for cell in cells_of(book, table, field):
            rule = rule_of(cell)
            assert words(rule) == choices
            assert rule is not None
            assert rule.showErrorMessage
            assert not rule.showDropDown  # Excel's flag hides the arrow

    def test_numbers_are_limited_except_for_a_milestone(self, book: Workbook) -> None:
        ratio, growth, milestone = cells_of(book, "indicators", "numerator")
        for cell in (ratio, growth, *cells_of(book, "indicators", "denominator")[:2]):
            rule = rule_of(cell)
            assert rule is not None
            assert (rule.type, float(rule.formula1), float(rule.formula2)) == ("decimal", 0.0, 1e15)
            assert cell.number_format == "#,##0"
        assert words(rule_of(milestone)) == [str(word) for word in YesNo]
        assert rule_of(cells_of(book, "indicators", "denominator")[2]) is None

    def test_dates_are_limited_to_the_years_around_the_plan(self, book: Workbook) -> None:
        for cell in cells_of(book, "tasks", "completed_on"):
            rule = rule_of(cell)
            assert rule is not None
            limits = [(date(1899, 12, 30) + pd.Timedelta(days=int(n))) for n in (rule.formula1, rule.formula2)]
            assert (rule.type, limits) == ("date", [date(2022, 1, 1), date(2024, 12, 31)])
            assert cell.number_format == "dd/mm/yyyy"

    @pytest.mark.parametrize("field", ["result", "product"])
    def test_text_is_limited(self, book: Workbook, field: str) -> None:
        rule = rule_of(cells_of(book, "tasks", field)[0])
        assert rule is not None
        assert (rule.type, rule.operator, rule.formula1) == ("textLength", "lessThanOrEqual", "5000")

    def test_every_input_of_the_tables_shows_its_prompt(self, book: Workbook) -> None:
        for table in TABLES[1:]:
            for spec in table.columns:
                for cell in cells_of(book, table.name, spec.name):
                    rule = rule_of(cell)
                    if cell.protection.locked:
                        assert rule is None
                        continue
                    assert rule is not None
                    assert (rule.promptTitle, rule.prompt.removeprefix(f"{CUMULATIVE_PROMPT} ")) == (
                        spec.title,
                        spec.description,
                    )
                    is_long = spec.kind == "text" and not spec.choices and spec.name != "task_code"
                    refusal = "Không dài quá 5.000 ký tự." if is_long else spec.description
                    assert (rule.errorTitle, rule.error) == ("Chưa đúng", refusal)

    def test_blanks_and_contradictions_are_coloured(self, book: Workbook) -> None:
        coloured = {
            (sheet.title, str(area.sqref)): [rule.formula[0] for rule in rules]
            for sheet in book.worksheets
            for area, rules in sheet.conditional_formatting._cf_rules.items()
        }
        assert "ISBLANK($E6)" in coloured[TASK, "E6:E8"]
        assert '$E6="Hoàn thành",ISBLANK($F6)' in coloured[TASK, "F6:F8"][0]
        assert coloured[FIGURE, "G6:G8"] == [
            "IF(ISNUMBER($G6),$G6<>INT($G6),FALSE)",  # a number format with decimals, for what is not whole
            "AND(ISNUMBER($G6),ISNUMBER($H6),$G6>$H6)",
            "AND(ISNUMBER($G6),ISNUMBER($H6),$G6>0,$G6<1,$H6>=1)",
            "ISBLANK($G6)",
        ]
        assert coloured[TASK, "G6:G8"] == ['AND(ISBLANK($G6),OR($E6="Đang thực hiện",$E6="Hoàn thành"))']
        assert coloured[TROUBLE, "B10:B21"] == ["AND(ISBLANK($B10),NOT(ISBLANK($C10)))"]
        assert coloured[FIGURE, "H6:H8"][2] == 'AND(ISBLANK($H6),$E6<>"Không cần mẫu số")'
        assert coloured[TROUBLE, "D6"] == ["ISBLANK($D6)"]

    def test_a_long_list_of_tasks_keeps_its_drop_down(self, tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
        """A list over 255 characters does not fit in a rule: XlsxWriter would warn and leave it out."""
        codes = [f"NHIEM-VU-{number:02}" for number in range(40)]
        plan = small_plan(
            tasks=[{"task_code": code, "task_title": code, "content": code} for code in codes],
            assignments=[{"task_code": code, "assignee": "VP", "role": "Chủ trì"} for code in codes],
            indicators=[],
            targets=[],
        )
        book = written(plan, "VP", tmp_path / "VP.xlsx")
        assert [str(warning.message) for warning in recwarn if "openpyxl" not in warning.filename] == []
        rule = rule_of(book[TROUBLE]["B10"])
        assert rule is not None
        assert rule.type == "list"
        if "!" in str(rule.formula1):
            sheet, cells = str(rule.formula1).lstrip("=").rsplit("!", 1)
            area = book[sheet.strip("'")][cells.replace("$", "")]
            assert [cell.value for row in area for cell in row] == codes
        else:
            assert words(rule) == codes

    @pytest.mark.parametrize("unit", ["Q1", "VP"])
    def test_a_unit_without_tasks_or_indicators(self, tmp_path: Path, unit: str) -> None:
        plan = small_plan(
            assignments=[{"task_code": "A", "assignee": "VP", "role": "Chủ trì"}],
            targets=[{"indicator_code": "A.1", "assignee": "STC"}],
        )
        book = written(plan, unit, tmp_path / f"{unit}.xlsx")
        tables = read_submission(tmp_path / f"{unit}.xlsx", LAYOUTS).tables
        assert tables["tasks"].rows == ([6] if unit == "VP" else [])
        assert tables["indicators"].rows == []
        data = openpyxl.load_workbook(tmp_path / f"{unit}.xlsx", data_only=True)
        assert data[COVER]["C20"].value == (2 if unit == "VP" else 1)
        for sheet in book.worksheets:
            for rule in sheet.data_validations.dataValidation:
                assert rule.type != "list" or rule.formula1 not in (None, '""'), f"an empty list in {sheet.title}"


class TestCover:
    def test_the_report_s_date_is_a_date_and_the_rest_are_short_texts(self, book: Workbook) -> None:
        sheet = book[COVER]
        rules = {cell: rule_of(sheet[cell]) for cell in (f"C{row}" for row in range(14, 19))}
        kinds = [(rule.type, rule.promptTitle) for rule in rules.values() if rule is not None]
        labels = [label for label, _, is_input in INFO.values() if is_input]
        expected = ["date" if label == "Ngày báo cáo" else "textLength" for label in labels]
        assert kinds == list(zip(expected, labels, strict=True))
        assert sheet["C15"].number_format == "dd/mm/yyyy"

    def test_the_steps_lead_to_the_sheets_with_their_own_counts(self, book: Workbook, stored: Workbook) -> None:
        steps = [[book[COVER].cell(row, column) for column in (2, 3, 4)] for row in range(24, 28)]
        assert [row[0].value for row in steps] == ["1. Thông tin", "2. Nhiệm vụ", "3. Chỉ tiêu", "4. Khó khăn"]
        places = [row[0].hyperlink.location for row in steps[1:] if row[0].hyperlink]
        assert places == [f"'{name}'!A1" for name in (TASK, FIGURE, TROUBLE)]
        counts = [(stored[COVER].cell(row, 3).value, stored[COVER].cell(row, 4).value) for row in range(25, 28)]
        assert counts == [(3, 0), (5, 0), (1, 0)]
        assert stored[COVER]["C20"].value == 9

    @pytest.mark.parametrize("sheet", [TASK, FIGURE, TROUBLE])
    def test_every_sheet_says_what_is_left_and_leads_back(self, stored: Workbook, sheet: str) -> None:
        said = [str(cell.value) for cell in stored[sheet][1] if cell.value]
        assert any(text.startswith("Ô bắt buộc còn trống: ") for text in said), said
        links = [cell.hyperlink.location for cell in stored[sheet][3] if cell.hyperlink]
        assert links == ["'Thông tin'!A1"]

    def test_rows_fit_themselves_to_what_is_typed(self, other_templates: Path) -> None:
        """A height without Excel's mark of a height set by hand is fitted again when a cell is edited."""
        with zipfile.ZipFile(other_templates / "VP.xlsx") as archive:
            sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
        assert any(' ht="' in sheet for sheet in sheets)
        assert not any("customHeight" in sheet for sheet in sheets)


class TestFormulas:
    def test_the_rate_is_computed_in_the_sheet(self, book: Workbook, stored: Workbook) -> None:
        formulas = [cell.value for cell in cells_of(book, "indicators", "rate")]
        assert formulas[0] == (
            '=IF(OR(ISBLANK(G6),ISBLANK(H6)),"",IF(COUNT(G6,H6)<2,"Kiểm tra lại",IF(H6=0,"Không phát sinh",G6/H6)))'
        )
        assert formulas[2] == "Không tính"
        assert [cell.value for cell in cells_of(stored, "indicators", "rate")] == [None, None, "Không tính"]
        assert cells_of(book, "indicators", "rate")[0].number_format == "0.00%"

    @pytest.mark.parametrize(("unit", "blanks"), [("VP", 9), ("STC", 7), ("Q1", 6)])
    def test_counters_have_a_stored_result(self, other_templates: Path, unit: str, blanks: int) -> None:
        data = openpyxl.load_workbook(other_templates / f"{unit}.xlsx", data_only=True)[COVER]
        assert [(data[f"B{row}"].value, data[f"C{row}"].value) for row in (20, 21)] == [
            ("Ô bắt buộc còn trống", blanks),
            ("Chỗ mâu thuẫn cần xem lại", 0),
        ]

    def test_counters_are_live(self, book: Workbook) -> None:
        assert all(str(book[COVER][address].value).startswith("=") for address in ("C20", "C21"))


class TestGuide:
    def test_lists_every_input_with_its_prompt(self, book: Workbook) -> None:
        rows = [[cell.value for cell in row] for row in book[GUIDE_SHEET].iter_rows()]
        top = rows.index(["Sheet", "Cột", "Cách điền", "Giá trị nhận"])
        listed = [row[:3] for row in rows[top + 1 :] if row[1]]
        cover = [[COVER, label, hint] for label, hint, is_input in INFO.values() if is_input]
        tables = [
            [table.sheet, spec.header, spec.description]
            for table in TABLES[1:]
            for spec in table.columns
            if spec.layout.is_input
        ]
        assert listed == cover + tables

    def test_says_what_each_input_takes(self, book: Workbook) -> None:
        rows = [[cell.value for cell in row] for row in book[GUIDE_SHEET].iter_rows()]
        takes = {(row[0], row[1]): row[3] for row in rows}
        assert takes[TASK, "Tình hình thực hiện *"] == "Chọn: " + " · ".join(State)
        assert takes[TASK, "Ngày hoàn thành"] == "Ngày/tháng/năm"
        assert takes[TASK, "Kết quả thực hiện"] == "Văn bản, tối đa 5.000 ký tự"
        assert takes[FIGURE, "Mẫu số *"] == "Số từ 0 trở lên"
        assert takes[TROUBLE, "Nhiệm vụ *"] == "Mã nhiệm vụ của đơn vị: A, B, C"
        assert takes[TROUBLE, "Tình trạng"] == "Chọn: " + " · ".join(DifficultyState)


@pytest.mark.parametrize(
    ("texts", "widths", "lines"),
    [
        (["ngắn"], [20], 1),
        ([None, ""], [20, 20], 1),
        ([], [], 1),
        (["một\nhai\n\nbốn"], [20], 4),
        (["x" * 200, "y"], [1000, 20], 1),
        (["y", "một\nhai"], [1000, 20], 2),
    ],
)
def test_row_height_shows_wrapped_text_whole(texts: list[str | None], widths: list[float], lines: int) -> None:
    assert row_height(texts, widths) == max(18, lines * LINE + 3)
    assert row_height(texts, widths, least=100) == 100


def test_row_height_of_text_that_wraps_is_enough_and_within_excel_s_limit() -> None:
    height = row_height(["x" * 200], [20])
    assert 8 * LINE <= height <= 12 * LINE
    assert row_height(["x" * 200], [20], scale=1.5) > height
    assert row_height(["x" * 99999], [20]) == 409


def test_row_heights_of_whole_columns() -> None:
    frame = pd.DataFrame({"result": ["ngắn", None, "một\nhai", "x" * 9999]})
    specs = [BY_NAME["tasks"].column(name) for name in frame]
    assert row_heights(4, [(Words.of(frame[spec.name]), spec.layout.width) for spec in specs]).tolist() == [
        0,
        0,
        2 * LINE + 3,
        409,
    ]


@pytest.mark.parametrize("unit", UNITS)
def test_a_second_run_gives_the_same_bytes(other_templates: Path, other_plan: Plan, tmp_path: Path, unit: str) -> None:
    path = tmp_path / "another name.xlsx"
    written(other_plan, unit, path)
    assert path.read_bytes() == (other_templates / f"{unit}.xlsx").read_bytes()


FULL: Cells = {
    ("info", "report_number", "value"): "12/BC-VP",
    ("info", "report_date", "value"): "10/3/2023",
    ("info", "prepared_by", "value"): "Nguyễn Thị “Bé”",
    ("info", "contact", "value"): "0293 000 0000; vp@example.vn",
    ("info", "signed_by", "value"): "Trần Văn C, Chánh Văn phòng",
    ("tasks", "A", "state"): "Hoàn thành",
    ("tasks", "A", "completed_on"): date(2023, 2, 28),
    ("tasks", "A", "result"): "Dòng 1\nDòng 2  có hai dấu cách; 50 % – “trích”",
    ("tasks", "A", "product"): "+ Công văn 12/CV <b>&",
    ("tasks", "B", "state"): "Đang thực hiện",
    ("tasks", "B", "result"): "x" * 5000,
    ("tasks", "B", "product"): "-",
    ("tasks", "C", "state"): "Không phát sinh",
    ("indicators", "A.1", "numerator"): 1234.5,
    ("indicators", "A.1", "denominator"): 20000,
    ("indicators", "A.1", "note"): "@ghi chú",
    ("indicators", "B.1", "numerator"): 0,
    ("indicators", "B.1", "denominator"): 0,
    ("indicators", "C.1", "numerator"): "Có",
    ("answer", "", "has_difficulty"): "Có",
    ("difficulties", "0", "task_code"): "A",
    ("difficulties", "0", "description"): "Mạng chậm",
    ("difficulties", "0", "cause"): "Thiết bị cũ",
    ("difficulties", "0", "proposal"): "Cấp kinh phí",
    ("difficulties", "0", "addressed_to"): "Sở Tài chính",
    ("difficulties", "0", "state"): "Đang giải quyết",
    ("difficulties", "2", "task_code"): "C",
    ("difficulties", "2", "description"): "Thiếu người",
}
"""A value for every field of every table."""


@dataclass
class Desk:
    """Reads and judges one unit's workbook, and writes its return, as a run does."""

    plan: Plan
    templates: Path
    folder: Path
    unit: str = "VP"

    def filled(self, cells: Cells, name: str = "sent.xlsx") -> Path:
        return fill(self.templates / f"{self.unit}.xlsx", self.folder / name, cells)

    def judge(self, path: Path) -> tuple[Valid, pd.DataFrame]:
        content = read_submission(path, LAYOUTS)
        assert content.fault is None
        source = {"file": path.name, "unit_code": self.unit, "unit_name": self.plan.unit_names[self.unit]}
        return validate({0: content}, {0: source}, self.plan)

    def refilled(self, valid: Valid, issues: pd.DataFrame) -> Form:
        sent = {table: rows_by_source(entry.raw, [0])[0] for table, entry in valid.entries.items()}
        blank = blank_form(self.plan, self.plan.period("2023-Q1"), self.unit)
        return refill(blank, sent, rows_by_source(issues, [0])[0])

    def give_back(self, path: Path, name: str = "return.xlsx") -> Path:
        valid, issues = self.judge(path)
        write_template(self.refilled(valid, issues), self.folder / name)
        return self.folder / name


@pytest.fixture
def desk(other_plan: Plan, other_templates: Path, tmp_path: Path) -> Desk:
    return Desk(other_plan, other_templates, tmp_path)


def assert_same_frames(left: Valid, right: Valid) -> None:
    for name, frame in left.frames.items():
        pd.testing.assert_frame_equal(frame.reset_index(drop=True), right.frames[name].reset_index(drop=True))


def expected_value(value: Any) -> Any:
    return float(value) if isinstance(value, int) else value


class TestRoundTrip:
    def test_every_field_is_filled(self) -> None:
        filled = {(table, field) for table, _, field in FULL}
        assert filled == {(table.name, field) for table in TABLES for field in table.inputs}

    def test_what_was_typed_is_what_is_read(self, desk: Desk) -> None:
        tables = read_submission(desk.filled(FULL), LAYOUTS).tables
        for (name, key, field), value in FULL.items():
            table = tables[name]
            if name == "difficulties":
                at = {10: 0, 12: 1}[10 + int(key)]
            elif name == "answer":
                at = 0
            else:
                at = table.values[BY_NAME[name].key[0]].index(key)
            assert table.values[field][at] == expected_value(value), (name, key, field)
        assert tables["difficulties"].rows == [10, 12]

    def test_a_full_report_is_typed_and_has_no_issue(self, desk: Desk) -> None:
        valid, issues = desk.judge(desk.filled(FULL))
        assert issues.empty
        tasks = valid.frames["tasks"].set_index("task_code")
        assert tasks.at["A", "completed_on"] == pd.Timestamp(2023, 2, 28)
        assert tasks.at["A", "result"] == FULL["tasks", "A", "result"]
        figures = valid.frames["indicators"].set_index("indicator_code")
        assert figures.loc["A.1", ["numerator", "denominator"]].tolist() == [1234.5, 20000]
        assert figures.loc["B.1", ["numerator", "denominator"]].tolist() == [0, 0]
        assert figures.at["C.1", "numerator"] == 1

    def test_saved_by_libreoffice(self, desk: Desk, office: None) -> None:
        """Another program opens the filled template, computes it and saves it in its own way."""
        path = desk.filled(FULL | {("tasks", "B", "completed_on"): date(2023, 3, 1)})
        other = convert(path, "xlsx", desk.folder / "office")
        assert other.read_bytes() != path.read_bytes()
        (ours, our_issues), (theirs, their_issues) = desk.judge(path), desk.judge(other)
        assert_same_frames(ours, theirs)
        columns = ["code", "sheet", "cell", "typed"]
        assert our_issues[columns].to_numpy().tolist() == their_issues[columns].to_numpy().tolist()
        assert our_issues[["code", "cell"]].to_numpy().tolist() == [["NV03", "F7"]]
        assert read_submission(other, LAYOUTS).meta == read_submission(path, LAYOUTS).meta
        data = openpyxl.load_workbook(other, data_only=True)
        assert [cell.value for cell in cells_of(data, "indicators", "rate")] == [
            pytest.approx(1234.5 / 20000),
            "Không phát sinh",
            "Không tính",
        ]
        assert [data[COVER][address].value for address in ("C20", "C21")] == [0, 1]


BAD_CELLS: Cells = {
    ("info", "report_date", "value"): "hôm qua",
    ("tasks", "A", "state"): "Xong rồi",
    ("tasks", "B", "state"): "Hoàn thành",
    ("tasks", "B", "result"): "Đã họp",
    ("tasks", "C", "state"): "Đang thực hiện",
    ("indicators", "A.1", "numerator"): "chín mươi",
    ("indicators", "A.1", "denominator"): "1.234",
    ("indicators", "B.1", "numerator"): 9,
    ("indicators", "B.1", "denominator"): 5,
    ("indicators", "C.1", "numerator"): "=1+1",
    ("answer", "", "has_difficulty"): "Có",
    ("difficulties", "1", "task_code"): "Z",
    ("difficulties", "1", "description"): "Mạng chậm",
}
MARKED = {
    # the cell of the return → code, as typed
    (COVER, "C15"): ("NG01", "hôm qua"),
    (TASK, "E6"): ("LC01", "Xong rồi"),
    (TASK, "F7"): ("NV02", None),
    (TASK, "G8"): ("NV04", None),
    (FIGURE, "G6"): ("SO01", "chín mươi"),
    (FIGURE, "H6"): ("SO03", "1.234"),
    (FIGURE, "G7"): ("CT02", 9),
    (FIGURE, "G8"): ("SO06", "=1+1"),
    (TROUBLE, "B10"): ("LC01", "Z"),
}
CORRECTED = {
    (COVER, "C15"): "10/3/2023",
    (TASK, "E6"): "Đang thực hiện",
    (TASK, "G6"): "Đã quét",
    (TASK, "F7"): date(2023, 3, 1),
    (TASK, "G8"): "Đã nối",
    (FIGURE, "G6"): 90,
    (FIGURE, "H6"): 1234,
    (FIGURE, "G7"): 4,
    (FIGURE, "G8"): "Có",
    (TROUBLE, "B10"): "A",
}


class TestReturn:
    @pytest.fixture
    def sent(self, desk: Desk) -> Path:
        return desk.filled(BAD_CELLS)

    @pytest.fixture
    def path(self, desk: Desk, sent: Path) -> Path:
        return desk.give_back(sent)

    @pytest.fixture
    def returned(self, path: Path) -> Workbook:
        return openpyxl.load_workbook(path)

    def test_the_issues_are_those_of_the_table_above(self, desk: Desk, sent: Path) -> None:
        """In the file as sent the difficulty stood one row lower; the return closes the gap."""
        _, issues = desk.judge(sent)
        found = {(row["sheet"], row["cell"]): row["code"] for row in issues.to_dict("records")}
        as_sent = {(TROUBLE, "B11") if at == (TROUBLE, "B10") else at: code for at, (code, _) in MARKED.items()}
        assert found == as_sent

    def test_the_first_sheet_is_the_list_of_what_to_mend(self, returned: Workbook) -> None:
        assert returned.sheetnames[:2] == [FIX_SHEET, COVER]
        assert returned.active is not None
        assert returned.active.title == FIX_SHEET
        assert returned[FIX_SHEET]["A1"].value == "Cần sửa – Văn phòng"
        assert "7 lỗi, 2 cảnh báo" in returned[FIX_SHEET]["A2"].value

    def listed(self, book: Workbook) -> list[dict[str, Cell]]:
        rows = list(book[FIX_SHEET].iter_rows())
        top = next(n for n, row in enumerate(rows) if row[0].value == "STT")
        titles = [str(cell.value) for cell in rows[top]]
        return [dict(zip(titles, row, strict=True)) for row in rows[top + 1 :] if row[0].value is not None]

    def test_each_issue_once_with_its_words(self, desk: Desk, sent: Path, returned: Workbook) -> None:
        _, issues = desk.judge(sent)
        rows = self.listed(returned)
        assert [row["STT"].value for row in rows] == list(range(1, len(MARKED) + 1))
        found = {(issue["sheet"], issue["cell"], issue["message"]): issue for issue in issues.to_dict("records")}
        assert len(found) == len(MARKED)
        for row in rows:
            issue = found[row["Sheet"].value, row["Ô trong tệp đã gửi"].value, row["Lỗi và quy tắc"].value]
            assert row["Mức"].value == issue["severity"]
            assert row["Cột"].value == issue["field"]
            assert row["Đã ghi"].value == (issue["typed"] or "–")
            assert row["Lỗi và quy tắc"].value == issue["message"]
            assert row["Cách sửa"].value == issue["remedy"]
            colour = BAD if issue["severity"] == Severity.ERROR else WARN
            assert row["Mức"].fill.fgColor.rgb == "FF" + colour[1:]

    def test_the_issues_stand_in_the_order_of_filling_and_name_their_rows(self, returned: Workbook) -> None:
        rows = self.listed(returned)
        sheets = [COVER, TASK, FIGURE, TROUBLE]
        order = [(sheets.index(str(row["Sheet"].value)), int(str(row["Ô cần sửa"].value)[1:])) for row in rows]
        assert order == sorted(order)
        lines = {str(row["Dòng"].value) for row in rows if row["Sheet"].value == TASK}
        assert lines <= {"A – Số hóa hồ sơ", "B – Họp trực tuyến", "C – Kết nối"}

    def test_it_says_where_to_send_again_and_every_sheet_leads_back(self, returned: Workbook) -> None:
        steps = " ".join(str(returned[FIX_SHEET][f"A{row}"].value) for row in (3, 4, 5))
        assert "gửi lại về: Sở Tài chính, stc@example.vn." in steps
        for name in (COVER, TASK, FIGURE, TROUBLE):
            links = [cell for row in returned[name].iter_rows(max_row=3) for cell in row if cell.hyperlink]
            assert [cell.hyperlink.location for cell in links] == ["'Cần sửa'!A1"], name

    def test_each_issue_links_to_its_cell(self, returned: Workbook) -> None:
        links = {}
        for row in self.listed(returned):
            cell = row["Ô cần sửa"]
            assert cell.hyperlink is not None, row["Lỗi và quy tắc"].value
            sheet, address = re.fullmatch(r"'(.+)'!([A-Z]+\d+)", str(cell.hyperlink.location)).groups()  # type: ignore[union-attr]
            assert cell.value == address
            assert row["Sheet"].value == sheet
            links[sheet, address] = row["Lỗi và quy tắc"].value
        assert set(links) == set(MARKED)

    @pytest.mark.parametrize("at", MARKED, ids=["!".join(at) for at in MARKED])
    def test_each_cell_as_typed_marked_with_fill_and_comment(
        self, returned: Workbook, desk: Desk, sent: Path, at: tuple[str, str]
    ) -> None:
        code, typed = MARKED[at]
        cell = returned[at[0]][at[1]]
        assert cell.value == typed
        assert cell.data_type == {str: "s", int: "n", type(None): "n"}[type(typed)]
        issues = desk.judge(sent)[1]
        issue = issues[issues["code"] == code].to_dict("records")
        colour = BAD if issue[0]["severity"] == Severity.ERROR else WARN
        assert cell.fill.fgColor.rgb == "FF" + colour[1:]
        assert cell.comment is not None
        assert any(f"{row['message']}\n→ {row['remedy']}" in cell.comment.text for row in issue)
        assert not cell.protection.locked

    def test_nothing_else_is_marked(self, returned: Workbook) -> None:
        marked = {
            (sheet.title, cell.coordinate)
            for sheet in returned.worksheets[1:]
            for row in sheet.iter_rows()
            for cell in row
            if cell.comment or cell.fill.fgColor.rgb in ("FF" + BAD[1:], "FF" + WARN[1:])
        }
        assert marked == set(MARKED)

    def test_the_red_leaves_a_cell_that_was_changed(self, returned: Workbook) -> None:
        rules = {
            (sheet.title, str(area.sqref)): [rule.formula[0] for rule in rules]
            for sheet in returned.worksheets
            for area, rules in sheet.conditional_formatting._cf_rules.items()
        }
        assert rules[TASK, "E6"] == ['EXACT(E6,"Xong rồi")', 'NOT(EXACT(E6,"Xong rồi"))']
        assert rules[TASK, "F7"] == ["ISBLANK(F7)", "NOT(ISBLANK(F7))"]
        assert rules[FIGURE, "G7"] == ["AND(ISNUMBER(G7),G7=9.0)", "NOT(AND(ISNUMBER(G7),G7=9.0))"]

    def test_the_layout_is_the_current_one_with_its_drop_downs_whole(self, returned: Workbook, book: Workbook) -> None:
        def rules(of: Workbook) -> dict[str, list[tuple[str, str, str, str]]]:
            return {
                sheet.title: sorted(
                    (cell, rule.type, str(rule.formula1), str(rule.prompt))
                    for rule in sheet.data_validations.dataValidation
                    for area in rule.sqref.ranges
                    for cell in _cells(str(area))
                )
                for sheet in of.worksheets
                if sheet.title in (TASK, FIGURE)
            }

        assert rules(returned) == rules(book)
        assert [sheet.title for sheet in returned.worksheets][1:] == book.sheetnames
        assert words(rule_of(returned[TROUBLE]["B10"])) == ["A", "B", "C"]
        identity = [[cell.value for cell in row] for row in book[META_SHEET].iter_rows()]
        assert [[cell.value for cell in row] for row in returned[META_SHEET].iter_rows()] == identity
        assert returned[TROUBLE]["C10"].value == "Mạng chậm"
        assert returned[TROUBLE]["B22"].protection.locked is False  # as many spare rows as in a blank one

    def test_stored_results_are_those_of_what_was_sent(self, path: Path) -> None:
        data = openpyxl.load_workbook(path, data_only=True)
        rates = [cell.value for cell in cells_of(data, "indicators", "rate")]
        assert rates == ["Kiểm tra lại", pytest.approx(1.8), "Không tính"]
        assert [data[COVER][address].value for address in ("C20", "C21")] == [0, 2]

    def test_sent_back_unchanged_it_has_the_same_faults(self, desk: Desk, sent: Path, path: Path) -> None:
        (first, before), (second, after) = desk.judge(sent), desk.judge(path)
        rows = first.frames["difficulties"]["row"] - 1  # the return closes the gap above the difficulty
        first.frames["difficulties"]["row"] = rows
        assert_same_frames(first, second)
        codes = list(before["code"])
        # A formula comes back as the text that it was.
        assert list(after["code"]) == ["CT05" if code == "SO06" else code for code in codes]

    def test_corrected_it_has_no_issue(self, desk: Desk, path: Path) -> None:
        book = openpyxl.load_workbook(path)
        for (sheet, address), value in CORRECTED.items():
            book[sheet][address].value = value
        corrected = desk.folder / "corrected.xlsx"
        book.save(corrected)
        valid, issues = desk.judge(corrected)
        assert issues.empty, issues[["code", "sheet", "cell", "message"]]
        figures = valid.frames["indicators"].set_index("indicator_code")
        assert figures["numerator"].tolist() == [90, 4, 1]
        assert list(valid.frames["difficulties"]["description"]) == ["Mạng chậm"]

    def test_a_second_run_gives_the_same_bytes(self, desk: Desk, sent: Path, path: Path) -> None:
        assert desk.give_back(sent, "again.xlsx").read_bytes() == path.read_bytes()

    def test_a_contradiction_is_counted_where_it_stands(self, desk: Desk) -> None:
        bad = {
            ("tasks", "A", "state"): "Hoàn thành",
            ("indicators", "A.1", "numerator"): 0.5,
            ("indicators", "A.1", "denominator"): 9,
            ("answer", "", "has_difficulty"): "Không",
            ("difficulties", "0", "description"): "Mạng chậm",
        }
        path = desk.give_back(desk.filled(bad))
        data = openpyxl.load_workbook(path, data_only=True)[COVER]
        assert [data.cell(row, 4).value for row in range(25, 28)] == [1, 1, 1]
        assert [data.cell(row, 3).value for row in range(25, 28)] == [2, 3, 1]

    def test_counters_as_libreoffice_computes_them(self, desk: Desk, path: Path, office: None) -> None:
        data = openpyxl.load_workbook(convert(path, "xlsx", desk.folder / "office"), data_only=True)
        stored = openpyxl.load_workbook(path, data_only=True)
        for address in ("C20", "C21"):
            assert data[COVER][address].value == stored[COVER][address].value
        rates = [[cell.value for cell in cells_of(of, "indicators", "rate")] for of in (data, stored)]
        assert rates[0] == [rates[1][0], pytest.approx(rates[1][1]), rates[1][2]]


Change = Callable[[Workbook], None]


class TestReturnOfOddThings:
    """What only a paste, another program or a rewritten sheet can bring."""

    def returned(self, desk: Desk, cells: Cells, *changes: Change) -> tuple[Path, Path]:
        sent = desk.filled(FULL | cells)
        if changes:
            book = openpyxl.load_workbook(sent)
            for change in changes:
                change(book)
            book.save(sent)
        return sent, desk.give_back(sent)

    ONE_ISSUE: Cells = {("indicators", "A.1", "note"): "x" * 5001}  # noqa: RUF012 - never changed

    def test_a_date_typed_where_a_number_belongs_stays_a_date(self, desk: Desk) -> None:
        """As a bare number it would count on the way back: 45,000 is a figure, 15/03/2023 is not."""
        sent, path = self.returned(desk, {("indicators", "A.1", "numerator"): datetime(2023, 3, 15)})
        (before, after) = (desk.judge(file)[1] for file in (sent, path))
        assert [(row["code"], row["typed"]) for row in before.to_dict("records")] == [("SO01", "15/03/2023")]
        assert [(row["code"], row["typed"]) for row in after.to_dict("records")] == [("SO01", "15/03/2023")]
        assert openpyxl.load_workbook(path)[FIGURE]["G6"].is_date

    @pytest.mark.parametrize(
        "at", [("info", "report_date", "value"), ("tasks", "A", "product"), ("difficulties", "0", "cause")]
    )
    def test_a_date_typed_where_text_belongs_stays_a_date(self, desk: Desk, at: tuple[str, str, str]) -> None:
        sent, path = self.returned(desk, {at: datetime(2023, 3, 10)} | self.ONE_ISSUE)
        before, after = desk.judge(sent), desk.judge(path)
        assert list(after[1]["code"]) == list(before[1]["code"]) == ["CH01"]
        table, _, field = at
        values = [valid.frames[table][field].tolist() for valid, _ in (before, after)]
        assert "10/03/2023" in values[0]
        assert values[1] == values[0]

    def test_yes_as_a_logical_value(self, desk: Desk) -> None:
        _, path = self.returned(desk, {("indicators", "C.1", "numerator"): True} | self.ONE_ISSUE)
        assert openpyxl.load_workbook(path)[FIGURE]["G8"].value is True
        assert list(desk.judge(path)[1]["code"]) == ["CH01"]

    def test_long_and_quoted_text(self, desk: Desk) -> None:
        sent, path = self.returned(desk, {("tasks", "A", "state"): 'Đã "xong"', **self.ONE_ISSUE})
        assert list(desk.judge(path)[1]["code"]) == list(desk.judge(sent)[1]["code"]) == ["CH01", "LC01"]
        book = openpyxl.load_workbook(path)
        assert book[FIGURE]["J6"].value == "x" * 5001
        rules = {str(area.sqref): rules for area, rules in book[FIGURE].conditional_formatting._cf_rules.items()}
        assert rules["J6"][0].formula == ["LEN(J6)=5001"]
        quoted = {str(area.sqref): rules for area, rules in book[TASK].conditional_formatting._cf_rules.items()}
        assert quoted["E6"][0].formula == ['EXACT(E6,"Đã ""xong""")']

    def test_two_faults_of_one_cell_share_a_comment(self, desk: Desk) -> None:
        """An error outranks a warning in colour."""
        sent = desk.filled(FULL | {("tasks", "A", "state"): "Xong"})
        valid, issues = desk.judge(sent)
        warning = issues.assign(severity=Severity.WARNING.value, message="Cần xem lại.", remedy="Xem lại.")
        both = pd.concat([warning, issues], ignore_index=True)
        write_template(desk.refilled(valid, both), desk.folder / "both.xlsx")
        cell = openpyxl.load_workbook(desk.folder / "both.xlsx")[TASK]["E6"]
        assert cell.comment is not None
        lines = cell.comment.text.split("\n")
        assert lines[:2] == ["Cần xem lại.", "→ Xem lại."]
        assert lines[2] == issues["message"].item()
        assert cell.fill.fgColor.rgb == "FF" + BAD[1:]

    def test_an_issue_without_a_cell_is_listed_without_a_link(self, desk: Desk) -> None:
        def lose(book: Workbook) -> None:
            book[TASK].delete_rows(8)
            book[FIGURE]["A9"].value = "X.9"
            book[FIGURE]["G9"].value = 5
            del book[TROUBLE]

        _, path = self.returned(desk, {}, lose)
        book = openpyxl.load_workbook(path)
        rows = [[cell.value for cell in row[:10]] for row in book[FIX_SHEET].iter_rows() if row[0].value is not None]
        top = next(n for n, row in enumerate(rows) if row[0] == "STT")
        assert [[row[2], row[3], row[9]] for row in rows[top + 1 :]] == [
            [TASK, "–", "–"],
            [FIGURE, "–", "A9"],
            [TROUBLE, "–", "–"],
        ]
        assert book[TASK]["A8"].value == "C"
        assert book[TROUBLE]["D6"].value is None

    def test_inputs_stay_as_typed_wherever_they_stood(self, desk: Desk) -> None:
        """Rows and columns that moved come back to the current layout."""

        def move(book: Workbook) -> None:
            book[FIGURE].insert_rows(7, 4)
            book[FIGURE].insert_cols(3)
            book[TASK].insert_cols(1)

        sent, path = self.returned(desk, self.ONE_ISSUE, move)
        first, second = desk.judge(sent)[0], desk.judge(path)[0]
        for name, frame in first.frames.items():
            kept = [column for column in frame if column != "row"]
            pd.testing.assert_frame_equal(
                frame[kept].reset_index(drop=True), second.frames[name][kept].reset_index(drop=True)
            )
        assert desk.judge(path)[1][["code", "cell"]].to_numpy().tolist() == [["CH01", "J6"]]


def _cells(area: str) -> list[str]:
    left, top, right, bottom = range_boundaries(area)
    return [f"{openpyxl.utils.get_column_letter(c)}{r}" for c in range(left, right + 1) for r in range(top, bottom + 1)]
