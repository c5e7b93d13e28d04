"""What a unit's workbook holds, before anyone writes it: the blank form, pre-filled with what the plan and the periods
before say. :mod:`pipeline.refill` puts in what the unit sent.

Plain lists, not frames: a form has a few dozen rows, and of a thousand units each call of pandas counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.issued import indicator_words, target_text, task_words
from pipeline.plan.model import Period, Plan, Settings
from pipeline.stamp import stamp
from schemas.template import BY_NAME, INFO, META_KEYS, TEMPLATE_VERSION
from schemas.words import Accumulation, IndicatorKind

SPARE_DIFFICULTIES = 12
QUESTION = "Trong kỳ, đơn vị có khó khăn, vướng mắc khi thực hiện Kế hoạch không?"
NO_PREVIOUS = "Chưa có"
NO_ADDRESS = " (thư điện tử ghi trong công văn kèm theo)"

Columns = dict[str, list[Any]]  # by field, the cell values to show, row by row; None where blank
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Form:
    """Plain data, so that another process can write it. ``settings`` are the plan's.

    ``tables``: by table name, all fields of the template's table. ``kinds`` is the indicator kind of each row of
    ``tables["indicators"]``, ``running`` whether it is counted since the start of the year. ``issues`` are those of
    a return: the fields of :class:`schemas.records.Issue` and ``table``, ``position`` (row of the table, from 0;
    −1 where the issue has no cell here). ``key`` is the period's, by which the hidden identity is stamped.
    """

    settings: Settings
    period: Period
    unit_code: str
    unit_name: str
    tables: Mapping[str, Columns]
    kinds: list[IndicatorKind]
    issues: Sequence[Row] = ()
    running: list[bool] = field(default_factory=list)
    key: bytes = b""

    @property
    def meta(self) -> dict[str, str]:
        values = (self.settings.plan_code, self.period.period_code, self.unit_code, TEMPLATE_VERSION)
        named = zip(META_KEYS, (*values, stamp(self.key, values)), strict=True)
        return {name: value for name, value in named if value}


@dataclass(frozen=True)
class Carried:
    """What a form shows of earlier periods (:mod:`pipeline.carry`): by unit and indicator the figure last told in
    words; by unit and task the last result in words; by unit the rows of the difficulties still open."""

    rates: Mapping[tuple[str, str], str] = field(default_factory=dict)
    results: Mapping[tuple[str, str], str] = field(default_factory=dict)
    difficulties: Mapping[str, Sequence[Row]] = field(default_factory=dict)


@dataclass(frozen=True)
class Forms:
    """The forms of one period; what the plan says of all units is laid out once. ``key``: see :mod:`pipeline.stamp`."""

    plan: Plan
    period: Period
    carried: Carried = field(default_factory=Carried)
    key: bytes = b""

    def blank(self, unit_code: str) -> Form:
        """The template of one unit: exactly the tasks and indicators that the plan assigns to it, what it reported
        of them before, and its difficulties still open."""
        results, rates = self.carried.results, self.carried.rates
        tasks = [
            {**self._task_words[code], "role": role, "previous_result": results.get((unit_code, code))}
            for code, role in self._tasks.of(unit_code)
        ]
        kinds, indicators = [], []
        for code, target, comparison in self._figures.of(unit_code):
            kinds.append(kind := self.plan.indicator_kinds[code])
            aim, before = target_text(target, comparison, kind), rates.get((unit_code, code), NO_PREVIOUS)
            indicators.append({**self._indicator_words[code], "target": aim, "previous_rate": before})
        tables = {
            "info": columns_of("info", self._info(unit_code)),
            "tasks": columns_of("tasks", tasks),
            "indicators": columns_of("indicators", indicators),
            "answer": columns_of("answer", [{"difficulty_question": QUESTION}]),
            "difficulties": columns_of("difficulties", self.carried.difficulties.get(unit_code, ())),
        }
        running = [row["indicator_code"] in self._running for row in indicators]
        name = self.plan.unit_names[unit_code]
        return Form(self.plan.settings, self.period, unit_code, name, tables, kinds, running=running, key=self.key)

    @cached_property
    def _tasks(self) -> "_ByUnit":
        return _ByUnit(self.plan.expected_tasks, ("task_code", "role"))

    @cached_property
    def _figures(self) -> "_ByUnit":
        return _ByUnit(self.plan.expected_figures, ("indicator_code", "target", "comparison"))

    @cached_property
    def _task_words(self) -> dict[str, dict[str, Any]]:
        return task_words(self.plan)

    @cached_property
    def _indicator_words(self) -> dict[str, dict[str, Any]]:
        return indicator_words(self.plan)

    @cached_property
    def _running(self) -> set[str]:
        """The indicators that are counted since the start of the year."""
        rows = self.plan.indicators
        return set(rows.loc[rows["accumulation"] == Accumulation.CUMULATIVE, "indicator_code"])

    @cached_property
    def _send_to(self) -> str:
        owner = self.plan.settings.consolidated_by
        units = self.plan.units
        address = dict(zip(units["unit_code"], units["email"], strict=True))[owner]
        return self.plan.unit_names[owner] + (f", {address}" if isinstance(address, str) else NO_ADDRESS)

    def _info(self, unit_code: str) -> list[Row]:
        period = self.period
        known = {
            "plan_title": self.plan.settings.title,
            "period_name": period.period_name,
            "data_window": f"Từ ngày {period.data_from:%d/%m/%Y} đến ngày {period.data_to:%d/%m/%Y}",
            "unit_code": unit_code,
            "unit_name": self.plan.unit_names[unit_code],
            "due_on": f"{period.due_on:%d/%m/%Y}",
            "send_to": self._send_to,
        }
        return [
            {"key": key, "label": label, "value": known.get(key), "hint": hint or "Đã điền sẵn"}
            for key, (label, hint, _) in INFO.items()
        ]


class _ByUnit:
    """Some columns of a frame, row by row, cut by ``unit_code``."""

    def __init__(self, frame: pd.DataFrame, names: Sequence[str]) -> None:
        self._places = frame.groupby("unit_code", sort=False).indices
        self._columns = [frame[name].to_numpy(dtype="object") for name in names]

    def of(self, unit_code: str) -> list[tuple[Any, ...]]:
        places = self._places.get(unit_code)
        return [] if places is None else list(zip(*(column[places] for column in self._columns), strict=True))


def blank_form(plan: Plan, period: Period, unit_code: str) -> Form:
    """The form of a single unit."""
    return Forms(plan, period).blank(unit_code)


def columns_of(name: str, rows: Sequence[Row]) -> Columns:
    """All fields of the table, None where a row does not have it."""
    return {spec.name: [row.get(spec.name) for row in rows] for spec in BY_NAME[name].columns}
