"""Next year's plan from this year's."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.plan.load import load_plan
from pipeline.plan.model import Plan
from pipeline.plan.roll import roll_plan, texts_of_earlier_years
from pipeline.write.plan_book import write_plan
from schemas.columns import records
from schemas.plan import TABLES
from schemas.words import PeriodKind
from tests.support import small_plan

DATES = ("data_from", "data_to", "due_on", "consolidate_on")


def days(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The dates of each period, dd/mm/yyyy."""
    return {row["period_code"]: tuple(f"{row[name]:%d/%m/%Y}" for name in DATES) for row in records(plan.periods)}


def period(
    code: str, start: str, end: str, due: str, consolidate: str, kind: str = PeriodKind.QUARTER
) -> dict[str, Any]:
    dates = dict(zip(DATES, map(pd.Timestamp, (start, end, due, consolidate)), strict=True))
    return {"period_code": code, "period_name": f"Kỳ {code}", "kind": kind} | dates


@pytest.fixture(scope="module")
def plan_2024(plan_2021: Plan) -> Plan:
    return roll_plan(plan_2021, 2024)


def test_settings_of_the_new_year(plan_2021: Plan, plan_2024: Plan) -> None:
    settings = plan_2024.settings
    assert (settings.year, settings.plan_code, settings.plan_number) == (2024, "KH1250-2024", "")
    assert settings.starts_on == date(2024, 1, 1)
    assert "giao năm 2024" in settings.title
    assert (settings.consolidated_by, settings.place) == (plan_2021.settings.consolidated_by, "Hậu Giang")


def test_periods_of_the_new_year(plan_2024: Plan) -> None:
    """Day 20 and day 25 again: what a weekend made of them in 2021 does not carry over."""
    assert days(plan_2024) == {
        "2024-Q1": ("15/12/2023", "14/03/2024", "20/03/2024", "25/03/2024"),
        "2024-Q2": ("15/03/2024", "14/06/2024", "20/06/2024", "25/06/2024"),
        "2024-Q3": ("15/06/2024", "14/09/2024", "20/09/2024", "25/09/2024"),
        "2024-Q4": ("15/09/2024", "14/12/2024", "20/12/2024", "25/12/2024"),
        "2024-NAM": ("15/12/2023", "14/12/2024", "06/01/2025", "10/01/2025"),  # 5/1/2025 is a Sunday
    }
    names = list(plan_2024.periods["period_name"])
    assert names == [*(f"Quý {n} năm 2024" for n in ("I", "II", "III", "IV")), "Năm 2024"]


@pytest.mark.parametrize("year", [2022, 2023, 2025, 2026, 2028])
def test_due_dates_fall_on_the_first_working_day_from_day_20(plan_2021: Plan, year: int) -> None:
    plan = roll_plan(plan_2021, year)
    quarters = plan.periods[plan.periods["kind"] == PeriodKind.QUARTER]
    for name, day in (("due_on", 20), ("consolidate_on", 25)):
        for month, moved in zip((3, 6, 9, 12), quarters[name], strict=True):
            nominal = pd.Timestamp(year, month, day)
            assert moved == nominal + pd.Timedelta(days={5: 2, 6: 1}.get(nominal.weekday(), 0))


def test_weekends_stand_where_the_plan_does_not_roll_them(other_plan: Plan) -> None:
    """20/3/2027 is a Saturday, 20/6/2027 a Sunday."""
    settled = roll_plan(other_plan, 2027)
    assert [row[2] for row in days(settled).values()] == ["22/03/2027", "21/06/2027"]
    fixed = small_plan()
    object.__setattr__(fixed.settings, "roll_weekends", False)
    assert [row[2] for row in days(roll_plan(fixed, 2027)).values()] == ["20/03/2027", "20/06/2027"]


def test_deadlines_move_by_whole_years(plan_2024: Plan) -> None:
    deadlines = plan_2024.tasks.set_index("task_code")["deadline"]
    assert deadlines["II.3"] == deadlines["II.5"] == pd.Timestamp(2024, 12, 31)
    assert deadlines[["II.1", "II.2", "II.4"]].isna().all()


def test_baselines_of_increases_must_be_entered_anew(other_plan: Plan) -> None:
    rows = [
        row | ({"baseline": 10.0, "baseline_year": 2022} if row["indicator_code"] == "A.2" else {})
        for row in records(other_plan.indicators)
    ]
    plan = small_plan(indicators=rows)
    rolled = roll_plan(plan, 2024).indicators.set_index("indicator_code")
    assert plan.indicators.set_index("indicator_code").loc[["A.3", "B.1"], "baseline"].tolist() == [0.3, 0.4]
    assert rolled.loc[["A.3", "B.1"], "baseline"].isna().all()
    assert rolled.loc[["A.3", "B.1"], "baseline_year"].tolist() == [2023, 2023]
    assert rolled.loc["A.2", ["baseline", "baseline_year"]].tolist() == [10, 2022]  # still what it is the value of


def test_a_due_date_that_was_moved_into_the_next_month_stays_after_its_data(other_plan: Plan) -> None:
    """One quarter's own day is its own; the others keep theirs."""
    rows = [dict(row) for row in records(other_plan.periods)]
    rows[1] |= {"due_on": pd.Timestamp(2023, 7, 4), "consolidate_on": pd.Timestamp(2023, 7, 7)}
    rolled = roll_plan(small_plan(periods=rows), 2024)
    assert days(rolled) == {
        "2024-Q1": ("15/12/2023", "14/03/2024", "20/03/2024", "27/03/2024"),
        "2024-Q2": ("15/03/2024", "14/06/2024", "04/07/2024", "08/07/2024"),  # the 7th is a Sunday
    }


def test_the_end_of_the_month_stays_there() -> None:
    """31/3/2024 is a Sunday, 30/6/2024 too."""
    ends = [
        period("2024-Q1", "2023-12-15", "2024-03-14", "2024-04-01", "2024-04-05"),
        period("2024-Q2", "2024-03-15", "2024-06-14", "2024-07-01", "2024-07-05"),
        period("2024-Q3", "2024-06-15", "2024-09-14", "2024-09-30", "2024-10-04"),
    ]
    plan = small_plan(periods=ends)
    object.__setattr__(plan.settings, "year", 2024)
    assert [row[2] for row in days(roll_plan(plan, 2025)).values()] == ["31/03/2025", "30/06/2025", "30/09/2025"]


def test_what_the_plan_says_of_the_new_year_holds_then() -> None:
    """Two units become one, and a target rises, on 1 January."""
    old, new = pd.Timestamp(2023, 12, 31), pd.Timestamp(2024, 1, 1)
    plan = small_plan()
    units = [dict(row) for row in records(plan.units)]
    for row in units:
        if row["unit_code"] in ("Q1", "Q2"):
            row |= {"valid_to": old, "successor": "Q12"}
    units.append({"unit_code": "Q12", "unit_name": "Quận Mười hai", "short_name": "Q12", "unit_group": "QUAN"})
    units[-1] |= {"valid_from": new}
    targets = [row for row in records(plan.targets) if row["assignee"] != "Q2"]
    for row in targets:
        if (row["indicator_code"], row["assignee"]) == ("A.1", "QUAN"):
            row["valid_to"] = old
    targets.append({"indicator_code": "A.1", "assignee": "QUAN", "target": 0.9, "valid_from": new})
    assignments = [row for row in records(plan.assignments) if row["assignee"] not in ("Q1", "Q2")]
    rolled = roll_plan(small_plan(units=units, targets=targets, assignments=assignments), 2024)
    assert list(rolled.units["unit_code"]) == ["VP", "STC", "Q12"]
    assert rolled.units["successor"].isna().all()
    found = rolled.targets[rolled.targets["assignee"] == "QUAN"].set_index("indicator_code")["target"]
    assert found["A.1"] == 0.9
    assert rolled.targets["valid_from"].isna().all()


def test_what_ends_with_the_year_alone_goes_on() -> None:
    """“Hiệu lực đến 31/12” on every row says no more than that the plan is one of a year."""
    plan = small_plan()
    ended = [row | {"valid_to": pd.Timestamp(2023, 12, 31)} for row in records(plan.units)]
    assert list(roll_plan(small_plan(units=ended), 2024).units["unit_code"]) == list(plan.units["unit_code"])


def test_texts_that_name_an_earlier_year_are_told(plan_2021: Plan) -> None:
    told = texts_of_earlier_years(roll_plan(plan_2021, 2022))
    assert "sheet “Chỉ tiêu”, II.3.1, cột “Chỉ tiêu”: năm 2020" in told
    assert texts_of_earlier_years(plan_2021) == [text for text in told if "2021" not in text]
    assert not [text for text in told if "1250" in text]


def test_ad_hoc_periods_do_not_carry_over(other_plan: Plan) -> None:
    rows = [
        period("2023-DX1", "2023-05-01", "2023-05-10", "2023-05-12", "2023-05-15", PeriodKind.AD_HOC),
        *records(other_plan.periods),
    ]
    rolled = roll_plan(small_plan(periods=rows), 2024)
    assert list(rolled.periods["period_code"]) == ["2024-Q1", "2024-Q2"]
    assert list(rolled.periods.index) == [0, 1]


def test_a_plan_without_quarters_rolls(tmp_path: Path) -> None:
    year = period("2023-NAM", "2022-12-15", "2023-12-14", "2024-01-05", "2024-01-10", PeriodKind.YEAR)
    rolled = roll_plan(small_plan(periods=[year]), 2024)
    assert days(rolled) == {"2024-NAM": ("15/12/2023", "14/12/2024", "06/01/2025", "10/01/2025")}


def test_29_february_becomes_the_28th() -> None:
    plan = small_plan(
        periods=[period("2024-Q1", "2023-12-01", "2024-02-29", "2024-02-29", "2024-03-05")],
        tasks=[
            {"task_code": code, "task_title": "T", "content": "N", "deadline": pd.Timestamp(2024, 2, 29)}
            for code in "ABC"
        ],
    )
    object.__setattr__(plan.settings, "year", 2024)
    object.__setattr__(plan.settings, "starts_on", date(2024, 2, 29))
    rolled = roll_plan(plan, 2025)
    assert days(rolled) == {"2025-Q1": ("01/12/2024", "28/02/2025", "28/02/2025", "05/03/2025")}
    assert rolled.tasks["deadline"].tolist() == [pd.Timestamp(2025, 2, 28)] * 3
    assert rolled.settings.starts_on == date(2025, 2, 28)


def test_the_plan_it_came_from_is_unchanged(other_plan: Plan) -> None:
    untouched = small_plan()
    roll_plan(other_plan, 2026)
    for table in TABLES[1:]:
        pd.testing.assert_frame_equal(getattr(other_plan, table.name), getattr(untouched, table.name))
    assert other_plan.settings == untouched.settings


@pytest.mark.parametrize("year", [2024, 2027])
def test_the_rolled_plan_reads_back_to_itself(plan_2021: Plan, tmp_path: Path, year: int) -> None:
    rolled = roll_plan(plan_2021, year)
    write_plan(rolled, tmp_path / "ke-hoach.xlsx")
    read = load_plan(tmp_path / "ke-hoach.xlsx")
    assert read.settings == rolled.settings
    for table in TABLES[1:]:
        pd.testing.assert_frame_equal(getattr(read, table.name), getattr(rolled, table.name), obj=table.name)


def test_units_targets_and_assignments_carry_over(plan_2021: Plan, plan_2024: Plan) -> None:
    for name in ("groups", "units", "assignments", "targets"):
        pd.testing.assert_frame_equal(getattr(plan_2024, name), getattr(plan_2021, name))


def test_the_date_of_a_cited_document_stays() -> None:
    plan = small_plan()
    title = "Kế hoạch năm 2023 theo Văn bản số 12 ngày 25 tháng 02 năm 2023"
    object.__setattr__(plan.settings, "title", title)
    assert roll_plan(plan, 2024).settings.title == title.replace("Kế hoạch năm 2023", "Kế hoạch năm 2024")
