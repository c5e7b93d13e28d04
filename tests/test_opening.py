"""What is open when a year ends is open when the next begins, whatever its units say or do not say."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import CannotRun
from pipeline.history import read_history
from pipeline.opening import opening_lines, with_opening
from pipeline.plan.roll import roll_plan
from pipeline.write.plan_book import write_plan
from schemas.columns import records
from tests.support import table_values
from tests.test_history import STC, TWO, cells
from tests.year_support import Year, difficulty, state, year_plan

NAMES = ("difficulty_id", "state", "update", "first_period", "periods_open")
NONE = {("answer", "", "has_difficulty"): "Không"}


def next_year(root: Path) -> Year:
    """The year 2024 beside 2023, in which STC raised two difficulties in quarter I and resolved the first in quarter
    IV, and VP one in quarter III."""
    old = Year(root)
    old.send("2023-Q1", {"STC": STC | TWO})
    old.send("2023-Q3", {"VP": state("B") | difficulty(0, task_code="B", description="Thiếu người.")})
    old.send("2023-Q4", {"STC": STC | difficulty(0, state="Đã giải quyết")})
    (root / "input/2023").mkdir()
    shutil.copy(old.file, root / "input/2023/ke-hoach.xlsx")
    made = Year(root, roll_plan(old.plan, 2024))
    made.plan = with_opening(made.plan, root / "input")
    return made


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """In 2024 only STC reports: it resolves what is left in quarter I and raises another."""
    made = next_year(tmp_path_factory.mktemp("years"))
    both = difficulty(0, state="Đã giải quyết") | difficulty(1, task_code="A", description="Mất điện.")
    made.send("2024-Q1", {"STC": STC | both})
    made.send("2024-Q2", {"STC": STC | NONE})
    assert made.run("2024-Q1").failed == made.run("2024-Q2").failed == []
    return made


def told(year: Year, period: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in NAMES) for row in table_values(year.list(period), "Khó khăn"))


def test_the_first_template_holds_what_last_year_left_open(year: Year) -> None:
    folder = year.templates("2024-Q1")
    rows = cells(folder / "STC.xlsx", "difficulties", "difficulty_id")
    assert {key: (row["description"], row["previous_state"], row["state"]) for key, row in rows.items()} == {
        "2023-Q1-STC-2": ("Chưa có quy chế kết nối.", "Chưa giải quyết; nêu từ Quý I năm 2023", None)
    }
    assert list(cells(folder / "VP.xlsx", "difficulties", "difficulty_id")) == ["2023-Q3-VP-1"]
    assert cells(folder / "STC.xlsx", "indicators", "indicator_code")["A.3"]["previous_rate"] == "Chưa có"


def test_ids_first_periods_and_counts_go_on_and_silence_closes_none(year: Year) -> None:
    assert told(year, "2024-Q1") == [
        ("2023-Q1-STC-2", "Đã giải quyết", "Có cập nhật", "Quý I năm 2023", 5),
        ("2023-Q3-VP-1", "Chưa giải quyết", "Không cập nhật", "Quý III năm 2023", 3),
        ("2024-Q1-STC-1", "Chưa giải quyết", "Mới nêu", "Quý I", 1),
    ]
    assert told(year, "2024-Q2") == [
        ("2023-Q3-VP-1", "Chưa giải quyết", "Không cập nhật", "Quý III năm 2023", 4),
        ("2024-Q1-STC-1", "Chưa giải quyết", "Không cập nhật", "Quý I", 2),
    ]
    codes = {row["code"] for row in table_values(year.book("2024-Q1"), "Lỗi dữ liệu")}
    assert not codes & {"LK06", "LK07", "LK09", "LK10"}


def test_the_oldest_come_first(year: Year) -> None:
    rows = table_values(year.book("2024-Q2"), "Khó khăn")
    assert [row["difficulty_id"] for row in rows] == ["2023-Q3-VP-1", "2024-Q1-STC-1"]


def test_an_id_of_last_year_is_kept_where_that_year_is_gone(year: Year, tmp_path: Path) -> None:
    shutil.copytree(year.inbox("2024-Q1"), tmp_path / "input/2024-Q1")
    alone = Year(tmp_path, roll_plan(year_plan(), 2024))
    alone.run("2024-Q1")
    assert told(alone, "2024-Q1")[0] == ("2023-Q1-STC-2", "Đã giải quyết", "Mới nêu", "Quý I năm 2023", 5)
    codes = {row["code"] for row in table_values(alone.book("2024-Q1"), "Lỗi dữ liệu")}
    assert not codes & {"LK06", "LK07"}


def test_how_many_and_where_they_are_listed_is_told(year: Year, tmp_path: Path) -> None:
    [line] = opening_lines(year.plan, Path("output"))
    assert line.startswith("Cuối năm 2023 còn 2 khó khăn, vướng mắc chưa giải quyết xong")
    assert str(Path("output/2023-Q4/kho-khan-vuong-mac-2023-Q4.xlsx")) in line
    assert opening_lines(year_plan(), Path("output")) == []
    annual = tmp_path / "2023-NAM" / "kho-khan-vuong-mac-2023-NAM.xlsx"
    annual.parent.mkdir()
    annual.touch()
    assert str(annual) in opening_lines(year.plan, tmp_path)[0]


def test_an_annual_report_has_the_last_word(tmp_path: Path) -> None:
    made = next_year(tmp_path)
    old = Year(tmp_path)
    old.send("2023-NAM", {"STC": STC | difficulty(0, state="Đã giải quyết")})
    plan = with_opening(made.plan, tmp_path / "input")
    assert plan.opening is not None
    assert plan.opening.period_code == "2023-NAM"
    assert [row["difficulty_id"] for row in records(plan.opening.lives)] == ["2023-Q3-VP-1"]


def test_units_and_tasks_that_the_new_plan_lacks(tmp_path: Path) -> None:
    made = next_year(tmp_path)
    units, tasks = made.plan.units, made.plan.tasks
    fewer = replace(made.plan, units=units[units["unit_code"] != "VP"], tasks=tasks[tasks["task_code"] != "C"])
    plan = with_opening(fewer, tmp_path / "input")
    assert plan.opening is not None
    assert [(row["difficulty_id"], row["task_code"]) for row in records(plan.opening.lives.fillna(""))] == [
        ("2023-Q1-STC-2", "")
    ]
    kept, left = opening_lines(plan, Path("output"))
    assert kept.startswith("Cuối năm 2023 còn 1 khó khăn")
    assert left.startswith("1 khó khăn, vướng mắc cuối năm 2023 là của đơn vị không có trong kế hoạch năm 2024")


def test_a_plan_of_last_year_that_is_faulty_is_named(tmp_path: Path) -> None:
    path = tmp_path / "input/2023/ke-hoach.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    (tmp_path / "input/2023-Q1").mkdir()
    (tmp_path / "input/2023-Q1/STC.xlsx").write_bytes(b"")
    with pytest.raises(CannotRun, match=r"năm trước theo .*2023.ke-hoach\.xlsx"):
        with_opening(roll_plan(year_plan(), 2024), tmp_path / "input")


def test_nothing_is_taken_over_from_a_year_without_submissions(tmp_path: Path) -> None:
    plan = roll_plan(year_plan(), 2024)
    assert with_opening(plan, tmp_path).opening is None
    (tmp_path / "2023").mkdir()
    write_plan(year_plan(), tmp_path / "2023/ke-hoach.xlsx")
    assert with_opening(plan, tmp_path).opening is None
    assert read_history(plan, plan.period("2024-Q1"), tmp_path) == ()
