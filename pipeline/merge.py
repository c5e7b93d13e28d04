"""Join what was received to everything the plan expects, so that silence is visible."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.entries import Entries
from pipeline.issues import Source, display
from pipeline.plan.model import Period, Plan
from pipeline.text import is_blank
from pipeline.validate import Valid
from schemas.columns import blanks, conform, take_or_blank
from schemas.records import Difficulty, Figure, Progress
from schemas.words import DifficultyState, IndicatorKind, YesNo

_ADDRESS = ("file", "sheet", "cell")


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
    joined = _joined(plan.expected_tasks, rows, ["state", "completed_on", "result", "product"])
    joined = _decide(joined, "task_code", decided)
    titles = dict(zip(plan.tasks["task_code"], plan.tasks["task_title"], strict=True))
    joined["task_title"] = _in_words(joined["task_code"], titles.get)
    return conform(Progress, _named(joined, plan, joined["state"].notna()))


def _figures(valid: Valid, sources: Mapping[int, Source], plan: Plan, decided: Sequence[Decided]) -> pd.DataFrame:
    rows = _traced(valid.frames["indicators"], valid.entries["indicators"], sources, "numerator")
    joined = _joined(plan.expected_figures, rows, ["numerator", "denominator", "note"])
    return complete_figures(_decide(joined, "indicator_code", decided), plan)


def _joined(expected: pd.DataFrame, rows: pd.DataFrame, fields: list[str]) -> pd.DataFrame:
    """The plan's expected rows, each with the fields and the address of the row that answers it, if any does."""
    answer = np.full(len(expected), -1)
    answer[rows["place"]] = np.arange(len(rows))
    return expected.assign(**{name: take_or_blank(rows[name].array, answer) for name in (*fields, *_ADDRESS)})


def complete_figures(joined: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Figures of the plan's expected rows with their numerators and denominators, made whole: ``rate``, ``reported``.

    ``numerator`` of a milestone is 1 or 0 over a ``denominator`` of 1 (of merged units both are sums), so that every
    share is Σ/Σ.
    """
    indicator = pd.Index(plan.indicators["indicator_code"]).get_indexer(pd.Index(joined["indicator_code"]))
    about = plan.indicators[["task_code", "indicator", "kind", "measure_unit"]].iloc[indicator]
    joined = joined.assign(**{str(name): about[name].array for name in about})
    kinds = plan.indicators["kind"]
    milestone = (kinds == IndicatorKind.MILESTONE).to_numpy()[indicator]
    ratio = kinds.isin([kind for kind in IndicatorKind if kind.has_denominator]).to_numpy()[indicator]
    numerator = joined["numerator"].astype("float64")
    denominator = joined["denominator"].astype("float64")
    denominator = denominator.mask(milestone & numerator.notna() & denominator.isna(), 1.0)
    reported = numerator.notna() & (denominator.notna() | ~ratio)
    # A numerator without its denominator cannot be added up: the pair counts as not reported.
    joined["numerator"] = numerator = numerator.where(reported)
    joined["denominator"] = denominator = denominator.where(reported)
    joined["rate"] = (numerator / denominator.where(denominator > 0)).where(ratio | milestone)
    joined["scope_name"] = _in_words(joined["scope"], plan.scope_name)
    named = _named(joined, plan, reported)
    return conform(Figure, named).assign(scope=joined["scope"], comparison=joined["comparison"])


def _decide(joined: pd.DataFrame, key: str, decided: Sequence[Decided]) -> pd.DataFrame:
    """The rows with the officer's values in place, each saying so in ``decision``."""
    joined["decision"] = blanks("text", len(joined))
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
    tasks = {code: place for place, code in enumerate(plan.task_titles)}
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
    found = entries.found
    source = pd.Index(list(found), dtype="int64").get_indexer(pd.Index(frame["source"]))
    letter_of, letters = pd.factorize(np.array([table.letters.get(field, "") for table in found.values()], "object"))
    # The same column and row number recur in every workbook: each address is written once.
    cell_of, cells = pd.factorize(frame["row"].to_numpy() * len(found) + letter_of[source])
    told = [f"{letters[cell % len(found)]}{cell // len(found)}" for cell in cells.tolist()]
    return frame.assign(
        file=pd.array([sources[number]["file"] for number in found], dtype="str").take(source),
        sheet=pd.array([table.sheet for table in found.values()], dtype="str").take(source),
        cell=pd.array(told, dtype="str").take(cell_of),
    )


def _named(frame: pd.DataFrame, plan: Plan, reported: "pd.Series[bool]") -> pd.DataFrame:
    words = pd.array([YesNo.NO.value, YesNo.YES.value], dtype="str")
    return frame.assign(
        unit_name=_in_words(frame["unit_code"], plan.unit_names.get), reported=words.take(reported.to_numpy("int64"))
    )


def _in_words(codes: pd.Series, word: Callable[[str], str | None]) -> Any:
    """What each code is called, looked up once."""
    code_of, known = pd.factorize(codes)
    return take_or_blank(pd.array([word(code) for code in known], dtype="str"), code_of)
