"""The plan as the rest of the program uses it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from pipeline.errors import CannotRun
from pipeline.plan.calendar import working_day
from pipeline.plan.force import DATED, frames_in_force, has_dates, heirs_of
from pipeline.plan.letters import complete_letters
from pipeline.text import fold
from schemas.columns import records
from schemas.words import IndicatorKind, PeriodKind, Role

FRAMES = ("periods", "groups", "units", "tasks", "assignments", "indicators", "targets")
RATE_JUMP = 0.3  # of a plan that names no threshold


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
    rate_jump: float = RATE_JUMP


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

    @property
    def brief(self) -> str:
        """The name without its year: ``Quý II``."""
        return re.sub(r"\s+năm \d{4}$", "", self.period_name)

    @property
    def place(self) -> tuple[date, bool, date]:
        """Orders periods: by the last day of their data, a year after its quarters, then by when they are due."""
        return self.data_to, self.kind == PeriodKind.YEAR, self.due_on


@dataclass(frozen=True)
class Opening:
    """What is taken over from the year before (:mod:`pipeline.opening`), as it stood after its last period received,
    ``period_code``: of units that the plan has, the ``lives`` of the difficulties still open, and how many are of
    others (``left``)."""

    period_code: str
    lives: pd.DataFrame
    left: int


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
    whole: "Plan | None" = None  # the plan with all its rows, of one narrowed to a day
    opening: Opening | None = None

    def period(self, code: str) -> Period:
        """Raises CannotRun for a period that the plan does not list."""
        rows = self.periods[self.periods["period_code"] == code]
        if rows.empty:
            known = ", ".join(self.periods["period_code"])
            raise CannotRun(f"Kế hoạch không có kỳ “{code}”. Các kỳ có trong sheet “Kỳ báo cáo”: {known}.")
        return _period(records(rows)[0])

    def earlier(self, period: Period) -> list[Period]:
        """The quarters and ad hoc periods that come before, oldest first; a year's own quarters come before it."""
        periods = [_period(row) for row in records(self.periods)]
        found = [one for one in periods if one.kind != PeriodKind.YEAR and one.period_code != period.period_code]
        return sorted((one for one in found if one.place < period.place), key=lambda one: one.place)

    def year_period(self) -> Period:
        """The annual period; a plan that lists none is reported on the day after the year, on its quarters alone."""
        rows = self.periods[self.periods["kind"] == PeriodKind.YEAR]
        if len(rows):
            return _period(records(rows)[0])
        year, quarters = self.settings.year, self.periods[self.periods["kind"] == PeriodKind.QUARTER]
        if quarters.empty:
            raise CannotRun("Kế hoạch không có kỳ năm và không có quý nào trong sheet “Kỳ báo cáo”.")
        first, last = quarters["data_from"].min().date(), quarters["data_to"].max().date()
        day = working_day(date(year + 1, 1, 1))
        return Period(f"{year}-NAM", f"Năm {year}", PeriodKind.YEAR, first, last, day, day)

    def in_force(self, day: date) -> "Plan":
        """The plan as it stood on that day: what rests on a unit, task or target not in force falls with it."""
        if not any(has_dates(getattr(self, name)) for name in DATED):
            return self
        held = frames_in_force({name: getattr(self, name) for name in FRAMES}, day)
        frames: dict[str, Any] = {name: frame.reset_index(drop=True) for name, frame in held.items()}
        narrow = replace(self, whole=self.whole or self, **frames)
        accountable = narrow.indicators["accountable"].map(lambda code: narrow.heirs.get(code, code))
        owner = narrow.heirs.get(self.settings.consolidated_by, self.settings.consolidated_by)
        return replace(
            narrow,
            indicators=narrow.indicators.assign(accountable=accountable),
            settings=replace(self.settings, consolidated_by=owner),
        )

    @cached_property
    def heirs(self) -> dict[str, str]:
        """Of every unit that the plan ever names, the unit of this plan that answers for it: itself, or its successor.

        A unit whose successors are not in force either, or which names none, answers for itself.
        """
        return heirs_of((self.whole or self).units, self.units)

    @cached_property
    def addresses(self) -> dict[str, frozenset[str]]:
        """By unit code the addresses of its e-mail cell, in small letters; units without any are left out."""
        cells = zip(self.units["unit_code"], self.units["email"], strict=True)
        return {
            code: frozenset(re.split(r"[;,\s]+", cell.casefold().strip())) - {""}
            for code, cell in cells
            if isinstance(cell, str) and cell.strip()
        }

    @cached_property
    def unit_names(self) -> dict[str, str]:
        return dict(zip(self.units["unit_code"], self.units["unit_name"], strict=True))

    @cached_property
    def short_names(self) -> dict[str, str]:
        return dict(zip(self.units["unit_code"], self.units["short_name"], strict=True))

    @cached_property
    def group_names(self) -> dict[str, str]:
        return dict(zip(self.groups["group_code"], self.groups["group_name"], strict=True))

    @cached_property
    def task_titles(self) -> dict[str, str]:
        """Of every task that the plan ever names, in its order; of one in force the title that it has now."""
        titles: dict[str, str] = {}
        for plan in (self.whole or self, self):
            titles |= dict(zip(plan.tasks["task_code"], plan.tasks["task_title"], strict=True))
        return titles

    @cached_property
    def period_codes(self) -> dict[str, str]:
        """By the folded names of the periods."""
        named = zip(self.periods["period_name"], self.periods["period_code"], strict=True)
        return {fold(name): code for name, code in named}

    @cached_property
    def brief_names(self) -> dict[str, str]:
        """Of every period the name without its year, by code."""
        return {row["period_code"]: _period(row).brief for row in records(self.periods)}

    def year_before(self, code: str) -> int | None:
        """The year of a period that is of an earlier year, as its code says."""
        named = re.match(r"(\d{4})-", code)
        return int(named[1]) if named and int(named[1]) < self.settings.year else None

    def raised_in(self, code: str) -> str:
        """The name of a period without its year; of one of an earlier year, what this plan calls its like, with that
        year."""
        year, now = self.year_before(code), str(self.settings.year)
        if year is None:
            return self.brief_names.get(code, code)
        named = dict(zip(self.periods["period_code"], self.periods["period_name"], strict=True))
        like = named.get(now + code[4:])
        return like.replace(now, str(year)) if like else code

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
        return self._leads.get(task_code, [])

    @cached_property
    def _leads(self) -> dict[str, list[str]]:
        rows = self.expected_tasks[self.expected_tasks["role"] == Role.LEAD]
        found: dict[str, list[str]] = {}
        for unit, task in zip(rows["unit_code"], rows["task_code"], strict=True):
            found.setdefault(task, []).append(unit)
        return found

    @cached_property
    def indicator_kinds(self) -> dict[str, IndicatorKind]:
        pairs = zip(self.indicators["indicator_code"], self.indicators["kind"], strict=True)
        return {code: IndicatorKind(kind) for code, kind in pairs}


def _period(row: dict[str, Any]) -> Period:
    days = {name: row[name].date() for name in ("data_from", "data_to", "due_on", "consolidate_on")}
    return Period(row["period_code"], row["period_name"], row["kind"], **days)


def spread(units: pd.DataFrame, rows: pd.DataFrame, key: str, values: list[str], order: Iterable[str]) -> pd.DataFrame:
    """Rows by (unit or group) made rows by unit, in the order of units and then of ``order``.

    A unit's own row outranks its group's (DESIGN: the plan workbook).
    """
    own: dict[str, list[int]] = {}
    members: dict[str, list[int]] = {}
    for at, (unit, group) in enumerate(zip(units["unit_code"].tolist(), units["unit_group"].tolist(), strict=True)):
        own.setdefault(unit, []).append(at)
        members.setdefault(group, []).append(at)
    reached = [reach.get(assignee, []) for reach in (own, members) for assignee in rows["assignee"].tolist()]
    unit_of = np.fromiter(chain.from_iterable(reached), dtype="int64")
    row_of = np.repeat(np.tile(np.arange(len(rows)), 2), np.fromiter(map(len, reached), dtype="int64"))
    places: dict[str, int] = {}
    for code in (*order, *rows[key].tolist()):
        places.setdefault(code, len(places))
    place = np.array([places[code] for code in rows[key].tolist()], dtype="int64")[row_of]
    # Sorted, with the first of each: the own row, as it was put before the group's.
    _, first = np.unique(unit_of * (len(places) + 1) + place, return_index=True)
    made = {name: units[name].array.take(unit_of[first]) for name in ("unit_code", "unit_group")}
    made |= {name: rows[name].array.take(row_of[first]) for name in (key, *values)}
    return pd.DataFrame(made, copy=False)
