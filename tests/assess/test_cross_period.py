"""Every rule between periods: what fires it, and what does not."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pipeline.assess.cross_difficulties import (
    ids_are_those_given,
    only_the_raised_is_resolved,
    text_is_like_the_one_before,
    words_are_those_of_the_id,
)
from pipeline.assess.cross_period import (
    RULES,
    completed_before_the_report,
    completed_within_the_year,
    cumulative_never_falls,
    done_stays_done,
    rate_does_not_jump,
    year_is_the_sum_of_its_quarters,
)
from pipeline.assess.lives import listed, live, no_lives
from pipeline.assess.situation import Flag, Rule, Situation
from pipeline.merge import Facts, PeriodFacts, complete_figures
from pipeline.plan.model import Plan
from schemas.columns import conform, records
from schemas.messages import MESSAGES
from schemas.records import Difficulty, Progress
from schemas.words import DifficultyState, Severity, YesNo
from tests.year_support import year_plan

PLAN = year_plan()


@dataclass(frozen=True)
class Period:
    """What one period said: figures by (unit, indicator), tasks by (unit, task), difficulties as rows."""

    figures: dict[tuple[str, str], tuple[float, float | None]] = field(default_factory=dict)
    tasks: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    difficulties: tuple[dict[str, Any], ...] = ()

    def said(self, code: str, plan: Plan) -> PeriodFacts:
        joined = plan.expected_figures.assign(note=None, decision=None, file=None, sheet=None, cell=None)
        told = [
            self.figures.get(key, (None, None))
            for key in zip(joined["unit_code"], joined["indicator_code"], strict=True)
        ]
        joined["numerator"] = pd.Series([pair[0] for pair in told], dtype="float64")
        joined["denominator"] = pd.Series([pair[1] for pair in told], dtype="float64")
        rows = [row | self.tasks.get((row["unit_code"], row["task_code"]), {}) for row in records(plan.expected_tasks)]
        progress = conform(
            Progress, [row | {"reported": (YesNo.YES if "state" in row else YesNo.NO).value} for row in rows]
        )
        made = [{"number": at, "at": at, "said": row.get("state")} | row for at, row in enumerate(self.difficulties)]
        frame = pd.DataFrame(made, columns=None if made else ["at", "said", "number"])
        frame["state"] = frame["state"].fillna("Chưa giải quyết") if "state" in frame else "Chưa giải quyết"
        listed = conform(Difficulty, frame.assign(number=0)).assign(at=frame["at"], said=frame["said"])
        return PeriodFacts(plan, plan.period(code), Facts(progress, complete_figures(joined, plan), listed))


def flags(rule: Rule, *periods: Period, codes: tuple[str, ...] = (), plan: Plan = PLAN) -> list[Flag]:
    """What the rule says of the last of these periods."""
    names = codes or tuple(f"2023-Q{n}" for n in range(1, len(periods) + 1))
    said = [one.said(code, plan) for one, code in zip(periods, names, strict=True)]
    known, past = no_lives(), []
    for one in said:
        known = live(one.facts.difficulties, known, plan, one.period, {"VP", "STC", "Q1", "Q2"})
        past.append(replace(one, facts=replace(one.facts, difficulties=listed(known, one.period))))
    reported = {"STC": date(2023, 6, 18)}
    return rule(Situation(said[-1], past[:-1], known, reported))


def told(found: list[Flag]) -> list[tuple[str, str | int, str, str]]:
    return [(flag.unit_code, flag.item, flag.field, flag.code) for flag in found]


A3, C1, A1 = ("STC", "A.3"), ("VP", "C.1"), ("Q1", "A.1")
FALLS = ("STC", "A.3", "numerator", "LK01")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({A3: (1250, 2000)}, {A3: (980, 2000)}, [FALLS]),
        ({A3: (10, 2000)}, {A3: (10, 1900)}, [("STC", "A.3", "denominator", "LK01")]),
        ({A3: (1250, 2000)}, {A3: (1250, 2000)}, []),
        ({A3: (1250, 2000)}, {A3: (1300, 2100)}, []),
        ({A3: (1250, 2000)}, {}, []),
        ({}, {A3: (5, 10)}, []),
        ({A1: (50, 60)}, {A1: (5, 6)}, []),  # counted by period
        ({C1: (1, None)}, {C1: (0, None)}, [("VP", "C.1", "numerator", "LK01")]),
    ],
)
def test_cumulative_never_falls(first: Any, second: Any, expected: list[Any]) -> None:
    assert told(flags(cumulative_never_falls, Period(first), Period(second))) == expected


def test_a_fall_is_told_with_both_periods_and_numbers() -> None:
    [flag] = flags(cumulative_never_falls, Period({A3: (1250, 2000)}), Period({A3: (980, 2000)}))
    message = MESSAGES["LK01"]
    assert f"{message.what} {message.rule}".format_map(flag.params) == (
        "Quý I: 1.250, Quý II: 980. Số lũy kế không thể giảm; đề nghị kiểm tra."
    )
    [flag] = flags(cumulative_never_falls, Period({C1: (1, None)}), Period({C1: (0, None)}))
    assert (flag.params["before"], flag.params["now"]) == ("Có", "Không")


def test_a_fall_is_seen_over_a_quarter_that_is_missing() -> None:
    found = flags(cumulative_never_falls, Period({A3: (9, 10)}), Period(), Period({A3: (8, 10)}))
    assert told(found) == [FALLS]
    assert found[0].params["before_period"] == "Quý I"


def task(state: str, day: str | None = None) -> dict[tuple[str, str], dict[str, Any]]:
    return {("STC", "A"): {"state": state} | ({"completed_on": pd.Timestamp(day)} if day else {})}


DONE = task("Hoàn thành", "2023-03-01")


@pytest.mark.parametrize(
    ("first", "second", "fires"),
    [
        (DONE, task("Đang thực hiện"), True),
        (DONE, task("Không phát sinh"), True),
        (DONE, DONE, False),
        (DONE, {}, False),
        (task("Đang thực hiện"), task("Chưa triển khai"), False),
    ],
)
def test_done_stays_done(first: Any, second: Any, fires: bool) -> None:
    expected = [("STC", "A", "state", "LK02")] if fires else []
    assert told(flags(done_stays_done, Period(tasks=first), Period(tasks=second))) == expected


@pytest.mark.parametrize(("day", "fires"), [("2022-12-31", True), ("2024-01-01", True), ("2023-01-01", False)])
def test_completed_within_the_year(day: str, fires: bool) -> None:
    expected = [("STC", "A", "completed_on", "LK03")] if fires else []
    assert told(flags(completed_within_the_year, Period(), Period(tasks=task("Hoàn thành", day)))) == expected


@pytest.mark.parametrize(("day", "fires"), [("2023-06-19", True), ("2023-06-18", False), ("2024-06-19", False)])
def test_completed_before_the_report(day: str, fires: bool) -> None:
    """The report came in on 18/6; a day of another year is LK03's."""
    expected = [("STC", "A", "completed_on", "LK04")] if fires else []
    assert told(flags(completed_before_the_report, Period(), Period(tasks=task("Hoàn thành", day)))) == expected


@pytest.mark.parametrize(
    ("now", "limit", "fires"),
    [
        ((81, 100), 0.3, True),
        ((80, 100), 0.3, False),
        ((19, 100), 0.3, True),
        ((65, 100), 0.1, True),
        ((0, 0), 0.3, False),
    ],
)
def test_rate_does_not_jump(now: tuple[float, float], limit: float, fires: bool) -> None:
    """From 50 %; the threshold is the plan's, and is itself no jump."""
    plan = replace(PLAN, settings=replace(PLAN.settings, rate_jump=limit))
    found = flags(rate_does_not_jump, Period({A1: (50, 100)}), Period({A1: now}), plan=plan)
    assert told(found) == ([("Q1", "A.1", "numerator", "LK05")] if fires else [])


def test_a_jump_is_told_with_its_rule() -> None:
    [flag] = flags(rate_does_not_jump, Period({A1: (50, 100)}), Period({A1: (85, 100)}))
    message = MESSAGES["LK05"]
    assert f"{message.what} {message.rule}".format_map(flag.params) == (
        "Quý I: 50 %, Quý II: 85 %, thay đổi +35 điểm %. "
        "Tỷ lệ của đơn vị thay đổi quá 30 điểm % so với kỳ trước; đề nghị kiểm tra."
    )


LINE = {"unit_code": "Q1", "task_code": "A", "description": "Thiếu máy."}
CLOSED = {"state": DifficultyState.RESOLVED.value}
GIVEN = {"difficulty_id": "2023-Q1-Q1-1"}


@pytest.mark.parametrize(
    ("second", "closed", "unknown"),
    [
        (LINE | {"description": "Việc khác."} | CLOSED, True, False),
        (LINE | GIVEN | CLOSED, False, False),
        (LINE | CLOSED, False, False),  # the very words of the open one
        (LINE | {"description": "Việc khác."}, False, False),
        (LINE | {"difficulty_id": "2023-Q1-Q1-7", "description": "Việc khác."}, False, True),
        (LINE | GIVEN, False, False),
    ],
)
def test_difficulties_closed_were_opened_and_ids_are_those_given(
    second: dict[str, Any], closed: bool, unknown: bool
) -> None:
    periods = Period(difficulties=(LINE,)), Period(difficulties=(second,))
    assert told(flags(only_the_raised_is_resolved, *periods)) == ([("Q1", 0, "state", "LK06")] if closed else [])
    assert told(flags(ids_are_those_given, *periods)) == ([("Q1", 0, "difficulty_id", "LK07")] if unknown else [])


OTHER = {"unit_code": "Q1", "task_code": "B", "description": "Thiếu người."}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (OTHER | GIVEN, [("difficulty_id", "LK09")]),
        (OTHER | {"difficulty_id": "2023-Q1-Q1-7"}, [("difficulty_id", "LK09")]),  # instead of LK07
        (OTHER | {"difficulty_id": "2023-Q1-Q1-2"}, []),
        (OTHER, []),  # typed again
        (LINE | GIVEN | {"description": "Mưa bão làm đổ cột ăng ten."}, [("description", "LK10")]),
        (LINE | GIVEN | {"description": "Thiếu máy in."}, []),
        (LINE | GIVEN | {"description": "Thiếu máy, do kho của tỉnh đã hết và chưa có kinh phí mua thêm."}, []),
        (LINE | GIVEN | {"description": None}, []),
    ],
)
def test_an_id_and_its_words_belong_together(row: dict[str, Any], expected: list[Any]) -> None:
    periods = Period(difficulties=(LINE, OTHER)), Period(difficulties=(row,))
    rules = (ids_are_those_given, words_are_those_of_the_id, text_is_like_the_one_before)
    found = [one for rule in rules for one in told(flags(rule, *periods))]
    assert found == [("Q1", 0, *what) for what in expected]


def test_what_stood_there_before_is_told() -> None:
    periods = (
        Period(difficulties=(LINE, OTHER)),
        Period(difficulties=(OTHER | GIVEN, LINE | {"description": "Mưa bão."})),
    )
    [flag] = flags(words_are_those_of_the_id, *periods)
    assert flag.params == {"counted": "2023-Q1-Q1-2"}
    [flag] = flags(
        text_is_like_the_one_before, periods[0], Period(difficulties=(LINE | GIVEN | {"description": "Bão."},))
    )
    assert flag.params == {"before": "Thiếu máy."}


def test_without_earlier_periods_an_id_cannot_be_judged() -> None:
    assert flags(ids_are_those_given, Period(difficulties=(LINE | GIVEN,)), codes=("2023-Q3",)) == []


@pytest.mark.parametrize(
    ("year", "quarters", "expected"),
    [
        ((100, 200), [(25, 50)] * 4, []),
        ((101, 200), [(25, 50)] * 4, [("Q1", "A.1", "numerator", "LK08")]),
        ((100, 190), [(25, 50)] * 4, [("Q1", "A.1", "denominator", "LK08")]),
        ((101, 200), [(25, 50)] * 3, []),  # a quarter that is missing says nothing
    ],
)
def test_year_is_the_sum_of_its_quarters(year: Any, quarters: list[Any], expected: list[Any]) -> None:
    told_quarters = [Period({A1: pair}) for pair in quarters] + [Period()] * (4 - len(quarters))
    codes = ("2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2023-NAM")
    assert told(flags(year_is_the_sum_of_its_quarters, *told_quarters, Period({A1: year}), codes=codes)) == expected


def test_the_first_period_is_compared_with_nothing() -> None:
    first = Period({A3: (5, 10), A1: (1, 2)}, DONE, (LINE,))
    assert [flag for rule in RULES for flag in flags(rule, first)] == []


def test_every_rule_warns_and_asks() -> None:
    """A sender may well be right: none of these refuses a cell."""
    codes = [code for code in MESSAGES if code.startswith("LK")]
    assert len(codes) == len(RULES)
    for code in codes:
        assert MESSAGES[code].severity == Severity.WARNING
        assert MESSAGES[code].rule.endswith("đề nghị kiểm tra.")
