"""Which of a unit's submissions counts: the latest received, or the one that the officer has chosen."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from pipeline.issues import IssueRow, file_issue
from pipeline.text import fold
from schemas.words import Evidence, Verdict

Row = dict[str, Any]


def choose(rows: Sequence[Row], answers: Callable[[int], Any], use: Collection[tuple[str, str]] = ()) -> list[IssueRow]:
    """Mark the superseded among the rows that could count (``verdict``, ``reason``); returns the issues.

    ``rows``: the ledger's, with ``received_at``. ``answers``: what the unit entered in the submission of that number;
    asked only where a unit sent several. ``use``: (unit, file) of those that the officer has chosen, as the ledger
    names them.
    Issues: TT07 submissions that cannot be ordered.
    """
    by_unit: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        if row["verdict"] == Verdict.USED:
            by_unit.setdefault(row["unit_code"], []).append(number)
    several = [numbers for numbers in by_unit.values() if len(numbers) > 1]
    # A name that came from another system may be composed otherwise than the officer's keyboard composes it.
    wanted = {(unit, fold(name)) for unit, name in use}
    chosen = {
        number
        for unit, numbers in by_unit.items()
        for number in numbers
        if (unit, fold(rows[number]["file"])) in wanted
    }
    return [
        issue for numbers in several for issue in _order(rows, {number: answers(number) for number in numbers}, chosen)
    ]


def _order(rows: Sequence[Row], answers: Mapping[int, Any], chosen: Collection[int]) -> list[IssueRow]:
    """The verdicts of one unit's submissions, given by number with what each says."""

    def lateness(number: int) -> tuple[bool, datetime, str]:
        return number in chosen, rows[number]["received_at"] or datetime.min, rows[number]["file"]

    ordered = sorted(answers, key=lateness, reverse=True)
    latest = rows[ordered[0]]
    # The same figures sent again count as received when they first came; a mail proves that best.
    copies = list(takewhile(lambda number: answers[number] == answers[ordered[0]], ordered))
    by_choice = ordered[0] in chosen
    used = ordered[0] if by_choice else min(copies, key=lambda number: _firmness(rows[number]))
    tied = [used]
    for number in ordered:
        row = rows[number]
        if number == used:
            row["reason"] = "Bản nộp được tính, do cán bộ chọn." if by_choice else row["reason"]
            continue
        row["verdict"] = Verdict.SUPERSEDED
        if answers[number] == answers[ordered[0]]:
            what = "nội dung" if row["sha256"] == rows[used]["sha256"] else "số liệu"
            row["reason"] = f"Trùng {what} với {rows[used]['file']}."
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
