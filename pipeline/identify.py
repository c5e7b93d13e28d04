"""Whose submission each workbook is, when it was received, and which one counts: the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from pipeline.collect import Item
from pipeline.issues import file_issue, join_issues
from pipeline.parse.cells import parse_date
from pipeline.plan.model import Period, Plan
from pipeline.read.submission import Content
from pipeline.text import fold
from schemas.columns import conform, records
from schemas.messages import MESSAGES
from schemas.records import Ledger
from schemas.words import Evidence, Verdict

_HANOI = timedelta(hours=7)  # dcterms:modified is in UTC


@dataclass(frozen=True)
class Claim:
    """What a workbook says of itself; empty where it says nothing."""

    plan_code: str = ""
    period_code: str = ""
    unit: str = ""


def identify(
    items: Sequence[Item], contents: Mapping[int, Content], plan: Plan, period: Period
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ledger, one row per item in order (the index numbers them), and the issues of whole files.

    ``contents`` holds the workbooks read, by item number. Beside the columns of
    :class:`schemas.records.Ledger` the ledger has ``received_at`` and ``code`` (the message of a rejection).
    """
    names = _names(plan)
    rows = [_entry(item, contents.get(number), plan, period, names) for number, item in enumerate(items)]
    issues = [
        file_issue(row["code"], row, number, **row["params"]) for number, row in enumerate(rows) if row.get("code")
    ]
    issues += _choose(rows)
    frame = conform(Ledger, pd.DataFrame(rows))
    frame["received_at"] = pd.to_datetime(pd.Series([row.get("received_at") for row in rows], dtype="object"))
    frame["code"] = pd.Series([row.get("code", "") for row in rows], dtype="str")
    return frame, join_issues(issues)


def _names(plan: Plan) -> dict[str, str]:
    """Unit codes by every folded code, name, short name and alias that only one unit has."""
    found: dict[str, set[str]] = {}
    for unit in records(plan.units):
        aliases = unit["aliases"].split(";") if isinstance(unit["aliases"], str) else []
        for name in (unit["unit_code"], unit["unit_name"], unit["short_name"], *aliases):
            found.setdefault(fold(name), set()).add(unit["unit_code"])
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _entry(item: Item, content: Content | None, plan: Plan, period: Period, names: dict[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {"file": item.file, "sha256": item.sha256 or None}
    if item.ignored or content is None:
        return row | {"verdict": Verdict.IGNORED, "reason": item.ignored}
    row["template_version"] = content.meta.get("template_version")
    received, evidence = _received(content)
    row |= {"received_at": received, "received_on": received and _midnight(received), "evidence": evidence}
    if content.fault:
        return _reject(row, *content.fault)
    said = claim(content, plan)
    unit = names.get(fold(said.unit))
    row |= {"unit_code": unit, "unit_name": plan.unit_names.get(unit or ""), "period_code": said.period_code or None}
    if said.plan_code and said.plan_code != plan.settings.plan_code:
        return _reject(row, "TT04", {"found": said.plan_code, "expected": plan.settings.plan_code})
    if said.period_code != period.period_code:
        found = said.period_code or "không ghi kỳ"
        return _reject(row, "TT05", {"found": found, "expected": period.period_code})
    if unit is None:
        return _reject(row, "TT06", {"found": f"“{said.unit}”" if said.unit else "tệp không ghi đơn vị"})
    return row | {"verdict": Verdict.USED, "reason": "Bản nộp được tính."}


def _reject(row: dict[str, Any], code: str, params: dict[str, Any]) -> dict[str, Any]:
    reason = MESSAGES[code].what.format_map(params)
    return row | {"verdict": Verdict.REJECTED, "reason": reason, "code": code, "params": params}


def claim(content: Content, plan: Plan) -> Claim:
    """The hidden ``_meta``; for what it lacks, the sheet ``Thông tin``. Never the file name."""
    info = _info(content)
    periods = {fold(name): code for code, name in plan.periods[["period_code", "period_name"]].itertuples(index=False)}
    said = fold(str(info.get("period_name", "")))
    return Claim(
        content.meta.get("plan_code", ""),
        content.meta.get("period_code", "") or periods.get(said, str(info.get("period_name", ""))),
        content.meta.get("unit_code", "") or str(info.get("unit_code") or info.get("unit_name") or ""),
    )


def _info(content: Content) -> dict[str, Any]:
    table = content.tables.get("info")
    if table is None or "key" not in table.values or "value" not in table.values:
        return {}
    pairs = zip(table.values["key"], table.values["value"], strict=True)
    return {key: value for key, value in pairs if key is not None and value is not None}


def _received(content: Content) -> tuple[datetime | None, Evidence]:
    """A workbook saved by its unit says when; one never saved since it was made proves nothing."""
    if content.modified and content.modified != content.created:
        return content.modified + _HANOI, Evidence.MODIFIED
    typed = parse_date(_info(content).get("report_date")).value
    return (typed, Evidence.REPORT_DATE) if typed else (None, Evidence.NONE)


def _choose(rows: list[dict[str, Any]]) -> list[pd.DataFrame]:
    """Of each unit's good submissions the latest received counts; returns the issues of ties (TT07)."""
    issues = []
    by_unit: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        if row["verdict"] == Verdict.USED:
            by_unit.setdefault(row["unit_code"], []).append(number)
    for numbers in by_unit.values():
        if len(numbers) == 1:
            continue
        ordered = sorted(numbers, key=lambda n: (rows[n]["received_at"] or datetime.min, rows[n]["file"]), reverse=True)
        used = rows[ordered[0]]
        tied = [used]
        for number in ordered[1:]:
            row = rows[number]
            row["verdict"] = Verdict.SUPERSEDED
            row["reason"] = f"Đã có bản nhận sau: {used['file']}."
            if row["sha256"] == used["sha256"]:
                row["reason"] = f"Trùng nội dung với {used['file']}."
            elif row["received_at"] is None or row["received_at"] == used["received_at"]:
                row["reason"] = f"Không phân được trước sau với {used['file']}; cán bộ cần quyết định."
                tied.append(row)
        if len(tied) > 1:
            when = used["received_at"]
            params = {
                "count": len(tied),
                "date": f"{when:%d/%m/%Y %H:%M}" if when else "không rõ",
                "files": ", ".join(row["file"] for row in tied),
                "used": used["file"],
            }
            issues.append(file_issue("TT07", used, ordered[0], **params))
    return issues


def _midnight(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, moment.day)
