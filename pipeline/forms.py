"""What a unit's workbook holds, before anyone writes it: blank, pre-filled, or refilled with what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.measures import measure_text
from pipeline.parse.cells import parse_text
from pipeline.plan.model import Period, Plan
from pipeline.text import fold
from schemas.columns import records
from schemas.template import BY_NAME, INFO, META_KEYS, TEMPLATE_VERSION
from schemas.words import MONITORED, NO_DEADLINE, Comparison, IndicatorKind

SPARE_DIFFICULTIES = 12
QUESTION = "Trong kỳ, đơn vị có khó khăn, vướng mắc khi thực hiện Kế hoạch không?"
NO_DENOMINATOR = "Không cần mẫu số"
NO_PREVIOUS = "Chưa có"
NO_ADDRESS = " (thư điện tử ghi trong công văn kèm theo)"


@dataclass(frozen=True)
class Form:
    """``tables``: by table name, a frame of the template's fields with the cell values to show.

    ``kinds`` is the indicator kind of each row of ``tables["indicators"]``. ``issues`` are those of a return:
    the columns of :class:`schemas.records.Issue` and ``table``, ``position`` (row of the table, from 0; −1
    where the issue has no cell here).
    """

    plan: Plan
    period: Period
    unit_code: str
    tables: Mapping[str, pd.DataFrame]
    kinds: list[IndicatorKind]
    issues: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def unit_name(self) -> str:
        return self.plan.unit_names[self.unit_code]

    @property
    def meta(self) -> dict[str, str]:
        values = (self.plan.settings.plan_code, self.period.period_code, self.unit_code, TEMPLATE_VERSION)
        return dict(zip(META_KEYS, values, strict=True))


@dataclass(frozen=True)
class Forms:
    """The forms of one period; what the plan says of all units is laid out once."""

    plan: Plan
    period: Period

    def blank(self, unit_code: str) -> Form:
        """The template of one unit: exactly the tasks and indicators that the plan assigns to it."""
        rows = self.indicators[self.indicators["unit_code"] == unit_code]
        tables = {
            "info": _info(self.plan, self.period, unit_code),
            "tasks": _fields("tasks", self.tasks[self.tasks["unit_code"] == unit_code]),
            "indicators": _fields("indicators", rows),
            "answer": _frame("answer", [{"difficulty_question": QUESTION}]),
            "difficulties": _frame("difficulties", []),
        }
        kinds = [IndicatorKind(kind) for kind in rows["kind"]]
        return Form(self.plan, self.period, unit_code, tables, kinds)

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """One row per unit × task: unit_code and the locked fields of the template's table."""
        rows = self.plan.expected_tasks.merge(self.plan.tasks, on="task_code", how="left")
        rows["deadline"] = rows["deadline"].dt.strftime("%d/%m/%Y").fillna(NO_DEADLINE)
        return rows

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """One row per unit × indicator: unit_code, kind and the locked fields of the template's table."""
        rows = self.plan.expected_figures.merge(self.plan.indicators, on="indicator_code", how="left")
        kinds = [IndicatorKind(kind) for kind in rows["kind"]]
        told = zip(rows["target"], rows["comparison"], kinds, strict=True)
        rows["target"] = [target_text(target, comparison, kind) for target, comparison, kind in told]
        rows["previous_rate"] = NO_PREVIOUS
        rows.loc[[not kind.has_denominator for kind in kinds], "denominator_label"] = NO_DENOMINATOR
        return rows


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
    return Form(form.plan, form.period, form.unit_code, tables, form.kinds, placed_issues)


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


def target_text(target: float, comparison: Any, kind: IndicatorKind) -> str:
    """``≥ 80 %``, ``Có``; “Theo dõi” for an indicator that is only monitored."""
    if pd.isna(target):
        return MONITORED
    if kind == IndicatorKind.MILESTONE:
        return measure_text(target, kind)
    sign = comparison if isinstance(comparison, str) else Comparison.AT_LEAST.value
    if kind.is_increase:
        return f"tăng {measure_text(target, kind)}"
    if target == 1 and kind == IndicatorKind.RATIO:
        return measure_text(target, kind)
    return f"{sign} {measure_text(target, kind)}"


def _frame(name: str, rows: list[dict[Any, Any]]) -> pd.DataFrame:
    """The table's fields as object columns, absent ones None."""
    fields = [spec.name for spec in BY_NAME[name].columns]
    return pd.DataFrame({f: pd.Series([row.get(f) for row in rows], dtype="object") for f in fields})


def _fields(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The table's fields of ready rows, as object columns numbered anew."""
    made = rows.reset_index(drop=True).reindex(columns=[spec.name for spec in BY_NAME[name].columns])
    return made.astype("object").where(made.notna(), None)
