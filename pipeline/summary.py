"""What the officer reads in the terminal after a run."""

from pathlib import Path

import pandas as pd

from pipeline.assess.timeliness import is_late
from pipeline.inbox import DECISIONS_FILE
from pipeline.issues import count_by_severity, where
from pipeline.run import RETURNS, Outcome
from pipeline.write.consolidated import Report
from schemas.columns import records
from schemas.words import Severity, Timeliness, Verdict

_MOST_NAMES = 12


def summarise(outcome: Outcome) -> list[str]:
    """Lines of text: who was on time, late, missing; tasks by status; issues by unit; files written."""
    report = outcome.report
    lines = [f"{report.period.period_name} – {report.plan.settings.issued_by}, ngày xét {report.as_of:%d/%m/%Y}", ""]
    if report.counted != report.period:
        lines.append(f"Không yêu cầu bản nộp riêng cho năm; tình hình nộp {report.counted.period_name}:")
    lines += _submissions(report.assessment.timeliness)
    lines += ["", "Nhiệm vụ:"]
    for row in records(report.assessment.statuses):
        alerts = f" – {row['alerts']}" if isinstance(row["alerts"], str) else ""
        lines.append(f"  {row['task_code']}  {row['status']}{alerts}")
    lines += ["", *_issues(report.issues, has_returns=any(path.parent.name == RETURNS for path in outcome.written))]
    lines += _rejected(report.ledger)
    heading, *told = report.diary.lines or ("",)
    lines += ["", heading, *(f"  {line}" for line in told)] if told else []
    lines += _decisions(report)
    lines += ["", "Đã ghi:", *_files(outcome.written)]
    lines += [f"KHÔNG GHI ĐƯỢC: {text}" for text in outcome.failed]
    return lines


def issue_lines(issues: pd.DataFrame) -> list[str]:
    """One issue in three lines: where and what, the rule, the remedy."""
    lines = []
    for row in records(issues):
        lines.append(f"{row['severity']} {row['code']} – {where(row)}: {row['message']}")
        lines.append(f"    Cách sửa: {row['remedy']}")
    return lines


def _submissions(timeliness: pd.DataFrame) -> list[str]:
    words = timeliness["timeliness"]
    on_time, late = words == Timeliness.ON_TIME, is_late(words)
    lines = [f"Nộp đúng hạn: {int(on_time.sum())}/{len(words)} đơn vị"]
    lines.append(f"Nộp trễ: {_names(timeliness[late], with_word=True)}")
    lines.append(f"Chưa nộp: {_names(timeliness[words == Timeliness.MISSING])}")
    other = timeliness[~on_time & ~late & (words != Timeliness.MISSING)]
    if len(other):
        lines.append(f"Khác: {_names(other, with_word=True)}")
    return lines


def _names(rows: pd.DataFrame, *, with_word: bool = False) -> str:
    if rows.empty:
        return "không có"
    names = [
        f"{row['unit_name']} ({row['timeliness'].lower()})" if with_word else row["unit_name"]
        for row in records(rows.head(_MOST_NAMES))
    ]
    rest = len(rows) - len(names)
    return f"{len(rows)} – {'; '.join(names)}{f' và {rest} đơn vị khác' if rest else ''}"


def _issues(issues: pd.DataFrame, *, has_returns: bool) -> list[str]:
    errors, warnings = (count_by_severity(issues, severity) for severity in Severity)
    units = issues.dropna(subset=["unit_code"]).drop_duplicates("unit_code")
    if units.empty:
        return ["Lỗi dữ liệu của đơn vị: không có"]
    lines = [f"Lỗi dữ liệu{f' (tệp trả lại nằm trong thư mục {RETURNS})' if has_returns else ''}:"]
    for row in records(units.head(_MOST_NAMES)):
        code = row["unit_code"]
        lines.append(f"  {row['unit_name']}: {errors.get(code, 0)} lỗi, {warnings.get(code, 0)} cảnh báo")
    if len(units) > _MOST_NAMES:
        lines.append(f"  và {len(units) - _MOST_NAMES} đơn vị khác, xem sheet “Lỗi dữ liệu”")
    return lines


def _rejected(ledger: pd.DataFrame) -> list[str]:
    rows = ledger[ledger["verdict"] == Verdict.REJECTED]
    if rows.empty:
        return []
    return ["", "Tệp không dùng được:", *(f"  {row['file']}: {row['reason']}" for row in records(rows))]


def _decisions(report: Report) -> list[str]:
    """What the officer decided, where there is such a workbook."""
    decisions = report.decisions
    if decisions.entries is None:
        return []
    faults = report.issues[report.issues["file"] == DECISIONS_FILE]
    lines = ["", f"Quyết định trong {DECISIONS_FILE}: {len(decisions.rows)} có hiệu lực, {decisions.undecided} chờ"]
    return lines + [f"  ô {row['cell']}: {row['message']} {row['remedy']}" for row in records(faults)]


def _files(paths: list[Path]) -> list[str]:
    """Each file, but a folder of many as one line."""
    lines = [f"  {path}" for path in paths if path.parent.name != RETURNS]
    returns = [path for path in paths if path.parent.name == RETURNS]
    if returns:
        lines.append(f"  {returns[0].parent} ({len(returns)} tệp trả lại)")
    return lines
