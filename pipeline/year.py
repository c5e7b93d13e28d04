"""The annual figures: from the year's quarters, and from the annual submissions of the units that sent one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.assess.keys import Array, Keys
from pipeline.assess.status import ADVANCE
from pipeline.measures import exact_sum
from pipeline.merge import Facts, PeriodFacts, complete_figures
from pipeline.plan.model import Period, Plan
from schemas.columns import as_objects, take_or_blank
from schemas.words import Accumulation, IndicatorKind, PeriodKind, Role, YesNo

_PARTS = ("numerator", "denominator")
_ADDRESS = ("file", "sheet", "cell")
_WORDS = (*_ADDRESS, "decision")
_SAID = ("reported", "state", "completed_on", "result", "product", "decision", *_ADDRESS)


def annual_facts(own: Facts, quarters: Sequence[PeriodFacts], plan: Plan, period: Period) -> Facts:
    """A unit's annual submission stands where it reports; the rest comes from the quarters.

    Cumulative indicators and milestones take the last value told; those counted by period add up over the
    quarters. ``partial`` marks a figure that rests on fewer quarters than the plan asks for: it is added up as
    far as it goes, never with a zero, and its ``note`` says which quarter is missing.
    """
    return Facts(_progress(own, quarters, plan), _figures(own, quarters, plan, period), own.difficulties)


@dataclass(frozen=True)
class _Table:
    """What the quarters told of some figures, a row for each and a column for each quarter, oldest first.

    ``told``: something was; ``whole``: by each of the units merged since; ``asked``: the plan then in force asked for
    it. ``parts`` by name are missing where nothing was told; ``words`` (the address, what was decided) are "" there.
    """

    quarters: Sequence[Period]
    told: Array
    whole: Array
    asked: Array
    parts: dict[str, Array]
    words: dict[str, Array]


def _figures(own: Facts, quarters: Sequence[PeriodFacts], plan: Plan, period: Period) -> pd.DataFrame:
    figures = own.figures
    silent = np.flatnonzero(figures["reported"] != YesNo.YES)
    partial = np.zeros(len(figures), dtype="bool")
    keys = Keys(plan, "indicator_code", plan.indicators["indicator_code"])
    table = _table(keys.of(figures.iloc[silent]), quarters, plan, period, keys)
    is_last = _takes_the_last(figures.iloc[silent], plan)
    use = np.where(is_last[:, None], _last_told(table), table.told)
    found = use.any(axis=1)
    rows, here = silent[found], np.flatnonzero(found)
    lacking = _lacking(table, use, is_last)
    partial[rows] = (lacking | (use & ~table.whole & is_last[:, None]))[here].any(axis=1)
    notes = _notes(use[here], lacking[here], is_last[here], table.quarters)
    made = {name: _sums(np.where(use, values, np.nan)[here]) for name, values in table.parts.items()}
    made |= {name: _joined(np.where(use, words, "")[here]) for name, words in table.words.items()}
    columns = ["unit_code", "unit_group", "indicator_code", "scope", "target", "comparison", "decision"]
    columns += [*_PARTS, "note", *_ADDRESS]
    frame = figures[columns].copy()
    for name, values in (made | {"note": notes}).items():
        frame[name] = _replaced(frame[name], rows, values)
    return complete_figures(frame, plan).assign(partial=partial)


def _table(wanted: Array, quarters: Sequence[PeriodFacts], plan: Plan, period: Period, keys: Keys) -> _Table:
    """``wanted``: the keys of the figures."""
    columns = [one for one in plan.earlier(period) if one.kind == PeriodKind.QUARTER]
    shape = len(wanted), len(columns)
    told, whole, asked = (np.zeros(shape, dtype="bool") for _ in range(3))
    table = _Table(
        columns,
        told,
        whole,
        asked,
        {name: np.full(shape, np.nan) for name in _PARTS},
        {name: np.full(shape, "", dtype="object") for name in _WORDS},
    )
    said = {one.period.period_code: one for one in quarters}
    for at, column in enumerate(columns):
        then = (plan.whole or plan).in_force(column.data_to)
        asked[:, at] = np.isin(wanted, keys.of(then.expected_figures, heirs=True))
        if column.period_code in said:
            rows = _told(said[column.period_code], keys)
            place = pd.Index(rows["key"]).get_indexer(pd.Index(wanted))
            told[:, at] = place >= 0
            whole[:, at] = told[:, at] & np.append(rows["whole"].to_numpy("bool"), False)[place]
            for name, values in table.parts.items():
                values[:, at] = take_or_blank(rows[name].to_numpy(), place)
            for name, words in table.words.items():
                words[:, at] = np.append(rows[name].fillna("").to_numpy("object"), "")[place]
    return table


def _told(said: PeriodFacts, keys: Keys) -> pd.DataFrame:
    """One row per key of which the quarter told anything: ``key``, ``whole``, the parts and the address."""
    rows = said.facts.figures
    rows = rows[[*_PARTS, *_WORDS]].assign(
        key=keys.of(rows, heirs=True),
        told=rows["reported"] == YesNo.YES,
        file=f"{said.period.period_code}/" + rows["file"],
        decision=f"{said.period.brief}: " + rows["decision"],
    )
    rows = rows[rows["key"] >= 0]
    told = rows[rows["told"]]
    told = told.assign(whole=~told["key"].isin(rows.loc[~rows["told"], "key"]))
    is_merged = told["key"].duplicated(keep=False)
    if not is_merged.any():
        return told
    merged = []
    for key, group in told[is_merged].groupby("key", sort=False):
        parts = {name: _sums(group[[name]].to_numpy().T)[0] for name in _PARTS}
        words = {name: "; ".join(group[name].dropna()) for name in _WORDS}
        merged.append({"key": key, "whole": group["whole"].all()} | parts | words)
    return pd.concat([told[~is_merged], pd.DataFrame(merged)])


def _takes_the_last(figures: pd.DataFrame, plan: Plan) -> Array:
    rows = plan.indicators
    counted = (rows["accumulation"] != Accumulation.CUMULATIVE) & (rows["kind"] != IndicatorKind.MILESTONE)
    made: Array = ~figures["indicator_code"].isin(rows.loc[counted, "indicator_code"]).to_numpy()
    return made


def _last_told(table: _Table) -> Array:
    """Of each figure the last quarter that told it as a whole, or else the last that told anything of it."""
    fit = np.where(table.whole.any(axis=1, keepdims=True), table.whole, table.told)
    later: Array = np.cumsum(np.flip(fit, axis=1), axis=1)
    made: Array = fit & (np.flip(later, axis=1) == 1)
    return made


def _lacking(table: _Table, use: Array, is_last: Array) -> Array:
    """The quarters of which something was asked for that was not told: of a sum any, else the last asked for."""
    columns = np.arange(use.shape[1])
    last_asked = table.asked & (columns == np.where(table.asked, columns, -1).max(axis=1, initial=-1)[:, None])
    return np.where(is_last[:, None], last_asked & ~use, table.asked & ~table.whole)


def _sums(values: Array) -> Array:
    """Of each row the exact sum of what it holds; missing where it holds nothing."""
    sums = np.where(np.isnan(values).all(axis=1), np.nan, np.nansum(values, axis=1))
    with np.errstate(invalid="ignore"):
        is_exact = (np.isnan(values) | (values == np.floor(values))).all(axis=1)
    for row in np.flatnonzero(~is_exact).tolist():
        sums[row] = float(exact_sum(values[row][~np.isnan(values[row])]))
    return sums


def _joined(words: Array) -> Array:
    """Of each row its words, one after the other."""
    return as_objects(["; ".join(filter(None, row)) or None for row in words.tolist()])


def _notes(use: Array, lacking: Array, is_last: Array, quarters: Sequence[Period]) -> Array:
    """What each figure rests on: few distinct words, each made once."""
    looks, look_of = np.unique(np.column_stack([is_last, use, lacking]), axis=0, return_inverse=True)
    notes = []
    for look in looks:
        used, missing = (_names(quarters, some) for some in np.split(look[1:], 2))
        note = f"Số của {used}" if look[0] else f"Cộng {used}"
        notes.append(f"{note}; thiếu {missing}." if missing else f"{note}.")
    made: Array = as_objects(notes)[look_of.reshape(-1)]
    return made


def _names(quarters: Sequence[Period], some: Iterable[bool]) -> str:
    briefs = [quarter.brief for quarter, is_meant in zip(quarters, some, strict=True) if is_meant]
    return ", ".join(brief[:1].lower() + brief[1:] for brief in briefs)


def _progress(own: Facts, quarters: Sequence[PeriodFacts], plan: Plan) -> pd.DataFrame:
    """The unit's annual word, else its last quarter's; of units merged since, that of one of them (:func:`_heard`)."""
    keys = Keys(plan, "task_code", plan.tasks["task_code"])
    said = [_last_words(one, keys).assign(quarter=place) for place, one in enumerate(quarters)]
    if not said:
        return own.progress
    made = own.progress.copy()
    last = _heard(pd.concat(said).drop_duplicates("teller", keep="last"), made, keys)
    silent = np.flatnonzero(made["reported"] != YesNo.YES)
    place = pd.Index(last["key"]).get_indexer(pd.Index(keys.of(made.iloc[silent])))
    rows, place = silent[place >= 0], place[place >= 0]
    for name in _SAID:
        values = last[name].array.take(place)
        made[name] = _replaced(made[name], rows, values)
    return made


def _last_words(said: PeriodFacts, keys: Keys) -> pd.DataFrame:
    """What each unit said of each task, with ``key``, the number of who answers now, and ``teller``, its own."""
    rows = said.facts.progress
    rows = rows[rows["reported"] == YesNo.YES]
    rows = rows[["role", *_SAID]].assign(
        key=keys.of(rows, heirs=True), teller=keys.of(rows), file=f"{said.period.period_code}/" + rows["file"]
    )
    return rows[rows["key"] >= 0]


def _heard(told: pd.DataFrame, progress: pd.DataFrame, keys: Keys) -> pd.DataFrame:
    """One row a key. Of merged units the one in the role that the unit has now speaks, before a lead, before others;
    of several such the one that told last, and of one quarter's the least advanced, as of several leads."""
    if not told["key"].duplicated().any():
        return told
    now = pd.Series(progress["role"].array, index=keys.of(progress)).reindex(told["key"])
    is_other = (told["role"].array != now.array).astype("int64") * np.where(told["role"] == Role.LEAD, 1, 2)
    ranked = told.assign(
        is_other=is_other,
        quarter=-told["quarter"],
        advance=told["state"].map(ADVANCE),
        day=-told["completed_on"].astype("int64").where(told["completed_on"].notna(), np.inf),
    )
    return ranked.sort_values(["is_other", "quarter", "advance", "day"], kind="stable").drop_duplicates("key")


def _replaced(column: pd.Series, rows: Array, values: object) -> pd.Series:
    """The column with other values in those rows."""
    made = column.copy()
    made.iloc[rows] = values
    return made
