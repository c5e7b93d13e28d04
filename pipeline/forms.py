"""What a unit's workbook holds, before anyone writes it: blank, pre-filled, or refilled with what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.carry import Carried
from pipeline.issued import indicator_rows, task_rows
from pipeline.parse.cells import parse_text
from pipeline.plan.model import Period, Plan
from pipeline.stamp import stamp
from pipeline.text import fold
from schemas.columns import records
from schemas.template import BY_NAME, INFO, META_KEYS, TEMPLATE_VERSION
from schemas.words import Accumulation, IndicatorKind

SPARE_DIFFICULTIES = 12
QUESTION = "Trong kỳ, đơn vị có khó khăn, vướng mắc khi thực hiện Kế hoạch không?"
NO_PREVIOUS = "Chưa có"
NO_ADDRESS = " (thư điện tử ghi trong công văn kèm theo)"


@dataclass(frozen=True)
class Form:
    """``tables``: by table name, a frame of the template's fields with the cell values to show.

    ``kinds`` is the indicator kind of each row of ``tables["indicators"]``, ``running`` whether it is counted since
    the start of the year. ``issues`` are those of a return:
    the columns of :class:`schemas.records.Issue` and ``table``, ``position`` (row of the table, from 0; −1
    where the issue has no cell here). ``key`` is the period's, by which the hidden identity is stamped.
    """

    plan: Plan
    period: Period
    unit_code: str
    tables: Mapping[str, pd.DataFrame]
    kinds: list[IndicatorKind]
    issues: pd.DataFrame = field(default_factory=pd.DataFrame)
    running: list[bool] = field(default_factory=list)
    key: bytes = b""

    @property
    def unit_name(self) -> str:
        return self.plan.unit_names[self.unit_code]

    @property
    def meta(self) -> dict[str, str]:
        values = (self.plan.settings.plan_code, self.period.period_code, self.unit_code, TEMPLATE_VERSION)
        named = zip(META_KEYS, (*values, stamp(self.key, values)), strict=True)
        return {name: value for name, value in named if value}


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
        rows = self.indicators[self.indicators["unit_code"] == unit_code]
        tables = {
            "info": _info(self.plan, self.period, unit_code),
            "tasks": _fields("tasks", self.tasks[self.tasks["unit_code"] == unit_code]),
            "indicators": _fields("indicators", rows),
            "answer": _frame("answer", [{"difficulty_question": QUESTION}]),
            "difficulties": _frame("difficulties", [dict(row) for row in self.carried.difficulties.get(unit_code, [])]),
        }
        kinds = [IndicatorKind(kind) for kind in rows["kind"]]
        running = [word == Accumulation.CUMULATIVE for word in rows["accumulation"]]
        return Form(self.plan, self.period, unit_code, tables, kinds, running=running, key=self.key)

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """As :func:`task_rows`, with the result of the period before."""
        rows = task_rows(self.plan)
        return rows.assign(previous_result=_looked_up(rows, "task_code", self.carried.results))

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """As :func:`indicator_rows`, with the rate of the period before."""
        rows = indicator_rows(self.plan)
        previous = _looked_up(rows, "indicator_code", self.carried.rates).fillna(NO_PREVIOUS)
        return rows.assign(previous_rate=previous)


def _looked_up(rows: pd.DataFrame, key: str, told: Mapping[tuple[str, str], str]) -> pd.Series:
    keys = zip(rows["unit_code"], rows[key], strict=True)
    return pd.Series([told.get(pair) for pair in keys], index=rows.index, dtype="object")


def blank_form(plan: Plan, period: Period, unit_code: str) -> Form:
    """The form of a single unit."""
    return Forms(plan, period).blank(unit_code)


def refill(form: Form, sent: Mapping[str, pd.DataFrame], issues: pd.DataFrame) -> Form:
    """The form with the inputs that the unit sent, as typed, and the issues placed on its rows.

    ``sent``: by table, the unit's raw rows (the fields, index as in the merged frames).
    ``issues``: the unit's issues with ``table``, ``index`` and the field's title in ``field``.
    """
    tables = dict(form.tables)
    places: dict[tuple[str, int], int] = {}
    for name, frame in form.tables.items():
        rows = sent.get(name)
        if rows is None or rows.empty:
            continue
        table = BY_NAME[name]
        if table.key:
            tables[name], placed = _refill_keyed(frame, rows, table.key[0], table.inputs)
        elif name == "answer":
            tables[name], placed = frame.assign(has_difficulty=[rows["has_difficulty"].iloc[0]]), {rows.index[0]: 0}
        else:
            tables[name], placed = _frame(name, records(rows)), {i: n for n, i in enumerate(rows.index)}
        places |= {(name, int(str(index))): position for index, position in placed.items()}
    keys = zip(issues["table"], issues["index"], strict=True)
    placed_issues = issues.assign(position=[places.get((table, int(index)), -1) for table, index in keys])
    return replace(form, tables=tables, issues=placed_issues)


def _refill_keyed(
    frame: pd.DataFrame, rows: pd.DataFrame, key: str, inputs: tuple[str, ...]
) -> tuple[pd.DataFrame, dict[int, int]]:
    """The first sent row of each key fills the form's row; where each sent row went, by index."""
    known = {fold(str(code)): code for code in frame[key]}
    codes = rows[key].map(lambda typed: known.get(fold(str(parse_text(typed).value))), na_action="ignore")
    first = rows.assign(**{key: codes}).dropna(subset=[key]).drop_duplicates(key)
    values = first.set_index(key)
    filled = frame.copy()
    fillable = frame[key].isin(values.index)
    if key == "key":
        fillable &= frame[key].map(lambda name: INFO[name][2])
    for name in inputs:
        if name in values:
            column = filled[name].astype("object").copy()
            column[fillable] = frame.loc[fillable, key].map(values[name].to_dict())
            filled[name] = column
    position = {code: place for place, code in enumerate(frame[key])}
    return filled, {int(str(i)): position[code] for i, code in first[key].items() if code in position}


def _info(plan: Plan, period: Period, unit_code: str) -> pd.DataFrame:
    owner = plan.settings.consolidated_by
    emails = dict(zip(plan.units["unit_code"], plan.units["email"], strict=True))
    address = emails[owner]
    send_to = plan.unit_names[owner] + (f", {address}" if isinstance(address, str) else NO_ADDRESS)
    known: dict[str, str] = {
        "plan_title": plan.settings.title,
        "period_name": period.period_name,
        "data_window": f"Từ ngày {period.data_from:%d/%m/%Y} đến ngày {period.data_to:%d/%m/%Y}",
        "unit_code": unit_code,
        "unit_name": plan.unit_names[unit_code],
        "due_on": f"{period.due_on:%d/%m/%Y}",
        "send_to": send_to,
    }
    rows = [
        {"key": key, "label": label, "value": known.get(key), "hint": hint or "Đã điền sẵn"}
        for key, (label, hint, _) in INFO.items()
    ]
    return _frame("info", rows)


def _frame(name: str, rows: list[dict[Any, Any]]) -> pd.DataFrame:
    """The table's fields as object columns, absent ones None."""
    fields = [spec.name for spec in BY_NAME[name].columns]
    return pd.DataFrame({f: pd.Series([row.get(f) for row in rows], dtype="object") for f in fields})


def _fields(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The table's fields of ready rows, as object columns numbered anew."""
    made = rows.reset_index(drop=True).reindex(columns=[spec.name for spec in BY_NAME[name].columns])
    return made.astype("object").where(made.notna(), None)
