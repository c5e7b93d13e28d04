"""Nothing silently blank: whatever was not read, or was read otherwise than typed, has an issue that says so."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from pipeline.plan.model import Plan
from tests.test_validate import FIGURE, TASK, TROUBLE, Change, Submit, cell_of, found, put


@pytest.fixture
def submit(other_plan: Plan, other_templates: Path, tmp_path: Path) -> Submit:
    return Submit(other_plan, other_templates, tmp_path)


def merge(sheet: str, area: str) -> Change:
    return lambda book: book[sheet].merge_cells(area)


def font(sheet: str, address: str, name: str, text: str) -> Change:
    def change(book: Workbook) -> None:
        book[sheet][address].value = text
        book[sheet][address].font = Font(name=name)

    return change


class TestLockedCells:
    """DG05: a label that no longer says what the plan says."""

    @pytest.mark.parametrize(
        ("sheet", "cell", "typed", "expected"),
        [
            (TASK, "B6", "Số hóa vài hồ sơ", "Số hóa hồ sơ"),
            (TASK, "C6", "Chủ trì", "Phối hợp"),
            (TASK, "D6", "30/9/2023", "30/06/2023"),
            (FIGURE, "B6", "Tỷ lệ khác", "Tỷ lệ hồ sơ số hóa"),
            (FIGURE, "C6", "50 %", "100 %"),
            (FIGURE, "D6", "Hồ sơ của tôi", "Tử số"),
            (FIGURE, "E7", "Tất cả", "Mẫu số"),
        ],
    )
    def test_each(self, submit: Submit, sheet: str, cell: str, typed: str, expected: str) -> None:
        _, issues = submit({}, put(sheet, cell, typed))
        assert found(issues) == [("DG05", sheet, cell)]
        assert issues["typed"].item() == typed
        assert f"“{typed}”, kế hoạch ghi “{expected}”" in issues["message"].item()

    @pytest.mark.parametrize("typed", ["  số hóa  HỒ SƠ ", None, "Số hóa hồ sơ"])
    def test_what_says_the_same_is_none(self, submit: Submit, typed: str | None) -> None:
        assert found(submit({}, put(TASK, "B6", typed))[1]) == []


class TestStrangers:
    def test_a_column_of_the_unit_s_own(self, submit: Submit) -> None:
        """DG06, with the header it bears and how much stands under it."""
        changes = [put(FIGURE, "L5", "Ý kiến thêm"), put(FIGURE, "L6", "chưa chốt"), put(FIGURE, "L8", 12)]
        _, issues = submit({}, *changes)
        assert found(issues) == [("DG06", FIGURE, "")]
        assert "Cột L (“Ý kiến thêm”) không thuộc biểu mẫu; 2 ô" in issues["message"].item()

    def test_a_header_alone_says_nothing(self, submit: Submit) -> None:
        assert found(submit({}, put(FIGURE, "L5", "Ý kiến thêm"))[1]) == []

    def test_beside_the_difficulties(self, submit: Submit) -> None:
        _, issues = submit({}, put(TROUBLE, "J12", "ghi ngoài bảng"))
        assert found(issues) == [("DG06", TROUBLE, "")]

    def test_a_sheet_of_the_unit_s_own(self, submit: Submit) -> None:
        """TT27, hidden or not."""

        def change(book: Workbook) -> None:
            book.create_sheet("Tính toán")["B2"].value = 5
            book.create_sheet("Trống")
            hidden = book.create_sheet("Ẩn")
            hidden["A1"].value, hidden.sheet_state = "x", "hidden"

        _, issues = submit({}, change)
        assert found(issues) == [("TT27", "Tính toán", ""), ("TT27", "Ẩn", "")]
        assert "Sheet “Tính toán” không thuộc biểu mẫu (1 ô có nội dung)" in issues["message"][0]

    def test_a_second_copy_of_a_sheet(self, submit: Submit) -> None:
        """TT26: only the sheet of the right name counts."""

        def change(book: Workbook) -> None:
            book.copy_worksheet(book[FIGURE]).title = "Chỉ tiêu (2)"
            book["Chỉ tiêu (2)"]["G6"].value = 1

        valid, issues = submit({}, change)
        assert found(issues) == [("TT26", "Chỉ tiêu (2)", "")]
        assert cell_of(valid, "indicators", "A.1", "numerator") == 90

    def test_a_misspelt_sheet_that_lost_its_field_names(self, submit: Submit) -> None:
        """Matched by header text only on the sheet of its name; elsewhere it may suggest, never decide."""

        def change(book: Workbook) -> None:
            book[FIGURE].delete_rows(4)
            book[FIGURE].title = "Chi tieu"

        _, issues = submit({}, change)
        assert found(issues) == [("TT27", "Chi tieu", ""), ("TT08", FIGURE, "")]
        assert "(ý bạn là sheet “Chi tieu”?)" in issues["message"][1]

    def test_a_renamed_sheet_with_its_field_names_is_read(self, submit: Submit) -> None:
        def change(book: Workbook) -> None:
            book[FIGURE].title = "Bảng 2"

        valid, issues = submit({}, change)
        assert found(issues) == []
        assert cell_of(valid, "indicators", "A.1", "numerator") == 90


class TestMergedCells:
    def test_down_a_column(self, submit: Submit) -> None:
        """DG07, and the cell that it hides is blank."""
        _, issues = submit({}, merge(FIGURE, "H6:H7"))
        assert found(issues) == [("DG07", FIGURE, "H6"), ("CT01", FIGURE, "H7")]
        assert "Các ô H6:H7 bị gộp" in issues["message"][0]

    def test_along_a_row(self, submit: Submit) -> None:
        assert ("DG07", FIGURE, "G6") in found(submit({}, merge(FIGURE, "G6:H6"))[1])

    @pytest.mark.parametrize("area", ["A1:D1", "H30:H34", "N6:O7"])
    def test_outside_the_table_s_rows_it_hides_nothing(self, submit: Submit, area: str) -> None:
        assert found(submit({}, merge(FIGURE, area))[1]) == []


class TestLegacyFonts:
    @pytest.mark.parametrize(
        ("name", "typed", "read"),
        [
            (".VnTime", "§· hoµn thµnh", "Đã hoàn thành"),
            (".VnTimeH", "®· xong", "ĐÃ XONG"),
            ("VNI-Times", "Ñaõ hoaøn thaønh", "Đã hoàn thành"),
        ],
    )
    def test_converted_with_a_notice(self, submit: Submit, name: str, typed: str, read: str) -> None:
        valid, issues = submit({}, font(TASK, "G6", name, typed))
        assert found(issues) == [("CH02", TASK, "G6")]
        assert issues["typed"].item() == typed
        assert f"phông cũ {name}; đã chuyển thành “{read}”" in issues["message"].item()
        assert cell_of(valid, "tasks", "A", "result") == read

    def test_a_choice_typed_in_it_counts(self, submit: Submit) -> None:
        valid, issues = submit({}, font(TASK, "E8", ".VnTime", "Ch\u00ada triÓn khai"))
        assert found(issues) == [("CH02", TASK, "E8")]
        assert cell_of(valid, "tasks", "C", "state") == "Chưa triển khai"

    def test_plain_letters_need_none(self, submit: Submit) -> None:
        assert found(submit({}, font(TASK, "G6", ".VnTime", "OK 123"))[1]) == []


def test_hidden_rows_and_columns_are_read(submit: Submit) -> None:
    def change(book: Workbook) -> None:
        book[FIGURE].row_dimensions[6].hidden = True
        book[FIGURE].column_dimensions["G"].hidden = True
        book[TASK].sheet_state = "hidden"

    valid, issues = submit({}, change)
    assert found(issues) == []
    assert cell_of(valid, "indicators", "A.1", "numerator") == 90
    assert cell_of(valid, "tasks", "A", "result") == "Đã quét 5 hồ sơ"


def test_rows_far_below_the_table_are_not_lost(submit: Submit) -> None:
    """Content without a code is an issue that holds what was typed."""
    _, issues = submit({}, put(FIGURE, "G60", 12), put(FIGURE, "J60", "ghi thêm"))
    assert found(issues) == [("DG03", FIGURE, "A60")]
    assert issues["typed"].item() == "12 | ghi thêm"


def test_a_template_as_issued_has_nothing_strange(other_templates: Path, submit: Submit) -> None:
    for unit in ("VP", "Q1"):
        _, issues = submit({}, unit=unit, good={})
        assert not {"DG05", "DG06", "DG07", "CH02", "TT26", "TT27"} & set(issues["code"])
    assert openpyxl.load_workbook(other_templates / "VP.xlsx").sheetnames[-1] == "_meta"
