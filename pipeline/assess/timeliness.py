"""Each unit's submission against the period's due date."""

from collections.abc import Mapping, Sequence
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
_OF_LEDGER = ("unit_code", "file", "verdict", "reason", "code", "sender", "received_on", "evidence")
Row = Mapping[str, Any]


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
    by_unit: dict[str, list[Row]] = {}
    nameless: list[Row] = []
    for entry in records(ledger[list(_OF_LEDGER)]):
        if isinstance(entry["unit_code"], str):
            by_unit.setdefault(entry["unit_code"], []).append(entry)
        elif entry["verdict"] == Verdict.REJECTED:
            nameless.append(entry)
    rows = []
    for unit in records(plan.units):
        code = unit["unit_code"]
        received = by_unit.get(code, [])
        day, because = due.get(code, (period.due_on, ""))
        row = _judge(received, nameless, unit, day)
        row |= {
            "unit_code": code,
            "unit_name": unit["unit_name"],
            "unit_group": unit["unit_group"],
            "due_on": pd.Timestamp(day),
            "decision": f"Gia hạn đến {day:%d/%m/%Y}; {because}" if because else None,
            "versions": sum(entry["verdict"] in (Verdict.USED, Verdict.SUPERSEDED) for entry in received),
            "errors": int(errors.get(code, 0)),
            "warnings": int(warnings.get(code, 0)),
        }
        rows.append(row)
    frame = pd.DataFrame(rows)
    return conform(UnitTimeliness, frame).assign(days_late=frame["days_late"])


def is_late(timeliness: pd.Series) -> "pd.Series[bool]":
    return timeliness.str.startswith(Timeliness.LATE.split("{")[0])


def _judge(received: Sequence[Row], nameless: Sequence[Row], unit: Row, due_on: date) -> dict[str, Any]:
    for entry in received:
        if entry["verdict"] == Verdict.USED:
            return _received(entry, due_on)
    for entry in received:
        if entry["code"] in _WRONG:
            return _refused(Timeliness.WRONG_PERIOD, entry)
    for entry in received:
        if entry["verdict"] == Verdict.REJECTED:
            return _refused(Timeliness.UNREADABLE, entry)
    for hint, told in (("Theo địa chỉ gửi thư; ", _sent_by), ("Theo tên tệp; ", _named_after)):
        for entry in nameless:
            if told(entry, unit):
                return _refused(Timeliness.UNREADABLE, entry, hint)
    return _row(Timeliness.MISSING, f"Không có bản nộp nào của đơn vị; hạn {due_on:%d/%m/%Y}.")


def _refused(timeliness: Timeliness, entry: Row, hint: str = "") -> dict[str, Any]:
    return _row(timeliness, f"{hint}{entry['file']}: {entry['reason']}", entry["file"])


def _received(used: Row, due_on: date) -> dict[str, Any]:
    if pd.isna(used["received_on"]):
        return _row(Timeliness.UNKNOWN_DATE, "Tệp không ghi ngày lưu và không ghi ngày báo cáo.", used["file"])
    day = used["received_on"].date()
    days = (day - due_on).days
    basis = f"Nhận ngày {day:%d/%m/%Y} ({used['evidence'].lower()}), hạn {due_on:%d/%m/%Y}."
    row = _row(Timeliness.ON_TIME if days <= 0 else Timeliness.LATE.format(days=days), basis, used["file"])
    return row | {"received_on": used["received_on"], "days_late": max(days, 0)}


def _row(timeliness: str, basis: str, file: str | None = None) -> dict[str, Any]:
    return {"timeliness": str(timeliness), "basis": basis, "file": file, "received_on": None, "days_late": 0}


def _sent_by(row: Row, unit: Row) -> bool:
    """Whether a mail came from the unit's address in the plan."""
    known = unit["email"]
    return isinstance(known, str) and isinstance(row["sender"], str) and row["sender"] in known.casefold()


def _named_after(row: Row, unit: Row) -> bool:
    """Whether a file name holds the unit's code as a word: a hint for the eye, never an identity."""
    return f" {_words(unit['unit_code'])} " in f" {_words(row['file'])} "


def _words(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare(text)).split())
