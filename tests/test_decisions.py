"""The officer's decisions: each silences or changes exactly what it names, and shows wherever it does."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import pipeline.take
from pipeline.cli import main
from pipeline.decide import write_decisions
from pipeline.errors import CannotRun
from pipeline.history import Judged, judge, read_history
from pipeline.inbox import DECISIONS_FILE
from pipeline.plan.load import load_plan
from pipeline.run import Outcome, report_again, run_period
from pipeline.take import take
from schemas.decisions import DECISIONS
from schemas.messages import MESSAGES
from schemas.words import DecisionKind
from tests.support import table_values
from tests.year_support import Year, difficulty, figure, state

WHO = {"reason": "Đã hỏi đơn vị qua điện thoại", "decided_by": "Nguyễn Văn A", "decided_on": "27/06/2023"}
SAID = "Đã hỏi đơn vị qua điện thoại (Nguyễn Văn A, 27/06/2023)"
ACCEPT, VALUE, THIS_FILE, DUE = (str(kind) for kind in DecisionKind)
FALL = {"kind": ACCEPT, "unit_code": "STC", "warning": "LK01", "item_code": "A.3", "field": "Tử số / số lượng"} | WHO
STC = state("A") | state("C") | {("answer", "", "has_difficulty"): "Không"}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """In quarter II numerator and denominator of STC's A.3 have both fallen, and Q1's A.2 is not a number."""
    made = Year(tmp_path_factory.mktemp("year"))
    made.send("2023-Q1", {"STC": STC | figure("A.3", 40, 100) | figure("A.1", 30, 40)})
    second = STC | figure("A.3", 30, 90) | figure("A.1", 30, 40)
    one = (
        state("A")
        | state("B")
        | figure("A.1", 10, 20)
        | figure("A.2", "mười hai")
        | difficulty(0, task_code="A", description="Vướng.", state="Đã giải quyết")
    )
    made.send("2023-Q2", {"STC": second, "Q1": one}, days=3)
    return made


class Decided:
    """A run of quarter II with these decisions."""

    def __init__(self, year: Year, folder: Path, rows: Sequence[Mapping[str, Any]]) -> None:
        inputs = folder / "input"
        inputs.mkdir(parents=True)
        (inputs / "2023-Q1").symlink_to(year.inbox("2023-Q1"))
        self.inbox = inputs / "2023-Q2"
        self.inbox.mkdir()
        for path in year.inbox("2023-Q2").iterdir():
            (self.inbox / path.name).write_bytes(path.read_bytes())
        self.plan = year.file
        self.out = folder / "out"
        offered = year.root / DECISIONS_FILE
        if not offered.exists():
            write_decisions(year.file, "2023-Q2", self.inbox)
            offered.write_bytes((self.inbox / DECISIONS_FILE).read_bytes())
        (self.inbox / DECISIONS_FILE).write_bytes(offered.read_bytes())
        self.type(rows)

    def type(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Replace the lines of the workbook by these, as the officer would type them."""
        book = openpyxl.load_workbook(self.inbox / DECISIONS_FILE)
        sheet = book[DECISIONS.sheet]
        columns = {sheet.cell(5, at).value: at for at in range(1, sheet.max_column + 1)}
        for at in range(7, sheet.max_row + 1):
            for column in columns.values():
                sheet.cell(at, column).value = None
        for at, row in enumerate(rows, start=7):
            for name, value in row.items():
                sheet.cell(at, columns[name]).value = value
        book.save(self.inbox / DECISIONS_FILE)

    def run(self) -> Outcome:
        return run_period(self.plan, "2023-Q2", self.inbox, self.out)

    def judged(self) -> Judged:
        """The run without its workbooks."""
        plan = load_plan(self.plan)
        period = plan.period("2023-Q2")
        return judge(take(self.inbox, plan, period), read_history(plan, period, self.inbox.parent))

    def rows(self, sheet: str) -> list[dict[str, Any]]:
        return table_values(self.out / "tong-hop-2023-Q2.xlsx", sheet)

    def issues(self) -> list[tuple[str, str]]:
        return sorted((row["code"], row["cell"]) for row in self.rows("Lỗi dữ liệu") if row["code"] != "DG04")


@pytest.fixture
def decide(year: Year, tmp_path: Path) -> Any:
    def made(*rows: Mapping[str, Any]) -> Decided:
        one = Decided(year, tmp_path, rows)
        one.run()
        return one

    return made


def test_no_decision_changes_nothing(decide: Any) -> None:
    run = decide()
    assert [code for code, _ in run.issues()] == ["LK01", "LK01", "LK06", "SO01"]
    [line] = [row for row in run.rows("Nguồn dữ liệu") if row["file"] == DECISIONS_FILE]
    assert (line["verdict"], line["reason"]) == ("Bỏ qua", "Quyết định của cán bộ.")


def test_an_acceptance_silences_exactly_its_warning_and_shows(decide: Any) -> None:
    run = decide(FALL)
    assert [code for code, _ in run.issues()] == ["LK01", "LK06", "SO01"]
    assert [row["field"] for row in run.rows("Lỗi dữ liệu") if row["code"] == "LK01"] == ["Mẫu số"]
    figures = {row["indicator_code"]: row for row in run.rows("Chi tiết chỉ tiêu") if row["unit_code"] == "STC"}
    assert figures["A.3"]["decision"] == f"Chấp nhận LK01: {SAID}"
    assert figures["A.1"]["decision"] == "–"
    [line] = [row for row in run.rows("Nguồn dữ liệu") if row["file"] == f"{DECISIONS_FILE}, hàng 7"]
    assert line["unit_code"] == "STC"
    assert SAID in line["reason"] and "LK01" in line["reason"]
    [result] = [row for row in run.rows("Chỉ tiêu") if row["indicator_code"] == "A.3"]
    assert "1 số liệu theo quyết định của cán bộ" in result["basis"]


def test_a_decision_taken_after_the_workbook_makes_it_out_of_date(decide: Any) -> None:
    """Also one that moves no result: the report that is made of the workbook must not say another figure."""
    run = decide(FALL)
    report_again(run.plan, "2023-Q2", run.inbox, run.out)
    run.type([FALL, GOOD_VALUE])
    with pytest.raises(CannotRun, match="quyết định hoặc kế hoạch đã thay đổi"):
        report_again(run.plan, "2023-Q2", run.inbox, run.out)


def test_an_acceptance_never_silences_an_error(decide: Any) -> None:
    run = decide({"kind": ACCEPT, "unit_code": "Q1", "warning": "SO01", "item_code": "A.2"} | WHO)
    assert [code for code, _ in run.issues()] == ["LK01", "LK01", "LK06", "QD07", "SO01"]


def test_the_warning_of_a_difficulty_is_accepted_by_its_task(decide: Any) -> None:
    run = decide({"kind": ACCEPT, "unit_code": "Q1", "warning": "LK06", "item_code": "A"} | WHO)
    assert [code for code, _ in run.issues()] == ["LK01", "LK01", "SO01"]


def test_a_value_stands_in_place_of_the_units_and_says_so(decide: Any) -> None:
    value = {"kind": VALUE, "unit_code": "Q1", "item_code": "A.2", "field": "Tử số / số lượng", "value": 12} | WHO
    run = decide(value)
    rows = {row["indicator_code"]: row for row in run.rows("Chi tiết chỉ tiêu") if row["unit_code"] == "Q1"}
    assert (rows["A.2"]["numerator"], rows["A.2"]["reported"]) == (12, "Có")
    assert rows["A.2"]["decision"] == f"Tử số / số lượng: 12 thay ô trống; {SAID}"
    [result] = [row for row in run.rows("Chỉ tiêu") if row["indicator_code"] == "A.2"]
    assert result["value"] == 12


def test_a_decided_value_is_what_the_next_period_compares_with(decide: Any) -> None:
    """40 → 30 is a fall; with 41 in its place it is none."""
    run = decide(
        {"kind": VALUE, "unit_code": "STC", "item_code": "A.3", "field": "Tử số / số lượng", "value": "41"} | WHO
    )
    assert [row["field"] for row in run.rows("Lỗi dữ liệu") if row["code"] == "LK01"] == ["Mẫu số"]
    [row] = [
        row for row in run.rows("Chi tiết chỉ tiêu") if (row["unit_code"], row["indicator_code"]) == ("STC", "A.3")
    ]
    assert row["decision"].startswith("Tử số / số lượng: 41 thay 30; ")


def test_a_task_of_a_unit_that_sent_nothing_can_be_set(decide: Any) -> None:
    about = {"kind": VALUE, "unit_code": "VP", "item_code": "B"} | WHO
    run = decide(
        about | {"field": "Tình hình thực hiện", "value": "Đang thực hiện"},
        about | {"field": "Ngày hoàn thành", "value": "1/6/2023"},
    )
    [row] = [row for row in run.rows("Chi tiết nhiệm vụ") if (row["unit_code"], row["task_code"]) == ("VP", "B")]
    assert (row["state"], row["completed_on"], row["file"]) == ("Đang thực hiện", datetime(2023, 6, 1), "–")
    assert row["decision"].count(SAID) == 2


def test_what_a_decided_value_makes_a_rule_ask_has_no_cell(decide: Any) -> None:
    about = {"kind": VALUE, "unit_code": "VP", "item_code": "B", "field": "Ngày hoàn thành", "value": "1/6/2022"}
    run = decide(about | WHO)
    [row] = [row for row in run.rows("Lỗi dữ liệu") if row["code"] == "LK03"]
    assert (row["unit_name"], row["file"], row["cell"]) == ("Văn phòng", "–", "–")


def test_more_time_for_one_unit(decide: Any) -> None:
    run = decide({"kind": DUE, "unit_code": "STC", "value": "25/06/2023"} | WHO)
    rows = {row["unit_code"]: row for row in run.rows("Tình hình nộp")}
    assert (rows["STC"]["timeliness"], rows["Q1"]["timeliness"]) == ("Đúng hạn", "Trễ 3 ngày")
    assert rows["STC"]["due_on"] == datetime(2023, 6, 25)
    assert rows["STC"]["decision"] == f"Gia hạn đến 25/06/2023; {SAID}"
    assert rows["Q1"]["decision"] == "–"


def test_a_chosen_file_is_handed_to_the_intake_and_shows(
    year: Year, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[tuple[str, str]]] = []
    receive = pipeline.take.receive

    def spy(inbox: Path, plan: Any, period: Any, use: Any = (), track: Any = None) -> Any:
        asked.append(list(use))
        return receive(inbox, plan, period, use, track)

    monkeypatch.setattr(pipeline.take, "receive", spy)
    run = Decided(year, tmp_path, [{"kind": THIS_FILE, "unit_code": "STC", "file": "STC.xlsx"} | WHO])
    asked.clear()
    run.run()
    assert [("STC", "STC.xlsx")] in asked
    rows = {row["unit_code"]: row for row in run.rows("Tình hình nộp")}
    assert rows["STC"]["decision"] == f"Dùng tệp STC.xlsx: {SAID}"


GOOD_VALUE = {"kind": VALUE, "unit_code": "Q1", "item_code": "A.2", "field": "Tử số / số lượng", "value": 12} | WHO


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        (GOOD_VALUE | {"value": None}, "QD01", "F7"),
        (GOOD_VALUE | {"item_code": None}, "QD01", "F7"),
        (FALL | {"warning": None}, "QD02", "C7"),
        ({"kind": THIS_FILE, "unit_code": "STC"} | WHO, "QD03", "G7"),
        ({"kind": DUE, "unit_code": "STC"} | WHO, "QD04", "F7"),
        (GOOD_VALUE | {"unit_code": "XX"}, "QD05", "B7"),
        (GOOD_VALUE | {"item_code": "A.3"}, "QD06", "D7"),
        (GOOD_VALUE | {"item_code": "A"}, "QD06", "D7"),
        (FALL | {"item_code": "A.1"}, "QD07", "C7"),
        (FALL | {"field": None}, "QD07", "C7"),  # two warnings: which of them?
        ({"kind": THIS_FILE, "unit_code": "STC", "file": "không có.xlsx"} | WHO, "QD07", "G7"),
        (GOOD_VALUE | {"value": "mười hai"}, "SO01", "F7"),
        (GOOD_VALUE | {"value": -1}, "SO04", "F7"),
        ({"kind": DUE, "unit_code": "STC", "value": "cuối tháng"} | WHO, "NG01", "F7"),
        (GOOD_VALUE | {"field": "Cột lạ"}, "LC01", "E7"),
        (GOOD_VALUE | {"item_code": "A", "field": "Tình hình thực hiện", "value": "Xong"}, "LC01", "F7"),
        ({"kind": "Bỏ qua", "unit_code": "STC"} | WHO, "LC01", "A7"),
        (GOOD_VALUE | {"reason": None}, "BB01", "I7"),
        (GOOD_VALUE | {"decided_by": None}, "BB01", "J7"),
        (GOOD_VALUE | {"decided_on": None}, "BB01", "K7"),
        (FALL | {"reason": None}, "BB01", "I7"),
    ],
)
def test_a_faulty_decision_is_an_issue_at_its_cell_and_has_no_effect(
    year: Year, tmp_path: Path, row: dict[str, Any], code: str, cell: str
) -> None:
    judged = Decided(year, tmp_path, [row]).judged()
    mine = judged.issues[judged.issues["file"] == DECISIONS_FILE]
    assert mine[["code", "cell", "source"]].to_numpy().tolist() == [[code, cell, -1]]
    assert (judged.issues["code"] == "LK01").sum() == 2
    figures = judged.facts.figures
    assert set(figures.loc[figures["indicator_code"] == "A.2", "reported"]) == {"Không"}
    assert figures["decision"].isna().all()


def test_the_second_of_two_decisions_on_the_same_thing_is_refused(decide: Any) -> None:
    run = decide(GOOD_VALUE, GOOD_VALUE | {"value": 13})
    assert [(row["code"], row["cell"]) for row in run.rows("Lỗi dữ liệu") if row["file"] == DECISIONS_FILE] == [
        ("QD08", "A8")
    ]
    [row] = [row for row in run.rows("Chi tiết chỉ tiêu") if (row["unit_code"], row["indicator_code"]) == ("Q1", "A.2")]
    assert row["numerator"] == 12


Q1_A1 = {"kind": VALUE, "unit_code": "Q1", "item_code": "A.1"} | WHO
VP = {"kind": VALUE, "unit_code": "VP"} | WHO
TOP, BELOW = "Tử số / số lượng", "Mẫu số"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (
            [Q1_A1 | {"field": TOP, "value": 300}, Q1_A1 | {"field": BELOW, "value": 40}],
            "lớn hơn mẫu số (40)",
        ),
        (
            [Q1_A1 | {"unit_code": "VP", "item_code": "B.1", "field": TOP, "value": 30}],
            "còn thiếu tử số hoặc mẫu số",
        ),
        (
            [
                {"kind": VALUE, "unit_code": "VP", "item_code": "B", "field": "Ngày hoàn thành", "value": "1/6/2023"}
                | WHO
            ],
            "tình hình không phải “Hoàn thành”",
        ),
    ],
)
def test_a_value_that_leaves_a_contradiction_is_asked_about(decide: Any, rows: list[Any], why: str) -> None:
    found = [row for row in decide(*rows).rows("Lỗi dữ liệu") if row["code"] == "QD09"]
    assert len(found) == len(rows)
    assert all(why in row["message"] for row in found)


def test_a_column_that_the_indicator_has_not_is_refused(decide: Any) -> None:
    run = decide(Q1_A1 | {"item_code": "A.2", "field": BELOW, "value": 5})
    assert "QD06" in [code for code, _ in run.issues()]


def test_another_units_file_cannot_be_chosen(decide: Any) -> None:
    run = decide({"kind": THIS_FILE, "unit_code": "STC", "file": "Q1.xlsx"} | WHO)
    assert "QD07" in [code for code, _ in run.issues()]


def test_a_faulty_line_stands_in_nobodys_way(decide: Any) -> None:
    more = {"kind": DUE, "unit_code": "STC", "value": "25/06/2023"}
    run = decide(more | WHO | {"decided_by": None}, more | WHO)
    assert [row["code"] for row in run.rows("Lỗi dữ liệu") if row["file"] == DECISIONS_FILE] == ["BB01"]
    rows = {row["unit_code"]: row for row in run.rows("Tình hình nộp")}
    assert rows["STC"]["timeliness"] == "Đúng hạn"


def test_warnings_that_look_alike_are_offered_and_accepted_together(year: Year, tmp_path: Path) -> None:
    run = Decided(year, tmp_path, [])
    book = openpyxl.load_workbook(run.inbox / "STC.xlsx")
    for name in ("Nháp 1", "Nháp 2"):
        book.create_sheet(name)["A1"] = 1
    book.save(run.inbox / "STC.xlsx")
    write_decisions(run.plan, "2023-Q2", run.inbox)
    [line] = [row for row in TestWorkbook().lines(run) if row["warning"] == "TT27"]
    assert "Nháp 1" in line["about"] and "Nháp 2" in line["about"]
    run.type([line | WHO])
    run.run()
    assert not {"TT27", "QD07", "QD08"} & {code for code, _ in run.issues()}


def test_every_code_of_a_decision_is_tested_here() -> None:
    source = Path(__file__).read_text("utf-8")
    assert [code for code in MESSAGES if code.startswith("QD") and f'"{code}"' not in source] == []


class TestWorkbook:
    def test_it_offers_each_open_warning_and_keeps_what_was_decided(self, year: Year, tmp_path: Path) -> None:
        run = Decided(year, tmp_path, [FALL])
        assert write_decisions(run.plan, "2023-Q2", run.inbox) == (run.inbox / DECISIONS_FILE, 2)
        rows = self.lines(run)
        assert rows[0]["reason"] == WHO["reason"]
        offered = [(row["unit_code"], row["warning"], row["item_code"], row["field"]) for row in rows[1:]]
        assert offered == [("Q1", "LK06", "A", None), ("STC", "LK01", "A.3", "Mẫu số")]
        assert all(row["about"] for row in rows[1:])
        write_decisions(run.plan, "2023-Q2", run.inbox)
        assert self.lines(run) == rows, "what waits is not listed twice"

    def lines(self, run: Decided) -> list[dict[str, Any]]:
        sheet = openpyxl.load_workbook(run.inbox / DECISIONS_FILE)[DECISIONS.sheet]
        names = [cell.value for cell in sheet[5]]
        rows = [dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=7, values_only=True)]
        return [row for row in rows if row["kind"]]

    def test_its_drop_downs_hold_the_plans_units_codes_and_the_files(self, year: Year, tmp_path: Path) -> None:
        run = Decided(year, tmp_path, [])
        book = openpyxl.load_workbook(run.inbox / DECISIONS_FILE)
        rules = {str(rule.sqref).split(":")[0]: rule for rule in book[DECISIONS.sheet].data_validations.dataValidation}
        assert DecisionKind.ACCEPT in rules["A7"].formula1
        lists = book["Danh mục"]
        words = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in lists.iter_cols()}
        assert words["Mã đơn vị"] == ["VP", "STC", "Q1", "Q2"]
        assert words["Tệp"] == ["Q1.xlsx", "STC.xlsx"]
        assert {"A", "A.1", "2023-Q2-Q1-1"} <= set(words["Mã nhiệm vụ, chỉ tiêu"])
        assert {"LK01", "LK05"} <= set(words["Mã cảnh báo"])
        assert "Sản phẩm, văn bản" in words["Cột"], "a list in the rule itself would be cut at the comma"
        assert rules["E7"].formula1.startswith("'Danh mục'!")
        told = [cell.value for row in lists.iter_rows() for cell in row if isinstance(cell.value, str)]
        assert not [text for text in told if "{" in text]
        assert "Quận Một: đã dùng" in told

    def test_the_command_says_how_many_wait_and_the_run_how_many_hold(
        self, year: Year, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run = Decided(year, tmp_path, [FALL])
        options = ["--plan", str(run.plan), "--inbox", str(run.inbox)]
        with pytest.raises(SystemExit):
            main(["decisions", "2023-Q2", *options])
        assert "2 cảnh báo chờ quyết định" in capsys.readouterr().out
        with pytest.raises(SystemExit):
            main(["quarter", "2023-Q2", *options, "--out", str(run.out)])
        assert f"Quyết định trong {DECISIONS_FILE}: 1 có hiệu lực, 2 chờ" in capsys.readouterr().out

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.4"])
    def test_one_that_cannot_be_read_stops_the_run(self, year: Year, tmp_path: Path, content: bytes) -> None:
        run = Decided(year, tmp_path, [])
        (run.inbox / DECISIONS_FILE).write_bytes(content)
        with pytest.raises(CannotRun, match=DECISIONS_FILE):
            run.run()

    def test_one_without_its_table_stops_the_run(self, year: Year, tmp_path: Path) -> None:
        run = Decided(year, tmp_path, [])
        book = openpyxl.Workbook()
        book.save(run.inbox / DECISIONS_FILE)
        with pytest.raises(CannotRun, match=DECISIONS.title):
            run.run()
