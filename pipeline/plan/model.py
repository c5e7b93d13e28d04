"""The plan as the rest of the program uses it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from pipeline.errors import CannotRun
from pipeline.plan.letters import complete_letters
from schemas.words import IndicatorKind, Role


@dataclass(frozen=True)
class Settings:
    """The sheet ``Kế hoạch``."""

    plan_code: str
    plan_number: str
    title: str
    year: int
    issued_by: str
    consolidated_by: str
    starts_on: date
    roll_weekends: bool
    place: str


@dataclass(frozen=True)
class Period:
    """One row of ``Kỳ báo cáo``."""

    period_code: str
    period_name: str
    kind: str
    data_from: date
    data_to: date
    due_on: date
    consolidate_on: date


@dataclass(frozen=True)
class Plan:
    """The frames are those of :mod:`schemas.plan`, one row per thing, typed and checked."""

    settings: Settings
    periods: pd.DataFrame
    groups: pd.DataFrame
    units: pd.DataFrame
    tasks: pd.DataFrame
    assignments: pd.DataFrame
    indicators: pd.DataFrame
    targets: pd.DataFrame
    letters: pd.DataFrame = field(default_factory=complete_letters)

    def period(self, code: str) -> Period:
        """Raises CannotRun for a period that the plan does not list."""
        rows = self.periods[self.periods["period_code"] == code]
        if rows.empty:
            known = ", ".join(self.periods["period_code"])
            raise CannotRun(f"Kế hoạch không có kỳ “{code}”. Các kỳ có trong sheet “Kỳ báo cáo”: {known}.")
        row = rows.iloc[0]
        days = {name: row[name].date() for name in ("data_from", "data_to", "due_on", "consolidate_on")}
        return Period(row["period_code"], row["period_name"], row["kind"], **days)

    @cached_property
    def unit_names(self) -> dict[str, str]:
        return dict(zip(self.units["unit_code"], self.units["unit_name"], strict=True))

    @cached_property
    def short_names(self) -> dict[str, str]:
        return dict(zip(self.units["unit_code"], self.units["short_name"], strict=True))

    @cached_property
    def group_names(self) -> dict[str, str]:
        return dict(zip(self.groups["group_code"], self.groups["group_name"], strict=True))

    def scope_name(self, assignee: str) -> str:
        """The short name of a unit, or the name of a group."""
        return self.short_names.get(assignee) or self.group_names.get(assignee, assignee)

    @cached_property
    def expected_tasks(self) -> pd.DataFrame:
        """One row per unit × task that must report: unit_code, unit_group, task_code, role."""
        return spread(self.units, self.assignments, "task_code", ["role"], self.tasks["task_code"])

    @cached_property
    def expected_figures(self) -> pd.DataFrame:
        """One row per unit × indicator that must report: unit_code, unit_group, indicator_code, assignee, target."""
        targets = self.targets.assign(scope=self.targets["assignee"])
        values = ["scope", "target", "comparison"]
        return spread(self.units, targets, "indicator_code", values, self.indicators["indicator_code"])

    def leads(self, task_code: str) -> list[str]:
        """Unit codes of the task's leads, in the plan's order."""
        rows = self.expected_tasks
        found = rows[(rows["task_code"] == task_code) & (rows["role"] == Role.LEAD)]
        return list(found["unit_code"])

    @cached_property
    def indicator_kinds(self) -> dict[str, IndicatorKind]:
        pairs = zip(self.indicators["indicator_code"], self.indicators["kind"], strict=True)
        return {code: IndicatorKind(kind) for code, kind in pairs}


def spread(units: pd.DataFrame, rows: pd.DataFrame, key: str, values: list[str], order: Iterable[str]) -> pd.DataFrame:
    """Rows by (unit or group) made rows by unit, in the order of units and then of ``order``.

    A unit's own row outranks its group's (DESIGN: the plan workbook).
    """
    units = units[["unit_code", "unit_group"]].reset_index(drop=True)
    units["_unit"] = range(len(units))
    by_unit = units.merge(rows[[key, "assignee", *values]], left_on="unit_code", right_on="assignee")
    by_group = units.merge(rows[[key, "assignee", *values]], left_on="unit_group", right_on="assignee")
    both = pd.concat([by_unit, by_group]).drop_duplicates(["unit_code", key])
    places = {code: place for place, code in enumerate(order)}
    both["_place"] = both[key].map(places)
    both = both.sort_values(["_unit", "_place"]).reset_index(drop=True)
    return both[["unit_code", "unit_group", key, *values]]
