"""The run's diary: what it says, and that running again never changes a byte."""

import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.diary import Diary, Footing, diary_of, keep_diary
from pipeline.errors import CannotRun
from pipeline.plan.load import load_plan
from pipeline.plan.model import Plan
from pipeline.read.diary_sheet import read_diary_rows
from pipeline.run import Outcome, report_again, run_period
from pipeline.summary import summarise
from pipeline.write.plan_book import write_plan
from schemas.diary import DIARY_SHEET
from tests.support import fill
from tests.test_quarter import GOOD, hashes

OLD = Footing(
    date(2023, 3, 27),
    date(2023, 3, 18),
    {"a1": "1"},
    {"VP": "Chưa nộp", "STC": "Đúng hạn", "Q1": "Chưa nộp", "Q2": "Sai kỳ"},
    {"STC": "a1"},
    {"A": "Chưa báo cáo", "B": "Chưa báo cáo"},
    {"A.1|QUAN": "Thiếu số liệu", "C.1|VP": "Thiếu số liệu"},
    "a",
)
HEAD = "So với lần tổng hợp trước (nhận đến ngày 18/03/2023):"


def said(plan: Plan, **changes: Any) -> list[str]:
    return list(keep_diary(Diary(OLD), replace(OLD, **changes), plan).lines)


class TestWords:
    def test_a_first_run_says_nothing(self, other_plan: Plan) -> None:
        assert keep_diary(None, OLD, other_plan) == Diary(OLD)

    def test_the_same_footing_repeats_what_was_said(self, other_plan: Plan) -> None:
        before = Diary(OLD, ("So với lần tổng hợp trước:", "Mới nhận: 1 đơn vị – Văn phòng."))
        assert keep_diary(before, replace(OLD), other_plan) is before

    def test_who_came_in_what_moved_and_who_is_missing(self, other_plan: Plan) -> None:
        lines = said(
            other_plan,
            units=OLD.units | {"VP": "Đúng hạn", "Q1": "Trễ 1 ngày"},
            used={"VP": "b2", "STC": "c3", "Q1": "d4"},
            tasks={"A": "Đang thực hiện (trong hạn)", "B": "Chưa báo cáo", "C": "Chưa báo cáo"},
            results={"A.1|QUAN": "Đạt", "C.1|VP": "Chưa đạt"},
        )
        assert lines == [
            HEAD,
            "Mới nhận: 2 đơn vị – Văn phòng; Quận Một.",
            "Gửi lại, bản mới được tính: 1 đơn vị – Sở Tài chính.",
            "Nhiệm vụ đổi tình trạng: A từ “Chưa báo cáo” thành “Đang thực hiện (trong hạn)”.",
            "Chỉ tiêu đổi kết quả: A.1 – Các quận từ “Thiếu số liệu” thành “Đạt”; "
            "C.1 – VP từ “Thiếu số liệu” thành “Chưa đạt”.",
            "Còn thiếu: 1 đơn vị – Quận Hai.",
        ]

    def test_a_file_that_counts_for_nothing(self, other_plan: Plan) -> None:
        assert said(other_plan, files={"a1": "1", "zz": "1"}) == [
            HEAD,
            "Không có bản nộp mới được tính; không tình trạng, kết quả nào thay đổi.",
            "Còn thiếu: 3 đơn vị – Văn phòng; Quận Một; Quận Hai.",
        ]

    def test_what_no_submission_brought(self, other_plan: Plan) -> None:
        """A decision, the plan, or a correction of an earlier period."""
        assert said(other_plan, told="b") == [
            HEAD,
            "Không có bản nộp mới được tính; có số liệu, khó khăn hoặc căn cứ thay đổi theo quyết định của cán bộ, "
            "kế hoạch hoặc kỳ trước.",
            "Còn thiếu: 3 đơn vị – Văn phòng; Quận Một; Quận Hai.",
        ]

    def test_everyone_is_there(self, other_plan: Plan) -> None:
        lines = said(other_plan, units=dict.fromkeys(OLD.units, "Đúng hạn"), used=OLD.used | {"Q2": "e5"})
        assert lines[1:] == ["Mới nhận: 1 đơn vị – Quận Hai.", "Không còn đơn vị nào thiếu."]

    def test_a_submission_taken_away_and_another_day(self, other_plan: Plan) -> None:
        lines = said(other_plan, used={}, as_of=date(2023, 3, 30))
        assert lines[1:3] == [
            "Không còn bản nộp dùng được: 1 đơn vị – Sở Tài chính.",
            "Ngày xét đổi từ 27/03/2023 thành 30/03/2023.",
        ]

    def test_many_units_are_counted_and_some_named(self, other_plan: Plan) -> None:
        many = other_plan.units.iloc[[0] * 30].assign(
            unit_code=[f"U{n}" for n in range(30)], unit_name=[f"Đơn vị {n}" for n in range(30)]
        )
        plan = replace(other_plan, units=many)
        (line, *_) = said(plan, used=OLD.used | {f"U{n}": "f" for n in range(30)}, units={})[1:]
        assert line.startswith("Mới nhận: 30 đơn vị – Đơn vị 0; Đơn vị 1;")
        assert line.endswith("Đơn vị 11 và 18 đơn vị khác.")


class TestRows:
    @pytest.mark.parametrize("received", [None, date(2023, 3, 18)])
    def test_what_is_recorded_is_read_back(self, received: date | None) -> None:
        diary = Diary(replace(OLD, received=received), (HEAD, "Mới nhận: 1 đơn vị – Văn phòng."))
        assert diary_of(diary.rows()) == diary

    @pytest.mark.parametrize(
        "rows", [[], [("line", "1", "chữ")], [("day", "as_of", "hôm qua")], [("lạ", "x", "y")]], ids=len
    )
    def test_rows_that_are_no_diary(self, rows: list[tuple[str, str, str]]) -> None:
        assert diary_of(rows) is None


# --- over runs ----------------------------------------------------------------------------------------------------


@dataclass
class Office:
    """The small plan; Sở Tài chính has sent, and others may."""

    plan: Path
    templates: Path
    inbox: Path
    out: Path

    def send(self, unit: str, name: str = "", **cells: Any) -> None:
        typed = GOOD if unit == "STC" else {}
        number = {("indicators", "A.1", "numerator"): cells["numerator"]} if cells else {}
        fill(self.templates / f"{unit}.xlsx", self.inbox / f"{name or unit}.xlsx", typed | number)

    def run(self) -> Outcome:
        outcome = run_period(self.plan, "2023-Q1", self.inbox, self.out)
        assert outcome.failed == []
        return outcome

    @property
    def book(self) -> Path:
        return self.out / "tong-hop-2023-Q1.xlsx"


@pytest.fixture
def desk(tmp_path: Path, other_plan_file: Path, other_templates: Path) -> Office:
    made = Office(other_plan_file, other_templates, tmp_path / "inbox", tmp_path / "out")
    made.send("STC")
    return made


def test_the_first_run_has_no_diary_and_running_again_changes_nothing(desk: Office) -> None:
    outcome = desk.run()
    assert outcome.report.diary.lines == ()
    first = hashes(desk.out)
    assert desk.run().report.diary.lines == ()
    assert hashes(desk.out) == first


def test_the_next_day_says_what_came_in_and_says_the_same_when_run_again(desk: Office) -> None:
    desk.run()
    desk.send("Q1")
    outcome = desk.run()
    lines = outcome.report.diary.lines
    assert lines[0] == "So với lần tổng hợp trước (nhận đến ngày 10/03/2023):"
    assert lines[1] == "Mới nhận: 1 đơn vị – Quận Một."
    assert lines[-1] == "Còn thiếu: 2 đơn vị – Văn phòng; Quận Hai."
    second = hashes(desk.out)
    again = desk.run()
    assert again.report.diary == outcome.report.diary
    assert hashes(desk.out) == second
    text = "\n".join(summarise(again))
    assert f"\n{lines[0]}\n  {lines[1]}\n" in text
    overview = [str(row[0].value) for row in openpyxl.load_workbook(desk.book)["Tổng quan"].iter_rows()]
    (heading,) = [at for at, text in enumerate(overview) if text.endswith(lines[0].removesuffix(":"))]
    assert overview[heading + 1] == lines[1]


def test_without_its_output_the_run_is_a_first_run_again(desk: Office, tmp_path: Path) -> None:
    desk.run()
    desk.send("Q1")
    desk.run()
    shutil.rmtree(desk.out)
    desk.run()
    elsewhere = replace(desk, out=tmp_path / "elsewhere")
    elsewhere.run()
    assert hashes(desk.out) == hashes(elsewhere.out)


def test_a_plan_that_moves_no_result_makes_the_workbook_out_of_date(desk: Office, tmp_path: Path) -> None:
    """What is made of the workbook later must not say another target than it does."""
    desk.plan = Path(shutil.copy(desk.plan, tmp_path))
    desk.run()
    report_again(desk.plan, "2023-Q1", desk.inbox, desk.out)
    plan = load_plan(desk.plan)
    write_plan(replace(plan, targets=plan.targets.assign(target=plan.targets["target"] * 0.999)), desk.plan)
    with pytest.raises(CannotRun, match=r"kế hoạch đã thay đổi .* rồi làm lại"):
        report_again(desk.plan, "2023-Q1", desk.inbox, desk.out)
    assert "có số liệu, khó khăn hoặc căn cứ thay đổi" in desk.run().report.diary.lines[1]
    report_again(desk.plan, "2023-Q1", desk.inbox, desk.out)


def test_an_excel_lock_file_in_the_inbox_is_no_change(desk: Office) -> None:
    desk.run()
    desk.send("Q1")
    said = desk.run().report.diary
    (desk.inbox / "~$STC.xlsx").write_bytes(b"lock")
    assert desk.run().report.diary == said


def test_a_workbook_saved_again_by_another_program_keeps_its_diary(desk: Office) -> None:
    desk.run()
    desk.send("Q1")
    said = desk.run().report.diary
    book = openpyxl.load_workbook(desk.book)
    book["Tổng quan"]["M2"] = "ghi thêm"
    book.save(desk.book)
    assert desk.run().report.diary == said


@pytest.mark.parametrize("damage", ["gone", "cut", "older", "renamed", "faulty", "folder"])
def test_an_earlier_workbook_that_says_nothing_is_passed_over(desk: Office, damage: str) -> None:
    desk.run()
    clean = hashes(desk.out)
    if damage == "gone":
        desk.book.unlink()
    elif damage == "folder":
        desk.book.unlink()
        desk.book.mkdir()
        assert read_diary_rows(desk.book) == []
        return
    elif damage == "cut":
        desk.book.write_bytes(desk.book.read_bytes()[:2000])
    else:
        book = openpyxl.load_workbook(desk.book)
        if damage == "older":
            del book[DIARY_SHEET]
        elif damage == "renamed":
            book[DIARY_SHEET]["B1"], book[DIARY_SHEET]["B2"] = "khoa", "khóa khác"
        else:
            book[DIARY_SHEET]["C3"] = "ngày nào đó"
        book.save(desk.book)
    assert desk.run().report.diary.lines == ()
    assert hashes(desk.out) == clean
