"""Each indicator over the periods of the year."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.assess.expected import quarter
from pipeline.plan.model import Period
from schemas.words import PeriodKind

Key = tuple[str, str]
VALUES = ("value_q1", "value_q2", "value_q3", "value_q4")


def with_trend(
    results: pd.DataFrame, past: Sequence[tuple[Period, pd.DataFrame]], period: Period, heirs: Mapping[str, str]
) -> pd.DataFrame:
    """The results with ``value_q1`` to ``value_q4``, each quarter's value so far, and ``change`` since the last.

    A year is not set against one of its quarters. ``heirs``: as :attr:`pipeline.plan.model.Plan.heirs`.
    """
    series: dict[str, dict[Key, float]] = {}
    last: dict[Key, float] = {}
    for earlier, judged in past:
        if earlier.kind == PeriodKind.QUARTER:
            last = values_of(inherited(judged, heirs))
            series[f"value_q{quarter(earlier)}"] = last
    if period.kind == PeriodKind.QUARTER:
        series[f"value_q{quarter(period)}"] = values_of(results)
    keys = list(zip(results["indicator_code"], results["scope"], strict=True))
    told = {name: [series.get(name, {}).get(key) for key in keys] for name in VALUES}
    change = pd.Series([last.get(key) for key in keys], index=results.index, dtype="float64")
    change = results["value"] - change
    if period.kind == PeriodKind.YEAR:
        change[:] = np.nan
    frames = {name: pd.Series(values, index=results.index, dtype="float64") for name, values in told.items()}
    return results.assign(change=change, **frames)


def inherited(results: pd.DataFrame, heirs: Mapping[str, str]) -> pd.DataFrame:
    """An earlier period's results, those of a unit that has gone as its successor's. Where that would make two of one,
    only what the successor had already is its own: the two together were never judged."""
    scope = results["scope"].map(lambda code: heirs.get(code, code)).astype("str")
    is_own = scope == results["scope"]
    stays = is_own | ~results[["indicator_code"]].assign(scope=scope).duplicated(keep=False)
    return results[stays].assign(scope=scope[stays])


def values_of(results: pd.DataFrame) -> dict[Key, float]:
    """By (indicator, scope); without those that have no value."""
    rows = results[results["value"].notna()]
    return dict(zip(zip(rows["indicator_code"], rows["scope"], strict=True), rows["value"], strict=True))
