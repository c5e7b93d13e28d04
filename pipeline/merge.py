"""Join what was received to everything the plan expects, so that silence is visible."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.entries import Entries
from pipeline.issues import Source
from pipeline.plan.model import Plan
from pipeline.validate import Valid
from schemas.columns import conform
from schemas.records import Difficulty, Figure, Progress
from schemas.words import DifficultyState, IndicatorKind, YesNo


@dataclass(frozen=True)
class Facts:
    """``progress``: unit × task; ``figures``: unit × indicator (with ``scope``); ``difficulties``: one row each."""

    progress: pd.DataFrame
    figures: pd.DataFrame
    difficulties: pd.DataFrame


def merge(valid: Valid, sources: Mapping[int, Source], plan: Plan) -> Facts:
    """Every row carries the file, sheet and cell that it came from."""
    return Facts(_progress(valid, sources, plan), _figures(valid, sources, plan), _difficulties(valid, sources, plan))


def _progress(valid: Valid, sources: Mapping[int, Source], plan: Plan) -> pd.DataFrame:
    rows = _traced(valid.frames["tasks"], valid.entries["tasks"], sources, "state")
    fields = ["unit_code", "task_code", "state", "completed_on", "result", "product", "file", "sheet", "cell"]
    joined = plan.expected_tasks.merge(rows[fields], on=["unit_code", "task_code"], how="left")
    joined["task_title"] = joined["task_code"].map(_lookup(plan.tasks, "task_code", "task_title"))
    return conform(Progress, _named(joined, plan, joined["state"].notna()))


def _figures(valid: Valid, sources: Mapping[int, Source], plan: Plan) -> pd.DataFrame:
    """``numerator`` of a milestone is 1 or 0 over a ``denominator`` of 1, so that every share is Σ/Σ."""
    rows = _traced(valid.frames["indicators"], valid.entries["indicators"], sources, "numerator")
    fields = ["unit_code", "indicator_code", "numerator", "denominator", "note", "file", "sheet", "cell"]
    joined = plan.expected_figures.merge(rows[fields], on=["unit_code", "indicator_code"], how="left")
    joined = joined.merge(
        plan.indicators[["indicator_code", "task_code", "indicator", "kind", "measure_unit"]], on="indicator_code"
    )
    milestone = joined["kind"] == IndicatorKind.MILESTONE
    joined["denominator"] = joined["denominator"].mask(milestone & joined["numerator"].notna(), 1.0)
    ratio = joined["kind"].isin([kind for kind in IndicatorKind if kind.has_denominator])
    reported = joined["numerator"].notna() & (joined["denominator"].notna() | ~ratio)
    # A numerator without its denominator cannot be added up: the pair counts as not reported.
    joined.loc[~reported, ["numerator", "denominator"]] = None
    some = joined["denominator"] > 0
    joined["rate"] = (joined["numerator"] / joined["denominator"].where(some)).where(ratio | milestone)
    joined["scope_name"] = joined["scope"].map(plan.scope_name)
    named = _named(joined, plan, reported)
    return conform(Figure, named).assign(scope=joined["scope"], comparison=joined["comparison"])


def _difficulties(valid: Valid, sources: Mapping[int, Source], plan: Plan) -> pd.DataFrame:
    """In the order of tasks and units; a blank state is Chưa giải quyết."""
    rows = _traced(valid.frames["difficulties"], valid.entries["difficulties"], sources, "description")
    tasks = {code: place for place, code in enumerate(plan.tasks["task_code"])}
    units = {code: place for place, code in enumerate(plan.units["unit_code"])}
    rows = rows.assign(_task=rows["task_code"].map(tasks), _unit=rows["unit_code"].map(units))
    rows = rows.sort_values(["_task", "_unit", "row"], kind="stable", na_position="last").reset_index(drop=True)
    rows["state"] = rows["state"].fillna(DifficultyState.OPEN.value)
    rows["number"] = range(1, len(rows) + 1)
    return conform(Difficulty, rows.assign(unit_name=rows["unit_code"].map(plan.unit_names)))


def _traced(frame: pd.DataFrame, entries: Entries, sources: Mapping[int, Source], field: str) -> pd.DataFrame:
    """The frame with the file, sheet and cell of its rows; ``field`` is the column that the cell points at."""
    letters = {number: table.letters.get(field, "") for number, table in entries.found.items()}
    sheets = {number: table.sheet for number, table in entries.found.items()}
    files = {number: source["file"] for number, source in sources.items()}
    cells = frame["source"].map(letters).astype("str") + frame["row"].astype("str")
    return frame.assign(
        file=frame["source"].map(files).astype("str"), sheet=frame["source"].map(sheets).astype("str"), cell=cells
    )


def _named(frame: pd.DataFrame, plan: Plan, reported: pd.Series) -> pd.DataFrame:
    words = {True: YesNo.YES.value, False: YesNo.NO.value}
    return frame.assign(unit_name=frame["unit_code"].map(plan.unit_names), reported=reported.map(words))


def _lookup(frame: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    return dict(zip(frame[key], frame[value], strict=True))
