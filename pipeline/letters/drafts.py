"""Who gets which letter, with what in it and what attached, by kind. Facts in, letters out; no files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pipeline.brief.phrases import count, day, period_in_words, plan_in_words
from pipeline.brief.situation import situation, unusable
from pipeline.issues import where
from pipeline.plan.model import Period, Plan
from pipeline.take import sources_of
from pipeline.write.consolidated import Report
from schemas.catalogue.files import FOR_OFFICER
from schemas.columns import records
from schemas.words import LetterKind, Severity, Timeliness

_MOST_ISSUES = 30


@dataclass(frozen=True)
class Letter:
    """To one unit: its kind and the values of the fields that only this letter has."""

    kind: LetterKind
    unit_code: str
    values: Mapping[str, str]


def issue_letters(plan: Plan) -> list[Letter]:
    """The blank template, to every unit."""
    return [Letter(LetterKind.ISSUE, code, {}) for code in plan.units["unit_code"]]


def reminder_letters(report: Report, today: date) -> list[Letter]:
    """To those without a report that counts; the wording is another once the unit's due date has passed."""
    letters = []
    for row in records(unusable(report.assessment.timeliness)):
        due = row["due_on"].date()
        kind = LetterKind.REMIND if today <= due else LetterKind.OVERDUE
        values = {"hạn gửi": day(due), "tình hình nộp": _standing(row, report.period)}
        letters.append(Letter(kind, row["unit_code"], values))
    return letters


def _standing(row: Mapping[str, object], period: Period) -> str:
    if row["timeliness"] == Timeliness.MISSING:
        return f"chưa nhận được báo cáo {period_in_words(period)} của Quý đơn vị"
    reason = str(row["basis"]).removeprefix("Theo tên tệp; ").rstrip(".")
    return f"đã nhận nhưng chưa dùng được tệp của Quý đơn vị ({reason})"


def return_letters(report: Report) -> list[Letter]:
    """To each unit whose counted submission has issues, with the issues in words; a year's quarters had theirs."""
    letters = []
    for number, source in sources_of(report.ledger[report.ledger.index >= 0]).items():
        issues = report.issues[(report.issues["source"] == number) & ~report.issues["code"].isin(FOR_OFFICER)]
        if len(issues):
            letters.append(Letter(LetterKind.RETURN, source["unit_code"], _issue_fields(issues)))
    return letters


def _issue_fields(issues: pd.DataFrame) -> dict[str, str]:
    rows = records(issues)
    lines = [
        f"{number}. {_capital(where(row))}: {row['message']} Cách sửa: {row['remedy']}"
        for number, row in enumerate(rows[:_MOST_ISSUES], start=1)
    ]
    if len(rows) > _MOST_ISSUES:
        lines.append(f"… và {len(rows) - _MOST_ISSUES} lỗi, cảnh báo khác; xem sheet “Cần sửa” của tệp kèm theo.")
    errors = int((issues["severity"] == Severity.ERROR).sum())
    told = [(errors, "lỗi"), (len(rows) - errors, "cảnh báo")]
    return {
        "số lỗi và cảnh báo": " và ".join(f"{count(number)} {word}" for number, word in told if number),
        "danh sách lỗi": "\n".join(lines),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def result_letters(report: Report) -> list[Letter]:
    """The consolidated workbook, to every unit."""
    text = "\n".join(f"- {line}" for line in situation(report))
    return [Letter(LetterKind.RESULT, code, {"tình hình chung": text}) for code in report.plan.units["unit_code"]]


def common_values(plan: Plan, period: Period, unit_code: str, reply_to: str) -> dict[str, str]:
    """The fields that every kind of letter has, but for the attachment."""
    settings = plan.settings
    return {
        "tên đơn vị": plan.unit_names[unit_code],
        "kỳ báo cáo": period_in_words(period),
        "kỳ số liệu": f"từ ngày {day(period.data_from)} đến ngày {day(period.data_to)}",
        "hạn gửi": day(period.due_on),
        "ngày tổng hợp": day(period.consolidate_on),
        "kế hoạch": plan_in_words(plan),
        "cơ quan ban hành": settings.issued_by,
        "đơn vị tổng hợp": plan.unit_names[settings.consolidated_by],
        "địa chỉ gửi về": reply_to or "địa chỉ của thư này",
    }
