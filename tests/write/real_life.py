"""A plan of the size of real life: 30 tasks, 90 units, long names, obstacles of 600 characters, twelve digits."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.assess.run import assess
from pipeline.merge import Facts
from pipeline.plan.model import Plan
from pipeline.run import run_period
from pipeline.write.consolidated import Report
from pipeline.write.plan_book import write_plan
from schemas.columns import conform
from schemas.records import Difficulty
from schemas.words import DifficultyState, IndicatorKind, Role, State
from tests.support import small_plan

TASKS, UNITS = 30, 90
LONG_NAME = "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông, thủy lợi và nông nghiệp, nông thôn số"
LONG_TITLE = (
    "Tổ chức kết nối, tích hợp, chia sẻ dữ liệu báo cáo, chỉ tiêu kinh tế - xã hội phục vụ chỉ đạo, điều hành dựa trên "
    "dữ liệu số theo Nghị quyết số"
)
OBSTACLE = ("Đường truyền ở các xã vùng sâu chập chờn, phần mềm chưa liên thông, kinh phí chưa được bố trí. " * 7)[:600]
BIG = 987_654_321_098.0


def real_plan() -> Plan:
    ts = pd.Timestamp
    units = [
        {
            "unit_code": f"DV{n:02}",
            "unit_name": f"{LONG_NAME} {n}",
            "short_name": f"Ban QLDA giao thông, nông nghiệp {n}",
            "unit_group": "SO" if n < 60 else "QUAN",
        }
        for n in range(UNITS)
    ]
    tasks = [
        {
            "task_code": f"III.{n:02}",
            "task_title": f"{LONG_TITLE} {n}",
            "content": LONG_TITLE,
            "deadline": None if n % 3 else ts("2023-03-01") if n % 2 else ts("2023-12-31"),
        }
        for n in range(TASKS)
    ]
    assignments = [
        {"task_code": task["task_code"], "assignee": unit, "role": role}
        for n, task in enumerate(tasks)
        for unit, role in ((f"DV{n:02}", Role.LEAD), ("SO", Role.COORDINATE), ("QUAN", Role.IMPLEMENT))
    ]
    kinds = (IndicatorKind.RATIO, IndicatorKind.COUNT)
    indicators = [
        {
            "indicator_code": f"III.{n:02}.1",
            "task_code": f"III.{n:02}",
            "indicator": f"{LONG_TITLE} {n}, tính đến cuối kỳ báo cáo",
            "kind": kinds[n % 2],
            "measure_unit": "triệu đồng",
            "numerator_label": LONG_TITLE,
            "denominator_label": LONG_TITLE if n % 2 == 0 else None,
            "accumulation": "Lũy kế",
            "accountable": f"DV{n:02}",
        }
        for n in range(TASKS)
    ]
    targets = [
        {"indicator_code": row["indicator_code"], "assignee": group, "target": BIG if n % 2 else 0.9}
        for n, row in enumerate(indicators)
        for group in ("SO", "QUAN")
    ]
    plan = small_plan(
        units=units, tasks=tasks, assignments=assignments, indicators=indicators, targets=targets,
    )  # fmt: skip
    return replace(plan, settings=replace(plan.settings, consolidated_by="DV00"))


def real_report(folder: Path) -> Report:
    """Every unit answered: long results, large numbers; each raised an obstacle for its own task."""
    plan = real_plan()
    write_plan(plan, folder / "ke-hoach.xlsx")
    (folder / "inbox").mkdir()
    report = run_period(folder / "ke-hoach.xlsx", "2023-Q1", folder / "inbox", folder / "out").report
    progress, figures = report.facts.progress.copy(), report.facts.figures.copy()
    progress = progress.assign(
        state=[list(State)[n % 4].value for n in range(len(progress))],
        reported="Có",
        result=OBSTACLE[:300],
        file="ban-qlda-giao-thong.xlsx",
        sheet="Nhiệm vụ",
        cell="E6",
    )
    ratio = figures["kind"] == IndicatorKind.RATIO
    figures = figures.assign(numerator=BIG - 1, denominator=figures["numerator"].mask(ratio, BIG), reported="Có")
    figures["rate"] = (figures["numerator"] / figures["denominator"]).where(ratio)
    rows = [
        {
            "number": n + 1,
            "task_code": f"III.{n % TASKS:02}",
            "unit_code": f"DV{n:02}",
            "unit_name": f"{LONG_NAME} {n}",
            "description": OBSTACLE,
            "cause": OBSTACLE[:300],
            "proposal": OBSTACLE[:300],
            "addressed_to": LONG_NAME,
            "state": list(DifficultyState)[n % 3].value,
            "file": "ban-qlda.xlsx",
            "sheet": "Khó khăn",
            "cell": "C10",
        }
        for n in range(UNITS)
    ]
    difficulties = conform(Difficulty, sorted(rows, key=lambda row: str(row["task_code"])))
    difficulties["number"] = range(1, len(rows) + 1)
    facts = Facts(progress, figures, difficulties)
    judged = assess(facts, report.ledger, report.issues, plan, report.period, report.as_of)
    return replace(report, plan=plan, facts=facts, assessment=judged)
