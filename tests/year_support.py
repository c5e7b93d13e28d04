"""A small plan of a whole year, and inboxes filled quarter by quarter through the templates that it issues."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.history import read_history
from pipeline.plan.load import load_plan
from pipeline.plan.model import Plan
from pipeline.run import Outcome, run_period, write_templates
from pipeline.write.plan_book import write_plan
from schemas.words import Accumulation, PeriodKind
from tests.support import fill, small_plan

Cells = Mapping[tuple[str, str, str], Any]
_DAYS = {
    # code: (name, kind, data from, data to, due, consolidate)
    "2023-Q1": ("Quý I năm 2023", PeriodKind.QUARTER, "2022-12-15", "2023-03-14", "2023-03-20", "2023-03-27"),
    "2023-Q2": ("Quý II năm 2023", PeriodKind.QUARTER, "2023-03-15", "2023-06-14", "2023-06-20", "2023-06-26"),
    "2023-DX1": ("Đột xuất tháng 7", PeriodKind.AD_HOC, "2023-06-15", "2023-07-31", "2023-08-04", "2023-08-08"),
    "2023-Q3": ("Quý III năm 2023", PeriodKind.QUARTER, "2023-06-15", "2023-09-14", "2023-09-20", "2023-09-25"),
    "2023-Q4": ("Quý IV năm 2023", PeriodKind.QUARTER, "2023-09-15", "2023-12-14", "2023-12-20", "2023-12-25"),
    "2023-NAM": ("Năm 2023", PeriodKind.YEAR, "2022-12-15", "2023-12-14", "2024-01-05", "2024-01-10"),
}
QUARTERS = ("2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4")
BY_PERIOD = ("A.1", "A.2")  # the indicators that the year's plan counts by period


def periods(*codes: str) -> list[dict[str, Any]]:
    names = ("period_name", "kind", "data_from", "data_to", "due_on", "consolidate_on")
    rows = []
    for code in codes or tuple(_DAYS):
        name, kind, *days = _DAYS[code]
        values = (name, kind, *(pd.Timestamp(day) for day in days))
        rows.append({"period_code": code} | dict(zip(names, values, strict=True)))
    return rows


def year_plan(*codes: str, **changes: Any) -> Plan:
    """The small plan with these periods (all of them, if none is named); A.1 and A.2 are counted by period."""
    plan = small_plan(periods=periods(*codes), **changes)
    by_period = plan.indicators["indicator_code"].isin(BY_PERIOD)
    words = plan.indicators["accumulation"].mask(by_period, Accumulation.PERIOD.value)
    return replace(plan, indicators=plan.indicators.assign(accumulation=words))


@dataclass
class Year:
    """A folder as the officer has it: ``input/<period>/``, ``output/<period>/`` and the plan."""

    root: Path
    plan: Plan = field(default_factory=year_plan)

    def __post_init__(self) -> None:
        self.file = self.root / "ke-hoach.xlsx"
        write_plan(self.plan, self.file)
        self.plan = load_plan(self.file)

    def inbox(self, period: str) -> Path:
        return self.root / "input" / period

    def templates(self, period: str) -> Path:
        """Issue the period's templates with what came before; their folder."""
        coming = self.plan.period(period)
        history = read_history(self.plan, coming, self.root / "input")
        write_templates(self.plan, coming, self.root / "output" / period, history=history)
        return self.root / "output" / period / "bieu-mau"

    def send(self, period: str, sent: Mapping[str, Cells], days: int = -3) -> None:
        """Fill the templates of these units and put them in the inbox, ``days`` after the due date."""
        folder = self.templates(period)
        due = self.plan.period(period).due_on
        saved = datetime(due.year, due.month, due.day, 9) + timedelta(days=days)
        self.inbox(period).mkdir(parents=True, exist_ok=True)
        for unit, cells in sent.items():
            fill(folder / f"{unit}.xlsx", self.inbox(period) / f"{unit}.xlsx", cells, saved)

    def run(self, period: str) -> Outcome:
        return run_period(self.file, period, self.inbox(period), self.root / "output" / period)

    def book(self, period: str) -> Path:
        return self.root / "output" / period / f"tong-hop-{period}.xlsx"

    def list(self, period: str) -> Path:
        return self.root / "output" / period / f"kho-khan-vuong-mac-{period}.xlsx"


def state(task: str, word: str = "Đang thực hiện", **more: Any) -> dict[tuple[str, str, str], Any]:
    cells = {("tasks", task, "state"): word, ("tasks", task, "result"): f"Kết quả {task}."}
    return cells | {("tasks", task, name): value for name, value in more.items()}


def figure(code: str, numerator: Any, denominator: Any = None) -> dict[tuple[str, str, str], Any]:
    cells = {("indicators", code, "numerator"): numerator}
    return cells if denominator is None else cells | {("indicators", code, "denominator"): denominator}


def difficulty(position: int, **values: Any) -> dict[tuple[str, str, str], Any]:
    return {("difficulties", str(position), name): value for name, value in values.items()} | {
        ("answer", "", "has_difficulty"): "Có"
    }
