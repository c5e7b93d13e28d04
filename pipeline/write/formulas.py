"""Totals and rates of the consolidated workbook as live formulas over its tidy sheets.

A reader can follow and check every sum (where so many rows lie below that Excel would take long over it, the sum is
written as a number); the results stored with the formulas, and every comparison with a target,
are those that were computed exactly before the workbook was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from pipeline.write.heading import DATA_ROW, MOST_ROWS
from pipeline.write.sheet import ROW
from schemas.columns import Model, names
from schemas.records import Result
from schemas.words import DifficultyState, IndicatorKind, Severity, YesNo

MOST_COMPARED = 20_000_000  # cells that the formulas of one sheet may look at: a second or so in Excel


@dataclass(frozen=True)
class Detail:
    """A written table that formulas read: its sheet, model and number of rows."""

    sheet: str
    model: Model
    count: int

    def carries(self, formulas: int) -> bool:
        """Whether so many formulas may run over all its rows: Excel computes them whenever the file is opened."""
        return self.count <= MOST_ROWS and self.count * formulas <= MOST_COMPARED

    def span(self, field: str) -> str:
        """The column's data cells, ``'Chi tiết chỉ tiêu'!$J$8:$J$240``."""
        letter = xl_col_to_name(names(self.model).index(field), True)
        return f"'{self.sheet}'!{letter}${DATA_ROW + 1}:{letter}${DATA_ROW + max(self.count, 1)}"


def own(model: Model, field: str) -> str:
    """The address of a field in the formula's own row of the sheet."""
    return f"{xl_col_to_name(names(model).index(field))}{ROW}"


def place(model: Model, field: str, position: int) -> str:
    """The address of a field in the table's row at that position."""
    return own(model, field).replace(ROW, str(DATA_ROW + 1 + position))


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
    """By column of :class:`schemas.records.Result`, the formula of every row."""
    code, scope, top, bottom, value, target = (
        own(Result, field) for field in ("indicator_code", "scope_name", "numerator", "denominator", "value", "target")
    )
    chosen = ((figures.span("indicator_code"), code), (figures.span("scope_name"), scope))
    which = "*".join(f"({span}={cell})" for span, cell in chosen)
    told = (figures.span("reported"), quoted(YesNo.YES))
    same = {"gap": f"={value}-{target}"}
    if figures.carries(4 * len(results)):
        same |= {
            "numerator": f"=SUMPRODUCT({which},{figures.span('numerator')})",
            "denominator": f"=SUMPRODUCT({which},{figures.span('denominator')})",
            "units_reported": f"={count_where(*chosen, told)}",
            "units_expected": f"={count_where(*chosen)}",
        }
    kinds = zip(results["indicator_code"], results["kind"], strict=True)
    values = [_value(IndicatorKind(kind), top, bottom, baselines.get(each)) for each, kind in kinds]
    return {name: [formula] * len(results) for name, formula in same.items()} | {"value": values}


def _value(kind: IndicatorKind, top: str, bottom: str, baseline: float | None) -> str:
    if kind == IndicatorKind.COUNT:
        return f"={top}"
    if not kind.is_increase:
        return f"={top}/{bottom}"
    base = repr(float(baseline or 0))
    return f"={top}/{bottom}-{base}" if kind == IndicatorKind.RATIO_POINTS else f"=({top}/{bottom}-{base})/{base}"


def of_rates(figures: pd.DataFrame, model: Model) -> dict[str, list[str]]:
    """The rate of every unit's figure."""
    return {"rate": [f"={own(model, 'numerator')}/{own(model, 'denominator')}"] * len(figures)}


def of_statuses(count: int, model: Model, progress: Detail, difficulties: Detail) -> dict[str, list[str]]:
    """How many units reported each task, how many must, and how many difficulties are not resolved yet."""
    resolved = [(difficulties.span("state"), quoted(DifficultyState.RESOLVED))]
    code, told = own(model, "task_code"), (progress.span("reported"), quoted(YesNo.YES))
    made = {}
    if progress.carries(2 * count):
        made["units_reported"] = count_where((progress.span("task_code"), code), told)
        made["units_expected"] = count_where((progress.span("task_code"), code))
    if difficulties.carries(count):
        made["difficulties"] = count_where((difficulties.span("task_code"), code), without=resolved)
    return {field: [f"={formula}"] * count for field, formula in made.items()}


def of_timeliness(count: int, model: Model, issues: Detail) -> dict[str, list[str]]:
    """The errors and warnings of every unit."""
    if not issues.carries(2 * count):
        return {}
    unit = (issues.span("unit_code"), own(model, "unit_code"))
    fields: Sequence[tuple[str, Severity]] = (("errors", Severity.ERROR), ("warnings", Severity.WARNING))
    return {
        field: [f"={count_where(unit, (issues.span('severity'), quoted(severity)))}"] * count
        for field, severity in fields
    }
