"""What the receiving authority is asked to direct, and what the next period holds; by rule, from the facts."""

from collections.abc import Iterable

import pandas as pd

from pipeline.assess.status import DONE, has_alert
from pipeline.brief.blocks import Block, Paragraph
from pipeline.brief.obstacles import UNNAMED, authorities
from pipeline.brief.phrases import count, day, listed, period_in_words, units_in_words
from pipeline.brief.situation import unusable
from pipeline.plan.model import Period, Plan
from pipeline.write.consolidated import Report
from schemas.columns import records
from schemas.words import Alert, TargetResult


def request_blocks(report: Report) -> list[Block]:
    """Numbered, each only where the facts call for it."""
    asked = [text for text in (*_of_units(report), *_of_authorities(report)) if text]
    settings = report.plan.settings
    if not asked:
        return [Paragraph(f"Trong kỳ, không có nội dung nào cần xin ý kiến chỉ đạo của {settings.issued_by}.")]
    head = f"{report.plan.unit_names[settings.consolidated_by]} kính đề nghị {settings.issued_by} xem xét, chỉ đạo:"
    return [Paragraph(head), *(Paragraph(f"{number}. {text}") for number, text in enumerate(asked, start=1))]


def _of_units(report: Report) -> Iterable[str]:
    judged, plan = report.assessment, report.plan
    silent = unusable(judged.timeliness)
    if len(silent):
        yield f"Đơn vị chưa có báo cáo dùng được khẩn trương gửi báo cáo: {listed(list(silent['unit_name']))}."
    overdue = judged.statuses[has_alert(judged.statuses["alerts"], Alert.OVERDUE)]
    if len(overdue):
        names = [f"nhiệm vụ {row['task_code']} ({row['lead']}, hạn {day(row['deadline'])})" for row in records(overdue)]
        yield f"Đơn vị chủ trì tập trung hoàn thành nhiệm vụ quá hạn: {listed(names)}."
    behind = judged.results[judged.results["behind"]]
    if len(behind):
        yield f"Đơn vị chịu trách nhiệm có giải pháp đối với chỉ tiêu chậm so với mốc: {listed(_accountable(behind))}."
    missing = judged.results[judged.results["target_result"] == TargetResult.DATA_MISSING]
    if len(missing):
        yield f"Đơn vị chịu trách nhiệm bổ sung số liệu còn thiếu của chỉ tiêu: {listed(_accountable(missing))}."
    explain = judged.explanations.drop_duplicates("unit_code")["unit_code"]
    if len(explain):
        names = [plan.unit_names[code] for code in explain]
        told = "Đơn vị chậm so với mốc hoặc thời hạn mà chưa nêu khó khăn, vướng mắc giải trình rõ nguyên nhân"
        yield f"{told} ({units_in_words(len(names))}): {listed(names)}."


def _accountable(results: pd.DataFrame) -> list[str]:
    """Each indicator with its scope and, where that is another, who is accountable."""
    return [
        f"{row['indicator_code']} ({row['scope_name']}{_also(row['scope_name'], row['accountable'])})"
        for row in records(results)
    ]


def _also(scope: str, accountable: str) -> str:
    return "" if scope == accountable else f"; {accountable} chịu trách nhiệm"


def _of_authorities(report: Report) -> Iterable[str]:
    found = [one for one in authorities(report) if one.name != UNNAMED]
    own = [f"{one.name} ({count(len(one.rows))} nội dung)" for one in found if one.unit_code]
    others = [f"{one.name} ({count(len(one.rows))} nội dung)" for one in found if not one.unit_code]
    if own:
        yield f"Giao đơn vị có thẩm quyền xem xét, giải quyết nội dung được đề xuất: {listed(own)}."
    if others:
        yield f"Có ý kiến với cơ quan ngoài các đơn vị thực hiện Kế hoạch để được giải quyết: {listed(others)}."


def outlook_blocks(report: Report) -> list[Block]:
    """When the next period falls due, and what is still to be done."""
    following = next_period(report.plan, report.period)
    return [Paragraph(f"- {text}") for text in (*_dates(report, following), *_work(report, following))]


def next_period(plan: Plan, period: Period) -> Period | None:
    """The period consolidated next after this one."""
    later = plan.periods[plan.periods["consolidate_on"] > pd.Timestamp(period.consolidate_on)]
    if later.empty:
        return None
    return plan.period(later.sort_values("consolidate_on", kind="stable")["period_code"].iloc[0])


def _dates(report: Report, following: Period | None) -> Iterable[str]:
    if following is None:
        yield "Kế hoạch không còn kỳ báo cáo nào sau kỳ này."
        return
    owner = report.plan.unit_names[report.plan.settings.consolidated_by]
    yield (
        f"Kỳ báo cáo tiếp theo: {period_in_words(following)}, số liệu từ ngày {day(following.data_from)} đến ngày "
        f"{day(following.data_to)}. Đơn vị gửi báo cáo chậm nhất ngày {day(following.due_on)}; {owner} tổng hợp, "
        f"trình {report.plan.settings.issued_by} ngày {day(following.consolidate_on)}."
    )


def _work(report: Report, following: Period | None) -> Iterable[str]:
    statuses, results = report.assessment.statuses, report.assessment.results
    dated = statuses[statuses["deadline"].notna() & ~statuses["status"].isin(DONE)]
    if following is not None:
        due = [row for row in records(dated) if report.as_of <= row["deadline"].date() <= following.consolidate_on]
        if due:
            yield f"Nhiệm vụ đến hạn trước ngày tổng hợp kỳ tới: {listed(_with_deadline(due))}."
    later = [row for row in records(dated) if following is None or row["deadline"].date() > following.consolidate_on]
    if later:
        yield f"Tiếp tục thực hiện nhiệm vụ có thời hạn: {listed(_with_deadline(later))}."
    ongoing = statuses[statuses["deadline"].isna()]
    if len(ongoing):
        yield f"Duy trì nhiệm vụ thường xuyên: {listed(list(ongoing['task_code']))}."
    behind = results[results["behind"]]
    if len(behind):
        names = [f"{row['indicator_code']} ({row['scope_name']})" for row in records(behind)]
        yield f"Tập trung các chỉ tiêu chậm so với mốc: {listed(names)}."


def _with_deadline(tasks: list[dict[str, object]]) -> list[str]:
    return [f"{task['task_code']} (hạn {task['deadline']:%d/%m/%Y})" for task in tasks]
