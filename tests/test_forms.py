"""What a unit's workbook holds before anyone writes it: blank, and refilled with what was sent."""

from typing import Any

import pandas as pd
import pytest

from pipeline.forms import QUESTION, Form, blank_form
from pipeline.issued import MONITORED, NO_DENOMINATOR, target_text
from pipeline.plan.model import Plan
from pipeline.refill import refill, rows_by_source
from schemas.columns import names
from schemas.template import BY_NAME, INFO, TEMPLATE_VERSION
from schemas.words import IndicatorKind

RATIO, POINTS, GROWTH, COUNT, MILESTONE = IndicatorKind


def form_of(plan: Plan, unit: str, period: str = "2023-Q1") -> Form:
    return blank_form(plan, plan.period(period), unit)


def column(form: Form, table: str, field: str) -> list[Any]:
    return form.tables[table][field]


def cover(form: Form) -> dict[str, Any]:
    return dict(zip(column(form, "info", "key"), column(form, "info", "value"), strict=True))


def sent(table: str, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Raw rows as the merged frame gives them, where a row's label is not its place."""
    blank = dict.fromkeys(names(BY_NAME[table].model))
    return [{"index": index, **blank, **row} for index, row in enumerate(rows, start=20)]


def issues(*rows: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"table": table, "index": index} for table, index in rows]


def positions(form: Form) -> list[int]:
    return [issue["position"] for issue in form.issues]


class TestBlank:
    @pytest.mark.parametrize(
        ("unit", "tasks", "indicators"),
        [
            ("VP", [("A", "Phối hợp"), ("B", "Chủ trì"), ("C", "Chủ trì")], ["A.1", "B.1", "C.1"]),
            ("STC", [("A", "Chủ trì"), ("C", "Chủ trì")], ["A.1", "A.3"]),
            ("Q1", [("A", "Thực hiện"), ("B", "Phối hợp")], ["A.1", "A.2"]),
            ("Q2", [("A", "Thực hiện"), ("B", "Phối hợp")], ["A.1", "A.2"]),
        ],
    )
    def test_exactly_what_the_plan_assigns(
        self, other_plan: Plan, unit: str, tasks: list[tuple[str, str]], indicators: list[str]
    ) -> None:
        form = form_of(other_plan, unit)
        assert list(zip(column(form, "tasks", "task_code"), column(form, "tasks", "role"), strict=True)) == tasks
        assert column(form, "indicators", "indicator_code") == indicators

    def test_every_unit_of_the_shipped_plan(self, plan_2021: Plan) -> None:
        for unit in plan_2021.units["unit_code"]:
            form = form_of(plan_2021, unit, "2021-Q2")
            for frame, table, key in (
                (plan_2021.expected_tasks, "tasks", "task_code"),
                (plan_2021.expected_figures, "indicators", "indicator_code"),
            ):
                expected = set(frame.loc[frame["unit_code"] == unit, key])
                assert set(column(form, table, key)) == expected
                assert len(column(form, table, key)) == len(expected)

    def test_locked_cells_say_what_the_plan_says(self, other_plan: Plan) -> None:
        form = form_of(other_plan, "VP")
        assert column(form, "tasks", "task_title") == ["Số hóa hồ sơ", "Họp trực tuyến", "Kết nối"]
        assert column(form, "tasks", "deadline") == ["30/06/2023", "Thường xuyên", "31/12/2023"]
        assert column(form, "indicators", "target") == ["100 %", MONITORED, "Có"]
        assert column(form, "indicators", "denominator_label") == ["Mẫu số", "Mẫu số", NO_DENOMINATOR]
        assert form.kinds == [RATIO, GROWTH, MILESTONE]
        assert column(form, "answer", "difficulty_question") == [QUESTION]

    def test_targets_may_differ_by_unit_and_group(self, other_plan: Plan) -> None:
        targets = {unit: column(form_of(other_plan, unit), "indicators", "target") for unit in ("STC", "Q1", "Q2")}
        assert targets == {
            "STC": ["100 %", "tăng 20 điểm %"],
            "Q1": ["≥ 80 %", "≥ 120"],
            "Q2": ["≥ 50 %", "≥ 120"],
        }

    def test_every_input_is_blank(self, other_plan: Plan) -> None:
        form = form_of(other_plan, "VP")
        for name in ("tasks", "indicators", "answer", "difficulties"):
            assert list(form.tables[name]) == names(BY_NAME[name].model)
            assert not any(value for field in BY_NAME[name].inputs for value in column(form, name, field))
        assert column(form, "difficulties", "description") == []
        assert not form.issues

    def test_the_cover(self, other_plan: Plan) -> None:
        form = form_of(other_plan, "Q1")
        values = cover(form)
        assert list(values) == list(INFO)
        assert {key: value for key, value in values.items() if value} == {
            "plan_title": "Kế hoạch số hóa năm 2023",
            "period_name": "Quý I năm 2023",
            "data_window": "Từ ngày 15/12/2022 đến ngày 14/03/2023",
            "unit_code": "Q1",
            "unit_name": "Quận Một",
            "due_on": "20/03/2023",
            "send_to": "Sở Tài chính, stc@example.vn",
        }
        assert [label for label, _, _ in INFO.values()] == column(form, "info", "label")

    def test_where_the_plan_has_no_address_the_letter_gives_it(self, other_plan: Plan) -> None:
        units = other_plan.units.assign(email=pd.Series([None] * 4, dtype="str"))
        plan = Plan(other_plan.settings, *_frames(other_plan, units=units))
        values = cover(form_of(plan, "Q1"))
        assert values["send_to"] == "Sở Tài chính (thư điện tử ghi trong công văn kèm theo)"

    def test_identity(self, other_plan: Plan) -> None:
        form = form_of(other_plan, "Q2", "2023-Q2")
        identity = {"plan_code": "KH-2023", "period_code": "2023-Q2", "unit_code": "Q2"}
        assert (identity | {"template_version": TEMPLATE_VERSION}).items() <= form.meta.items()
        assert form.unit_name == "Quận Hai"

    def test_a_unit_that_the_plan_gives_nothing(self, other_plan: Plan) -> None:
        assignments = other_plan.assignments[other_plan.assignments["assignee"].isin(["VP", "STC"])]
        targets = other_plan.targets[other_plan.targets["assignee"] != "QUAN"]
        plan = Plan(other_plan.settings, *_frames(other_plan, assignments=assignments, targets=targets))
        form = form_of(plan, "Q1")
        assert (column(form, "tasks", "task_code"), column(form, "indicators", "target"), form.kinds) == ([], [], [])


def _frames(plan: Plan, **changes: pd.DataFrame) -> list[pd.DataFrame]:
    order = ("periods", "groups", "units", "tasks", "assignments", "indicators", "targets")
    return [changes.get(name, getattr(plan, name)) for name in order]


@pytest.mark.parametrize(
    ("target", "comparison", "kind", "text"),
    [
        (0.8, "≥", RATIO, "≥ 80 %"),
        (0.8, None, RATIO, "≥ 80 %"),
        (0.8, float("nan"), RATIO, "≥ 80 %"),
        (0.05, "≤", RATIO, "≤ 5 %"),
        (1.0, "≥", RATIO, "100 %"),
        (0.3525, None, RATIO, "≥ 35,25 %"),
        (0.2, None, POINTS, "tăng 20 điểm %"),
        (0.2, None, GROWTH, "tăng 20 %"),
        (1.0, None, POINTS, "tăng 100 điểm %"),
        (1200.0, None, COUNT, "≥ 1.200"),
        (1.0, None, COUNT, "≥ 1"),
        (1.0, None, MILESTONE, "Có"),
        (0.0, None, MILESTONE, "Không"),
        (float("nan"), None, RATIO, "Theo dõi"),
        (float("nan"), "≥", MILESTONE, "Theo dõi"),
    ],
)
def test_target_in_words(target: float, comparison: Any, kind: IndicatorKind, text: str) -> None:
    assert target_text(target, comparison, kind) == text


class TestRefill:
    def test_inputs_by_code_as_typed_and_the_plan_s_own_words_kept(self, other_plan: Plan) -> None:
        rows = sent(
            "tasks",
            {"task_code": "C", "task_title": "đã sửa", "role": "?", "state": "Xong rồi", "result": 12.0},
            {"task_code": "A", "state": "Hoàn thành", "completed_on": "1/3/2023"},
        )
        form = refill(form_of(other_plan, "VP"), {"tasks": rows}, issues(("tasks", 20), ("tasks", 21)))
        assert column(form, "tasks", "task_code") == ["A", "B", "C"]
        assert column(form, "tasks", "state") == ["Hoàn thành", None, "Xong rồi"]
        assert column(form, "tasks", "completed_on") == ["1/3/2023", None, None]
        assert column(form, "tasks", "result") == [None, None, 12.0]
        assert column(form, "tasks", "task_title") == ["Số hóa hồ sơ", "Họp trực tuyến", "Kết nối"]
        assert column(form, "tasks", "role") == ["Phối hợp", "Chủ trì", "Chủ trì"]
        assert positions(form) == [2, 0]

    def test_the_blank_form_is_not_changed(self, other_plan: Plan) -> None:
        blank = form_of(other_plan, "VP")
        refill(blank, {"tasks": sent("tasks", {"task_code": "A", "state": "Xong"})}, [])
        assert column(blank, "tasks", "state") == [None, None, None]
        assert not blank.issues

    def test_the_first_row_of_a_code_twice(self, other_plan: Plan) -> None:
        rows = sent("tasks", {"task_code": "A", "state": "một"}, {"task_code": "A", "state": "hai"})
        form = refill(form_of(other_plan, "VP"), {"tasks": rows}, issues(("tasks", 20), ("tasks", 21)))
        assert column(form, "tasks", "state") == ["một", None, None]
        assert positions(form) == [0, -1]

    def test_a_code_is_known_as_the_validator_knows_it(self, other_plan: Plan) -> None:
        """What counts is returned: a code in other case is the plan's."""
        rows = sent("indicators", {"indicator_code": "a.1", "numerator": 5.0, "denominator": "x"})
        form = refill(form_of(other_plan, "VP"), {"indicators": rows}, issues(("indicators", 20)))
        assert column(form, "indicators", "numerator") == [5.0, None, None]
        assert positions(form) == [0]

    def test_a_code_that_reads_as_a_number(self, other_plan: Plan) -> None:
        """A plan whose codes are plain numbers: a cell typed anew holds 1.0."""
        tasks = other_plan.tasks.replace({"task_code": {"A": "1"}})
        assignments = other_plan.assignments.replace({"task_code": {"A": "1"}})
        plan = Plan(other_plan.settings, *_frames(other_plan, tasks=tasks, assignments=assignments))
        form = refill(
            form_of(plan, "VP"), {"tasks": sent("tasks", {"task_code": 1.0, "state": "Xong"})}, issues(("tasks", 20))
        )
        assert column(form, "tasks", "state") == ["Xong", None, None]
        assert positions(form) == [0]

    def test_rows_that_are_not_the_unit_s_have_no_place(self, other_plan: Plan) -> None:
        rows = sent("tasks", {"task_code": "Z", "state": "Xong"}, {"task_code": None, "state": "Xong"})
        form = refill(form_of(other_plan, "VP"), {"tasks": rows}, issues(("tasks", 20), ("tasks", 21)))
        assert column(form, "tasks", "state") == [None, None, None]
        assert positions(form) == [-1, -1]

    def test_only_the_open_lines_of_the_cover(self, other_plan: Plan) -> None:
        rows = sent(
            "info",
            {"key": "unit_code", "value": "Q9"},
            {"key": "due_on", "value": "31/12/2099"},
            {"key": "report_date", "value": "hôm qua"},
            {"key": None, "value": "Nguyễn Văn A"},
        )
        form = refill(form_of(other_plan, "Q1"), {"info": rows}, issues(("info", 22)))
        values = cover(form)
        assert (values["unit_code"], values["due_on"], values["report_date"]) == ("Q1", "20/03/2023", "hôm qua")
        assert positions(form) == [list(INFO).index("report_date")]

    def test_the_answer(self, other_plan: Plan) -> None:
        rows = sent("answer", {"difficulty_question": "đã sửa", "has_difficulty": "Co"}, {"has_difficulty": "x"})
        form = refill(form_of(other_plan, "Q1"), {"answer": rows}, issues(("answer", 20)))
        assert column(form, "answer", "has_difficulty") == ["Co"]
        assert column(form, "answer", "difficulty_question") == [QUESTION]
        assert positions(form) == [0]

    def test_all_difficulties_in_order(self, other_plan: Plan) -> None:
        rows = sent(
            "difficulties",
            {"task_code": "Z", "description": "Mạng chậm"},
            {"description": "Không"},
            {"difficulty_id": "KK-1", "state": "Chờ"},
        )
        form = refill(form_of(other_plan, "Q1"), {"difficulties": rows}, issues(("difficulties", 22)))
        assert column(form, "difficulties", "description") == ["Mạng chậm", "Không", None]
        assert column(form, "difficulties", "task_code") == ["Z", None, None]
        assert column(form, "difficulties", "difficulty_id") == [None, None, "KK-1"]
        assert positions(form) == [2]

    def test_tables_that_were_lost_or_empty_stay_blank(self, other_plan: Plan) -> None:
        blank = form_of(other_plan, "Q1")
        form = refill(blank, {"tasks": sent("tasks"), "answer": sent("answer")}, issues(("", -1)))
        assert form.tables == blank.tables
        assert positions(form) == [-1]

    def test_a_lost_column_stays_blank(self, other_plan: Plan) -> None:
        rows = sent("tasks", {"task_code": "A", "state": "Xong"})
        del rows[0]["result"]
        form = refill(form_of(other_plan, "Q1"), {"tasks": rows}, [])
        assert column(form, "tasks", "state") == ["Xong", None]
        assert column(form, "tasks", "result") == [None, None]


def test_rows_by_source() -> None:
    """In their order, with the label that an issue names."""
    frame = pd.DataFrame({"source": [2, 1, 2, 3], "state": ["a", None, 5.0, "d"]}, index=[7, 8, 9, 10], dtype="object")
    assert rows_by_source(frame, [2, 4]) == {
        2: [{"index": 7, "source": 2, "state": "a"}, {"index": 9, "source": 2, "state": 5.0}],
        4: [],
    }
    issues = frame.assign(index=[20, 21, 22, 23])
    assert [row["index"] for row in rows_by_source(issues, [2])[2]] == [20, 22]
