"""Each task: who leads it, how it stands, what its lead reports (verbatim), and its figures against their targets."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from pipeline.assess.lives import UNREAD
from pipeline.brief.blocks import Block, Heading, Paragraph
from pipeline.brief.figures import result_sentence
from pipeline.brief.phrases import count, day, listed, lower_first
from pipeline.text import is_blank
from pipeline.write.consolidated import Report
from schemas.columns import records
from schemas.words import NO_DEADLINE, Status, YesNo

_MOST = 10


def task_blocks(report: Report) -> list[Block]:
    blocks: list[Block] = []
    for number, task in enumerate(records(report.assessment.statuses), start=1):
        code = task["task_code"]
        blocks.append(Heading(f"{number}. {task['task_title']} (nhiệm vụ {code})"))
        blocks.append(Paragraph(_standing(report, task)))
        blocks += map(Paragraph, _lead_results(report, code))
        blocks += map(Paragraph, _figures(report, code))
        silent = _silent(report, code)
        blocks += [Paragraph(silent)] if silent else []
    return blocks


def _standing(report: Report, task: dict[str, object]) -> str:
    plan = report.plan
    leads = listed([plan.unit_names[code] for code in plan.leads(str(task["task_code"]))])
    deadline = task["deadline"]
    due = day(deadline) if isinstance(deadline, pd.Timestamp) and not pd.isna(deadline) else NO_DEADLINE.lower()
    told = f"Đơn vị chủ trì: {leads}. Thời hạn: {due}. "
    told += f"Có {task['units_reported']}/{task['units_expected']} đơn vị báo cáo. "
    if task["status"] == Status.ONGOING:
        told += "Tình trạng: nhiệm vụ thường xuyên."
    else:
        told += f"Tình trạng: {lower_first(str(task['status']))}."
    alerts = task["alerts"]
    return f"{told} Cần lưu ý: {alerts.lower()}." if isinstance(alerts, str) else told


def _lead_results(report: Report, task_code: str) -> Iterable[str]:
    rows = report.facts.progress
    leads = rows[(rows["task_code"] == task_code) & rows["unit_code"].isin(report.plan.leads(task_code))]
    for row in records(leads):
        if isinstance(row["result"], str):
            yield f"{row['unit_name']} báo cáo: {quoted(row['result'])}"
        elif row["reported"] == YesNo.YES:
            yield f"{row['unit_name']} báo cáo “{row['state']}”, chưa nêu kết quả thực hiện."
        else:
            yield f"{row['unit_name']} chưa báo cáo về nhiệm vụ này."


def quoted(text: Any) -> str:
    """A unit's own words, unchanged between quotation marks; the sentence ends once. Where there are none to be read,
    that."""
    if is_blank(text):
        return f"{UNREAD}."
    return f"“{text}”" if text.endswith((".", "!", "?", "…")) else f"“{text}”."


def _figures(report: Report, task_code: str) -> Iterable[str]:
    rows = report.assessment.results
    targets = report.plan.targets
    comparisons = {(row["indicator_code"], row["assignee"]): row["comparison"] for row in records(targets)}
    for row in records(rows[rows["task_code"] == task_code]):
        sentence = result_sentence(row, comparisons.get((row["indicator_code"], row["scope"])))
        yield f"- Chỉ tiêu {row['indicator_code']}. {sentence}"


def _silent(report: Report, task_code: str) -> str:
    """Who has not reported on the task, leads apart: of those it has been said already."""
    rows = report.facts.progress
    mine = rows[(rows["task_code"] == task_code) & (rows["reported"] == YesNo.NO)]
    names = list(mine.loc[~mine["unit_code"].isin(report.plan.leads(task_code)), "unit_name"])
    if not names:
        return ""
    rest = len(names) - _MOST
    more = f" và {count(rest)} đơn vị khác" if rest > 0 else ""
    return f"Đơn vị phối hợp, thực hiện chưa có báo cáo được tính: {listed(names[:_MOST])}{more}."
