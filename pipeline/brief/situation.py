"""The general situation of a period, as sentences; every number is one that the consolidated workbook shows."""

from collections.abc import Iterable

import pandas as pd

from pipeline.assess.status import DONE, has_alert
from pipeline.assess.timeliness import is_late
from pipeline.brief.phrases import count, day, listed, lower_first, period_in_words, units_in_words
from pipeline.write.consolidated import Report
from schemas.columns import records
from schemas.words import Alert, Severity, TargetResult, Timeliness

_UNUSABLE = (Timeliness.UNREADABLE, Timeliness.WRONG_PERIOD)


def situation(report: Report) -> list[str]:
    """One paragraph each: who reported, how the tasks stand, how the indicators stand, what hampers."""
    return [submissions(report), tasks(report), indicators(report), difficulties(report), *data_errors(report)]


def unusable(timeliness: pd.DataFrame) -> pd.DataFrame:
    """The units without a report that counts."""
    return timeliness[timeliness["file"].isna() | timeliness["timeliness"].isin(_UNUSABLE)]


def submissions(report: Report) -> str:
    told = _submissions(report)
    if report.counted == report.period:
        return told
    year = period_in_words(report.period)
    return f"Số liệu {year} được tổng hợp từ báo cáo các quý; không yêu cầu đơn vị gửi báo cáo riêng của năm. {told}"


def _submissions(report: Report) -> str:
    rows = report.assessment.timeliness
    words = rows["timeliness"]
    silent, late = unusable(rows), rows[is_late(words)]
    on_time, undated = int((words == Timeliness.ON_TIME).sum()), rows[words == Timeliness.UNKNOWN_DATE]
    received, period, due = len(rows) - len(silent), period_in_words(report.counted), day(report.counted.due_on)
    if not received:
        return f"Chưa có đơn vị nào trong số {units_in_words(len(rows))} gửi báo cáo {period} (hạn gửi ngày {due})."
    if on_time == len(rows):
        return f"Có {received}/{len(rows)} đơn vị gửi báo cáo {period} đúng hạn (hạn gửi ngày {due})."
    parts = [f"{units_in_words(on_time)} đúng hạn" if on_time else "không có đơn vị nào đúng hạn"]
    if len(late):
        parts.append(f"{units_in_words(len(late))} trễ hạn: {_with_word(late)}")
    if len(undated):
        parts.append(f"{units_in_words(len(undated))} không rõ ngày nhận: {listed(list(undated['unit_name']))}")
    text = f"Có {received}/{len(rows)} đơn vị gửi báo cáo {period} (hạn gửi ngày {due}), trong đó {'; '.join(parts)}."
    if len(silent):
        text += f" Còn {units_in_words(len(silent))} chưa có báo cáo dùng được: {_with_word(silent)}."
    return text


def tasks(report: Report) -> str:
    statuses = report.assessment.statuses
    parts = [f"{count(number)} {lower_first(str(word))}" for word, number in statuses["status"].value_counts().items()]
    told = f"Kế hoạch có {count(len(statuses))} nhiệm vụ, theo tình trạng: {'; '.join(parts)}."
    overdue = statuses[has_alert(statuses["alerts"], Alert.OVERDUE)]
    if len(overdue):
        return f"{told} Nhiệm vụ quá hạn chưa hoàn thành: {listed(list(overdue['task_code']))}."
    dated = statuses["deadline"].notna() & ~statuses["status"].isin(DONE)
    return f"{told} Không có nhiệm vụ quá hạn." if dated.any() else told


def indicators(report: Report) -> str:
    rows = report.assessment.results
    aimed = rows[rows["target"].notna()]
    if aimed.empty:
        return "Kế hoạch không giao mục tiêu cho chỉ tiêu nào; các chỉ tiêu chỉ được theo dõi."
    words = aimed["target_result"]
    parts = [
        f"{count(int((words == word).sum()))} {lower_first(word.value)}"
        for word in TargetResult
        if (words == word).any() and word != TargetResult.NO_TARGET
    ]
    told = f"Trong {count(len(aimed))} kết quả chỉ tiêu có mục tiêu (tính theo từng phạm vi): {'; '.join(parts)}."
    behind = aimed[aimed["behind"]]
    if behind.empty:
        return f"{told} Không có chỉ tiêu chậm so với mốc của kỳ."
    names = listed(list(_named(behind)))
    return f"{told} Có {count(len(behind))} kết quả chậm so với mốc của kỳ hoặc thời hạn: {names}."


def difficulties(report: Report) -> str:
    rows = report.facts.difficulties
    if rows.empty:
        return "Không có khó khăn, vướng mắc nào được nêu."
    units = rows["unit_code"].nunique()
    return f"Có {count(len(rows))} khó khăn, vướng mắc của {units_in_words(units)}."


def data_errors(report: Report) -> list[str]:
    errors = report.issues[report.issues["severity"] == Severity.ERROR]
    units = errors["unit_code"].nunique()
    if not units:
        return []
    return [
        f"Báo cáo của {units_in_words(units)} còn {count(len(errors.dropna(subset=['unit_code'])))} lỗi số liệu đã đề "
        "nghị sửa; các ô có lỗi chưa được tính."
    ]


def _with_word(rows: pd.DataFrame) -> str:
    return listed([f"{row['unit_name']} ({lower_first(row['timeliness'])})" for row in records(rows)])


def _named(results: pd.DataFrame) -> Iterable[str]:
    return (f"{row['indicator_code']} ({row['scope_name']})" for row in records(results))
