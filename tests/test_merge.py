"""Everything the plan expects stands in the facts, reported or silent, and leads back to file, sheet and cell."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pipeline.merge import Facts, merge
from pipeline.plan.model import Plan
from pipeline.read.submission import Content
from pipeline.read.tables import RawTable
from pipeline.validate import validate
from schemas.columns import records
from schemas.records import Difficulty, Figure, Progress
from schemas.template import BY_NAME
from schemas.words import DifficultyState, IndicatorKind, State, YesNo

FIRST_ROW = 7
Row = Mapping[str, Any]
Sent = Mapping[str, Sequence[Row]]  # one unit's rows, by table


def raw_table(name: str, rows: Sequence[Row], lost: Sequence[str] = ()) -> RawTable:
    """The rows as read, from Excel row 7 on; the columns are A, B, C … in the template's order."""
    table = BY_NAME[name]
    fields = [spec.name for spec in table.columns if spec.name not in lost]
    return RawTable(
        name,
        table.sheet,
        rows=list(range(FIRST_ROW, FIRST_ROW + len(rows))),
        values={field: [row.get(field) for row in rows] for field in fields},
        letters={field: chr(ord("A") + place) for place, field in enumerate(fields)},
        missing=list(lost),
    )


def facts_of(plan: Plan, sent: Mapping[str, Sent], lost: Sequence[str] = ()) -> Facts:
    """``sent``: by unit, in the order received. The file of unit VP is ``VP.xlsx``."""
    sources = {
        number: {"file": f"{unit}.xlsx", "unit_code": unit, "unit_name": plan.unit_names[unit]}
        for number, unit in enumerate(sent)
    }
    contents = {
        number: Content({name: raw_table(name, rows.get(name, ()), lost) for name in BY_NAME})
        for number, rows in enumerate(sent.values())
    }
    valid, _ = validate(contents, sources, plan)
    return merge(valid, sources, plan)


def figure(facts: Facts, unit: str, indicator: str) -> dict[str, Any]:
    rows = facts.figures[(facts.figures["unit_code"] == unit) & (facts.figures["indicator_code"] == indicator)]
    [row] = records(rows)
    return row


def progress(facts: Facts, unit: str, task: str) -> dict[str, Any]:
    rows = facts.progress[(facts.progress["unit_code"] == unit) & (facts.progress["task_code"] == task)]
    [row] = records(rows)
    return row


def numbers(code: str, numerator: Any = None, denominator: Any = None, **more: Any) -> Row:
    return {"indicator_code": code, "numerator": numerator, "denominator": denominator} | more


TASKS = [
    ("VP", "A"), ("VP", "B"), ("VP", "C"), ("STC", "A"), ("STC", "C"),
    ("Q1", "A"), ("Q1", "B"), ("Q2", "A"), ("Q2", "B"),
]  # fmt: skip
FIGURES = [
    ("VP", "A.1", "SO"), ("VP", "B.1", "VP"), ("VP", "C.1", "VP"), ("STC", "A.1", "SO"), ("STC", "A.3", "STC"),
    ("Q1", "A.1", "QUAN"), ("Q1", "A.2", "QUAN"), ("Q2", "A.1", "Q2"), ("Q2", "A.2", "QUAN"),
]  # fmt: skip

SOME: dict[str, Sent] = {
    "Q2": {"tasks": [{"task_code": "A", "state": "Hoàn thành", "completed_on": date(2023, 3, 1)}]},
    "STC": {"indicators": [numbers("A.1", 9, 10)], "tasks": [{"task_code": "C", "result": "Đã họp."}]},
}


@pytest.mark.parametrize("sent", [{}, {"VP": {}}, SOME])
def test_everything_expected_is_there_though_silent(other_plan: Plan, sent: Mapping[str, Sent]) -> None:
    facts = facts_of(other_plan, sent)
    tasks = facts.progress[["unit_code", "task_code"]].itertuples(index=False, name=None)
    figures = facts.figures[["unit_code", "indicator_code", "scope"]].itertuples(index=False, name=None)
    assert (list(tasks), list(figures)) == (TASKS, FIGURES)
    Progress.validate(facts.progress)
    Figure.validate(facts.figures)
    Difficulty.validate(facts.difficulties)


def test_silence_is_not_reported_and_has_no_value(other_plan: Plan) -> None:
    facts = facts_of(other_plan, {})
    assert set(facts.progress["reported"]) == set(facts.figures["reported"]) == {YesNo.NO}
    silent = ["state", "completed_on", "result", "file", "sheet", "cell"]
    assert facts.progress[silent].isna().all(axis=None)
    assert facts.figures[["numerator", "denominator", "rate", "file", "sheet", "cell"]].isna().all(axis=None)
    assert len(facts.difficulties) == 0


def test_the_plan_s_words_stand_beside_every_row(other_plan: Plan) -> None:
    facts = facts_of(other_plan, {})
    row = progress(facts, "Q1", "B")
    about = (row["unit_name"], row["unit_group"], row["task_title"], row["role"])
    assert about == ("Quận Một", "QUAN", "Họp trực tuyến", "Phối hợp")
    assert progress(facts, "STC", "A")["role"] == "Chủ trì"
    found = figure(facts, "Q2", "A.1")
    assert (found["task_code"], found["indicator"], found["target"]) == ("A", "Tỷ lệ hồ sơ số hóa", 0.5)
    assert (found["kind"], found["measure_unit"]) == (IndicatorKind.RATIO, "%")
    assert figure(facts, "VP", "A.1")["comparison"] == "≥"


def test_a_task_row_comes_with_its_file_sheet_and_cell(other_plan: Plan) -> None:
    rows = [
        {"task_code": "C", "state": "Đang thực hiện", "result": "Đã họp."},
        {"task_code": "A", "state": "Hoàn thành", "completed_on": date(2023, 3, 1), "result": "Xong.", "product": "BC"},
    ]
    facts = facts_of(other_plan, {"STC": {"tasks": rows}})
    done = progress(facts, "STC", "A")
    assert (done["reported"], done["state"], done["completed_on"]) == (YesNo.YES, State.DONE, pd.Timestamp(2023, 3, 1))
    assert (done["result"], done["product"]) == ("Xong.", "BC")
    assert (done["file"], done["sheet"], done["cell"]) == ("STC.xlsx", "Nhiệm vụ", "E8")
    assert progress(facts, "STC", "C")["cell"] == "E7"


def test_a_task_without_a_state_is_not_reported_but_keeps_its_words(other_plan: Plan) -> None:
    row = progress(facts_of(other_plan, {"STC": {"tasks": [{"task_code": "A", "result": "Đã họp."}]}}), "STC", "A")
    assert (row["reported"], row["result"], row["cell"]) == (YesNo.NO, "Đã họp.", "E7")


@pytest.mark.parametrize(
    ("unit", "code", "numerator", "denominator", "reported", "values", "rate"),
    [
        ("Q1", "A.1", 8, 10, True, (8, 10), 0.8),
        ("Q1", "A.1", 0, 10, True, (0, 10), 0.0),
        ("Q1", "A.1", 0, 0, True, (0, 0), None),
        ("Q1", "A.1", None, None, False, (None, None), None),
        ("Q1", "A.1", 8, None, False, (None, None), None),
        ("Q1", "A.1", None, 10, False, (None, None), None),
        ("Q1", "A.1", "tám", 10, False, (None, None), None),
        ("Q1", "A.1", 12, 10, False, (None, None), None),
        ("STC", "A.3", 3, 4, True, (3, 4), 0.75),
        ("VP", "B.1", 3, None, False, (None, None), None),
        # a count has no denominator and no rate
        ("Q1", "A.2", 120, None, True, (120, None), None),
        ("Q1", "A.2", 0, None, True, (0, None), None),
        ("Q1", "A.2", 120, 300, True, (120, None), None),
        ("Q1", "A.2", None, 300, False, (None, None), None),
        # a milestone is 1 or 0 over 1
        ("VP", "C.1", "Có", None, True, (1, 1), 1.0),
        ("VP", "C.1", "Không", None, True, (0, 1), 0.0),
        ("VP", "C.1", None, None, False, (None, None), None),
        ("VP", "C.1", "Một nửa", None, False, (None, None), None),
    ],
)
def test_a_figure_counts_only_when_whole(
    other_plan: Plan,
    unit: str,
    code: str,
    numerator: Any,
    denominator: Any,
    reported: bool,
    values: tuple[float | None, float | None],
    rate: float | None,
) -> None:
    row = figure(facts_of(other_plan, {unit: {"indicators": [numbers(code, numerator, denominator)]}}), unit, code)
    assert row["reported"] == (YesNo.YES if reported else YesNo.NO)
    found = [None if pd.isna(row[name]) else row[name] for name in ("numerator", "denominator", "rate")]
    assert found == [*values, rate]
    assert (row["file"], row["sheet"], row["cell"]) == (f"{unit}.xlsx", "Chỉ tiêu", "G7")


def test_a_lost_column_leaves_the_row_s_number(other_plan: Plan) -> None:
    sent = {"Q1": {"indicators": [numbers("A.1", 8, 10, note="Tạm tính")]}}
    row = figure(facts_of(other_plan, sent, lost=["numerator"]), "Q1", "A.1")
    assert (row["reported"], row["cell"], row["note"]) == (YesNo.NO, "7", "Tạm tính")


def difficulty(task: str | None, description: str | None, **more: Any) -> Row:
    return {"task_code": task, "description": description} | more


def test_difficulties_stand_by_task_then_unit_then_row(other_plan: Plan) -> None:
    sent: dict[str, Sent] = {
        "Q2": {"difficulties": [difficulty("B", "Q2 B"), difficulty("A", "Q2 A 1"), difficulty("A", "Q2 A 2")]},
        "VP": {"difficulties": [difficulty("X", "VP sai mã"), difficulty("C", "VP C"), difficulty("A", "VP A")]},
        "STC": {"difficulties": [difficulty(None, "STC không mã"), difficulty("A", "STC A")]},
    }
    found = facts_of(other_plan, sent).difficulties
    assert list(found["description"]) == [
        "VP A", "STC A", "Q2 A 1", "Q2 A 2", "Q2 B", "VP C", "VP sai mã", "STC không mã",
    ]  # fmt: skip
    assert list(found["number"]) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert list(found["unit_name"].head(3)) == ["Văn phòng", "Sở Tài chính", "Quận Hai"]
    assert list(zip(found["file"], found["sheet"], found["cell"], strict=True))[3] == ("Q2.xlsx", "Khó khăn", "C9")


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        (None, DifficultyState.OPEN),
        ("Đang giải quyết", DifficultyState.UNDERWAY),
        ("Đã giải quyết", DifficultyState.RESOLVED),
        ("Xong xuôi", DifficultyState.OPEN),
    ],
)
def test_a_blank_state_of_a_difficulty_is_open(other_plan: Plan, typed: str | None, state: DifficultyState) -> None:
    sent = {"VP": {"difficulties": [difficulty("A", "Thiếu kinh phí", state=typed, cause="Chưa bố trí")]}}
    [row] = records(facts_of(other_plan, sent).difficulties)
    assert (row["state"], row["description"], row["cause"]) == (state, "Thiếu kinh phí", "Chưa bố trí")


ALL: dict[str, Sent] = {
    unit: {
        "tasks": [{"task_code": task, "state": "Đang thực hiện"} for other, task in TASKS if other == unit],
        "indicators": [numbers(code, 3, 10) for other, code, _ in FIGURES if other == unit],
        "difficulties": [difficulty("A", f"{unit} 1"), difficulty("A", f"{unit} 2")],
    }
    for unit in ("VP", "STC", "Q1", "Q2")
}


@pytest.mark.parametrize("order", [["Q2", "Q1", "STC", "VP"], ["STC", "Q2", "VP", "Q1"]])
def test_the_order_of_files_changes_nothing(other_plan: Plan, order: list[str]) -> None:
    first, second = facts_of(other_plan, ALL), facts_of(other_plan, {unit: ALL[unit] for unit in order})
    pd.testing.assert_frame_equal(first.progress, second.progress)
    pd.testing.assert_frame_equal(first.figures, second.figures)
    # ``at`` numbers the rows as they were received.
    pd.testing.assert_frame_equal(first.difficulties.drop(columns="at"), second.difficulties.drop(columns="at"))
