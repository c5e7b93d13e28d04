"""Submissions that were once misread, lost a word, or stopped the run: each as it came, and what must become of it."""

import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.run import Outcome, run_period
from tests.support import fill, table_values
from tests.year_support import Year, difficulty, figure, state

NONE = {("answer", "", "has_difficulty"): "Không"}
STC = state("A") | state("C") | figure("A.1", 30, 40) | figure("A.3", 40, 100) | NONE
Q1 = state("A") | state("B") | figure("A.1", 30, 40) | figure("A.2", 7) | NONE
RAISED = difficulty(0, task_code="A", description="Thiếu máy quét.", cause="Chưa mua.")


@pytest.fixture
def year(tmp_path: Path) -> Year:
    return Year(tmp_path)


def codes(outcome: Outcome, unit: str = "") -> list[str]:
    rows = outcome.report.issues
    return list(rows.loc[rows["unit_code"] == unit, "code"] if unit else rows["code"])


def lives(outcome: Outcome) -> list[dict[str, Any]]:
    return outcome.report.facts.difficulties.to_dict("records")


def rewrite(path: Path, part: str, pattern: str, by: str) -> None:
    """The part of the package with the first match replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    made, count = re.subn(pattern, by, parts[part].decode(), count=1)
    assert count
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {part: made.encode()}).items():
            archive.writestr(name, content)


@pytest.mark.parametrize("value", ["1E+999", "-1E+999", "NaN"])
def test_a_number_that_is_none_costs_its_cell_only(year: Year, value: str) -> None:
    year.send("2023-Q1", {"STC": STC, "Q1": Q1})
    rewrite(year.inbox("2023-Q1") / "STC.xlsx", "xl/worksheets/sheet3.xml", r"<v>30</v>", f"<v>{value}</v>")
    outcome = year.run("2023-Q1")
    figures = outcome.report.facts.figures.set_index(["unit_code", "indicator_code"])
    assert figures.at[("Q1", "A.1"), "numerator"] == 30
    assert figures.at[("STC", "A.1"), "reported"] == "Không"
    assert figures.at[("STC", "A.3"), "reported"] == "Có"
    assert {"SO01", "SO06"} & set(codes(outcome, "STC"))


def test_a_moment_at_the_end_of_time_costs_nothing(year: Year) -> None:
    year.send("2023-Q1", {"STC": STC, "Q1": Q1})
    rewrite(year.inbox("2023-Q1") / "STC.xlsx", "docProps/core.xml", r"2023-03-\d\dT[\d:]+", "9999-12-31T23:59:59")
    rows = year.run("2023-Q1").report.assessment.timeliness.set_index("unit_code")
    assert (rows.at["STC", "timeliness"], rows.at["Q1", "timeliness"]) == ("Không rõ ngày nhận", "Đúng hạn")


def test_a_report_date_with_a_time_is_a_date(year: Year) -> None:
    year.send("2023-Q1", {"STC": STC | {("info", "report_date", "value"): datetime(2023, 3, 11, 10, 30)}})
    assert "NG01" not in codes(year.run("2023-Q1"))


class TestDifficulties:
    def test_one_that_is_answered_by_a_word_for_none_keeps_its_text(self, year: Year) -> None:
        year.send("2023-Q1", {"STC": STC | RAISED})
        year.send("2023-Q2", {"STC": STC | difficulty(0, description="Không", state="Đã giải quyết")})
        [row] = lives(year.run("2023-Q2"))
        assert (row["description"], row["state"]) == ("Thiếu máy quét.", "Đã giải quyết")

    @pytest.mark.parametrize(
        ("field", "typed", "code"),
        [("description", None, "BB01"), ("description", "x" * 5001, "CH01"), ("task_code", "zzz", "LC01")],
    )
    def test_a_cell_that_is_refused_leaves_what_was_said_before(
        self, year: Year, field: str, typed: Any, code: str
    ) -> None:
        year.send("2023-Q1", {"STC": STC | RAISED})
        year.send("2023-Q2", {"STC": STC | difficulty(0, **{field: typed, "state": "Đang giải quyết"})})
        outcome = year.run("2023-Q2")
        [row] = lives(outcome)
        assert (row["task_code"], row["description"], row["state"]) == ("A", "Thiếu máy quét.", "Đang giải quyết")
        assert code in codes(outcome, "STC")

    def test_the_same_id_twice_is_one_life(self, year: Year) -> None:
        year.send("2023-Q1", {"STC": STC | RAISED})
        year.send("2023-Q2", {"STC": STC | difficulty(0, state="Đã giải quyết")})
        path = year.inbox("2023-Q2") / "STC.xlsx"
        book = openpyxl.load_workbook(path)
        sheet = book["Khó khăn"]
        [first] = [cell.row for cell in sheet["A"] if cell.value == "2023-Q1-STC-1"]
        for cell in sheet[first]:
            sheet.cell(first + 1, cell.column).value = cell.value
        [state_column] = [cell.column for cell in sheet[first] if cell.value == "Đã giải quyết"]
        sheet.cell(first + 1, state_column).value = "Đang giải quyết"
        book.save(path)
        outcome = year.run("2023-Q2")
        [row] = lives(outcome)
        assert (row["difficulty_id"], row["state"]) == ("2023-Q1-STC-1", "Đã giải quyết")
        assert "DG02" in codes(outcome, "STC")

    def test_a_question_that_was_deleted_is_missed(self, year: Year) -> None:
        year.send("2023-Q1", {"STC": STC})
        path = year.inbox("2023-Q1") / "STC.xlsx"
        book = openpyxl.load_workbook(path)
        for row in book["Khó khăn"].iter_rows(min_row=1, max_row=8):
            for cell in row:
                if cell.value == "Không" or str(cell.value).startswith("Trong kỳ, đơn vị"):
                    cell.value = None
        book.save(path)
        outcome = year.run("2023-Q1")
        assert "DG04" in codes(outcome, "STC")
        assert "Trả lời" in " ".join(outcome.report.issues["message"])

    def test_a_sheet_that_is_gone_is_missed_once(self, year: Year) -> None:
        year.send("2023-Q1", {"STC": STC})
        path = year.inbox("2023-Q1") / "STC.xlsx"
        book = openpyxl.load_workbook(path)
        del book["Khó khăn"]
        book.save(path)
        assert codes(year.run("2023-Q1"), "STC").count("TT08") == 1


class TestOfTheOfficer:
    """What only the officer can settle."""

    def test_a_dispute_is_no_fault_of_the_unit(self, year: Year) -> None:
        year.send("2023-Q1", {"STC": STC})
        inbox = year.inbox("2023-Q1")
        fill(inbox / "STC.xlsx", inbox / "khác.xlsx", figure("A.1", 31, 40), datetime(2023, 3, 17, 9))
        outcome = year.run("2023-Q1")
        assert codes(outcome, "STC") == ["TT07"]
        assert not [path for path in outcome.written if path.parent.name == "tra-lai"]

    def test_errors_of_nobody_are_not_counted_as_the_units(self, year: Year) -> None:
        year.send("2023-Q1", {"STC": STC})
        (year.inbox("2023-Q1") / "thu.eml").write_text(
            "From: a@b.vn\nSubject: x\nDate: Mon, 6 Mar 2023 08:00:00 +0700\n\nx"
        )
        outcome = year.run("2023-Q1")
        assert codes(outcome) == ["TT14"]
        overview = openpyxl.load_workbook(year.book("2023-Q1"))["Tổng quan"]
        said = [cell.value for row in overview for cell in row if isinstance(cell.value, str)]
        assert any("Lỗi dữ liệu đơn vị cần sửa: 0" in text for text in said)


def test_the_lead_that_has_finished_need_not_explain(year: Year) -> None:
    done = state("C", "Hoàn thành", completed_on="1/12/2023") | state("A") | state("B") | NONE
    late = difficulty(0, task_code="C", description="Chậm đấu thầu.")
    year.send("2023-Q4", {"VP": done | figure("B.1", 45, 100) | figure("C.1", "Có"), "STC": STC | late})
    outcome = year.run("2023-Q4")
    after = outcome.report.as_of + timedelta(days=30)
    report = run_period(year.file, "2023-Q4", year.inbox("2023-Q4"), year.root / "out", after).report
    assert "C" not in set(report.assessment.explanations["task_code"])
    [status] = [
        row for row in table_values(year.root / "out" / "tong-hop-2023-Q4.xlsx", "Nhiệm vụ") if row["task_code"] == "C"
    ]
    assert status["status"] == "Đang thực hiện (quá hạn)"
    assert "Cần giải trình" not in status["alerts"]


class TestExpected:
    def test_an_annual_sum_is_told_to_differ_only_where_every_quarter_is_there(self, year: Year) -> None:
        for period in ("2023-Q1", "2023-Q2", "2023-Q4"):
            year.send(period, {"Q1": Q1})
        year.send("2023-NAM", {"Q1": Q1 | figure("A.2", 28)})
        assert "LK08" not in codes(year.run("2023-NAM"))
        year.send("2023-Q3", {"Q1": Q1 | figure("A.2", 8)})
        assert "LK08" in codes(year.run("2023-NAM"))

    def test_only_a_quarter_is_held_to_its_own_value(self, year: Year) -> None:
        """A.2 must reach 120; the plan asks 40 of quarter I."""
        for period, value in (("2023-Q1", 40.0), ("2023-NAM", 120.0)):
            year.send(period, {"Q1": Q1})
            results = year.run(period).report.assessment.results.set_index("indicator_code")
            assert results.at["A.2", "expected"] == value
