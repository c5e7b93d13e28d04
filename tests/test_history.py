"""Quarters after each other through workbooks: what a template carries, what a run compares with, read once."""

import hashlib
import shutil
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import pipeline.history
import pipeline.intake.begun
import pipeline.receive
from pipeline.errors import CannotRun
from pipeline.history import judge, read_history
from pipeline.intake.begun import Begun
from pipeline.means import PLAIN
from pipeline.run import run_period
from pipeline.sample.fill import Filling
from pipeline.take import take
from tests.support import ROOT, table_values
from tests.year_support import Year, difficulty, figure, state

STC = state("A") | state("C") | figure("A.3", 40, 100) | figure("A.1", 30, 40)
TWO = difficulty(0, task_code="A", description="Thiếu máy quét.", cause="Chưa mua.", addressed_to="Sở TC") | difficulty(
    1, task_code="C", description="Chưa có quy chế kết nối."
)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """STC raises two difficulties in quarter I, resolves the first in quarter III and ignores the other throughout;
    VP reports in quarter I only."""
    made = Year(tmp_path_factory.mktemp("year"))
    vp = state("B") | figure("B.1", 45, 100) | figure("C.1", "Có") | {("answer", "", "has_difficulty"): "Không"}
    made.send("2023-Q1", {"STC": STC | TWO, "VP": vp})
    made.send("2023-Q2", {"STC": STC | figure("A.3", 30, 100) | {("answer", "", "has_difficulty"): "Có"}}, days=2)
    closed = difficulty(0, state="Đã giải quyết")
    made.send("2023-Q3", {"STC": STC | figure("A.3", 55, 100) | closed})
    for period in ("2023-Q1", "2023-Q2", "2023-Q3"):
        assert made.run(period).failed == []
    return made


def cells(path: Path, table: str, key: str) -> dict[str, dict[str, Any]]:
    """The rows of a template's table by key, as openpyxl reads them."""
    filling = Filling(path)
    columns = filling._columns[table]
    sheet = filling.sheet(table)
    first = filling._rows[table] + 2
    rows = [
        {name: sheet.cell(row, at).value for name, at in columns.items()} for row in range(first, sheet.max_row + 1)
    ]
    return {str(row[key]): row for row in rows if row[key] is not None}


class TestTemplates:
    def test_the_first_template_carries_nothing(self, year: Year) -> None:
        folder = year.templates("2023-Q1")
        assert cells(folder / "STC.xlsx", "difficulties", "description") == {}
        assert cells(folder / "STC.xlsx", "indicators", "indicator_code")["A.3"]["previous_rate"] == "Chưa có"
        assert cells(folder / "STC.xlsx", "tasks", "task_code")["A"]["previous_result"] is None

    def test_the_third_holds_both_open_difficulties_with_their_ids(self, year: Year) -> None:
        rows = cells(year.templates("2023-Q3") / "STC.xlsx", "difficulties", "difficulty_id")
        assert {key: row["description"] for key, row in rows.items()} == {
            "2023-Q1-STC-1": "Thiếu máy quét.",
            "2023-Q1-STC-2": "Chưa có quy chế kết nối.",
        }
        first = rows["2023-Q1-STC-1"]
        assert (first["task_code"], first["cause"], first["addressed_to"]) == ("A", "Chưa mua.", "Sở TC")
        assert first["state"] is None, "the unit has to choose: silence is no answer"
        assert first["previous_state"] == "Chưa giải quyết; nêu từ Quý I năm 2023"

    def test_a_carried_row_without_an_answer_is_yellow(self, year: Year) -> None:
        sheet = openpyxl.load_workbook(year.templates("2023-Q3") / "STC.xlsx")["Khó khăn"]
        rules = {str(area.sqref): rules[0].formula for area, rules in sheet.conditional_formatting._cf_rules.items()}
        assert rules["G10:G23"] == ['AND($A10<>"",ISBLANK($G10))']

    def test_a_resolved_one_is_carried_no_more(self, year: Year) -> None:
        assert list(cells(year.templates("2023-Q4") / "STC.xlsx", "difficulties", "difficulty_id")) == ["2023-Q1-STC-2"]

    def test_last_figures_and_results_stand_beside_the_blanks(self, year: Year) -> None:
        folder = year.templates("2023-Q3")
        mine = cells(folder / "STC.xlsx", "indicators", "indicator_code")
        assert mine["A.3"]["previous_rate"] == "30 % (30/100)"
        assert cells(folder / "STC.xlsx", "tasks", "task_code")["A"]["previous_result"] == "Đang thực hiện: Kết quả A."

    def test_what_is_older_says_from_when(self, year: Year) -> None:
        folder = year.templates("2023-Q3")
        theirs = cells(folder / "VP.xlsx", "indicators", "indicator_code")
        assert theirs["B.1"]["previous_rate"] == "45 % (45/100) (Quý I)"
        assert theirs["C.1"]["previous_rate"] == "Có (Quý I)"
        assert cells(folder / "VP.xlsx", "tasks", "task_code")["B"]["previous_result"] == (
            "Đang thực hiện: Kết quả B. (Quý I)"
        )

    def test_what_is_older_says_so_where_nobody_was_heard_in_between(self, year: Year, tmp_path: Path) -> None:
        """The third quarter's submissions are gone, or not there yet."""
        made = Year(tmp_path)
        for period in ("2023-Q1", "2023-Q2"):
            shutil.copytree(year.inbox(period), made.inbox(period))
        folder = made.templates("2023-Q4")
        mine, theirs = (cells(folder / f"{unit}.xlsx", "indicators", "indicator_code") for unit in ("STC", "VP"))
        assert mine["A.3"]["previous_rate"] == "30 % (30/100) (Quý II)"
        assert theirs["C.1"]["previous_rate"] == "Có (Quý I)"
        assert cells(folder / "STC.xlsx", "tasks", "task_code")["A"]["previous_result"] == (
            "Đang thực hiện: Kết quả A. (Quý II)"
        )

    def test_a_cumulative_indicator_says_so_in_its_prompt(self, year: Year) -> None:
        sheet = openpyxl.load_workbook(year.templates("2023-Q2") / "STC.xlsx")["Chỉ tiêu"]
        rules = [(str(rule.sqref), rule.prompt) for rule in sheet.data_validations.dataValidation]
        prompts = {
            code: [text for span, text in rules if span.startswith(f"G{row}")] for code, row in (("A.1", 6), ("A.3", 7))
        }
        assert prompts["A.3"][0].startswith("SỐ LŨY KẾ TỪ ĐẦU NĂM")
        assert prompts["A.1"][0].startswith("Gõ số")


class TestDifficulties:
    def rows(self, year: Year, period: str) -> dict[str, dict[str, Any]]:
        return {row["difficulty_id"]: row for row in table_values(year.list(period), "Khó khăn")}

    def test_one_closed_one_ignored(self, year: Year) -> None:
        rows = self.rows(year, "2023-Q3")
        names = ("state", "update", "first_period", "periods_open")
        assert {key: tuple(row[name] for name in names) for key, row in rows.items()} == {
            "2023-Q1-STC-1": ("Đã giải quyết", "Có cập nhật", "Quý I", 3),
            "2023-Q1-STC-2": ("Chưa giải quyết", "Không cập nhật", "Quý I", 3),
        }

    def test_both_workbooks_show_the_same_list(self, year: Year) -> None:
        assert table_values(year.book("2023-Q3"), "Khó khăn") == table_values(year.list("2023-Q3"), "Khó khăn")

    def test_an_untouched_carried_row_does_not_explain_a_delay(self, year: Year) -> None:
        """In quarter II, STC is behind with A.3 and sent its two difficulties back as they were."""
        rows = table_values(year.list("2023-Q2"), "Cần giải trình")
        assert ("A", "STC") in {(row["task_code"], row["unit_code"]) for row in rows}


class TestComparison:
    def test_a_cumulative_figure_that_falls_is_asked_about_in_its_cell(self, year: Year) -> None:
        rows = [row for row in table_values(year.book("2023-Q2"), "Lỗi dữ liệu") if row["code"] == "LK01"]
        assert [(row["unit_code"], row["sheet"], row["typed"]) for row in rows] == [("STC", "Chỉ tiêu", "30")]
        assert rows[0]["message"].startswith("Quý I: 40, Quý II: 30.")
        sent = openpyxl.load_workbook(year.inbox("2023-Q2") / "STC.xlsx")
        assert sent[rows[0]["sheet"]][rows[0]["cell"]].value == 30
        assert (year.root / "output" / "2023-Q2" / "tra-lai" / "STC.xlsx").exists()

    def test_the_series_and_the_change_stand_beside_the_target(self, year: Year) -> None:
        row = next(row for row in table_values(year.book("2023-Q3"), "Chỉ tiêu") if row["indicator_code"] == "A.3")
        assert [row[f"value_q{n}"] for n in (1, 2, 3, 4)] == [
            pytest.approx(0.1),
            pytest.approx(0),
            pytest.approx(0.25),
            None,
        ]
        assert row["change"] == pytest.approx(0.25)
        assert row["target"] == 0.2

    def test_sparklines_are_there(self, year: Year) -> None:
        """openpyxl drops them: look at the sheet itself."""
        with zipfile.ZipFile(year.book("2023-Q3")) as archive:
            xml = archive.read("xl/worksheets/sheet3.xml").decode()
        assert xml.count("<x14:sparkline>") >= 2

    def test_what_changed_is_told(self, year: Year) -> None:
        rows = table_values(year.book("2023-Q2"), "Thay đổi")
        late = next(row for row in rows if row["reference"] == "STC")
        assert (late["before"], late["after"], late["direction"]) == ("Đúng hạn", "Trễ 2 ngày", "▼ Xấu đi")
        assert Counter(row["topic"] for row in rows)["Khó khăn"] == 2
        crossed = [row for row in table_values(year.book("2023-Q3"), "Thay đổi") if row["reference"] == "A.3"]
        assert [row["direction"] for row in crossed] == ["▲ Tốt lên"]

    def test_the_first_quarter_has_nothing_to_compare_with(self, year: Year) -> None:
        assert table_values(year.book("2023-Q1"), "Thay đổi") == [
            dict.fromkeys(table_values(year.book("2023-Q2"), "Thay đổi")[0])
            | {"topic": "Không có quý trước để so sánh; báo cáo năm không so với một quý."}
        ]

    def test_arrows_in_the_matrix(self, tmp_path: Path) -> None:
        made = Year(tmp_path)
        made.send("2023-Q1", {"STC": state("A", "Chưa triển khai") | state("C")})
        made.send("2023-Q2", {"STC": state("A") | state("C", "Chưa triển khai")})
        made.run("2023-Q2")
        sheet = openpyxl.load_workbook(made.book("2023-Q2"))["Đơn vị × Nhiệm vụ"]
        row = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "Sở Tài chính")
        assert row[3:6] == ("◐ ĐTH ★ ▲", "·", "○ CTK ★ ▼")


class TestReading:
    def test_each_period_is_received_once(self, year: Year, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        seen: Counter[str] = Counter()
        collect = pipeline.receive.collect

        def counted(inbox: Path) -> Any:
            seen[inbox.name] += 1
            return collect(inbox)

        for module in (pipeline.receive, pipeline.intake.begun):
            monkeypatch.setattr(module, "collect", counted)
        run_period(year.file, "2023-Q3", year.inbox("2023-Q3"), tmp_path / "out")
        assert seen == {"2023-Q1": 1, "2023-Q2": 1, "2023-Q3": 1}

    def test_a_run_that_fails_gives_up_what_it_began_to_read(
        self, year: Year, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        folders = tmp_path / "temporary"
        folders.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(folders))

        def fails(*_: object) -> None:
            begun.update(PLAIN.begun)
            raise CannotRun("hỏng")

        begun: dict[Path, Begun] = {}
        monkeypatch.setattr(pipeline.history, "judge", fails)
        with pytest.raises(CannotRun, match="hỏng"):
            run_period(year.file, "2023-Q3", year.inbox("2023-Q3"), tmp_path / "out")
        assert {inbox.name for inbox in begun} == {"2023-Q2", "2023-Q3"}
        assert not PLAIN.begun
        assert not list(folders.iterdir())

    def test_the_same_bytes_after_the_outputs_are_gone(self, year: Year, tmp_path: Path) -> None:
        """The record is the inputs: nothing is kept in ``output/``."""
        before = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.files(year.root / "output/2023-Q3")
        }
        run_period(year.file, "2023-Q3", year.inbox("2023-Q3"), tmp_path / "again")
        after = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in self.files(tmp_path / "again")}
        assert before == after

    def files(self, folder: Path) -> list[Path]:
        return [path for path in sorted(folder.rglob("*.xlsx")) if path.parent.name != "bieu-mau"]

    def test_an_inbox_elsewhere_finds_its_earlier_periods_beside_it(self, year: Year, tmp_path: Path) -> None:
        shutil.copytree(year.inbox("2023-Q3"), tmp_path / "hộp thư")
        alone = run_period(year.file, "2023-Q3", tmp_path / "hộp thư", tmp_path / "a")
        assert alone.report.history == ()
        (tmp_path / "2023-Q1").symlink_to(year.inbox("2023-Q1"))
        both = run_period(year.file, "2023-Q3", tmp_path / "hộp thư", tmp_path / "b")
        assert [one.period.period_code for one in both.report.history] == ["2023-Q1"]

    def test_an_ad_hoc_period_runs_as_any_other(self, year: Year) -> None:
        made = Year(year.root)
        made.send("2023-DX1", {"STC": STC | difficulty(2, task_code="A", description="Mưa bão.")})
        outcome = made.run("2023-DX1")
        shutil.rmtree(made.inbox("2023-DX1"))
        timeliness = outcome.report.assessment.timeliness.set_index("unit_code")
        assert timeliness.at["STC", "due_on"].date() == made.plan.period("2023-DX1").due_on
        rows = {row["difficulty_id"] for row in table_values(made.book("2023-DX1"), "Khó khăn")}
        assert rows == {"2023-Q1-STC-1", "2023-Q1-STC-2", "2023-DX1-STC-1"}

    def test_periods_after_are_not_history(self, year: Year) -> None:
        found = read_history(year.plan, year.plan.period("2023-Q2"), year.root / "input")
        assert [one.period.period_code for one in found] == ["2023-Q1"]


def test_the_sample_tells_a_story(tmp_path: Path, plan_2021: Any) -> None:
    run_period(ROOT / "input/2021/ke-hoach.xlsx", "2021-Q2", ROOT / "input/2021-Q2", tmp_path)
    rows = table_values(tmp_path / "tong-hop-2021-Q2.xlsx", "Thay đổi")
    assert Counter(row["topic"] for row in rows)["Nộp báo cáo"] == 5
    directions = Counter(row["direction"] for row in rows if row["topic"] == "Khó khăn")
    assert directions["√ Đã giải quyết"] == 1
    assert min(directions["□ Mới nêu"], directions["■ Còn vướng"]) >= 5
    crossed = {row["reference"]: row["direction"][0] for row in rows if row["topic"] == "Chỉ tiêu"}
    assert crossed == {"II.2.1": "▲", "II.3.3": "▼", "II.3.6": "▼", "II.5.1": "▲"}
    shown = table_values(tmp_path / "tong-hop-2021-Q2.xlsx", "Chỉ tiêu")
    assert sum(isinstance(row["change"], (int, float)) for row in shown) >= 18


@pytest.mark.parametrize(("chosen", "asked"), [("Đã giải quyết", False), ("Đang giải quyết", True), (None, True)])
def test_answering_none_fits_only_when_what_was_carried_is_resolved(
    chosen: str | None, asked: bool, tmp_path: Path
) -> None:
    made = Year(tmp_path)
    made.send("2023-Q1", {"STC": STC | difficulty(0, task_code="A", description="Thiếu máy quét.")})
    answer = difficulty(0, state=chosen) | {("answer", "", "has_difficulty"): "Không"}
    made.send("2023-Q2", {"STC": STC | answer})
    plan, period = made.plan, made.plan.period("2023-Q2")
    issues = judge(take(made.inbox("2023-Q2"), plan, period), read_history(plan, period, tmp_path / "input")).issues
    assert ("KK02" in set(issues["code"])) == asked
    assert "KK01" not in set(issues["code"])


def test_what_was_told_done_before_its_deadline_stays_done_in_time(tmp_path: Path) -> None:
    """Without a date, and said again after the deadline of 30 June; a word between that says otherwise ends it."""
    made = Year(tmp_path)
    done = state("A", "Hoàn thành")
    met = figure("A.1", 90, 90) | figure("A.3", 60, 100)
    for period in ("2023-Q2", "2023-Q3"):
        made.send(period, {"STC": done | met})
    [row] = [row for row in made.run("2023-Q3").report.assessment.statuses.itertuples() if row.task_code == "A"]
    assert (
        "báo cáo “Hoàn thành” nhưng không ghi ngày hoàn thành, đã báo như vậy từ lần tổng hợp ngày 26/06/2023"
        in row.basis
    )
    made.send("2023-Q3", {"STC": state("A")})
    made.send("2023-Q4", {"STC": done})
    [row] = [row for row in made.run("2023-Q4").report.assessment.statuses.itertuples() if row.task_code == "A"]
    assert "đã báo như vậy" not in row.basis
