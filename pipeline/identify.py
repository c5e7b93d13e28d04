"""Whose submission each workbook is, when it was received, and which one counts: the ledger."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from pipeline.choose import choose
from pipeline.collect import Item
from pipeline.intake.read_entries import NO_WORKBOOK
from pipeline.issues import IssueRow, file_issue, join_issues
from pipeline.parse.cells import parse_date
from pipeline.plan.model import Period, Plan
from pipeline.read.sheets import LOCAL
from pipeline.read.submission import Content
from pipeline.stamp import check_stamp
from pipeline.text import fold
from pipeline.versions import answers
from schemas.columns import conform, records
from schemas.messages import MESSAGES
from schemas.records import Ledger
from schemas.words import Evidence, Remark, Stamp, Verdict

_REMARKED = {Remark.MACRO: "TT24", Remark.LINKS: "TT25"}
_BEFORE, _AFTER = 2, 20  # years from the plan's in which a report may come
_STAMPS = {Stamp.WRONG: "mang dấu của đơn vị khác, kỳ khác, hoặc dấu giả", Stamp.ABSENT: "không mang dấu"}


@dataclass(frozen=True)
class Claim:
    """What a workbook says of itself; empty where it says nothing."""

    plan_code: str = ""
    period_code: str = ""
    unit: str = ""


def identify(
    items: Sequence[Item],
    contents: Mapping[int, Content],
    plan: Plan,
    period: Period,
    key: bytes = b"",
    use: Collection[tuple[str, str]] = (),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ledger, one row per item in order (the index numbers them), and the issues of whole files.

    ``contents`` holds the workbooks read, by item number; ``key`` is the period's (:mod:`pipeline.stamp`);
    ``use``: (unit, file) of those that the officer has chosen. Beside the columns of
    :class:`schemas.records.Ledger` the ledger has ``received_at`` and ``code`` (the message of a rejection).
    """
    names = _names(plan)
    rows = [_entry(item, contents.get(number), plan, period, names, key) for number, item in enumerate(items)]
    issues = [
        file_issue(row["code"], row, number, **row["params"]) for number, row in enumerate(rows) if row.get("code")
    ]
    issues += choose(rows, lambda number: answers(contents[number]), use)
    issues += _warnings(items, contents, rows, plan, period)
    frame = conform(Ledger, pd.DataFrame(rows, columns=None if rows else ["file"]))
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


def _entry(
    item: Item, content: Content | None, plan: Plan, period: Period, names: dict[str, str], key: bytes
) -> dict[str, Any]:
    row: dict[str, Any] = {"file": item.file, "sha256": item.sha256 or None, "sender": item.sender}
    if item.opened:
        reason = f"Mang theo {item.opened} bảng tính; mỗi tệp bên trong có một dòng riêng."
        return row | {"verdict": Verdict.OPENED, "reason": reason}
    if item.ignored or content is None:
        return row | {"verdict": Verdict.IGNORED, "reason": item.ignored}
    received, evidence = _received(item, content, plan.settings.year)
    row |= {"received_at": received, "received_on": received and _midnight(received), "evidence": evidence}
    if content.fault:
        rejected = _reject(row, *content.fault)
        if item.inside and content.fault[0] in NO_WORKBOOK:
            return row | {"verdict": Verdict.IGNORED, "reason": f"Kèm theo. {rejected['reason']}"}
        return rejected
    said = claim(content, plan)
    unit = names.get(fold(said.unit))
    checked = check_stamp(key, content.meta)
    row |= {"unit_code": unit, "unit_name": plan.unit_names.get(unit or ""), "period_code": said.period_code or None}
    row |= {"template_version": content.meta.get("template_version"), "stamp": checked}
    row["remarks"] = "; ".join(content.remarks) or None
    if said.plan_code and said.plan_code != plan.settings.plan_code:
        return _reject(row, "TT04", {"found": said.plan_code, "expected": plan.settings.plan_code})
    if said.period_code != period.period_code:
        found = said.period_code or "không ghi kỳ"
        return _reject(row, "TT05", {"found": found, "expected": period.period_code})
    if unit is None:
        return _reject(row, "TT06", {"found": f"“{said.unit}”" if said.unit else "tệp không ghi đơn vị"})
    if other := _other_unit(content, unit, names):
        return _reject(row, "TT28", {"found": other, "expected": plan.unit_names[unit]})
    if checked in _STAMPS:
        return _reject(row, "TT10", {"found": _STAMPS[checked]})
    return row | {"verdict": Verdict.USED, "reason": "Bản nộp được tính."}


def _warnings(
    items: Sequence[Item],
    contents: Mapping[int, Content],
    rows: Sequence[Mapping[str, Any]],
    plan: Plan,
    period: Period,
) -> list[IssueRow]:
    """Of the submissions that count: a sender unknown to the unit (TT23), another period on the cover (TT29), macros
    (TT24), links (TT25)."""
    issues = []
    for number, row in enumerate(rows):
        if row["verdict"] != Verdict.USED:
            continue
        known, sender = plan.addresses.get(row["unit_code"]), items[number].sender
        if sender and known and sender.casefold() not in known:
            issues.append(file_issue("TT23", row, number, sender=sender, known="; ".join(sorted(known))))
        typed = str(_info(contents[number]).get("period_name", ""))
        if plan.period_codes.get(fold(typed), period.period_code) != period.period_code:
            issues.append(file_issue("TT29", row, number, found=typed, expected=period.period_name))
        for remark in contents[number].remarks:
            if remark in _REMARKED:
                issues.append(file_issue(_REMARKED[remark], row, number))
    return issues


def _reject(row: dict[str, Any], code: str, params: dict[str, Any]) -> dict[str, Any]:
    reason = MESSAGES[code].what.format_map(params)
    return row | {"verdict": Verdict.REJECTED, "reason": reason, "code": code, "params": params}


def claim(content: Content, plan: Plan) -> Claim:
    """The hidden ``_meta``; for what it lacks, the sheet ``Thông tin``. Never the file name."""
    info = _info(content)
    said = fold(str(info.get("period_name", "")))
    return Claim(
        content.meta.get("plan_code", ""),
        content.meta.get("period_code", "") or plan.period_codes.get(said, str(info.get("period_name", ""))),
        content.meta.get("unit_code", "") or str(info.get("unit_code") or info.get("unit_name") or ""),
    )


def _other_unit(content: Content, unit: str, names: Mapping[str, str]) -> str:
    """What the cover says, where it names another unit than the workbook was issued for: neither may be charged with
    the other's figures."""
    info = _info(content)
    typed = (str(info.get(name, "")) for name in ("unit_code", "unit_name"))
    return next((text for text in typed if names.get(fold(text), unit) != unit), "")


def _info(content: Content) -> dict[str, Any]:
    table = content.tables.get("info")
    if table is None or "key" not in table.values or "value" not in table.values:
        return {}
    pairs = zip(table.values["key"], table.values["value"], strict=True)
    return {key: value for key, value in pairs if key is not None and value is not None}


def _received(item: Item, content: Content, year: int) -> tuple[datetime | None, Evidence]:
    """In local time. A mail says when it was sent, a workbook saved by its unit when that was; one never saved
    since it was made proves nothing, nor does a moment far from the plan's year: a clock that was never set."""
    sent, saved = item.sent_at, content.modified
    if sent and _is_near(sent, year):
        return sent + LOCAL, Evidence.MAIL
    if saved and saved != content.created and _is_near(saved, year):
        return saved + LOCAL, Evidence.MODIFIED
    typed = parse_date(_info(content).get("report_date")).value
    return (typed, Evidence.REPORT_DATE) if typed and _is_near(typed, year) else (None, Evidence.NONE)


def _is_near(moment: datetime, year: int) -> bool:
    return year - _BEFORE <= moment.year <= year + _AFTER


def _midnight(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, moment.day)
