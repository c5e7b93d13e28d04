"""Who must report what: a unit's own row outranks its group's."""

from datetime import date

import pandas as pd
import pytest

from pipeline.errors import CannotRun
from pipeline.plan.model import Period, Plan
from schemas.words import IndicatorKind, PeriodKind, Role
from tests.support import small_plan


def test_expected_tasks_in_the_order_of_units_and_tasks(other_plan: Plan) -> None:
    rows = other_plan.expected_tasks
    assert list(rows.columns) == ["unit_code", "unit_group", "task_code", "role"]
    assert rows.to_numpy().tolist() == [
        ["VP", "SO", "A", Role.COORDINATE],
        ["VP", "SO", "B", Role.LEAD],
        ["VP", "SO", "C", Role.LEAD],
        ["STC", "SO", "A", Role.LEAD],  # its own row, not its group's
        ["STC", "SO", "C", Role.LEAD],
        ["Q1", "QUAN", "A", Role.IMPLEMENT],
        ["Q1", "QUAN", "B", Role.COORDINATE],
        ["Q2", "QUAN", "A", Role.IMPLEMENT],
        ["Q2", "QUAN", "B", Role.COORDINATE],
    ]


def test_expected_figures_with_the_unit_s_own_target_first(other_plan: Plan) -> None:
    rows = other_plan.expected_figures
    assert list(rows.columns) == ["unit_code", "unit_group", "indicator_code", "scope", "target", "comparison"]
    rows = rows.drop(columns="comparison").astype(object)
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [
        ["VP", "SO", "A.1", "SO", 1.0],
        ["VP", "SO", "B.1", "VP", None],
        ["VP", "SO", "C.1", "VP", 1.0],
        ["STC", "SO", "A.1", "SO", 1.0],
        ["STC", "SO", "A.3", "STC", 0.2],
        ["Q1", "QUAN", "A.1", "QUAN", 0.8],
        ["Q1", "QUAN", "A.2", "QUAN", 120.0],
        ["Q2", "QUAN", "A.1", "Q2", 0.5],  # its own target, not its group's
        ["Q2", "QUAN", "A.2", "QUAN", 120.0],
    ]


def test_a_unit_s_own_blank_target_outranks_its_group_s() -> None:
    """Monitored only: the group's figure is not lent to it."""
    plan = small_plan(
        targets=[
            {"indicator_code": "A.1", "assignee": "SO", "target": 1.0},
            {"indicator_code": "A.1", "assignee": "VP"},
        ]
    )
    rows = plan.expected_figures.set_index("unit_code")
    assert pd.isna(rows.at["VP", "target"])
    assert rows.at["STC", "target"] == 1.0


def test_the_order_of_the_rows_decides_nothing(other_plan: Plan) -> None:
    turned = small_plan(
        assignments=other_plan.assignments.iloc[::-1].to_dict("records"),
        targets=other_plan.targets.iloc[::-1].to_dict("records"),
    )
    pd.testing.assert_frame_equal(turned.expected_tasks, other_plan.expected_tasks)
    pd.testing.assert_frame_equal(turned.expected_figures, other_plan.expected_figures)


@pytest.mark.parametrize(("task", "leads"), [("A", ["STC"]), ("B", ["VP"]), ("C", ["VP", "STC"]), ("Z", [])])
def test_leads(other_plan: Plan, task: str, leads: list[str]) -> None:
    assert other_plan.leads(task) == leads


def test_period(other_plan: Plan) -> None:
    assert other_plan.period("2023-Q2") == Period(
        "2023-Q2",
        "Quý II năm 2023",
        PeriodKind.QUARTER,
        data_from=date(2023, 3, 15),
        data_to=date(2023, 6, 14),
        due_on=date(2023, 6, 20),
        consolidate_on=date(2023, 6, 26),
    )


def test_an_unknown_period_is_refused_with_the_known_ones(other_plan: Plan) -> None:
    with pytest.raises(CannotRun, match=r"2023-Q9.*2023-Q1, 2023-Q2"):
        other_plan.period("2023-Q9")


def test_names(other_plan: Plan) -> None:
    assert other_plan.unit_names["STC"] == "Sở Tài chính"
    assert other_plan.short_names["Q1"] == "Quận 1"
    assert other_plan.group_names == {"SO": "Các sở", "QUAN": "Các quận"}


@pytest.mark.parametrize(("assignee", "name"), [("Q1", "Quận 1"), ("QUAN", "Các quận"), ("?", "?")])
def test_scope_name(other_plan: Plan, assignee: str, name: str) -> None:
    assert other_plan.scope_name(assignee) == name


def test_indicator_kinds(other_plan: Plan) -> None:
    assert other_plan.indicator_kinds == {
        "A.1": IndicatorKind.RATIO,
        "A.2": IndicatorKind.COUNT,
        "A.3": IndicatorKind.RATIO_POINTS,
        "B.1": IndicatorKind.RATIO_GROWTH,
        "C.1": IndicatorKind.MILESTONE,
    }
