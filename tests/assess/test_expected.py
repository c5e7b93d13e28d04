"""What an indicator should have reached by the end of a period."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.assess.expected import expected_value, quarter
from pipeline.plan.model import Period
from schemas.columns import conform, records
from schemas.plan import Indicator, Target
from schemas.words import Accumulation, Comparison, IndicatorKind, PeriodKind
from tests.support import small_plan

_PLAN = small_plan()
START, DEADLINE = _PLAN.settings.starts_on, date(2023, 6, 30)  # 180 days
RATIO, COUNT, MILESTONE = IndicatorKind.RATIO, IndicatorKind.COUNT, IndicatorKind.MILESTONE
POINTS, GROWTH = IndicatorKind.RATIO_POINTS, IndicatorKind.RATIO_GROWTH
AT_MOST, PERIOD = Comparison.AT_MOST, Accumulation.PERIOD


def period_to(data_to: date, kind: PeriodKind = PeriodKind.QUARTER) -> Period:
    return Period("2023-X", "Kỳ", kind, START, data_to, data_to, data_to)


def expected(
    kind: IndicatorKind, target: dict[str, Any], indicator: dict[str, Any], deadline: date | None, day: date
) -> Fraction | None:
    [of_target] = records(conform(Target, [{"indicator_code": "A.1", "assignee": "QUAN"} | target]))
    about = {"indicator_code": "A.1", "kind": kind, "accumulation": Accumulation.CUMULATIVE}
    [of_indicator] = records(conform(Indicator, [about | indicator]))
    return expected_value(of_target, of_indicator, deadline, _PLAN, period_to(day))


Q1, Q2, Q3 = date(2023, 3, 14), date(2023, 6, 14), date(2023, 9, 14)  # day 72 and 164 of the plan, then past it


@pytest.mark.parametrize(
    ("kind", "target", "indicator", "deadline", "day", "value"),
    [
        # linear from the baseline at the plan's start to the target at the deadline
        (RATIO, {"target": 0.5}, {}, DEADLINE, Q1, Fraction(1, 5)),
        (RATIO, {"target": 0.5}, {"baseline": 0.25}, DEADLINE, Q1, Fraction(35, 100)),
        (RATIO, {"target": 1.0}, {}, DEADLINE, Q2, Fraction(164, 180)),
        (COUNT, {"target": 180}, {}, DEADLINE, Q1, 72),
        (COUNT, {"target": 180}, {"baseline": 80}, DEADLINE, Q1, 120),
        (RATIO, {"target": 0.5}, {}, DEADLINE, START, 0),
        (RATIO, {"target": 0.5}, {"baseline": 0.25}, DEADLINE, date(2022, 12, 31), Fraction(1, 4)),
        (RATIO, {"target": 0.5}, {"baseline": 0.25}, DEADLINE, DEADLINE, Fraction(1, 2)),
        (RATIO, {"target": 0.5}, {"baseline": 0.25}, DEADLINE, Q3, Fraction(1, 2)),
        # an increase begins at nothing, whatever the baseline
        (POINTS, {"target": 0.2}, {"baseline": 0.3}, DEADLINE, Q1, Fraction(8, 100)),
        (POINTS, {"target": 0.2}, {}, DEADLINE, Q1, Fraction(8, 100)),
        (GROWTH, {"target": 0.2}, {"baseline": 0.3}, DEADLINE, Q2, Fraction(164, 900)),
        # at most: down from the baseline; without one, the limit holds from the first day
        (RATIO, {"target": 0.1, "comparison": AT_MOST}, {"baseline": 0.6}, DEADLINE, Q1, Fraction(4, 10)),
        (RATIO, {"target": 0.1, "comparison": AT_MOST}, {}, DEADLINE, Q1, Fraction(1, 10)),
        # thường xuyên: the target itself
        (RATIO, {"target": 0.5}, {"baseline": 0.25}, None, Q1, Fraction(1, 2)),
        (COUNT, {"target": 12}, {"accumulation": PERIOD}, None, Q1, 12),
        (MILESTONE, {"target": 1}, {}, None, Q1, 1),
        # the plan's own value for the quarter outranks the line
        (RATIO, {"target": 0.5, "expected_q1": 0.1}, {}, DEADLINE, Q1, Fraction(1, 10)),
        (RATIO, {"target": 0.5, "expected_q1": 0.0}, {}, DEADLINE, Q1, 0),
        (RATIO, {"target": 0.5, "expected_q2": 0.1}, {}, DEADLINE, Q1, Fraction(1, 5)),
        (RATIO, {"target": 0.5, "expected_q2": 0.3}, {}, None, Q2, Fraction(3, 10)),
        (COUNT, {"target": 12, "expected_q1": 3}, {"accumulation": PERIOD}, DEADLINE, Q1, 3),
        (MILESTONE, {"target": 1, "expected_q1": 1}, {}, DEADLINE, Q1, 1),
        (RATIO, {"target": 0.5, "expected_q3": 0.45}, {}, date(2023, 12, 31), Q3, Fraction(45, 100)),
        (RATIO, {"target": 0.5, "expected_q4": 0.5}, {}, date(2024, 12, 31), date(2023, 12, 14), Fraction(1, 2)),
        # a milestone is not due before its deadline, and is due from that day
        (MILESTONE, {"target": 1}, {}, DEADLINE, date(2023, 6, 29), None),
        (MILESTONE, {"target": 1}, {}, DEADLINE, DEADLINE, 1),
        (MILESTONE, {"target": 1}, {}, DEADLINE, Q3, 1),
        # a count of one period only says nothing of the whole
        (COUNT, {"target": 180}, {"accumulation": PERIOD}, DEADLINE, Q1, None),
        (COUNT, {"target": 180}, {"accumulation": PERIOD}, DEADLINE, Q3, None),
        (RATIO, {"target": 0.5}, {"accumulation": PERIOD}, DEADLINE, Q1, Fraction(1, 5)),
        # no target, nothing expected
        (RATIO, {}, {}, DEADLINE, Q1, None),
        (RATIO, {"expected_q1": 0.3}, {}, None, Q1, None),
        # a deadline on or before the plan's first day
        (RATIO, {"target": 0.5}, {}, START, date(2022, 12, 31), Fraction(1, 2)),
    ],
)
def test_expected_value(
    kind: IndicatorKind,
    target: dict[str, Any],
    indicator: dict[str, Any],
    deadline: date | None,
    day: date,
    value: Fraction | int | None,
) -> None:
    assert expected(kind, target, indicator, deadline, day) == value


@pytest.mark.parametrize(
    ("data_to", "kind", "number"),
    [
        (date(2023, 3, 14), PeriodKind.QUARTER, 1),
        (date(2023, 6, 14), PeriodKind.QUARTER, 2),
        (date(2023, 9, 14), PeriodKind.QUARTER, 3),
        (date(2023, 12, 14), PeriodKind.QUARTER, 4),
        (date(2023, 12, 14), PeriodKind.YEAR, 4),
        (date(2023, 11, 30), PeriodKind.YEAR, 4),
        (date(2023, 1, 31), PeriodKind.AD_HOC, 1),
        (date(2023, 4, 1), PeriodKind.AD_HOC, 2),
    ],
)
def test_quarter(data_to: date, kind: PeriodKind, number: int) -> None:
    assert quarter(period_to(data_to, kind)) == number


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 180), st.integers(0, 180), st.integers(0, 1000), st.integers(0, 1000))
def test_what_is_expected_moves_one_way_between_baseline_and_target(
    one: int, two: int, baseline: int, target: int
) -> None:
    first, second = (
        expected_value(
            {"target": target / 1000, "comparison": None} | {f"expected_q{n}": float("nan") for n in range(1, 5)},
            {"kind": RATIO.value, "baseline": baseline / 1000, "accumulation": Accumulation.CUMULATIVE.value},
            DEADLINE,
            _PLAN,
            period_to(date.fromordinal(START.toordinal() + days)),
        )
        for days in sorted((one, two))
    )
    assert first is not None
    assert second is not None
    low, high = sorted((Fraction(baseline, 1000), Fraction(target, 1000)))
    assert low <= first <= high
    assert (first <= second) if baseline <= target else (first >= second)
