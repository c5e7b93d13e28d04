"""Every fault of a plan is reported at once, with its code, sheet and cell."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.plan.load import PlanFaulty, load_plan
from schemas.columns import records

Fault = tuple[str, str, str]  # code, sheet, cell
P, K, G, U, T, A, N, M = (
    "Kế hoạch",
    "Kỳ báo cáo",
    "Nhóm đơn vị",
    "Đơn vị",
    "Nhiệm vụ",
    "Phân công",
    "Chỉ tiêu",
    "Mục tiêu",
)


@pytest.fixture
def faults(other_plan_file: Path, tmp_path: Path) -> Callable[..., dict[Fault, dict[str, Any]]]:
    """The faults of the small plan after cells were typed over (None: emptied) or the workbook was changed."""

    def load(
        cells: Mapping[tuple[str, str], Any] | None = None, edit: Callable[[Any], None] = lambda book: None
    ) -> dict[Fault, dict[str, Any]]:
        book = openpyxl.load_workbook(other_plan_file)
        for (sheet, cell), value in (cells or {}).items():
            book[sheet][cell] = value
        edit(book)
        path = tmp_path / "ke-hoach.xlsx"
        book.save(path)
        with pytest.raises(PlanFaulty) as caught:
            load_plan(path)
        issues = records(caught.value.issues)
        found = {(row["code"], row["sheet"], _place(row)): row for row in issues}
        assert len(found) == len(issues)
        for row in issues:
            assert row["message"] in str(caught.value) and row["remedy"] in str(caught.value)
            assert "{" not in row["message"] + row["remedy"]
        return found

    return load


def _place(issue: Mapping[str, Any]) -> str:
    """The cell; a setting that is absent has none, so that its key stands for it."""
    if issue["code"] == "KH03":
        return re.findall(r"\((\w+)\)", issue["message"])[0]
    return issue["cell"] if isinstance(issue["cell"], str) else ""


Faults = Callable[..., dict[Fault, dict[str, Any]]]


# One workbook for each code or few, with every place where the code can stand; nothing else may be reported.
EACH_CODE: dict[str, tuple[dict[tuple[str, str], Any], set[Fault]]] = {
    "KH01 a code that no sheet declares": (
        {
            (U, "E7"): "PHUONG",
            (A, "A6"): "Z",
            (A, "B9"): "SOO",
            (N, "B6"): "Z",
            (N, "K5"): "SO",  # a group is no accountable unit
            (M, "A5"): "A.9",
            (M, "B6"): "QUANN",
        },
        {
            ("KH01", U, "E7"),
            ("KH01", A, "A6"),
            ("KH01", A, "B9"),
            ("KH01", N, "B6"),
            ("KH01", N, "K5"),
            ("KH01", M, "A5"),
            ("KH01", M, "B6"),
        },
    ),
    "KH01 the consolidating unit": ({(P, "C10"): "STCC"}, {("KH01", P, "C10")}),
    "KH01 the consolidating unit is no group": ({(P, "C10"): "SO"}, {("KH01", P, "C10")}),
    "KH02 a key twice": (
        {
            (K, "A6"): "2023-Q1",
            (G, "A7"): "quan",
            (G, "B7"): "Các quận",
            (U, "A8"): "Q1",
            (M, "B7"): "Q1",
            (T, "A8"): "C",
            (T, "B8"): "Kết nối",
            (T, "C8"): "Kết nối.",
            (A, "A12"): "B",
            (A, "B12"): "VP",
            (A, "C12"): "Phối hợp",
            (N, "A6"): "A.1",
            (M, "A8"): "C.1",
            (M, "C8"): None,
            (M, "E8"): None,
            (M, "A12"): "A.1",
            (M, "B12"): "SO",
        },
        {
            ("KH02", K, "A6"),
            ("KH02", G, "A7"),
            ("KH02", U, "A8"),
            ("KH02", T, "A8"),
            ("KH02", A, "B12"),
            ("KH02", N, "A6"),
            ("KH02", M, "B12"),
        },
    ),
    "KH03 a setting misspelt, covered by another, without its key, deleted": (
        {
            (P, "A8"): "nam",
            (P, "A9"): "title",
            (P, "A12"): None,
            **{(P, f"{column}13"): None for column in "ABCD"},
        },
        {
            ("LC01", P, "A8"),
            ("KH03", P, "year"),
            ("KH02", P, "A9"),
            ("KH03", P, "issued_by"),
            ("BB01", P, "A12"),
            ("KH03", P, "roll_weekends"),
            ("KH03", P, "place"),
        },
    ),
    "KH04 no lead, KH07 no denominator, KH08 no reporter": (
        {
            (A, "C8"): "Phối hợp",
            (A, "C10"): "Phối hợp",
            (A, "C11"): "Thực hiện",
            (N, "G5"): None,
            (N, "G7"): "  ",
            (N, "G8"): None,
            (M, "A9"): "A.1",
            (M, "A10"): "A.1",
        },
        {
            ("KH04", T, "A6"),
            ("KH04", T, "A7"),
            ("KH07", N, "G5"),
            ("KH07", N, "G7"),
            ("KH07", N, "G8"),
            ("KH08", N, "A7"),
            ("KH08", N, "A8"),
        },
    ),
    "KH05 dates out of order": (
        {(K, "D5"): "15/3/2023", (K, "F6"): "27/6/2023"},
        {("KH05", K, "E5"), ("KH05", K, "E6")},
    ),
    "KH05 consolidated before the data end": ({(K, "E6"): "27/6/2023"}, {("KH05", K, "E6")}),
    "KH06 a share above 100 %": (
        {
            (M, "C6"): 80,
            (M, "C9"): "150%",
            (M, "E5"): 25,
            (M, "F5"): 50,
            (M, "G5"): 75,
            (M, "H7"): 1.01,
            (N, "H7"): 32.5,
        },
        {
            ("KH06", M, "C6"),
            ("KH06", M, "C9"),
            ("KH06", M, "E5"),
            ("KH06", M, "F5"),
            ("KH06", M, "G5"),
            ("KH06", M, "H7"),
            ("KH06", N, "H7"),
        },
    ),
    "KH09 what is no code": (
        {
            (U, "A7"): "Q 1",
            (K, "A6"): "2023-Q2-" + "x" * 20,
            (T, "A8"): "D/1",
            (T, "B8"): "Tên",
            (T, "C8"): "Nội dung",
            (A, "A12"): "D/1",
            (A, "B12"): "VP",
            (A, "C12"): "Chủ trì",
        },
        {("KH09", U, "A7"), ("KH09", K, "A6"), ("KH09", T, "A8")},
    ),
    "KH10 a unit and a group of one code": (
        {(U, "A7"): "QUAN", (G, "A7"): "VP", (G, "B7"): "Văn phòng"},
        {("KH10", U, "A5"), ("KH10", U, "A7")},
    ),
    "BB01 a required cell is blank": (
        {
            (K, "F5"): None,
            (G, "B5"): None,
            (U, "C6"): "  ",
            (T, "C6"): "\u00a0",
            (A, "B7"): None,
            (N, "J5"): None,
            (P, "C5"): None,
            (P, "C8"): None,
            (P, "C11"): None,
        },
        {
            ("BB01", K, "F5"),
            ("BB01", G, "B5"),
            ("BB01", U, "C6"),
            ("BB01", T, "C6"),
            ("BB01", A, "B7"),
            ("BB01", N, "J5"),
            ("BB01", P, "C5"),
            ("BB01", P, "C8"),
            ("BB01", P, "C11"),
        },
    ),
    "words, numbers and dates": (
        {
            (K, "C5"): "Tháng",
            (A, "C6"): "Cùng làm",
            (N, "D6"): "Số đếm",
            (N, "J6"): "Dồn",
            (M, "D5"): ">",
            (U, "G7"): "năm",
            (U, "G8"): "50%",
            (U, "G5"): -5,
            (N, "I7"): "năm ngoái",
            (M, "C6"): "cao",
            (M, "C8"): "=1+1",  # a formula that no program has computed
            (M, "C11"): "Xong",
            (K, "F5"): "#N/A",
            (K, "F6"): "31/2/2023",
            (T, "D5"): "Quý IV năm 2023",
        },
        {
            ("LC01", K, "C5"),
            ("LC01", A, "C6"),
            ("LC01", N, "D6"),
            ("LC01", N, "J6"),
            ("LC01", M, "D5"),
            ("SO01", U, "G7"),
            ("SO02", U, "G8"),
            ("SO04", U, "G5"),
            ("SO01", N, "I7"),
            ("SO01", M, "C6"),
            ("SO06", M, "C8"),
            ("CT05", M, "C11"),
            ("SO06", K, "F5"),
            ("NG01", K, "F6"),
            ("NG01", T, "D5"),
        },
    ),
    "settings": (
        {(P, "C8"): "hai nghìn", (P, "C11"): "đầu năm", (P, "C12"): "Tùy"},
        {("SO01", P, "C8"), ("NG01", P, "C11"), ("CT05", P, "C12")},
    ),
}


@pytest.mark.parametrize(("cells", "expected"), EACH_CODE.values(), ids=list(EACH_CODE))
def test_each_fault_at_its_cell(faults: Faults, cells: dict[tuple[str, str], Any], expected: set[Fault]) -> None:
    assert set(faults(cells)) == expected


def test_a_message_says_what_was_found(faults: Faults) -> None:
    found = faults(
        {
            (A, "A6"): "Z",
            (M, "B6"): "QUANNG",
            (K, "A6"): "2023-Q1",
            (A, "C8"): "Phối hợp",
            (M, "C5"): 80,
            (M, "A9"): "A.1",
            (U, "A7"): "QUAN",
            (P, "A8"): None,
        }
    )
    for place, message in {
        ("KH01", A, "A6"): "Mã “Z” không có trong sheet “Nhiệm vụ”.",
        ("KH02", K, "A6"): "“2023-Q1” ghi hai lần (đã có ở hàng 5).",
        ("KH04", T, "A6"): "Nhiệm vụ “B” chưa có đơn vị chủ trì.",
        ("KH06", M, "C5"): "Giá trị 8000 % lớn hơn 100 %.",
        ("KH08", N, "A7"): "Chỉ tiêu “A.3” chưa có đơn vị nào báo cáo.",
        ("KH10", U, "A7"): "“QUAN” vừa là mã đơn vị vừa là mã nhóm.",
        ("KH03", P, "year"): "Thiếu “Năm” (year).",
        ("KH01", M, "B6"): "Mã “QUANNG” không có trong sheet “Đơn vị” hoặc “Nhóm đơn vị” (ý bạn là “QUAN”?).",
    }.items():
        assert found[place]["message"].startswith(message)


def test_the_neighbouring_good_cases_load(other_plan_file: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(other_plan_file)
    for (sheet, cell), value in {
        (M, "C8"): 150,  # a count
        (M, "C10"): "150%",  # growth may exceed what was there
        (M, "C6"): 1,
        (N, "G6"): None,  # a count has no denominator
        (K, "F6"): "26/6/2023",  # due on the day of consolidation
        (K, "E5"): "27/3/2023",  # the data end on that day
        (K, "D6"): "14/6/2023",  # a window of one day
    }.items():
        book[sheet][cell] = value
    book.save(tmp_path / "plan.xlsx")
    plan = load_plan(tmp_path / "plan.xlsx")
    assert plan.targets["target"].iloc[[1, 3, 5]].tolist() == [1.0, 150.0, 1.5]
    assert plan.period("2023-Q2").due_on == plan.period("2023-Q2").consolidate_on


def test_all_faults_at_once(faults: Faults) -> None:
    found = faults(
        {
            (P, "C8"): "hai nghìn",
            (P, "C12"): None,
            (K, "F5"): "hôm qua",
            (K, "D6"): "1/7/2023",
            (U, "A7"): "Q 1",
            (U, "E8"): "PHUONG",
            (T, "B5"): None,
            (A, "C8"): "Phối hợp",
            (A, "C6"): "Chỉ đạo",
            (N, "G5"): None,
            (M, "C6"): 80,
            (M, "C11"): "Xong",
        }
    )
    assert set(found) == {
        ("SO01", P, "C8"),
        ("BB01", P, "C12"),
        ("NG01", K, "F5"),
        ("KH05", K, "E6"),
        ("KH09", U, "A7"),
        ("KH01", U, "E8"),
        ("BB01", T, "B5"),
        ("KH04", T, "A6"),
        ("LC01", A, "C6"),
        ("KH07", N, "G5"),
        ("KH06", M, "C6"),
        ("CT05", M, "C11"),
    }


def test_cells_are_those_of_the_officer_s_own_excel(faults: Faults) -> None:
    """After inserted rows and columns."""

    def edit(book: Any) -> None:
        book[U]["E7"] = "PHUONG"
        book[U].insert_rows(6, 2)
        book[U].insert_cols(1)

    assert set(faults(edit=edit)) == {("KH01", U, "F9")}


@pytest.mark.parametrize("lost", [{P}, {K, G, U, T, A, N, M}])
def test_lost_sheets(faults: Faults, lost: set[str]) -> None:
    def edit(book: Any) -> None:
        for sheet in lost:
            del book[sheet]

    assert set(faults(edit=edit)) == {("TT08", sheet, "") for sheet in lost}


def test_lost_columns(faults: Faults) -> None:
    lost = {K: (6, "Hạn đơn vị gửi"), U: (2, "Tên đơn vị"), A: (3, "Vai trò"), N: (4, "Loại chỉ tiêu")}

    def edit(book: Any) -> None:
        for sheet, (column, _) in lost.items():
            book[sheet].delete_cols(column)

    found = faults(edit=edit)
    assert set(found) == {("TT09", sheet, "") for sheet in lost}
    for sheet, (_, title) in lost.items():
        assert f"thiếu cột “{title}”" in found["TT09", sheet, ""]["message"]


def test_lost_sheets_and_columns_at_once(faults: Faults) -> None:
    def edit(book: Any) -> None:
        del book[G]
        book[K].delete_cols(6)

    assert set(faults(edit=edit)) == {("TT08", G, ""), ("TT09", K, "")}


def test_an_empty_sheet_is_no_crash(faults: Faults) -> None:
    """A plan whose units were all deleted: every reference to them is named."""

    def edit(book: Any) -> None:
        book[U].delete_rows(5, 4)

    found = faults(edit=edit)
    assert {("KH01", A, "B5"), ("KH01", N, "K5"), ("KH01", M, "B7")} <= set(found)


@pytest.mark.parametrize("year", ["9" * 400, "2023,5", "0"])
def test_a_year_that_is_none(faults: Faults, year: str) -> None:
    """Nothing is repaired in silence, and no traceback."""
    assert {(sheet, cell) for _, sheet, cell in faults({(P, "C8"): year})} == {(P, "C8")}


def test_the_text_of_the_fault_names_file_sheet_and_cell(other_plan_file: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(other_plan_file)
    book[M]["C6"] = 80
    book.save(tmp_path / "ke-hoach.xlsx")
    with pytest.raises(PlanFaulty) as caught:
        load_plan(tmp_path / "ke-hoach.xlsx")
    lines = str(caught.value).splitlines()
    assert lines[0] == "Kế hoạch ke-hoach.xlsx có 1 lỗi, chưa thể chạy:"
    assert lines[1].startswith("  - sheet “Mục tiêu”, ô C6 (Mục tiêu): Giá trị 8000 % lớn hơn 100 %.")
    assert lines[1].endswith("Gõ kèm dấu %, ví dụ 80%.")
