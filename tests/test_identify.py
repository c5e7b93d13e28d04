"""Whose workbook it is, when it was received, and which one counts."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pipeline.collect import Item, collect
from pipeline.identify import identify
from pipeline.plan.model import Plan
from pipeline.read.submission import Content, read_submission
from pipeline.read.tables import RawTable, TableLayout
from pipeline.stamp import stamp
from schemas.records import Ledger
from schemas.template import STAMPED_KEYS, TABLES
from schemas.words import Evidence, Remark, Stamp, Verdict
from tests.support import fill

META = {"plan_code": "KH-2023", "period_code": "2023-Q1", "unit_code": "Q1", "template_version": "1"}
MADE = datetime(2022, 12, 15)
Pair = tuple[pd.DataFrame, pd.DataFrame]


def content(meta: Mapping[str, str] | None = META, modified: datetime | None = None, **info: Any) -> Content:
    """A workbook as read: its hidden identity, when it was saved (UTC), and the sheet ``Thông tin``."""
    table = RawTable("info", "Thông tin", rows=list(range(7, 7 + len(info))))
    table.values = {"key": list(info), "value": list(info.values())}
    return Content({"info": table}, dict(meta or {}), ["Thông tin"], MADE, modified or MADE)


@dataclass
class Inbox:
    plan: Plan
    entries: list[tuple[Item, Content]] = field(default_factory=list)

    def add(self, file: str, of: Content, sha: str = "", **mail: Any) -> "Inbox":
        """``sha`` stands for what the file holds: two of the same hold the same answers."""
        item = Item(file, Path(file), sha or f"sha of {file}", **mail)
        if "info" in of.tables and {"key", "value"} <= of.tables["info"].values.keys():
            table = deepcopy(of.tables["info"])
            table.rows.append(99)
            table.values["key"].append("contact")
            table.values["value"].append(item.sha256)
            of = replace(of, tables={"info": table})
        self.entries.append((item, of))
        return self

    def identify(self, period: str = "2023-Q1", order: tuple[int, ...] | None = None, **given: Any) -> Pair:
        chosen = [self.entries[n] for n in order] if order else self.entries
        contents = {number: of for number, (_, of) in enumerate(chosen)}
        return identify([item for item, _ in chosen], contents, self.plan, self.plan.period(period), **given)


@pytest.fixture
def inbox(other_plan: Plan) -> Inbox:
    return Inbox(other_plan)


def only(pair: Pair) -> pd.Series:
    ledger, _ = pair
    assert len(ledger) == 1
    return ledger.iloc[0]


class TestIdentity:
    def test_hidden_identity(self, inbox: Inbox) -> None:
        ledger, issues = inbox.add("bất kỳ.xlsx", content()).identify()
        row = only((ledger, issues))
        assert list(ledger.columns) == [*Ledger.to_schema().columns, "received_at", "code"]
        assert (row["verdict"], row["reason"]) == (Verdict.USED, "Bản nộp được tính.")
        assert (row["unit_code"], row["unit_name"], row["period_code"]) == ("Q1", "Quận Một", "2023-Q1")
        assert (row["template_version"], row["sha256"], row["code"]) == ("1", "sha of bất kỳ.xlsx", "")
        assert issues.empty

    @pytest.mark.parametrize(
        ("info", "unit"),
        [
            ({"unit_code": "STC"}, "STC"),
            ({"unit_code": " stc "}, "STC"),
            ({"unit_name": "Sở Tài chính"}, "STC"),
            ({"unit_name": "sở  tài CHÍNH"}, "STC"),
            ({"unit_name": "Sở Tài\u00a0chính"}, "STC"),
            ({"unit_name": "Sở TC"}, "STC"),
            ({"unit_name": "Tài chính"}, "STC"),
            ({"unit_name": "So Tai chinh"}, "STC"),
            ({"unit_name": "Quận 2"}, "Q2"),
        ],
    )
    def test_from_the_cover_by_code_name_or_alias(self, inbox: Inbox, info: dict[str, str], unit: str) -> None:
        row = only(inbox.add("a.xlsx", content(None, period_name="Quý I năm 2023", **info)).identify())
        assert (row["verdict"], row["unit_code"]) == (Verdict.USED, unit)
        assert pd.isna(row["template_version"])

    @pytest.mark.parametrize("said", ["Quý I năm 2023", "quý i  năm 2023", "2023-Q1"])
    def test_the_period_from_the_cover(self, inbox: Inbox, said: str) -> None:
        row = only(inbox.add("a.xlsx", content(None, period_name=said, unit_code="VP")).identify())
        assert (row["verdict"], row["period_code"]) == (Verdict.USED, "2023-Q1")

    def test_what_the_hidden_sheet_lacks_comes_from_the_cover(self, inbox: Inbox) -> None:
        given = content({"plan_code": "KH-2023", "period_code": "2023-Q1"}, unit_name="Văn phòng")
        row = only(inbox.add("a.xlsx", given).identify())
        assert (row["verdict"], row["unit_code"]) == (Verdict.USED, "VP")

    def test_the_hidden_identity_outranks_the_cover(self, inbox: Inbox) -> None:
        given = content(META, unit_code="Q2", period_name="Quý II năm 2023")
        row = only(inbox.add("a.xlsx", given).identify())
        assert (row["unit_code"], row["period_code"]) == ("Q1", "2023-Q1")

    @pytest.mark.parametrize("file", ["Q2.xlsx", "Quận Hai/Q2 2023-Q1.xlsx", "2023-Q2.xlsx"])
    def test_never_from_the_file_name(self, inbox: Inbox, file: str) -> None:
        row = only(inbox.add(file, content(None, period_name="Quý I năm 2023")).identify())
        assert (row["verdict"], row["code"]) == (Verdict.REJECTED, "TT06")
        assert pd.isna(row["unit_code"])
        assert only(Inbox(inbox.plan).add(file, content()).identify())["unit_code"] == "Q1"

    def test_a_name_that_two_units_have_names_neither(self, other_plan: Plan) -> None:
        units = other_plan.units.assign(aliases=["Tài chính", "Tài chính", None, None])
        plan = replace(other_plan, units=units)
        given = content(None, period_name="Quý I năm 2023", unit_name="Tài chính")
        assert only(Inbox(plan).add("a.xlsx", given).identify())["code"] == "TT06"

    @pytest.mark.parametrize("lost", ["key", "value"])
    def test_a_cover_that_lost_a_column_names_nothing(self, inbox: Inbox, lost: str) -> None:
        given = content(None, period_name="Quý I năm 2023", unit_name="Văn phòng")
        del given.tables["info"].values[lost]
        assert only(inbox.add("a.xlsx", given).identify())["code"] == "TT05"


REJECTIONS: list[tuple[str, Content, str, str]] = [
    (
        "TT01",
        Content(fault=("TT01", {"detail": "tệp rỗng, 0 byte"})),
        "Không mở được tệp: tệp rỗng, 0 byte.",
        "Lưu thành (Save As)",
    ),
    (
        "TT02",
        Content(fault=("TT02", {"detail": "tệp PDF"})),
        "Tệp không phải là bảng tính Excel: tệp PDF.",
        "Điền vào biểu mẫu Excel",
    ),
    (
        "TT03",
        Content(fault=("TT03", {"found": "Sheet1"})),
        "Tệp không có sheet nào của biểu mẫu; các sheet tìm thấy: Sheet1.",
        "Chép số liệu vào biểu mẫu đã nhận",
    ),
    (
        "TT04",
        content(META | {"plan_code": "KH-2022"}),
        "Biểu mẫu thuộc kế hoạch “KH-2022”, cần kế hoạch “KH-2023”.",
        "Dùng biểu mẫu của kế hoạch “KH-2023”",
    ),
    (
        "TT05",
        content(META | {"period_code": "2023-Q2"}),
        "Biểu mẫu thuộc kỳ “2023-Q2”, cần kỳ “2023-Q1”.",
        "Điền vào biểu mẫu của kỳ “2023-Q1”",
    ),
    (
        "TT05",
        content(None, period_name="Quý II năm 2023", unit_code="Q1"),
        "Biểu mẫu thuộc kỳ “2023-Q2”, cần kỳ “2023-Q1”.",
        "Điền vào biểu mẫu của kỳ “2023-Q1”",
    ),
    (
        "TT05",
        content(None, period_name="Quý I năm 2022", unit_code="Q1"),
        "Biểu mẫu thuộc kỳ “Quý I năm 2022”, cần kỳ “2023-Q1”.",
        "Điền vào biểu mẫu của kỳ “2023-Q1”",
    ),
    (
        "TT05",
        content(None, unit_code="Q1"),
        "Biểu mẫu thuộc kỳ “không ghi kỳ”, cần kỳ “2023-Q1”.",
        "Điền vào biểu mẫu của kỳ “2023-Q1”",
    ),
    (
        "TT06",
        content(META | {"unit_code": "Q9"}),
        "Không nhận ra đơn vị gửi: “Q9”.",
        "Dùng biểu mẫu mang mã của đơn vị",
    ),
    (
        "TT28",
        content(None, period_name="Quý I năm 2023", unit_code="Q1", unit_name="Quận Hai"),
        "Sheet “Thông tin” ghi “Quận Hai”, nhưng biểu mẫu được phát cho Quận Một.",
        "Chép số liệu vào đúng biểu mẫu của đơn vị báo cáo",
    ),
    (
        "TT28",
        content(META, unit_code="Q2"),
        "Sheet “Thông tin” ghi “Q2”, nhưng biểu mẫu được phát cho Quận Một.",
        "Chép số liệu vào đúng biểu mẫu của đơn vị báo cáo",
    ),
    (
        "TT06",
        content(None, period_name="Quý I năm 2023"),
        "Không nhận ra đơn vị gửi: tệp không ghi đơn vị.",
        "Dùng biểu mẫu mang mã của đơn vị",
    ),
]


class TestRejections:
    @pytest.mark.parametrize(("code", "given", "reason", "remedy"), REJECTIONS)
    def test_what_was_found_and_what_was_expected(
        self, inbox: Inbox, code: str, given: Content, reason: str, remedy: str
    ) -> None:
        ledger, issues = inbox.add("tep.xlsx", given).identify()
        row = only((ledger, issues))
        assert (row["verdict"], row["code"], row["reason"]) == (Verdict.REJECTED, code, reason)
        (issue,) = issues.to_dict("records")
        assert (issue["code"], issue["file"], issue["source"], issue["severity"]) == (code, "tep.xlsx", 0, "Lỗi")
        assert issue["message"].startswith(reason)
        assert remedy in issue["remedy"]

    def test_the_unit_of_a_rejected_file_stands_in_the_issue(self, inbox: Inbox) -> None:
        _, issues = inbox.add("a.xlsx", content(META | {"period_code": "2023-Q2"})).identify()
        assert list(issues["unit_name"]) == ["Quận Một"]

    def test_the_same_file_counts_in_its_own_period(self, inbox: Inbox) -> None:
        inbox.add("a.xlsx", content(META | {"period_code": "2023-Q2"}))
        assert only(inbox.identify("2023-Q2"))["verdict"] == Verdict.USED

    def test_a_rejected_file_supersedes_nothing(self, inbox: Inbox) -> None:
        inbox.add("a.xlsx", content(modified=datetime(2023, 3, 1)))
        inbox.add("b.xlsx", content(META | {"period_code": "2023-Q2"}, datetime(2023, 3, 9)))
        inbox.add("c.xlsx", Content(fault=("TT01", {"detail": "tệp rỗng, 0 byte"})))
        ledger, issues = inbox.identify()
        assert list(ledger["verdict"]) == [Verdict.USED, Verdict.REJECTED, Verdict.REJECTED]
        assert list(ledger["file"]) == ["a.xlsx", "b.xlsx", "c.xlsx"]
        assert sorted(issues["code"]) == ["TT01", "TT05"]

    def test_ignored_entries_keep_their_reason_and_raise_no_issue(self, other_plan: Plan) -> None:
        item = Item("~$a.xlsx", Path("~$a.xlsx"), ignored="Tệp khóa.")
        ledger, issues = identify([item], {}, other_plan, other_plan.period("2023-Q1"))
        assert (ledger.at[0, "verdict"], ledger.at[0, "reason"]) == (Verdict.IGNORED, "Tệp khóa.")
        assert pd.isna(ledger.at[0, "sha256"])
        assert issues.empty

    def test_an_empty_inbox(self, other_plan: Plan) -> None:
        ledger, issues = identify([], {}, other_plan, other_plan.period("2023-Q1"))
        assert ledger.empty
        assert issues.empty
        assert "received_at" in ledger


class TestReceived:
    def test_last_saved_in_local_time(self, inbox: Inbox) -> None:
        row = only(inbox.add("a.xlsx", content(modified=datetime(2023, 3, 19, 18, 30))).identify())
        assert row["received_at"] == datetime(2023, 3, 20, 1, 30)
        assert row["received_on"] == datetime(2023, 3, 20)
        assert row["evidence"] == Evidence.MODIFIED

    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("15/3/2023", datetime(2023, 3, 15)),
            ("2023-03-15", datetime(2023, 3, 15)),
            (datetime(2023, 3, 15, 8), datetime(2023, 3, 15)),
            (" 15-03-23 ", datetime(2023, 3, 15)),
        ],
    )
    def test_never_saved_since_it_was_made_proves_nothing(self, inbox: Inbox, typed: Any, expected: datetime) -> None:
        row = only(inbox.add("a.xlsx", content(report_date=typed)).identify())
        assert (row["received_at"], row["evidence"]) == (expected, Evidence.REPORT_DATE)

    def test_the_save_date_outranks_the_typed_one(self, inbox: Inbox) -> None:
        row = only(inbox.add("a.xlsx", content(modified=datetime(2023, 3, 19), report_date="1/1/2023")).identify())
        assert (row["received_on"], row["evidence"]) == (datetime(2023, 3, 19), Evidence.MODIFIED)

    @pytest.mark.parametrize("info", [{}, {"report_date": "hôm qua"}, {"report_date": "31/2/2023"}])
    def test_no_evidence_is_unknown(self, inbox: Inbox, info: dict[str, str]) -> None:
        row = only(inbox.add("a.xlsx", content(**info)).identify())
        assert pd.isna(row["received_at"])
        assert pd.isna(row["received_on"])
        assert (row["evidence"], row["verdict"]) == (Evidence.NONE, Verdict.USED)

    def test_a_file_without_properties(self, inbox: Inbox) -> None:
        given = content(report_date="15/3/2023")
        given.created = given.modified = None
        assert only(inbox.add("a.xlsx", given).identify())["evidence"] == Evidence.REPORT_DATE

    def test_modified_without_created_counts(self, inbox: Inbox) -> None:
        given = content(modified=datetime(2023, 3, 10))
        given.created = None
        assert only(inbox.add("a.xlsx", given).identify())["evidence"] == Evidence.MODIFIED

    @pytest.mark.parametrize("year", [1, 1601, 1899, 2010, 9999])
    def test_a_clock_that_was_never_set_proves_nothing(self, inbox: Inbox, year: int) -> None:
        row = only(inbox.add("a.xlsx", content(modified=datetime(year, 12, 31, 23))).identify())
        assert (row["verdict"], row["evidence"]) == (Verdict.USED, Evidence.NONE)
        mailed = content(modified=datetime(2023, 3, 10))
        row = only(Inbox(inbox.plan).add("a.xlsx", mailed, sent_at=datetime(year, 12, 31, 23)).identify())
        assert row["evidence"] == Evidence.MODIFIED


class TestWhichCounts:
    def test_the_latest_received_counts_and_the_earlier_are_superseded(self, inbox: Inbox) -> None:
        inbox.add("a.xlsx", content(modified=datetime(2023, 3, 12)))
        inbox.add("b.xlsx", content(modified=datetime(2023, 3, 10)))
        inbox.add("c.xlsx", content(modified=datetime(2023, 3, 11)))
        inbox.add("d.xlsx", content(META | {"unit_code": "Q2"}, datetime(2023, 3, 1)))
        ledger, issues = inbox.identify()
        assert list(ledger["verdict"]) == [Verdict.USED, Verdict.SUPERSEDED, Verdict.SUPERSEDED, Verdict.USED]
        assert list(ledger["reason"][1:3]) == ["Đã có bản nhận sau: a.xlsx."] * 2
        assert issues.empty

    def test_hours_of_one_day_are_told_apart(self, inbox: Inbox) -> None:
        inbox.add("a.xlsx", content(modified=datetime(2023, 3, 12, 9, 1)))
        inbox.add("b.xlsx", content(modified=datetime(2023, 3, 12, 9, 0)))
        ledger, issues = inbox.identify()
        assert list(ledger["verdict"]) == [Verdict.USED, Verdict.SUPERSEDED]
        assert issues.empty

    def test_a_save_date_and_a_report_date_are_compared(self, inbox: Inbox) -> None:
        inbox.add("a.xlsx", content(modified=datetime(2023, 3, 10)))
        inbox.add("b.xlsx", content(report_date="12/3/2023"))
        assert list(inbox.identify()[0]["verdict"]) == [Verdict.SUPERSEDED, Verdict.USED]

    def test_the_same_content_twice_is_no_dispute(self, inbox: Inbox) -> None:
        inbox.add("a.xlsx", content(modified=datetime(2023, 3, 10)), sha="same")
        inbox.add("b.xlsx", content(modified=datetime(2023, 3, 10)), sha="same")
        ledger, issues = inbox.identify()
        assert sorted(ledger["verdict"]) == sorted([Verdict.USED, Verdict.SUPERSEDED])
        used = ledger.loc[ledger["verdict"] == Verdict.USED, "file"].item()
        assert ledger.loc[ledger["verdict"] == Verdict.SUPERSEDED, "reason"].item() == f"Trùng nội dung với {used}."
        assert issues.empty

    @pytest.mark.parametrize(
        ("modified", "said"), [(datetime(2023, 3, 10, 2), "(10/03/2023 09:00)"), (None, "(không rõ)")]
    )
    def test_two_different_that_cannot_be_ordered(self, inbox: Inbox, modified: datetime | None, said: str) -> None:
        inbox.add("a.xlsx", content(modified=modified)).add("b.xlsx", content(modified=modified))
        ledger, issues = inbox.identify()
        assert sorted(ledger["verdict"]) == sorted([Verdict.USED, Verdict.SUPERSEDED])
        used = ledger.index[ledger["verdict"] == Verdict.USED][0]
        other = ledger[ledger["verdict"] == Verdict.SUPERSEDED].iloc[0]
        assert other["reason"].startswith(f"Không phân được trước sau với {ledger.at[used, 'file']}")
        (issue,) = issues.to_dict("records")
        assert (issue["code"], issue["unit_code"], issue["source"]) == ("TT07", "Q1", used)
        for part in ("có 2 bản nộp", said, "a.xlsx", "b.xlsx", f"đang dùng “{ledger.at[used, 'file']}”"):
            assert part in issue["message"]

    def test_a_tie_below_the_latest_is_no_dispute(self, inbox: Inbox) -> None:
        for file, day in (("a.xlsx", 10), ("b.xlsx", 10), ("c.xlsx", 11)):
            inbox.add(file, content(modified=datetime(2023, 3, day)))
        ledger, issues = inbox.identify()
        assert list(ledger["verdict"]) == [Verdict.SUPERSEDED, Verdict.SUPERSEDED, Verdict.USED]
        assert issues.empty

    def test_one_without_a_date_cannot_be_ordered_against_one_with(self, inbox: Inbox) -> None:
        """Nothing says that it came first: the officer decides, and the ledger does not claim otherwise."""
        inbox.add("dated.xlsx", content(modified=datetime(2023, 3, 10))).add("undated.xlsx", content())
        ledger, issues = inbox.identify()
        assert list(issues["code"]) == ["TT07"]
        assert not ledger["reason"].str.startswith("Đã có bản nhận sau").any()

    def test_the_order_of_files_does_not_matter(self, inbox: Inbox) -> None:
        inbox.add("a.xlsx", content(modified=datetime(2023, 3, 10)), sha="one")
        inbox.add("b.xlsx", content(modified=datetime(2023, 3, 12)), sha="two")
        inbox.add("c.xlsx", content(modified=datetime(2023, 3, 12)), sha="three")
        inbox.add("d.xlsx", content(modified=datetime(2023, 3, 12)), sha="two")
        outcomes = set()
        for order in permutations(range(4)):
            ledger, issues = inbox.identify(order=order)
            verdicts = ledger.sort_values("file")[["file", "verdict", "reason"]].to_numpy().tolist()
            outcomes.add((str(verdicts), tuple(issues["code"]), tuple(issues["message"])))
        assert len(outcomes) == 1
        assert outcomes.pop()[1] == ("TT07",)


class TestCopies:
    """The same figures sent again are one submission, received when they first came."""

    def test_sent_again_later_is_not_late(self, inbox: Inbox) -> None:
        inbox.add("a.xlsx", content(modified=datetime(2023, 3, 10)), sha="same")
        inbox.add("b.xlsx", content(modified=datetime(2023, 3, 25)), sha="same")
        ledger, issues = inbox.identify()
        assert list(ledger["verdict"]) == [Verdict.USED, Verdict.SUPERSEDED]
        assert issues.empty

    def test_sent_again_after_another_counts_from_then(self, inbox: Inbox) -> None:
        for file, day, sha in (("a.xlsx", 10, "one"), ("b.xlsx", 15, "two"), ("c.xlsx", 18, "one")):
            inbox.add(file, content(modified=datetime(2023, 3, day)), sha=sha)
        ledger, _ = inbox.identify()
        assert list(ledger["verdict"]) == [Verdict.SUPERSEDED, Verdict.SUPERSEDED, Verdict.USED]

    def test_a_mail_proves_better_than_a_save(self, inbox: Inbox) -> None:
        inbox.add("a.xlsx", content(modified=datetime(2023, 3, 10)), sha="same")
        inbox.add("thư.eml › a.xlsx", content(modified=datetime(2023, 3, 10)), "same", sent_at=datetime(2023, 3, 12))
        ledger, _ = inbox.identify()
        assert list(ledger["verdict"]) == [Verdict.SUPERSEDED, Verdict.USED]
        assert ledger.at[1, "evidence"] == Evidence.MAIL

    def test_the_same_figures_in_another_file(self, inbox: Inbox) -> None:
        inbox.add("a.xlsx", content(modified=datetime(2023, 3, 10)), sha="same").add("b.xls", content(), sha="same")
        inbox.entries[1] = (replace(inbox.entries[1][0], sha256="other bytes"), inbox.entries[1][1])
        ledger, issues = inbox.identify()
        assert ledger.at[1, "reason"] == "Trùng số liệu với a.xlsx."
        assert issues.empty


class TestChosen:
    """``use``: the officer decides."""

    def two(self, inbox: Inbox) -> Inbox:
        inbox.add("sub/a.xlsx", content(modified=datetime(2023, 3, 10)))
        return inbox.add("b.xlsx", content(modified=datetime(2023, 3, 12)))

    def test_an_earlier_one(self, inbox: Inbox) -> None:
        ledger, issues = self.two(inbox).identify(use=[("Q1", "sub/a.xlsx")])
        assert list(ledger["verdict"]) == [Verdict.USED, Verdict.SUPERSEDED]
        assert list(ledger["reason"]) == ["Bản nộp được tính, do cán bộ chọn.", "Cán bộ đã chọn sub/a.xlsx."]
        assert issues.empty

    def test_it_settles_a_dispute(self, inbox: Inbox) -> None:
        inbox.add("a.xlsx", content()).add("b.xlsx", content())
        assert list(inbox.identify()[1]["code"]) == ["TT07"]
        ledger, issues = inbox.identify(use=[("Q1", "b.xlsx")])
        assert list(ledger["verdict"]) == [Verdict.SUPERSEDED, Verdict.USED]
        assert issues.empty

    def test_a_name_that_is_no_submission_changes_nothing(self, inbox: Inbox) -> None:
        """The decision that names it is told so (QD07)."""
        ledger, issues = self.two(inbox).identify(use=[("Q1", "a.xlsx"), ("Q2", "sub/a.xlsx")])
        assert issues.empty
        assert list(ledger["verdict"]) == [Verdict.SUPERSEDED, Verdict.USED]


class TestStamp:
    KEY = bytes(range(32))

    def stamped(self, **meta: str) -> Content:
        given = META | meta
        return content(given | {"stamp": stamp(self.KEY, [META[name] for name in STAMPED_KEYS])})

    def test_right(self, inbox: Inbox) -> None:
        row = only(inbox.add("a.xlsx", self.stamped()).identify(key=self.KEY))
        assert (row["verdict"], row["stamp"]) == (Verdict.USED, Stamp.RIGHT)

    @pytest.mark.parametrize(
        ("given", "found", "said"),
        [
            ({"unit_code": "Q2"}, Stamp.WRONG, "mang dấu của đơn vị khác"),
            ({"template_version": "2"}, Stamp.WRONG, "mang dấu của đơn vị khác"),
            (None, Stamp.ABSENT, "không mang dấu"),
        ],
    )
    def test_wrong_or_missing_is_refused(
        self, inbox: Inbox, given: dict[str, str] | None, found: Stamp, said: str
    ) -> None:
        """A workbook issued for one unit cannot pass as another's."""
        of = content() if given is None else self.stamped(**given)
        row = only(inbox.add("a.xlsx", of).identify(key=self.KEY))
        assert (row["verdict"], row["stamp"], row["code"]) == (Verdict.REJECTED, found, "TT10")
        assert said in row["reason"]

    def test_a_wrong_period_is_said_before_the_stamp(self, inbox: Inbox) -> None:
        row = only(inbox.add("a.xlsx", content(META | {"period_code": "2023-Q2"})).identify(key=self.KEY))
        assert row["code"] == "TT05"

    def test_without_a_key_the_ledger_says_so(self, inbox: Inbox) -> None:
        row = only(inbox.add("a.xlsx", self.stamped()).identify())
        assert (row["verdict"], row["stamp"]) == (Verdict.USED, Stamp.UNCHECKED)


class TestMail:
    def test_sender_and_date(self, inbox: Inbox) -> None:
        """The unit STC has an address in the plan."""
        of = content(META | {"unit_code": "STC"}, datetime(2023, 3, 1))
        mail = {"sender": "stc@example.vn", "sent_at": datetime(2023, 3, 19, 18, 30), "inside": True}
        ledger, issues = inbox.add("thư.eml › a.xlsx", of, **mail).identify()
        row = ledger.iloc[0]
        assert (row["received_at"], row["evidence"]) == (datetime(2023, 3, 20, 1, 30), Evidence.MAIL)
        assert row["sender"] == "stc@example.vn"
        assert issues.empty

    @pytest.mark.parametrize(("unit", "codes"), [("STC", ["TT23"]), ("Q1", [])])
    def test_an_unknown_sender_is_a_warning(self, inbox: Inbox, unit: str, codes: list[str]) -> None:
        """Only where the plan names the unit's address."""
        of = content(META | {"unit_code": unit})
        ledger, issues = inbox.add("thư.eml › a.xlsx", of, sender="ai-do@example.com").identify()
        assert list(issues["code"]) == codes
        assert ledger.at[0, "verdict"] == Verdict.USED

    def test_what_carried_workbooks_and_what_came_with_them(self, inbox: Inbox) -> None:
        inbox.entries.append((Item("thư.eml", Path("thư.eml"), "x", opened=1), Content()))
        inbox.add("thư.eml › ảnh.png", Content(fault=("TT02", {"detail": "tệp ảnh"})), inside=True)
        contents = {1: inbox.entries[1][1]}
        items = [item for item, _ in inbox.entries]
        ledger, issues = identify(items, contents, inbox.plan, inbox.plan.period("2023-Q1"))
        assert list(ledger["verdict"]) == [Verdict.OPENED, Verdict.IGNORED]
        assert ledger.at[1, "reason"].startswith("Kèm theo. Tệp không phải là bảng tính")
        assert issues.empty

    def test_a_sender_is_known_by_its_whole_address(self, inbox: Inbox) -> None:
        known = next(iter(inbox.plan.addresses["STC"]))
        for sender, codes in ((known, []), (known[1:], ["TT23"]), (known.upper(), [])):
            mail = Inbox(inbox.plan).add("a.xlsx", content(META | {"unit_code": "STC"}), sender=sender)
            assert list(mail.identify()[1]["code"]) == codes


class TestRemarks:
    @pytest.mark.parametrize(
        ("remark", "codes"),
        [(Remark.MACRO, ["TT24"]), (Remark.LINKS, ["TT25"]), (Remark.STRICT, []), (Remark.HIDDEN, [])],
    )
    def test_each_is_told(self, inbox: Inbox, remark: Remark, codes: list[str]) -> None:
        ledger, issues = inbox.add("a.xlsx", replace(content(), remarks=(remark,))).identify()
        assert ledger.at[0, "remarks"] == remark
        assert list(issues["code"]) == codes

    def test_another_period_on_the_cover_is_asked_about(self, inbox: Inbox) -> None:
        ledger, issues = inbox.add("a.xlsx", content(period_name="Quý II năm 2023")).identify()
        assert (ledger["verdict"].iloc[0], list(issues["code"])) == (Verdict.USED, ["TT29"])
        assert "ghi kỳ “Quý II năm 2023”, biểu mẫu là của Quý I năm 2023" in issues["message"].iloc[0]


class TestRealWorkbooks:
    def test_saved_templates(self, other_templates: Path, other_plan: Plan, tmp_path: Path) -> None:
        """Identity survives a new file name; a blank template that was never saved has no date."""
        inbox = tmp_path / "2023-Q1"
        fill(other_templates / "Q1.xlsx", inbox / "VP.xlsx", {("tasks", "A", "state"): "Hoàn thành"})
        (inbox / "moi.xlsx").write_bytes((other_templates / "Q2.xlsx").read_bytes())
        no_meta = openpyxl.load_workbook(other_templates / "STC.xlsx")
        del no_meta["_meta"]
        no_meta.save(inbox / "x.xlsx")
        layouts = [TableLayout.of(table) for table in TABLES]
        items = collect(inbox)
        contents = {number: read_submission(item.path, layouts) for number, item in enumerate(items)}
        ledger, issues = identify(items, contents, other_plan, other_plan.period("2023-Q1"))
        rows = ledger.set_index("file")
        assert issues.empty
        assert dict(rows["unit_code"]) == {"VP.xlsx": "Q1", "moi.xlsx": "Q2", "x.xlsx": "STC"}
        assert rows.at["VP.xlsx", "received_at"] == datetime(2023, 3, 10, 9)
        assert rows.at["moi.xlsx", "evidence"] == Evidence.NONE
        assert rows.at["x.xlsx", "evidence"] == Evidence.MODIFIED
