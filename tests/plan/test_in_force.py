"""A plan amended in mid-year: each period keeps the plan that was in force."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pipeline.brief.blocks import Heading
from pipeline.brief.obstacles import difficulty_blocks
from pipeline.plan.load import PlanFaulty, load_plan
from pipeline.plan.model import Plan
from pipeline.plan.roll import roll_plan
from pipeline.write.difficulty_list import LIST_SHEET, NO_TASK
from pipeline.write.plan_book import write_plan
from schemas.columns import records
from schemas.words import Comparison, Role
from tests.support import small_plan, table_values
from tests.year_support import Year, difficulty, figure, periods, state, year_plan

TS = pd.Timestamp
JULY, JUNE = TS("2023-07-01"), TS("2023-06-30")
BASE = small_plan()


def rows(name: str) -> list[dict[str, Any]]:
    return [
        {key: None if pd.isna(value) else value for key, value in row.items()} for row in records(getattr(BASE, name))
    ]


def ended(table: str, key: str, code: str, **more: Any) -> list[dict[str, Any]]:
    """The table's rows, that of ``code`` holding until the end of June."""
    return [row | ({"valid_to": JUNE} | more if row[key] == code else {}) for row in rows(table)]


MERGED = {
    # Q1 and Q2 become one district from July on.
    "units": [
        *(
            row | ({"valid_to": JUNE, "successor": "Q12"} if row["unit_code"] in ("Q1", "Q2") else {})
            for row in rows("units")
        ),
        {
            "unit_code": "Q12",
            "unit_name": "Quận Một Hai",
            "short_name": "Quận 12",
            "unit_group": "QUAN",
            "valid_from": JULY,
        },
    ]
}
RENAMED = {
    "units": [
        *ended("units", "unit_code", "STC"),
        rows("units")[1] | {"unit_name": "Sở Tài chính - Kế hoạch", "valid_from": JULY},
    ]
}
ADDED = {
    "tasks": [*rows("tasks"), {"task_code": "D", "task_title": "Việc thêm", "content": "Thêm.", "valid_from": JULY}],
    "assignments": [*rows("assignments"), {"task_code": "D", "assignee": "VP", "role": Role.LEAD}],
}
RAISED = {
    "targets": [
        *(
            row | ({"valid_to": JUNE} if (row["indicator_code"], row["assignee"]) == ("A.1", "QUAN") else {})
            for row in rows("targets")
        ),
        {
            "indicator_code": "A.1",
            "assignee": "QUAN",
            "target": 0.9,
            "comparison": Comparison.AT_LEAST,
            "valid_from": JULY,
        },
    ]
}

ENDED_UNIT = {"units": ended("units", "unit_code", "Q2")}


def loaded(folder: Path, changes: Mapping[str, Sequence[Mapping[str, Any]]]) -> Plan:
    write_plan(year_plan(**changes), folder / "plan.xlsx")
    return load_plan(folder / "plan.xlsx")


def at(plan: Plan, period: str) -> Plan:
    return plan.in_force(plan.period(period).data_to)


def test_a_plan_without_dates_is_in_force_as_it_is() -> None:
    plan = year_plan()
    assert plan.in_force(date(2023, 6, 14)) is plan
    assert plan.heirs == {code: code for code in ("VP", "STC", "Q1", "Q2")}


def test_a_merged_unit(tmp_path: Path) -> None:
    plan = loaded(tmp_path, MERGED)
    assert list(at(plan, "2023-Q2").units["unit_code"]) == ["VP", "STC", "Q1", "Q2"]
    after = at(plan, "2023-Q3")
    assert list(after.units["unit_code"]) == ["VP", "STC", "Q12"]
    assert {code: after.heirs[code] for code in ("Q1", "Q2", "Q12", "VP")} == {
        "Q1": "Q12",
        "Q2": "Q12",
        "Q12": "Q12",
        "VP": "VP",
    }
    assert set(after.targets["assignee"]) == {"SO", "QUAN", "STC", "VP"}, "the target of Q2 alone falls with it"
    assert set(after.expected_figures["unit_code"]) == {"VP", "STC", "Q12"}


def test_a_renamed_unit(tmp_path: Path) -> None:
    plan = loaded(tmp_path, RENAMED)
    assert at(plan, "2023-Q2").unit_names["STC"] == "Sở Tài chính"
    assert at(plan, "2023-Q3").unit_names["STC"] == "Sở Tài chính - Kế hoạch"


def test_an_added_task(tmp_path: Path) -> None:
    plan = loaded(tmp_path, ADDED)
    assert "D" not in set(at(plan, "2023-Q2").expected_tasks["task_code"])
    assert "D" in set(at(plan, "2023-Q3").expected_tasks["task_code"])


def test_a_task_that_ends_takes_its_indicators_along(tmp_path: Path) -> None:
    plan = loaded(tmp_path, {"tasks": ended("tasks", "task_code", "A")})
    after = at(plan, "2023-Q3")
    assert set(after.indicators["task_code"]) == {"B", "C"}
    assert set(after.targets["indicator_code"]) == {"B.1", "C.1"}
    assert set(after.assignments["task_code"]) == {"B", "C"}


def test_an_indicator_whose_targets_all_end_is_dropped(tmp_path: Path) -> None:
    plan = loaded(tmp_path, {"targets": ended("targets", "indicator_code", "A.2")})
    assert set(at(plan, "2023-Q2").indicators["indicator_code"]) == {"A.1", "A.2", "A.3", "B.1", "C.1"}
    after = at(plan, "2023-Q3")
    assert set(after.indicators["indicator_code"]) == {"A.1", "A.3", "B.1", "C.1"}
    assert set(after.expected_figures["indicator_code"]) == {"A.1", "A.3", "B.1", "C.1"}
    assert set(after.tasks["task_code"]) == {"A", "B", "C"}


def test_a_year_in_which_an_indicator_is_dropped(tmp_path: Path) -> None:
    made = Year(tmp_path, year_plan(targets=ended("targets", "indicator_code", "A.2")))
    made.send("2023-Q2", {"Q1": state("A") | figure("A.2", 5)})
    made.send("2023-Q3", {"Q1": state("A") | figure("A.1", 5, 9)})
    for period, asked in (("2023-Q2", True), ("2023-Q3", False), ("2023-NAM", False)):
        made.run(period)
        told = {row["indicator_code"] for row in table_values(made.book(period), "Chi tiết chỉ tiêu")}
        assert ("A.2" in told) == asked, period


def test_a_changed_target(tmp_path: Path) -> None:
    plan = loaded(tmp_path, RAISED)
    for period, target in (("2023-Q2", 0.8), ("2023-Q3", 0.9)):
        figures = at(plan, period).expected_figures
        mine = figures[(figures["unit_code"] == "Q1") & (figures["indicator_code"] == "A.1")]
        assert mine["target"].tolist() == [target]


def test_an_accountable_unit_and_the_owner_pass_to_the_successor(tmp_path: Path) -> None:
    units = [
        *ended("units", "unit_code", "STC", successor="SKT"),
        rows("units")[1]
        | {"unit_code": "SKT", "unit_name": "Sở Kinh tế", "short_name": "Sở KT", "aliases": None, "valid_from": JULY},
    ]
    assignments = [*rows("assignments"), {"task_code": "A", "assignee": "SKT", "role": Role.LEAD}]
    targets = [*rows("targets"), {"indicator_code": "A.3", "assignee": "SKT", "target": 0.2}]
    plan = loaded(tmp_path, {"units": units, "assignments": assignments, "targets": targets})
    after = at(plan, "2023-Q3")
    assert after.settings.consolidated_by == "SKT"
    assert set(after.indicators.loc[after.indicators["task_code"] == "A", "accountable"]) == {"SKT"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"units": [*rows("units"), rows("units")[1]]}, "KH02"),
        ({"units": [*rows("units"), rows("units")[1] | {"valid_from": JULY}]}, "KH02"),
        ({"units": ended("units", "unit_code", "VP")}, "KH04"),
        ({"units": ended("units", "unit_code", "Q1", successor="XX")}, "KH01"),
        ({"tasks": ended("tasks", "task_code", "B", valid_from=JULY)}, "KH12"),
        ({"units": ended("units", "unit_code", "STC")}, "KH14"),
    ],
    ids=[
        "twice",
        "twice from July on",
        "a task loses its lead",
        "an unknown successor",
        "ends before it starts",
        "nobody answers",
    ],
)
def test_a_plan_is_checked_as_it_stands_in_every_period(changes: Any, code: str, tmp_path: Path) -> None:
    with pytest.raises(PlanFaulty) as error:
        loaded(tmp_path, changes)
    assert code in set(error.value.issues["code"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        # The unit has ended; the row that names it has not.
        ({"units": ended("units", "unit_code", "VP")}, "Nhiệm vụ “B” chưa có đơn vị chủ trì từ kỳ 2023-DX1."),
        (
            {"units": ended("units", "unit_code", "STC", successor="VP")},
            "Chỉ tiêu “A.3” chưa có đơn vị nào báo cáo từ kỳ 2023-DX1.",
        ),
        # There never was one.
        (
            ENDED_UNIT | {"assignments": [row for row in rows("assignments") if row["task_code"] != "B"]},
            "Nhiệm vụ “B” chưa có đơn vị chủ trì.",
        ),
        (
            ENDED_UNIT | {"targets": [row for row in rows("targets") if row["indicator_code"] != "A.2"]},
            "Chỉ tiêu “A.2” chưa có đơn vị nào báo cáo.",
        ),
    ],
    ids=["no lead from July on", "no reporter from July on", "never a lead", "never a reporter"],
)
def test_a_fault_of_a_part_of_the_year_names_the_period(changes: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(PlanFaulty) as error:
        loaded(tmp_path, changes)
    assert message in error.value.issues["message"].str.split(" Mỗi ").str[0].tolist()


@pytest.mark.parametrize(("typed", "read"), [("25%", 0.25), (0.4, 0.4), (None, 0.3), ("30 %", 0.3)])
def test_the_threshold_of_a_jump(typed: Any, read: float, tmp_path: Path) -> None:
    assert load_plan(threshold(tmp_path, typed)).settings.rate_jump == read


@pytest.mark.parametrize(("typed", "code"), [(30, "KH13"), (0, "KH13"), ("nhiều", "SO01")])
def test_a_threshold_that_is_no_share(typed: Any, code: str, tmp_path: Path) -> None:
    with pytest.raises(PlanFaulty) as error:
        load_plan(threshold(tmp_path, typed))
    assert error.value.issues["code"].tolist() == [code]


def threshold(folder: Path, typed: Any) -> Path:
    path = folder / "plan.xlsx"
    write_plan(BASE, path)
    book = openpyxl.load_workbook(path)
    sheet = book["Kế hoạch"]
    [row] = [row for row in sheet.iter_rows() if row[0].value == "rate_jump"]
    row[2].value = typed
    book.save(path)
    return path


def test_next_years_plan_starts_from_what_holds_at_the_end(tmp_path: Path) -> None:
    plan = roll_plan(loaded(tmp_path, MERGED | RAISED), 2024)
    assert list(plan.units["unit_code"]) == ["VP", "STC", "Q12"]
    quan = plan.targets[(plan.targets["indicator_code"] == "A.1") & (plan.targets["assignee"] == "QUAN")]
    assert quan["target"].tolist() == [0.9]
    assert plan.units[["valid_from", "valid_to", "successor"]].isna().all(axis=None)
    write_plan(plan, tmp_path / "next.xlsx")
    assert list(load_plan(tmp_path / "next.xlsx").units["unit_code"]) == ["VP", "STC", "Q12"]


def test_a_merger_through_the_year(tmp_path: Path) -> None:
    """The new district sees what both told, takes over their difficulties, and the year adds up all three."""
    made = Year(tmp_path, year_plan(**MERGED))
    answer = {("answer", "", "has_difficulty"): "Không"}
    for period, factor in (("2023-Q1", 1), ("2023-Q2", 2)):
        one = state("A") | state("B") | figure("A.1", 10 * factor, 20 * factor) | figure("A.2", 5) | answer
        two = state("A") | state("B") | figure("A.1", 3 * factor, 30 * factor) | figure("A.2", 2) | answer
        if period == "2023-Q2":
            two |= difficulty(0, task_code="A", description="Thiếu máy quét.")
        made.send(period, {"Q1": one, "Q2": two})
    third = state("A") | state("B") | figure("A.1", 40, 50) | figure("A.2", 9) | difficulty(0, state="Đang giải quyết")
    made.send("2023-Q3", {"Q12": third})
    assert sorted(path.name for path in made.templates("2023-Q3").iterdir()) == ["Q12.xlsx", "STC.xlsx", "VP.xlsx"]
    outcome = made.run("2023-Q3")
    [row] = table_values(made.list("2023-Q3"), "Khó khăn")
    assert (row["difficulty_id"], row["unit_code"], row["state"]) == ("2023-Q2-Q2-1", "Q12", "Đang giải quyết")
    assert set(outcome.report.assessment.timeliness["unit_code"]) == {"VP", "STC", "Q12"}
    made.run("2023-NAM")
    figures = {
        row["indicator_code"]: row
        for row in table_values(made.book("2023-NAM"), "Chi tiết chỉ tiêu")
        if row["unit_code"] == "Q12"
    }
    assert (figures["A.1"]["numerator"], figures["A.1"]["denominator"]) == (
        10 + 20 + 3 + 6 + 40,
        20 + 40 + 30 + 60 + 50,
    )
    assert figures["A.2"]["numerator"] == 5 + 5 + 2 + 2 + 9
    assert figures["A.2"]["note"] == "Cộng quý I, quý II, quý III; thiếu quý IV."
    before = table_values_of_earlier(made)
    assert before == {"Q1", "Q2", "VP", "STC"}, "earlier periods keep the plan that was in force"


def table_values_of_earlier(made: Year) -> set[str]:
    made.run("2023-Q2")
    return {row["unit_code"] for row in table_values(made.book("2023-Q2"), "Tình hình nộp")}


def test_what_the_merged_units_told_stands_in_the_template_as_one(tmp_path: Path) -> None:
    from tests.test_history import cells

    made = Year(tmp_path, year_plan(**MERGED))
    made.send("2023-Q2", {"Q1": figure("A.1", 10, 20), "Q2": figure("A.1", 5, 30)})
    rows = cells(made.templates("2023-Q3") / "Q12.xlsx", "indicators", "indicator_code")
    assert rows["A.1"]["previous_rate"] == "30 % (15/50)"


def test_what_only_one_of_the_merged_units_told_says_whose_it_is(tmp_path: Path) -> None:
    from tests.test_history import cells

    made = Year(tmp_path, year_plan(**MERGED))
    made.send("2023-Q1", {"Q1": figure("A.1", 10, 20) | figure("A.2", 5)})
    made.send("2023-Q2", {"Q1": figure("A.1", "mười", 20), "Q2": figure("A.1", 5, 30)})
    rows = cells(made.templates("2023-Q3") / "Q12.xlsx", "indicators", "indicator_code")
    assert rows["A.1"]["previous_rate"] == "16,67 % (5/30) (chỉ Quận 2)"
    assert rows["A.2"]["previous_rate"] == "5 (chỉ Quận 1; Quý I)"


def test_the_periods_are_those_of_the_year() -> None:
    assert {row["period_code"] for row in periods()} >= {"2023-Q1", "2023-NAM"}


def test_what_is_left_of_a_task_that_has_ended(tmp_path: Path) -> None:
    """Its difficulty is answered without an error, and stands under its title; no new one can be of it."""
    made = Year(tmp_path, year_plan(tasks=ended("tasks", "task_code", "A")))
    made.send("2023-Q2", {"Q1": state("A") | difficulty(0, task_code="A", description="Thiếu máy quét.")})
    again = difficulty(0, state="Đang giải quyết") | difficulty(1, task_code="A", description="Thiếu người.")
    made.send("2023-Q3", {"Q1": state("B") | again})
    outcome = made.run("2023-Q3")
    refused = table_values(made.book("2023-Q3"), "Lỗi dữ liệu")
    assert [(row["code"], row["cell"]) for row in refused if row["severity"] == "Lỗi"] == [("LC01", "B11")]
    told = {row["description"]: row for row in table_values(made.list("2023-Q3"), "Khó khăn")}
    assert (told["Thiếu máy quét."]["task_code"], told["Thiếu máy quét."]["state"]) == ("A", "Đang giải quyết")
    assert told["Thiếu người."]["task_code"] != "A"
    headings = [block.text for block in difficulty_blocks(outcome.report) if isinstance(block, Heading)]
    assert headings == [
        "1. Nhiệm vụ A – Số hóa hồ sơ (01 khó khăn, vướng mắc)",
        "2. Chưa ghi nhiệm vụ (01 khó khăn, vướng mắc)",
    ]
    listed = first_column(made.list("2023-Q3"), LIST_SHEET)
    titles = ["A. Số hóa hồ sơ", "Cộng nhiệm vụ A", "B. Họp trực tuyến", "C. Kết nối", NO_TASK]
    assert [title for title in listed if title in titles] == titles


def test_a_difficulty_of_a_task_that_only_the_merged_unit_had(tmp_path: Path) -> None:
    """STC alone leads C beside VP; its heir Q1 has no part in C, and answers for what it takes over."""
    targets = [*rows("targets"), {"indicator_code": "A.3", "assignee": "Q1", "target": 0.2}]
    assignments = [*rows("assignments"), {"task_code": "A", "assignee": "Q1", "role": Role.LEAD, "valid_from": JULY}]
    units = ended("units", "unit_code", "STC", successor="Q1")
    made = Year(tmp_path, year_plan(units=units, targets=targets, assignments=assignments))
    made.send("2023-Q2", {"STC": state("C") | difficulty(0, task_code="C", description="Thiếu đường truyền.")})
    made.send("2023-Q3", {"Q1": state("A") | difficulty(0, state="Đã giải quyết")})
    made.run("2023-Q3")
    assert "LC01" not in {row["code"] for row in table_values(made.book("2023-Q3"), "Lỗi dữ liệu")}
    [told] = table_values(made.list("2023-Q3"), "Khó khăn")
    assert (told["unit_code"], told["task_code"], told["state"]) == ("Q1", "C", "Đã giải quyết")


def first_column(path: Path, sheet: str) -> list[Any]:
    return [row[0] for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]
