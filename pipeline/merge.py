"""Join what was received to everything the plan expects, so that silence is visible."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.entries import Entries
from pipeline.issues import Source, display
from pipeline.plan.model import Period, Plan
from pipeline.text import is_blank
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


@dataclass(frozen=True)
class Decided:
    """A value that the officer has set in place of the unit's; ``because`` says why, who and when."""

    unit_code: str
    item_code: str
    field: str
    title: str
    value: Any
    because: str


@dataclass(frozen=True)
class PeriodFacts:
    """What a period said: its facts and the plan that was in force."""

    plan: Plan
    period: Period
    facts: Facts


def merge(valid: Valid, sources: Mapping[int, Source], plan: Plan, decided: Sequence[Decided] = ()) -> Facts:
    """Every row carries the file, sheet and cell that it came from, and the decision that touched it."""
    return Facts(
        _progress(valid, sources, plan, decided),
        _figures(valid, sources, plan, decided),
        _difficulties(valid, sources, plan),
    )


def _progress(valid: Valid, sources: Mapping[int, Source], plan: Plan, decided: Sequence[Decided]) -> pd.DataFrame:
    rows = _traced(valid.frames["tasks"], valid.entries["tasks"], sources, "state")
    fields = ["unit_code", "task_code", "state", "completed_on", "result", "product", "file", "sheet", "cell"]
    joined = plan.expected_tasks.merge(rows[fields], on=["unit_code", "task_code"], how="left")
    joined = _decide(joined, "task_code", decided)
    joined["task_title"] = joined["task_code"].map(_lookup(plan.tasks, "task_code", "task_title"))
    return conform(Progress, _named(joined, plan, joined["state"].notna()))


def _figures(valid: Valid, sources: Mapping[int, Source], plan: Plan, decided: Sequence[Decided]) -> pd.DataFrame:
    rows = _traced(valid.frames["indicators"], valid.entries["indicators"], sources, "numerator")
    fields = ["unit_code", "indicator_code", "numerator", "denominator", "note", "file", "sheet", "cell"]
    joined = plan.expected_figures.merge(rows[fields], on=["unit_code", "indicator_code"], how="left")
    return complete_figures(_decide(joined, "indicator_code", decided), plan)


def complete_figures(joined: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Figures of the plan's expected rows with their numerators and denominators, made whole: ``rate``, ``reported``.

    ``numerator`` of a milestone is 1 or 0 over a ``denominator`` of 1, so that every share is Σ/Σ.
    """
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


def _decide(joined: pd.DataFrame, key: str, decided: Sequence[Decided]) -> pd.DataFrame:
    """The rows with the officer's values in place, each saying so in ``decision``."""
    joined["decision"] = pd.Series(None, index=joined.index, dtype="object")
    for one in decided:
        if one.field in joined:
            for at in joined.index[(joined["unit_code"] == one.unit_code) & (joined[key] == one.item_code)]:
                told, said = joined.at[at, one.field], joined.at[at, "decision"]
                joined.loc[at, one.field] = one.value
                before = display(told) or "ô trống"
                lines = [] if is_blank(said) else [str(said)]
                lines.append(f"{one.title}: {display(one.value)} thay {before}; {one.because}")
                joined.at[at, "decision"] = "\n".join(lines)
    return joined


def _difficulties(valid: Valid, sources: Mapping[int, Source], plan: Plan) -> pd.DataFrame:
    """In the order of tasks and units; a blank state is Chưa giải quyết.

    Beside the model's columns: ``at``, the label of the row as received, and ``said``, the state as it was chosen.
    """
    rows = _traced(valid.frames["difficulties"], valid.entries["difficulties"], sources, "description")
    tasks = {code: place for place, code in enumerate(plan.tasks["task_code"])}
    units = {code: place for place, code in enumerate(plan.units["unit_code"])}
    rows = rows.assign(_task=rows["task_code"].map(tasks), _unit=rows["unit_code"].map(units))
    rows = rows.assign(at=rows.index, said=rows["state"])
    rows = rows.sort_values(["_task", "_unit", "row"], kind="stable", na_position="last").reset_index(drop=True)
    rows["state"] = rows["state"].fillna(DifficultyState.OPEN.value)
    rows["number"] = range(1, len(rows) + 1)
    named = conform(Difficulty, rows.assign(unit_name=rows["unit_code"].map(plan.unit_names)))
    return named.assign(at=rows["at"], said=rows["said"])


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
