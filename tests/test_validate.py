"""Real workbooks, filled as a unit's Excel would fill them: which code, in which cell, and what still counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any, ClassVar

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from pipeline.issues import (
    IssueRow,
    count_by_severity,
    display,
    empty_issues,
    file_issue,
    join_issues,
    where,
)
from pipeline.plan.model import Plan
from pipeline.read.sheets import Fault
from pipeline.read.submission import read_submission
from pipeline.read.tables import TableLayout
from pipeline.validate import Valid, validate
from schemas.messages import MESSAGES
from schemas.records import Issue
from schemas.template import BY_NAME, TABLES
from schemas.words import DifficultyState, Severity, State
from tests.support import fill

LAYOUTS = [TableLayout.of(table) for table in TABLES]
Cells = Mapping[tuple[str, str, str], Any]
Change = Callable[[Workbook], None]
STATE, DAY, RESULT, PRODUCT = "state", "completed_on", "result", "product"

GOOD: Cells = {
    ("tasks", "A", STATE): State.UNDERWAY.value,
    ("tasks", "A", RESULT): "Đã quét 5 hồ sơ",
    ("tasks", "B", STATE): State.DONE.value,
    ("tasks", "B", DAY): date(2023, 3, 1),
    ("tasks", "B", RESULT): "Đã họp",
    ("tasks", "C", STATE): State.NOT_STARTED.value,
    ("indicators", "A.1", "numerator"): 90,
    ("indicators", "A.1", "denominator"): 100,
    ("indicators", "B.1", "numerator"): 5,
    ("indicators", "B.1", "denominator"): 10,
    ("indicators", "C.1", "numerator"): "Có",
    ("answer", "", "has_difficulty"): "Không",
}
"""A faultless report of the unit VP: tasks A, B, C; indicators A.1, B.1 (ratios) and C.1 (có/không)."""

TASK, FIGURE, TROUBLE = "Nhiệm vụ", "Chỉ tiêu", "Khó khăn"


@dataclass
class Submit:
    """Fills a template, has it read and validated."""

    plan: Plan
    templates: Path
    folder: Path

    def file(self, cells: Cells, *changes: Change, unit: str = "VP", good: Cells = GOOD) -> Path:
        path = fill(self.templates / f"{unit}.xlsx", self.folder / f"{unit}.xlsx", {**good, **cells})
        if changes:
            book = openpyxl.load_workbook(path)
            for change in changes:
                change(book)
            book.save(path)
        return path

    def __call__(
        self, cells: Cells, *changes: Change, unit: str = "VP", good: Cells = GOOD
    ) -> tuple[Valid, pd.DataFrame]:
        content = read_submission(self.file(cells, *changes, unit=unit, good=good), LAYOUTS)
        assert content.fault is None
        return validate({0: content}, {0: self.source(unit)}, self.plan)

    def source(self, unit: str = "VP") -> dict[str, str]:
        return {"file": f"{unit}.xlsx", "unit_code": unit, "unit_name": self.plan.unit_names[unit]}

    def many(self, cases: Sequence[tuple[Cells, Sequence[Change]]]) -> list[tuple[Valid, pd.DataFrame]]:
        """Each case a workbook of its own, all judged in one pass as a run does; what became of each."""
        read = [read_submission(self.file(cells, *changes), LAYOUTS) for cells, changes in cases]
        contents = dict(enumerate(read))
        valid, issues = validate(contents, dict.fromkeys(contents, self.source()), self.plan)
        parts = []
        for number in contents:
            frames = {name: frame[frame["source"] == number] for name, frame in valid.frames.items()}
            parts.append((Valid(frames, valid.entries), issues[issues["source"] == number]))
        return parts


@pytest.fixture
def submit(other_plan: Plan, other_templates: Path, tmp_path: Path) -> Submit:
    return Submit(other_plan, other_templates, tmp_path)


@pytest.fixture(scope="module")
def submit_once(other_plan: Plan, other_templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Submit:
    return Submit(other_plan, other_templates, tmp_path_factory.mktemp("sent"))


def found(issues: pd.DataFrame) -> list[tuple[str, str, str]]:
    """(code, sheet, cell), blank where it has none."""
    return [tuple(row) for row in issues[["code", "sheet", "cell"]].fillna("").itertuples(index=False)]


def cell_of(valid: Valid, table: str, key: str, field: str) -> Any:
    """The typed value that counts; None where missing."""
    frame = valid.frames[table]
    value = frame.loc[frame[BY_NAME[table].key[0]] == key, field].item()
    return None if pd.isna(value) else value


def put(sheet: str, address: str, value: Any) -> Change:
    def change(book: Workbook) -> None:
        book[sheet][address].value = value

    return change


def test_a_faultless_report_has_no_issue_and_every_value_counts(submit: Submit) -> None:
    valid, issues = submit({})
    assert found(issues) == []
    tasks, figures = valid.frames["tasks"], valid.frames["indicators"]
    assert list(tasks["task_code"]) == ["A", "B", "C"]
    assert list(tasks["state"]) == ["Đang thực hiện", "Hoàn thành", "Chưa triển khai"]
    assert cell_of(valid, "tasks", "B", DAY) == pd.Timestamp(2023, 3, 1)
    assert figures[["numerator", "denominator"]].fillna(-1).to_numpy().tolist() == [[90, 100], [5, 10], [1, -1]]
    assert list(figures["row"]) == [6, 7, 8]
    assert set(figures["unit_code"]) == {"VP"}
    assert set(figures["source"]) == {0}
    assert list(valid.frames["answer"]["has_difficulty"]) == ["Không"]
    assert valid.frames["difficulties"].empty


def test_an_untouched_template_lacks_every_required_cell(submit: Submit) -> None:
    _, issues = submit({}, good={})
    assert found(issues) == [
        *[("BB01", FIGURE, f"G{row}") for row in (6, 7, 8)],
        ("BB01", TROUBLE, "D6"),
        *[("BB01", TASK, f"E{row}") for row in (6, 7, 8)],
    ]
    assert set(issues["typed"].fillna("")) == {""}


NUMERATOR, DENOMINATOR = ("indicators", "A.1", "numerator"), ("indicators", "A.1", "denominator")
MILESTONE, ANSWER = ("indicators", "C.1", "numerator"), ("answer", "", "has_difficulty")


def trouble(field: str, row: int = 0) -> tuple[str, str, str]:
    return "difficulties", str(row), field


NEW: Cells = {
    ANSWER: "Có",
    trouble("task_code"): "A",
    trouble("description"): "Mạng chậm",
}
"""One difficulty, answered Có."""

ONE_CELL: list[tuple[Cells, str, str, str, str]] = [
    # cells typed → code, sheet, cell, the typed value as the issue shows it
    ({NUMERATOR: "chín mươi"}, "SO01", FIGURE, "G6", "chín mươi"),
    ({NUMERATOR: "90 hồ sơ"}, "SO01", FIGURE, "G6", "90 hồ sơ"),
    ({NUMERATOR: True}, "SO01", FIGURE, "G6", "TRUE"),
    ({NUMERATOR: datetime(2023, 3, 9)}, "SO01", FIGURE, "G6", "09/03/2023"),
    ({NUMERATOR: "9", DENOMINATOR: "x"}, "SO01", FIGURE, "H6", "x"),
    ({NUMERATOR: "85%"}, "SO02", FIGURE, "G6", "85%"),
    ({NUMERATOR: "85 %"}, "SO02", FIGURE, "G6", "85 %"),
    ({DENOMINATOR: "1.234"}, "SO03", FIGURE, "H6", "1.234"),
    ({DENOMINATOR: "1,234", NUMERATOR: 1}, "SO03", FIGURE, "H6", "1,234"),
    ({NUMERATOR: -5}, "SO04", FIGURE, "G6", "-5"),
    ({DENOMINATOR: "-100"}, "SO04", FIGURE, "H6", "-100"),
    ({DENOMINATOR: 2e15}, "SO05", FIGURE, "H6", "2.000.000.000.000.000"),
    ({NUMERATOR: "=SUM(1,2)"}, "SO06", FIGURE, "G6", "=SUM(1,2)"),
    ({NUMERATOR: "#REF!"}, "SO06", FIGURE, "G6", "#REF!"),
    ({("tasks", "A", RESULT): "#N/A"}, "SO06", TASK, "G6", "#N/A"),
    ({("tasks", "B", DAY): "=TODAY()"}, "SO06", TASK, "F7", "=TODAY()"),
    ({("tasks", "A", STATE): "=E7"}, "SO06", TASK, "E6", "=E7"),
    ({("tasks", "B", DAY): "tháng 3"}, "NG01", TASK, "F7", "tháng 3"),
    ({("tasks", "B", DAY): "31/2/2023"}, "NG01", TASK, "F7", "31/2/2023"),
    ({("tasks", "B", DAY): True}, "NG01", TASK, "F7", "TRUE"),
    ({("tasks", "B", DAY): "5"}, "NG01", TASK, "F7", "5"),
    ({("info", "report_date", "value"): "hôm qua"}, "NG01", "Thông tin", "C15", "hôm qua"),
    ({("tasks", "A", STATE): "Xong rồi"}, "LC01", TASK, "E6", "Xong rồi"),
    ({("tasks", "A", STATE): 3}, "LC01", TASK, "E6", "3"),
    ({ANSWER: "Có thể"}, "LC01", TROUBLE, "D6", "Có thể"),
    (NEW | {trouble("state"): "Chờ"}, "LC01", TROUBLE, "G10", "Chờ"),
    (NEW | {trouble("task_code"): "Z"}, "LC01", TROUBLE, "B10", "Z"),
    ({("tasks", "A", STATE): "Dang thuc hien"}, "LC02", TASK, "E6", "Dang thuc hien"),
    ({MILESTONE: "Co"}, "LC02", FIGURE, "G8", "Co"),
    ({ANSWER: "Khong"}, "LC02", TROUBLE, "D6", "Khong"),
    ({("tasks", "A", RESULT): "x" * 5001}, "CH01", TASK, "G6", "x" * 5001),
    ({("indicators", "A.1", "note"): "x" * 5001}, "CH01", FIGURE, "J6", "x" * 5001),
    ({("tasks", "C", STATE): None}, "BB01", TASK, "E8", ""),
    ({("tasks", "C", STATE): " \u00a0"}, "BB01", TASK, "E8", ""),
    ({NUMERATOR: None, DENOMINATOR: None}, "BB01", FIGURE, "G6", ""),
    ({ANSWER: None}, "BB01", TROUBLE, "D6", ""),
    (NEW | {trouble("task_code"): None}, "BB01", TROUBLE, "B10", ""),
    (NEW | {trouble("description"): None, trouble("cause"): "Thiếu máy"}, "BB01", TROUBLE, "C10", ""),
    ({("tasks", "B", DAY): None}, "NV02", TASK, "F7", ""),
    ({("tasks", "A", DAY): "1/3/2023"}, "NV03", TASK, "F6", "1/3/2023"),
    ({("tasks", "A", RESULT): None}, "NV04", TASK, "G6", ""),
    ({("tasks", "B", RESULT): "  "}, "NV04", TASK, "G7", ""),
    ({DENOMINATOR: None}, "CT01", FIGURE, "H6", ""),
    ({NUMERATOR: 101}, "CT02", FIGURE, "G6", "101"),
    ({NUMERATOR: 1, DENOMINATOR: 0}, "CT02", FIGURE, "G6", "1"),
    ({("indicators", "C.1", "denominator"): 1}, "CT03", FIGURE, "H8", "1"),
    ({("indicators", "C.1", "denominator"): 12}, "CT03", FIGURE, "H8", "12"),
    ({NUMERATOR: 0.9}, "CT04", FIGURE, "G6", "0,9"),
    ({MILESTONE: "Rồi"}, "CT05", FIGURE, "G8", "Rồi"),
    ({MILESTONE: 2}, "CT05", FIGURE, "G8", "2"),
    ({ANSWER: "Có"}, "KK01", TROUBLE, "D6", "Có"),
    (NEW | {ANSWER: "Không"}, "KK02", TROUBLE, "D6", "Không"),
]


@pytest.fixture(scope="module")
def judged(submit_once: Submit) -> list[pd.DataFrame]:
    """The issues of each row of ONE_CELL."""
    return [issues for _, issues in submit_once.many([(row[0], ()) for row in ONE_CELL])]


@pytest.mark.parametrize(
    ("number", "code", "sheet", "cell", "typed"),
    [(number, *row[1:]) for number, row in enumerate(ONE_CELL)],
    ids=[f"{row[1]}-{number}" for number, row in enumerate(ONE_CELL)],
)
def test_code_and_cell(judged: list[pd.DataFrame], number: int, code: str, sheet: str, cell: str, typed: str) -> None:
    issues = judged[number]
    assert found(issues) == [(code, sheet, cell)]
    issue = issues.iloc[0]
    assert issue["severity"] == MESSAGES[code].severity
    assert (issue["typed"] if pd.notna(issue["typed"]) else "") == typed
    if "{typed}" in MESSAGES[code].what:
        assert f"“{typed}”" in issue["message"] or f"({typed})" in issue["message"]
    assert "{" not in issue["message"] + issue["remedy"]
    assert (issue["unit_code"], issue["unit_name"], issue["file"]) == ("VP", "Văn phòng", "VP.xlsx")
    by_title = {spec.title: spec.name for spec in BY_NAME[issue["table"]].columns}
    assert issue["field"] in by_title


MESSAGE_PARTS: list[tuple[Cells, str]] = [
    ({DENOMINATOR: "1.234"}, "đã đọc là 1.234"),
    ({DENOMINATOR: "1,234", NUMERATOR: 1}, "đã đọc là 1,234"),
    ({NUMERATOR: -5}, "nhỏ hơn 0"),
    ({("tasks", "A", STATE): "Đang thực hành"}, "(ý bạn là “Đang thực hiện”?)"),
    ({("tasks", "A", STATE): "Xong rồi"}, "Chưa triển khai · Đang thực hiện · Hoàn thành · Không phát sinh"),
    ({("tasks", "A", STATE): "Dang thuc hien"}, "đã đọc là “Đang thực hiện”"),
    (NEW | {trouble("task_code"): "Z"}, "Chỉ chọn một trong: A · B · C."),
    ({("tasks", "A", RESULT): "x" * 5001}, "dài 5.001 ký tự. Ô này nhận tối đa 5.000 ký tự"),
    ({NUMERATOR: 101}, "Tử số (101) lớn hơn mẫu số (100)"),
    ({("tasks", "C", STATE): None}, "Cột “Tình hình thực hiện” bắt buộc"),
    (NEW | {ANSWER: "Không"}, "bảng bên dưới có 1 dòng"),
]


@pytest.fixture(scope="module")
def told(submit_once: Submit) -> list[pd.DataFrame]:
    return [issues for _, issues in submit_once.many([(cells, ()) for cells, _ in MESSAGE_PARTS])]


@pytest.mark.parametrize(("number", "part"), [(n, part) for n, (_, part) in enumerate(MESSAGE_PARTS)])
def test_the_message_says_what_was_read_and_what_is_expected(told: list[pd.DataFrame], number: int, part: str) -> None:
    assert part in told[number]["message"].item()


def test_a_date_that_arrives_as_a_bare_number_is_read_with_a_warning(submit: Submit) -> None:
    """A cell whose date format was lost in a paste."""

    def unformat(book: Workbook) -> None:
        book[TASK]["F7"].value, book[TASK]["F7"].number_format = 44986, "General"

    valid, issues = submit({}, unformat)
    assert found(issues) == [("NG02", TASK, "F7")]
    assert (issues["typed"].item(), issues["severity"].item()) == ("44.986", "Cảnh báo")
    assert "đã đọc là ngày 01/03/2023" in issues["message"].item()
    assert cell_of(valid, "tasks", "B", DAY) == pd.Timestamp(2023, 3, 1)


class TestRows:
    """Rows that do not match the plan."""

    def test_a_code_that_is_not_the_unit_s(self, submit: Submit) -> None:
        _, issues = submit({}, put(FIGURE, "A6", "A.2"))
        assert found(issues) == [("DG04", FIGURE, ""), ("DG01", FIGURE, "A6")]
        assert list(issues["typed"].fillna("")) == ["", "A.2 | 90 | 100"]
        assert "“A.1” (Tỷ lệ hồ sơ số hóa)" in issues["message"][0]
        assert "“A.2” không thuộc phần việc" in issues["message"][1]

    def test_a_code_twice_counts_once(self, submit: Submit) -> None:
        valid, issues = submit({}, put(TASK, "A9", "B"), put(TASK, "E9", "Chưa triển khai"))
        assert found(issues) == [("DG02", TASK, "A9")]
        assert issues["typed"].item() == "B | Chưa triển khai"
        assert "đã có ở hàng 7" in issues["message"].item()
        assert cell_of(valid, "tasks", "B", STATE) == "Hoàn thành"

    def test_content_without_a_code(self, submit: Submit) -> None:
        valid, issues = submit({}, put(FIGURE, "G9", 12))
        assert found(issues) == [("DG03", FIGURE, "A9")]
        assert len(valid.frames["indicators"]) == 3

    def test_a_row_cleared(self, submit: Submit) -> None:
        def clear(book: Workbook) -> None:
            book[TASK].delete_rows(7)

        valid, issues = submit({}, clear)
        assert found(issues) == [("DG04", TASK, "")]
        assert "“B” (Họp trực tuyến)" in issues["message"].item()
        assert list(valid.frames["tasks"]["task_code"]) == ["A", "C"]

    def test_every_row_cleared(self, submit: Submit) -> None:
        """An emptied table is not silence: each row of it is missed."""

        def clear(book: Workbook) -> None:
            book[TASK].delete_rows(6, 3)

        _, issues = submit({}, clear)
        assert found(issues) == [("DG04", TASK, "")] * 3

    def test_codes_in_other_case_are_the_plan_s(self, submit: Submit) -> None:
        valid, issues = submit({}, put(FIGURE, "A6", " a.1 "))
        assert found(issues) == []
        assert cell_of(valid, "indicators", "A.1", "numerator") == 90

    def test_notes_beside_the_tables_are_the_unit_s_own(self, submit: Submit) -> None:
        _, issues = submit({}, put(TASK, "B20", "Ghi chú của phòng"), put("Thông tin", "C30", "Nguyễn Văn A"))
        assert found(issues) == []

    def test_locked_cells_that_were_changed_judge_nothing(self, submit: Submit) -> None:
        """The plan's own words count, whatever stands in their place; a warning may say so."""
        changes = [put(TASK, "C6", "Chủ trì"), put(TASK, "D6", "#REF!"), put(FIGURE, "C6", "50 %")]
        valid, issues = submit({}, *changes)
        assert Severity.ERROR not in set(issues["severity"])
        assert cell_of(valid, "tasks", "A", STATE) == "Đang thực hiện"
        assert cell_of(valid, "indicators", "A.1", "numerator") == 90


class TestTables:
    def test_a_lost_sheet(self, submit: Submit) -> None:
        def lose(book: Workbook) -> None:
            del book[FIGURE]

        valid, issues = submit({}, lose)
        assert found(issues) == [("TT08", FIGURE, "")]
        assert "Không tìm thấy bảng “Số liệu chỉ tiêu” trên sheet “Chỉ tiêu”" in issues["message"].item()
        assert valid.frames["indicators"].empty
        assert len(valid.frames["tasks"]) == 3

    @pytest.mark.parametrize(
        ("sheet", "column", "title", "first"),
        [
            (TASK, 8, "Sản phẩm, văn bản", ("TT09", TASK, "")),
            (FIGURE, 10, "Ghi chú", ("TT09", FIGURE, "")),
        ],
    )
    def test_a_lost_optional_column(
        self, submit: Submit, sheet: str, column: int, title: str, first: tuple[str, str, str]
    ) -> None:
        def lose(book: Workbook) -> None:
            book[sheet].delete_cols(column)

        _, issues = submit({}, lose)
        assert found(issues) == [first]
        assert f"thiếu cột “{title}”" in issues["message"].item()

    def test_a_lost_required_column_is_named_and_the_others_count(self, submit: Submit) -> None:
        def lose(book: Workbook) -> None:
            book[TASK].delete_cols(5)

        valid, issues = submit({}, lose)
        assert ("TT09", TASK, "") in found(issues)
        assert issues.loc[issues["code"] == "TT09", "message"].str.contains("Tình hình thực hiện").all()
        assert cell_of(valid, "tasks", "A", RESULT) == "Đã quét 5 hồ sơ"

    def test_a_lost_key_column_is_named(self, submit: Submit) -> None:
        def lose(book: Workbook) -> None:
            book[FIGURE].delete_cols(1)

        valid, issues = submit({}, lose)
        assert ("TT09", FIGURE, "") in found(issues)
        assert valid.frames["indicators"].empty

    def test_a_lost_locked_column_matters_to_nobody(self, submit: Submit) -> None:
        def lose(book: Workbook) -> None:
            book[FIGURE].delete_cols(2)

        valid, issues = submit({}, lose)
        assert found(issues) == []
        assert cell_of(valid, "indicators", "A.1", "numerator") == 90

    def test_the_table_s_own_name_is_the_sender_s(self, submit: Submit) -> None:
        def rename(book: Workbook) -> None:
            book[TASK].title = "Tiến độ"

        _, issues = submit({("tasks", "A", STATE): "Xong"}, rename)
        assert found(issues) == [("LC01", "Tiến độ", "E6")]


class TestWhatCounts:
    """An erroneous cell is missing; the rest of the workbook counts."""

    CASES: ClassVar[list[tuple[Cells, list[Any], list[tuple[str, str, str, Any]]]]] = [
        # cells typed → cells that are missing, cells that count and their value
        ({NUMERATOR: "x"}, [("indicators", "A.1", "numerator")], [("indicators", "A.1", "denominator", 100)]),
        ({NUMERATOR: -1}, [("indicators", "A.1", "numerator")], [("indicators", "A.1", "denominator", 100)]),
        ({DENOMINATOR: 2e15}, [("indicators", "A.1", "denominator")], [("indicators", "A.1", "numerator", 90)]),
        ({NUMERATOR: 101}, [NUMERATOR, DENOMINATOR], [("indicators", "B.1", "numerator", 5)]),
        ({NUMERATOR: 0.9}, [NUMERATOR, DENOMINATOR], [("indicators", "B.1", "numerator", 5)]),
        ({DENOMINATOR: None}, [NUMERATOR, DENOMINATOR], [("indicators", "B.1", "numerator", 5)]),
        ({("indicators", "C.1", "denominator"): 1}, [("indicators", "C.1", "denominator")], [(*MILESTONE, 1)]),
        ({MILESTONE: "Rồi"}, [MILESTONE], [("indicators", "B.1", "numerator", 5)]),
        ({MILESTONE: "Không"}, [], [(*MILESTONE, 0)]),
        ({MILESTONE: True}, [], [(*MILESTONE, 1)]),
        ({MILESTONE: "Co"}, [], [(*MILESTONE, 1)]),
        ({NUMERATOR: 0, DENOMINATOR: 0}, [], [(*NUMERATOR, 0), (*DENOMINATOR, 0)]),
        ({NUMERATOR: " 1.234,5 ", DENOMINATOR: "12\u00a0345"}, [], [(*NUMERATOR, 1234.5), (*DENOMINATOR, 12345)]),
        ({DENOMINATOR: "1.234"}, [], [(*DENOMINATOR, 1234)]),
        ({("tasks", "A", STATE): "Xong"}, [("tasks", "A", STATE)], [("tasks", "A", RESULT, "Đã quét 5 hồ sơ")]),
        ({("tasks", "A", STATE): "đang  THỰC hiện"}, [], [("tasks", "A", STATE, "Đang thực hiện")]),
        ({("tasks", "A", STATE): "Dang thuc hien"}, [], [("tasks", "A", STATE, "Đang thực hiện")]),
        ({("tasks", "A", DAY): "1/3/2023"}, [("tasks", "A", DAY)], [("tasks", "A", STATE, "Đang thực hiện")]),
        ({("tasks", "B", DAY): None}, [("tasks", "B", DAY)], [("tasks", "B", STATE, "Hoàn thành")]),
        ({("tasks", "B", DAY): "hôm qua"}, [("tasks", "B", DAY)], [("tasks", "B", STATE, "Hoàn thành")]),
        ({("tasks", "B", DAY): "1-3-23"}, [], [("tasks", "B", DAY, pd.Timestamp(2023, 3, 1))]),
        ({("tasks", "A", RESULT): "x" * 5001}, [("tasks", "A", RESULT)], [("tasks", "A", STATE, "Đang thực hiện")]),
        ({("tasks", "A", RESULT): "x" * 5000}, [], [("tasks", "A", RESULT, "x" * 5000)]),
        ({("tasks", "A", RESULT): None}, [("tasks", "A", RESULT)], [("tasks", "A", STATE, "Đang thực hiện")]),
    ]

    @pytest.fixture(scope="class")
    @classmethod
    def counted(cls, submit_once: Submit) -> list[Valid]:
        return [valid for valid, _ in submit_once.many([(cells, ()) for cells, _, _ in cls.CASES])]

    @pytest.mark.parametrize(("number", "missing", "kept"), [(n, *case[1:]) for n, case in enumerate(CASES)])
    def test_missing_and_kept(
        self, counted: list[Valid], number: int, missing: list[Any], kept: list[tuple[str, str, str, Any]]
    ) -> None:
        valid = counted[number]
        assert [cell_of(valid, *at) for at in missing] == [None] * len(missing)
        assert [cell_of(valid, *at) for *at, _ in kept] == [value for *_, value in kept]

    def test_all_issues_at_once_none_hidden_by_another(self, submit: Submit) -> None:
        cells: Cells = {
            NUMERATOR: "x",
            DENOMINATOR: -1,
            ("indicators", "B.1", "numerator"): 11,
            MILESTONE: "Rồi",
            ("indicators", "C.1", "note"): "x" * 5001,
            ("tasks", "A", STATE): None,
            ("tasks", "A", DAY): "x",
            ("tasks", "B", DAY): None,
            ("tasks", "B", RESULT): None,
            ("tasks", "C", STATE): "Xong",
            ANSWER: "Có",
        }
        _, issues = submit(cells)
        assert found(issues) == [
            ("SO01", FIGURE, "G6"),
            ("SO04", FIGURE, "H6"),
            ("CT02", FIGURE, "G7"),
            ("CT05", FIGURE, "G8"),
            ("CH01", FIGURE, "J8"),
            ("KK01", TROUBLE, "D6"),
            ("BB01", TASK, "E6"),
            ("NG01", TASK, "F6"),
            ("NV02", TASK, "F7"),
            ("NV04", TASK, "G7"),
            ("LC01", TASK, "E8"),
        ]

    @pytest.mark.parametrize(
        ("cells", "codes"),
        [
            ({NUMERATOR: "x", DENOMINATOR: None}, ["SO01"]),
            ({NUMERATOR: 5, DENOMINATOR: "x"}, ["SO01"]),
            ({("tasks", "B", DAY): "x"}, ["NG01"]),
            ({("tasks", "A", STATE): "Xong", ("tasks", "A", DAY): "1/3/2023"}, ["LC01"]),
        ],
    )
    def test_a_rule_between_cells_does_not_blame_a_cell_twice(
        self, submit: Submit, cells: Cells, codes: list[str]
    ) -> None:
        assert list(submit(cells)[1]["code"]) == codes


class TestDifficulties:
    FIELDS = ("task_code", "description", "cause", "proposal", "addressed_to", "state")

    def rows(self, valid: Valid) -> list[dict[str, Any]]:
        frame = valid.frames["difficulties"][list(self.FIELDS)]
        return [{k: None if pd.isna(v) else v for k, v in row.items()} for row in frame.to_dict("records")]

    NONE: ClassVar[list[dict[str, str]]] = [
        *({"description": word} for word in ("Không", "không", "Không có", "KHÔNG CÓ.", "-", "–", " - ")),
        {"task_code": "A", "description": "Không"},
        {"description": "-", "cause": "-", "proposal": "Không có", "addressed_to": "-"},
        {"task_code": "A", "description": "Không", "state": "Chưa giải quyết"},
        {"cause": "-"},
        {"task_code": "Không"},
        {"task_code": "-", "description": "-"},
    ]

    @pytest.fixture(scope="class")
    @classmethod
    def none(cls, submit_once: Submit) -> list[tuple[Valid, pd.DataFrame]]:
        return submit_once.many([({trouble(name): word for name, word in row.items()}, ()) for row in cls.NONE])

    @pytest.mark.parametrize("number", range(len(NONE)), ids=[" ".join(row.values()) for row in NONE])
    def test_words_that_mean_none(self, none: list[tuple[Valid, pd.DataFrame]], number: int) -> None:
        """“Không”, “Không có”, “-” are the only words of the row."""
        valid, issues = none[number]
        assert found(issues) == []
        assert self.rows(valid) == []

    def test_none_does_not_make_an_answer_of_yes_true(self, submit: Submit) -> None:
        _, issues = submit({ANSWER: "Có", trouble("description"): "Không"})
        assert found(issues) == [("KK01", TROUBLE, "D6")]

    def test_a_text_that_only_begins_with_the_word_is_a_difficulty(self, submit: Submit) -> None:
        valid, issues = submit(NEW | {trouble("description"): "Không có kinh phí"})
        assert found(issues) == []
        assert self.rows(valid)[0]["description"] == "Không có kinh phí"

    def test_a_cause_beside_none_is_a_difficulty(self, submit: Submit) -> None:
        valid, issues = submit(NEW | {trouble("description"): "Không", trouble("cause"): "Thiếu máy"})
        assert found(issues) == []
        assert self.rows(valid)[0]["cause"] == "Thiếu máy"

    def test_text_is_kept_verbatim(self, submit: Submit) -> None:
        text = "Dòng 1  (hai dấu cách)\n“Dòng 2”; 50 % – =SUM(A1) <b>&amp;</b>\n\tDòng 3"
        cells = NEW | {trouble(name): text for name in ("description", "cause", "proposal", "addressed_to")}
        valid, issues = submit(cells | {trouble("state"): DifficultyState.RESOLVED.value})
        assert found(issues) == []
        (row,) = self.rows(valid)
        assert {row[name] for name in ("description", "cause", "proposal", "addressed_to")} == {text}
        assert (row["task_code"], row["state"]) == ("A", "Đã giải quyết")

    def test_nfd_text_nbsp_and_zero_width_are_normalised_and_nothing_else(self, submit: Submit) -> None:
        valid, _ = submit(NEW | {trouble("description"): "\u00a0Ma\u0323ng\u200b cha\u0323\u0302m \ufeff"})
        assert self.rows(valid)[0]["description"] == "Mạng chậm"

    def test_an_unknown_task_is_refused_and_the_difficulty_kept(self, submit: Submit) -> None:
        valid, issues = submit(NEW | {trouble("task_code"): "II.9"})
        assert found(issues) == [("LC01", TROUBLE, "B10")]
        assert [(row["task_code"], row["description"]) for row in self.rows(valid)] == [(None, "Mạng chậm")]

    def test_a_task_of_another_unit_is_refused(self, submit: Submit) -> None:
        """The unit Q1 has no task C."""
        good: Cells = {
            ("tasks", "A", STATE): "Chưa triển khai",
            ("tasks", "B", STATE): "Chưa triển khai",
            NUMERATOR: 1,
            DENOMINATOR: 2,
            ("indicators", "A.2", "numerator"): 3,
        }
        _, issues = submit(NEW | {trouble("task_code"): "C"}, unit="Q1", good=good)
        assert found(issues) == [("LC01", TROUBLE, "B10")]
        assert "Chỉ chọn một trong: A · B." in issues["message"].item()

    def test_blank_rows_between(self, submit: Submit) -> None:
        cells = NEW | {trouble("task_code", 4): "b", trouble("description", 4): "Thiếu phòng họp"}
        valid, issues = submit(cells)
        assert found(issues) == []
        assert [(row["task_code"], row["description"]) for row in self.rows(valid)] == [
            ("A", "Mạng chậm"),
            ("B", "Thiếu phòng họp"),
        ]
        assert list(valid.frames["difficulties"]["row"]) == [10, 14]

    def test_an_error_far_down_is_addressed_there(self, submit: Submit) -> None:
        cells = NEW | {trouble("task_code", 30): "A", trouble("description", 30): "x" * 5001}
        assert found(submit(cells)[1]) == [("CH01", TROUBLE, "C40")]


def insert_rows(sheet: str, before: int, count: int = 1) -> Change:
    return lambda book: book[sheet].insert_rows(before, count)


def insert_cols(sheet: str, before: int) -> Change:
    return lambda book: book[sheet].insert_cols(before)


def hide_rows(sheet: str, *rows: int) -> Change:
    def change(book: Workbook) -> None:
        for row in rows:
            book[sheet].row_dimensions[row].hidden = True

    return change


def swap_cols(sheet: str, one: int, two: int) -> Change:
    def change(book: Workbook) -> None:
        for row in range(1, book[sheet].max_row + 1):
            left, right = book[sheet].cell(row, one), book[sheet].cell(row, two)
            left.value, right.value = right.value, left.value

    return change


MOVES: list[tuple[str, list[Change], list[str]]] = [
    # changes to the sheet → where the three faults of FAULTS then stand for the sender
    ("as sent", [], ["G6", "H7", "G8"]),
    ("rows inserted between", [insert_rows(FIGURE, 7, 2)], ["G6", "H9", "G10"]),
    ("rows inserted above", [insert_rows(FIGURE, 1, 3)], ["G9", "H10", "G11"]),
    ("rows inserted below the header", [insert_rows(FIGURE, 6)], ["G7", "H8", "G9"]),
    ("a row inserted between names and header", [insert_rows(FIGURE, 5)], ["G7", "H8", "G9"]),
    ("column inserted", [insert_cols(FIGURE, 7)], ["H6", "I7", "H8"]),
    ("first column inserted", [insert_cols(FIGURE, 1)], ["H6", "I7", "H8"]),
    ("columns swapped", [swap_cols(FIGURE, 7, 8)], ["H6", "G7", "H8"]),
    ("rows hidden", [hide_rows(FIGURE, 6, 7)], ["G6", "H7", "G8"]),
    ("header renamed", [put(FIGURE, "G5", "Số lượng"), put(FIGURE, "H5", "Tổng")], ["G6", "H7", "G8"]),
    ("header emptied", [put(FIGURE, "H5", None)], ["G6", "H7", "G8"]),
    ("field names deleted", [lambda book: book[FIGURE].delete_rows(4)], ["G5", "H6", "G7"]),
    ("sheet renamed", [lambda book: setattr(book[FIGURE], "title", "So lieu")], ["G6", "H7", "G8"]),
    ("all at once", [insert_rows(FIGURE, 8, 5), insert_cols(FIGURE, 2), hide_rows(FIGURE, 6)], ["H6", "I7", "H13"]),
]
FAULTS: Cells = {NUMERATOR: "x", ("indicators", "B.1", "denominator"): "y", MILESTONE: "z"}


class TestMoved:
    @pytest.fixture(scope="class")
    @classmethod
    def moved(cls, submit_once: Submit) -> list[tuple[Valid, pd.DataFrame]]:
        return submit_once.many([({}, changes) for _, changes, _ in MOVES])

    @pytest.fixture(scope="class")
    @classmethod
    def moved_faults(cls, submit_once: Submit) -> list[tuple[Valid, pd.DataFrame]]:
        return submit_once.many([(FAULTS, changes) for _, changes, _ in MOVES])

    @pytest.mark.parametrize("number", range(len(MOVES)), ids=[row[0] for row in MOVES])
    def test_the_figures_stay_the_same(self, moved: list[tuple[Valid, pd.DataFrame]], number: int) -> None:
        valid, issues = moved[number]
        assert found(issues) == []
        at = [NUMERATOR, DENOMINATOR, ("indicators", "B.1", "numerator"), MILESTONE]
        assert [cell_of(valid, *cell) for cell in at] == [90, 100, 5, 1]

    @pytest.mark.parametrize("number", range(len(MOVES)), ids=[row[0] for row in MOVES])
    def test_the_addresses_are_those_that_the_sender_sees(
        self, moved_faults: list[tuple[Valid, pd.DataFrame]], number: int
    ) -> None:
        cells, (_, issues) = MOVES[number][2], moved_faults[number]
        places = {(row["code"], row["cell"], row["typed"]) for row in issues.to_dict("records")}
        assert places == set(zip(["SO01", "SO01", "CT05"], cells, ["x", "y", "z"], strict=True))

    @pytest.mark.parametrize(
        ("address", "text"), [("D5", "Có hay không?"), ("C5", "Hỏi"), ("C9", "Vướng gì"), ("B9", "Việc")]
    )
    def test_a_header_of_the_difficulties_renamed(self, submit: Submit, address: str, text: str) -> None:
        valid, issues = submit(NEW, put(TROUBLE, address, text))
        assert found(issues) == []
        assert list(valid.frames["answer"]["has_difficulty"]) == ["Có"]
        assert list(valid.frames["difficulties"]["description"]) == ["Mạng chậm"]

    def test_rows_inserted_into_the_difficulties(self, submit: Submit) -> None:
        cells = NEW | {trouble("state"): "Chờ"}
        _, issues = submit(cells, insert_rows(TROUBLE, 7, 3), insert_rows(TROUBLE, 1))
        assert found(issues) == [("LC01", TROUBLE, "G14")]


class TestSeveralUnits:
    """All submissions go through one frame; what one unit typed never touches another's."""

    def tables(self, submit: Submit) -> dict[int, Any]:
        second: Cells = {
            ("tasks", "A", STATE): "Xong",
            ("tasks", "B", STATE): "Chưa triển khai",
            NUMERATOR: 3,
            DENOMINATOR: "x",
            ("indicators", "A.2", "numerator"): 7,
            ANSWER: "Không",
        }
        files = [submit.file({NUMERATOR: -1}), submit.file({}, unit="Q1", good=second)]
        return {number: read_submission(file, LAYOUTS) for number, file in zip((2, 5), files, strict=True)}

    def test_issues_go_to_their_own_file(self, submit: Submit) -> None:
        tables = self.tables(submit)
        sources = {
            2: {"file": "vp.xlsx", "unit_code": "VP", "unit_name": "Văn phòng"},
            5: {"file": "q1.xlsx", "unit_code": "Q1", "unit_name": "Quận Một"},
        }
        outcomes = set()
        for order in permutations(tables):
            valid, issues = validate({number: tables[number] for number in order}, sources, submit.plan)
            rows = issues[["source", "unit_code", "file", "code", "cell"]].to_numpy().tolist()
            outcomes.add(str(rows))
            assert rows == [
                [5, "Q1", "q1.xlsx", "SO01", "H6"],
                [5, "Q1", "q1.xlsx", "LC01", "E6"],
                [2, "VP", "vp.xlsx", "SO04", "G6"],
            ]
            figures = valid.frames["indicators"].set_index(["unit_code", "indicator_code"])["numerator"]
            assert figures[("Q1", "A.1")] == 3
            assert figures[("Q1", "A.2")] == 7
            assert pd.isna(figures[("VP", "A.1")])
        assert len(outcomes) == 1

    def test_nothing_received(self, other_plan: Plan) -> None:
        valid, issues = validate({}, {}, other_plan)
        assert issues.empty
        assert set(valid.frames) == {table.name for table in TABLES}
        assert all(frame.empty for frame in valid.frames.values())

    def test_frames_have_what_a_unit_fills_and_lead_back(self, submit: Submit) -> None:
        valid, _ = submit({})
        for name, table in BY_NAME.items():
            places = {"place"} if name in ("tasks", "indicators") else set()
            filled = {*table.key, *table.carried, *table.inputs}
            assert filled | places | {"source", "row", "unit_code"} == set(valid.frames[name].columns)
        entry = valid.entries["indicators"]
        index = valid.frames["indicators"].index[1]
        assert entry.cell(index, "numerator") == (FIGURE, "G7")
        assert (entry.source(index), entry.typed(index, "numerator")) == (0, 5.0)
        assert entry.typed(index, "no such field") is None


class TestIssues:
    def test_join_orders_by_unit_sheet_and_place(self) -> None:
        source = {"file": "a.xlsx", "unit_code": "B", "unit_name": "B"}
        cells = [("Z1", "A10"), ("Z1", "A9"), ("Y1", "C2")]
        parts = [file_issue("TT05", source | {"unit_code": "A"}), file_issue("TT06", {"file": "z"})]
        for sheet, cell in cells:
            parts.append(IssueRow(file_issue("BB01", source), sheet=sheet, cell=cell))
        joined = join_issues(parts)
        assert list(joined["code"]) == ["TT06", "TT05", "BB01", "BB01", "BB01"]
        assert list(joined["cell"][2:]) == ["C2", "A9", "A10"]
        assert list(joined.index) == [0, 1, 2, 3, 4]

    def test_none_is_an_empty_frame_of_the_same_columns(self) -> None:
        assert list(join_issues([])) == list(empty_issues()) == [*Issue.to_schema().columns, "source", "index", "table"]
        assert join_issues([empty_issues(), empty_issues()]).empty

    @pytest.mark.parametrize(
        ("sheet", "cell", "field", "text"),
        [
            (FIGURE, "G7", "Tử số", "sheet “Chỉ tiêu”, ô G7 (Tử số)"),
            (FIGURE, "G7", None, "sheet “Chỉ tiêu”, ô G7"),
            (FIGURE, "7", "Mã", "sheet “Chỉ tiêu”, hàng 7 (Mã)"),
            (FIGURE, None, None, "sheet “Chỉ tiêu”"),
            (None, None, None, "cả tệp"),
        ],
    )
    def test_where(self, sheet: str | None, cell: str | None, field: str | None, text: str) -> None:
        assert where({"sheet": sheet, "cell": cell, "field": field}) == text

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (None, ""),
            (float("nan"), ""),
            (Fault("#REF!"), "#REF!"),
            (True, "TRUE"),
            (False, "FALSE"),
            (1234.5, "1.234,5"),
            (7, "7"),
            (datetime(2023, 3, 1), "01/03/2023"),
            (date(2023, 3, 1), "01/03/2023"),
            ("như đã gõ", "như đã gõ"),
        ],
    )
    def test_display(self, value: Any, text: str) -> None:
        assert display(value) == text

    def test_count_by_severity(self, submit: Submit) -> None:
        _, issues = submit({NUMERATOR: "x", MILESTONE: "z", ("tasks", "A", RESULT): None})
        assert count_by_severity(issues, Severity.ERROR).to_dict() == {"VP": 2}
        assert count_by_severity(issues, Severity.WARNING).to_dict() == {"VP": 1}


ELSEWHERE = {"CH02", "DG05", "DG06", "DG07"}
"""Raised, and tested, by modules of their own."""


def test_every_code_of_a_cell_row_or_table_is_tested_here() -> None:
    in_rows = {"DG01", "DG02", "DG03", "DG04", "TT08", "TT09", "NG02"}
    of_files = {code for code in MESSAGES if code[:2] in ("TT", "KH", "LK", "QD", "TM")}
    assert {row[1] for row in ONE_CELL} | in_rows == (set(MESSAGES) - of_files - ELSEWHERE) | {"TT08", "TT09"}
