"""Findings become issues: rows that say where, what, which rule and how to mend it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from pipeline.entries import Entries
from pipeline.parse.frame import Finding
from pipeline.read.sheets import Fault
from pipeline.text import is_blank, number_text
from schemas.columns import conform
from schemas.messages import MESSAGES
from schemas.records import Issue
from schemas.tables import Table
from schemas.words import Severity

Source = Mapping[str, Any]


class IssueRow(dict[str, Any]):
    """One issue on its way into a frame: columns of :class:`schemas.records.Issue`, ``source``, ``table``, ``index``.

    A frame of its own for each would cost three milliseconds.
    """


_ROW = re.compile(r"\d+$")
_LEFT_OUT = frozenset({"DG01", "DG02", "DG03"})  # the row's cells stand in no other place


def empty_issues() -> pd.DataFrame:
    """No issue: the :class:`schemas.records.Issue` columns and ``source``, ``table``, ``index``."""
    return _no_issues().copy()


def join_issues(parts: Iterable[pd.DataFrame | IssueRow]) -> pd.DataFrame:
    """One frame of issues in the order of unit, sheet and place."""
    frames = list(_frames(parts))
    if not frames:
        return empty_issues()
    joined = pd.concat(frames, ignore_index=True)
    units, files, sheets, cells, codes = (
        ["" if is_blank(word) else word for word in joined[name].tolist()]
        for name in ("unit_code", "file", "sheet", "cell", "code")
    )
    rows = [int(found[0]) if (found := _ROW.search(cell)) else 0 for cell in cells]
    places = list(zip(units, files, sheets, rows, cells, codes, strict=True))
    return joined.take(sorted(range(len(joined)), key=places.__getitem__)).reset_index(drop=True)


def _frames(parts: Iterable[pd.DataFrame | IssueRow]) -> Iterable[pd.DataFrame]:
    """The parts as frames; rows that follow each other share one."""
    rows: list[IssueRow] = []
    for part in parts:
        if isinstance(part, IssueRow):
            rows.append(part)
            continue
        if rows:
            yield _frame(rows)
            rows = []
        if len(part):
            yield part
    if rows:
        yield _frame(rows)


def file_issue(code: str, source: Source, number: int = -1, **params: Any) -> IssueRow:
    """An issue of a whole file. ``source``: file, unit_code, unit_name."""
    return IssueRow(_row(code, source, params), source=number)


def sheet_issue(code: str, source: Source, number: int, sheet: str, **params: Any) -> IssueRow:
    """An issue of a sheet that is no part of the template."""
    return IssueRow(_row(code, source, {"sheet": sheet} | params), source=number, sheet=sheet)


def table_issue(code: str, source: Source, number: int, table: Table, sheet: str, **params: Any) -> IssueRow:
    """An issue of a whole table or sheet."""
    named = {"table": table.title, "sheet": sheet} | params
    return IssueRow(_row(code, source, named), source=number, table=table.name, sheet=sheet)


def cell_issues(findings: Iterable[Finding], entries: Entries, sources: Mapping[int, Source]) -> pd.DataFrame:
    """One issue per finding, addressed as the sender's Excel shows it."""
    found = list(findings)
    if not found:
        return empty_issues()
    rows = []
    for finding in found:
        number = entries.source(finding.at)
        sheet, cell = entries.cell(finding.at, finding.field)
        typed = _typed(entries, finding)
        title = entries.table.column(finding.field).title if finding.field else ""
        code = display(entries.typed(finding.at, finding.field)) if finding.field else ""
        row = _row(finding.code, sources[number], {"typed": code, "field": title} | finding.params)
        rows.append(
            row
            | {"source": number, "table": entries.table.name, "index": finding.at}
            | {"sheet": sheet, "cell": cell, "field": title, "typed": typed}
        )
    return _frame(rows)


def _typed(entries: Entries, finding: Finding) -> str:
    """The value as typed; of a row that was left out, all its cells, so that nothing is lost."""
    if finding.code in _LEFT_OUT:
        values = [display(entries.typed(finding.at, name)) for name in (*entries.table.key, *entries.table.inputs)]
        return " | ".join(value for value in values if value)
    if "typed" in finding.params:
        return str(finding.params["typed"])
    return display(entries.typed(finding.at, finding.field)) if finding.field else ""


def where(issue: Mapping[str, Any]) -> str:
    """The first part of an issue in words: ``Sheet “Chỉ tiêu”, ô G7 (Tử số)``."""
    parts = []
    if isinstance(issue["sheet"], str) and issue["sheet"]:
        parts.append(f"sheet “{issue['sheet']}”")
    cell = issue["cell"] if isinstance(issue["cell"], str) else ""
    if cell:
        field = f" ({issue['field']})" if isinstance(issue["field"], str) and issue["field"] else ""
        parts.append(f"hàng {cell}{field}" if cell.isdigit() else f"ô {cell}{field}")
    return ", ".join(parts) or "cả tệp"


def display(value: Any) -> str:
    """A value as it was typed, for showing in a message."""
    if is_blank(value):
        return ""
    if isinstance(value, Fault):
        return value.text
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, (datetime, date)):
        return f"{value:%d/%m/%Y}"
    return str(value)


def count_by_severity(issues: pd.DataFrame, severity: Severity) -> pd.Series:
    """The number of issues of that severity, by unit_code."""
    return issues[issues["severity"] == severity].groupby("unit_code").size()


def _row(code: str, source: Source, params: Mapping[str, Any]) -> dict[str, Any]:
    message = MESSAGES[code]
    filled = _Filled(params)
    return {
        "severity": message.severity.value,
        "unit_code": source.get("unit_code"),
        "unit_name": source.get("unit_name"),
        "file": source.get("file"),
        "code": code,
        "message": f"{message.what.format_map(filled)} {message.rule.format_map(filled)}",
        "remedy": message.remedy.format_map(filled),
    }


class _Filled(dict[str, Any]):
    """An absent placeholder shows as nothing rather than stopping the run."""

    def __missing__(self, key: str) -> str:
        return ""


@cache
def _no_issues() -> pd.DataFrame:
    return _frame([])


def _frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    frame = conform(Issue, rows)
    for key in ("source", "index"):
        frame[key] = np.array([row.get(key, -1) for row in rows], dtype="int64")
    frame["table"] = pd.array([row.get("table", "") for row in rows], dtype="str")
    return frame
