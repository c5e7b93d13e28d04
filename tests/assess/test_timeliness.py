"""Each unit's submission against the due date."""

from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from pipeline.assess.timeliness import is_late, unit_timeliness
from pipeline.issues import empty_issues
from pipeline.plan.model import Plan
from schemas.columns import conform, records
from schemas.records import Issue, Ledger, UnitTimeliness
from schemas.words import Evidence, Severity, Timeliness, Verdict
from tests.support import small_plan

USED, SUPERSEDED, REJECTED = Verdict.USED, Verdict.SUPERSEDED, Verdict.REJECTED
DUE, DAY_AFTER = datetime(2023, 3, 20), datetime(2023, 3, 21)
MODIFIED = Evidence.MODIFIED

Entry = dict[str, Any]


def entry(file: str, verdict: Verdict, unit: str | None = None, code: str = "", **more: Any) -> Entry:
    return {"file": file, "verdict": verdict, "unit_code": unit, "code": code} | more


def used(unit: str, received_on: datetime | None = DUE, evidence: Evidence = MODIFIED) -> Entry:
    return entry(f"{unit}.xlsx", USED, unit, received_on=received_on, evidence=evidence)


def replaced(received_on: datetime | None) -> Entry:
    return entry("STC (1).xlsx", SUPERSEDED, "STC", received_on=received_on, evidence=Evidence.MAIL)


def refused(file: str, code: str, unit: str | None = None) -> Entry:
    return entry(file, REJECTED, unit, code, reason=f"Lý do {code}.")


def ledger_of(entries: list[Entry]) -> pd.DataFrame:
    return conform(Ledger, entries).assign(code=pd.Series([row["code"] for row in entries], dtype="str"))


def rows_of(plan: Plan, *entries: Entry, issues: pd.DataFrame | None = None) -> dict[str, dict[str, Any]]:
    found = empty_issues() if issues is None else issues
    frame = unit_timeliness(ledger_of(list(entries)), found, plan, plan.period("2023-Q1"))
    UnitTimeliness.validate(frame)
    assert all(str(basis).strip() for basis in frame["basis"])
    return {row["unit_code"]: row for row in records(frame)}


ON_TIME, MISSING, UNREADABLE = Timeliness.ON_TIME, Timeliness.MISSING, Timeliness.UNREADABLE
WRONG, UNKNOWN = Timeliness.WRONG_PERIOD, Timeliness.UNKNOWN_DATE


@pytest.mark.parametrize(
    ("entries", "timeliness", "days_late", "texts"),
    [
        ([used("STC", datetime(2023, 3, 1))], ON_TIME, 0, ["01/03/2023", "20/03/2023", "ngày lưu ghi trong tệp"]),
        ([used("STC", DUE)], ON_TIME, 0, ["Nhận ngày 20/03/2023", "hạn 20/03/2023"]),
        ([used("STC", DAY_AFTER)], "Trễ 1 ngày", 1, ["Nhận ngày 21/03/2023", "hạn 20/03/2023"]),
        ([used("STC", datetime(2023, 4, 3), Evidence.REPORT_DATE)], "Trễ 14 ngày", 14, ["ngày báo cáo ghi trong tệp"]),
        ([used("STC", None, Evidence.NONE)], UNKNOWN, 0, ["không ghi ngày"]),
        # a correction that was asked for comes later: the first usable submission counts for the time
        (
            [replaced(DUE), used("STC", datetime(2023, 3, 24))],
            ON_TIME,
            0,
            ["Nhận ngày 20/03/2023 (ngày gửi thư)", "Bản được dùng nhận sau, ngày 24/03/2023."],
        ),
        (
            [used("STC", datetime(2023, 3, 24)), replaced(datetime(2023, 3, 22))],
            "Trễ 2 ngày",
            2,
            ["22/03/2023", "24/03/2023"],
        ),
        ([replaced(DAY_AFTER), used("STC")], ON_TIME, 0, ["Nhận ngày 20/03/2023 (ngày lưu ghi trong tệp)"]),
        ([replaced(None), used("STC", DAY_AFTER)], "Trễ 1 ngày", 1, []),
        ([replaced(DUE), used("STC", None, Evidence.NONE)], ON_TIME, 0, ["Nhận ngày 20/03/2023 (ngày gửi thư)"]),
        ([refused("STC.xlsx", "TT10", "STC"), used("STC", DAY_AFTER)], "Trễ 1 ngày", 1, []),
        ([], MISSING, 0, ["20/03/2023"]),
        ([refused("x.xlsx", "TT10", "STC")], UNREADABLE, 0, ["x.xlsx: Lý do TT10."]),
        (
            [entry("a.eml", REJECTED, None, "TT14", reason="Lý do TT14.", sender="stc@example.vn")],
            UNREADABLE,
            0,
            ["Theo địa chỉ gửi thư; a.eml: Lý do TT14."],
        ),
        ([entry("a.eml", REJECTED, None, "TT14", reason="Lý do TT14.", sender="khac@example.vn")], MISSING, 0, []),
        ([used("VP")], MISSING, 0, ["Không có bản nộp nào"]),
        # another period or another plan
        ([refused("stc.xlsx", "TT05", "STC")], WRONG, 0, ["stc.xlsx", "Lý do TT05."]),
        ([refused("stc.xlsx", "TT04", "STC")], WRONG, 0, ["stc.xlsx", "Lý do TT04."]),
        ([refused("cũ.xlsx", "TT05", "STC"), used("STC", DAY_AFTER)], "Trễ 1 ngày", 1, []),
        ([refused("STC.xlsx", "TT01"), refused("cũ.xlsx", "TT05", "STC")], WRONG, 0, []),
        # no unit can be read from the file: its name is a hint only
        ([refused("STC.xlsx", "TT01")], UNREADABLE, 0, ["Theo tên tệp", "STC.xlsx", "Lý do TT01."]),
        ([refused("bao cao_stc (lần 2).xls", "TT01")], UNREADABLE, 0, ["bao cao_stc (lần 2).xls"]),
        ([refused("thư/STC/bao-cao.xlsx", "TT02")], UNREADABLE, 0, ["thư/STC/bao-cao.xlsx"]),
        ([refused("STC.xlsx", "TT01"), used("STC")], ON_TIME, 0, []),
        ([refused("STCX.xlsx", "TT01")], MISSING, 0, []),
        ([refused("baocao.xlsx", "TT01")], MISSING, 0, []),
        ([entry("~$STC.xlsx", Verdict.IGNORED)], MISSING, 0, []),
    ],
)
def test_timeliness(other_plan: Plan, entries: list[Entry], timeliness: str, days_late: int, texts: list[str]) -> None:
    row = rows_of(other_plan, *entries)["STC"]
    assert (row["timeliness"], row["days_late"]) == (timeliness, days_late)
    assert [text for text in texts if text not in row["basis"]] == []


@pytest.mark.parametrize(
    ("unit_code", "file"),
    [("SO-TC", "SO-TC.xlsx"), ("SO.TC", "SO.TC (sửa).xlsx"), ("SO_TC", "nộp/SO_TC.xlsx"), ("STC", "stc.xlsx")],
)
def test_a_code_with_a_mark_in_it_is_found_in_a_file_name(unit_code: str, file: str) -> None:
    """The templates are sent out as ``<unit code>.xlsx``, and a code may hold a dot, a dash or an underscore."""
    units = [
        {"unit_code": code, "unit_name": f"Đơn vị {code}", "short_name": code, "unit_group": "SO"}
        for code in ("VP", unit_code)
    ]
    rows = rows_of(small_plan(units=units), refused(file, "TT01"))
    assert {code: row["timeliness"] for code, row in rows.items()} == {"VP": MISSING, unit_code: UNREADABLE}


def test_every_unit_has_a_row_in_the_plan_s_order(other_plan: Plan) -> None:
    rows = rows_of(other_plan, used("Q2"), used("VP", DAY_AFTER))
    assert list(rows) == ["VP", "STC", "Q1", "Q2"]
    assert [row["timeliness"] for row in rows.values()] == ["Trễ 1 ngày", MISSING, MISSING, ON_TIME]
    assert {row["due_on"] for row in rows.values()} == {pd.Timestamp(DUE)}
    assert [row["unit_name"] for row in rows.values()] == list(other_plan.units["unit_name"])


def test_the_file_and_date_of_the_counted_submission_stand_in_the_row(other_plan: Plan) -> None:
    rows = rows_of(other_plan, used("VP", DAY_AFTER), refused("Q1.xlsx", "TT01"))
    assert (rows["VP"]["file"], rows["VP"]["received_on"]) == ("VP.xlsx", pd.Timestamp(DAY_AFTER))
    assert (rows["Q1"]["file"], pd.isna(rows["Q1"]["received_on"])) == ("Q1.xlsx", True)
    assert (pd.isna(rows["STC"]["file"]), pd.isna(rows["STC"]["received_on"])) == (True, True)


def test_versions_are_the_counted_and_the_superseded(other_plan: Plan) -> None:
    entries = [
        used("STC"),
        entry("STC (1).xlsx", SUPERSEDED, "STC"),
        entry("STC (2).xlsx", SUPERSEDED, "STC"),
        refused("STC (3).xlsx", "TT05", "STC"),
        used("VP"),
    ]
    rows = rows_of(other_plan, *entries)
    assert {code: row["versions"] for code, row in rows.items()} == {"STC": 3, "VP": 1, "Q1": 0, "Q2": 0}


def test_errors_and_warnings_are_counted_by_unit(other_plan: Plan) -> None:
    given = [("STC", Severity.ERROR, 3), ("STC", Severity.WARNING, 1), ("Q1", Severity.WARNING, 2)]
    rows = [{"unit_code": unit, "severity": severity} for unit, severity, count in given for _ in range(count)]
    issues = conform(Issue, [*rows, {"unit_code": None, "severity": Severity.ERROR}])
    found = rows_of(other_plan, used("STC"), issues=issues)
    counts = {code: (row["errors"], row["warnings"]) for code, row in found.items()}
    assert counts == {"VP": (0, 0), "STC": (3, 1), "Q1": (0, 2), "Q2": (0, 0)}


def test_an_empty_inbox(other_plan: Plan) -> None:
    assert [row["timeliness"] for row in rows_of(other_plan).values()] == [MISSING] * 4


def test_is_late() -> None:
    words = pd.Series([ON_TIME, "Trễ 1 ngày", "Trễ 30 ngày", MISSING, UNKNOWN, WRONG, UNREADABLE], dtype="str")
    assert is_late(words).tolist() == [False, True, True, False, False, False, False]
