"""A plan with N units and N filled workbooks, 8 % of them faulty, made by the product's own template writer.

``python -m tests.bench.generate N FOLDER`` writes ``FOLDER/ke-hoach.xlsx`` and ``FOLDER/input/<unit>.xlsx``.
"""

import random
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.forms import Columns, Form, Forms, columns_of
from pipeline.plan.load import load_plan
from pipeline.plan.model import Plan
from pipeline.write.plan_book import write_plan
from pipeline.write.template import write_template
from schemas.columns import conform
from schemas.plan import TABLES
from schemas.words import Accumulation, IndicatorKind, Role, State

PLAN_2021 = Path(__file__).resolve().parents[2] / "input" / "2021" / "ke-hoach.xlsx"
PERIOD = "2021-Q2"
FAULTY = 0.08
TASKS, INDICATORS = 30, 110
GROUPS = ("SBN", "HUYEN")
_WORDS = "đã tiếp nhận xử lý hồ sơ trên môi trường mạng theo kế hoạch rà soát".split()  # noqa: SIM905


def plan_of(count: int) -> Plan:
    """N units in the shipped plan's two groups; every unit reports 30 tasks and 110 indicators, 140 rows."""
    plan = load_plan(PLAN_2021)
    units = [
        {
            "unit_code": f"DV{number:05}",
            "unit_name": f"Đơn vị số {number:05}",
            "short_name": f"ĐV {number:05}",
            "unit_group": GROUPS[number % 2],
        }
        for number in range(count)
    ]
    tasks = [
        {"task_code": f"T{number:02}", "task_title": f"Nhiệm vụ số {number}", "content": _words(number, 30)}
        for number in range(1, TASKS + 1)
    ]
    indicators = [_indicator(number) for number in range(1, INDICATORS + 1)]
    return replace(
        plan,
        settings=replace(plan.settings, consolidated_by="DV00000"),
        units=_table("units", units),
        tasks=_table("tasks", tasks),
        assignments=_table(
            "assignments",
            [
                {"task_code": task["task_code"], "assignee": assignee, "role": role.value}
                for task in tasks
                for assignee, role in (("DV00000", Role.LEAD), ("SBN", Role.IMPLEMENT), ("HUYEN", Role.IMPLEMENT))
            ],
        ),
        indicators=_table("indicators", indicators),
        targets=_table(
            "targets",
            [
                {"indicator_code": row["indicator_code"], "assignee": group, "target": 0.8 if number % 3 else None}
                for number, row in enumerate(indicators)
                for group in GROUPS
                if row["kind"] == IndicatorKind.RATIO
            ]
            + [
                {"indicator_code": row["indicator_code"], "assignee": group}
                for row in indicators
                for group in GROUPS
                if row["kind"] != IndicatorKind.RATIO
            ],
        ),
    )


def _indicator(number: int) -> dict[str, Any]:
    kind = (
        IndicatorKind.COUNT if number % 7 == 0 else IndicatorKind.MILESTONE if number % 11 == 0 else IndicatorKind.RATIO
    )
    return {
        "indicator_code": f"C{number:03}",
        "task_code": f"T{1 + number % TASKS:02}",
        "indicator": _words(number, 12),
        "kind": kind.value,
        "measure_unit": "%",
        "numerator_label": _words(number, 6),
        "denominator_label": _words(number + 1, 6) if kind == IndicatorKind.RATIO else None,
        "accumulation": Accumulation.CUMULATIVE.value,
        "accountable": "DV00000",
    }


def _table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    model = next(table.model for table in TABLES if table.name == name)
    return conform(model, rows)


def _words(seed: int, count: int) -> str:
    return " ".join(random.Random(seed).choices(_WORDS, k=count))  # noqa: S311


def filled(form: Form, chance: random.Random) -> Form:
    """The form as a unit would send it; a faulty one has two or three mistakes of the usual kinds."""
    tables = {name: {field: list(values) for field, values in columns.items()} for name, columns in form.tables.items()}
    info, tasks, rows = tables["info"], tables["tasks"], tables["indicators"]
    info["value"][info["key"].index("report_date")] = f"{chance.randint(10, 22)}/6/2021"
    info["value"][info["key"].index("prepared_by")] = "Nguyễn Thị Bưởi"
    tasks["state"] = [chance.choice([State.UNDERWAY, State.NOT_STARTED]).value for _ in tasks["state"]]
    tasks["result"] = [_text(chance) for _ in tasks["result"]]
    for place, kind in enumerate(form.kinds):
        total = chance.randint(20, 4000)
        is_milestone = kind == IndicatorKind.MILESTONE
        rows["numerator"][place] = chance.choice(["Có", "Không"]) if is_milestone else chance.randint(0, total)
        if kind.has_denominator:
            rows["denominator"][place] = total
    has_any = chance.random() < 0.3
    tables["answer"]["has_difficulty"] = ["Có" if has_any else "Không"]
    if has_any:
        row = {"task_code": tasks["task_code"][0], "description": _text(chance), "proposal": _text(chance)}
        tables["difficulties"] = columns_of("difficulties", [row])
    if chance.random() < FAULTY:
        _spoil(tasks, rows, form.kinds, chance)
    return replace(form, tables=tables)


def _spoil(tasks: Columns, rows: Columns, kinds: list[IndicatorKind], chance: random.Random) -> None:
    ratio = next(place for place, kind in enumerate(kinds) if kind.has_denominator)
    rows["numerator"][ratio] = chance.choice(["khoảng 90", -5, 10_000_000])
    tasks["state"][0] = "Xong rồi"
    if chance.random() < 0.5:
        tasks["state"][-1] = State.DONE.value


def _text(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(8, 40)))


def _write(plan: Plan, units: list[str], folder: Path) -> int:
    forms = Forms(plan, plan.period(PERIOD))
    for unit in units:
        write_template(filled(forms.blank(unit), random.Random(unit)), folder / f"{unit}.xlsx")  # noqa: S311
    return len(units)


def generate(count: int, folder: Path, workers: int = 2) -> None:
    """The same bytes for the same N."""
    plan = plan_of(count)
    write_plan(plan, folder / "ke-hoach.xlsx")
    inbox = folder / "input"
    inbox.mkdir(parents=True, exist_ok=True)
    units = list(plan.units["unit_code"])
    parts: list[list[str]] = [units[start::workers] for start in range(workers)]
    if count < 200:
        _write(plan, units, inbox)
        return
    with ProcessPoolExecutor(workers) as pool:
        jobs: list[Any] = [pool.submit(_write, plan, part, inbox) for part in parts]
        for job in jobs:
            job.result()


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]))
