"""The sheet “Mẫu thư”: read, checked, written back, carried forward; a plan without it uses the shipped wording."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.fields import field_faults
from pipeline.plan.load import PlanFaulty, load_plan
from pipeline.plan.model import Plan
from pipeline.plan.roll import roll_plan
from pipeline.write.plan_book import write_plan
from schemas.letters import BATCHES, FIELDS, WORDING
from schemas.words import LetterKind
from tests.support import PLAN_2021


def edited(source: Path, target: Path, cells: dict[str, Any]) -> Path:
    book = openpyxl.load_workbook(source)
    for cell, value in cells.items():
        book["Mẫu thư"][cell] = value
    book.save(target)
    return target


@pytest.mark.parametrize("kind", LetterKind)
def test_the_shipped_wording_uses_only_its_fields(kind: LetterKind) -> None:
    for text in WORDING[kind]:
        assert field_faults(text, FIELDS[kind]) == []
    assert {"{đơn vị tổng hợp}", "{tệp kèm theo}"} <= {f"{{{name}}}" for name in FIELDS[kind]}


def test_batches_are_named_for_a_folder() -> None:
    assert list(BATCHES) == ["phat-mau", "nhac", "tra-lai", "ket-qua"]


def test_the_shipped_plan_has_the_sheet_with_the_shipped_wording(plan_2021: Plan) -> None:
    assert "Mẫu thư" in openpyxl.load_workbook(PLAN_2021).sheetnames
    shipped = [(kind.value, *WORDING[kind]) for kind in LetterKind]
    assert list(plan_2021.letters[["kind", "subject", "body"]].itertuples(index=False, name=None)) == shipped


def test_a_plan_without_the_sheet_uses_the_shipped_wording(other_plan_file: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(other_plan_file)
    del book["Mẫu thư"]
    book.save(tmp_path / "cu.xlsx")
    plan = load_plan(tmp_path / "cu.xlsx")
    assert list(plan.letters["kind"]) == list(LetterKind)
    write_plan(plan, tmp_path / "moi.xlsx")
    assert "Mẫu thư" in openpyxl.load_workbook(tmp_path / "moi.xlsx").sheetnames


def test_the_officers_wording_is_kept_read_back_and_carried_to_next_year(other_plan_file: Path, tmp_path: Path) -> None:
    own = edited(other_plan_file, tmp_path / "own.xlsx", {"B5": "Mẫu {kỳ báo cáo}", "C5": "Chào {tên đơn vị}\n\nNgắn."})
    plan = load_plan(own)
    assert (plan.letters["subject"][0], plan.letters["body"][0]) == ("Mẫu {kỳ báo cáo}", "Chào {tên đơn vị}\n\nNgắn.")
    write_plan(roll_plan(plan, 2024), tmp_path / "2024.xlsx")
    assert load_plan(tmp_path / "2024.xlsx").letters.equals(plan.letters)


def test_a_kind_that_was_deleted_comes_back_with_its_shipped_wording(other_plan_file: Path, tmp_path: Path) -> None:
    cut = edited(other_plan_file, tmp_path / "cut.xlsx", dict.fromkeys(("A6", "B6", "C6", "D6")))
    assert tuple(load_plan(cut).letters.loc[1, ["subject", "body"]]) == WORDING[LetterKind.REMIND]


@pytest.mark.parametrize(
    ("cells", "code", "cell", "words"),
    [
        ({"C5": "Kính gửi {ten don vi}"}, "TM01", "C5", "Không có trường “{ten don vi}” (ý bạn là “{tên đơn vị}”?)."),
        ({"B8": "Lỗi: {danh sách}"}, "TM01", "B8", "Mẫu thư “Trả lại để sửa” chỉ dùng được các trường: {tên đơn vị},"),
        ({"C5": "{danh sách lỗi}"}, "TM01", "C5", "Không có trường “{danh sách lỗi}”"),
        ({"C9": "Kính gửi {tên đơn vị"}, "TM02", "C9", "Ngoặc nhọn không đủ cặp ở chỗ “Kính gửi {tên đơn vị”."),
        ({"B5": None}, "BB01", "B5", ""),
        ({"A6": "Phát biểu mẫu", "C6": "Chào."}, "KH02", "A6", ""),
        ({"A6": "Thư mời"}, "LC01", "A6", ""),
    ],
)
def test_a_fault_of_the_wording_is_an_issue_with_its_cell(
    cells: dict[str, Any], code: str, cell: str, words: str, other_plan_file: Path, tmp_path: Path
) -> None:
    with pytest.raises(PlanFaulty) as stop:
        load_plan(edited(other_plan_file, tmp_path / "sai.xlsx", cells))
    issues = stop.value.issues
    assert list(issues[["sheet", "cell", "code"]].itertuples(index=False, name=None)) == [("Mẫu thư", cell, code)]
    assert words in issues["message"].iloc[0]
    assert cell in str(stop.value)
