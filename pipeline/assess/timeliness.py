"""Each unit's submission against the period's due date."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import pandas as pd

from pipeline.issues import count_by_severity
from pipeline.plan.model import Period, Plan
from pipeline.text import bare
from schemas.columns import conform, records
from schemas.records import UnitTimeliness
from schemas.words import Severity, Timeliness, Verdict

_WRONG = ("TT04", "TT05")


def unit_timeliness(
    ledger: pd.DataFrame,
    issues: pd.DataFrame,
    plan: Plan,
    period: Period,
    due: Mapping[str, tuple[date, str]] = MappingProxyType({}),
) -> pd.DataFrame:
    """One row per unit in the plan's order: :class:`schemas.records.UnitTimeliness` and ``days_late``.

    ``due``: per unit the day until which the officer gave it time, and why. ``ledger`` and ``issues`` as
    :func:`pipeline.identify.identify` and the validation give them.
    """
    errors, warnings = (count_by_severity(issues, severity) for severity in Severity)
    known = ledger.dropna(subset=["unit_code"])
    by_unit: dict[str, pd.DataFrame] = {str(code): rows for code, rows in known.groupby("unit_code")}
    nameless = ledger[ledger["unit_code"].isna() & (ledger["verdict"] == Verdict.REJECTED)]
    rows = []
    for unit in records(plan.units):
        code = unit["unit_code"]
        received = by_unit.get(code, known.iloc[:0])
        day, because = due.get(code, (period.due_on, ""))
        row = _judge(received, nameless, unit, day)
        counted = received["verdict"].isin([Verdict.USED, Verdict.SUPERSEDED])
        row |= {
            "unit_code": code,
            "unit_name": unit["unit_name"],
            "unit_group": unit["unit_group"],
            "due_on": pd.Timestamp(day),
            "decision": f"Gia hạn đến {day:%d/%m/%Y}; {because}" if because else None,
            "versions": int(counted.sum()),
            "errors": int(errors.get(code, 0)),
            "warnings": int(warnings.get(code, 0)),
        }
        rows.append(row)
    frame = pd.DataFrame(rows)
    return conform(UnitTimeliness, frame).assign(days_late=frame["days_late"])


def is_late(timeliness: pd.Series) -> "pd.Series[bool]":
    return timeliness.str.startswith(Timeliness.LATE.split("{")[0])


def _judge(received: pd.DataFrame, nameless: pd.DataFrame, unit: Mapping[Any, Any], due_on: date) -> dict[str, Any]:
    used = received[received["verdict"] == Verdict.USED]
    if len(used):
        return _received(used.iloc[0], due_on)
    wrong = received[received["code"].isin(_WRONG)]
    if len(wrong):
        first = wrong.iloc[0]
        return _row(Timeliness.WRONG_PERIOD, f"{first['file']}: {first['reason']}", first["file"])
    refused = received[received["verdict"] == Verdict.REJECTED]
    if len(refused):
        first = refused.iloc[0]
        return _row(Timeliness.UNREADABLE, f"{first['file']}: {first['reason']}", first["file"])
    for hint, told in (("Theo địa chỉ gửi thư", _sent_by), ("Theo tên tệp", _named_after)):
        rows = nameless[[told(row, unit) for row in records(nameless)]]
        if len(rows):
            first = rows.iloc[0]
            return _row(Timeliness.UNREADABLE, f"{hint}; {first['file']}: {first['reason']}", first["file"])
    return _row(Timeliness.MISSING, f"Không có bản nộp nào của đơn vị; hạn {due_on:%d/%m/%Y}.")


def _received(used: pd.Series, due_on: date) -> dict[str, Any]:
    if pd.isna(used["received_on"]):
        return _row(Timeliness.UNKNOWN_DATE, "Tệp không ghi ngày lưu và không ghi ngày báo cáo.", used["file"])
    day = used["received_on"].date()
    days = (day - due_on).days
    basis = f"Nhận ngày {day:%d/%m/%Y} ({used['evidence'].lower()}), hạn {due_on:%d/%m/%Y}."
    row = _row(Timeliness.ON_TIME if days <= 0 else Timeliness.LATE.format(days=days), basis, used["file"])
    return row | {"received_on": used["received_on"], "days_late": max(days, 0)}


def _row(timeliness: str, basis: str, file: str | None = None) -> dict[str, Any]:
    return {"timeliness": str(timeliness), "basis": basis, "file": file, "received_on": None, "days_late": 0}


def _sent_by(row: Mapping[str, Any], unit: Mapping[Any, Any]) -> bool:
    """Whether a mail came from the unit's address in the plan."""
    known = unit["email"]
    return isinstance(known, str) and isinstance(row["sender"], str) and row["sender"] in known.casefold()


def _named_after(row: Mapping[str, Any], unit: Mapping[Any, Any]) -> bool:
    """Whether a file name holds the unit's code as a word: a hint for the eye, never an identity."""
    return f" {_words(unit['unit_code'])} " in f" {_words(row['file'])} "


def _words(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare(text)).split())
