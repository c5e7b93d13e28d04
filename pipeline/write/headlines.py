"""The four headline figures of the overview: tasks, difficulties, targets, submissions; each a live formula."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlsxwriter.worksheet import Worksheet

from pipeline.assess.status import DONE, has_alert, on_time_rate
from pipeline.assess.timeliness import is_late
from pipeline.text import percent_text
from pipeline.write.book import HEAD, MUTED, Book, safe_text
from pipeline.write.formulas import Detail, quoted
from pipeline.write.rows import row_height
from schemas.columns import records
from schemas.records import Difficulty, Result, TaskStatus, UnitTimeliness
from schemas.words import Alert, DifficultyState, Severity, Status, TargetResult, Timeliness

if TYPE_CHECKING:
    from pipeline.write.consolidated import Report

HEADLINE_ROW = 4
PLACES = ((0, 1), (2, 4), (5, 6), (7, 11))  # first and last column of each
_MOST_NAMES = 6
_UNUSABLE = (Timeliness.MISSING, Timeliness.UNREADABLE, Timeliness.WRONG_PERIOD)


@dataclass(frozen=True)
class Headline:
    label: str
    figure: str
    formula: str
    detail: str


def headlines(report: "Report", sheets: Mapping[str, str]) -> list[Headline]:
    return [
        _tasks(report, sheets["statuses"]),
        _difficulties(report, sheets["difficulties"]),
        _targets(report, sheets["results"]),
        _submissions(report, sheets["timeliness"]),
    ]


def write_headlines(book: Book, sheet: Worksheet, made: list[Headline], widths: Sequence[float]) -> None:
    base: dict[str, Any] = {"align": "center", "bg_color": "#F3F6F9", "text_wrap": True}
    row = HEADLINE_ROW
    for (first, last), each in zip(PLACES, made, strict=True):
        label = book.format(font_color=MUTED, top=2, top_color=HEAD, **base)
        sheet.merge_range(row, first, row, last, each.label, label)
        figure = book.format(bold=True, font_size=22, font_color=HEAD, **base)
        sheet.merge_range(row + 1, first, row + 1, last, "", figure)
        sheet.write_formula(row + 1, first, each.formula, figure, each.figure)
        sheet.merge_range(row + 2, first, row + 2, last, safe_text(each.detail), book.format(**base))
    sheet.set_row(row + 1, 30)
    places = [sum(widths[first : last + 1]) for first, last in PLACES]
    sheet.set_row(row + 2, row_height([each.detail for each in made], places, least=36))
    sheet.set_row(row + 3, 6)


def _count(span: str, *words: str) -> str:
    return "+".join(f"COUNTIF({span},{quoted(word)})" for word in words)


def _tasks(report: "Report", sheet: str) -> Headline:
    """With the on-time rate as the Government Office counts it."""
    statuses = report.assessment.statuses
    span = Detail(sheet, TaskStatus, len(statuses)).span("status")
    overdue = has_alert(statuses["alerts"], Alert.OVERDUE)
    rate = on_time_rate(statuses["status"], overdue)
    late = int((overdue & ~statuses["status"].isin(DONE)).sum())
    said = "chưa có nhiệm vụ nào hoàn thành hoặc quá hạn" if rate is None else f"{percent_text(rate)}"
    underway = int((statuses["status"] == Status.UNDERWAY_IN_TIME).sum())
    ongoing = int((statuses["status"] == Status.ONGOING).sum())
    silent = int((statuses["status"] == Status.NOT_REPORTED).sum())
    detail = f"Trong hạn {underway} · thường xuyên {ongoing} · quá hạn {late} · chưa báo cáo {silent}"
    done = int(statuses["status"].isin(DONE).sum())
    formula = f'={_count(span, *DONE)}&"/"&ROWS({span})'
    return Headline(
        "Nhiệm vụ hoàn thành", f"{done}/{len(statuses)}", formula, f"{detail}\nTỷ lệ hoàn thành đúng theo dõi: {said}"
    )


def _difficulties(report: "Report", sheet: str) -> Headline:
    rows = report.facts.difficulties
    span = Detail(sheet, Difficulty, len(rows)).span("state")
    waiting = rows[rows["state"] != DifficultyState.RESOLVED]
    errors = int(((report.issues["severity"] == Severity.ERROR) & report.issues["unit_code"].notna()).sum())
    formula = f'={_count(span, DifficultyState.OPEN, DifficultyState.UNDERWAY)}&""'
    detail = f"của {waiting['unit_code'].nunique()} đơn vị\nLỗi dữ liệu đơn vị cần sửa: {errors}"
    return Headline("Khó khăn chưa giải quyết xong", str(len(waiting)), formula, detail)


def _targets(report: "Report", sheet: str) -> Headline:
    results = report.assessment.results
    aimed = results[results["target"].notna()]
    detail = Detail(sheet, Result, len(results))
    met = int((aimed["target_result"] == TargetResult.MET).sum())
    behind, missing = int(aimed["behind"].sum()), int((aimed["target_result"] == TargetResult.DATA_MISSING).sum())
    words = _count(detail.span("target_result"), TargetResult.MET)
    formula = f'={words}&"/"&COUNT({detail.span("target")})'
    rest = len(aimed) - met - behind - missing
    said = f"Chậm so với mốc {behind} · thiếu số liệu {missing}\nChưa đạt hoặc không phát sinh, chưa chậm {rest}"
    return Headline("Chỉ tiêu đạt mục tiêu", f"{met}/{len(aimed)}", formula, said)


def _submissions(report: "Report", sheet: str) -> Headline:
    """On time, late and missing, with names."""
    rows = report.assessment.timeliness
    span = Detail(sheet, UnitTimeliness, len(rows)).span("timeliness")
    late, missing = is_late(rows["timeliness"]), rows["timeliness"].isin(_UNUSABLE)
    on_time = int((rows["timeliness"] == Timeliness.ON_TIME).sum())
    received = len(rows) - int(missing.sum())
    parts = [f"Đúng hạn {on_time}"]
    for what, which in (("trễ", late), ("chưa có", missing)):
        names = _names(report, rows[which])
        parts.append(f"{what} {int(which.sum())}" + (f": {names}" if names else ""))
    formula = f'=(ROWS({span})-{_count(span, *_UNUSABLE).replace("+", "-")})&"/"&ROWS({span})'
    of = "" if report.counted == report.period else f" {report.counted.brief}"
    return Headline(f"Đơn vị đã gửi báo cáo{of}", f"{received}/{len(rows)}", formula, " · ".join(parts))


def _names(report: "Report", rows: Any) -> str:
    short = report.plan.short_names
    said = [
        f"{short[row['unit_code']]} ({row['timeliness'].lower().replace('trễ ', '')})"
        for row in records(rows.head(_MOST_NAMES))
    ]
    rest = len(rows) - len(said)
    return ", ".join(said) + (f" và {rest} đơn vị khác" if rest else "")
