"""Totals and rates of the consolidated workbook as live formulas over its tidy sheets.

A reader can follow and check every sum; the results stored with the formulas, and every comparison with a target,
are those that were computed exactly before the workbook was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from pipeline.write.heading import DATA_ROW
from schemas.columns import Model, names, records
from schemas.records import Result
from schemas.words import DifficultyState, IndicatorKind, Severity, YesNo


@dataclass(frozen=True)
class Detail:
    """A written table that formulas read: its sheet, model and number of rows."""

    sheet: str
    model: Model
    count: int

    def span(self, field: str) -> str:
        """The column's data cells, ``'Chi tiết chỉ tiêu'!$J$8:$J$240``."""
        letter = xl_col_to_name(names(self.model).index(field), True)
        return f"'{self.sheet}'!{letter}${DATA_ROW + 1}:{letter}${DATA_ROW + max(self.count, 1)}"


def own(model: Model, field: str, position: int) -> str:
    """The address of a field on the sheet itself."""
    return f"{xl_col_to_name(names(model).index(field))}{DATA_ROW + 1 + position}"


def quoted(text: str) -> str:
    """A text inside a formula."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def count_where(*pairs: tuple[str, str], without: Sequence[tuple[str, str]] = ()) -> str:
    """How many rows hold each value in its span, and none of those in ``without``: compared as text, so that no value
    acts as a pattern."""
    held = [f"({span}={value})" for span, value in pairs] + [f"({span}<>{value})" for span, value in without]
    return f"SUMPRODUCT({'*'.join(held)}*1)"


def of_results(results: pd.DataFrame, figures: Detail, baselines: Mapping[str, float]) -> dict[str, list[str]]:
    """By column of :class:`schemas.records.Result`, the formula of every row; "" where the value is no result."""
    made: dict[str, list[str]] = {
        name: [] for name in ("numerator", "denominator", "value", "gap", "units_reported", "units_expected")
    }
    for position, row in enumerate(records(results)):
        code, scope, top, bottom, value, target = (
            own(Result, field, position)
            for field in ("indicator_code", "scope_name", "numerator", "denominator", "value", "target")
        )
        chosen = ((figures.span("indicator_code"), code), (figures.span("scope_name"), scope))
        which = "*".join(f"({span}={cell})" for span, cell in chosen)
        told = (figures.span("reported"), quoted(YesNo.YES))
        made["numerator"].append(f"=SUMPRODUCT({which},{figures.span('numerator')})")
        made["denominator"].append(f"=SUMPRODUCT({which},{figures.span('denominator')})")
        made["value"].append(_value(IndicatorKind(row["kind"]), top, bottom, baselines.get(row["indicator_code"])))
        made["gap"].append(f"={value}-{target}")
        made["units_reported"].append(f"={count_where(*chosen, told)}")
        made["units_expected"].append(f"={count_where(*chosen)}")
    return made


def _value(kind: IndicatorKind, top: str, bottom: str, baseline: float | None) -> str:
    if kind == IndicatorKind.COUNT:
        return f"={top}"
    if not kind.is_increase:
        return f"={top}/{bottom}"
    base = repr(float(baseline or 0))
    return f"={top}/{bottom}-{base}" if kind == IndicatorKind.RATIO_POINTS else f"=({top}/{bottom}-{base})/{base}"


def of_rates(figures: pd.DataFrame, model: Model) -> dict[str, list[str]]:
    """The rate of every unit's figure."""
    rows = range(len(figures))
    return {"rate": [f"={own(model, 'numerator', at)}/{own(model, 'denominator', at)}" for at in rows]}


def of_statuses(count: int, model: Model, progress: Detail, difficulties: Detail) -> dict[str, list[str]]:
    """How many units reported each task, how many must, and how many difficulties are not resolved yet."""
    resolved = [(difficulties.span("state"), quoted(DifficultyState.RESOLVED))]
    codes = [own(model, "task_code", at) for at in range(count)]
    told = (progress.span("reported"), quoted(YesNo.YES))
    return {
        "units_reported": [f"={count_where((progress.span('task_code'), code), told)}" for code in codes],
        "units_expected": [f"={count_where((progress.span('task_code'), code))}" for code in codes],
        "difficulties": [f"={count_where((difficulties.span('task_code'), code), without=resolved)}" for code in codes],
    }


def of_timeliness(count: int, model: Model, issues: Detail) -> dict[str, list[str]]:
    """The errors and warnings of every unit."""
    codes = [own(model, "unit_code", at) for at in range(count)]
    fields: Sequence[tuple[str, Severity]] = (("errors", Severity.ERROR), ("warnings", Severity.WARNING))
    return {
        field: [
            f"={count_where((issues.span('unit_code'), code), (issues.span('severity'), quoted(severity)))}"
            for code in codes
        ]
        for field, severity in fields
    }
