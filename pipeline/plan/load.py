"""Read and check a plan workbook: the same stages as a submission, but a fault stops the run."""

from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.check import check_frame
from pipeline.entries import Entries, gather
from pipeline.errors import CannotRun, Unreadable
from pipeline.issues import IssueRow, cell_issues, file_issue, join_issues, table_issue, where
from pipeline.parse.frame import Finding, parse_frame
from pipeline.plan.letters import complete_letters
from pipeline.plan.model import Plan, Settings
from pipeline.plan.rules import apply_rules, read_settings, settings_refer_to_units
from pipeline.read.tables import TableLayout, read_tables
from pipeline.read.workbooks import read_workbook
from pipeline.text import fold
from schemas.columns import records
from schemas.plan import SETTINGS, TABLES
from schemas.words import IndicatorKind, Severity


class PlanFaulty(CannotRun):
    """Every fault of the plan, by sheet and cell; ``issues`` is a frame of :class:`schemas.records.Issue`."""

    def __init__(self, path: Path, issues: pd.DataFrame) -> None:
        self.issues = issues
        errors = records(issues[issues["severity"] == Severity.ERROR])
        lines = [f"  - {where(row)}: {row['message']} {row['remedy']}" for row in errors]
        super().__init__("\n".join([f"Kế hoạch {path.name} có {len(lines)} lỗi, chưa thể chạy:", *lines]))


def load_plan(path: Path) -> Plan:
    """The plan of a workbook. Raises PlanFaulty with every fault at once, CannotRun where there is no file."""
    if not path.is_file():
        raise CannotRun(f"Không tìm thấy kế hoạch {path}. Đặt tệp kế hoạch vào đó hoặc chỉ đường dẫn bằng --plan.")
    source = {"file": path.name, "unit_code": None, "unit_name": None}
    try:
        workbook = read_workbook(path)
    except Unreadable as error:
        raise PlanFaulty(path, join_issues([file_issue(error.code, source, **error.params)])) from error
    tables = read_tables(workbook, [TableLayout.of(table) for table in TABLES])
    lost = [
        table_issue("TT08", source, 0, table, table.sheet)
        for table in TABLES
        if not (table.name in tables or table.optional)
    ]
    lost += [
        table_issue("TT09", source, 0, t, t.sheet, column=t.column(name).title)
        for t in TABLES
        for name in (tables[t.name].missing if t.name in tables else ())
        if t.column(name).layout.required
    ]
    if lost:
        raise PlanFaulty(path, join_issues(lost))
    entries = {table.name: gather({0: tables}, table) for table in TABLES}
    typed, findings = _parse(entries)
    frames = {name: frame.assign(row=entries[name].raw["row"]) for name, frame in typed.items()}
    settings, setting_findings, absent = read_settings(frames["settings"])
    findings["settings"] += setting_findings + settings_refer_to_units(frames)
    for name, found in apply_rules(frames).items():
        findings[name] += found
    issues: list[pd.DataFrame | IssueRow] = [
        cell_issues(found, entries[name], {0: source}) for name, found in findings.items()
    ]
    issues += [
        table_issue("KH03", source, 0, TABLES[0], TABLES[0].sheet, key=key, label=SETTINGS[key][0]) for key in absent
    ]
    joined = join_issues(issues)
    if (joined["severity"] == Severity.ERROR).any():
        raise PlanFaulty(path, joined)
    plan_frames: dict[str, Any] = {name: frame for name, frame in typed.items() if name != "settings"}
    plan_frames["letters"] = complete_letters(plan_frames["letters"])
    return Plan(settings=_settings(settings), **plan_frames)


def _settings(values: dict[str, object]) -> Settings:
    made = values | {"year": int(str(values["year"]).split(".")[0]), "roll_weekends": bool(values["roll_weekends"])}
    return Settings(**made)  # type: ignore[arg-type]


def _parse(entries: dict[str, Entries]) -> tuple[dict[str, pd.DataFrame], dict[str, list[Finding]]]:
    """Typed frames and findings, by table."""
    frames: dict[str, pd.DataFrame] = {}
    findings: dict[str, list[Finding]] = {}
    for name, entry in entries.items():
        milestones = None
        if name in ("indicators", "targets"):
            rows = entries["indicators"].raw
            kinds = {code: fold(str(kind)) for code, kind in zip(rows["indicator_code"], rows["kind"], strict=True)}
            milestones = entry.raw["indicator_code"].map(kinds) == fold(IndicatorKind.MILESTONE)
        typed, found = parse_frame(entry.raw, entry.table.model, milestones)
        findings[name] = found + check_frame(typed, entry.table.model, found)
        frames[name] = typed
    return frames, findings
