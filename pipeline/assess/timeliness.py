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
_DAY = ("received_on", "evidence")


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
    received = _by_unit(ledger)
    rejected = ledger["unit_code"].isna() & (ledger["verdict"] == Verdict.REJECTED)
    hints = _Hints(records(ledger.loc[rejected, ["file", "reason", "sender"]]), plan)
    rows = []
    for unit in records(plan.units[["unit_code", "unit_name", "unit_group"]]):
        code = unit["unit_code"]
        mine = received.get(code, [])
        day, because = due.get(code, (period.due_on, ""))
        row = _judge(mine, hints, unit, day)
        row |= {
            "unit_code": code,
            "unit_name": unit["unit_name"],
            "unit_group": unit["unit_group"],
            "due_on": pd.Timestamp(day),
            "decision": f"Gia hạn đến {day:%d/%m/%Y}; {because}" if because else None,
            "versions": sum(one["verdict"] in (Verdict.USED, Verdict.SUPERSEDED) for one in mine),
        }
        rows.append(row)
    frame = with_counts(pd.DataFrame(rows), issues)
    return conform(UnitTimeliness, frame).assign(days_late=frame["days_late"])


def with_counts(timeliness: pd.DataFrame, issues: pd.DataFrame) -> pd.DataFrame:
    """With the errors and warnings of these issues."""
    told = {
        name: timeliness["unit_code"].map(count_by_severity(issues, severity)).fillna(0).astype("int64")
        for name, severity in (("errors", Severity.ERROR), ("warnings", Severity.WARNING))
    }
    return timeliness.assign(**told)


def _by_unit(ledger: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    known = ledger.loc[ledger["unit_code"].notna(), ["unit_code", "verdict", "code", "file", "reason", *_DAY]]
    for row in records(known):
        found.setdefault(row["unit_code"], []).append(row)
    return found


def is_late(timeliness: pd.Series) -> "pd.Series[bool]":
    return timeliness.str.startswith(Timeliness.LATE.split("{")[0])


def _judge(
    received: Sequence[Mapping[str, Any]], hints: "_Hints", unit: Mapping[str, Any], due_on: date
) -> dict[str, Any]:
    used = next((row for row in received if row["verdict"] == Verdict.USED), None)
    if used is not None:
        return _received(used, received, due_on)
    for row in received:
        if row["code"] in _WRONG:
            return _row(Timeliness.WRONG_PERIOD, f"{row['file']}: {row['reason']}", row["file"])
    for row in received:
        if row["verdict"] == Verdict.REJECTED:
            return _row(Timeliness.UNREADABLE, f"{row['file']}: {row['reason']}", row["file"])
    for hint, told in (("Theo địa chỉ gửi thư", hints.sent_by(unit)), ("Theo tên tệp", hints.named_after(unit))):
        if told is not None:
            return _row(Timeliness.UNREADABLE, f"{hint}; {told['file']}: {told['reason']}", told["file"])
    return _row(Timeliness.MISSING, f"Không có bản nộp nào của đơn vị; hạn {due_on:%d/%m/%Y}.")


def _received(used: Mapping[str, Any], received: Sequence[Mapping[str, Any]], due_on: date) -> dict[str, Any]:
    """The first usable submission says whether the unit was in time: a correction that was asked for comes later."""
    usable = [used, *(row for row in received if row["verdict"] == Verdict.SUPERSEDED)]
    dated = [row for row in usable if pd.notna(row["received_on"])]
    if not dated:
        return _row(Timeliness.UNKNOWN_DATE, "Tệp không ghi ngày lưu và không ghi ngày báo cáo.", used["file"])
    first = min(dated, key=lambda row: row["received_on"])
    day = first["received_on"].date()
    days = (day - due_on).days
    basis = f"Nhận ngày {day:%d/%m/%Y} ({first['evidence'].lower()}), hạn {due_on:%d/%m/%Y}."
    if used["received_on"] > first["received_on"]:
        basis += f" Bản được dùng nhận sau, ngày {used['received_on']:%d/%m/%Y}."
    row = _row(Timeliness.ON_TIME if days <= 0 else Timeliness.LATE.format(days=days), basis, used["file"])
    return row | {"received_on": first["received_on"], "days_late": max(days, 0)}


def _row(timeliness: str, basis: str, file: str | None = None) -> dict[str, Any]:
    return {"timeliness": str(timeliness), "basis": basis, "file": file, "received_on": None, "days_late": 0}


class _Hints:
    """Whose the files may be that no unit could be told for: a hint for the eye, never an identity."""

    def __init__(self, nameless: Sequence[Mapping[str, Any]], plan: Plan) -> None:
        """``nameless``: file, reason and sender of each, in the ledger's order: the first one counts."""
        self._addresses = plan.addresses
        self._senders: dict[str, Mapping[str, Any]] = {}
        self._names: dict[str, Mapping[str, Any]] = {}
        longest = max((len(_words(code)) for code in plan.units["unit_code"]), default=0) if nameless else 0
        for row in nameless:
            if isinstance(row["sender"], str):
                self._senders.setdefault(row["sender"], row)
            words = _words(row["file"])
            for first in range(len(words)):
                for last in range(first + 1, min(first + longest, len(words)) + 1):
                    self._names.setdefault(" ".join(words[first:last]), row)

    def sent_by(self, unit: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The first one that came by mail from an address of the unit in the plan."""
        known = self._addresses.get(unit["unit_code"], frozenset())
        return next((row for sender, row in self._senders.items() if sender.casefold() in known), None)

    def named_after(self, unit: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The first one whose file name holds the unit's code as words."""
        return self._names.get(" ".join(_words(unit["unit_code"]))) if self._names else None


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in bare(text)).split()
