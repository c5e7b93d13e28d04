"""Tables are found by field names, then by headers, wherever their rows and columns went; addresses stay Excel's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.read.sheets import Fault, Sheet, Workbook
from pipeline.read.tables import RawTable, TableLayout, read_tables
from pipeline.read.workbooks import read_workbook
from schemas.template import BY_NAME, TABLES

LAYOUTS = [TableLayout.of(table) for table in TABLES]
PETS = TableLayout("pets", "Thú", {"code": "mã", "name": "tên", "legs": "số chân"})
FOOD = TableLayout("food", "Thức ăn", {"code": "mã", "food": "món", "price": "giá"})

Change = Callable[[Worksheet], None]


def find(*sheets: tuple[str, list[list[Any]]], layouts: list[TableLayout] | None = None) -> dict[str, RawTable]:
    workbook = Workbook([Sheet(name, True, rows) for name, rows in sheets])
    return read_tables(workbook, layouts or [PETS, FOOD])


def pets(*rows: list[Any], sheet: str = "Thú") -> RawTable:
    return find((sheet, list(rows)))["pets"]


NAMES, TITLES = ["code", "name", "legs"], ["Mã", "Tên", "Số chân *"]


class TestInline:
    def test_values_rows_and_letters(self) -> None:
        table = pets(NAMES, TITLES, ["1", "Mèo", 4.0], ["2", "", 2.0])
        assert table.sheet == "Thú"
        assert table.rows == [3, 4]
        assert table.values == {"code": ["1", "2"], "name": ["Mèo", None], "legs": [4.0, 2.0]}
        assert table.letters == {"code": "A", "name": "B", "legs": "C"}
        assert table.missing == []

    def test_rows_above_between_and_blank(self) -> None:
        table = pets(["Sổ thú"], [], NAMES, ["", "", ""], TITLES, ["", " ", "\u00a0"], ["1", "Mèo", 4.0], [])
        assert (table.rows, table.values["code"]) == ([7], ["1"])

    def test_columns_moved_with_others_between(self) -> None:
        table = pets(
            ["", "legs", "của tôi", "code", "", "name"],
            ["", "Số chân", "Ý kiến", "Mã", "", "Tên"],
            ["", 4.0, "x", "1", "y", "Mèo"],
        )
        assert table.letters == {"code": "D", "name": "F", "legs": "B"}
        assert table.values == {"code": ["1"], "name": ["Mèo"], "legs": [4.0]}

    def test_row_of_field_names_deleted(self) -> None:
        table = pets(TITLES, ["1", "Mèo", 4.0])
        assert (table.rows, table.values["legs"], table.missing) == ([2], [4.0], [])

    def test_headers_are_compared_without_case_spaces_or_star(self) -> None:
        table = pets(["  MÃ ", "tên *", "Số  chân"], ["1", "Mèo", 4.0])
        assert (table.rows, table.missing) == ([2], [])

    def test_header_renamed_under_its_field_name(self) -> None:
        table = pets(NAMES, ["Mã", "Tên gọi ở nhà", "Số chân"], ["1", "Mèo", 4.0])
        assert (table.rows, table.values["name"]) == ([3], ["Mèo"])

    def test_most_headers_renamed_under_the_field_names(self) -> None:
        """The row below the field names is the header; one word left of it tells it from data."""
        table = pets(NAMES, ["Ký hiệu", "Tên gọi", "Số chân"], ["1", "Mèo", 4.0])
        assert (table.rows, table.values["code"]) == ([3], ["1"])

    def test_field_name_lost_but_header_there(self) -> None:
        table = pets(["code", "", "legs"], ["Mã", "Tên", "Số chân"], ["1", "Mèo", 4.0])
        assert (table.values["name"], table.letters["name"], table.missing) == (["Mèo"], "B", [])

    def test_field_names_in_the_last_row(self) -> None:
        table = pets(NAMES)
        assert (table.rows, table.values) == ([], {"code": [], "name": [], "legs": []})

    def test_missing_column_is_named(self) -> None:
        table = pets(["code", "name"], ["Mã", "Tên"], ["1", "Mèo"])
        assert (table.missing, table.values) == (["legs"], {"code": ["1"], "name": ["Mèo"]})

    def test_missing_column_is_named_when_found_by_headers(self) -> None:
        table = pets(["Mã", "Số chân"], ["1", 4.0])
        assert (table.missing, table.values) == (["name"], {"code": ["1"], "legs": [4.0]})

    def test_a_column_twice_is_taken_once(self) -> None:
        table = pets([*NAMES, "name"], [*TITLES, "Tên"], ["1", "Mèo", 4.0, "Chó"])
        assert (table.values["name"], table.letters["name"]) == (["Mèo"], "B")

    def test_short_rows_are_blank_at_their_end(self) -> None:
        assert pets(NAMES, TITLES, ["1"]).values == {"code": ["1"], "name": [None], "legs": [None]}

    def test_faults_and_numbers_pass_through(self) -> None:
        table = pets(NAMES, TITLES, [1.0, "Mèo", Fault("#REF!")])
        assert table.values == {"code": [1.0], "name": ["Mèo"], "legs": [Fault("#REF!")]}

    def test_the_fullest_row_of_names_is_the_header(self) -> None:
        """A line of guidance may hold some of the words."""
        table = pets(["code", "name"], NAMES, TITLES, ["1", "Mèo", 4.0])
        assert table.rows == [4]

    @pytest.mark.parametrize("row", [["code", "", ""], ["Mã", "", ""], ["Danh bạ"], []])
    def test_one_word_is_no_table(self, row: list[Any]) -> None:
        assert find(("Thú", [row, ["1", "Mèo", 4.0]])) == {}

    def test_renamed_sheet_is_found_by_field_names(self) -> None:
        assert pets(NAMES, TITLES, ["1", "Mèo", 4.0], sheet="Sheet7").rows == [3]

    def test_renamed_sheet_without_field_names_is_not_guessed(self) -> None:
        assert find(("Sheet7", [TITLES, ["1", "Mèo", 4.0]])) == {}

    def test_sheet_name_in_other_case_and_spaces(self) -> None:
        assert pets(TITLES, ["1", "Mèo", 4.0], sheet=" THÚ ").rows == [2]

    def test_the_sheet_of_the_right_name_outranks_copies(self) -> None:
        original, copy = [NAMES, TITLES, ["1", "Mèo", 4.0]], [NAMES, TITLES, ["1", "Mèo cũ", 3.0]]
        for order in ([("Thú", original), ("Thú (2)", copy)], [("Thú (2)", copy), ("Thú", original)]):
            assert find(*order)["pets"].values["name"] == ["Mèo"]

    def test_two_tables_on_one_sheet(self) -> None:
        rows = [NAMES, TITLES, ["1", "Mèo", 4.0], [], ["code", "food", "price"], ["Mã", "Món", "Giá"], ["1", "Cá", 9.0]]
        found = find(("Thú", rows))
        assert (found["pets"].rows, found["pets"].values["name"]) == ([3], ["Mèo"])
        assert (found["food"].rows, found["food"].values) == ([7], {"code": ["1"], "food": ["Cá"], "price": [9.0]})

    def test_two_tables_that_share_field_names_are_not_confused(self) -> None:
        wide = TableLayout("wide", "A", {"code": "mã", "name": "tên", "legs": "số chân", "food": "món", "price": "giá"})
        rows = [["code", "name", "legs", "food"], ["Mã", "Tên", "Số chân", "Món"], ["1", "Mèo", 4.0, "Cá"]]
        found = find(("Lạ", rows), layouts=[PETS, wide])
        assert {name: table.missing for name, table in found.items()} == {"wide": ["price"]}


def edited(template: Path, target: Path, sheet: str, *changes: Change) -> dict[str, RawTable]:
    book = openpyxl.load_workbook(template)
    for change in changes:
        change(book[sheet])
    book.save(target)
    return read_tables(read_workbook(target), LAYOUTS)


def put(address: str, value: Any) -> Change:
    return lambda sheet: setattr(sheet[address], "value", value)


class TestTemplate:
    """The same on the workbook that a unit gets."""

    def test_all_tables_of_a_template(self, other_templates: Path) -> None:
        found = read_tables(read_workbook(other_templates / "Q1.xlsx"), LAYOUTS)
        assert {name: table.sheet for name, table in found.items()} == {t.name: t.sheet for t in TABLES}
        assert all(not table.missing for table in found.values())
        assert found["tasks"].rows == [6, 7]
        assert found["tasks"].values["task_code"] == ["A", "B"]
        assert found["indicators"].letters["numerator"] == "G"
        assert found["indicators"].values["indicator_code"] == ["A.1", "A.2"]
        assert (found["answer"].rows, found["difficulties"].rows) == ([6], [])

    def test_rows_and_columns_inserted_and_hidden(self, other_templates: Path, tmp_path: Path) -> None:
        found = edited(
            other_templates / "Q1.xlsx",
            tmp_path / "a.xlsx",
            "Chỉ tiêu",
            put("G6", 5),
            put("G7", 6),
            lambda sheet: sheet.insert_rows(7, 2),
            lambda sheet: sheet.insert_rows(1, 3),
            lambda sheet: sheet.insert_cols(7),
            lambda sheet: setattr(sheet.row_dimensions[12], "hidden", True),
            lambda sheet: setattr(sheet.column_dimensions["B"], "hidden", True),
        )
        table = found["indicators"]
        assert table.rows == [9, 12]
        assert table.values["numerator"] == [5.0, 6.0]
        assert table.letters["numerator"] == "H"

    def test_field_names_deleted_where_two_tables_share_the_sheet(self, other_templates: Path, tmp_path: Path) -> None:
        found = edited(
            other_templates / "Q1.xlsx",
            tmp_path / "a.xlsx",
            "Khó khăn",
            put("D6", "Có"),
            put("C10", "Mạng chậm"),
            lambda sheet: sheet.delete_rows(8),
            lambda sheet: sheet.delete_rows(4),
        )
        assert (found["answer"].rows, found["answer"].values["has_difficulty"]) == ([5], ["Có"])
        assert (found["difficulties"].rows, found["difficulties"].values["description"]) == ([8], ["Mạng chậm"])

    def test_a_lost_column_is_reported(self, other_templates: Path, tmp_path: Path) -> None:
        found = edited(other_templates / "Q1.xlsx", tmp_path / "a.xlsx", "Nhiệm vụ", lambda sheet: sheet.delete_cols(6))
        assert found["tasks"].missing == ["completed_on"]
        assert found["tasks"].letters["result"] == "F"

    def test_a_sheet_renamed(self, other_templates: Path, tmp_path: Path) -> None:
        found = edited(
            other_templates / "Q1.xlsx",
            tmp_path / "a.xlsx",
            "Nhiệm vụ",
            lambda sheet: setattr(sheet, "title", "Tiến độ"),
        )
        assert (found["tasks"].sheet, found["tasks"].rows) == ("Tiến độ", [6, 7])

    def test_a_sheet_deleted(self, other_templates: Path, tmp_path: Path) -> None:
        found = edited(
            other_templates / "Q1.xlsx",
            tmp_path / "a.xlsx",
            "Chỉ tiêu",
            lambda sheet: sheet.parent.remove(sheet),
        )
        assert set(found) == {"info", "tasks", "answer", "difficulties"}

    def test_layouts_hold_every_field_and_folded_header(self) -> None:
        layout = TableLayout.of(BY_NAME["indicators"])
        assert layout.sheet == "Chỉ tiêu"
        assert list(layout.titles) == [spec.name for spec in BY_NAME["indicators"].columns]
        assert layout.titles["numerator"] == "tử số / số lượng"
