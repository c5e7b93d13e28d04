"""The appendix tables: columns, titles and rows of the consolidated workbook's own tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.brief.blocks import Grid
from pipeline.brief.figures import value_text
from pipeline.brief.phrases import day
from pipeline.measures import measure_text
from pipeline.text import is_blank, number_text
from pipeline.write.consolidated import Report
from schemas.columns import Column, Model, columns, records
from schemas.records import Difficulty, Result, TaskStatus, UnitTimeliness
from schemas.words import IndicatorKind

_STATUSES = "task_code task_title lead deadline status alerts units_reported units_expected difficulties basis"
_RESULTS = (
    "indicator_code indicator scope_name numerator denominator value target expected units_reported units_expected "
    "target_result alerts"
)
_TIMELINESS = "unit_name due_on received_on timeliness versions errors warnings basis"
_DIFFICULTIES = "number task_code unit_name description cause proposal addressed_to state"
_LEAST_WIDTH = {False: 9.5, True: 14.0}  # of numbers and words, of dates
_MEASURES = ("target", "expected")


def appendix_grids(report: Report) -> dict[str, Grid]:
    """By the block's name in :mod:`schemas.brief`."""
    judged = report.assessment
    return {
        "bảng nhiệm vụ": _grid(TaskStatus, _STATUSES, judged.statuses),
        "bảng chỉ tiêu": _grid(Result, _RESULTS, judged.results),
        "bảng tình hình nộp": _grid(UnitTimeliness, _TIMELINESS, judged.timeliness),
        "bảng khó khăn": _grid(Difficulty, _DIFFICULTIES, report.facts.difficulties),
    }


def _grid(model: Model, names: str, frame: pd.DataFrame) -> Grid:
    by_name = {spec.name: spec for spec in columns(model)}
    specs = [by_name[name] for name in names.split()]
    centred = frozenset(index for index, spec in enumerate(specs) if spec.layout.centre or spec.kind != "text")
    rows = [_row(row, specs) for row in records(frame)]
    empty = ["Không có.", *[""] * (len(specs) - 1)]
    widths = [max(spec.layout.width, _LEAST_WIDTH[spec.kind == "date"]) for spec in specs]
    return Grid([spec.title for spec in specs], rows or [empty], widths, centred)


def _row(row: Mapping[str, Any], specs: Sequence[Column]) -> list[str]:
    kind = IndicatorKind(row["kind"]) if "kind" in row else None
    return [_cell(row, spec, kind) for spec in specs]


def _cell(row: Mapping[str, Any], spec: Column, kind: IndicatorKind | None) -> str:
    value = row[spec.name]
    if is_blank(value) or pd.isna(value):
        return spec.layout.blank
    if kind and spec.name == "value":
        return value_text(row, kind)
    if kind and spec.name in _MEASURES:
        return measure_text(value, kind)
    if spec.kind == "date":
        return day(value)
    return number_text(value) if spec.kind in ("number", "integer") else str(value)
