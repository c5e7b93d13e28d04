"""Which of a unit's submissions counts: the latest received, or the one that the officer has chosen."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

import pandas as pd

from pipeline.issues import file_issue
from pipeline.text import closest, fold
from schemas.words import Evidence, Verdict

Row = dict[str, Any]
_PARTS = ("/", " › ")


def choose(rows: Sequence[Row], use: Collection[str] = ()) -> list[pd.DataFrame]:
    """Mark the superseded among the rows that could count (``verdict``, ``reason``); returns the issues.

    ``rows``: the ledger's, with ``received_at``. ``use``: files as the ledger names them, or their last part.
    Issues: TT07 submissions that cannot be ordered, TT28 a chosen file that is no valid submission.
    """
    by_unit: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        if row["verdict"] == Verdict.USED:
            by_unit.setdefault(row["unit_code"], []).append(number)
    chosen, issues = _chosen(rows, by_unit, use)
    for numbers in by_unit.values():
        if len(numbers) > 1:
            issues += _order(rows, numbers, chosen)
    return issues


def _chosen(
    rows: Sequence[Row], by_unit: dict[str, list[int]], use: Collection[str]
) -> tuple[set[int], list[pd.DataFrame]]:
    files = {rows[number]["file"]: number for numbers in by_unit.values() for number in numbers}
    chosen, issues = set(), []
    for name in use:
        # A name that came from another system may be composed otherwise than the officer's keyboard composes it.
        found = [files[name]] if name in files else []
        found = found or [
            number for file, number in files.items() if fold(name) in (fold(file), fold(_last_part(file)))
        ]
        if len(found) == 1:
            chosen.add(found[0])
            continue
        near = closest(name, list(files))
        suggestion = f" (ý bạn là “{near}”?)" if near else ""
        if len(found) > 1:
            suggestion = f" vì có {len(found)} tệp cùng tên; ghi cả đường dẫn"
        issues.append(file_issue("TT28", {"file": name}, file=name, suggestion=suggestion))
    return chosen, issues


def _last_part(file: str) -> str:
    for mark in _PARTS:
        file = file.rpartition(mark)[2]
    return file


def _order(rows: Sequence[Row], numbers: Sequence[int], chosen: Collection[int]) -> list[pd.DataFrame]:
    """The verdicts of one unit's submissions."""

    def lateness(number: int) -> tuple[bool, datetime, str]:
        return number in chosen, rows[number]["received_at"] or datetime.min, rows[number]["file"]

    ordered = sorted(numbers, key=lateness, reverse=True)
    latest = rows[ordered[0]]
    # The same content sent again counts as received when it first came; a mail proves that best.
    copies = list(takewhile(lambda number: rows[number]["sha256"] == latest["sha256"], ordered))
    used = min(copies, key=lambda number: _firmness(rows[number]))
    by_choice = ordered[0] in chosen
    tied = [used]
    for number in ordered:
        row = rows[number]
        if number == used:
            row["reason"] = "Bản nộp được tính, do cán bộ chọn." if by_choice else row["reason"]
            continue
        row["verdict"] = Verdict.SUPERSEDED
        if row["sha256"] == latest["sha256"]:
            row["reason"] = f"Trùng nội dung với {rows[used]['file']}."
        elif by_choice:
            row["reason"] = f"Cán bộ đã chọn {rows[used]['file']}."
        elif row["received_at"] is None or row["received_at"] == latest["received_at"]:
            row["reason"] = f"Không phân được trước sau với {rows[used]['file']}; cán bộ cần quyết định."
            tied.append(number)
        else:
            row["reason"] = f"Đã có bản nhận sau: {rows[used]['file']}."
    if len(tied) == 1:
        return []
    when = latest["received_at"]
    params = {
        "count": len(tied),
        "date": f"{when:%d/%m/%Y %H:%M}" if when else "không rõ",
        "files": ", ".join(rows[number]["file"] for number in tied),
        "used": rows[used]["file"],
    }
    return [file_issue("TT07", rows[used], used, **params)]


def _firmness(row: Row) -> tuple[bool, datetime, str]:
    return row["evidence"] != Evidence.MAIL, row["received_at"] or datetime.max, row["file"]
